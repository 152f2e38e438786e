//! JSON, the form of stored state and of types on the wire. Numbers keep every digit. Knows no schema and no message.

mod decode;
mod encode;
mod type_text;

#[cfg(test)]
mod tests;

pub use decode::{Surplus, decode, decode_untyped};
pub use encode::encode;
pub use type_text::{decode_type, encode_type};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::CodecError;
use super::limits::DEEPEST_NESTING;

/// One level of a JSON text: what is inside is not read yet. So numbers keep their digits, and nesting costs no stack
/// until it is asked for.
enum Level<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(String),
    Array(Vec<&'a RawValue>),
    Object(std::collections::BTreeMap<String, &'a RawValue>),
}

impl<'a> Level<'a> {
    fn read(raw: &'a RawValue, depth: usize) -> Result<Self, CodecError> {
        if depth > DEEPEST_NESTING {
            return Err(CodecError::new(format!("nested more than {DEEPEST_NESTING} levels deep")));
        }
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'n') => Ok(Level::Null),
            Some(b't' | b'f') => read(text).map(Level::Bool),
            Some(b'"') => read(text).map(Level::String),
            Some(b'[') => read(text).map(Level::Array),
            Some(b'{') => read(text).map(Level::Object),
            _ => Ok(Level::Number(text)),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, CodecError> {
    serde_json::from_str(text).map_err(not_json)
}

/// Only what kind of mistake it is and where: serde's own text may repeat part of the value.
fn not_json(error: serde_json::Error) -> CodecError {
    CodecError::new(format!("not valid JSON at line {}, column {}", error.line(), error.column()))
}
