//! A task definition that is hardened: the one that the text says, otherwise one that is made out of all the bytes.
//!
//! The text ends at the first zero byte; what follows decides on what is to be done.

#![no_main]

use ddrofs::document::parse;
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/properties/mod.rs"]
mod properties;
#[path = "../../tests/support/tasks/mod.rs"]
mod tasks;

fuzz_target!(|data: &[u8]| {
    let (text, choices) = tasks::split(data);
    let written = std::str::from_utf8(text).ok().and_then(|text| parse(text).ok());
    let (written, mut choices) = match written {
        Some(written) => (written, choices),
        None => {
            let mut choices = tasks::Choices::new(data);
            (tasks::written(&mut choices), choices)
        }
    };
    let Some(reading) = properties::reading(&written) else { return };
    let settings = tasks::settings(&mut choices);
    let way = tasks::way(&mut choices, &settings, &reading.document);
    properties::hardening(&reading.document, &way);
});
