//! The task definitions that people published.

use std::fs;
use std::path::PathBuf;

use ddrofs::document::{Form, Node, parse, read};

/// Every file, sorted by name.
pub(crate) fn paths() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/task-definitions");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("the corpus of task definitions is missing at {}: {error}", folder.display());
    });
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 60, "task definitions in {}", folder.display());
    paths
}

/// Every file with its name and text.
pub(crate) fn files() -> Vec<(String, String)> {
    let with_text = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().expect("a file").to_string_lossy().into_owned(), text)
    };
    paths().into_iter().map(with_text).collect()
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
