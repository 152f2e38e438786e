//! Services of Compose, and the Agent beside them.

use crate::diagnostics::Diagnostic;
use crate::document::Place;
use crate::document::json::MAX_BYTES;
use crate::merge::compose::Collision;
use crate::value::AttributePath;

use super::super::document_value;
use super::super::given_services::{SERVICES, Unreadable};
use super::MOST;

/// The line to write, for whoever gave something else.
const EXAMPLE: &str = "services = file(\"${path.module}/compose.yaml\")";

/// A value that is no services.
pub(in crate::provider) fn unreadable_services(problem: &Unreadable) -> Diagnostic {
    let root = AttributePath::root(SERVICES);
    match problem {
        Unreadable::Yaml(problem) => {
            let place = problem.place.map_or(String::new(), |place| format!("Line {}, column {}: ", place.line, place.column));
            Diagnostic::error("Services are not YAML that could be read", format!("{place}{}.", problem.kind)).at(root)
        }
        Unreadable::Tag(tag, place) => {
            let place = place.map_or(String::new(), |place| format!("Line {}, column {}: ", place.line, place.column));
            Diagnostic::error(
                "Tag that would be lost",
                format!(
                    "{place}the tag {} says something about merging several files that one document cannot hold. Give the \
                     merged document, as `docker compose config --no-interpolate` writes it.",
                    tag.escape_debug()
                ),
            )
            .at(root)
        }
        Unreadable::TooLarge(bytes) => Diagnostic::error(
            "Services are too large",
            format!("{SERVICES} would be {bytes} bytes of text; at most {MAX_BYTES} are read. Nothing of it was checked."),
        )
        .at(root),
        Unreadable::Inexact(places) => {
            let named: Vec<String> = places
                .iter()
                .take(MOST)
                .map(|path| document_value::attribute_path(SERVICES, path, false).to_string())
                .collect();
            Diagnostic::error(
                "Number cannot be carried exactly",
                format!("A document of Compose cannot carry every digit of {}. Write a text in its place.", named.join(", ")),
            )
            .at(root)
        }
        Unreadable::Form => Diagnostic::error(
            "Not services",
            format!(
                "{SERVICES} has to be a mapping of names to services, or a whole document of Compose, as YAML text or as an \
                 HCL value:\n\n  {EXAMPLE}"
            ),
        )
        .at(root),
    }
}

/// Something of the practitioner's is in the pattern's place.
pub(in crate::provider) fn compose_collision(
    collision: &Collision,
    at: AttributePath,
    place: Option<Place>,
) -> Diagnostic {
    let place = place
        .map(|Place { line, column }| format!("\n\nPlace: {}, line {line}, column {column}", collision.path));
    Diagnostic::error(collision.summary(), format!("{collision}{}", place.unwrap_or_default())).at(at)
}

/// Services got something that may be said otherwise where nobody here looks.
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
