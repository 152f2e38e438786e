//! The lists of a container definition that tie it to others and to volumes.

use super::Container;
use crate::document::Node;

/// The entries of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entries<'a, T> {
    list: &'a Node,
    read: fn(usize, &'a Node) -> T,
}

/// An entry of `dependsOn`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dependency<'a> {
    /// Position in the list.
    pub(crate) index: usize,
    /// The name of the container that is waited for.
    pub(crate) awaited: &'a Node,
    /// What is waited for: START, HEALTHY, COMPLETE or SUCCESS.
    pub(crate) condition: &'a Node,
}

/// An entry of `mountPoints`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MountPoint<'a> {
    /// Position in the list.
    pub(crate) index: usize,
    /// The whole entry, which may be of any type.
    pub(crate) entry: &'a Node,
    /// The name of the volume.
    pub(crate) volume: &'a Node,
    /// Where it is mounted.
    pub(crate) path: &'a Node,
    /// Whether the container may only read.
    pub(crate) read_only: &'a Node,
    /// The directory of its own that a task of Nomad mounts, as the task writes it.
    pub(crate) own: Option<&'a str>,
    /// Whether every container has it, whatever is written.
    pub(crate) is_implied: bool,
}

/// An entry of `volumesFrom`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VolumesFrom<'a> {
    /// Position in the list.
    pub(crate) index: usize,
    /// The name of the container whose mount points are taken over.
    pub(crate) container: &'a Node,
    /// Whether the container may only read what it takes over.
    pub(crate) read_only: &'a Node,
}

impl<'a, T> Entries<'a, T> {
    /// The entries that are known, whatever may be unknown inside.
    pub(crate) fn known(self) -> impl Iterator<Item = T> {
        let entries = self.list.items().iter().enumerate().filter(|(_, entry)| !entry.is_unknown());
        entries.map(move |(index, entry)| (self.read)(index, entry))
    }

    /// Whether there are no entries but those that are known.
    pub(crate) fn are_complete(&self) -> bool {
        !self.list.is_unknown() && !self.list.items().iter().any(Node::is_unknown)
    }

    /// Whether nothing in the list is unknown.
    pub(crate) fn are_wholly_known(&self) -> bool {
        self.list.is_wholly_known()
    }

    /// Whether there are none. `None` if not yet known.
    pub(crate) fn are_none(&self) -> Option<bool> {
        (!self.list.is_unknown()).then(|| self.list.items().is_empty())
    }
}

/// The dependencies of a container definition.
pub(crate) fn dependencies(definition: &Node) -> Entries<'_, Dependency<'_>> {
    let read = |index, entry| {
        let entry: &Node = entry;
        Dependency { index, awaited: entry.get("containerName"), condition: entry.get("condition") }
    };
    Entries { list: definition.get("dependsOn"), read }
}

/// The mount points of a container definition.
pub(crate) fn mount_points(definition: &Node) -> Entries<'_, MountPoint<'_>> {
    let read = |index, entry| {
        let entry: &Node = entry;
        MountPoint {
            index,
            entry,
            volume: entry.get("sourceVolume"),
            path: entry.get("containerPath"),
            read_only: entry.get("readOnly"),
            own: entry.get("ofTheTask").as_str(),
            is_implied: entry.get("implied").as_bool() == Some(true),
        }
    };
    Entries { list: definition.get("mountPoints"), read }
}

impl<'a> Container<'a> {
    /// What it waits for.
    pub(crate) fn dependencies(&self) -> Entries<'a, Dependency<'a>> {
        dependencies(self.node)
    }

    /// What it mounts itself.
    pub(crate) fn mount_points(&self) -> Entries<'a, MountPoint<'a>> {
        mount_points(self.node)
    }

    /// The containers whose mount points it takes over.
    pub(crate) fn volumes_from(&self) -> Entries<'a, VolumesFrom<'a>> {
        let read = |index, entry| {
            let entry: &Node = entry;
            VolumesFrom { index, container: entry.get("sourceContainer"), read_only: entry.get("readOnly") }
        };
        Entries { list: self.get("volumesFrom"), read }
    }
}
