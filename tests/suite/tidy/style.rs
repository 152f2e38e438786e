//! How files look, and what no file may contain.

use super::source::code;
use super::{TextFile, assert_none, rust_files, text_files};

/// Where somebody's machine or a package registry's own host shows. Written in pieces, or this file would be found.
const FOREIGN: [&str; 10] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\Users"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("proxy.go", "lang.org"),
    concat!("registry.npmjs", ".org"),
];

/// Names that say nothing about what is inside.
const DRAWERS: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "misc", "manager"];

#[test]
fn every_module_begins_with_what_it_is_for() {
    assert_none(rust_files().iter().flat_map(missing_module_comment).collect());
}

#[test]
fn lines_have_no_trailing_spaces_and_files_end_with_one_line_break() {
    assert_none(text_files().iter().flat_map(untidy_spaces).collect());
}

#[test]
fn no_merge_is_left_unfinished() {
    assert_none(text_files().iter().flat_map(conflict_markers).collect());
}

#[test]
fn no_test_is_ignored_and_every_exception_from_a_lint_has_its_reason() {
    assert_none(rust_files().iter().flat_map(unreasoned_attributes).collect());
}

#[test]
fn no_file_names_somebodys_machine_or_a_registrys_host() {
    assert_none(
        text_files().iter().filter(|file| file.path != "Cargo.lock").flat_map(foreign_places).collect(),
    );
}

#[test]
fn files_are_named_after_the_one_thing_in_them() {
    assert_none(rust_files().iter().filter_map(|file| drawer(&file.path)).collect());
}

/// A `tests.rs` beside its module is explained by that module.
fn missing_module_comment(file: &TextFile) -> Option<String> {
    let is_bare = !file.text.starts_with("//! ") && file.name() != "tests.rs";
    is_bare.then(|| format!("{}: begin with `//!` and what this file is for", file.path))
}

/// Expected outputs and inputs of tests are data: they may hold whatever a program printed.
fn is_data(path: &str) -> bool {
    path.starts_with("tests/golden/") || path.starts_with("tests/cases/") || path == "Cargo.lock"
}

fn untidy_spaces(file: &TextFile) -> Vec<String> {
    let TextFile { path, text } = file;
    if is_data(path) || text.is_empty() {
        return Vec::new();
    }
    let mut problems: Vec<_> = text
        .split('\n')
        .enumerate()
        .filter(|(_, line)| line.ends_with([' ', '\t', '\r']))
        .map(|(index, _)| format!("{path}:{}: trailing space", index + 1))
        .collect();
    if !text.ends_with('\n') || text.ends_with("\n\n") {
        problems.push(format!("{path}: end with one line break"));
    }
    problems
}

/// What git leaves where two branches did not agree. `=======` alone could be a heading.
fn conflict_markers(file: &TextFile) -> Vec<String> {
    let is_marker = |line: &str| {
        ['<', '>'].iter().any(|side| line.starts_with(&format!("{} ", side.to_string().repeat(7))))
    };
    let lines = file.text.lines().enumerate().filter(|(_, line)| is_marker(line));
    lines.map(|(index, _)| format!("{}:{}: a merge that nobody finished", file.path, index + 1)).collect()
}

fn unreasoned_attributes(file: &TextFile) -> Vec<String> {
    let code = code(&file.text);
    let mut problems = Vec::new();
    for (at, _) in code.match_indices("#[").chain(code.match_indices("#![")) {
        let line = code[..at].matches('\n').count() + 1;
        let attribute: String =
            code[at..].trim_start_matches(['#', '!', '[']).chars().take_while(|char| *char != ']').collect();
        if attribute.trim() == "ignore" || attribute.starts_with("ignore ") {
            problems
                .push(format!("{}:{line}: assert today's behaviour instead of ignoring the test", file.path));
        }
        let is_exception = ["allow(", "expect("].iter().any(|name| attribute.contains(name));
        if is_exception && !attribute.contains("reason") {
            problems.push(format!("{}:{line}: say `reason = \"...\"` with the exception", file.path));
        }
    }
    problems
}

fn foreign_places(file: &TextFile) -> Vec<String> {
    let hits = |line: &str| FOREIGN.iter().find(|place| line.contains(**place)).copied();
    let lines = file.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| Some(format!("{}:{}: names `{}`", file.path, index + 1, hits(line)?)))
        .collect()
}

fn drawer(path: &str) -> Option<String> {
    let is_drawer = |part: &str| DRAWERS.contains(&part.trim_end_matches(".rs"));
    path.split('/').any(is_drawer).then(|| format!("{path}: name it after the one thing in it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_module_without_its_comment_is_reported() {
        assert!(missing_module_comment(&file("src/a.rs", "use b;\n")).is_some());
        assert!(missing_module_comment(&file("src/a.rs", "//! A.\n")).is_none());
        assert!(missing_module_comment(&file("src/a/tests.rs", "use super::*;\n")).is_none());
    }

    #[test]
    fn untidy_spaces_are_reported_with_their_line() {
        assert_eq!(untidy_spaces(&file("a.md", "x\ny \nz\n")), ["a.md:2: trailing space"]);
        assert_eq!(untidy_spaces(&file("a.md", "x\r\n")).len(), 1);
        assert_eq!(untidy_spaces(&file("a.md", "x")), ["a.md: end with one line break"]);
        assert_eq!(untidy_spaces(&file("a.md", "x\n\n")), ["a.md: end with one line break"]);
        assert_eq!(untidy_spaces(&file("a.md", "x\n")), [""; 0]);
    }

    #[test]
    fn an_unfinished_merge_is_reported() {
        let text = format!("{} HEAD\na\n=======\nb\n{} branch\n", "<".repeat(7), ">".repeat(7));
        assert_eq!(conflict_markers(&file("a.md", &text)).len(), 2);
    }

    #[test]
    fn ignored_tests_and_unreasoned_exceptions_are_reported() {
        let count = |text: &str| unreasoned_attributes(&file("src/a.rs", text)).len();
        assert_eq!(count("#[ignore]\nfn a() {}"), 1);
        assert_eq!(count("#[ignore = \"slow\"]\nfn a() {}"), 1);
        assert_eq!(count("#[allow(unused)]\nfn a() {}"), 1);
        assert_eq!(count("#![expect(unused)]"), 1);
        assert_eq!(count("#[expect(unused, reason = \"why\")]\n#[must_use]\nfn a() {} // #[ignore]"), 0);
    }

    #[test]
    fn a_developers_path_is_reported() {
        let text = format!("a\nsee {}me/project\n", FOREIGN[0]);
        assert_eq!(foreign_places(&file("a.md", &text)).len(), 1);
        assert_eq!(foreign_places(&file("a.md", "mount /tmp and /etc/datadog-agent\n")), [""; 0]);
    }

    #[test]
    fn a_drawer_is_reported() {
        assert!(drawer("src/a/utils.rs").is_some());
        assert!(drawer("tests/common/mod.rs").is_some());
        assert!(drawer("src/a/common_prefix.rs").is_none());
    }
}
