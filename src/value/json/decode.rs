//! From JSON to a value, with its type or without.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::super::{CodecError, DynamicValue, Number, ObjectType, PathStep, Type, Value};
use super::{Level, decode_type, not_json};

/// What to do with an object whose attributes are not those of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// Attributes must be exactly those of the type.
    Refused,
    /// Attributes that the type does not have are left out, and those that are missing are null.
    Dropped,
}

/// Reads a JSON text as a value of that type.
pub fn decode(input: &[u8], ty: &Type, surplus: Surplus) -> Result<Value, CodecError> {
    typed(serde_json::from_slice(input).map_err(not_json)?, ty, surplus, 0)
}

/// Reads a JSON text as the value it looks like: arrays as lists, objects as maps.
pub fn decode_untyped(input: &[u8]) -> Result<Value, CodecError> {
    untyped(serde_json::from_slice(input).map_err(not_json)?, 0)
}

fn typed(raw: &RawValue, ty: &Type, surplus: Surplus, depth: usize) -> Result<Value, CodecError> {
    let level = Level::read(raw, depth)?;
    match (ty, level) {
        (_, Level::Null) => Ok(Value::Null),
        (Type::Dynamic, Level::Object(parts)) => dynamic(&parts, surplus, depth),
        (Type::Bool, Level::Bool(flag)) => Ok(Value::Bool(flag)),
        (Type::Number, Level::Number(text)) => number(text),
        (Type::Number, Level::String(text)) => number(&text),
        (Type::String, Level::String(text)) => Ok(Value::String(text)),
        (Type::List(element) | Type::Set(element), Level::Array(elements)) => {
            list(elements.into_iter(), |raw, _| typed(raw, element, surplus, depth + 1))
        }
        (Type::Tuple(types), Level::Array(elements)) => {
            if types.len() != elements.len() {
                return Err(CodecError::new(format!(
                    "a tuple of {} elements is required, not of {}",
                    types.len(),
                    elements.len()
                )));
            }
            list(elements.into_iter(), |raw, index| typed(raw, &types[index], surplus, depth + 1))
        }
        (Type::Map(element), Level::Object(entries)) => entries
            .into_iter()
            .map(|(key, raw)| match typed(raw, element, surplus, depth + 1) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.within(PathStep::Key(key))),
            })
            .collect::<Result<_, _>>()
            .map(Value::Map),
        (Type::Object(ty), Level::Object(entries)) => object(&entries, ty, surplus, depth),
        (ty, _) => Err(CodecError::new(format!("{} is required", ty.noun()))),
    }
}

fn object(
    entries: &BTreeMap<String, &RawValue>,
    ty: &ObjectType,
    surplus: Surplus,
    depth: usize,
) -> Result<Value, CodecError> {
    if surplus == Surplus::Refused
        && let Some(name) = entries.keys().find(|name| !ty.attributes.contains_key(*name))
    {
        return Err(CodecError::new(format!("there is no attribute {name:?} in the schema")));
    }
    let attribute = |(name, ty): (&String, &Type)| {
        let value = match (entries.get(name), surplus) {
            (Some(raw), _) => typed(raw, ty, surplus, depth + 1)
                .map_err(|error| error.within(PathStep::Attribute(name.clone())))?,
            (None, Surplus::Dropped) => Value::Null,
            (None, Surplus::Refused) => {
                return Err(CodecError::new(format!("the attribute {name:?} is missing")));
            }
        };
        Ok((name.clone(), value))
    };
    ty.attributes.iter().map(attribute).collect::<Result<_, _>>().map(Value::Map)
}

fn dynamic(parts: &BTreeMap<String, &RawValue>, surplus: Surplus, depth: usize) -> Result<Value, CodecError> {
    let (Some(ty), Some(value)) = (parts.get("type"), parts.get("value")) else {
        return Err(CodecError::new(r#"a dynamic value is an object with "type" and "value""#));
    };
    let ty = decode_type(ty.get().as_bytes())?;
    let value = typed(value, &ty, surplus, depth + 1)?;
    Ok(Value::Dynamic(Box::new(DynamicValue { ty, value })))
}

fn untyped(raw: &RawValue, depth: usize) -> Result<Value, CodecError> {
    match Level::read(raw, depth)? {
        Level::Null => Ok(Value::Null),
        Level::Bool(flag) => Ok(Value::Bool(flag)),
        Level::Number(text) => number(text),
        Level::String(text) => Ok(Value::String(text)),
        Level::Array(elements) => list(elements.into_iter(), |raw, _| untyped(raw, depth + 1)),
        Level::Object(entries) => entries
            .into_iter()
            .map(|(key, raw)| match untyped(raw, depth + 1) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.within(PathStep::Attribute(key))),
            })
            .collect::<Result<_, _>>()
            .map(Value::Map),
    }
}

fn list<'a>(
    elements: impl Iterator<Item = &'a RawValue>,
    mut read: impl FnMut(&'a RawValue, usize) -> Result<Value, CodecError>,
) -> Result<Value, CodecError> {
    elements
        .enumerate()
        .map(|(index, raw)| {
            read(raw, index)
                .map_err(|error| error.within(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX))))
        })
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn number(text: &str) -> Result<Value, CodecError> {
    text.parse::<Number>().map(Value::Number).map_err(|error| CodecError::new(format!("the text is {error}")))
}
