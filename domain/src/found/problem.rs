//! What is wrong with a text as JSON or as YAML, at its place of the whole text.

use crate::document::json::{self, JsonProblem, JsonProblemKind};
use crate::document::yaml::{YamlProblem, YamlProblemKind};
use crate::document::{Place, Places};

/// Something wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What, without a full stop and without a value of the text.
    pub detail: String,
    /// Where.
    pub place: Option<Place>,
    /// Whether the text has places for somebody to fill in, and therefore is not yet what it should be.
    pub is_template: bool,
}

impl Problem {
    pub(super) fn of_json(part: &json::Part<'_>, problems: &[JsonProblem]) -> Vec<Self> {
        let places = Places::of(part.text);
        let problem = |problem: &JsonProblem| {
            let at_fault = problem.position.map(|(line, byte)| places.at_byte(line, byte));
            let place = at_fault.or_else(|| places.find(&problem.path)).map(|place| Place {
                line: place.line + part.lines_before,
                column: place.column + if place.line == 1 { part.columns_before } else { 0 },
            });
            let at = if problem.path.0.is_empty() { String::new() } else { format!("{}: ", problem.path) };
            Self {
                detail: format!("It was read as JSON: {at}{}", problem.kind),
                place,
                is_template: problem.kind == JsonProblemKind::Template,
            }
        };
        problems.iter().map(problem).collect()
    }

    pub(super) fn of_yaml(problems: &[YamlProblem]) -> Vec<Self> {
        let problem = |problem: &YamlProblem| {
            let at = if problem.path.0.is_empty() { String::new() } else { format!("{}: ", problem.path) };
            Self {
                detail: format!("It was read as YAML: {at}{}", problem.kind),
                place: problem.place,
                is_template: problem.kind == YamlProblemKind::KeyOfParts,
            }
        };
        problems.iter().map(problem).collect()
    }
}
