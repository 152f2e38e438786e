//! A fact about a task definition is read in one place: the lists that tie containers to each other and to volumes are
//! looked into by `domain/src/task/` alone, and by those who write them or say a change of them in other words.

use super::{TextFile, assert_none, rust_files};

/// The lists.
const LISTS: [&str; 3] = ["mountPoints", "dependsOn", "volumesFrom"];

/// The files that change such a list, and so have to take it out of the definition.
const WRITERS: [&str; 6] = [
    "domain/src/compose/change.rs",
    "domain/src/kubernetes/change.rs",
    "domain/src/merge/added_dependencies.rs",
    "domain/src/merge/joiner.rs",
    "domain/src/merge/strip.rs",
    "domain/src/nomad/change.rs",
];

#[test]
fn the_ties_between_containers_are_read_in_one_room() {
    assert_none(rust_files().iter().flat_map(second_readers).collect());
}

#[test]
fn every_writer_is_one() {
    let files = rust_files();
    for writer in WRITERS {
        let file = files.iter().find(|file| file.path == writer);
        assert!(file.is_some_and(|file| LISTS.iter().any(|list| file.text.contains(list))), "{writer}");
    }
}

fn second_readers(file: &TextFile) -> Vec<String> {
    let path = &file.path;
    let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
    let is_shipped = path.starts_with("src/") || path.starts_with("domain/src/");
    let is_elsewhere = is_shipped && !path.starts_with("domain/src/task/") && !is_test;
    if !is_elsewhere || WRITERS.contains(&path.as_str()) {
        return Vec::new();
    }
    let shipped = file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let ways = ["get", "get_mut"].map(|way| LISTS.map(|list| format!(".{way}(\"{list}\")")));
    let is_read = |line: &str| ways.iter().flatten().any(|way| line.contains(way));
    (shipped.lines().enumerate())
        .filter(|(_, line)| is_read(line))
        .map(|(index, _)| format!("{path}:{}: ask `task` for what is in this list", index + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_reader_is_reported_with_its_line() {
        let problems = |path: &str, text: &str| {
            second_readers(&TextFile { path: path.to_owned(), text: text.to_owned() })
        };
        let reads = "fn f(node: &Node) {\n    node.get(\"dependsOn\").items();\n}\n";
        assert_eq!(
            problems("domain/src/rules/two_agents.rs", reads),
            ["domain/src/rules/two_agents.rs:2: ask `task` for what is in this list"]
        );
        for path in [
            "domain/src/task/waits.rs",
            "domain/src/merge/joiner.rs",
            "domain/src/merge/tests/agent.rs",
            "tests/suite/main.rs",
        ] {
            assert_eq!(problems(path, reads), [""; 0], "{path}");
        }
        for text in [
            "fn f() { node.get(\"environment\") }",
            "#[cfg(test)]\nmod tests { fn f() { node.get(\"dependsOn\") } }",
            "const EXAMPLE: &str = r#\"{ \"dependsOn\": [] }\"#;",
        ] {
            assert_eq!(problems("domain/src/rules/two_agents.rs", text), [""; 0], "{text}");
        }
    }
}
