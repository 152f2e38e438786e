//! What holds for the documents of every platform but ECS: the rules judge our own of every kind that people write as they did before,
//! find nothing in what the provider makes, and guess nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ddrofs::document::{self, Node};
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Seeding, Settings};
use ddrofs::rules::{DocumentKind, Finding, Judgement, Severity, form_of, judge_document};
use expect_test::expect_file;

/// A platform, and the documents of it that tests are about.
pub(super) struct Documents {
    pub(super) kind: DocumentKind,
    pub(super) platform: Platform,
    /// Its folder in `tests/golden/`, and its table in `tests/golden/rules/`.
    pub(super) name: &'static str,
    /// How the names of golden documents end that the provider writes.
    pub(super) extension: &'static str,
    /// Containers in them that are the user's.
    pub(super) of_the_user: &'static [&'static str],
    /// What is found of the provider's own in a golden document, because only the machine can say: its name, the rule.
    pub(super) open_to_the_machine: &'static [(&'static str, &'static str)],
    /// Our own with their names.
    pub(super) own: fn() -> Vec<(String, String)>,
    /// Reads a text as the provider does.
    pub(super) read: fn(&str) -> Node,
    /// The line and the column of a part.
    pub(super) place: fn(&str, &document::Path) -> (usize, usize),
    /// How many lines to write the file `mistakes` has at least.
    pub(super) mistakes: usize,
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

impl Documents {
    /// What the provider makes, as it is on record, by the name of its file.
    fn made(&self) -> Vec<(String, String)> {
        let entries = golden().join(self.name).read_dir().unwrap().map(|entry| entry.unwrap().path());
        let files = entries.filter(|path| path.extension().is_some_and(|own| own == self.extension));
        let mut made: Vec<_> = files
            .map(|path| {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(path).unwrap())
            })
            .collect();
        made.sort();
        assert!(made.len() >= 8, "{made:?}");
        made
    }

    fn judge(&self, document: &Node) -> Judgement {
        judge_document(self.kind, document, None)
    }

    /// A line for each finding in each of our own, with line and column.
    pub(super) fn are_judged_as_before(&self) {
        let mut table = String::new();
        for (name, text) in (self.own)() {
            writeln!(table, "{name}").unwrap();
            let judgement = self.judge(&(self.read)(&text));
            for finding in &judgement.findings {
                let (line, column) = (self.place)(&text, &finding.path);
                let severity = format!("{:?}", finding.severity).to_lowercase();
                let at = format!("{line}:{column}");
                writeln!(table, "  {at:6} {severity:7} {:29} {}", finding.rule, finding.path).unwrap();
            }
            if !judgement.undecided.is_empty() {
                writeln!(table, "  undecided: {}", judgement.undecided.join(", ")).unwrap();
            }
        }
        expect_file![golden().join("rules").join(format!("{}.txt", self.name))].assert_eq(&table);
    }

    /// No finding in any container that the provider made, whatever its name.
    pub(super) fn made_are_sound(&self) {
        for (name, text) in self.made() {
            let settings =
                Settings { platform: self.platform, seeding: Seeding::ImageVolumes, ..Settings::default() };
            // Only the settings tell that the image fills its volumes.
            let agent = name.starts_with("image_volumes").then_some(&settings);
            let judgement = judge_document(self.kind, &(self.read)(&text), agent);
            let is_ours = |found: &&Finding| {
                found.container.as_deref().is_none_or(|name| !self.of_the_user.contains(&name))
            };
            let ours = judgement.findings.iter().filter(is_ours);
            let told: Vec<_> = ours.map(|found| (name.as_str(), found.rule)).collect();
            let open = self.open_to_the_machine.iter().filter(|(file, _)| *file == name);
            assert_eq!(told, open.copied().collect::<Vec<_>>(), "{name}: {:#?}", judgement.findings);
        }
    }

    /// Every line to write, one after the other, until nothing is left that a line mends.
    pub(super) fn lines_to_write_mend_the_mistakes(&self) {
        let mistakes = (self.own)().into_iter().find(|(name, _)| name.starts_with("mistakes."));
        let mut document = (self.read)(&mistakes.unwrap().1);
        let bad = |judgement: Judgement| {
            let is_mended =
                |found: &Finding| found.severity != Severity::Note && !found.fix.edits().is_empty();
            judgement.findings.into_iter().find(is_mended)
        };
        let mut written = 0;
        while let Some(finding) = bad(self.judge(&document)) {
            finding.fix.apply(&mut document);
            written += 1;
            assert!(written < 40, "{} stays: {}", finding.rule, finding.fix_in(form_of(self.kind)));
        }
        assert!(written >= self.mistakes, "{written}");
        let left = self.judge(&document).findings;
        assert!(left.is_empty(), "{left:#?}");
    }

    /// What is found while a value is not known is found whatever it is, and what is found only with it was undecided.
    pub(super) fn unknown_values_are_undecided(&self) {
        let rules = |judgement: &Judgement| -> Vec<&str> {
            judgement.findings.iter().map(|finding| finding.rule).collect()
        };
        for (name, text) in (self.own)() {
            let document = (self.read)(&text);
            let found = rules(&self.judge(&document));
            for position in 0..count(&document) {
                let mut open = document.clone();
                forget(&mut open, &mut position.clone());
                let judgement = self.judge(&open);
                let before = rules(&judgement);
                for rule in &before {
                    assert!(found.contains(rule), "{rule} is guessed in {name} without value {position}");
                }
                for rule in &found {
                    let is_open = judgement.undecided.contains(rule) || before.contains(rule);
                    assert!(
                        is_open,
                        "{rule} is neither found nor undecided in {name} without value {position}"
                    );
                }
            }
        }
    }
}

fn count(node: &Node) -> usize {
    1 + match node {
        Node::Array(items) => items.iter().map(count).sum(),
        Node::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Makes one value unknown, by its position in the order of a walk.
fn forget(node: &mut Node, position: &mut usize) -> bool {
    if *position == 0 {
        *node = Node::Unknown;
        return true;
    }
    *position -= 1;
    match node {
        Node::Array(items) => items.iter_mut().any(|item| forget(item, position)),
        Node::Object(members) => members.iter_mut().any(|(_, member)| forget(member, position)),
        _ => false,
    }
}
