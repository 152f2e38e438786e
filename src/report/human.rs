//! The report for a person: place, what is wrong, the line to write; one line of summary at the end. What is wrong in the
//! same way at several places of a document is explained once, with all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::document::Place;
use crate::rules::{Finding, Severity};

use super::checked::{Counts, Judged, RULES_PAGE, Unreadable, printable};
use super::{Checked, Entry, Report, grouped};

/// Findings of a rule, and notes, that are shown of a document, at most. Nobody reads more of them.
const MOST: usize = 100;

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// The report and what its last line counts.
pub(super) struct Human {
    color: bool,
    /// Whether findings that are notes are shown, and not their count alone.
    notes: bool,
    counts: Counts,
}

impl Human {
    pub(super) fn new(color: bool, notes: bool) -> Self {
        Self { color, notes, counts: Counts::default() }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.color {
            true => format!("\u{1b}[{}m{text}\u{1b}[0m", style as u8),
            false => text.to_owned(),
        }
    }

    fn level(&self, level: Severity, word: &str) -> String {
        let style = match level {
            Severity::Error => Style::Red,
            Severity::Warning => Style::Yellow,
            Severity::Note => Style::Cyan,
        };
        self.paint(style, word)
    }

    /// What was found at a place, and the further places of which the same is to be said.
    fn entry(&self, name: &str, alike: &[&Entry]) -> String {
        let Some((Entry { finding, place }, alike)) = alike.split_first() else { return String::new() };
        let control = finding.control.map(|control| format!(", {control}")).unwrap_or_default();
        let mut text = format!(
            "{}: {}: {} [{}{control}]\n  at {}\n",
            self.paint(Style::Bold, &located(name, *place)),
            self.level(finding.severity, finding.severity_word()),
            finding.summary,
            finding.rule,
            inside(finding),
        );
        paragraph(&mut text, &finding.detail());
        paragraph(&mut text, &finding.fix_text());
        if !alike.is_empty() {
            text.push_str("  The same holds at\n");
        }
        for Entry { finding, place } in alike {
            writeln!(text, "    {}: {}", located(name, *place), inside(finding)).expect(INFALLIBLE);
        }
        text.push('\n');
        text
    }

    fn read(&self, name: &str, outcome: &Judged) -> String {
        let listed =
            outcome.entries.iter().filter(|entry| self.notes || entry.finding.severity != Severity::Note);
        let (entries, more) = within_limit(listed);
        // What says the same of other containers or places is explained once.
        let groups = grouped(entries, |entry| entry.finding.said());
        let mut text: String = groups.iter().map(|alike| self.entry(name, alike)).collect();
        for (rule, count) in more {
            writeln!(
                text,
                "{name}: note: {count} more of {rule} are not shown; --format json has all of them"
            )
            .expect(INFALLIBLE);
        }
        for note in outcome.notes.iter().take(MOST) {
            let place = printable(&shown(&note.path.to_string()));
            writeln!(text, "{name}: note: {place}: {}", printable(&note.text)).expect(INFALLIBLE);
        }
        if let Some(count) = outcome.notes.len().checked_sub(MOST).filter(|count| *count > 0) {
            writeln!(text, "{name}: note: {count} more notes are not shown; --format json has all of them")
                .expect(INFALLIBLE);
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
    Cyan = 36,
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
        let Counts { documents, unreadable, errors, warnings, notes, waived } = self.counts;
        let mut summary = String::new();
        let shown = errors + warnings + waived + if self.notes { notes } else { 0 };
        if shown > 0 {
            writeln!(summary, "Every rule has its section, with examples, in {RULES_PAGE}")
                .expect(INFALLIBLE);
        }
        write!(
            summary,
            "{} checked: {}, {}",
            counted(documents, "document"),
            counted(errors, "error"),
            counted(warnings, "warning"),
        )
        .expect(INFALLIBLE);
        if notes > 0 {
            write!(summary, ", {}", counted(notes, "note")).expect(INFALLIBLE);
            if !self.notes {
                summary.push_str(" (--notes lists them)");
            }
        }
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

/// The findings that are shown, in their order, and how many more there are of a rule.
fn within_limit<'e>(
    entries: impl Iterator<Item = &'e Entry>,
) -> (Vec<&'e Entry>, BTreeMap<&'static str, usize>) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for entry in entries {
        let count = counts.entry(entry.finding.rule).or_default();
        *count += 1;
        if *count <= MOST {
            shown.push(entry);
        }
    }
    counts.retain(|_, count| *count > MOST);
    counts.values_mut().for_each(|count| *count -= MOST);
    (shown, counts)
}

/// The place in the document and the container it is of.
fn inside(finding: &Finding) -> String {
    let place = printable(&shown(&finding.path.to_string()));
    match &finding.container {
        Some(container) => format!("{place} (container {})", printable(&format!("{container:?}"))),
        None => place,
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
