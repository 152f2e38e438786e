//! THE CATALOGUE: what can be wrong in a task definition. One rule a file; file name = rule name = page anchor.
//!
//! Pure: a rule sees documents and the pattern, never Terraform or AWS.

mod finding;
mod reading;
mod rule;

mod api_key_in_plaintext;
mod dependency_target_missing;
mod duplicate_container_name;
mod mount_without_volume;
mod placeholder_left;
mod required_key_missing;
mod root_filesystem_writable;
mod success_on_essential_container;
mod unknown_key;
mod wrong_enum_value;
mod wrong_type;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Severity};
pub use reading::{Container, Task};
pub use rule::{Answer, Evidence, Example, Found, Platform, Rule, Status, Subject};

/// Every rule, in the order of the names. A rule that is not here does not run.
pub static CATALOGUE: &[&Rule] = &[
    &api_key_in_plaintext::RULE,
    &dependency_target_missing::RULE,
    &duplicate_container_name::RULE,
    &mount_without_volume::RULE,
    &placeholder_left::RULE,
    &required_key_missing::RULE,
    &root_filesystem_writable::RULE,
    &success_on_essential_container::RULE,
    &unknown_key::RULE,
    &wrong_enum_value::RULE,
    &wrong_type::RULE,
];

/// What all rules together say about a task definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Everything that is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// Names of the rules that met a value they need and that is not known yet.
    pub undecided: Vec<&'static str>,
}

/// Runs every rule.
pub fn judge(subject: &Subject<'_>) -> Judgement {
    let task = Task::read(subject);
    let mut judgement = Judgement::default();
    for rule in CATALOGUE {
        let answer = rule.judge(&task);
        judgement.findings.extend(answer.findings);
        if answer.undecided {
            judgement.undecided.push(rule.name);
        }
    }
    judgement.findings.sort_by(|one, other| (&one.path, one.rule).cmp(&(&other.path, other.rule)));
    judgement
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.name == name)
}

/// What almost every rule file uses.
mod prelude {
    pub(super) use super::finding::Severity;
    pub(super) use super::reading::{Flaw, Image, Problem, Task};
    pub(super) use super::rule::{Evidence, Example, Found, Platform, Rule, Status};
    pub(super) use crate::document::Node;
    pub(super) use crate::document::shapes::nearest;
}
