//! Mistakes in a policy, in sentences that say what to write.

use crate::ecs::shapes::nearest;

use super::super::CATALOGUE;
use super::{UNMET_BY_SIDECARS, controls};

/// An entry of a policy that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// No rule has this name.
    #[error("No rule has the name \"{name}\".{}", did_you_mean(*.meant))]
    UnknownRule {
        /// The name.
        name: String,
        /// The rule that was most likely meant.
        meant: Option<&'static str>,
    },
    /// No rule belongs to this control.
    #[error(
        "No rule of this version belongs to a control \"{name}\", so enforcing it would change nothing. There are rules for {}.",
        controls().join(", ")
    )]
    UnknownControl {
        /// The name.
        name: String,
    },
    /// The sidecars meet this control, or there is none of the name.
    #[error(
        "accept_sidecars accepts what the provider's own sidecars cannot meet of a control. That is so of {} alone, and \"{name}\" is \
         another.",
        UNMET_BY_SIDECARS.join(", ")
    )]
    NothingToAccept {
        /// The name.
        name: String,
    },
    /// A severity in another word than the four.
    #[error(
        "The severity of {rule} is \"{given}\". Write one of four words:\n\n  \"error\" stops the plan\n  \"warning\" shows \
         the finding in the plan\n  \"note\" keeps it in the attribute findings and in reports\n  \"off\" leaves it out"
    )]
    NotASeverity {
        /// The rule it is given to.
        rule: String,
        /// The word.
        given: String,
    },
    /// The last day of a waiver is no day.
    #[error(
        "\"{given}\" is not a date. Write the last day on which the waiver holds as year, month and day:\n\n  expires = \
         \"2027-03-31\""
    )]
    NotADate {
        /// What is written.
        given: String,
    },
    /// An entry of `allow_keys` that cannot be a key.
    #[error(
        "\"{given}\" is not a key of a task definition. Write its name, or its path without positions:\n\n  allow_keys = \
         [\"containerDefinitions.newKey\"]"
    )]
    NotAKey {
        /// What is written.
        given: String,
    },
    /// A waiver that does not say why, or whose it is.
    #[error(
        "A waiver says why the finding may pass and who answers for it, so that somebody can be asked when it ends. Here \
         the {part} is missing:\n\n  {part} = \"...\""
    )]
    Blank {
        /// The argument.
        part: &'static str,
    },
}

impl PolicyProblem {
    pub(super) fn unknown_rule(name: &str) -> Self {
        let meant = nearest(name, CATALOGUE.iter().map(|rule| rule.name));
        PolicyProblem::UnknownRule { name: name.to_owned(), meant }
    }

    /// What is wrong, a few words.
    pub fn summary(&self) -> &'static str {
        match self {
            PolicyProblem::UnknownRule { .. } => "No such rule",
            PolicyProblem::UnknownControl { .. } => "No such control",
            PolicyProblem::NothingToAccept { .. } => "Nothing to accept",
            PolicyProblem::NotASeverity { .. } => "No such severity",
            PolicyProblem::NotADate { .. } => "Not a date",
            PolicyProblem::NotAKey { .. } => "Not a key",
            PolicyProblem::Blank { .. } => "Incomplete waiver",
        }
    }
}

fn did_you_mean(meant: Option<&str>) -> String {
    meant.map(|meant| format!(" Did you mean \"{meant}\"?")).unwrap_or_default()
}
