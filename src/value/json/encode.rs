//! From a value of a given type to JSON. JSON has no word for an unknown value, so that is an error.

use std::fmt::Write;

use super::super::{CodecError, PathStep, Type, Value};
use super::{check_depth, encode_type};

/// Writes a wholly known value of that type.
pub fn encode(value: &Value, ty: &Type) -> Result<String, CodecError> {
    let mut out = String::new();
    any(&mut out, value, ty, 0)?;
    Ok(out)
}

fn any(out: &mut String, value: &Value, ty: &Type, depth: usize) -> Result<(), CodecError> {
    check_depth(depth)?;
    match (ty, value) {
        (_, Value::Unknown(_)) => return Err(CodecError::new("JSON cannot say that a value is unknown")),
        (_, Value::Null) => out.push_str("null"),
        (Type::Dynamic, value) => {
            let (ty, value) = match value {
                Value::Dynamic(inner) => (inner.ty.without_optional(), &inner.value),
                value => (Type::of(value), value),
            };
            out.push_str(r#"{"value":"#);
            any(out, value, &ty, depth + 1)?;
            out.push_str(r#","type":"#);
            out.push_str(&encode_type(&ty));
            out.push('}');
        }
        (ty, Value::Dynamic(inner)) => any(out, &inner.value, ty, depth)?,
        (Type::Bool, Value::Bool(flag)) => out.push_str(if *flag { "true" } else { "false" }),
        (Type::Number, Value::Number(number)) => {
            write!(out, "{number}").expect("a string takes everything");
        }
        (Type::String, Value::String(text)) => quoted(out, text),
        (Type::List(element) | Type::Set(element), Value::List(values)) => {
            elements(out, values.iter().map(|value| (value, &**element)), depth)?;
        }
        (Type::Tuple(types), Value::List(values)) if types.len() == values.len() => {
            elements(out, values.iter().zip(types), depth)?;
        }
        (Type::Map(element), Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, value)| (key, value, &**element));
            members(out, entries, PathStep::Key, depth)?;
        }
        (Type::Object(object), Value::Map(entries)) => {
            if let Some(name) = entries.keys().find(|name| !object.attributes.contains_key(*name)) {
                return Err(CodecError::new(format!("there is no attribute {name:?} in the schema")));
            }
            if let Some(name) = object.attributes.keys().find(|name| !entries.contains_key(*name)) {
                return Err(CodecError::new(format!("the attribute {name:?} is missing")));
            }
            let entries = entries.iter().map(|(name, value)| (name, value, &object.attributes[name]));
            members(out, entries, PathStep::Attribute, depth)?;
        }
        (ty, _) => return Err(CodecError::new(format!("{} is required", ty.noun()))),
    }
    Ok(())
}

fn elements<'v>(
    out: &mut String,
    values: impl Iterator<Item = (&'v Value, &'v Type)>,
    depth: usize,
) -> Result<(), CodecError> {
    out.push('[');
    for (index, (value, ty)) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        let step =
            |error: CodecError| error.within(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)));
        any(out, value, ty, depth + 1).map_err(step)?;
    }
    out.push(']');
    Ok(())
}

fn members<'v>(
    out: &mut String,
    entries: impl Iterator<Item = (&'v String, &'v Value, &'v Type)>,
    step: fn(String) -> PathStep,
    depth: usize,
) -> Result<(), CodecError> {
    out.push('{');
    for (position, (name, value, ty)) in entries.enumerate() {
        if position > 0 {
            out.push(',');
        }
        quoted(out, name);
        out.push(':');
        any(out, value, ty, depth + 1).map_err(|error| error.within(step(name.clone())))?;
    }
    out.push('}');
    Ok(())
}

pub(super) fn quoted(out: &mut String, text: &str) {
    out.push_str(&serde_json::to_string(text).expect("a text has a JSON form"));
}
