//! Our own task definitions and those that people published, with their texts and as they are read.

use std::fs;
use std::path::{Path, PathBuf};

use ddrofs::document::{Node, parse};
use ddrofs::ecs::{Form, read};

#[path = "../support/compose_files.rs"]
mod compose_files;
#[path = "../support/documents.rs"]
mod documents;

/// Every file: our own, then the published ones where they are at hand.
pub(crate) fn paths() -> Vec<PathBuf> {
    [documents::own(), documents::published()].concat()
}

/// Every file with its name and text.
pub(crate) fn files() -> Vec<(String, String)> {
    texts(paths())
}

/// Our own with their names.
pub(crate) fn own() -> Vec<(String, String)> {
    texts(documents::own())
}

/// Our own Compose files with their names.
pub(crate) fn compose() -> Vec<(String, String)> {
    texts(compose_files::own())
}

/// Our own jobs of Nomad with their names.
pub(crate) fn nomad() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/documents/nomad");
    let entries = folder.read_dir().expect("there are jobs of our own");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    paths.sort();
    texts(paths)
}

/// The published ones with their names; none where they are not at hand.
pub(crate) fn published() -> Vec<(String, String)> {
    texts(documents::published())
}

fn texts(paths: Vec<PathBuf>) -> Vec<(String, String)> {
    let with_text = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().expect("a file").to_string_lossy().into_owned(), text)
    };
    paths.into_iter().map(with_text).collect()
}

/// Every task definition with the name of its file, as it was read.
pub(crate) fn documents() -> impl Iterator<Item = (String, Node)> {
    files().into_iter().map(|(name, text)| {
        let written = parse(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let reading = read(written).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_ne!(reading.form, Form::Unknown, "{name}");
        (name, reading.document)
    })
}
