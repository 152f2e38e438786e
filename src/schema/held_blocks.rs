//! Whether a value holds its blocks as the schema wants them, which a type alone cannot say.

use super::{Block, Nesting};
use crate::value::{CodecError, PathStep, Value};

impl Block {
    /// Checks what a type cannot say: lists and sets of blocks are empty rather than null. A null value, an object that is
    /// not there, is right. So are blocks of which it is not known how many there will be: a `dynamic` block with a
    /// `for_each` that is known at apply is sent like that, and a core takes it back like that in a planned state. A block
    /// among others is never unknown by itself.
    pub fn check_blocks(&self, value: &Value) -> Result<(), CodecError> {
        if value.is_null() {
            return Ok(());
        }
        for nested in &self.blocks {
            let step = |error: CodecError| error.within(PathStep::Attribute(nested.name.clone()));
            let held = value.get(&nested.name);
            match (nested.nesting, held) {
                (_, Value::Unknown(_)) => {}
                (Nesting::Single, Value::Null | Value::Map(_)) => {
                    nested.block.check_blocks(held).map_err(step)?
                }
                (Nesting::List | Nesting::Set, Value::List(blocks)) => {
                    for (index, block) in blocks.iter().enumerate() {
                        let index = PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX));
                        match block {
                            Value::Map(_) => nested.block.check_blocks(block),
                            _ => Err(CodecError::new("a block is required")),
                        }
                        .map_err(|error| step(error.within(index)))?;
                    }
                }
                (Nesting::Single, _) => return Err(step(CodecError::new("a block or null is required"))),
                (Nesting::List | Nesting::Set, _) => {
                    return Err(step(CodecError::new(
                        "a list of blocks is required, empty if there are none",
                    )));
                }
            }
        }
        Ok(())
    }
}
