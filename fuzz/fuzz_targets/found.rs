//! A text of any kind: which documents it holds, where they stand, and a change of each in place.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/properties/mod.rs"]
mod properties;
#[path = "../../tests/support/tasks/mod.rs"]
mod tasks;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        properties::found(text);
    }
});
