//! Sixty task definitions of other people, through the data source: rendered, or told what is wrong where.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{errors_by_key, events, keys_read, orders};
use crate::harness::Workspace;

#[test]
fn every_file_of_the_corpus_is_rendered_or_told_what_is_wrong_where() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/task-definitions");
    let folder = folder.canonicalize().expect("the corpus lies beside the repository, in ../shared/corpus");
    let files: BTreeSet<String> = fs::read_dir(&folder)
        .expect("the corpus is readable")
        .map(|entry| entry.expect("the corpus is readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    assert!(files.len() >= 60, "the corpus has only {} files", files.len());

    let text = orders(&format!(
        "  for_each              = fileset({folder:?}, \"*.json\")\n  \
         container_definitions = file(\"${{{folder:?}}}/${{each.value}}\")"
    ));
    let workspace = Workspace::offline("corpus", &text);
    let outcome = workspace.run(&["plan", "-input=false", "-json"]);
    let events = events(&outcome);
    let errors = errors_by_key(&events);
    let read: BTreeSet<String> = keys_read(&events).into_iter().collect();

    for file in &files {
        let told = errors.get(file);
        assert!(read.contains(file) || told.is_some(), "nothing was said about {file}\n{outcome}");
        for error in told.into_iter().flatten() {
            for crash in ["panic", "crash", "did not respond", "Request cancelled", "Plugin error"] {
                assert!(!error.contains(crash), "{file}: {error}");
            }
            assert!(names_a_place(error), "{file}: the error names no place: {error}");
        }
    }
    assert!(!read.is_empty(), "not one file was rendered\n{outcome}");
    let unknown: Vec<_> = errors.keys().filter(|key| !files.contains(*key)).collect();
    assert!(unknown.is_empty(), "errors about something else: {unknown:?}\n{outcome}");
}

/// A path like `[0].image` or `containerDefinitions[0]`, a line of the text, or a name in quotes.
fn names_a_place(error: &str) -> bool {
    ["[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "line ", "container ", "`", "volume "]
        .iter()
        .any(|mark| error.contains(mark))
}
