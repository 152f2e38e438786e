//! Made task definitions: mostly sound, with mess in them.

use std::fmt;

use ddrofs::document::Node;
use ddrofs::rofs::settings::Text;
use proptest::prelude::*;

use super::holds;
use super::tasks::{Choices, fill, forget, settings, way, written};

/// Bytes for decisions, which fail in one line.
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// As many as most documents need.
fn bytes() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..600).prop_map(Bytes)
}

/// A path that is one, is nearly one, or means something to a shell or to who reads its line.
fn path() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "conf.d",
        "checks.d",
        "x.d",
        "conf.yaml",
        "datadog.yaml",
        "auth_token",
        "..",
        ".",
        "",
        "tail",
        "/init",
        "agent run",
        "it's",
        "$(cp)",
        "; exec",
        "&& cp -r",
        "\"$X\"",
        "|| fail",
        "\u{e9}",
        "a-b",
        "a_b",
        "\n",
        "entrypoint.sh",
    ]);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"))
}

/// A content that is known or not.
fn content() -> impl Strategy<Value = Text> {
    prop_oneof![
        1 => Just(Text::Unknown),
        4 => "[ -~\n]{0,40}".prop_map(Text::Known),
        1 => Just(Text::from("instances:\n  - password: correct-horse-battery-staple\n")),
    ]
}

/// A document as it was written and as it was read, if it can be.
fn document(choices: &mut Choices<'_>) -> Option<Node> {
    let written = written(choices);
    let reading = holds::reading(&written)?;
    Some(reading.document)
}

proptest! {
    // What failed is a document for a test of its own; its bytes mean another one as soon as anything is made otherwise.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_made_task_definition_is_read_the_same_again(bytes in bytes()) {
        let written = written(&mut Choices::new(&bytes.0));
        holds::canonical_form(&written);
        if let Some(reading) = holds::reading(&written) {
            holds::canonical_form(&reading.document);
        }
    }

    #[test]
    fn a_made_task_definition_is_judged_the_same_again_and_tells_no_value(bytes in bytes()) {
        let written = written(&mut Choices::new(&bytes.0));
        holds::judging(&written);
        if let Some(reading) = holds::reading(&written) {
            holds::judging(&reading.document);
        }
    }

    #[test]
    fn what_is_unknown_in_a_made_task_definition_is_undecided_and_never_a_finding(bytes in bytes(), more in bytes()) {
        let Some(document) = document(&mut Choices::new(&bytes.0)) else { return Ok(()) };
        let mut choices = Choices::new(&more.0);
        let mut unknown = document.clone();
        forget(&mut choices, &mut unknown);
        holds::unknowns_are_undecided(&unknown, &document);
        let mut filled = unknown.clone();
        fill(&mut choices, &mut filled);
        holds::unknowns_are_undecided(&unknown, &filled);
    }

    #[test]
    fn a_file_of_the_configuration_is_written_or_told(
        files in prop::collection::btree_map(path(), content(), 0..4),
    ) {
        holds::files(files);
    }

    #[test]
    fn a_made_task_definition_loses_nothing_when_it_is_hardened(bytes in bytes(), more in bytes()) {
        let Some(document) = document(&mut Choices::new(&bytes.0)) else { return Ok(()) };
        let mut choices = Choices::new(&more.0);
        let settings = settings(&mut choices);
        holds::hardening(&document, &way(&mut choices, &settings, &document));
    }
}

/// The same bytes for hundreds of documents in every run.
fn many() -> Vec<Vec<u8>> {
    let mut state = 1_u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..300).map(|_| (0..400).map(|_| byte()).collect()).collect()
}

/// The properties above would hold for documents that nothing is found in, too.
#[test]
fn made_task_definitions_are_read_mostly_and_found_fault_with_in_many_ways() {
    let made = many();
    let read: Vec<Node> = made.iter().filter_map(|bytes| document(&mut Choices::new(bytes))).collect();
    assert!(read.len() > 200, "{} of {} are read", read.len(), made.len());
    let mut rules: Vec<_> = read
        .iter()
        .flat_map(|document| holds::judging(document).findings)
        .map(|finding| finding.rule)
        .collect();
    rules.sort_unstable();
    rules.dedup();
    assert!(rules.len() > 20, "found by {rules:?}");
}

/// Nor would it say much if most documents collided, or were not known far enough to be hardened twice.
#[test]
fn made_task_definitions_are_mostly_hardened_and_not_skipped() {
    let mut outcomes = Vec::new();
    let made = many();
    for (bytes, more) in made.iter().zip(made.iter().rev()) {
        let Some(document) = document(&mut Choices::new(bytes)) else { continue };
        let mut choices = Choices::new(more);
        let settings = settings(&mut choices);
        outcomes.push(holds::hardening(&document, &way(&mut choices, &settings, &document)));
    }
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let hardened = count(holds::Outcome::Hardened);
    assert!(hardened > outcomes.len() / 2, "{hardened} of {} are hardened and wholly known", outcomes.len());
    assert!(count(holds::Outcome::HardenedInPart) > 0, "some are not known yet in part");
}
