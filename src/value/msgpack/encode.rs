//! From a value of a given type to MessagePack. A value that does not fit its type is an error, never something that
//! a core would have to guess at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rmp::encode as write;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::super::limits::DEEPEST_NESTING;
use super::super::{CodecError, DynamicValue, Number, ObjectType, PathStep, Type, Value, json};
use super::{REFINED_UNKNOWN, UNKNOWN, refinement};

/// Why writing cannot fail.
const INFALLIBLE: &str = "a vector takes everything";

/// Cores refuse a longer refinement (go-cty, msgpack/unknown.go, seen November 2026); saying less is always right.
const LONGEST_REFINEMENT: usize = 1024;

/// Bytes of a task definition's arguments, so that a value is not moved while it is written.
const USUAL_BYTES: usize = 4 << 10;

/// Writes a value of that type.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(USUAL_BYTES);
    any(&mut out, value, ty, 0)?;
    Ok(out)
}

fn any(out: &mut Vec<u8>, value: &Value, ty: &Type, depth: usize) -> Result<(), CodecError> {
    if depth > DEEPEST_NESTING {
        return Err(CodecError::new(format!("nested more than {DEEPEST_NESTING} levels deep")));
    }
    match (ty, value) {
        (Type::Dynamic, value) => return dynamic(out, value, depth),
        (ty, Value::Dynamic(inner)) => return any(out, &inner.value, ty, depth),
        (_, Value::Null) => out.push(rmp::Marker::Null.to_u8()),
        (_, Value::Unknown(certain)) => unknown(out, certain.as_deref().and_then(refinement::payload)),
        (Type::Bool, Value::Bool(flag)) => write::write_bool(out, *flag).expect(INFALLIBLE),
        (Type::Number, Value::Number(value)) => number(out, value),
        (Type::String, Value::String(value)) => text(out, value),
        (Type::List(element) | Type::Set(element), Value::List(values)) => {
            write::write_array_len(out, length(values.len())?).expect(INFALLIBLE);
            elements(out, values.iter().map(|value| (value, &**element)), depth)?;
        }
        (Type::Tuple(types), Value::List(values)) => {
            if types.len() != values.len() {
                return Err(CodecError::new(format!(
                    "a tuple of {} elements is required, not of {}",
                    types.len(),
                    values.len()
                )));
            }
            write::write_array_len(out, length(values.len())?).expect(INFALLIBLE);
            elements(out, values.iter().zip(types), depth)?;
        }
        (Type::Map(element), Value::Map(entries)) => {
            write::write_map_len(out, length(entries.len())?).expect(INFALLIBLE);
            for (key, value) in entries {
                text(out, key);
                any(out, value, element, depth + 1)
                    .map_err(|error| error.within(PathStep::Key(key.clone())))?;
            }
        }
        (Type::Object(ty), Value::Map(entries)) => object(out, entries, ty, depth)?,
        (ty, _) => return Err(CodecError::new(format!("{} is required", ty.noun()))),
    }
    Ok(())
}

fn object(
    out: &mut Vec<u8>,
    entries: &BTreeMap<String, Value>,
    ty: &ObjectType,
    depth: usize,
) -> Result<(), CodecError> {
    if !entries.keys().eq(ty.attributes.keys()) {
        return Err(names_differ(entries, ty));
    }
    write::write_map_len(out, length(ty.attributes.len())?).expect(INFALLIBLE);
    // Both are in the order of their names.
    for ((name, ty), value) in ty.attributes.iter().zip(entries.values()) {
        write::write_str(out, name).expect(INFALLIBLE);
        any(out, value, ty, depth + 1).map_err(|error| error.within(PathStep::Attribute(name.clone())))?;
    }
    Ok(())
}

/// The error about an object that has an attribute too many, or else too few.
fn names_differ(entries: &BTreeMap<String, Value>, ty: &ObjectType) -> CodecError {
    if let Some(name) = entries.keys().find(|name| !ty.attributes.contains_key(*name)) {
        return CodecError::new(format!("there is no attribute {name:?} in the schema"));
    }
    let missing = ty.attributes.keys().find(|name| !entries.contains_key(*name));
    CodecError::new(format!("the attribute {:?} is missing", missing.map_or("", String::as_str)))
}

fn elements<'v>(
    out: &mut Vec<u8>,
    values: impl Iterator<Item = (&'v Value, &'v Type)>,
    depth: usize,
) -> Result<(), CodecError> {
    for (index, (value, ty)) in values.enumerate() {
        let step =
            |error: CodecError| error.within(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)));
        any(out, value, ty, depth + 1).map_err(step)?;
    }
    Ok(())
}

fn dynamic(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), CodecError> {
    let (ty, value): (Cow<'_, Type>, &Value) = match value {
        Value::Null => {
            out.push(rmp::Marker::Null.to_u8());
            return Ok(());
        }
        Value::Unknown(_) => {
            // Of a value whose type is not known either, nothing else can be said on the wire.
            unknown(out, None);
            return Ok(());
        }
        Value::Dynamic(inner) => {
            let DynamicValue { ty, value } = &**inner;
            (Cow::Borrowed(ty), value)
        }
        value => (Cow::Owned(Type::of(value)), value),
    };
    if *ty == Type::Dynamic {
        return any(out, value, &ty, depth + 1);
    }
    out.push(rmp::Marker::FixArray(2).to_u8());
    write::write_bin(out, json::encode_type(&ty.without_optional()).as_bytes()).expect(INFALLIBLE);
    any(out, value, &ty, depth + 1)
}

fn unknown(out: &mut Vec<u8>, refinement: Option<Vec<u8>>) {
    let (kind, payload) = match refinement {
        Some(payload) if payload.len() <= LONGEST_REFINEMENT => (REFINED_UNKNOWN, payload),
        _ => (UNKNOWN, vec![0]),
    };
    let length = u32::try_from(payload.len()).expect("just checked");
    write::write_ext_meta(out, length, kind).expect(INFALLIBLE);
    out.extend(payload);
}

/// As integer, as float where that is exact, otherwise as text.
pub(super) fn number(out: &mut Vec<u8>, number: &Number) {
    if let Some(integer) = number.as_i64() {
        write::write_sint(out, integer).expect(INFALLIBLE);
    } else if let Some(float) = number.as_f64() {
        write::write_f64(out, float).expect(INFALLIBLE);
    } else {
        write::write_str(out, &number.to_string()).expect(INFALLIBLE);
    }
}

/// In normal form C, as cores hold every text: otherwise a planned value could differ from the same one applied.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    let normal: Cow<'_, str> = match text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect()),
    };
    write::write_str(out, &normal).expect(INFALLIBLE);
}

fn length(length: usize) -> Result<u32, CodecError> {
    u32::try_from(length).map_err(|_| CodecError::new("too many elements for one message"))
}
