//! `strip`: what `harden` added, taken out again.

use crate::diagnostics::FunctionError;
use crate::document;
use crate::framework::{Function, Signature};
use crate::merge;
use crate::value::{Type, Value};

use super::super::hardening;
use super::definitions::Definitions;

/// The function.
pub(super) struct Strip;

impl Function for Strip {
    fn name(&self) -> &'static str {
        "strip"
    }

    fn signature(&self) -> Signature {
        super::signature(
            "Takes out again what `harden` added.",
            "Gives definitions as they were before `harden`, as JSON text in the form that was given. `harden` leaves a label \
             at each container that says what was added to it, and nothing but what a label names is taken out: \
             what was there before stays, and so does what came later. Definitions without such a label come back with \
             the same meaning. `normalize` of the result is `normalize` of what was hardened.\n\n\
             The text is unknown while any value in the definitions is.",
            vec![super::definitions_parameter("definitions", "What to strip.")],
            Type::String,
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let Some(Definitions { reading, .. }) = Definitions::read_to_write(&arguments[0], "definitions", 0)?
        else {
            return Ok(super::unknown());
        };
        let is_list = reading.is_list;
        let stripped = merge::strip(reading.document).document;
        let given = hardening::in_form(stripped, is_list);
        Ok(document::to_json(&given).map_or_else(|_| super::unknown(), Value::from))
    }
}
