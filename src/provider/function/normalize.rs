//! `normalize`: one text for one meaning.

use crate::diagnostics::FunctionError;
use crate::document::{self, Node};
use crate::framework::{Function, Signature};
use crate::value::{Type, Value};

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
             own units, lists that ECS takes as sets in order, and nothing that only repeats a default or that ECS \
             sets by itself. Two texts are equal exactly when ECS would run the same. Applied to its own result it changes \
             nothing. A list of container definitions stays a list; everything else becomes an object.\n\n\
             The text is for comparing, hashing and reading. It is unknown while any value in the definitions is.",
            vec![super::definitions_parameter("definitions", "What to normalize.")],
            Type::String,
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let Some(definitions) = Definitions::read(&arguments[0], "definitions", 0)? else {
            return Ok(super::unknown());
        };
        Ok(document::to_json(&canonical(definitions)).map_or_else(|_| super::unknown(), Value::from))
    }
}

/// The canonical form, in the form that was given.
fn canonical(definitions: Definitions) -> Node {
    let Definitions { reading, is_list } = definitions;
    let alone = reading.is_containers_alone();
    let canonical = document::canonicalize(reading.into_task());
    match (is_list, alone) {
        (true, _) => canonical.get("containerDefinitions").clone(),
        (false, true) => {
            Node::from([("containerDefinitions", canonical.get("containerDefinitions").clone())])
        }
        (false, false) => canonical,
    }
}
