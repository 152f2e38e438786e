//! An argument that holds definitions in any form: read, or told what is wrong with it, all problems at once.

use crate::diagnostics::FunctionError;
use crate::document::json::MAX_BYTES;
use crate::document::{self, InputProblem, JsonProblem, Node, Path, Reading};
use crate::rules::{self, Judgement};
use crate::task::{Around, Seen};
use crate::value::Value;

use super::super::diagnostics as say;
use super::super::document_value;

/// The line to write, for errors.
const EXAMPLE: &str = "[{ name = \"app\", image = \"example.com/app:1.2.3\", essential = true }]";

/// Definitions that were read.
pub(super) struct Definitions {
    /// The document in the shape of `RegisterTaskDefinition`, with what was read otherwise than written.
    pub(super) reading: Reading,
    /// Whether a bare list was given.
    pub(super) is_list: bool,
}

impl Definitions {
    /// Reads an argument, to judge it as it is written; none where all of it is unknown.
    pub(super) fn read(argument: &Value, name: &str, position: i64) -> Result<Option<Self>, FunctionError> {
        read(argument, name, document::read).map_err(|text| FunctionError { text, argument: Some(position) })
    }

    /// Reads an argument, to write it anew; none where all of it is unknown.
    pub(super) fn read_to_write(
        argument: &Value,
        name: &str,
        position: i64,
    ) -> Result<Option<Self>, FunctionError> {
        read(argument, name, document::read_to_write)
            .map_err(|text| FunctionError { text, argument: Some(position) })
    }

    /// Whether nothing inside is unknown.
    pub(super) fn is_wholly_known(&self) -> bool {
        self.reading.document.is_wholly_known()
    }

    /// What the rules say of it, and what of the task around it.
    pub(super) fn judge(self, around: &Around) -> Judgement {
        rules::judge(&Seen::of(self.reading.document, around).subject(None))
    }
}

fn read(
    argument: &Value,
    name: &str,
    read: fn(Node) -> Result<Reading, InputProblem>,
) -> Result<Option<Definitions>, String> {
    let mut repeated = Vec::new();
    let node = match argument.undynamic() {
        Value::Null => {
            return Err(format!("{name} is null, so there is nothing to read. Write:\n\n  {EXAMPLE}\n\n"));
        }
        Value::Unknown(_) => return Ok(None),
        Value::String(text) => {
            let (node, twice) = document::parse_noting(text).map_err(|problems| not_json(name, &problems))?;
            repeated = twice;
            node
        }
        value if document_value::size(value) > MAX_BYTES => {
            return Err(format!("{name} {}", say::too_large_text(document_value::size(value))));
        }
        value => document_value::to_node(value, &Path::default()).map_err(|_| inexact(name, value))?,
    };
    let is_list = matches!(node, Node::Array(_));
    let reading = read(node)
        .map(|reading| reading.with_repeated(repeated))
        .map_err(|problem| format!("{name}: {problem}. For example:\n\n  {EXAMPLE}\n\n"))?;
    Ok(Some(Definitions { reading, is_list }).filter(|read| !read.reading.document.is_unknown()))
}

fn not_json(name: &str, problems: &[JsonProblem]) -> String {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    format!(
        "{name} was read as JSON: {}. Write it with jsonencode([...]), or as an HCL value without jsonencode, and \
         Terraform takes care of the syntax",
        problems.join("; ")
    )
}

fn inexact(name: &str, value: &Value) -> String {
    let mut places = Vec::new();
    document_value::inexact_numbers(value, &Path::default(), &mut places);
    let places: Vec<String> =
        places.iter().map(|path| document_value::attribute_path(name, path, false).to_string()).collect();
    format!(
        "JSON cannot carry the number at {} exactly, so what ECS received would not be what is written here. Write a \
         smaller number, or a string where ECS expects one",
        places.join(", at ")
    )
}
