//! The report for a person: place, what is wrong, the line to write; one line of summary at the end.

use std::fmt::Write as _;

use crate::document::Place;
use crate::rules::Severity;

use super::checked::{Counts, Judged, Unreadable, page, printable};
use super::{Checked, Entry, Report};

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// The report and what its last line counts.
pub(super) struct Human {
    color: bool,
    counts: Counts,
}

impl Human {
    pub(super) fn new(color: bool) -> Self {
        Self { color, counts: Counts::default() }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.color {
            true => format!("\u{1b}[{}m{text}\u{1b}[0m", style as u8),
            false => text.to_owned(),
        }
    }

    fn level(&self, level: Severity, word: &str) -> String {
        self.paint(if level == Severity::Error { Style::Red } else { Style::Yellow }, word)
    }

    fn entry(&self, name: &str, entry: &Entry) -> String {
        let Entry { finding, place } = entry;
        let control = finding.control.map(|control| format!(", {control}")).unwrap_or_default();
        let mut text = format!(
            "{}: {}: {} [{}{control}]\n",
            self.paint(Style::Bold, &located(name, *place)),
            self.level(finding.severity, finding.severity_word()),
            finding.summary,
            finding.rule,
        );
        let container = finding
            .container
            .as_ref()
            .map(|container| format!(" (container {container:?})"))
            .unwrap_or_default();
        writeln!(text, "  at {}{}", printable(&shown(&finding.path.to_string())), printable(&container))
            .expect(INFALLIBLE);
        paragraph(&mut text, &finding.detail);
        paragraph(&mut text, &finding.fix);
        writeln!(text, "  {}\n", page(finding.rule)).expect(INFALLIBLE);
        text
    }

    fn read(&self, name: &str, outcome: &Judged) -> String {
        let mut text: String = outcome.entries.iter().map(|entry| self.entry(name, entry)).collect();
        for note in &outcome.notes {
            let place = printable(&shown(&note.path.to_string()));
            writeln!(text, "{name}: note: {place}: {}", printable(&note.text)).expect(INFALLIBLE);
        }
        if !outcome.undecided.is_empty() {
            writeln!(
                text,
                "{name}: note: not decided, because the document alone does not tell: {}",
                outcome.undecided.join(", ")
            )
            .expect(INFALLIBLE);
        }
        text
    }

    fn unreadable(&self, name: &str, problems: &[Unreadable]) -> String {
        let mut text = String::new();
        for problem in problems {
            writeln!(
                text,
                "{}: {}: {} [{}]",
                self.paint(Style::Bold, &located(name, problem.place)),
                self.level(Severity::Error, "error"),
                Unreadable::SUMMARY,
                Unreadable::RULE,
            )
            .expect(INFALLIBLE);
            paragraph(&mut text, &problem.detail);
            paragraph(&mut text, &problem.fix);
            text.push('\n');
        }
        text
    }
}

/// The colors a terminal knows by number.
#[derive(Clone, Copy)]
enum Style {
    Bold = 1,
    Red = 31,
    Yellow = 33,
}

impl Report for Human {
    fn begin(&mut self) -> String {
        String::new()
    }

    fn document(&mut self, checked: &Checked) -> String {
        self.counts.add(checked);
        let name = printable(checked.artifact.name());
        match &checked.outcome {
            Ok(outcome) => self.read(&name, outcome),
            Err(problems) => self.unreadable(&name, problems),
        }
    }

    fn end(&mut self) -> String {
        let Counts { documents, unreadable, errors, warnings, waived } = self.counts;
        let mut summary = format!(
            "{} checked: {}, {}",
            counted(documents, "document"),
            counted(errors, "error"),
            counted(warnings, "warning"),
        );
        if waived > 0 {
            write!(summary, ", {waived} waived").expect(INFALLIBLE);
        }
        if unreadable > 0 {
            write!(summary, "; {unreadable} could not be read").expect(INFALLIBLE);
        }
        summary.push_str(".\n");
        summary
    }
}

/// The place as editors and terminals jump to it.
fn located(name: &str, place: Option<Place>) -> String {
    match place {
        Some(Place { line, column }) => format!("{name}:{line}:{column}"),
        None => name.to_owned(),
    }
}

/// The path; the whole document has none.
fn shown(path: &str) -> String {
    if path.is_empty() { "the whole document".to_owned() } else { path.to_owned() }
}

/// Adds a text, indented, with its own line breaks kept.
fn paragraph(text: &mut String, paragraph: &str) {
    for line in paragraph.lines() {
        writeln!(text, "  {}", printable(line)).expect(INFALLIBLE);
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
