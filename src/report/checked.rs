//! A document that was checked, as reports need it.

use std::collections::BTreeMap;

use super::snippet::Lines;
use super::{Snippet, snippet};
use crate::document::{Path, Place};
use crate::ecs::{Note, Places};
use crate::rules::{self, CATALOGUE, DocumentKind, Finding, Form, Judgement, Rule, Severity};

/// A document and what was found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What was checked.
    pub artifact: Artifact,
    /// Which of the documents that it holds; none where it is one.
    pub inside: Option<String>,
    /// What was found, or why it could not be read.
    pub outcome: Result<Judged, Vec<Unreadable>>,
    /// What was found before, and was mended.
    pub fixed: Vec<Entry>,
}

/// What a document is called, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// A file, by the path that was given.
    File(String),
    /// Something without a file, such as standard input or an attribute.
    Unfiled(String),
}

impl Artifact {
    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Artifact::File(name) | Artifact::Unfiled(name) => name,
        }
    }
}

/// What was found in a document that could be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// The findings, in the order of the document.
    pub entries: Vec<Entry>,
    /// The rules that could not decide.
    pub undecided: Vec<&'static str>,
    /// What was read differently from how it was written.
    pub notes: Vec<Note>,
    /// The verdicts, control by control.
    pub verdicts: BTreeMap<&'static str, rules::Outcome>,
}

/// A finding and where its text stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The finding.
    pub finding: Finding,
    /// Where it stands in the text, where there is one.
    pub place: Option<Place>,
    /// What to change, in sentences with the lines to write as the document is written.
    pub fix: String,
    /// What of its line may be shown.
    pub line: Option<Snippet>,
    /// The line of the comment that lets it pass.
    pub ignored: Option<usize>,
    /// Why it was not mended, where what to write is certain and somebody asked for it.
    pub left: Option<String>,
}

impl Entry {
    /// Whether somebody lets it pass.
    pub fn is_let_pass(&self) -> bool {
        self.ignored.is_some() || self.finding.is_let_pass()
    }

    /// What it counts as, in a word.
    pub fn word(&self) -> &'static str {
        if self.ignored.is_some() { "ignored" } else { self.finding.severity_word() }
    }
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong with it: a sentence without a value of the document.
    pub detail: String,
    /// What to do about it.
    pub fix: String,
    /// Where the text is at fault.
    pub place: Option<Place>,
}

impl Checked {
    /// A document that was judged, without any policy. `text` is what it was read from, where that is JSON text.
    pub fn judged(artifact: Artifact, text: Option<&str>, notes: Vec<Note>, judgement: Judgement) -> Self {
        let find = |paths: &[&Path]| match text {
            Some(text) => {
                let places = Places::around(text, paths.iter().copied());
                paths.iter().map(|path| places.find(path)).collect()
            }
            None => vec![None; paths.len()],
        };
        Self::placed(artifact, &find, &rules::Json, notes, judgement)
    }

    /// A document that was judged. `find` says where places of it stand in its text, and `form` how lines in it are written.
    pub fn placed(
        artifact: Artifact,
        find: &dyn Fn(&[&Path]) -> Vec<Option<Place>>,
        form: &dyn Form,
        notes: Vec<Note>,
        judgement: Judgement,
    ) -> Self {
        let Judgement { findings, undecided, verdicts, .. } = judgement;
        // Most documents of a clean fleet have no finding, and then nobody asks for places.
        let places = match findings.as_slice() {
            [] => Vec::new(),
            findings => find(&findings.iter().map(|finding| &finding.path).collect::<Vec<_>>()),
        };
        let entry = |(finding, place): (Finding, Option<Place>)| Entry {
            place,
            fix: finding.fix_in(form),
            finding,
            line: None,
            ignored: None,
            left: None,
        };
        let entries = findings.into_iter().zip(places).map(entry).collect();
        Self::of(artifact, Ok(Judged { entries, undecided, notes, verdicts }))
    }

    /// A document that could not be read.
    pub fn unreadable(artifact: Artifact, problems: Vec<Unreadable>) -> Self {
        Self::of(artifact, Err(problems))
    }

    fn of(artifact: Artifact, outcome: Result<Judged, Vec<Unreadable>>) -> Self {
        Self { artifact, inside: None, outcome, fixed: Vec::new() }
    }

    /// The same, called so among the documents of its file.
    #[must_use]
    pub fn inside(self, name: Option<String>) -> Self {
        Self { inside: name, ..self }
    }

    /// What it is called: the file, and which document of it.
    pub fn name(&self) -> String {
        match &self.inside {
            Some(inside) => format!("{} ({inside})", self.artifact.name()),
            None => self.artifact.name().to_owned(),
        }
    }

    /// What a program for findings of any kind is told of one: which document of the file it is of, what was found and, behind `joint`,
    /// what to write.
    pub(super) fn message(&self, entry: &Entry, joint: &str) -> String {
        let document = self.inside.as_ref().map(|inside| format!("{inside}: ")).unwrap_or_default();
        format!("{document}{}{joint}{}", entry.finding.detail(), entry.fix)
    }

    /// The same of why it cannot be read.
    pub(super) fn message_of(&self, problem: &Unreadable) -> String {
        let document = self.inside.as_ref().map(|inside| format!("{inside}: ")).unwrap_or_default();
        format!("{document}{} {}", problem.detail, problem.fix)
    }

    /// With what may be shown of the lines of this text.
    pub fn show_lines(&mut self, text: &str) {
        let Ok(judged) = &mut self.outcome else { return };
        if judged.entries.is_empty() {
            return;
        }
        let lines = Lines::of(text);
        for entry in &mut judged.entries {
            entry.line = entry.place.and_then(|place| snippet(&lines, place, &entry.finding.path));
        }
    }

    /// The findings; none where the document could not be read.
    pub fn entries(&self) -> &[Entry] {
        self.outcome.as_ref().map_or(&[], |outcome| &outcome.entries)
    }

    /// How many findings of that severity there are, waived ones not among them.
    pub fn count(&self, severity: Severity) -> usize {
        let counts = |entry: &&Entry| !entry.is_let_pass() && entry.finding.severity == severity;
        self.entries().iter().filter(counts).count()
    }
}

/// How many documents a report holds, and how many of what is in them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) documents: usize,
    pub(super) unreadable: usize,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
    pub(super) waived: usize,
    pub(super) ignored: usize,
    pub(super) fixed: usize,
}

impl Counts {
    /// Counts a document.
    pub(super) fn add(&mut self, checked: &Checked) {
        self.documents += 1;
        self.fixed += checked.fixed.len();
        self.unreadable += usize::from(checked.outcome.is_err());
        self.errors += checked.count(Severity::Error);
        self.warnings += checked.count(Severity::Warning);
        self.notes += checked.count(Severity::Note);
        let (ignored, others): (Vec<_>, Vec<_>) =
            checked.entries().iter().partition(|entry| entry.ignored.is_some());
        self.ignored += ignored.len();
        self.waived += others.iter().filter(|entry| entry.is_let_pass()).count();
    }
}

impl Unreadable {
    /// The name under which an unreadable document stands among the rules.
    pub(super) const RULE: &'static str = "unreadable-document";

    /// Its summary.
    pub(super) const SUMMARY: &'static str = "The document cannot be read";

    /// What it is about.
    pub(super) const ABOUT: &'static str = "A document that cannot be read is not checked by any rule. It has to be JSON or YAML \
         and say what a task definition, a template or a workload says.";
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The name of every rule about task definitions, in the catalogue's order.
pub(super) fn names_of_rules() -> impl Iterator<Item = &'static str> {
    let judges_it = |rule: &&&Rule| rule.judges.covers(DocumentKind::TaskDefinition);
    CATALOGUE.iter().filter(judges_it).map(|rule| rule.name)
}

/// The page with the table of all rules.
pub const RULES_PAGE: &str = "https://registry.terraform.io/providers/ddrofs/ddrofs/latest/docs/guides/rules";

/// Where the section of a rule is: under its name, on the page of its topic. What is named like a rule has its section on the
/// page with the table.
pub fn page_of(rule: &str) -> String {
    match CATALOGUE.iter().find(|known| known.name == rule) {
        Some(known) => format!("{RULES_PAGE}-{}#{rule}", known.topic.slug()),
        None => format!("{RULES_PAGE}#{rule}"),
    }
}

/// A text for one place in one line of a report.
pub(super) fn printable(text: &str) -> String {
    crate::printable::printable(text).replace(['\n', '\t'], "\u{fffd}")
}
