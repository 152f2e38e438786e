//! Every limit of ECS that `domain/src/ecs/shapes/limits.rs` names is asked for by somebody: a rule, or what rules read.

use super::arrows::shipped;
use super::{TextFile, assert_none, read, rust_files};

const LIMITS: &str = "domain/src/ecs/shapes/limits.rs";

#[test]
fn every_limit_has_a_reader() {
    let files = rust_files();
    let readers: Vec<&TextFile> = shipped(&files).filter(|file| file.path != LIMITS).collect();
    let limits = limits(&read(LIMITS));
    assert!(limits.len() > 20, "only {} limits were found: they are written otherwise by now", limits.len());
    assert_none(unread(&limits, &readers));
}

/// The limits that no file asks for.
fn unread(limits: &[String], readers: &[&TextFile]) -> Vec<String> {
    let is_read = |limit: &String| readers.iter().any(|file| asks_for(&file.text, limit));
    let unread = limits.iter().filter(|limit| !is_read(limit));
    unread.map(|limit| format!("{LIMITS}: nobody reads {limit}, so nothing is found there")).collect()
}

/// Whether a text names a limit, as a whole word. Comments do not count.
fn asks_for(text: &str, limit: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let is_word = |letter: char| letter.is_alphanumeric() || "_./".contains(letter);
    code.into_iter().any(|line| line.split(|letter| !is_word(letter)).any(|word| word == limit))
}

/// The constants that the file offers, and the places of its ranges.
fn limits(text: &str) -> Vec<String> {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    let constants = shipped.lines().filter_map(|line| line.strip_prefix("pub const "));
    let constants = constants.filter_map(|rest| rest.split(':').next()).map(str::to_owned);
    let places =
        shipped.split("path: \"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    constants.chain(places).collect()
}

#[test]
fn a_limit_without_a_reader_is_found() {
    let limits = limits(
        "pub const TAGS: usize = 50;\npub const NAMES: usize = 5;\n    Range { path: \"/a.b\", range: 1..=2 },\n",
    );
    assert_eq!(limits, ["TAGS", "NAMES", "/a.b"]);
    let file = |text: &str| TextFile { path: "domain/src/rules/x.rs".to_owned(), text: text.to_owned() };
    let (all, none) = (file("TAGS + NAMES\nout_of_range(\"/a.b\")"), file("MY_TAGS\n// NAMES\n\"/a.b.c\""));
    assert_eq!(unread(&limits, &[&all]), [""; 0]);
    assert_eq!(unread(&limits, &[&none]).len(), 3);
}
