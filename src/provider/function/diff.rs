//! `diff`: what changes in meaning, in sentences.

use crate::diagnostics::FunctionError;
use crate::document::Node;
use crate::ecs::{self, Reading};
use crate::framework::{Function, Signature};
use crate::task;
use crate::value::{Type, Value};

use super::definitions::Definitions;

/// The function.
pub(super) struct Diff;

impl Function for Diff {
    fn name(&self) -> &'static str {
        "diff"
    }

    fn signature(&self) -> Signature {
        super::signature(
            "What changes in meaning from one task definition to another, in sentences.",
            "Gives a list of sentences such as `app: memory 512 → 1024`, `app: + mount /tmp` or `app: environment LOG_LEVEL \
             changed`, in a stable order; an empty list for equal meaning, however it is written. Containers, variables and \
             volumes are matched by name. Values that could be a secret are never shown.\n\n\
             Where one side is a list of container definitions, only the containers of the other side are compared. The \
             list is unknown while any value on either side is.",
            vec![
                super::definitions_parameter("before", "What was."),
                super::definitions_parameter("after", "What will be."),
            ],
            Type::list(Type::String),
        )
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let before = Definitions::read_to_write(&arguments[0], "before", 0)?;
        let after = Definitions::read_to_write(&arguments[1], "after", 1)?;
        let (Some(before), Some(after)) = (before, after) else { return Ok(super::unknown_list(0)) };
        if !before.is_wholly_known() || !after.is_wholly_known() {
            return Ok(super::unknown_list(0));
        }
        let (before, after) = (before.reading, after.reading);
        let containers_only = is_containers_only(&before) || is_containers_only(&after);
        let side = |reading: Reading| match containers_only {
            true => containers(reading),
            false => reading.document,
        };
        let differences = ecs::differences(&side(before), &side(after));
        Ok(Value::List(differences.iter().map(|difference| Value::from(difference.to_string())).collect()))
    }
}

/// The containers of a task definition, as if they had been given alone.
fn containers(mut reading: Reading) -> Node {
    if let Node::Object(members) = &mut reading.document {
        members.retain(|key, _| key == "containerDefinitions");
    }
    task::with_unseen(reading.document, true)
}

/// Whether nothing but containers was given.
fn is_containers_only(reading: &Reading) -> bool {
    match &reading.document {
        Node::Object(members) => members.keys().all(|key| key == "containerDefinitions"),
        _ => false,
    }
}
