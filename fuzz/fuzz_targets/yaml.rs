//! YAML: a text that somebody wrote, and a document that is made out of all the bytes.
//!
//! The text ends at the first zero byte, which YAML does not have.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/properties/mod.rs"]
mod properties;
#[path = "../../tests/support/tasks/mod.rs"]
mod tasks;
#[path = "../../tests/support/yaml/mod.rs"]
mod written;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    if let Ok(text) = std::str::from_utf8(&data[..end]) {
        properties::yaml(text);
    }
    properties::yaml_comes_back(&written::tree(data));
});
