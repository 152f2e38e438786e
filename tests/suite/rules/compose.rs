//! Judges Compose files: our own, of every kind that people write, and those that the provider makes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ddrofs::compose::with_tags;
use ddrofs::document::{Node, yaml};
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Seeding, Settings};
use ddrofs::rules::{DocumentKind, Finding, Judgement, Severity, form_of, judge_document};
use expect_test::expect_file;

use crate::corpus;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the provider makes, as it is on record.
fn made() -> Vec<PathBuf> {
    let entries = root().join("tests/golden/compose").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|own| own == "yaml")).collect();
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Our own files with their texts.
fn own() -> Vec<(String, String)> {
    corpus::compose()
}

fn file(text: &str) -> Node {
    let yaml = yaml::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    with_tags(yaml.node, &yaml.remarks)
}

/// A line for each finding in each file, with line and column.
#[test]
fn every_compose_file_of_ours_is_judged_as_before() {
    let mut table = String::new();
    for (name, text) in own() {
        writeln!(table, "{name}").unwrap();
        let judgement = judge_document(DocumentKind::Compose, &file(&text), None);
        let places = yaml::read(&text).ok().unwrap().places;
        for finding in &judgement.findings {
            let place = places.find(&finding.path).expect("every finding stands somewhere in the text");
            let severity = format!("{:?}", finding.severity).to_lowercase();
            let at = format!("{}:{}", place.line, place.column);
            writeln!(table, "  {at:6} {severity:7} {:29} {}", finding.rule, finding.path).unwrap();
        }
        if !judgement.undecided.is_empty() {
            writeln!(table, "  undecided: {}", judgement.undecided.join(", ")).unwrap();
        }
    }
    expect_file![root().join("tests/golden/rules/compose.txt")].assert_eq(&table);
}

#[test]
fn what_the_provider_makes_is_sound() {
    for path in made() {
        let file = file(&fs::read_to_string(&path).unwrap());
        let settings =
            Settings { platform: Platform::Compose, seeding: Seeding::ImageVolumes, ..Settings::default() };
        let is_filled_by_the_image = name(&path) == "image_volumes.yaml";
        let judgement =
            judge_document(DocumentKind::Compose, &file, is_filled_by_the_image.then_some(&settings));
        // What the user's own services say is theirs.
        let is_ours = |found: &&Finding| {
            found.container.as_deref().is_none_or(|name| ["datadog-agent", "datadog-init"].contains(&name))
        };
        let ours = judgement.findings.iter().filter(is_ours);
        // Whether user 100 may use the machine's socket is the machine's to say.
        let expected: &[&str] =
            if name(&path) == "user.yaml" { &["docker-socket-not-readable"] } else { &[] };
        assert_eq!(ours.map(|found| found.rule).collect::<Vec<_>>(), expected, "{}", name(&path));
    }
}

/// Every line to write, one after the other, until nothing is left that a line mends.
#[test]
fn the_lines_to_write_mend_a_file_of_mistakes() {
    let (_, text) = own().into_iter().find(|(name, _)| name == "mistakes.yaml").unwrap();
    let mut file = file(&text);
    let bad = |judgement: Judgement| {
        judgement
            .findings
            .into_iter()
            .find(|finding| finding.severity != Severity::Note && !finding.fix.edits().is_empty())
    };
    let mut written = 0;
    while let Some(finding) = bad(judge_document(DocumentKind::Compose, &file, None)) {
        finding.fix.apply(&mut file);
        written += 1;
        assert!(written < 30, "{} stays: {}", finding.rule, finding.fix_in(form_of(DocumentKind::Compose)));
    }
    assert!(written >= 12, "{written}");
    let left = judge_document(DocumentKind::Compose, &file, None).findings;
    assert!(left.is_empty(), "{left:#?}");
}

/// What is found while a value is not known is found whatever it is, and what is found only with it was undecided.
#[test]
fn a_value_that_is_not_known_is_undecided_and_never_guessed() {
    let rules =
        |judgement: &Judgement| judgement.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>();
    for (name, text) in own() {
        let file = file(&text);
        let whole = judge_document(DocumentKind::Compose, &file, None);
        for position in 0..count(&file) {
            let mut open = file.clone();
            forget(&mut open, &mut position.clone());
            let before = judge_document(DocumentKind::Compose, &open, None);
            for rule in rules(&before) {
                assert!(
                    rules(&whole).contains(&rule),
                    "{rule} is guessed in {name} without value {position}"
                );
            }
            for rule in rules(&whole) {
                let is_open = before.undecided.contains(&rule) || rules(&before).contains(&rule);
                assert!(is_open, "{rule} is neither found nor undecided in {name} without value {position}");
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
