//! Text that is no task definition, almost one, or one: reading, canonical form and every rule.
//!
//! The text ends at the first zero byte; what follows decides which values are not known yet.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/properties/mod.rs"]
mod properties;
#[path = "../../tests/support/tasks/mod.rs"]
mod tasks;

fuzz_target!(|data: &[u8]| {
    let (text, mut choices) = tasks::split(data);
    let Some(written) = std::str::from_utf8(text).ok().and_then(properties::text) else { return };
    properties::canonical_form(&written);
    properties::judging(&written);
    let Some(reading) = properties::reading(&written) else { return };
    properties::canonical_form(&reading.document);
    properties::judging(&reading.document);
    let mut unknown = reading.document.clone();
    tasks::forget(&mut choices, &mut unknown);
    properties::canonical_form(&unknown);
    properties::unknowns_are_undecided(&unknown, &reading.document);
});
