//! What is wrong with definitions before any rule looks at them.

use crate::diagnostics::Diagnostic;
use crate::document::json::MAX_BYTES;
use crate::document::{JsonProblem, JsonProblemKind};
use crate::value::AttributePath;

use super::MOST;

/// What is told of the task around the definitions means nothing.
pub(in crate::provider) fn not_around_a_task(problem: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error("Not a value that ECS has", format!("{at}: {problem}.")).at(at)
}

/// The text of the container definitions is not JSON.
pub(in crate::provider) fn not_json(name: &str, problem: &JsonProblem) -> Diagnostic {
    let summary = match problem.kind {
        JsonProblemKind::DuplicateKey(_) => "A key is written twice with different values",
        _ => "Container definitions are not valid JSON",
    };
    Diagnostic::error(
        summary,
        format!(
            "{name} was read as JSON: {problem}. Nothing is registered. Write the definitions with \
             jsonencode([...]), or as an HCL list without jsonencode, and Terraform takes care of the syntax."
        ),
    )
    .at(AttributePath::root(name))
}

/// The value is JSON, but no task definition in any form that is known.
pub(in crate::provider) fn not_container_definitions(name: &str, what: &str) -> Diagnostic {
    Diagnostic::error(
        "Not container definitions",
        format!(
            "{name} {what}. It takes a list of container definitions, or a task definition that has one:\n\n  {name} = \
             [{{ name = \"app\", image = \"...\", essential = true }}]"
        ),
    )
    .at(AttributePath::root(name))
}

/// A number in HCL that JSON cannot carry.
pub(in crate::provider) fn inexact_number(name: &str, place: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Number cannot be carried exactly",
        format!(
            "The number at {name}{place} has more digits than a JSON number can carry, so what ECS received would not \
             be what is written here. Write a smaller number, or a string where ECS expects one."
        ),
    )
    .at(at)
}

/// The input was converted to the form ECS takes.
pub(in crate::provider) fn converted(name: &str, notes: &[String]) -> Diagnostic {
    let more = match notes.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n  - and {more} more"),
    };
    Diagnostic::warning(
        "Container definitions were converted",
        format!(
            "{name} was written in a form that ECS itself does not take. It was read as follows; write it so to make \
             this warning go away:\n\n  - {}{more}",
            notes[..notes.len().min(MOST)].join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// HCL that is longer as JSON than anything that is read.
pub(in crate::provider) fn too_large(name: &str, bytes: usize) -> Diagnostic {
    Diagnostic::error("Container definitions are too large", format!("{name} {}.", too_large_text(bytes)))
        .at(AttributePath::root(name))
}

/// The same as a part of a sentence.
pub(in crate::provider) fn too_large_text(bytes: usize) -> String {
    format!(
        "would be {bytes} bytes of JSON; at most {MAX_BYTES} are read, and ECS takes 65536. Nothing of it was checked. Remove \
         what does not belong into a task definition"
    )
}

/// The input was a whole task definition, of which only the containers can be taken.
pub(in crate::provider) fn rest_of_task_ignored(name: &str, keys: &[&str]) -> Diagnostic {
    Diagnostic::warning(
        "Only the container definitions are taken over",
        format!(
            "{name} holds a whole task definition. The containers are used; these parts of it are not, because they \
             have arguments of their own: {}. Set them there, and pass only the list of containers here.",
            keys.join(", ")
        ),
    )
    .at(AttributePath::root(name))
}
