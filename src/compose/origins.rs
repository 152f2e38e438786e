//! Where in a Compose file the parts of a workload are written.

use std::collections::BTreeMap;

use crate::document::Path;

/// The way from a place of the tree that was read to the place of the file that it was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    written: BTreeMap<Path, Path>,
}

impl Origins {
    pub(super) fn add(&mut self, read: Path, written: Path) {
        self.written.insert(read, written);
    }

    /// Where a place is written, or would be: what is in nothing of the file itself leads to what is around it.
    pub fn of(&self, path: &Path) -> Path {
        let around = (0..=path.0.len()).rev().find_map(|end| self.written.get(&Path(path.0[..end].to_vec())));
        around.cloned().unwrap_or_default()
    }

    /// Where exactly that place is written.
    pub(super) fn exactly(&self, path: &Path) -> Option<&Path> {
        self.written.get(path)
    }
}
