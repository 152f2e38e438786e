//! The report for a person: place, line, what is wrong, the line to write; controls that fail and one line of summary at the end. What is wrong in the
//! same way at several places of a document is explained once, with all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::document::Place;
use crate::rules::{Finding, Severity, Verdict};

use super::checked::{Counts, Judged, RULES_PAGE, Unreadable, printable};
use super::{Checked, Entry, Report, Snippet, grouped};

/// Findings of a rule, and notes, that are shown of a document, at most. Nobody reads more of them.
const MOST: usize = 100;

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// The report and what its last line counts.
pub(super) struct Human {
    color: bool,
    /// Whether findings that are notes are shown, and not their count alone.
    notes: bool,
    /// Where only findings of a severity and worse are shown, and nothing else.
    quiet: Option<Severity>,
    counts: Counts,
    /// How often each control came to each verdict.
    verdicts: BTreeMap<&'static str, BTreeMap<Verdict, usize>>,
}

impl Human {
    pub(super) fn new(color: bool, notes: bool, quiet: Option<Severity>) -> Self {
        Self { color, notes, quiet, counts: Counts::default(), verdicts: BTreeMap::new() }
    }

    /// Whether a finding is listed.
    fn lists(&self, entry: &Entry) -> bool {
        match self.quiet {
            Some(least) => !entry.is_let_pass() && entry.finding.severity <= least,
            None => self.notes || entry.ignored.is_none() && entry.finding.severity != Severity::Note,
        }
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
    fn entry(&self, name: &str, document: Option<&str>, alike: &[&Entry]) -> String {
        let Some((entry, alike)) = alike.split_first() else { return String::new() };
        let Entry { finding, place, fix, ignored, line, left } = entry;
        let control = finding.control.map(|control| format!(", {control}")).unwrap_or_default();
        let mut text = format!(
            "{}: {}: {} [{}{control}]\n",
            self.paint(Style::Bold, &located(name, *place)),
            self.level(finding.severity, entry.word()),
            finding.summary,
            finding.rule,
        );
        if let (Some(place), Some(line)) = (place, line) {
            text.push_str(&self.marked(place.line, line, finding.severity));
        }
        writeln!(text, "  at {}", inside(finding, document)).expect(INFALLIBLE);
        paragraph(&mut text, &finding.detail());
        paragraph(&mut text, fix);
        if let Some(line) = ignored {
            writeln!(text, "  The comment on line {line} lets it pass.").expect(INFALLIBLE);
        }
        if let Some(reason) = left {
            paragraph(&mut text, &format!("It was not mended: {reason}."));
        }
        if !alike.is_empty() {
            text.push_str("  The same holds at\n");
        }
        for Entry { finding, place, .. } in alike {
            writeln!(text, "    {}: {}", located(name, *place), inside(finding, document)).expect(INFALLIBLE);
        }
        text.push('\n');
        text
    }

    /// What was mended, in a line each.
    fn mended(&self, name: &str, checked: &Checked) -> String {
        let line = |Entry { finding, place, .. }: &Entry| {
            format!(
                "{}: {}: {} [{}] at {}\n",
                self.paint(Style::Bold, &located(name, *place)),
                self.paint(Style::Green, "fixed"),
                finding.summary,
                finding.rule,
                inside(finding, checked.inside.as_deref())
            )
        };
        checked.fixed.iter().map(line).collect()
    }

    /// The line with what was found marked.
    fn marked(&self, number: usize, line: &Snippet, severity: Severity) -> String {
        let (number, shown) = (number.to_string(), printable(&line.text));
        let before = if line.is_inside { "… " } else { "" };
        let space = " ".repeat(number.len());
        let marks = self.level(severity, &"^".repeat(shown.chars().count()));
        let behind = " ".repeat(before.chars().count());
        format!("  {space} |\n  {number} | {before}{shown}\n  {space} | {behind}{marks}\n")
    }

    /// What Security Hub would say, control by control, where one fails.
    fn controls(&self) -> String {
        let mut controls: Vec<(&&str, &BTreeMap<Verdict, usize>)> = self.verdicts.iter().collect();
        controls.retain(|(_, counts)| counts.contains_key(&Verdict::Failed));
        controls.sort_unstable_by_key(|(control, _)| (control.len(), **control));
        let mut text = String::new();
        if !controls.is_empty() {
            text.push_str("Controls of Security Hub that fail, with the number of task definitions:\n");
        }
        for (control, counts) in controls {
            let count = |verdict| counts.get(&verdict).copied().unwrap_or_default();
            let failed = self.level(Severity::Error, &format!("{} failed", count(Verdict::Failed)));
            write!(text, "  {control:7} {failed}, {} passed", count(Verdict::Passed)).expect(INFALLIBLE);
            if count(Verdict::Undecided) > 0 {
                write!(text, ", {} undecided", count(Verdict::Undecided)).expect(INFALLIBLE);
            }
            text.push('\n');
        }
        text
    }

    fn read(&self, checked: &Checked, outcome: &Judged) -> String {
        let (file, name) = (printable(checked.artifact.name()), printable(&checked.name()));
        let document = checked.inside.as_deref();
        let (entries, more) = within_limit(outcome.entries.iter().filter(|entry| self.lists(entry)));
        // What says the same of other containers or places is explained once.
        let groups = grouped(entries, |entry| (entry.ignored, &entry.left, entry.finding.said()));
        let mut text = if self.quiet.is_some() { String::new() } else { self.mended(&file, checked) };
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend(groups.iter().map(|alike| self.entry(&file, document, alike)));
        for (rule, count) in more {
            writeln!(
                text,
                "{name}: note: {count} more of {rule} are not shown; --format json has all of them"
            )
            .expect(INFALLIBLE);
        }
        if self.quiet.is_some() {
            return text;
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

    fn unreadable(&self, checked: &Checked, problems: &[Unreadable]) -> String {
        let mut text = String::new();
        for problem in problems {
            // Without a place in the file the document has to be named.
            let name = match problem.place {
                Some(_) => printable(checked.artifact.name()),
                None => printable(&checked.name()),
            };
            writeln!(
                text,
                "{}: {}: {} [{}]",
                self.paint(Style::Bold, &located(&name, problem.place)),
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
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

impl Report for Human {
    fn begin(&mut self) -> String {
        String::new()
    }

    fn document(&mut self, checked: &Checked) -> String {
        self.counts.add(checked);
        for (control, outcome) in checked.outcome.iter().flat_map(|judged| &judged.verdicts) {
            *self.verdicts.entry(control).or_default().entry(outcome.verdict).or_default() += 1;
        }
        match &checked.outcome {
            Ok(outcome) => self.read(checked, outcome),
            Err(problems) => self.unreadable(checked, problems),
        }
    }

    fn passed_over(&mut self, name: &str, why: &str) -> String {
        if self.quiet.is_some() {
            return String::new();
        }
        format!("{}: note: passed over: {why}\n", printable(name))
    }

    fn end(&mut self) -> String {
        let Counts { documents, unreadable, errors, warnings, notes, waived, ignored, fixed } = self.counts;
        let mut summary = String::new();
        if self.quiet.is_some() {
            return summary;
        }
        summary.push_str(&self.controls());
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
        if fixed > 0 {
            write!(summary, ", {fixed} fixed").expect(INFALLIBLE);
        }
        if waived > 0 {
            write!(summary, ", {waived} waived").expect(INFALLIBLE);
        }
        if ignored > 0 {
            write!(summary, ", {ignored} ignored").expect(INFALLIBLE);
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

/// The place in the document and the container it is of, and which document of the file it is.
fn inside(finding: &Finding, document: Option<&str>) -> String {
    let mut place = printable(&shown(&finding.path.to_string()));
    if let Some(container) = &finding.container {
        write!(place, " (container {})", printable(&format!("{container:?}"))).expect(INFALLIBLE);
    }
    if let Some(document) = document {
        write!(place, " of {}", printable(document)).expect(INFALLIBLE);
    }
    place
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
