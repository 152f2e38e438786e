//! `verdicts`: what Security Hub would say.

use crate::diagnostics::FunctionError;
use crate::framework::{Function, Signature};
use crate::rules::{CATALOGUE, Outcome, Verdict};
use crate::value::{Type, Value};

use super::super::judged_value;
use super::definitions::Definitions;

/// The function.
pub(super) struct Verdicts;

impl Function for Verdicts {
    fn name(&self) -> &'static str {
        "verdicts"
    }

    fn signature(&self) -> Signature {
        super::signature(
            "What Security Hub would say of a task definition, control by control.",
            "Gives a map from Security Hub control, such as `ECS.5`, to `PASSED`, `FAILED`, `NOT_APPLICABLE` or \
             `UNDECIDED`. `UNDECIDED` says that the definitions alone do not tell: in a list of container \
             definitions nothing stands of the operating system and the roles of the task.\n\n\
             With values in it that are not known yet, every control whose verdict those values could still change is \
             unknown by itself, and the others are known: a failure is certain whatever the rest turns out to be.",
            vec![super::definitions_parameter("definitions", "What to judge.")],
            Type::map(Type::String),
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let Some(definitions) = Definitions::read(&arguments[0], "definitions", 0)? else {
            let controls = CATALOGUE.iter().filter_map(|rule| rule.control);
            return Ok(Value::Map(controls.map(|control| (control.to_owned(), super::unknown())).collect()));
        };
        let known = definitions.is_wholly_known();
        let (_, verdicts) = definitions.judge();
        let verdicts = verdicts.into_iter().map(|(control, Outcome { verdict, .. })| {
            let may_change = !known && verdict == Verdict::Undecided;
            (control.to_owned(), if may_change { super::unknown() } else { judged_value::verdict(verdict) })
        });
        Ok(Value::Map(verdicts.collect()))
    }
}
