//! What is mounted at a path of a container: by its mount points, by those it takes from other containers, as tmpfs.

use super::joiner::{Lookup, look_up};
use crate::document::Node;

/// What is mounted at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mounted {
    Nothing,
    /// The volume of that name; none where the mount names none.
    Volume {
        name: Option<String>,
        read_only: bool,
    },
    Tmpfs {
        read_only: bool,
    },
    /// Somebody has to know more to tell.
    Undecided,
}

/// What is mounted at the path in a container, the others being there to take volumes from.
pub(super) fn mounted_at<'a>(
    definition: &Node,
    others: impl Iterator<Item = &'a Node> + Clone,
    path: &str,
) -> Mounted {
    let own = by_mount_points(definition, path);
    if own != Mounted::Nothing {
        return own;
    }
    let parameters = definition.get("linuxParameters");
    match look_up(Some(parameters.get("tmpfs")), "containerPath", path) {
        Lookup::Found(tmpfs) if !tmpfs.get("mountOptions").is_wholly_known() => return Mounted::Undecided,
        Lookup::Found(tmpfs) => {
            let options = tmpfs.get("mountOptions").items();
            return Mounted::Tmpfs { read_only: options.iter().any(|option| option.as_str() == Some("ro")) };
        }
        Lookup::Undecided => return Mounted::Undecided,
        Lookup::Absent => {}
    }
    inherited(definition, others, path)
}

fn by_mount_points(definition: &Node, path: &str) -> Mounted {
    match look_up(Some(definition.get("mountPoints")), "containerPath", path) {
        Lookup::Absent => Mounted::Nothing,
        Lookup::Undecided => Mounted::Undecided,
        Lookup::Found(mount) => {
            if mount.get("sourceVolume").is_unknown() || mount.get("readOnly").is_unknown() {
                return Mounted::Undecided;
            }
            Mounted::Volume {
                name: mount.get("sourceVolume").as_str().map(str::to_owned),
                read_only: mount.get("readOnly").as_bool().unwrap_or(false),
            }
        }
    }
}

fn inherited<'a>(definition: &Node, others: impl Iterator<Item = &'a Node> + Clone, path: &str) -> Mounted {
    let sources = definition.get("volumesFrom");
    if !sources.is_wholly_known() {
        return Mounted::Undecided;
    }
    for source in sources.items() {
        let Some(name) = source.get("sourceContainer").as_str() else { continue };
        let other = others.clone().find(|other| other.get("name").as_str() == Some(name));
        let Some(other) = other else {
            if others.clone().any(|other| other.get("name").is_unknown()) {
                return Mounted::Undecided;
            }
            continue;
        };
        let all_read_only = source.get("readOnly").as_bool().unwrap_or(false);
        match by_mount_points(other, path) {
            Mounted::Nothing => {}
            Mounted::Volume { name, read_only } => {
                return Mounted::Volume { name, read_only: read_only || all_read_only };
            }
            undecided => return undecided,
        }
    }
    Mounted::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::tests::node;

    fn at(definition: serde_json::Value) -> Mounted {
        let other = node(serde_json::json!({
            "name": "other", "mountPoints": [{ "sourceVolume": "o", "containerPath": "/tmp" }]
        }));
        mounted_at(&node(definition), [&other].into_iter(), "/tmp")
    }

    fn volume(name: &str, read_only: bool) -> Mounted {
        Mounted::Volume { name: Some(name.to_owned()), read_only }
    }

    #[test]
    fn every_way_of_mounting_is_seen() {
        for (definition, expected) in [
            (serde_json::json!({}), Mounted::Nothing),
            (
                serde_json::json!({ "mountPoints": [{ "sourceVolume": "v", "containerPath": "/tmp/" }] }),
                volume("v", false),
            ),
            (
                serde_json::json!({ "volumesFrom": [{ "sourceContainer": "other", "readOnly": true }] }),
                volume("o", true),
            ),
            (
                serde_json::json!({ "linuxParameters": { "tmpfs": [
                    { "containerPath": "/tmp", "size": 1, "mountOptions": ["ro"] }] } }),
                Mounted::Tmpfs { read_only: true },
            ),
        ] {
            assert_eq!(at(definition), expected);
        }
    }

    #[test]
    fn what_is_not_known_yet_leaves_it_open() {
        for definition in [
            serde_json::json!({ "mountPoints": "?" }),
            serde_json::json!({ "mountPoints": [{ "sourceVolume": "?", "containerPath": "/tmp" }] }),
            serde_json::json!({ "linuxParameters": "?" }),
            serde_json::json!({ "volumesFrom": "?" }),
        ] {
            assert_eq!(at(definition.clone()), Mounted::Undecided, "{definition}");
        }
    }
}
