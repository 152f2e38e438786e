//! The Agent's variables, secrets and tags. Values are never quoted.

use std::collections::BTreeMap;

use super::api_key::looks_like_key;
use super::{SettingProblem, of_agent};
use crate::rofs::assemble;
use crate::rofs::platform::marker;
use crate::rofs::settings::{Settings, Text};
use crate::rofs::sites::{self, SITES, Site};
use crate::rofs::variables::{
    DD_API_KEY, DD_DISABLE_FILE_LOGGING, ENTRYPOINT, WRITTEN_PATHS, named_setting, owning_setting,
};
use crate::rofs::workload::Role;
use crate::rofs::writable_path::writable_paths;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for name in settings.environment.keys().filter(|name| settings.secrets.contains_key(*name)) {
        problems.push(of_agent(
            settings,
            "environment",
            "Variable is in environment and in secrets",
            format!("{name} is in both; a container has one value of a name."),
            format!("Remove {name} from one of them."),
        ));
    }
    for (setting, names) in [
        ("environment", settings.environment.keys().collect::<Vec<_>>()),
        ("secrets", settings.secrets.keys().collect()),
    ] {
        for name in names {
            problems.extend(unusable_name(settings, setting, name));
        }
    }
    // Assembling a second time is for settings that say something about variables; most say nothing.
    let says_nothing = settings.environment.is_empty() && settings.secrets.is_empty();
    let pattern = if says_nothing { BTreeMap::new() } else { pattern_values(settings) };
    for (name, value) in &settings.environment {
        problems.extend(owned(settings, name, value, pattern.get(name)));
        problems.extend(key_in_plain_text(settings, name, value));
        problems.extend(unwritable_path(settings, name, value));
    }
    let variables = settings.environment.iter().map(|(name, value)| ("environment", name, Some(value)));
    for (list, name, value) in variables.chain(settings.secrets.keys().map(|name| ("secrets", name, None))) {
        problems.extend(said_twice(settings, list, name, value, pattern.get(name)));
    }
    for name in settings.secrets.keys().filter(|name| *name != DD_API_KEY) {
        if let Some(owner) = owning_setting(name) {
            let of_another = of_another_platform(settings, "secrets", name);
            problems.push(of_another.unwrap_or_else(|| {
                of_agent(
                    settings,
                    "secrets",
                    "Secret replaces a variable of the pattern",
                    format!(
                        "{name} follows from `{owner}`, and mounts, ports and the application's wiring with it."
                    ),
                    format!("Remove {name} from `secrets` and set `{owner}`."),
                )
            }));
        }
    }
    tags(settings, problems);
    site(settings, problems);
}

/// What the pattern sets by itself.
fn pattern_values(settings: &Settings) -> BTreeMap<String, Text> {
    let bare = Settings { environment: BTreeMap::new(), secrets: BTreeMap::new(), ..settings.clone() };
    let workload = assemble(&bare);
    let agent = workload.containers.into_iter().find(|container| container.role == Role::Agent);
    agent.map(|agent| agent.environment).unwrap_or_default()
}

fn unusable_name(settings: &Settings, setting: &'static str, name: &str) -> Option<SettingProblem> {
    if name == ENTRYPOINT {
        return Some(of_agent(
            settings,
            setting,
            "ENTRYPOINT starts another program",
            "The image's entry point runs the program that the variable ENTRYPOINT names instead of the Agent, or \
             fails if it has none of that name.",
            format!("Remove ENTRYPOINT from `{setting}`."),
        ));
    }
    (name.is_empty() || name.contains(['=', '\0']) || name.contains(char::is_whitespace)).then(|| {
        of_agent(
            settings,
            setting,
            "Not a name of a variable",
            format!(
                "`{}` in `{setting}` is empty or contains a space or an equals sign.",
                name.escape_debug()
            ),
            "Write the variable's name alone.",
        )
    })
}

/// A variable that a setting owns, with another value than the setting gives it.
fn owned(settings: &Settings, name: &str, value: &Text, pattern: Option<&Text>) -> Option<SettingProblem> {
    let words = settings.platform.words();
    if name == DD_API_KEY {
        return Some(of_agent(
            settings,
            "environment",
            "API key in plain text",
            format!(
                "DD_API_KEY is in `environment` (its value is not shown here). {} could read the key.",
                words.readers
            ),
            words.key_is_moved,
        ));
    }
    let owner = owning_setting(name)?;
    if let Some(problem) = of_another_platform(settings, "environment", name) {
        return Some(problem);
    }
    let Text::Known(known) = value else { return None };
    if pattern == Some(value)
        || (name == DD_DISABLE_FILE_LOGGING && settings.file_logging && known == "false")
    {
        return None;
    }
    let why = match (marker(name), name) {
        (Some(marker), _) => marker.otherwise,
        (None, DD_DISABLE_FILE_LOGGING) => "the volume for log files is mounted by that setting",
        _ => "mounts, ports and the application's wiring follow from it",
    };
    Some(of_agent(
        settings,
        "environment",
        "Variable contradicts a setting",
        format!("{name} is in `environment` with another value than `{owner}` gives it; {why}."),
        format!("Remove {name} from `environment` and set `{owner}`."),
    ))
}

/// A variable that marks another platform, about which no setting of this one decides.
fn of_another_platform(settings: &Settings, list: &'static str, name: &str) -> Option<SettingProblem> {
    let marker = marker(name).filter(|marker| !settings.platform.decides(marker))?;
    Some(of_agent(
        settings,
        list,
        "Variable of another platform",
        format!(
            "{name} is in `{list}`, and by it the Agent takes this for another platform: {}.",
            marker.otherwise
        ),
        format!("Remove {name} from `{list}`."),
    ))
}

/// A variable that a setting is another way to write, where both are written on one level and say different things.
fn said_twice(
    settings: &Settings,
    list: &'static str,
    name: &str,
    value: Option<&Text>,
    pattern: Option<&Text>,
) -> Option<SettingProblem> {
    let setting = named_setting(name)?;
    let written = &settings.written;
    let variable = format!("{list}.{name}");
    let is_layered =
        written.is_overridden_by(&variable, setting) || written.is_overridden_by(setting, &variable);
    let is_default = setting == "site" && !written.is_anywhere("site");
    let is_open = value == Some(&Text::Unknown) || pattern == Some(&Text::Unknown);
    if pattern.is_none() || pattern == value || is_layered || is_default || is_open {
        return None;
    }
    Some(of_agent(
        settings,
        list,
        "Variable and setting say different things",
        format!("{name} is in `{list}`, and `{setting}` gives it another value; a variable has one."),
        format!("Remove {name} from `{list}`, or remove `{setting}`."),
    ))
}

fn key_in_plain_text(settings: &Settings, name: &str, value: &Text) -> Option<SettingProblem> {
    let Text::Known(value) = value else { return None };
    let is_key = name == "DD_APP_KEY" || (name.ends_with("_KEY") && looks_like_key(value));
    (is_key && name != DD_API_KEY && !value.is_empty()).then(|| {
        of_agent(
            settings,
            "environment",
            "Key in plain text",
            format!(
                "{name} is in `environment` (its value is not shown here). {} could read it.",
                settings.platform.words().readers
            ),
            format!("Move {name} to `secrets` with {}.", settings.platform.words().secret),
        )
    })
}

/// A file or directory of the Agent's outside what is writable.
fn unwritable_path(settings: &Settings, name: &str, value: &Text) -> Option<SettingProblem> {
    let Text::Known(path) = value else { return None };
    if !WRITTEN_PATHS.contains(&name) || path.is_empty() {
        return None;
    }
    let writable = writable_paths(settings);
    let inside =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let climbs = path.split('/').any(|step| step == "..");
    (climbs || !writable.iter().any(|entry| inside(entry.path))).then(|| {
        let roots: Vec<_> = writable.iter().map(|entry| entry.path).collect();
        of_agent(
            settings,
            "environment",
            "Path of the Agent outside its writable directories",
            format!("{name} names a place on the read-only root, where the Agent cannot write."),
            format!("Give {name} a path below {}, or remove it.", roots.join(", ")),
        )
    })
}

/// The Agent reads its tags from one variable, separated by spaces or commas.
fn tags(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let splits = |text: &str| text.contains(',') || text.contains(char::is_whitespace);
    for (key, value) in &settings.tags {
        let value_splits = matches!(value, Text::Known(value) if splits(value) || value.is_empty());
        if key.is_empty() || splits(key) || value_splits {
            problems.push(of_agent(
                settings,
                "tags",
                "Tag that would fall apart",
                format!(
                    "The tag `{}` has an empty key or value, or a space or comma in one. The Agent reads tags from one \
                     list that is split there.",
                    key.escape_debug()
                ),
                "Write keys and values without spaces and commas, such as an underscore in their place.",
            ));
        }
    }
}

/// What can be no site. A domain that nobody knows may be a new site, so the rule datadog-site-unknown warns of it.
fn site(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    let Some(Text::Known(site)) = &settings.site else { return };
    let meant = match sites::site(site) {
        Site::Around(meant) => meant,
        Site::NoDomain => SITES[0],
        Site::Known | Site::NearlyKnown(_) | Site::Unknown => return,
    };
    problems.push(of_agent(
        settings,
        "site",
        "Not a site",
        "The site is a bare domain; with quotes, a scheme, a path, spaces or the host of a web page in it, and by its name \
         alone, the Agent sends to an intake that does not exist.",
        format!("Write it as in site = \"{meant}\"."),
    ));
}
