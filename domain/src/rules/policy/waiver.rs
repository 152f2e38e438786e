//! Waivers: findings that somebody answers for until a date.

use time::Date;
use time::macros::format_description;

use crate::rofs::settings::Text;

use super::super::finding::{Finding, Waived};
use super::PolicyProblem;

/// A finding that is let pass. Every part may be known only at apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Name of the rule.
    pub rule: Text,
    /// Name of the container; none for every container and the task itself.
    pub container: Option<Text>,
    /// Why it may pass.
    pub reason: Text,
    /// Who answers for it.
    pub owner: Text,
    /// The last day on which it may; none while that is not known.
    pub expires: Option<Date>,
}

impl Waiver {
    /// A waiver of which everything is known.
    pub fn known(rule: &str, container: Option<String>, reason: &str, owner: &str, expires: Date) -> Self {
        let text = |text: &str| Text::Known(text.to_owned());
        let container = container.map(Text::Known);
        Self { rule: text(rule), container, reason: text(reason), owner: text(owner), expires: Some(expires) }
    }

    /// Reads the last day of a waiver, written as YYYY-MM-DD.
    pub fn parse_expires(written: &str) -> Result<Date, PolicyProblem> {
        let is_plain = written.starts_with(|first: char| first.is_ascii_digit());
        Date::parse(written, format_description!("[year]-[month]-[day]"))
            .ok()
            .filter(|_| is_plain)
            .ok_or_else(|| PolicyProblem::NotADate { given: written.to_owned() })
    }

    /// The name of the rule, for a sentence.
    pub fn rule_name(&self) -> &str {
        known(&self.rule).unwrap_or("a rule that is not known yet")
    }

    /// Whether a finding is of this waiver's rule and container; none while nobody knows.
    pub(super) fn covers(&self, finding: &Finding) -> Option<bool> {
        let rule = known(&self.rule).map(|rule| rule == finding.rule);
        let container = match &self.container {
            None => Some(true),
            Some(name) => known(name).map(|name| finding.container.as_deref() == Some(name)),
        };
        match (rule, container) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Whether no part of it is still to come.
    pub(super) fn is_wholly_known(&self) -> bool {
        let texts = [Some(&self.rule), self.container.as_ref(), Some(&self.reason), Some(&self.owner)];
        self.expires.is_some() && !texts.contains(&Some(&Text::Unknown))
    }

    /// The name of the rule, once nothing of the waiver is still to come.
    pub(super) fn known_rule(&self) -> Option<&str> {
        known(&self.rule).filter(|_| self.is_wholly_known())
    }

    /// What it says, once all of that is known.
    pub(super) fn words(&self) -> Option<Waived> {
        Some(Waived {
            owner: known(&self.owner)?.to_owned(),
            reason: known(&self.reason)?.to_owned(),
            until: self.expires?,
        })
    }
}

fn known(text: &Text) -> Option<&str> {
    match text {
        Text::Known(text) => Some(text),
        Text::Unknown => None,
    }
}
