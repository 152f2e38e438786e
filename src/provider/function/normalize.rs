//! `normalize`: one text for one meaning.

use crate::diagnostics::FunctionError;
use crate::framework::{Function, Signature};
use crate::value::{Type, Value};

use super::super::hardening;
use super::definitions::Definitions;

/// The function.
pub(super) struct Normalize;

impl Function for Normalize {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn signature(&self) -> Signature {
        super::signature(
            "Definitions in their canonical form: equal meaning is equal text.",
            "Gives the canonical form as JSON text: the API's spelling, keys in order, numbers as numbers, amounts in ECS's \
             own units, lists that ECS treats as sets in order, and nothing that only repeats a default or that ECS \
             sets by itself. Two texts are equal exactly when ECS would run the same. Applied to its own result it changes \
             nothing. A list of container definitions stays a list; everything else becomes an object.\n\n\
             The text is for comparing, hashing and reading. It is unknown while any value in the definitions is.",
            vec![super::definitions_parameter("definitions", "What to normalize.")],
            Type::String,
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let Some(Definitions { reading, .. }) = Definitions::read_to_write(&arguments[0], "definitions", 0)?
        else {
            return Ok(super::unknown());
        };
        Ok(hardening::normalized(reading).map_or_else(super::unknown, Value::from))
    }
}
