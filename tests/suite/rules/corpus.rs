//! Judges our own task definitions and those that people published and compares the findings with golden files, so that
//! a change of a rule shows in review what it does to real documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use ddrofs::document::{Node, parse};
use ddrofs::ecs::read;
use ddrofs::rules::{Judgement, Severity, judge};
use ddrofs::task::{Around, Seen};
use expect_test::expect_file;

use crate::corpus;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The document of a file. Of a bare list of containers the rest of the task definition is not known.
fn seen(text: &str) -> Seen {
    let reading = read(parse(text).expect("the corpus is JSON")).expect("the corpus holds task definitions");
    Seen::of(reading.document, &Around::default())
}

fn judge_text(text: &str) -> Judgement {
    judge(&seen(text).subject(None))
}

#[test]
fn every_task_definition_of_ours_is_judged_as_before() {
    expect_file![root().join("tests/golden/rules/documents.txt")].assert_eq(&findings(corpus::own()));
}

#[test]
fn every_published_task_definition_is_judged_as_before() {
    let published = corpus::published();
    if !published.is_empty() {
        expect_file![root().join("tests/golden/rules/corpus.txt")].assert_eq(&findings(published));
    }
}

/// A line for each finding in each of these files.
fn findings(files: Vec<(String, String)>) -> String {
    let mut table = String::new();
    for (name, text) in files {
        writeln!(table, "{name}").unwrap();
        let judgement = judge_text(&text);
        for finding in &judgement.findings {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            writeln!(table, "  {severity:7} {:30} {}", finding.rule, finding.path).unwrap();
        }
        if !judgement.undecided.is_empty() {
            writeln!(table, "  undecided: {}", judgement.undecided.join(", ")).unwrap();
        }
    }
    table
}

/// No false alarm: an error stops a plan, so each one on a real document has to have its reason.
#[test]
fn every_error_in_a_task_definition_of_ours_has_its_reason_on_record() {
    assert_eq!(errors(corpus::own()), recorded("documents_errors.txt"));
}

#[test]
fn every_error_in_a_published_task_definition_has_its_reason_on_record() {
    let published = corpus::published();
    let recorded = if published.is_empty() { Vec::new() } else { recorded("corpus_errors.txt") };
    assert_eq!(errors(published), recorded);
}

/// The errors that a file of `tests/golden/rules/` gives the reasons of.
fn recorded(name: &str) -> Vec<String> {
    let record = std::fs::read_to_string(root().join("tests/golden/rules").join(name)).unwrap();
    let mut recorded = Vec::new();
    let mut lines = record.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).peekable();
    while let Some(error) = lines.next() {
        let reason = lines.next_if(|line| line.starts_with("  "));
        assert!(reason.is_some_and(|reason| reason.trim().ends_with('.')), "why is this real: {error}");
        recorded.push(error.to_owned());
    }
    recorded
}

/// File, rule and place of every error.
fn errors(files: Vec<(String, String)>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files {
        let errors =
            judge_text(&text).findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        found.extend(errors.map(|finding| format!("{name} {} {}", finding.rule, finding.path)));
    }
    found
}

/// A rule warns of a document once, at all its places, in a plan and in a report alike.
#[test]
fn half_of_the_published_task_definitions_get_two_warnings_at_most() {
    let mut warnings: Vec<usize> = corpus::published()
        .iter()
        .map(|(_, text)| {
            let findings = judge_text(text).findings;
            let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
            warnings.map(|finding| finding.rule).collect::<BTreeSet<_>>().len()
        })
        .collect();
    warnings.sort_unstable();
    if let Some(median) = warnings.get(warnings.len() / 2) {
        assert!(*median <= 2, "{warnings:?}");
    }
}

#[test]
fn no_finding_repeats_a_value_of_the_environment() {
    const CONFIDENTIAL: &str = "nobody-may-see-this";
    for (name, text) in corpus::files() {
        let mut seen = seen(&text);
        let replaced = replace_values(&mut seen.document, CONFIDENTIAL, false);
        let judgement = judge(&seen.subject(None));
        let telling = judgement.findings.iter().find(|finding| format!("{finding:?}").contains(CONFIDENTIAL));
        assert!(telling.is_none(), "{name}, {replaced} values: {telling:?}");
    }
}

/// Puts a text in place of every value of a variable and of every log option, and counts them. Where an environment file
/// lies is no secret.
fn replace_values(node: &mut Node, text: &str, inside: bool) -> usize {
    match node {
        Node::String(value) if inside => {
            text.clone_into(value);
            1
        }
        Node::Array(items) => items.iter_mut().map(|item| replace_values(item, text, inside)).sum(),
        Node::Object(members) => (members.iter_mut())
            .filter(|(key, _)| key.as_str() != "environmentFiles")
            .map(|(key, value)| {
                let inside = inside || matches!(key.as_str(), "value" | "valueFrom" | "options");
                replace_values(value, text, inside)
            })
            .sum(),
        _ => 0,
    }
}
