//! Types as JSON: `"string"`, `["list","string"]`, `["object",{"name":"string"},["name"]]`. The third part of an object
//! names the attributes that a configuration may leave out; it belongs in type constraints, never in a value's type.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::super::{CodecError, ObjectType, Type};
use super::encode::quoted;
use super::{Level, not_json, read};

/// Writes a type as a core reads it.
pub fn encode_type(ty: &Type) -> String {
    let mut out = String::new();
    write(&mut out, ty);
    out
}

fn write(out: &mut String, ty: &Type) {
    match ty {
        Type::Bool => out.push_str(r#""bool""#),
        Type::Number => out.push_str(r#""number""#),
        Type::String => out.push_str(r#""string""#),
        Type::Dynamic => out.push_str(r#""dynamic""#),
        Type::List(element) => collection(out, "list", element),
        Type::Set(element) => collection(out, "set", element),
        Type::Map(element) => collection(out, "map", element),
        Type::Tuple(elements) => {
            out.push_str(r#"["tuple",["#);
            separated(out, elements, write);
            out.push_str("]]");
        }
        Type::Object(object) => {
            out.push_str(r#"["object",{"#);
            separated(out, &object.attributes, |out, (name, ty)| {
                quoted(out, name);
                out.push(':');
                write(out, ty);
            });
            out.push('}');
            if !object.optional.is_empty() {
                out.push_str(",[");
                separated(out, &object.optional, |out, name| quoted(out, name));
                out.push(']');
            }
            out.push(']');
        }
    }
}

fn collection(out: &mut String, kind: &str, element: &Type) {
    out.push_str(r#"[""#);
    out.push_str(kind);
    out.push_str(r#"","#);
    write(out, element);
    out.push(']');
}

fn separated<T>(out: &mut String, items: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut String, T)) {
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        each(out, item);
    }
}

/// Reads a type as a core writes it.
pub fn decode_type(input: &[u8]) -> Result<Type, CodecError> {
    parse(serde_json::from_slice(input).map_err(not_json)?, 0)
}

fn parse(raw: &RawValue, depth: usize) -> Result<Type, CodecError> {
    match Level::read(raw, depth)? {
        Level::String(name) => match name.as_str() {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(not_a_type()),
        },
        Level::Array(parts) => match parts.as_slice() {
            [kind, inner, optional @ ..] => compound(read(kind.get())?, inner, optional, depth),
            _ => Err(not_a_type()),
        },
        _ => Err(not_a_type()),
    }
}

fn compound(kind: &str, inner: &RawValue, optional: &[&RawValue], depth: usize) -> Result<Type, CodecError> {
    match (kind, optional) {
        ("list", []) => Ok(Type::list(parse(inner, depth + 1)?)),
        ("set", []) => Ok(Type::set(parse(inner, depth + 1)?)),
        ("map", []) => Ok(Type::map(parse(inner, depth + 1)?)),
        ("tuple", []) => {
            let elements: Vec<&RawValue> = read(inner.get())?;
            elements.into_iter().map(|raw| parse(raw, depth + 1)).collect::<Result<_, _>>().map(Type::Tuple)
        }
        ("object", optional) if optional.len() <= 1 => {
            let attributes: BTreeMap<String, &RawValue> = read(inner.get())?;
            Ok(Type::Object(ObjectType {
                attributes: attributes
                    .into_iter()
                    .map(|(name, raw)| Ok((name, parse(raw, depth + 1)?)))
                    .collect::<Result<_, _>>()?,
                optional: optional.first().map_or(Ok(Default::default()), |names| read(names.get()))?,
            }))
        }
        _ => Err(not_a_type()),
    }
}

fn not_a_type() -> CodecError {
    CodecError::new("not a type")
}
