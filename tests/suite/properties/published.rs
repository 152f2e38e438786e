//! Our own task definitions and published ones: all of them, each value of theirs unknown in turn.

use super::holds;
use super::tasks::{Choices, forget, settings, way};
use crate::corpus;

/// Decisions that differ from file to file and from round to round.
fn decisions(name: &str, round: u8) -> Vec<u8> {
    name.bytes()
        .cycle()
        .take(64)
        .enumerate()
        .map(|(at, byte)| byte.wrapping_mul(at as u8 | 1) ^ round)
        .collect()
}

#[test]
fn every_task_definition_is_read_and_judged_the_same_again() {
    for (_, text) in corpus::files() {
        let written = holds::text(&text).expect("the corpus is JSON");
        let reading = holds::reading(&written).expect("the corpus holds task definitions");
        holds::canonical_form(&reading.document);
        holds::judging(&reading.document);
    }
}

#[test]
fn what_is_unknown_in_a_task_definition_is_undecided_and_never_a_finding() {
    for (name, document) in corpus::documents() {
        for round in 0..20 {
            let mut unknown = document.clone();
            forget(&mut Choices::new(&decisions(&name, round)), &mut unknown);
            holds::unknowns_are_undecided(&unknown, &document);
        }
    }
}

#[test]
fn every_task_definition_loses_nothing_when_it_is_hardened() {
    for (name, document) in corpus::documents() {
        for round in 0..8 {
            let decisions = decisions(&name, round);
            let mut choices = Choices::new(&decisions);
            let settings = settings(&mut choices);
            holds::hardening(&document, &way(&mut choices, &settings, &document));
        }
    }
}
