//! The task definitions that tests read: our own, one for each kind that people write, and those that people published.
//! The published ones are no part of this repository; they are read where they lie beside it.

use std::path::{Path, PathBuf};

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents");
const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/task-definitions");

/// Our own, sorted by name.
pub(crate) fn own() -> Vec<PathBuf> {
    files(Path::new(OWN))
}

/// The published ones, sorted by name; none where they are not at hand.
pub(crate) fn published() -> Vec<PathBuf> {
    let folder = Path::new(PUBLISHED);
    if folder.is_dir() { files(folder) } else { Vec::new() }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "no task definition in {}", folder.display());
    files
}
