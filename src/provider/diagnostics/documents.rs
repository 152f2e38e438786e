//! Documents of other platforms than ECS, and the Agent in them.

use std::fmt::Display;

use crate::diagnostics::Diagnostic;
use crate::document::json::MAX_BYTES;
use crate::document::{Path, Place};
use crate::value::AttributePath;

use super::super::document_value;
use super::super::given_job::JOB;
use super::super::given_services::SERVICES;
use super::super::unreadable::Unreadable;
use super::MOST;

/// How sentences speak of an argument with a document.
pub(in crate::provider) struct Argument {
    /// Its name.
    pub(in crate::provider) name: &'static str,
    /// What it holds, at the beginning of a sentence, with its verb: `Services are`.
    pub(in crate::provider) holds: &'static str,
    /// What a document of it is: `a document of Compose`.
    pub(in crate::provider) document: &'static str,
    /// What it has to be.
    pub(in crate::provider) has_to_be: &'static str,
    /// The line to write.
    pub(in crate::provider) line: &'static str,
    /// What to give in place of a document whose tags would be lost.
    pub(in crate::provider) without_tags: &'static str,
    /// What to give in place of a template.
    pub(in crate::provider) without_placeholders: &'static str,
}

/// A value that is no document.
pub(in crate::provider) fn unreadable_document(argument: &Argument, problem: &Unreadable) -> Diagnostic {
    let Argument { name, holds, document, .. } = argument;
    let root = AttributePath::root(name);
    match problem {
        Unreadable::Yaml(problem) => Diagnostic::error(
            format!("{holds} not YAML that could be read"),
            format!("{}{}.", at(problem.place), problem.kind),
        ),
        Unreadable::Template(problem) => Diagnostic::error(
            format!("{holds} a template"),
            format!(
                "{}{}. {{{{ }}}} are placeholders of a template, and what they stand for is not known here. {}",
                at(problem.place),
                problem.kind,
                argument.without_placeholders
            ),
        ),
        Unreadable::Tag(tag, place) => Diagnostic::error(
            "Tag that would be lost",
            format!(
                "{}the tag {} says something that {document} written from it cannot hold. {}",
                at(*place),
                tag.escape_debug(),
                argument.without_tags
            ),
        ),
        Unreadable::Hcl(problem) => Diagnostic::error(
            format!("{holds} not HCL that could be read"),
            format!("{}{}.", at(problem.place), problem.kind),
        ),
        Unreadable::Json(problem) => {
            Diagnostic::error(format!("{holds} not JSON that could be read"), format!("{problem}."))
        }
        Unreadable::TooLarge(bytes) => Diagnostic::error(
            format!("{holds} too large"),
            format!("{name} would be {bytes} bytes of text; at most {MAX_BYTES} are read. Nothing of it was checked."),
        ),
        Unreadable::Inexact(places) => {
            let named: Vec<String> = places
                .iter()
                .take(MOST)
                .map(|path| document_value::attribute_path(name, path, false).to_string())
                .collect();
            Diagnostic::error(
                "Number cannot be carried exactly",
                format!("No text of it carries every digit of {}. Write a text in its place.", named.join(", ")),
            )
        }
        Unreadable::Form => Diagnostic::error(
            format!("Not {document}"),
            format!("{name} has to be {}:\n\n  {}", argument.has_to_be, argument.line),
        ),
    }
    .at(root)
}

fn at(place: Option<Place>) -> String {
    place.map_or(String::new(), |place| format!("Line {}, column {}: ", place.line, place.column))
}

/// Something said for a DaemonSet where there is none.
pub(in crate::provider) fn only_of_a_daemon_set(name: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Only of a DaemonSet",
        format!(
            "{name} is where the Agents of the nodes are, and here the Agent is a sidecar, in the namespace and on the node of the \
             Pod that it is put into. Remove it, or write:\n\n  mode = \"daemonset\""
        ),
    )
    .at(at)
}

/// A namespace that cannot be one.
pub(in crate::provider) fn not_a_namespace(at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a name of a namespace",
        "A namespace is called with lower-case letters, digits and hyphens, no hyphen first or last, at most 63. Write it as \
         in:\n\n  namespace = \"datadog\"",
    )
    .at(at)
}

/// Something that is no list of tolerations.
pub(in crate::provider) fn not_tolerations(members: &[&str], at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a list of tolerations",
        format!(
            "Tolerations are a list of objects, each with nothing else than {}. Write it as in:\n\n  tolerations = [{{ operator = \
             \"Exists\" }}]",
            members.join(", ")
        ),
    )
    .at(at)
}

/// Something of the practitioner's is in the pattern's place.
pub(in crate::provider) fn document_collision(
    summary: &str,
    collision: &impl Display,
    path: &Path,
    (at, place): (AttributePath, Option<Place>),
) -> Diagnostic {
    let place = place.map(|Place { line, column }| {
        let path = if path.0.is_empty() { String::new() } else { format!("{path}, ") };
        format!("\n\nPlace: {path}line {line}, column {column}")
    });
    Diagnostic::error(summary, format!("{collision}{}", place.unwrap_or_default())).at(at)
}

/// What is to be added to a job has no place in its text.
pub(in crate::provider) fn no_place_in_the_job() -> Diagnostic {
    Diagnostic::error(
        "Expression in the way",
        "What is to be added to the job has no place in its text, because a list or a mapping there is made by an expression. Write \
         `env`, `config` and its `volumes` of each task as blocks and lists, or write application { wire = false }.",
    )
    .at(AttributePath::root(JOB))
}

/// Services of Compose got something that may be said otherwise where nobody here looks.
pub(in crate::provider) fn not_seen(sentences: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "What is written elsewhere was not seen",
        format!(
            "The files that env_file and extends name are not read here, and what a service says itself wins over them. These were added \
             without knowing what is said there. Write them in the service, with the value that it needs, to make this warning go \
             away:\n\n  - {}",
            sentences.join("\n  - ")
        ),
    )
    .at(AttributePath::root(SERVICES))
}
