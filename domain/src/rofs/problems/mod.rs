//! Settings that contradict each other or that no Agent can run with.
//!
//! Judges the settings alone; what a platform refuses is its renderer's business, the whole task definition the rules', and
//! the image's version that of `agent_version`. What is not known yet is no problem.

mod api_key;
mod config_files;
mod names;
mod ports;
mod switches;
mod variables;

use std::fmt::Display;

use super::settings::Settings;

pub(crate) use api_key::looks_like_key;

/// A contradiction inside the settings. Its texts never quote the value of a variable or a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Name of the setting, dotted where it is inside a block: `health_check.interval`.
    pub setting: &'static str,
    /// The key of its entry, where the setting is a map and one entry of it is wrong.
    pub key: Option<String>,
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
pub fn problems(settings: &Settings) -> Vec<SettingProblem> {
    let mut problems = Vec::new();
    api_key::check(settings, &mut problems);
    variables::check(settings, &mut problems);
    names::check(settings, &mut problems);
    ports::check(settings, &mut problems);
    switches::check(settings, &mut problems);
    config_files::check(settings, &mut problems);
    problems
}

/// The line that sets it: `cpu = 128`, and for a setting inside a block `apm { port = 8126 }`.
pub(crate) fn line(setting: &str, value: impl Display) -> String {
    match setting.split_once('.') {
        Some((block, name)) => format!("{block} {{ {name} = {value} }}"),
        None => format!("{setting} = {value}"),
    }
}

/// A problem of the Agent container.
pub(crate) fn of_agent(
    settings: &Settings,
    setting: &'static str,
    summary: &'static str,
    detail: impl Into<String>,
    fix: impl Into<String>,
) -> SettingProblem {
    SettingProblem {
        setting,
        key: None,
        container: Some(settings.container_name.clone()),
        summary,
        detail: detail.into(),
        fix: fix.into(),
    }
}

#[cfg(test)]
mod tests;
