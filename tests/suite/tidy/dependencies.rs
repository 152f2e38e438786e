//! Every dependency of the manifest has a line in ARCHITECTURE.md that says where it is used and what for.

use std::collections::{BTreeMap, BTreeSet};

use super::source::code;
use super::{TextFile, assert_none, read, rust_files};

/// What a line of the table says about a dependency.
#[derive(Debug, PartialEq)]
pub(super) struct Purpose {
    /// Rooms, or `build.rs`, `tests`, `benches`.
    pub(super) places: BTreeSet<String>,
    pub(super) what_for: String,
}

/// The manifests of what is shipped.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "domain/Cargo.toml"];

#[test]
fn every_dependency_has_its_line_and_every_line_its_dependency() {
    assert_none(mismatches(
        &MANIFESTS.iter().flat_map(|path| manifest_dependencies(&read(path))).collect(),
        &dependency_lines(&read("ARCHITECTURE.md")),
    ));
}

#[test]
fn every_dependency_is_used_somewhere() {
    assert_none(unused(&dependency_lines(&read("ARCHITECTURE.md")), &rust_files()));
}

/// The room that `fuzz/src/lib.rs` compiles by itself.
const COMPILED_THERE: &str = "value";

#[test]
fn the_fuzz_targets_build_with_what_their_room_uses() {
    let lines = dependency_lines(&read("ARCHITECTURE.md"));
    let (own, fuzz) = (read("Cargo.toml"), read("fuzz/Cargo.toml"));
    assert_none(unlike(&lines, &own, &fuzz));
}

/// Every crate of that room that the second manifest does not ask for in the first one's words.
fn unlike(lines: &BTreeMap<String, Purpose>, own: &str, fuzz: &str) -> Vec<String> {
    let of_the_room = lines.iter().filter(|(_, purpose)| purpose.places.contains(COMPILED_THERE));
    let asked_for = of_the_room.filter_map(|(name, _)| {
        own.lines().find(|line| {
            line.split_once('=')
                .is_some_and(|(key, asked)| key.trim() == name && !asked.contains("workspace"))
        })
    });
    asked_for
        .filter(|asked| !fuzz.lines().any(|line| line == *asked))
        .map(|asked| format!("fuzz/Cargo.toml needs the line `{asked}`, as `value` uses that crate"))
        .collect()
}

/// Rows of the form "| `crate` | room, room | what for |".
pub(super) fn dependency_lines(architecture: &str) -> BTreeMap<String, Purpose> {
    let mut lines = BTreeMap::new();
    for line in architecture.lines() {
        let cells: Vec<_> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [name, places, what_for] = cells.as_slice() else { continue };
        let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else { continue };
        let places = places.split(',').map(|place| place.trim().to_owned()).collect();
        lines.insert(name.to_owned(), Purpose { places, what_for: (*what_for).to_owned() });
    }
    lines
}

/// Names below `[dependencies]`, `[build-dependencies]` and `[dev-dependencies]`.
fn manifest_dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end().ends_with("dependencies]");
        } else if inside
            && let Some((name, _)) = line.split_once('=')
            && !name.starts_with([' ', '#'])
        {
            names.insert(name.split('.').next().unwrap_or(name).trim().to_owned());
        }
    }
    names
}

fn mismatches(manifest: &BTreeSet<String>, lines: &BTreeMap<String, Purpose>) -> Vec<String> {
    let missing = manifest.iter().filter(|name| !lines.contains_key(*name));
    let stale = lines.keys().filter(|name| !manifest.contains(*name));
    let mute = lines.iter().filter(|(_, purpose)| !purpose.what_for.ends_with('.')).map(|(name, _)| name);
    missing
        .map(|name| format!("ARCHITECTURE.md does not say what `{name}` is for"))
        .chain(stale.map(|name| format!("ARCHITECTURE.md names `{name}`, which is no dependency")))
        .chain(mute.map(|name| format!("ARCHITECTURE.md: `{name}` needs a full sentence")))
        .collect()
}

/// A dependency that no file names is dead weight, unless its line says that it is there for its features.
fn unused(lines: &BTreeMap<String, Purpose>, files: &[TextFile]) -> Vec<String> {
    let codes: Vec<_> = files.iter().map(|file| code(&file.text)).collect();
    let is_used = |name: &str| {
        let ident = name.replace('-', "_");
        codes.iter().any(|code| code.contains(&ident))
    };
    lines
        .iter()
        .filter(|(name, purpose)| !purpose.places.contains("features") && !is_used(name))
        .map(|(name, _)| format!("no file uses `{name}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_kinds_of_dependency_are_read() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\na-b = \"1\"\n# c = \"1\"\nd = { version = \"1\" }\n\
                        [build-dependencies]\ne.workspace = true\n[dev-dependencies]\nf = \"1\"\n[profile.dev]\ng = 1\n";
        assert_eq!(manifest_dependencies(manifest).into_iter().collect::<Vec<_>>(), ["a-b", "d", "e", "f"]);
    }

    #[test]
    fn missing_stale_and_mute_lines_are_reported() {
        let manifest = ["new".to_owned(), "kept".to_owned()].into();
        let lines = dependency_lines(
            "| crate | where | what for |\n| `kept` | cellar | |\n| `gone` | cellar | Wine. |\n",
        );
        assert_eq!(
            mismatches(&manifest, &lines),
            [
                "ARCHITECTURE.md does not say what `new` is for",
                "ARCHITECTURE.md names `gone`, which is no dependency",
                "ARCHITECTURE.md: `kept` needs a full sentence",
            ]
        );
    }

    #[test]
    fn a_crate_that_the_fuzz_targets_lack_is_reported() {
        let lines = dependency_lines("| `tea` | value | A. |\n| `cups` | protocol | B. |\n");
        let own = "tea = \"2\"\ncups = \"1\"\n";
        assert_eq!(unlike(&lines, own, "tea = \"2\"\n"), [""; 0]);
        assert_eq!(unlike(&lines, own, "tea = \"1\"\n").len(), 1);
    }

    #[test]
    fn a_dependency_that_no_file_names_is_reported() {
        let lines = dependency_lines("| `a-b` | x | A. |\n| `c` | x | C. |\n| `d` | x, features | D. |\n");
        let file = TextFile { path: "src/x.rs".to_owned(), text: "use a_b::c1; // c::x".to_owned() };
        assert_eq!(unused(&lines, &[file]), [""; 0], "`c` is part of `c1`: the check is generous");
        let file = TextFile { path: "src/x.rs".to_owned(), text: "use x; // a_b".to_owned() };
        assert_eq!(unused(&lines, &[file]), ["no file uses `a-b`", "no file uses `c`"]);
    }
}
