//! An argument that holds definitions in any form: read, or told what is wrong with it, all problems at once.

use crate::diagnostics::FunctionError;
use crate::document::{self, InputProblem, Node, Reading};
use crate::rules::{self, Judgement};
use crate::task::{Around, Seen};
use crate::value::{Given, Value};

use super::super::diagnostics as say;
use super::super::given_document;
use super::options;

/// Definitions that were read: the document in the shape of `RegisterTaskDefinition`, with what was read otherwise than
/// written.
pub(super) struct Definitions(pub(super) Reading);

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
        self.0.document.is_wholly_known()
    }

    /// What the rules say of it, and what of the task around it.
    pub(super) fn judge(self, around: &Around) -> Judgement {
        rules::judge(&Seen::of(self.0.document, around).subject(None))
    }
}

fn read(
    argument: &Value,
    name: &str,
    read: fn(Node) -> Result<Reading, InputProblem>,
) -> Result<Option<Definitions>, String> {
    match given_document::read(argument, read) {
        Ok(Given::Known(given)) => Ok(Some(Definitions(given.reading))),
        Ok(Given::Unknown) => Ok(None),
        Ok(Given::Absent) => Err(say::nothing_given_text(name)),
        Err(problems) => {
            let told = problems.iter().map(|problem| say::unreadable_text(name, problem));
            Err(options::all(&told.collect::<Vec<_>>()))
        }
    }
}
