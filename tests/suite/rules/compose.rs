//! Judges Compose files: our own, of every kind that people write, and those that the provider makes.

use ddrofs::compose::with_tags;
use ddrofs::document::yaml;
use ddrofs::rofs::platform::Platform;
use ddrofs::rules::DocumentKind;

use super::elsewhere::Documents;
use crate::corpus;

const FILES: Documents = Documents {
    kind: DocumentKind::Compose,
    platform: Platform::Compose,
    name: "compose",
    extension: "yaml",
    of_the_user: &["database", "web"],
    // Whether user 100 may use the machine's socket is the machine's to say.
    open_to_the_machine: &[("user", "docker-socket-not-readable")],
    own: corpus::compose,
    read: |text| {
        let yaml = yaml::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
        with_tags(yaml.node, &yaml.remarks)
    },
    place: |text, path| {
        let places = yaml::read(text).ok().unwrap().places;
        let place = places.find(path).expect("every finding stands somewhere in the text");
        (place.line, place.column)
    },
    mistakes: 12,
};

#[test]
fn every_compose_file_of_ours_is_judged_as_before() {
    FILES.are_judged_as_before();
}

#[test]
fn what_the_provider_makes_is_sound() {
    FILES.made_are_sound();
}

#[test]
fn the_lines_to_write_mend_a_file_of_mistakes() {
    FILES.lines_to_write_mend_the_mistakes();
}

#[test]
fn a_value_that_is_not_known_is_undecided_and_never_guessed() {
    FILES.unknown_values_are_undecided();
}
