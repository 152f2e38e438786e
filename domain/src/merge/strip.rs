//! Takes out again what hardening put in, by the marks it left and by nothing else.
//!
//! What is marked and still has its name goes, whatever became of its value since: a variable with another value is still
//! the one that was added. A mount goes only with the volume that was added for it, and a volume only when no mount
//! uses it that came after it: one that was there before goes without it again.

use std::collections::{BTreeMap, BTreeSet};

use super::joiner::is_mapping_of;
use super::mark::{Found, LABEL, Mark, RootBefore, mount_of};
use crate::document::container_path::normalized;
use crate::document::{Node, Object};
use crate::ordered::ordered;
use crate::rofs::workload::{Port, Transport};
use crate::task::mount_points;

/// The result of [`strip`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stripped {
    /// The document without what the marks name.
    pub document: Node,
    /// How many containers were marked.
    pub marks: usize,
    /// Containers with a label of the mark's name that is none: they are as they were.
    pub unreadable: Vec<usize>,
    /// For each container that is left its position in the given document.
    pub(super) origins: Vec<usize>,
    /// Names of the sidecars that went as a whole.
    pub(super) sidecars: BTreeSet<String>,
}

/// Takes the pattern out of a task definition again, as far as marks name it. Without a mark nothing changes.
pub fn strip(mut document: Node) -> Stripped {
    let mut stripped = Stripped {
        document: Node::Null,
        marks: 0,
        unreadable: Vec::new(),
        origins: Vec::new(),
        sidecars: BTreeSet::new(),
    };
    if let Node::Object(members) = &mut document {
        let mut volumes = Added::new();
        if let Some(Node::Array(definitions)) = members.get_mut("containerDefinitions") {
            let mut origin = 0;
            definitions.retain_mut(|definition| {
                let stays = stripped.container(definition, origin, &mut volumes);
                if stays {
                    stripped.origins.push(origin);
                }
                origin += 1;
                stays
            });
        }
        if !volumes.is_empty() {
            drop_volumes(members, volumes);
        }
    }
    stripped.document = document;
    stripped
}

/// Volumes that were added, each with the mounts of it that were there before it.
type Added = BTreeMap<String, BTreeSet<String>>;

impl Stripped {
    /// Strips one container; tells whether it stays.
    fn container(&mut self, definition: &mut Node, origin: usize, volumes: &mut Added) -> bool {
        let mark = match Mark::of(definition) {
            // Of an unknown label nobody can say what it names; what hardening would add is there or not either way.
            Found::None | Found::Unknown => return true,
            Found::Foreign => {
                self.unreadable.push(origin);
                return true;
            }
            Found::Mark(mark) => *mark,
        };
        self.marks += 1;
        if mark.whole {
            self.sidecars.extend(definition.get("name").as_str().map(str::to_owned));
        } else if let Node::Object(members) = definition {
            take_out(members, &mark);
        }
        let mut mounted_before = mark.mounted_before;
        for volume in mark.volumes {
            let mounts = mounted_before.remove(&volume).unwrap_or_default();
            volumes.entry(volume).or_default().extend(mounts);
        }
        !mark.whole
    }
}

/// Takes out of a container what its mark names, and the mark.
fn take_out(members: &mut Object, mark: &Mark) {
    remove_named(members, "environment", "name", &mark.environment);
    remove_named(members, "secrets", "name", &mark.secrets);
    remove_named(members, "dependsOn", "containerName", &mark.dependencies);
    if !mark.conditions.is_empty() {
        edit(members, "dependsOn", |dependencies| put_conditions_back(dependencies, &mark.conditions));
    }
    let is_ours = |mount: &Node| {
        mount
            .get("containerPath")
            .as_str()
            .and_then(|path| mark.mounts.get(&*normalized(path)))
            .map(String::as_str)
            == mount.get("sourceVolume").as_str()
            && mount.get("sourceVolume").as_str().is_some()
    };
    if !mark.mounts.is_empty() {
        edit(members, "mountPoints", |mounts| remove_items(mounts, |mount| is_ours(mount)));
    }
    if !mark.ports.is_empty() {
        let mut left = mark.ports.clone();
        let is_ours = |mapping: &Node| port_of(mapping).is_some_and(|port| left.remove(&port));
        edit(members, "portMappings", |mappings| remove_items(mappings, is_ours));
    }
    if !mark.tmpfs.is_empty() {
        edit(members, "linuxParameters", |parameters| {
            if let Node::Object(parameters) = parameters {
                remove_named(parameters, "tmpfs", "containerPath", &mark.tmpfs);
            }
        });
    }
    edit(members, "dockerLabels", |labels| {
        if let Node::Object(labels) = labels {
            labels.retain(|label, _| label != LABEL && !mark.labels.contains(label));
        }
    });
    for key in &mark.members {
        members.remove(key);
    }
    match mark.root_before {
        None => {}
        Some(RootBefore::Unsaid) => {
            members.remove("readonlyRootFilesystem");
        }
        Some(RootBefore::Writable) => {
            members.insert("readonlyRootFilesystem".to_owned(), false.into());
        }
    }
}

/// Gives dependencies the conditions back that they had, where nobody chose another since.
fn put_conditions_back(dependencies: &mut Node, conditions: &BTreeMap<String, String>) {
    let Node::Array(dependencies) = dependencies else { return };
    for (container, before) in conditions {
        let is_raised = |dependency: &&mut Node| {
            dependency.get("containerName").as_str() == Some(container)
                && dependency.get("condition").as_str() == Some("SUCCESS")
        };
        let Some(Node::Object(dependency)) = dependencies.iter_mut().find(is_raised) else { continue };
        if before.is_empty() {
            dependency.remove("condition");
        } else {
            dependency.insert("condition".to_owned(), before.as_str().into());
        }
    }
}

/// A port mapping in the words of a mark.
fn port_of(mapping: &Node) -> Option<String> {
    let number = mapping.get("containerPort").as_i64()?;
    [Transport::Tcp, Transport::Udp]
        .map(|protocol| Port { number, protocol })
        .into_iter()
        .find(|port| is_mapping_of(mapping, port))
        .map(|port| port.to_string())
}

/// Changes a member, and drops it where that emptied it.
fn edit(members: &mut Object, key: &str, change: impl FnOnce(&mut Node)) {
    let Some(value) = members.get_mut(key) else { return };
    change(value);
    let is_empty = match value {
        Node::Array(items) => items.is_empty(),
        Node::Object(members) => members.is_empty(),
        _ => false,
    };
    if is_empty {
        members.remove(key);
    }
}

/// Removes of each name the first item: of two, only one was added.
fn remove_named(members: &mut Object, key: &str, name_key: &str, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    let mut left = names.clone();
    let is_named = |item: &Node| item.get(name_key).as_str().is_some_and(|name| left.remove(name));
    edit(members, key, |list| remove_items(list, is_named));
}

fn remove_items(list: &mut Node, mut is_ours: impl FnMut(&Node) -> bool) {
    if let Node::Array(items) = list {
        items.retain(|item| !is_ours(item));
    }
}

/// Drops added volumes, unless a mount that came later uses one by now. While a mark is not known, whether the mounts
/// of its container were added is not either.
fn drop_volumes(members: &mut Object, mut volumes: Added) {
    let definitions = members.get("containerDefinitions").map(Node::items).unwrap_or_default();
    let is_open = |definition: &&Node| matches!(Mark::of(definition), Found::Unknown);
    let definitions = definitions.iter().filter(|definition| !is_open(definition));
    for definition in definitions {
        for mount in mount_points(definition).known() {
            let Some(volume) = mount.volume.as_str() else { continue };
            if volumes.get(volume).is_some_and(|before| !before.contains(&mount_of(definition, mount.path))) {
                volumes.remove(volume);
            }
        }
    }
    remove_named(members, "volumes", "name", &ordered(volumes.into_keys()));
}
