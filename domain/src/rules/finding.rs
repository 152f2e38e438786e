//! What a rule found.

use time::Date;

use crate::document::Path;

use super::fix::{Fix, Form, Json};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// ECS would reject it, the Agent would not start, or data would be lost: the plan stops.
    Error,
    /// It will bite this deployment, or it is only believed to be an error: shown.
    Warning,
    /// What an auditor would say and no deployment suffers from: in reports and attributes, no diagnostic of a plan.
    Note,
}

/// One thing that is wrong, with its place and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where in the task definition document.
    pub path: Path,
    /// Name of the container it is about.
    pub container: Option<String>,
    /// What is wrong, a few words, no value in it.
    pub summary: &'static str,
    /// What the sentence is about, such as `Container "app"`; none where it names that itself.
    pub subject: Option<String>,
    /// What was found and why it matters, behind the subject, naming volume and path. Never a secret's value.
    pub says: String,
    /// What to change.
    pub fix: Fix,
    /// Security Hub control that fails, such as `ECS.5`.
    pub control: Option<&'static str>,
    /// Who lets it pass. A waived finding is a warning at most, whatever it is without its waiver.
    pub waiver: Option<Waived>,
    /// Whether a sidecar of the pattern has to be so: `accept_sidecars` accepts it, and nobody can mend it.
    pub of_pattern: bool,
    /// Whether it was accepted so. An accepted finding is a note, whatever it is otherwise.
    pub accepted: bool,
}

impl Finding {
    /// What was found and why it matters, in full sentences.
    pub fn detail(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{subject} {}", self.says),
            None => self.says.clone(),
        }
    }

    /// What to change, in full sentences, as JSON is written.
    pub fn fix_text(&self) -> String {
        self.fix_in(&Json)
    }

    /// What to change, in full sentences, with the lines to write in this form.
    pub fn fix_in(&self, form: &dyn Form) -> String {
        self.fix.text(form, &self.path)
    }

    /// Whether somebody lets it pass.
    pub fn is_let_pass(&self) -> bool {
        self.accepted || self.waiver.is_some()
    }

    /// What it says, but for the name of its container: findings that agree in it are told once, with all their places.
    pub fn said(&self) -> (&'static str, &'static str, String, String) {
        let nameless = |text: &str| match &self.container {
            Some(container) => text.replace(&format!("\"{container}\""), "\"\""),
            None => text.to_owned(),
        };
        (self.rule, self.severity_word(), nameless(&self.says), nameless(&self.fix_text()))
    }

    /// The word that the `findings` attribute shows.
    pub fn severity_word(&self) -> &'static str {
        match (&self.waiver, self.severity) {
            _ if self.accepted => "accepted",
            (Some(_), _) => "waived",
            (None, Severity::Error) => "error",
            (None, Severity::Warning) => "warning",
            (None, Severity::Note) => "note",
        }
    }
}

/// Who lets a finding pass, why and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// Who answers for it.
    pub owner: String,
    /// Why it may pass.
    pub reason: String,
    /// The last day on which it may.
    pub until: Date,
}

impl Waived {
    /// What stands behind the detail of a waived finding.
    pub(super) fn sentences(&self, without_waiver: Severity) -> String {
        let Waived { owner, reason, until } = self;
        let again = match without_waiver {
            Severity::Error => "an error",
            Severity::Warning => "a warning",
            Severity::Note => "a note",
        };
        format!(
            " Waived by {owner} until {until}, that day included, because: \"{reason}\". After that day it is {again} again."
        )
    }

    /// What stands behind the detail of a finding whose waiver is over.
    pub(super) fn obituary(&self) -> String {
        format!(" The waiver of {} ended on {}.", self.owner, self.until)
    }
}
