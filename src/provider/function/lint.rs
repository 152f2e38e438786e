//! `lint`: what the rules find.

use crate::diagnostics::FunctionError;
use crate::framework::{Function, Signature};
use crate::value::{Type, Value};

use super::super::document_value::finding_type;
use super::super::judged_value;
use super::definitions::Definitions;
use super::options;

/// The function.
pub(super) struct Lint;

impl Function for Lint {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn signature(&self) -> Signature {
        let signature = super::signature(
            "What the rules find in a task definition.",
            "Checks definitions against every rule and gives the findings as a list of objects: `rule`, `severity` \
             (`error`, `warning` or `note`), `path`, `container`, `summary`, `detail`, `fix` and `control`, the Security Hub control \
             that fails. Findings are not errors: what a finding means for a plan is for the configuration to say, for \
             example in a `postcondition` or a `check` block.\n\n\
             Container definitions alone are judged as those of a Linux task unless something in them says Windows: an \
             image, a user or a path that only Windows has. The rest of the task is not known, and what depends on it gives \
             no finding. The options tell what definitions do not say themselves.\n\n\
             While a value in it is not known yet, the list is unknown, because it may still grow. That it has at least the \
             findings that are certain is known to Terraform already, so that a condition such as `length(...) == 0` can \
             fail at plan.",
            vec![super::definitions_parameter("definitions", "What to check.")],
            Type::list(finding_type()),
        );
        Signature { variadic_parameter: Some(super::around_parameter()), ..signature }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let definitions = Definitions::read(&arguments[0], "definitions", 0)?;
        let (Some(definitions), Some(around)) = (definitions, options::around(&arguments)?) else {
            return Ok(super::unknown_list(0));
        };
        let known = definitions.is_wholly_known() && around.is_wholly_known();
        let judgement = definitions.judge(&around);
        match known {
            true => {
                Ok(judged_value::findings(&judgement.findings, arguments[0].undynamic().as_str().is_some()))
            }
            false => Ok(super::unknown_list(judgement.findings.len())),
        }
    }
}
