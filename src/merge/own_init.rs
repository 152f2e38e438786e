//! An init container of the user's own: it fills the Agent's configuration volume, and the Agent has to wait for it.
//!
//! One that fills the volume is told by its command, which names the image's directory, copies and ends. Whoever does
//! something else with the volume may run as long as the task, and an Agent that waited for its end would never start.

use super::draft::Draft;
use super::mounted::{Mounted, mounted_at};
use crate::document::Node;
use crate::document::container_path::normalized;
use crate::rofs::writable_path::CONFIG;

/// Programs that copy a directory.
const COPIES: [&str; 4] = ["cp", "rsync", "tar", "cpio"];
/// Words of a script that may go on for as long as the task: those of loops, and programs that wait.
const MAY_STAY: [&str; 8] = ["while", "until", "exec", "tail", "watch", "inotifywait", "crond", "infinity"];

/// The position of the init container that fills the configuration volume of an Agent, if there is one; none while that
/// cannot be told.
pub(super) fn find(draft: &Draft<'_>, agent: usize) -> Option<Option<usize>> {
    let volume = match mounted_at(&draft.items[agent].definition, draft.definitions(), CONFIG) {
        Mounted::Volume { name: Some(name), .. } => name,
        Mounted::Undecided => return None,
        _ => return Some(None),
    };
    for (index, item) in draft.items.iter().enumerate() {
        if index != agent && item.name().is_some() && fills(&item.definition, &volume)? {
            return Some(Some(index));
        }
    }
    Some(None)
}

/// Makes sure that an init container may end, and tells its name: the end of an essential container ends the task, and
/// ECS takes one that does not say for essential.
pub(super) fn let_it_end(draft: &mut Draft<'_>, index: usize) -> String {
    let item = &mut draft.items[index];
    let name = item.name().unwrap_or_default().to_owned();
    if let Some(mut joiner) = item.joiner(&mut draft.log) {
        joiner.member("essential", &false.into());
    }
    name
}

/// Whether a container copies the image's configuration to a volume and ends; none while that cannot be told.
fn fills(definition: &Node, volume: &str) -> Option<bool> {
    let essential = definition.get("essential");
    let may_end = (!essential.is_unknown()).then(|| essential.as_bool() != Some(true));
    let parts = [definition.get("entryPoint"), definition.get("command")];
    let copies = parts.iter().all(|part| part.is_wholly_known()).then(|| {
        let words = parts.into_iter().flat_map(Node::items).filter_map(Node::as_str);
        copies_and_ends(&words.collect::<Vec<_>>().join(" "))
    });
    let answers = [may_end, copies, may_write_beside(definition, volume)];
    // One no is enough, whatever else is not known yet.
    if answers.contains(&Some(false)) {
        Some(false)
    } else {
        answers.iter().all(Option::is_some).then_some(true)
    }
}

/// Whether a container can write to a volume, which does not lie over the directory that is to be copied.
fn may_write_beside(definition: &Node, volume: &str) -> Option<bool> {
    let mounts = definition.get("mountPoints");
    let is_there = |mount: &&Node| {
        mount.get("sourceVolume").as_str() == Some(volume)
            && mount.get("readOnly").as_bool() != Some(true)
            && mount.get("containerPath").as_str().is_some_and(|path| normalized(path) != CONFIG)
    };
    if mounts.items().iter().any(|mount| is_there(&mount)) {
        return Some(true);
    }
    mounts.is_wholly_known().then_some(false)
}

/// Whether a command names the configuration's directory, copies and ends.
fn copies_and_ends(command: &str) -> bool {
    let of_words = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
    let words = || command.split(|letter| !of_words(letter)).filter(|word| !word.is_empty());
    let program = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    command.contains(CONFIG)
        && words().any(|word| COPIES.contains(&program(word).as_str()))
        && !words().any(|word| MAY_STAY.contains(&program(word).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::tests::node;

    #[test]
    fn a_command_that_copies_the_directory_and_ends_is_told_from_others() {
        for command in [
            "sh -c cp -RPpf /etc/datadog-agent/. /config/",
            "/bin/cp -r /etc/datadog-agent /config",
            "sh -c 'tar -C /etc/datadog-agent -c . | tar -C /config -x; sleep 2'",
        ] {
            assert!(copies_and_ends(command), "{command}");
        }
        for command in [
            "",
            "trace-agent --config /etc/datadog-agent/datadog.yaml",
            "sh -c cp -r /seed/. /config",
            "sh -c cp -r /etc/datadog-agent/. /config && sleep infinity",
            "sh -c while true; do cp -r /etc/datadog-agent/. /config; sleep 5; done",
            "sh -c cp -r /etc/datadog-agent/. /config && exec crond -f",
        ] {
            assert!(!copies_and_ends(command), "{command}");
        }
    }

    fn filled(parts: serde_json::Value) -> Option<bool> {
        let mut init = serde_json::json!({
            "name": "init", "essential": false, "command": ["cp", "-r", "/etc/datadog-agent", "/c"],
            "mountPoints": [{ "sourceVolume": "conf", "containerPath": "/c" }]
        });
        init.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
        fills(&node(init), "conf")
    }

    #[test]
    fn who_fills_the_volume_may_end_and_writes_beside_the_directory() {
        assert_eq!(filled(serde_json::json!({})), Some(true));
        assert_eq!(filled(serde_json::json!({ "essential": null })), Some(true));
        assert_eq!(filled(serde_json::json!({ "essential": true })), Some(false));
        for mount in [
            serde_json::json!({ "sourceVolume": "conf", "containerPath": "/c", "readOnly": true }),
            serde_json::json!({ "sourceVolume": "other", "containerPath": "/c" }),
            serde_json::json!({ "sourceVolume": "conf", "containerPath": "/etc/datadog-agent/" }),
        ] {
            assert_eq!(filled(serde_json::json!({ "mountPoints": [mount] })), Some(false), "{mount}");
        }
        for (key, value) in [
            ("essential", serde_json::json!("?")),
            ("command", serde_json::json!("?")),
            ("mountPoints", serde_json::json!("?")),
        ] {
            assert_eq!(filled(serde_json::json!({ key: value })), None, "{key}");
        }
    }
}
