//! Names of containers and volumes.

use super::{SettingProblem, of_agent};
use crate::rofs::settings::Settings;
use crate::rofs::writable_path::all_writable_paths;

/// Longest name of a container or volume that ECS takes.
const LONGEST: usize = 255;

pub(super) fn check(settings: &Settings, problems: &mut Vec<SettingProblem>) {
    for (setting, name) in
        [("container_name", &settings.container_name), ("init_container_name", &settings.init_container_name)]
    {
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(may_be_in_name) {
            problems.push(SettingProblem {
                setting,
                container: Some(name.clone()),
                summary: "Not a name of a container",
                detail: format!(
                    "`{}` is not a name of a container: 1 to {LONGEST} letters, digits, hyphens and underscores.",
                    name.escape_debug()
                ),
                fix: format!("Write it as in {setting} = \"datadog\"."),
            });
        }
    }
    if settings.container_name == settings.init_container_name {
        problems.push(of_agent(
            settings,
            "init_container_name",
            "Both containers have one name",
            format!(
                "The Agent and its init container are both called {}; names in a task definition are unique.",
                settings.container_name
            ),
            "Name them differently, or leave both names out.",
        ));
    }
    let prefix = &settings.volume_prefix;
    let longest = all_writable_paths(prefix).iter().map(|entry| entry.volume.len()).max().unwrap_or_default();
    if longest > LONGEST || !prefix.bytes().all(may_be_in_name) {
        problems.push(SettingProblem {
            setting: "volume_prefix",
            container: None,
            summary: "Not a beginning of a volume name",
            detail: format!(
                "`{}` cannot begin the name of a volume: at most {LONGEST} letters, digits, hyphens and underscores \
                 with what follows it.",
                prefix.escape_debug()
            ),
            fix: "Write it as in volume_prefix = \"datadog-\".".to_owned(),
        });
    }
}

fn may_be_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
