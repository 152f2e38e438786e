//! The report as JUnit's XML: a test suite for each document, a test case for each rule.
//!
//! A rule that found something has a test case for each container, so that each problem is a line of its own in a CI
//! system. An error is a failure. A warning, a waived finding and a rule that could not decide are skipped tests: they are
//! shown, and nothing fails. A note is a test that passed and has something to say. A document that cannot be read is an error of its suite.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::rules::Severity;

use super::checked::{Judged, Unreadable, names_of_rules, page_of};
use super::xml::{attribute, element};
use super::{Checked, Entry, Report};

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// The report; it has nothing to remember.
pub(super) struct Junit;

impl Report for Junit {
    fn begin(&mut self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"task definitions\">\n".to_owned()
    }

    fn document(&mut self, checked: &Checked) -> String {
        let name = checked.name();
        let cases = match &checked.outcome {
            Ok(outcome) => read(outcome),
            Err(problems) => vec![unreadable(problems)],
        };
        let count = |wanted: fn(&Kind) -> bool| cases.iter().filter(|case| wanted(&case.kind)).count();
        let mut text = format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
            attribute(&name),
            cases.len(),
            count(|kind| matches!(kind, Kind::Failure { .. })),
            count(|kind| matches!(kind, Kind::Error { .. })),
            count(|kind| matches!(kind, Kind::Skipped { .. })),
        );
        cases.iter().for_each(|case| case.write(&name, &mut text));
        text.push_str("  </testsuite>\n");
        text
    }

    fn end(&mut self) -> String {
        "</testsuites>\n".to_owned()
    }
}

/// A test case.
struct Case {
    name: String,
    kind: Kind,
}

/// How a test case ended.
enum Kind {
    Passed,
    Noted { text: String },
    Failure { message: &'static str, rule: &'static str, text: String },
    Error { message: &'static str, text: String },
    Skipped { message: String, text: Option<String> },
}

fn read(outcome: &Judged) -> Vec<Case> {
    let mut found: BTreeMap<(&str, Option<&str>), Vec<&Entry>> = BTreeMap::new();
    for entry in &outcome.entries {
        found.entry((entry.finding.rule, entry.finding.container.as_deref())).or_default().push(entry);
    }
    let mut cases: Vec<Case> =
        found.iter().map(|((rule, container), entries)| case(rule, *container, entries)).collect();
    for rule in names_of_rules() {
        if outcome.undecided.contains(&rule) {
            let message = "undecided: the document alone does not tell".to_owned();
            cases.push(Case {
                name: format!("{rule} (undecided)"),
                kind: Kind::Skipped { message, text: None },
            });
        } else if !outcome.entries.iter().any(|entry| entry.finding.rule == rule) {
            cases.push(Case { name: rule.to_owned(), kind: Kind::Passed });
        }
    }
    cases.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// The findings of a rule in one container, or outside any.
fn case(rule: &str, container: Option<&str>, entries: &[&Entry]) -> Case {
    let texts: Vec<String> = entries.iter().map(|entry| text(entry)).collect();
    let text = format!("{}\n{}", texts.join("\n\n"), page_of(rule));
    let name = container.map_or_else(|| rule.to_owned(), |container| format!("{rule} ({container})"));
    let worst = entries.iter().min_by_key(|entry| (entry.ignored.is_some(), entry.finding.severity));
    let kind = match worst {
        Some(Entry { finding, ignored: None, .. }) if finding.severity == Severity::Error => {
            Kind::Failure { message: finding.summary, rule: finding.rule, text }
        }
        Some(entry) if entry.word() == "note" => Kind::Noted { text },
        Some(entry) => {
            let message = format!("{}: {}", entry.word(), entry.finding.summary);
            Kind::Skipped { message, text: Some(text) }
        }
        None => Kind::Passed,
    };
    Case { name, kind }
}

fn text(entry: &Entry) -> String {
    let Entry { finding, place, fix, .. } = entry;
    let line =
        place.map(|place| format!(" (line {}, column {})", place.line, place.column)).unwrap_or_default();
    format!("{}{line}\n{}\n{fix}", finding.path, finding.detail())
}

fn unreadable(problems: &[Unreadable]) -> Case {
    let texts: Vec<String> =
        problems.iter().map(|problem| format!("{}\n{}", problem.detail, problem.fix)).collect();
    Case {
        name: Unreadable::RULE.to_owned(),
        kind: Kind::Error { message: Unreadable::SUMMARY, text: texts.join("\n\n") },
    }
}

impl Case {
    fn write(&self, document: &str, out: &mut String) {
        let head =
            format!("    <testcase classname=\"{}\" name=\"{}\"", attribute(document), attribute(&self.name));
        match &self.kind {
            Kind::Passed => writeln!(out, "{head}/>"),
            Kind::Noted { text } => {
                writeln!(out, "{head}>\n      <system-out>{}</system-out>\n    </testcase>", element(text))
            }
            Kind::Failure { message, rule, text } => writeln!(
                out,
                "{head}>\n      <failure message=\"{}\" type=\"{rule}\">{}</failure>\n    </testcase>",
                attribute(message),
                element(text)
            ),
            Kind::Error { message, text } => writeln!(
                out,
                "{head}>\n      <error message=\"{message}\" type=\"{}\">{}</error>\n    </testcase>",
                Unreadable::RULE,
                element(text)
            ),
            Kind::Skipped { message, text } => {
                let output = text
                    .as_ref()
                    .map(|text| format!("\n      <system-out>{}</system-out>", element(text)))
                    .unwrap_or_default();
                writeln!(
                    out,
                    "{head}>\n      <skipped message=\"{}\"/>{output}\n    </testcase>",
                    attribute(message)
                )
            }
        }
        .expect(INFALLIBLE);
    }
}
