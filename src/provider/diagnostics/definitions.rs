//! What is wrong with definitions before any rule looks at them.

use crate::diagnostics::Diagnostic;
use crate::document::json::MAX_BYTES;
use crate::document::{JsonProblem, JsonProblemKind, Path};
use crate::value::AttributePath;

use super::super::document_value;
use super::super::given_document::{self, Unreadable};
use super::MOST;

/// What is told of the task around the definitions means nothing.
pub(in crate::provider) fn not_around_a_task(problem: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error("Not a value that ECS has", format!("{at}: {problem}.")).at(at)
}

/// The line to write, for whoever gave something else.
const DEFINITIONS: &str = "[{ name = \"app\", image = \"example.com/app:1.2.3\", essential = true }]";

/// An argument that holds no definitions that could be read.
pub(in crate::provider) fn unreadable(name: &str, problem: &Unreadable) -> Diagnostic {
    let summary = match problem {
        Unreadable::Json(JsonProblem { kind: JsonProblemKind::DuplicateKey(_), .. }) => {
            "A key is written twice with different values"
        }
        Unreadable::Json(_) => "Container definitions are not valid JSON",
        Unreadable::TooLarge(_) => "Container definitions are too large",
        Unreadable::Inexact(_) => "Number cannot be carried exactly",
        Unreadable::Form(_) => "Not container definitions",
    };
    Diagnostic::error(summary, format!("{}.", unreadable_text(name, problem)))
        .at(given_document::place(name, problem))
}

/// The same for an argument of a function, without the full stop that Terraform adds.
pub(in crate::provider) fn unreadable_text(name: &str, problem: &Unreadable) -> String {
    match problem {
        Unreadable::Json(problem) => format!(
            "{name} was read as JSON: {problem}. Write it with jsonencode([...]), or as an HCL value without jsonencode, and \
             Terraform takes care of the syntax"
        ),
        Unreadable::TooLarge(bytes) => format!(
            "{name} would be {bytes} bytes of JSON; at most {MAX_BYTES} are read, and ECS accepts 65536. Nothing of it was \
             checked. Remove what does not belong into a task definition"
        ),
        Unreadable::Inexact(places) => inexact(name, places),
        Unreadable::Form(problem) => {
            format!(
                "{name}: {problem}. Write a list of container definitions, or a task definition that has one, such as \
                 {DEFINITIONS}"
            )
        }
    }
}

fn inexact(name: &str, places: &[Path]) -> String {
    let named = places.iter().take(MOST);
    let named: Vec<String> =
        named.map(|path| document_value::attribute_path(name, path, false).to_string()).collect();
    let more = match places.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let numbers = if places.len() == 1 { "number" } else { "numbers" };
    format!(
        "JSON cannot carry the {numbers} at {}{more} exactly, so what ECS received would not be what is written here. Write a \
         smaller number, or a string where ECS expects one",
        named.join(", ")
    )
}

/// An argument of definitions that is null.
pub(in crate::provider) fn nothing_given(name: &str) -> Diagnostic {
    Diagnostic::error("Not container definitions", format!("{}.", nothing_given_text(name)))
        .at(AttributePath::root(name))
}

/// The same for an argument of a function, without the full stop that Terraform adds.
pub(in crate::provider) fn nothing_given_text(name: &str) -> String {
    format!(
        "{name} is null, so there is nothing to read. Write a list of container definitions, such as {DEFINITIONS}"
    )
}

/// The input was converted to the form ECS accepts.
pub(in crate::provider) fn converted(name: &str, notes: &[String]) -> Diagnostic {
    let more = match notes.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n  - and {more} more"),
    };
    Diagnostic::warning(
        "Container definitions were converted",
        format!(
            "{name} was written in a form that ECS itself does not accept. It was read as follows; write it so to make \
             this warning go away:\n\n  - {}{more}",
            notes[..notes.len().min(MOST)].join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
}

/// The input calls CloudFormation for values, and what is made of it never gets there.
pub(in crate::provider) fn unanswered(name: &str, places: &[String]) -> Diagnostic {
    let more = match places.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n  - and {more} more"),
    };
    Diagnostic::error(
        "A value is left to CloudFormation",
        format!(
            "{name} has calls such as {{\"Ref\": ...}}, which only CloudFormation answers. ECS rejects an object in the place \
             of a value. Write the value itself, or an expression of Terraform's, at:\n\n  - {}{more}",
            places[..places.len().min(MOST)].join("\n  - ")
        ),
    )
    .at(AttributePath::root(name))
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
