//! What a rule found.

use crate::document::Path;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// ECS would reject it, the Agent would not start, or data would be lost: the plan stops.
    Error,
    /// Policy, or something that is only believed: shown.
    Warning,
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
    /// What was found and why it matters, naming container, volume and path. Never a secret's value.
    pub detail: String,
    /// What to change, with the line to write.
    pub fix: String,
    /// Security Hub control that fails, such as `ECS.5`.
    pub control: Option<&'static str>,
}
