//! Who may use whom: the rooms of both crates against the table in ARCHITECTURE.md, which is the only one.

use std::collections::{BTreeMap, BTreeSet};

use super::dependencies::{Purpose, dependency_lines};
use super::source::{code_without_tests, test_modules};
use super::{TextFile, assert_none, read, rust_files};

/// Room to the rooms it may use.
type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn rooms_use_only_the_rooms_that_the_table_allows() {
    let arrows = arrows(&read("ARCHITECTURE.md"));
    assert_none(forbidden_arrows(&rust_files(), &arrows));
}

#[test]
fn crates_are_used_only_in_the_rooms_that_the_table_names() {
    let lines = dependency_lines(&read("ARCHITECTURE.md"));
    assert_none(forbidden_crates(&rust_files(), &lines));
}

#[test]
fn the_table_has_a_line_for_every_room_and_no_other() {
    let table: BTreeSet<_> = arrows(&read("ARCHITECTURE.md")).into_keys().collect();
    let rooms: BTreeSet<_> = rust_files().iter().filter_map(|file| room(&file.path)).collect();
    assert_eq!(table, rooms);
}

/// Reads the fenced block whose lines are `room -> room, room`; `nothing` stands for no room at all.
fn arrows(architecture: &str) -> Arrows {
    let mut arrows = Arrows::new();
    for line in architecture.lines() {
        let Some((rooms, allowed)) = line.split_once(" -> ") else { continue };
        let names = |text: &str| -> BTreeSet<String> {
            text.split(',').map(|name| name.trim().to_owned()).filter(|name| name != "nothing").collect()
        };
        for room in names(rooms) {
            arrows.insert(room, names(allowed));
        }
    }
    assert!(!arrows.is_empty(), "ARCHITECTURE.md has lost its table of arrows");
    arrows
}

/// The path of a file of either crate below its `src/`.
fn inside_its_crate(path: &str) -> Option<&str> {
    path.strip_prefix("domain/").unwrap_or(path).strip_prefix("src/")
}

/// The room a file of a crate belongs to: its folder, or its own name where it has none. The map itself is in no room.
fn room(path: &str) -> Option<String> {
    let inside = inside_its_crate(path)?;
    let room = inside.split('/').next()?.trim_end_matches(".rs");
    (room != "lib").then(|| room.to_owned())
}

/// The files whose code goes into the binary: not those of modules that are declared under `#[cfg(test)]`.
pub(super) fn shipped(files: &[TextFile]) -> impl Iterator<Item = &TextFile> {
    let mut tests = BTreeSet::new();
    for file in files {
        let folder = file.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
        tests.extend(test_modules(&file.text).map(|module| format!("{folder}/{module}")));
    }
    files.iter().filter(move |file| {
        let module = file.path.trim_end_matches(".rs");
        !tests.iter().any(|test| module == test || module.starts_with(&format!("{test}/")))
    })
}

fn forbidden_arrows(files: &[TextFile], arrows: &Arrows) -> Vec<String> {
    let mut problems = Vec::new();
    for file in shipped(files) {
        let Some(room) = room(&file.path) else { continue };
        let allowed = arrows.get(&room);
        for (line, used) in rooms_used(file) {
            let known = arrows.contains_key(&used);
            if known && used != room && !allowed.is_some_and(|allowed| allowed.contains(&used)) {
                problems.push(format!("{}:{line}: `{room}` may not use `{used}`", file.path));
            }
        }
    }
    problems
}

fn forbidden_crates(files: &[TextFile], lines: &BTreeMap<String, Purpose>) -> Vec<String> {
    let mut problems = Vec::new();
    for file in shipped(files) {
        let Some(room) = room(&file.path) else { continue };
        let code = code_without_tests(&file.text);
        for (name, purpose) in lines {
            let ident = name.replace('-', "_");
            if let Some(line) = uses_crate(&code, &ident)
                && !purpose.places.contains(&room)
            {
                let places = purpose.places.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                problems.push(format!("{}:{line}: `{name}` belongs to {places} only", file.path));
            }
        }
    }
    problems
}

/// First line that uses the crate. Where something imported or a module of this file has the same name, only an
/// import that begins with the name is the crate.
fn uses_crate(code: &str, ident: &str) -> Option<usize> {
    let path = format!("{ident}::");
    let imports = [format!("use {path}"), format!("use {ident};"), format!("use {ident} as ")];
    let shadowed = is_imported_from_elsewhere(code, ident) || code.contains(&format!("mod {ident};"));
    code.lines()
        .position(|line| {
            imports.iter().any(|import| line.contains(import.as_str()))
                || (!shadowed && starts_of(line, &path).next().is_some())
        })
        .map(|index| index + 1)
}

/// Whether a `use` brings the name in as the last part of a longer path.
fn is_imported_from_elsewhere(code: &str, ident: &str) -> bool {
    code.split("use ").skip(1).filter_map(|rest| rest.split(';').next()).any(|import| {
        import.match_indices(ident).any(|(at, _)| {
            let before = import[..at].trim_end();
            let after = import[at + ident.len()..].trim_start();
            before.ends_with(['{', ',', ':']) && (after.is_empty() || after.starts_with([',', '}']))
        })
    })
}

/// Where `path` begins in `text` and is not the middle of a longer name or path.
fn starts_of<'a>(text: &'a str, path: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(path).map(|(at, _)| at).filter(|at| {
        let before = text[..*at].trim_end_matches("$");
        !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | ':'))
    })
}

/// Every room that a file names, with the line: `crate::room`, `crate::{room::a, room::b}`, `super::super::room` from
/// far enough below, and the libraries' names from outside.
fn rooms_used(file: &TextFile) -> Vec<(usize, String)> {
    let code = code_without_tests(&file.text);
    let roots = [
        "crate::".to_owned(),
        "ddrofs::".to_owned(),
        "ddrofs_domain::".to_owned(),
        "super::".repeat(depth(&file.path)),
    ];
    let mut used = Vec::new();
    for root in roots.iter().filter(|root| !root.is_empty()) {
        for at in starts_of(&code, root) {
            let line = code[..at].matches('\n').count() + 1;
            let names = first_names(code[at + root.len()..].trim_start_matches("super::"));
            used.extend(names.into_iter().map(|name| (line, name)));
        }
    }
    used.sort();
    used.dedup();
    used
}

/// How many modules a file is below the crate's root.
fn depth(path: &str) -> usize {
    let inside = inside_its_crate(path).unwrap_or(path).trim_end_matches(".rs").trim_end_matches("/mod");
    if inside == "main" { 0 } else { inside.split('/').count() }
}

/// First segment of a path, or of each path of a group.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
    };
    let Some(group) = path.trim_start().strip_prefix('{') else { return vec![name(path)] };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if char == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "```text\nmain -> kitchen\nkitchen -> pantry, cellar\npantry, cellar -> nothing\n```\n";

    fn problems(path: &str, text: &str) -> Vec<String> {
        let file = TextFile { path: path.to_owned(), text: text.to_owned() };
        forbidden_arrows(&[file], &arrows(TABLE))
    }

    #[test]
    fn the_table_is_read_from_its_arrows() {
        let arrows = arrows(TABLE);
        assert_eq!(arrows.keys().collect::<Vec<_>>(), ["cellar", "kitchen", "main", "pantry"]);
        assert!(arrows["pantry"].is_empty());
        assert!(arrows["kitchen"].contains("cellar"));
    }

    #[test]
    fn allowed_arrows_are_silent() {
        for text in [
            "use crate::pantry::Jam;",
            "use crate::{cellar::Wine, pantry};",
            "use crate::kitchen::oven::Oven; fn f() -> crate::cellar::Wine {}",
            "//! Not like `crate::main`.\nfn f() { \"crate::main\" }",
            "#[cfg(test)]\nmod tests { use crate::main::f; }",
        ] {
            assert_eq!(problems("src/kitchen/stove.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn forbidden_arrows_are_reported_in_every_form() {
        for text in [
            "use crate::kitchen::Oven;",
            "\nuse crate::{\n    cellar::{self, Wine},\n};",
            "fn f() -> crate::kitchen::Oven {}",
            "use super::super::cellar;",
            "use super::super::super::cellar;",
            "pub use crate::cellar as hidden;",
        ] {
            assert_eq!(problems("src/pantry/shelf.rs", text).len(), 1, "{text}");
        }
        assert_eq!(problems("src/main.rs", "fn main() { ddrofs::cellar::drink() }").len(), 1);
        assert_eq!(problems("src/pantry/mod.rs", "use super::cellar;").len(), 1);
        assert_eq!(problems("domain/src/pantry/mod.rs", "use super::cellar;").len(), 1);
        assert_eq!(problems("src/pantry.rs", "use ddrofs_domain::cellar;").len(), 1);
        let shown = problems("src/pantry/shelf.rs", "\nuse crate::cellar;");
        assert_eq!(shown, ["src/pantry/shelf.rs:2: `pantry` may not use `cellar`"]);
    }

    #[test]
    fn modules_for_tests_alone_may_use_whatever_they_like() {
        let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("src/pantry/mod.rs", "#[cfg(test)]\npub(crate) mod jars;\nmod shelf;"),
            file("src/pantry/jars.rs", "use crate::kitchen;"),
            file("src/pantry/jars/lid.rs", "use crate::kitchen;"),
            file("src/pantry/shelf.rs", "use crate::kitchen;"),
        ];
        let problems = forbidden_arrows(&files, &arrows(TABLE));
        assert_eq!(problems, ["src/pantry/shelf.rs:1: `pantry` may not use `kitchen`"]);
    }

    #[test]
    fn a_crate_outside_its_rooms_is_reported() {
        let lines = dependency_lines("| `hot-water` | kitchen | Tea. |\n");
        let problems = |path: &str, text: &str| {
            forbidden_crates(&[TextFile { path: path.to_owned(), text: text.to_owned() }], &lines)
        };
        assert_eq!(problems("src/kitchen/stove.rs", "use hot_water::boil;"), [""; 0]);
        assert_eq!(problems("src/pantry.rs", "fn f() { other::hot_water::boil() }"), [""; 0]);
        assert_eq!(problems("src/pantry.rs", "use tap::{hot_water};\nfn f() { hot_water::boil() }"), [""; 0]);
        for text in ["use hot_water::boil;", "use hot_water;", "fn f() { hot_water::boil() }"] {
            let shown = problems("src/pantry.rs", text);
            assert_eq!(shown, ["src/pantry.rs:1: `hot-water` belongs to kitchen only"], "{text}");
        }
    }
}
