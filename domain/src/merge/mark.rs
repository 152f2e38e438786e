//! The mark that hardening leaves in a container and stripping reads: a Docker label that names what was added.
//!
//! Names only, never values. A label, because it is the one place in a container definition that ECS keeps, that changes
//! nothing in the container, and that travels wherever the definition is copied to.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::container_path::normalized;
use crate::document::{Node, Object, parse, to_json};
use crate::ordered::ordered;

/// The label.
pub const LABEL: &str = "ddrofs.hardened";

/// What was added to a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// The container itself: it is a sidecar.
    pub(super) whole: bool,
    /// Names of variables.
    pub(super) environment: BTreeSet<String>,
    /// Names of secrets.
    pub(super) secrets: BTreeSet<String>,
    /// Mounted paths with the volume at each.
    pub(super) mounts: BTreeMap<String, String>,
    /// Names of the containers it was made to wait for.
    pub(super) dependencies: BTreeSet<String>,
    /// Names of the containers whose success it was made to wait for, with the condition that was there; empty for none.
    pub(super) conditions: BTreeMap<String, String>,
    /// Names of labels, this one not among them.
    pub(super) labels: BTreeSet<String>,
    /// Paths of tmpfs.
    pub(super) tmpfs: BTreeSet<String>,
    /// Ports that were mapped, such as `8126/tcp`.
    pub(super) ports: BTreeSet<String>,
    /// Keys of the definition that were added whole.
    pub(super) members: BTreeSet<String>,
    /// What `readonlyRootFilesystem` was before it became true.
    pub(super) root_before: Option<RootBefore>,
    /// Volumes of the task that were added for this container.
    pub(super) volumes: BTreeSet<String>,
    /// Of those volumes the ones that somebody mounted already, though nobody had declared them: by whom and where
    /// (see [`mount_of`]). Such a mount is no reason to keep the volume.
    pub(super) mounted_before: BTreeMap<String, BTreeSet<String>>,
}

/// A mount point of a container at a path, in the words of a mark.
pub(super) fn mount_of(definition: &Node, path: &Node) -> String {
    let container = definition.get("name").as_str().unwrap_or_default();
    format!("{container}:{}", normalized(path.as_str().unwrap_or_default()))
}

/// What `readonlyRootFilesystem` was before it became true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RootBefore {
    /// Not written.
    Unsaid,
    /// Written as false.
    Writable,
}

/// What a container says of an earlier hardening.
pub(super) enum Found {
    /// Nothing.
    None,
    /// This.
    Mark(Box<Mark>),
    /// Something that this version cannot read, or that somebody else wrote there.
    Foreign,
    /// The label or what it says is not known yet.
    Unknown,
}

impl Mark {
    /// The mark of a container definition.
    pub(super) fn of(definition: &Node) -> Found {
        match definition.get("dockerLabels") {
            Node::Unknown => Found::Unknown,
            labels => match labels.get(LABEL) {
                Node::Null => Found::None,
                Node::Unknown => Found::Unknown,
                Node::String(text) => {
                    Mark::read(text).map_or(Found::Foreign, |mark| Found::Mark(Box::new(mark)))
                }
                _ => Found::Foreign,
            },
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Mark::default()
    }

    /// The label's text: JSON without spaces, its keys in order, so that the same additions are the same text.
    pub(super) fn text(&self) -> String {
        let mut members = Object::new();
        let mut set = |key: &str, value: Node| {
            members.insert(key.to_owned(), value);
        };
        if self.whole {
            set("container", true.into());
        }
        for (key, names) in self.lists() {
            if !names.is_empty() {
                set(key, list(names));
            }
        }
        for (key, pairs) in [("conditions", &self.conditions), ("mountPoints", &self.mounts)] {
            if !pairs.is_empty() {
                let pairs = pairs.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
                set(key, pairs.collect());
            }
        }
        if !self.mounted_before.is_empty() {
            let volumes = self.mounted_before.iter();
            let volumes = volumes.map(|(volume, mounts)| (volume.clone(), list(mounts)));
            set("mountedBefore", volumes.collect());
        }
        match self.root_before {
            None => {}
            Some(RootBefore::Unsaid) => set("readonlyRootFilesystem", Node::Null),
            Some(RootBefore::Writable) => set("readonlyRootFilesystem", false.into()),
        }
        to_json(&Node::Object(members)).expect("a mark is made of known names")
    }

    fn lists(&self) -> [(&'static str, &BTreeSet<String>); 8] {
        [
            ("dependsOn", &self.dependencies),
            ("dockerLabels", &self.labels),
            ("environment", &self.environment),
            ("members", &self.members),
            ("portMappings", &self.ports),
            ("secrets", &self.secrets),
            ("tmpfs", &self.tmpfs),
            ("volumes", &self.volumes),
        ]
    }

    /// Reads a label's text; none for what this version would not write.
    fn read(text: &str) -> Option<Self> {
        let Node::Object(members) = parse(text).ok()? else { return None };
        let mut mark = Mark::default();
        for (key, value) in members.iter() {
            match key.as_str() {
                "container" => mark.whole = value.as_bool()?,
                "dependsOn" => mark.dependencies = names(value)?,
                "dockerLabels" => mark.labels = names(value)?,
                "environment" => mark.environment = names(value)?,
                "members" => mark.members = names(value)?,
                "portMappings" => mark.ports = names(value)?,
                "secrets" => mark.secrets = names(value)?,
                "tmpfs" => mark.tmpfs = names(value)?,
                "volumes" => mark.volumes = names(value)?,
                "conditions" => mark.conditions = pairs(value)?,
                "mountPoints" => mark.mounts = pairs(value)?,
                "mountedBefore" => mark.mounted_before = lists(value)?,
                "readonlyRootFilesystem" => {
                    mark.root_before = Some(match value {
                        Node::Null => RootBefore::Unsaid,
                        Node::Bool(false) => RootBefore::Writable,
                        _ => return None,
                    });
                }
                _ => return None,
            }
        }
        (!mark.is_empty()).then_some(mark)
    }
}

fn list(names: &BTreeSet<String>) -> Node {
    names.iter().map(String::as_str).collect::<Vec<_>>().into()
}

fn names(list: &Node) -> Option<BTreeSet<String>> {
    let Node::Array(items) = list else { return None };
    let names: Vec<String> =
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    Some(ordered(names))
}

fn lists(object: &Node) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let Node::Object(members) = object else { return None };
    let mut lists = BTreeMap::new();
    for (key, value) in members {
        lists.insert(key.clone(), names(value)?);
    }
    Some(lists)
}

fn pairs(object: &Node) -> Option<BTreeMap<String, String>> {
    let Node::Object(members) = object else { return None };
    let mut pairs = BTreeMap::new();
    for (key, value) in members {
        pairs.insert(key.clone(), value.as_str()?.to_owned());
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Mark {
        let set = |name: &str| BTreeSet::from([name.to_owned()]);
        Mark {
            whole: true,
            environment: set("DD_ENV"),
            secrets: set("DD_API_KEY"),
            mounts: BTreeMap::from([("/tmp".to_owned(), "app-tmp".to_owned())]),
            dependencies: set("datadog-init"),
            conditions: BTreeMap::from([("copy".to_owned(), "START".to_owned())]),
            labels: set("com.datadoghq.tags.env"),
            tmpfs: set("/run"),
            ports: set("8126/tcp"),
            members: set("healthCheck"),
            root_before: Some(RootBefore::Unsaid),
            volumes: set("app-tmp"),
            mounted_before: BTreeMap::from([("app-tmp".to_owned(), set("app:/tmp"))]),
        }
    }

    fn found(label: Node) -> Found {
        Mark::of(&Node::from([("dockerLabels", Node::from([(LABEL, label)]))]))
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        for mark in [full(), Mark { root_before: Some(RootBefore::Writable), ..Mark::default() }] {
            assert_eq!(Mark::read(&mark.text()), Some(mark));
        }
        assert_eq!(
            full().text(),
            r#"{"conditions":{"copy":"START"},"container":true,"dependsOn":["datadog-init"],"dockerLabels":["com.datadoghq.tags.env"],"environment":["DD_ENV"],"members":["healthCheck"],"mountPoints":{"/tmp":"app-tmp"},"mountedBefore":{"app-tmp":["app:/tmp"]},"portMappings":["8126/tcp"],"readonlyRootFilesystem":null,"secrets":["DD_API_KEY"],"tmpfs":["/run"],"volumes":["app-tmp"]}"#
        );
    }

    #[test]
    fn what_nobody_here_wrote_is_no_mark() {
        for text in ["", "{}", "yes", "[]", r#"{"later":1}"#, r#"{"environment":"X"}"#, r#"{"container":1}"#]
        {
            assert!(matches!(found(text.into()), Found::Foreign), "{text}");
        }
        assert!(matches!(found(7.into()), Found::Foreign));
        assert!(matches!(found(Node::Unknown), Found::Unknown));
        assert!(matches!(Mark::of(&Node::from([("dockerLabels", Node::Unknown)])), Found::Unknown));
        assert!(matches!(Mark::of(&Node::Null), Found::None));
    }
}
