//! JSON, the form of stored state and of types on the wire. Numbers keep every digit. Knows no schema and no message.

mod decode;
mod encode;
mod reader;
mod type_text;

#[cfg(test)]
mod tests;

pub use decode::{Surplus, decode, decode_untyped, revive_dynamic};
pub use encode::encode;
pub use type_text::{decode_type, encode_type};

use super::CodecError;
use super::limits::DEEPEST_NESTING;

/// Every reader and writer here asks this on each level, because each level takes stack.
fn check_depth(depth: usize) -> Result<(), CodecError> {
    match depth > DEEPEST_NESTING {
        true => Err(CodecError::new(format!("nested more than {DEEPEST_NESTING} levels deep"))),
        false => Ok(()),
    }
}
