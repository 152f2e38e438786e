//! Every diagnostic the provider speaks, built by name, so that the wording is read and tested in one place. A file is a
//! subject; here is what belongs to any of them.

mod agent;
mod aws;
mod aws_call;
mod definitions;
mod documents;
mod ended;
mod findings;
mod foreign;
mod lifecycle;
mod live;
mod policy;
mod retention;
mod rollout;

use crate::diagnostics::Diagnostic;
use crate::value::AttributePath;

pub(super) use self::agent::*;
pub(super) use self::aws::*;
pub(super) use self::aws_call::*;
pub(super) use self::definitions::*;
pub(super) use self::documents::*;
pub(super) use self::ended::*;
pub(super) use self::findings::*;
pub(super) use self::foreign::*;
pub(super) use self::lifecycle::*;
pub(super) use self::live::*;
pub(super) use self::policy::*;
pub(super) use self::retention::*;
pub(super) use self::rollout::*;

/// Findings of one rule, or notes of one document, that are shown at most.
const MOST: usize = 100;

/// A number that has to be whole is not.
pub(super) fn not_a_whole_number(name: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a whole number",
        format!("{name} has to be a whole number within 64 bits: write it without a fraction."),
    )
    .at(at)
}

/// A choice that does not exist.
pub(super) fn not_one_of(name: &str, given: &str, choices: &[&str], at: AttributePath) -> Diagnostic {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("\"{choice}\"")).collect();
    // What is like none of them is not turned into one that may be wrong.
    let meant = match choices {
        [only] => Some(*only),
        several => (several.iter().copied())
            .map(|choice| (strsim::jaro(&choice.to_lowercase(), &given.to_lowercase()), choice))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map(|(_, choice)| choice),
    };
    let line =
        meant.map_or("Write one of them.".to_owned(), |meant| format!("Write:\n\n  {name} = \"{meant}\""));
    Diagnostic::error(
        "Unsupported value",
        format!(
            "{name} is \"{given}\", and this version of the provider knows {}. {line}",
            quoted.join(", ")
        ),
    )
    .at(at)
}

/// A resource was asked to do something before the provider was configured.
pub(super) fn not_configured(what: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider is not configured",
        format!(
            "{what} needs the provider's configuration, and Terraform has not sent it. This is a bug; please report it."
        ),
    )
}
