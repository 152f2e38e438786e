//! The shapes of the ECS API as far as RegisterTaskDefinition reaches: reads a request as the service does.
//!
//! Keys that the model does not know are dropped without a word, as the service does; values of another type
//! cannot be read at all; values outside an enumeration and missing required members are refused.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::wire::Refusal;

#[derive(Deserialize)]
struct Model {
    structures: BTreeMap<String, BTreeMap<String, String>>,
    enums: BTreeMap<String, Vec<String>>,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    serde_json::from_str(include_str!("model.json")).expect("the model beside this file is valid JSON")
});

/// The request with only the keys ECS knows, or what it cannot be read as.
pub(super) fn read(structure: &str, value: &Value) -> Result<Map<String, Value>, Refusal> {
    let Value::Object(given) = value else {
        return Err(Refusal::serialization(format!(
            "Start of structure or map found where not expected: {structure}"
        )));
    };
    let members = &MODEL.structures[structure];
    let mut known = Map::new();
    for (key, declared) in members {
        let (shape, required) = match declared.strip_suffix('!') {
            Some(shape) => (shape, true),
            None => (declared.as_str(), false),
        };
        match given.get(key) {
            None | Some(Value::Null) if required => {
                return Err(Refusal::client(format!("{structure}.{key} should not be null or blank.")));
            }
            None | Some(Value::Null) => {}
            Some(value) => {
                let value = read_shape(shape, value)?;
                check_enum(&format!("{structure}.{key}"), &value)?;
                known.insert(key.clone(), value);
            }
        }
    }
    Ok(known)
}

fn read_shape(shape: &str, value: &Value) -> Result<Value, Refusal> {
    if let Some(item) = shape.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let Value::Array(items) = value else {
            return Err(unreadable("list", value));
        };
        return items
            .iter()
            .map(|value| read_shape(item, value))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array);
    }
    let fits = match shape {
        "string" => value.is_string(),
        "integer" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "boolean" => value.is_boolean(),
        "map" => {
            let Value::Object(map) = value else {
                return Err(unreadable("map", value));
            };
            map.values().all(Value::is_string)
        }
        structure => return read(structure, value).map(Value::Object),
    };
    if fits { Ok(value.clone()) } else { Err(unreadable(shape, value)) }
}

fn unreadable(shape: &str, value: &Value) -> Refusal {
    let found = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    };
    Refusal::serialization(format!("{found} cannot be converted to {shape}"))
}

fn check_enum(member: &str, value: &Value) -> Result<(), Refusal> {
    let Some(allowed) = MODEL.enums.get(member) else {
        return Ok(());
    };
    let single = std::slice::from_ref(value);
    let values = value.as_array().map_or(single, Vec::as_slice);
    match values.iter().filter_map(Value::as_str).find(|value| !allowed.iter().any(|known| known == value)) {
        Some(value) if member == "LogConfiguration.logDriver" => Err(Refusal::client(format!(
            "{value} is not a valid log driver. Must be one of [{}]",
            allowed.join(", ")
        ))),
        Some(value) => Err(Refusal::client(format!(
            "'{value}' is not a value of {member}. Must be one of [{}]",
            allowed.join(", ")
        ))),
        None => Ok(()),
    }
}
