//! What hardening did and could not do, in the order in which it went through the task.

use super::{Change, ChangeKind, Collision, CollisionKind};
use crate::document::Path;

/// Changes and collisions so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) changes: Vec<Change>,
    pub(super) collisions: Vec<Collision>,
}

/// A container in the log: its name, where it has one that is known, and its place in the given document.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) container: Option<String>,
    pub(super) path: Path,
}

impl Place {
    /// A container of the user.
    pub(super) fn of(name: Option<&str>, origin: usize) -> Self {
        let path = Path::default().key("containerDefinitions").index(origin);
        Self { container: name.map(str::to_owned), path }
    }

    /// A key of the container; an empty one is the container itself.
    fn at(&self, key: &str) -> Path {
        if key.is_empty() { self.path.clone() } else { self.path.clone().key(key) }
    }

    /// The task as a whole, or what is in no document yet.
    pub(super) fn nowhere() -> Self {
        Self { container: None, path: Path::default() }
    }
}

impl Log {
    /// Something was added or kept at a key of a container; an empty key is the container itself.
    pub(super) fn change(&mut self, place: &Place, key: &str, kind: ChangeKind) {
        self.changes.push(Change { container: place.container.clone(), path: place.at(key), kind });
    }

    /// Something stands in the way at a key of a container; an empty key is the container itself.
    pub(super) fn collision(&mut self, place: &Place, key: &str, kind: CollisionKind) {
        self.collisions.push(Collision { container: place.container.clone(), path: place.at(key), kind });
    }
}
