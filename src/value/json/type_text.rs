//! Types as JSON: `"string"`, `["list","string"]`, `["object",{"name":"string"},["name"]]`. The third part of an object
//! names the attributes that a configuration may leave out; it belongs in type constraints, never in a value's type.

use std::borrow::Cow;

use super::super::{CodecError, ObjectType, Type};
use super::check_depth;
use super::encode::quoted;
use super::reader::{Next, Reader};

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
    Reader::whole(input, |reader| parse(reader, 0))
}

fn parse(reader: &mut Reader<'_>, depth: usize) -> Result<Type, CodecError> {
    check_depth(depth)?;
    match reader.next()? {
        Next::String => match &*reader.string()? {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(not_a_type()),
        },
        Next::Array => compound(reader, depth),
        _ => Err(not_a_type()),
    }
}

/// The parts come in order: what kind of type it is, what is in it, and for an object what may be left out.
fn compound(reader: &mut Reader<'_>, depth: usize) -> Result<Type, CodecError> {
    let mut kind = Cow::Borrowed("");
    let mut ty = None;
    reader.array(|reader, part| {
        match (part, &*kind, &mut ty) {
            (0, ..) => kind = reader.string()?,
            (1, "list", _) => ty = Some(Type::list(parse(reader, depth + 1)?)),
            (1, "set", _) => ty = Some(Type::set(parse(reader, depth + 1)?)),
            (1, "map", _) => ty = Some(Type::map(parse(reader, depth + 1)?)),
            (1, "tuple", _) => {
                let mut elements = Vec::new();
                reader.array(|reader, _| {
                    elements.push(parse(reader, depth + 1)?);
                    Ok(())
                })?;
                ty = Some(Type::Tuple(elements));
            }
            (1, "object", _) => {
                let mut object = ObjectType::default();
                reader.object(|reader, name| {
                    object.attributes.insert(name.into_owned(), parse(reader, depth + 1)?);
                    Ok(())
                })?;
                ty = Some(Type::Object(object));
            }
            (2, "object", Some(Type::Object(object))) => reader.array(|reader, _| {
                object.optional.insert(reader.string()?.into_owned());
                Ok(())
            })?,
            _ => return Err(not_a_type()),
        }
        Ok(())
    })?;
    ty.ok_or_else(not_a_type)
}

fn not_a_type() -> CodecError {
    CodecError::new("not a type")
}
