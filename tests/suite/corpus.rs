//! The task definitions that people published.

use std::fs;
use std::path::PathBuf;

use ddrofs::document::{Node, parse, read};

/// Every file with its name and text.
pub(crate) fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/task-definitions");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("the corpus of task definitions is missing at {}: {error}", folder.display());
    });
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_name().expect("a file").to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    assert_eq!(files.len(), 60, "task definitions in {}", folder.display());
    files
}

/// Every task definition with the name of its file, as it was read.
pub(crate) fn documents() -> impl Iterator<Item = (String, Node)> {
    files().into_iter().map(|(name, text)| {
        let written = parse(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let reading = read(written).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        (name, reading.document)
    })
}
