//! The functions: what any module's JSON can be asked without adopting anything. One a file.
//!
//! They are called in a process that is never configured, so that the provider's block has no say in them, and they are
//! pure: equal arguments give equal results. A result that could be another one once a value is known is unknown.

mod definitions;
mod diff;
mod harden;
mod lint;
mod normalize;
mod options;
mod strip;
#[cfg(test)]
mod tests;
mod verdicts;

use crate::framework::{Function, Parameter, Signature};
use crate::value::{Refinement, Type, Value};

/// Every function, in the order of the names.
pub(super) fn all() -> Vec<Box<dyn Function>> {
    vec![
        Box::new(diff::Diff),
        Box::new(harden::Harden),
        Box::new(lint::Lint),
        Box::new(normalize::Normalize),
        Box::new(strip::Strip),
        Box::new(verdicts::Verdicts),
    ]
}

/// A function of these parameters.
fn signature(summary: &str, description: &str, parameters: Vec<Parameter>, result: Type) -> Signature {
    Signature {
        summary: summary.to_owned(),
        description: description.to_owned(),
        parameters,
        variadic_parameter: None,
        result,
    }
}

/// The options of a function: none, or one object.
///
/// Variadic, because that is the only way in which an argument can be left out. A second parameter that takes null would
/// not do: OpenTofu makes the result of a call unknown where a parameter of dynamic type is a literal null, and its apply
/// then stores null for it (seen with 1.12.6, November 2026).
fn options_parameter(about: &str) -> Parameter {
    Parameter {
        name: options::NAME.to_owned(),
        ty: Type::Dynamic,
        description: format!("At most one object, which may be left out. {about}"),
        allow_null: true,
        allow_unknown: true,
    }
}

/// A parameter that takes definitions in any form, null and unknown included: null to say what to write instead.
fn definitions_parameter(name: &str, about: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        ty: Type::Dynamic,
        description: format!(
            "{about} JSON text, or the same structure written in HCL: a list of container definitions, an object with \
             `containerDefinitions`, a whole task definition, the output of `aws ecs describe-task-definition`, or \
             CloudFormation's spelling."
        ),
        allow_null: true,
        allow_unknown: true,
    }
}

/// The options of a function that only judges.
fn around_parameter() -> Parameter {
    options_parameter(&format!("It has {AROUND}"))
}

/// The options that every function has.
const AROUND: &str = "`operating_system_family`, `launch_type`, `execution_role_arn` and `task_role_arn`: what is known of \
                      the task and is not in the definitions. An empty text for a role says that there is none.";

/// A result that is not known yet, and will not be null.
fn unknown() -> Value {
    Value::Unknown(Some(Box::new(Refinement { not_null: true, ..Refinement::default() })))
}

/// A list that is not known yet, and will have at least so many elements.
fn unknown_list(at_least: usize) -> Value {
    let length_min = i64::try_from(at_least).ok();
    Value::Unknown(Some(Box::new(Refinement { not_null: true, length_min, ..Refinement::default() })))
}
