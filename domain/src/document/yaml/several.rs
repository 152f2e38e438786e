//! A text with several documents.

use super::read::read_within;
use super::{MAX_BYTES, MAX_VALUES, Yaml, YamlProblem, YamlProblemKind};
use crate::document::path::Path;
use crate::document::places::Place;

/// One document of a text.
pub struct Document<'t> {
    /// What it says.
    pub yaml: Yaml<'t>,
    /// Its text.
    pub text: &'t str,
    /// The byte of the whole text where that begins.
    pub start: usize,
    /// The lines of the text before it.
    lines_before: usize,
}

impl Document<'_> {
    /// The lines of the text before it.
    pub fn lines_before(&self) -> usize {
        self.lines_before
    }

    /// The place in the whole text.
    pub fn place(&self, place: Place) -> Place {
        moved(place, self.lines_before)
    }
}

fn moved(place: Place, lines: usize) -> Place {
    Place { line: place.line + lines, ..place }
}

/// Reads YAML text with one document or several. Those with nothing in them are left out. The error holds everything that was
/// found in all of them, with the places of the whole text.
pub fn read_all(text: &str) -> Result<Vec<Document<'_>>, Vec<YamlProblem>> {
    let whole = |kind| Err(vec![YamlProblem { path: Path::default(), place: None, kind }]);
    if text.len() > MAX_BYTES {
        return whole(YamlProblemKind::TooLong(text.len()));
    }
    let parts = parts(text);
    if parts.is_empty() {
        return whole(YamlProblemKind::Empty);
    }
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    let mut limit = MAX_VALUES;
    for (start, lines_before, part) in parts {
        match read_within(part, &mut limit) {
            Ok(yaml) => documents.push(Document { yaml, text: part, start, lines_before }),
            Err(found) => problems.extend(found.into_iter().map(|mut problem| {
                problem.place = problem.place.map(|place| moved(place, lines_before));
                if let YamlProblemKind::DuplicateKey { first, .. } = &mut problem.kind {
                    *first = moved(*first, lines_before);
                }
                problem
            })),
        }
    }
    if problems.is_empty() { Ok(documents) } else { Err(problems) }
}

/// The documents of a text, each with the byte where it begins and the number of lines before it. A line that begins with three hyphens begins one wherever
/// it stands (YAML 1.2.2, 9.1.3, read 2026-11).
fn parts(text: &str) -> Vec<(usize, usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut lines_before) = (0, 0);
    let (mut has_content, mut has_mark) = (false, false);
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let behind =
            line.strip_prefix("---").filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if behind.is_some() && (has_content || has_mark) {
            if has_content {
                parts.push((start, lines_before, &text[start..at]));
            }
            (start, lines_before) = (at, number);
            has_content = false;
        }
        has_mark |= behind.is_some();
        let said = behind.unwrap_or(line).trim_start_matches('\u{feff}').trim();
        let is_directive = behind.is_none() && line.starts_with('%');
        has_content |=
            !(said.is_empty() || said.starts_with('#') || said == "..." || is_directive && !has_mark);
        at += line.len();
    }
    if has_content {
        parts.push((start, lines_before, &text[start..]));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::to_json;

    fn all(text: &str) -> Vec<String> {
        let read = read_all(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        read.iter().map(|document| to_json(&document.yaml.node).unwrap()).collect()
    }

    #[test]
    fn documents_are_read_one_by_one() {
        for (text, read) in [
            ("a: 1\n", &[r#"{"a":1}"#][..]),
            ("a: 1\n---\nb: 2\n", &[r#"{"a":1}"#, r#"{"b":2}"#]),
            ("---\na: 1\n---\n# nothing\n---\nb: 2\n---\n", &[r#"{"a":1}"#, r#"{"b":2}"#]),
            ("%YAML 1.2\n---\na: 1\n...\n---\nb: 2", &[r#"{"a":1}"#, r#"{"b":2}"#]),
            ("--- {a: 1}\n--- # said\nb: 2\r\n---\r\nc: 3\r\n", &[r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":3}"#]),
            ("\u{feff}---\na: |\n  x\n  --- y\n  ---\n", &["{\"a\":\"x\\n--- y\\n---\\n\"}"]),
            ("a: ---x\n---x: 1\n", &[r#"{"---x":1,"a":"---x"}"#]),
        ] {
            assert_eq!(all(text), read, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_of_all_of_them_at_the_places_of_the_text() {
        let told = |text: &str| -> Vec<String> {
            let problems = read_all(text).err().expect("something is wrong");
            problems.iter().map(ToString::to_string).collect()
        };
        let problems = told("a: 1\na: 2\n---\nb: 1\nc: 2\nb: 3\n");
        assert!(
            problems[0].contains("first at line 1, column 1") && problems[0].ends_with("(line 2, column 1)")
        );
        assert!(
            problems[1].contains("first at line 4, column 1") && problems[1].ends_with("(line 6, column 1)")
        );
        assert_eq!(told("---\n# nothing\n---\n").len(), 1);
        assert_eq!(told(&"a".repeat(MAX_BYTES + 1)).len(), 1);
    }
}
