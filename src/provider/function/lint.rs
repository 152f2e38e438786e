//! `lint`: what the rules find.

use crate::diagnostics::FunctionError;
use crate::framework::{Function, Signature};
use crate::value::{Type, Value};

use super::super::document_value::finding_type;
use super::super::judged_value;
use super::definitions::Definitions;

/// The function.
pub(super) struct Lint;

impl Function for Lint {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn signature(&self) -> Signature {
        super::signature(
            "What the rules find in a task definition.",
            "Checks definitions against every rule and gives the findings as a list of objects: `rule`, `severity` \
             (`error` or `warning`), `path`, `container`, `summary`, `detail`, `fix` and `control`, the Security Hub control \
             that fails. Findings are no errors: what a finding means for a plan is for the configuration to say, for \
             example in a `postcondition` or a `check` block.\n\n\
             Of a list of container definitions the task around it is not known: what depends on it gives no \
             finding.\n\n\
             While a value in it is not known yet, the list is unknown, because it may still grow. That it has at least the \
             findings that are certain is known to Terraform already, so that a condition such as `length(...) == 0` can \
             fail at plan.",
            vec![super::definitions_parameter("definitions", "What to check.")],
            Type::list(finding_type()),
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let Some(definitions) = Definitions::read(&arguments[0], "definitions", 0)? else {
            return Ok(super::unknown_list(0));
        };
        let known = definitions.is_wholly_known();
        let (judgement, _) = definitions.judge();
        match known {
            true => Ok(Value::List(judgement.findings.iter().map(judged_value::finding).collect())),
            false => Ok(super::unknown_list(judgement.findings.len())),
        }
    }
}
