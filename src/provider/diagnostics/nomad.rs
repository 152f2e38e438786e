//! A job of Nomad, and the Agent in it.

use crate::diagnostics::Diagnostic;
use crate::document::json::MAX_BYTES;
use crate::merge::nomad::Collision;
use crate::value::AttributePath;

use super::super::document_value;
use super::super::given_job::{JOB, Unreadable};
use super::MOST;

/// A value that is no job.
pub(in crate::provider) fn unreadable_job(problem: &Unreadable) -> Diagnostic {
    let root = AttributePath::root(JOB);
    match problem {
        Unreadable::Hcl(problem) => {
            let place = problem.place.map_or(String::new(), |place| format!("Line {}, column {}: ", place.line, place.column));
            Diagnostic::error("Job is not HCL that could be read", format!("{place}{}.", problem.kind)).at(root)
        }
        Unreadable::Json(problem) => {
            Diagnostic::error("Job is not JSON that could be read", format!("{problem}.")).at(root)
        }
        Unreadable::TooLarge(bytes) => Diagnostic::error(
            "Job is too large",
            format!("{JOB} would be {bytes} bytes of text; at most {MAX_BYTES} are read. Nothing of it was checked."),
        )
        .at(root),
        Unreadable::Inexact(places) => {
            let named: Vec<String> = places
                .iter()
                .take(MOST)
                .map(|path| document_value::attribute_path(JOB, path, false).to_string())
                .collect();
            Diagnostic::error(
                "Number cannot be carried exactly",
                format!("JSON cannot carry every digit of {}. Write a text in its place.", named.join(", ")),
            )
            .at(root)
        }
        Unreadable::Form => Diagnostic::error(
            "Not a job of Nomad",
            format!(
                "{JOB} has to be a job of Nomad: the text of a file with a block `job \"name\" {{ ... }}`, or what the HTTP API \
                 takes, an object with `Job` or with `TaskGroups`, as JSON text or as an HCL value:\n\n  {JOB} = \
                 file(\"${{path.module}}/shop.nomad.hcl\")"
            ),
        )
        .at(root),
    }
}

/// Something of the practitioner's is in the pattern's place.
pub(in crate::provider) fn nomad_collision(collision: &Collision, at: AttributePath) -> Diagnostic {
    Diagnostic::error(collision.summary(), collision.to_string()).at(at)
}

/// What is to be added has no place in the text.
pub(in crate::provider) fn no_place_in_the_job() -> Diagnostic {
    Diagnostic::error(
        "Expression in the way",
        "What is to be added to the job has no place in its text, because a list or a mapping there is made by an expression. Write \
         `env`, `config` and its `volumes` of each task as blocks and lists, or write application { wire = false }.",
    )
    .at(AttributePath::root(JOB))
}
