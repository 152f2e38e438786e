//! An argument that holds definitions in any form: read, or told what is wrong with it, all problems at once.

use crate::diagnostics::FunctionError;
use crate::ecs::Reading;
use crate::rules::Judgement;
use crate::task::Around;
use crate::value::{Given, Value};

use super::super::diagnostics as say;
use super::super::given_document::{self, GivenDocument, Unreadable};
use super::super::judged_value;
use super::options;

/// Definitions that were read.
pub(super) struct Definitions {
    /// The document in the shape of `RegisterTaskDefinition`, with what was read differently from how it is written.
    pub(super) reading: Reading,
    /// Whether it was JSON text.
    is_text: bool,
}

impl Definitions {
    /// Reads an argument, to judge it as it is written; none where all of it is unknown.
    pub(super) fn read(argument: &Value, name: &str, position: i64) -> Result<Option<Self>, FunctionError> {
        read(argument, name, given_document::read_to_judge)
            .map_err(|text| FunctionError { text, argument: Some(position) })
    }

    /// Reads an argument, to write it anew; none where all of it is unknown.
    pub(super) fn read_to_write(
        argument: &Value,
        name: &str,
        position: i64,
    ) -> Result<Option<Self>, FunctionError> {
        read(argument, name, given_document::read_to_write)
            .map_err(|text| FunctionError { text, argument: Some(position) })
    }

    /// Whether nothing inside is unknown.
    pub(super) fn is_wholly_known(&self) -> bool {
        self.reading.document.is_wholly_known()
    }

    /// What the rules say of it, and what of the task around it.
    pub(super) fn judge(self, around: &Around) -> Judgement {
        judged_value::judge(&self.reading, around, self.is_text)
    }
}

fn read(
    argument: &Value,
    name: &str,
    read: fn(&Value) -> Result<Given<GivenDocument>, Vec<Unreadable>>,
) -> Result<Option<Definitions>, String> {
    match read(argument) {
        Ok(Given::Known(GivenDocument { reading, is_text })) => Ok(Some(Definitions { reading, is_text })),
        Ok(Given::Unknown) => Ok(None),
        Ok(Given::Absent) => Err(say::nothing_given_text(name)),
        Err(problems) => {
            let told = problems.iter().map(|problem| say::unreadable_text(name, problem));
            Err(options::all(&told.collect::<Vec<_>>()))
        }
    }
}
