//! What an answer of the provider has to hold before it goes out. A core checks the same, but its message cannot say
//! what the practitioner should do about it.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::protocol::catalogue::Known;
use crate::protocol::translate::value;
use crate::protocol::wire::DynamicValue;
use crate::value::{AttributePath, CodecError, PathStep, Type, Value};

/// The state on the wire, or `None` and an error: it must fit the schema.
pub(in crate::protocol) fn state(
    state: Value,
    known: &Known,
    found: &mut Diagnostics,
    what: &str,
) -> Option<DynamicValue> {
    let checked = known.schema.block.check_blocks(&state).map_err(|error| value::unfit(what, &error));
    match checked.and_then(|()| value::to_wire(&state, &known.ty, what)) {
        Ok(state) => state,
        Err(error) => {
            found.push(error);
            None
        }
    }
}

/// The same for a state that must be wholly known. `None` is right only beside an error.
pub(in crate::protocol) fn known_state(
    given: Option<Value>,
    known: &Known,
    found: &mut Diagnostics,
    what: &str,
) -> Option<DynamicValue> {
    let Some(given) = given else {
        if !found.has_errors() {
            found.push(nothing(what));
        }
        return None;
    };
    if let Some(path) = first_unknown(&given) {
        found.push(value::unfit(what, &path));
        return None;
    }
    state(given, known, found, what)
}

/// The same for the state of an object that exists: null is as good as nothing.
pub(in crate::protocol) fn known_object(
    given: Option<Value>,
    known: &Known,
    found: &mut Diagnostics,
    what: &str,
) -> Option<DynamicValue> {
    known_state(given.filter(|state| !state.is_null()), known, found, what)
}

/// The error about an answer that holds neither a result nor an error.
pub(in crate::protocol) fn nothing(what: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider answered with nothing",
        format!(
            "There is neither a result nor an error for the {what}. This is a bug in the provider, not in your configuration: \
             please report it to the provider's developers.",
        ),
    )
}

/// The error about stored state that is not what a core writes.
pub(in crate::protocol) fn unreadable(error: &CodecError) -> Diagnostic {
    Diagnostic::error(
        "Stored state cannot be read",
        format!(
            "The state of this object does not fit the schema of this version of the provider: {error}. If the state was \
             edited by hand, undo that; otherwise remove the object with \"terraform state rm\" and import it again, and \
             please report this to the provider's developers.",
        ),
    )
}

/// The error about a path that leads nowhere.
pub(in crate::protocol) fn unknown_path(path: &AttributePath) -> Diagnostic {
    value::unfit(
        "list of attributes that need a replacement",
        &CodecError::new(format!("there is no attribute {path} in the schema")),
    )
}

/// Whether the schema has something at that path.
pub(in crate::protocol) fn is_path_of(path: &AttributePath, known: &Known) -> bool {
    let mut ty = &known.ty;
    for step in &path.0 {
        ty = match (step, ty) {
            (_, Type::Dynamic) => return true,
            (PathStep::Attribute(name), Type::Object(object)) => match object.attributes.get(name) {
                Some(attribute) => attribute,
                None => return false,
            },
            (PathStep::Key(_), Type::Map(element)) | (PathStep::Index(_), Type::List(element)) => element,
            (PathStep::Index(index), Type::Tuple(elements)) => {
                match usize::try_from(*index).ok().and_then(|index| elements.get(index)) {
                    Some(element) => element,
                    None => return false,
                }
            }
            _ => return false,
        };
    }
    !path.0.is_empty()
}

/// The value with null in place of everything unknown.
pub(in crate::protocol) fn without_unknown(value: &Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(elements) => Value::List(elements.iter().map(without_unknown).collect()),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), without_unknown(value))).collect()
        }
        Value::Dynamic(inner) => {
            let mut inner = inner.clone();
            inner.value = without_unknown(&inner.value);
            Value::Dynamic(inner)
        }
        known => known.clone(),
    }
}

fn first_unknown(value: &Value) -> Option<CodecError> {
    let index = |index: usize| PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX));
    match value {
        Value::Unknown(_) => Some(CodecError::new("the value is not known")),
        Value::List(elements) => elements
            .iter()
            .enumerate()
            .find_map(|(position, value)| Some(first_unknown(value)?.within(index(position)))),
        Value::Map(entries) => entries
            .iter()
            .find_map(|(name, value)| Some(first_unknown(value)?.within(PathStep::Attribute(name.clone())))),
        Value::Dynamic(inner) => first_unknown(&inner.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, Mode, NestedBlock, Schema};

    #[test]
    fn a_path_is_the_schemas_if_each_of_its_steps_is() {
        let attribute = |name, ty| Attribute::new(name, ty, Mode::Optional, "");
        let tuple = Type::Tuple(vec![Type::object([("a", Type::Bool)])]);
        let body = Block { attributes: vec![attribute("name", Type::String)], ..Block::default() };
        let known = Known::new(Schema {
            version: 0,
            block: Block {
                attributes: vec![
                    attribute("tags", Type::map(Type::String)),
                    attribute("anything", Type::Dynamic),
                    attribute("pair", tuple),
                ],
                blocks: vec![NestedBlock::list("part", body)],
                ..Block::default()
            },
        });
        let root = AttributePath::root;
        for path in [
            root("tags"),
            root("tags").key("a"),
            root("anything").attribute("whatever").index(7),
            root("pair").index(0).attribute("a"),
            root("part").index(3).attribute("name"),
        ] {
            assert!(is_path_of(&path, &known), "{path}");
        }
        for path in [
            AttributePath::default(),
            root("nowhere"),
            root("tags").index(0),
            root("pair").index(1),
            root("pair").index(-1),
            root("part").attribute("name"),
            root("part").index(0).attribute("name").attribute("more"),
        ] {
            assert!(!is_path_of(&path, &known), "{path}");
        }
    }
}
