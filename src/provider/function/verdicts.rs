//! `verdicts`: what Security Hub would say.

use crate::diagnostics::FunctionError;
use crate::framework::{Function, Signature};
use crate::rules::{CATALOGUE, Outcome, Verdict};
use crate::value::{Type, Value};

use super::super::judged_value;
use super::definitions::Definitions;
use super::options;

/// The function.
pub(super) struct Verdicts;

impl Function for Verdicts {
    fn name(&self) -> &'static str {
        "verdicts"
    }

    fn signature(&self) -> Signature {
        let signature = super::signature(
            "What Security Hub would say of a task definition, control by control.",
            "Gives a map from Security Hub control, such as `ECS.5`, to `PASSED`, `FAILED`, `NOT_APPLICABLE` or \
             `UNDECIDED`. `UNDECIDED` says that the definitions alone do not tell.\n\n\
             Container definitions alone are judged as those of a Linux task unless something in them says Windows: an \
             image, a user or a path that only Windows has. The rest of the task, such as its tags, volumes and network \
             mode, is not known, and only controls that look there are `UNDECIDED`. The options tell what definitions do not \
             say themselves.\n\n\
             With values in it that are not known yet, every control whose verdict those values could still change is \
             unknown by itself, and the others are known: a failure is certain whatever the rest turns out to be.",
            vec![super::definitions_parameter("definitions", "What to judge.")],
            Type::map(Type::String),
        );
        Signature { variadic_parameter: Some(super::around_parameter()), ..signature }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let definitions = Definitions::read(&arguments[0], "definitions", 0)?;
        let (Some(definitions), Some(around)) = (definitions, options::around(&arguments)?) else {
            let controls = CATALOGUE.iter().filter_map(|rule| rule.control);
            return Ok(controls.map(|control| (control.to_owned(), super::unknown())).collect());
        };
        let known = definitions.is_wholly_known() && around.is_wholly_known();
        let verdicts = definitions.judge(&around).verdicts;
        let verdicts = verdicts.into_iter().map(|(control, Outcome { verdict, .. })| {
            let may_change = !known && verdict == Verdict::Undecided;
            (control.to_owned(), if may_change { super::unknown() } else { judged_value::verdict(verdict) })
        });
        Ok(verdicts.collect())
    }
}
