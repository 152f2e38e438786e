//! From JSON to a value, with its type or without.

use std::collections::BTreeMap;

use super::super::{CodecError, DynamicValue, Number, ObjectType, PathStep, Type, Value};
use super::reader::{Next, Reader};
use super::{check_depth, decode_type, encode};

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
    Reader::whole(input, |reader| typed(reader, ty, surplus, 0))
}

/// Reads a JSON text as the value it looks like: arrays as lists, objects as maps.
pub fn decode_untyped(input: &[u8]) -> Result<Value, CodecError> {
    Reader::whole(input, |reader| untyped(reader, 0))
}

fn typed(reader: &mut Reader<'_>, ty: &Type, surplus: Surplus, depth: usize) -> Result<Value, CodecError> {
    check_depth(depth)?;
    match (ty, reader.next()?) {
        (_, Next::Null) => reader.null().map(|()| Value::Null),
        (Type::Dynamic, Next::Object) => dynamic(reader, surplus, depth),
        (Type::Bool, Next::Bool) => reader.bool().map(Value::Bool),
        (Type::Number, Next::Number) => number(reader.number()?),
        (Type::Number, Next::String) => number(&reader.string()?),
        (Type::String, Next::String) => reader.string().map(|text| Value::String(text.into_owned())),
        (Type::List(element) | Type::Set(element), Next::Array) => {
            list(reader, |reader, _| typed(reader, element, surplus, depth + 1))
        }
        (Type::Tuple(types), Next::Array) => tuple(reader, types, surplus, depth),
        (Type::Map(element), Next::Object) => {
            map(reader, PathStep::Key, |reader| typed(reader, element, surplus, depth + 1))
        }
        (Type::Object(object_type), Next::Object) => object(reader, object_type, surplus, depth),
        (ty, _) => Err(CodecError::new(format!("{} is required", ty.noun()))),
    }
}

fn tuple(
    reader: &mut Reader<'_>,
    types: &[Type],
    surplus: Surplus,
    depth: usize,
) -> Result<Value, CodecError> {
    let another_length = || CodecError::new(format!("a tuple of {} elements is required", types.len()));
    let read = list(reader, |reader, index| {
        typed(reader, types.get(index).ok_or_else(another_length)?, surplus, depth + 1)
    })?;
    match read.elements().len() == types.len() {
        true => Ok(read),
        false => Err(another_length()),
    }
}

fn object(
    reader: &mut Reader<'_>,
    ty: &ObjectType,
    surplus: Surplus,
    depth: usize,
) -> Result<Value, CodecError> {
    let mut entries = BTreeMap::new();
    reader.object(|reader, name| {
        match (ty.attributes.get(&*name), surplus) {
            (Some(attribute), _) => {
                let value = typed(reader, attribute, surplus, depth + 1);
                let value =
                    value.map_err(|error| error.within(PathStep::Attribute(name.clone().into_owned())))?;
                entries.insert(name.into_owned(), value);
            }
            (None, Surplus::Dropped) => drop(reader.skip()?),
            (None, Surplus::Refused) => {
                return Err(CodecError::new(format!("there is no attribute {name:?} in the schema")));
            }
        }
        Ok(())
    })?;
    for name in ty.attributes.keys() {
        if surplus == Surplus::Refused && !entries.contains_key(name) {
            return Err(CodecError::new(format!("the attribute {name:?} is missing")));
        }
        entries.entry(name.clone()).or_insert(Value::Null);
    }
    Ok(Value::Map(entries))
}

/// The type may stand behind the value, so both are taken out before either is read.
fn dynamic(reader: &mut Reader<'_>, surplus: Surplus, depth: usize) -> Result<Value, CodecError> {
    let (mut ty, mut value) = (None, None);
    reader.object(|reader, name| {
        let text = reader.skip()?;
        match &*name {
            "type" => ty = Some(text),
            "value" => value = Some(text),
            _ => {}
        }
        Ok(())
    })?;
    let (Some(ty), Some(value)) = (ty, value) else {
        return Err(CodecError::new(r#"a dynamic value is an object with "type" and "value""#));
    };
    let ty = decode_type(ty.as_bytes())?;
    let value = Reader::whole(value.as_bytes(), |reader| typed(reader, &ty, surplus, depth + 1))?;
    Ok(Value::Dynamic(Box::new(DynamicValue { ty, value })))
}

fn untyped(reader: &mut Reader<'_>, depth: usize) -> Result<Value, CodecError> {
    check_depth(depth)?;
    match reader.next()? {
        Next::Null => reader.null().map(|()| Value::Null),
        Next::Bool => reader.bool().map(Value::Bool),
        Next::Number => number(reader.number()?),
        Next::String => reader.string().map(|text| Value::String(text.into_owned())),
        Next::Array => list(reader, |reader, _| untyped(reader, depth + 1)),
        Next::Object => map(reader, PathStep::Attribute, |reader| untyped(reader, depth + 1)),
    }
}

fn list(
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&mut Reader<'_>, usize) -> Result<Value, CodecError>,
) -> Result<Value, CodecError> {
    let mut elements = Vec::new();
    reader.array(|reader, index| {
        let step = || PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX));
        elements.push(read(reader, index).map_err(|error| error.within(step()))?);
        Ok(())
    })?;
    Ok(Value::List(elements))
}

fn map(
    reader: &mut Reader<'_>,
    step: fn(String) -> PathStep,
    mut read: impl FnMut(&mut Reader<'_>) -> Result<Value, CodecError>,
) -> Result<Value, CodecError> {
    let mut entries = BTreeMap::new();
    reader.object(|reader, name| {
        let name = name.into_owned();
        let value = read(reader).map_err(|error| error.within(step(name.clone())))?;
        entries.insert(name, value);
        Ok(())
    })?;
    Ok(Value::Map(entries))
}

fn number(text: &str) -> Result<Value, CodecError> {
    text.parse::<Number>().map(Value::Number).map_err(|error| CodecError::new(format!("the text is {error}")))
}

/// Gives dynamic values back their type in a value that was read without its type. There a dynamic value looks like any
/// object with "type" and "value"; only the type that the value should have tells them apart.
pub fn revive_dynamic(value: Value, ty: &Type) -> Result<Value, CodecError> {
    match (ty, value) {
        (Type::Dynamic, Value::Map(mut parts)) if parts.len() == 2 => {
            if !parts.contains_key("type") || !parts.contains_key("value") {
                return Ok(Value::Map(parts));
            }
            let spelled = parts.remove("type").unwrap_or_default();
            let inner = parts.remove("value").unwrap_or_default();
            let ty = decode_type(encode(&spelled, &Type::of(&spelled))?.as_bytes())?;
            let value = revive_dynamic(inner, &ty)?;
            Ok(Value::Dynamic(Box::new(DynamicValue { ty, value })))
        }
        (Type::List(element) | Type::Set(element), Value::List(elements)) => elements
            .into_iter()
            .map(|value| revive_dynamic(value, element))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Type::Tuple(types), Value::List(elements)) if types.len() == elements.len() => {
            let revived = elements.into_iter().zip(types).map(|(value, ty)| revive_dynamic(value, ty));
            revived.collect::<Result<_, _>>().map(Value::List)
        }
        (Type::Map(element), Value::Map(entries)) => {
            entries.into_iter().map(|(key, value)| Ok((key, revive_dynamic(value, element)?))).collect()
        }
        (Type::Object(object), Value::Map(entries)) => {
            let revived = entries.into_iter().map(|(name, value)| {
                let value = match object.attributes.get(&name) {
                    Some(ty) => revive_dynamic(value, ty)?,
                    None => value,
                };
                Ok((name, value))
            });
            revived.collect()
        }
        (_, value) => Ok(value),
    }
}
