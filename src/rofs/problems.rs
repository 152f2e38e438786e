//! Settings that contradict each other or that no Agent can run with.
//!
//! Judges the settings alone; the whole task definition is the rules' business.

use super::settings::Settings;

/// A contradiction inside the settings. Its texts never quote the value of a variable or a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Name of the setting, dotted where it is inside a block: `health_check.interval`.
    pub setting: &'static str,
    /// Name of the container it would end up in.
    pub container: Option<String>,
    /// What is wrong, in a few words.
    pub summary: &'static str,
    /// What was found and why it matters.
    pub detail: String,
    /// What to write instead.
    pub fix: String,
}

/// Everything wrong with the settings, all at once.
pub fn problems(_settings: &Settings) -> Vec<SettingProblem> {
    Vec::new()
}
