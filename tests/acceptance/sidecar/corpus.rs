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
    let (mut silent, mut are_read, mut round) = (paths, false, 0);
    // Terraform 1.16 shows an error of several instances once where all of them have it word by word. Those that nothing was
    // said about are asked again by themselves.
    while !silent.is_empty() {
        let members = silent.iter().map(|path| format!("    {:?} = {path:?}\n", name(path)));
        let text = orders(&format!(
            "  for_each = {{\n{}  }}\n  container_definitions = file(each.value)",
            members.collect::<String>()
        ));
        round += 1;
        let workspace = Workspace::offline(&format!("corpus-{round}"), &text);
        let outcome = workspace.run(&["plan", "-input=false", "-json"]);
        let events = events(&outcome);
        let errors = errors_by_key(&events);
        let read: BTreeSet<String> = keys_read(&events).into_iter().collect();

        for (file, error) in
            errors.iter().flat_map(|(file, told)| told.iter().map(move |error| (file, error)))
        {
            assert!(files.contains(file), "an error about something else: {file}\n{outcome}");
            for crash in ["panic", "crash", "did not respond", "Request cancelled", "Plugin error"] {
                assert!(!error.contains(crash), "{file}: {error}");
            }
            assert!(names_a_place(error), "{file}: the error names no place: {error}");
        }
        let asked = silent.len();
        silent.retain(|path| !read.contains(&name(path)) && !errors.contains_key(&name(path)));
        assert!(silent.len() < asked, "nothing was said about {silent:?}\n{outcome}");
        are_read |= !read.is_empty();
    }
    assert!(are_read, "not one file was rendered");
}

/// A path like `[0].image` or `containerDefinitions[0]`, a line of the text, or a name in quotes.
fn names_a_place(error: &str) -> bool {
    ["[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "line ", "container ", "`", "volume "]
        .iter()
        .any(|mark| error.contains(mark))
}
