//! Where in a Compose file the parts of a workload are written.

use std::collections::BTreeMap;

use super::service::written_key;
use crate::document::{Path, Step};

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
        for end in (0..=path.0.len()).rev() {
            if let Some(written) = self.written.get(&Path(path.0[..end].to_vec())) {
                return match path.0.get(end) {
                    // Most members of a container have one key of a service.
                    Some(Step::Key(member)) if end == 2 => match written_key(member) {
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
    pub(super) fn exactly(&self, path: &Path) -> Option<&Path> {
        self.written.get(path)
    }
}
