//! The way between a tree that was read from a document and the document: where each part is written, and what a change of it is
//! called there.

use std::collections::BTreeMap;

use super::{Node, Path, Step};

/// The way from a place of the tree that was read to the place of the document that it was read from.
#[derive(Debug, Clone)]
pub struct Origins {
    written: BTreeMap<Path, Path>,
    /// The document's key for a member of an item of a list, such as a container's.
    key: fn(&str) -> Option<&'static str>,
}

/// A change of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// What stands there afterwards. One behind the last item of a list adds it.
    Set(Path, Node),
    /// Nothing stands there any more.
    Remove(Path),
    /// What stands there stands under another key.
    Move(Path, Path),
}

impl Origins {
    /// None yet. `key` says which key of the document a member has whose own place was not added.
    pub fn new(key: fn(&str) -> Option<&'static str>) -> Self {
        Self { written: BTreeMap::new(), key }
    }

    /// Notes where a place of the tree was read.
    pub fn add(&mut self, read: Path, written: Path) {
        self.written.insert(read, written);
    }

    /// Where a place is written, or would be: what is in nothing of the document itself leads to what is around it.
    pub fn of(&self, path: &Path) -> Path {
        for end in (0..=path.0.len()).rev() {
            if let Some(written) = self.written.get(&Path(path.0[..end].to_vec())) {
                return match path.0.get(end) {
                    // Most members of a container have one key of the document.
                    Some(Step::Key(member)) if end == 2 => match (self.key)(member) {
                        Some(key) => written.clone().key(key),
                        None => written.clone(),
                    },
                    _ => written.clone(),
                };
            }
        }
        Path::default()
    }

    /// Where exactly that place is written.
    pub fn exactly(&self, path: &Path) -> Option<&Path> {
        self.written.get(path)
    }
}

impl Change {
    /// This value at the place, or none.
    pub fn to(place: Path, value: Option<Node>) -> Self {
        match value {
            Some(value) => Change::Set(place, value),
            None => Change::Remove(place),
        }
    }
}
