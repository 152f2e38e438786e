//! Definitions that a practitioner gave, as JSON text or as an HCL value: the one place in which they are read, so that
//! the resource, the data sources and the functions say the same of the same input.

use crate::document::json::MAX_BYTES;
use crate::document::{JsonProblem, Node, Path};
use crate::ecs::{self, Form, InputProblem, Note, NoteKind, Reading, TextProblem};
use crate::value::{AttributePath, Given, Value};

use super::document_value::{self, Inexact};

/// Definitions that were read.
pub(super) struct GivenDocument {
    /// The document in the shape of `RegisterTaskDefinition`, with what was read differently from how it is written.
    pub(super) reading: Reading,
    /// Whether it was given as JSON text, which has no inner places to point at.
    pub(super) is_text: bool,
}

/// Why a value is no definitions.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The text is not JSON that could be read.
    Json(JsonProblem),
    /// As JSON the value has so many bytes.
    TooLarge(usize),
    /// JSON cannot carry the numbers at these places.
    Inexact(Vec<Path>),
    /// It is something else.
    Form(InputProblem),
}

/// Reads definitions that are only judged: text as it is written, and a value as expressions make it.
pub(super) fn read_to_judge(value: &Value) -> Result<Given<GivenDocument>, Vec<Unreadable>> {
    let is_text = value.as_str().is_some();
    read(value, if is_text { ecs::read } else { ecs::read_value })
}

/// Reads definitions that are written anew or registered.
pub(super) fn read_to_write(value: &Value) -> Result<Given<GivenDocument>, Vec<Unreadable>> {
    read(value, ecs::read_to_write)
}

/// Reads a value as `read` does: [`ecs::read`] to judge it as it is written, [`ecs::read_to_write`] to register it
/// or to write it anew. Everything that is wrong with it is named at once.
pub(super) fn read(
    value: &Value,
    read: fn(Node) -> Result<Reading, InputProblem>,
) -> Result<Given<GivenDocument>, Vec<Unreadable>> {
    let (reading, is_text) = match value.undynamic() {
        Value::Null => return Ok(Given::Absent),
        Value::Unknown(_) => return Ok(Given::Unknown),
        Value::String(text) => (ecs::read_text(text, read).map_err(of_text)?, true),
        value => (read_value(value, read).map_err(|problem| vec![problem])?, false),
    };
    // What is wrapped around it may be all that is known.
    match reading.document.is_unknown() {
        true => Ok(Given::Unknown),
        false => Ok(Given::Known(GivenDocument { reading, is_text })),
    }
}

fn read_value(value: &Value, read: fn(Node) -> Result<Reading, InputProblem>) -> Result<Reading, Unreadable> {
    let bytes = document_value::size(value);
    if bytes > MAX_BYTES {
        return Err(Unreadable::TooLarge(bytes));
    }
    let node = document_value::to_node(value).map_err(|Inexact(places)| Unreadable::Inexact(places))?;
    read(node).map_err(Unreadable::Form)
}

fn of_text(problem: TextProblem) -> Vec<Unreadable> {
    match problem {
        TextProblem::Json(problems) => problems.into_iter().map(Unreadable::Json).collect(),
        TextProblem::Form(problem) => vec![Unreadable::Form(problem)],
    }
}

impl GivenDocument {
    /// Where CloudFormation is called, which nobody answers in what is written or registered here.
    pub(super) fn calls(&self) -> Vec<String> {
        let calls = self.reading.notes.iter().filter(|note| note.kind == NoteKind::Unanswered);
        calls.map(|note| note.path.to_string()).collect()
    }

    /// What was read as another value than is written and is no finding, in sentences, of definitions that are only judged.
    pub(super) fn conversions_beside_findings(&self) -> Vec<String> {
        if self.is_text { self.told(|note| !note.is_found_in_text()) } else { self.conversions() }
    }

    /// What was read as another value than is written, in sentences; the rest is among the findings. That ECS adds keys to
    /// what it gives back is how it is meant, and no spelling that anybody could mend.
    pub(super) fn conversions(&self) -> Vec<String> {
        self.told(|_| true)
    }

    fn told(&self, also: impl Fn(&Note) -> bool) -> Vec<String> {
        if self.reading.form == Form::Description {
            return Vec::new();
        }
        let told = self.reading.notes.iter().filter(|note| !note.is_quiet() && also(note));
        told.map(|note| format!("{}: {}", note.path, note.text)).collect()
    }
}

/// The place of a problem in the argument `name`: the argument itself where there is more than one.
pub(super) fn place(name: &str, problem: &Unreadable) -> AttributePath {
    match problem {
        Unreadable::Inexact(places) => match places.as_slice() {
            [only] => document_value::attribute_path(name, only, false),
            _ => AttributePath::root(name),
        },
        _ => AttributePath::root(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(value: &Value) -> Vec<Unreadable> {
        read(value, ecs::read).err().unwrap_or_default()
    }

    #[test]
    fn every_number_that_json_cannot_carry_is_named_at_once() {
        let number = || Value::Number("0.1000000000000000000000001".parse().unwrap());
        let container = |name: &str| Value::Map([(name.to_owned(), number())].into());
        let problems = unreadable(&Value::List(vec![container("cpu"), container("memory")]));
        let [Unreadable::Inexact(places)] = problems.as_slice() else { panic!("{problems:?}") };
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        assert_eq!(places, ["[0].cpu", "[1].memory"]);
        assert_eq!(place("definitions", &problems[0]).to_string(), "definitions");
        let one = unreadable(&Value::List(vec![container("cpu")]));
        assert_eq!(place("definitions", &one[0]).to_string(), "definitions[0].cpu");
    }

    #[test]
    fn text_and_value_of_one_document_are_read_alike() {
        let text = r#"[{"name": "app", "image": "x", "cpu": "128"}]"#;
        let value = document_value::to_value(&crate::document::parse(text).unwrap());
        let documents = [Value::from(text), value].map(|given| {
            let Ok(Given::Known(read)) = read(&given, ecs::read) else { panic!("{given:?}") };
            (read.conversions(), read.reading)
        });
        let [(told, reading), (same, of_the_value)] = documents;
        assert_eq!((&told, &reading), (&same, &of_the_value));
        assert!(reading.is_list && told.len() == 1, "{told:?}");
    }

    #[test]
    fn calls_of_cloud_formation_are_named_where_something_is_written_or_registered() {
        let text = r#"[{"name": "app", "image": {"Fn::Sub": "x"}, "dockerLabels": {"Ref": "main"}}]"#;
        for (reader, calls) in [
            (ecs::read as fn(Node) -> Result<Reading, InputProblem>, &[][..]),
            (ecs::read_to_write, &["containerDefinitions[0].image"]),
        ] {
            let Ok(Given::Known(read)) = read(&Value::from(text), reader) else { panic!("it can be read") };
            assert_eq!(read.calls(), calls);
        }
    }

    #[test]
    fn nothing_is_not_the_same_as_not_known_yet() {
        assert!(matches!(read(&Value::Null, ecs::read), Ok(Given::Absent)));
        assert!(matches!(read(&Value::UNKNOWN, ecs::read), Ok(Given::Unknown)));
        let wrapped = Value::Map([("taskDefinition".to_owned(), Value::UNKNOWN)].into());
        assert!(matches!(read(&wrapped, ecs::read), Ok(Given::Unknown)));
    }

    #[test]
    fn nobody_is_told_of_what_ecs_adds_to_its_own_answer() {
        let text = r#"{"taskDefinition": {"revision": 7, "containerDefinitions": []}, "failures": []}"#;
        let Ok(Given::Known(read)) = read(&Value::from(text), ecs::read) else { panic!("it can be read") };
        assert!(!read.reading.notes.is_empty() && read.conversions().is_empty());
    }
}
