//! The task's volumes, joined with those that hardening needs.

use std::collections::{BTreeMap, BTreeSet};

use super::log::{Log, Place};
use super::mark::mount_of;
use super::{ChangeKind, CollisionKind};
use crate::document::{Node, Path};
use crate::task::{is_empty_directory, mount_points};

/// ECS accepts names of up to this many characters.
const LONGEST_NAME: usize = 255;

/// The user's volumes and those that are added.
pub(super) struct Volumes {
    users: Node,
    added: Vec<String>,
    /// Names that somebody mounts, with the mounts of each: they may be those of volumes that nobody here can see.
    mounted: BTreeMap<String, BTreeSet<String>>,
    undecided: bool,
}

impl Volumes {
    pub(super) fn new<'a>(users: Node, definitions: impl Iterator<Item = &'a Node>) -> Self {
        let mut mounted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for definition in definitions {
            for mount in mount_points(definition).known() {
                let Some(volume) = mount.volume.as_str() else { continue };
                mounted.entry(volume.to_owned()).or_default().insert(mount_of(definition, mount.path));
            }
        }
        Self { users, added: Vec::new(), mounted, undecided: false }
    }

    /// Of these volumes the ones that the user's containers mount themselves, with the mounts of each.
    pub(super) fn mounted(&self, names: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
        let mounted = names.iter().filter_map(|name| self.mounted.get_key_value(name));
        mounted.map(|(name, mounts)| (name.clone(), mounts.clone())).collect()
    }

    /// Names of the volumes that were added, in order.
    pub(super) fn added(&self) -> &[String] {
        &self.added
    }

    /// The list that the user wrote.
    pub(super) fn of_the_user(&self) -> &Node {
        &self.users
    }

    /// The user's volume of that name.
    pub(super) fn users(&self, name: &str) -> Option<&Node> {
        self.users.items().iter().find(|volume| volume.get("name").as_str() == Some(name))
    }

    /// Makes sure that there is an empty volume of that name; tells whether it had to be added, and nothing while that is
    /// not known. Another volume of the name stands in the way.
    pub(super) fn need(&mut self, name: &str, log: &mut Log) -> Option<bool> {
        if self.added.iter().any(|added| added == name) {
            return Some(false);
        }
        let position = self.users.items().iter().position(|volume| volume.get("name").as_str() == Some(name));
        match position {
            Some(index) => {
                match is_empty_directory(&self.users.items()[index]) {
                    Some(true) => {}
                    Some(false) => {
                        let at = Place { container: None, path: Path::default().key("volumes").index(index) };
                        log.collision(&at, "", CollisionKind::VolumeName { name: name.to_owned() });
                    }
                    None => self.undecided = true,
                }
                Some(false)
            }
            None => {
                self.undecided |= !self.users.is_unknown() && !self.knows_all_names();
                self.add(name, log);
                self.knows_all_names().then_some(true)
            }
        }
    }

    /// Whether the names of all the user's volumes are known.
    pub(super) fn knows_all_names(&self) -> bool {
        !self.users.is_unknown() && !self.users.items().iter().any(|volume| volume.get("name").is_unknown())
    }

    /// Adds an empty volume.
    pub(super) fn add(&mut self, name: &str, log: &mut Log) {
        self.added.push(name.to_owned());
        log.change(&Place::nowhere(), "", ChangeKind::AddedVolume(name.to_owned()));
    }

    /// Leaves the whole list open: whether a volume is needed is not known yet.
    pub(super) fn leave_open(&mut self) {
        self.undecided = true;
    }

    /// Whether nothing in the task has that name yet.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.mounted.contains_key(name)
            && self.users(name).is_none()
            && !self.added.iter().any(|added| added == name)
    }

    /// A name that begins like this and that nothing in the task has yet.
    pub(super) fn free_name(&self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("-{number}"));
        std::iter::once(String::new())
            .chain(numbered)
            .map(|suffix| {
                let room = LONGEST_NAME - suffix.len();
                format!("{}{suffix}", &wanted[..wanted.len().min(room)])
            })
            .find(|name| self.is_free(name))
            .expect("names do not run out")
    }

    /// The list as it is now: null where there was none and none is needed.
    pub(super) fn into_node(self) -> Node {
        let needs_none = self.added.is_empty();
        let mut volumes = match self.users {
            _ if self.undecided => return Node::Unknown,
            Node::Array(volumes) => volumes,
            Node::Null if !needs_none => Vec::new(),
            // Not known, or no list at all, which is for the rules to report.
            other => return other,
        };
        volumes.extend(self.added.iter().map(|name| volume(name)));
        Node::Array(volumes)
    }
}

/// A volume that is an empty directory: it has a name and nothing else.
pub(super) fn volume(name: &str) -> Node {
    Node::from([("name", name.into())])
}
