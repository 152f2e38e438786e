//! Task definitions of every kind, our own and those of other people, through the data source: rendered, or told what is
//! wrong where.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{errors_by_key, events, keys_read, orders};
use crate::harness::{Workspace, documents};

#[test]
fn every_file_of_the_corpus_is_rendered_or_told_what_is_wrong_where() {
    let paths = [documents::own(), documents::published()].concat();
    let name = |path: &PathBuf| path.file_name().expect("a file").to_string_lossy().into_owned();
    let files: BTreeSet<String> = paths.iter().map(name).collect();
    assert_eq!(files.len(), paths.len(), "two files have one name");
    let members = paths.iter().map(|path| format!("    {:?} = {path:?}\n", name(path)));
    let text = orders(&format!(
        "  for_each = {{\n{}  }}\n  container_definitions = file(each.value)",
        members.collect::<String>()
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
