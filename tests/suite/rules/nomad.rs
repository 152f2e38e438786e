//! Judges jobs of Nomad: our own, of every kind that people write, and those that the provider makes.

use ddrofs::document::{Node, Places, hcl, parse};
use ddrofs::nomad::is_left_for_the_client;
use ddrofs::rofs::platform::Platform;
use ddrofs::rules::DocumentKind;

use super::elsewhere::Documents;
use crate::corpus;

fn read(text: &str) -> Node {
    match text.starts_with('{') {
        true => parse(text).unwrap(),
        false => hcl::read(text, is_left_for_the_client).unwrap().node,
    }
}

const JOBS: Documents = Documents {
    kind: DocumentKind::Nomad,
    platform: Platform::Nomad,
    name: "nomad",
    extension: "hcl",
    of_the_user: &[],
    open_to_the_machine: &[],
    own: corpus::nomad,
    read,
    place: |text, path| {
        let place = match text.starts_with('{') {
            true => Places::of(text).find(path).expect("every finding stands somewhere in the text"),
            false => hcl::read(text, is_left_for_the_client).unwrap().place(text, path),
        };
        (place.line, place.column)
    },
    mistakes: 12,
};

#[test]
fn every_job_of_ours_is_judged_as_before() {
    JOBS.are_judged_as_before();
}

#[test]
fn what_the_provider_makes_is_sound() {
    JOBS.made_are_sound();
}

#[test]
fn the_lines_to_write_mend_a_job_of_mistakes() {
    JOBS.lines_to_write_mend_the_mistakes();
}

#[test]
fn a_value_that_is_not_known_is_undecided_and_never_guessed() {
    JOBS.unknown_values_are_undecided();
}
