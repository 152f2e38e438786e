//! Our own Compose files, one for each kind that people write.

use std::path::{Path, PathBuf};

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents/compose");

/// All of them, sorted by name.
pub(crate) fn own() -> Vec<PathBuf> {
    let entries = Path::new(OWN).read_dir().unwrap_or_else(|error| panic!("{OWN}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no Compose file in {OWN}");
    files
}
