//! From MessagePack to a value of a given type. Whatever the bytes are, the answer is a value or an error: depth and
//! count are limited, and a declared length reserves nothing.

use std::collections::BTreeMap;

use rmp::Marker;

use super::super::limits::{DEEPEST_NESTING, MOST_VALUES};
use super::super::{CodecError, DynamicValue, Number, ObjectType, PathStep, Type, Value, json};
use super::{REFINED_UNKNOWN, refinement};

/// Reads a whole message as a value of that type.
pub fn decode(input: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let mut reader = Reader::new(input);
    let value = reader.value(ty, 0)?;
    match reader.rest.len() {
        0 => Ok(value),
        surplus => Err(CodecError::new(format!("{surplus} bytes follow the value"))),
    }
}

/// What is left to read.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    values_left: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Reader { rest, values_left: MOST_VALUES }
    }

    pub(super) fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, CodecError> {
        if depth > DEEPEST_NESTING {
            return Err(CodecError::new(format!("nested more than {DEEPEST_NESTING} levels deep")));
        }
        self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or_else(|| CodecError::new(format!("more than {MOST_VALUES} values in one message")))?;
        match self.marker()? {
            Marker::Null => Ok(Value::Null),
            marker => match self.extension(marker)? {
                Some((kind, payload)) => Ok(Value::Unknown(match kind {
                    REFINED_UNKNOWN => refinement::decode(payload),
                    _ => None,
                })),
                None => self.known(marker, ty, depth),
            },
        }
    }

    fn known(&mut self, marker: Marker, ty: &Type, depth: usize) -> Result<Value, CodecError> {
        match ty {
            Type::Bool => match marker {
                Marker::True => Ok(Value::Bool(true)),
                Marker::False => Ok(Value::Bool(false)),
                _ => Err(mismatch(ty)),
            },
            Type::Number => self.number(marker).map(Value::Number),
            Type::String => self.text(marker, ty).map(|text| Value::String(text.to_owned())),
            Type::Dynamic => self.dynamic(marker, depth),
            Type::List(element) | Type::Set(element) => {
                let length = self.array(marker, ty)?;
                self.elements((0..length).map(|_| &**element), depth)
            }
            Type::Tuple(elements) => {
                let length = self.array(marker, ty)?;
                if length != elements.len() {
                    return Err(CodecError::new(format!(
                        "a tuple of {} elements is required, not of {length}",
                        elements.len()
                    )));
                }
                self.elements(elements.iter(), depth)
            }
            Type::Map(element) => self.map(marker, element, ty, depth),
            Type::Object(object) => self.object(marker, object, ty, depth),
        }
    }

    fn elements<'t>(
        &mut self,
        types: impl Iterator<Item = &'t Type>,
        depth: usize,
    ) -> Result<Value, CodecError> {
        types
            .enumerate()
            .map(|(index, ty)| self.value(ty, depth + 1).map_err(|error| error.within(index_step(index))))
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn map(&mut self, marker: Marker, element: &Type, ty: &Type, depth: usize) -> Result<Value, CodecError> {
        let length = self.length(marker, Kind::Map, ty)?;
        let mut entries = BTreeMap::new();
        for _ in 0..length {
            let key = self.key()?;
            let value = self
                .value(element, depth + 1)
                .map_err(|error| error.within(PathStep::Key(key.to_owned())))?;
            entries.insert(key.to_owned(), value);
        }
        Ok(Value::Map(entries))
    }

    fn object(
        &mut self,
        marker: Marker,
        object: &ObjectType,
        ty: &Type,
        depth: usize,
    ) -> Result<Value, CodecError> {
        let length = self.length(marker, Kind::Map, ty)?;
        let mut entries = Vec::with_capacity(length.min(object.attributes.len()));
        // Cores write attributes in the order of their names, so that each is the next one and need not be looked for.
        let mut in_order = object.attributes.iter();
        for _ in 0..length {
            let name = self.key()?;
            let attribute = match in_order.next() {
                Some((next, attribute)) if next == name => attribute,
                _ => object.attributes.get(name).ok_or_else(|| {
                    CodecError::new(format!("there is no attribute {name:?} in the schema"))
                })?,
            };
            let value = self
                .value(attribute, depth + 1)
                .map_err(|error| error.within(PathStep::Attribute(name.to_owned())))?;
            entries.push((name.to_owned(), value));
        }
        let entries: BTreeMap<String, Value> = entries.into_iter().collect();
        if entries.len() == object.attributes.len() {
            return Ok(Value::Map(entries));
        }
        match object.attributes.keys().find(|name| !entries.contains_key(*name)) {
            None => Ok(Value::Map(entries)),
            Some(name) => Err(CodecError::new(format!("the attribute {name:?} is missing"))),
        }
    }

    fn dynamic(&mut self, marker: Marker, depth: usize) -> Result<Value, CodecError> {
        if self.length(marker, Kind::Array, &Type::Dynamic)? != 2 {
            return Err(CodecError::new("a dynamic value is a pair of its type and the value"));
        }
        let marker = self.marker()?;
        let ty = json::decode_type(self.bytes(marker)?)?;
        let value = self.value(&ty, depth + 1)?;
        Ok(Value::Dynamic(Box::new(DynamicValue { ty, value })))
    }

    fn number(&mut self, marker: Marker) -> Result<Number, CodecError> {
        let float =
            |float| Number::from_f64(float).ok_or_else(|| CodecError::new("infinity is not a number"));
        Ok(match marker {
            Marker::FixPos(number) => Number::from(i64::from(number)),
            Marker::FixNeg(number) => Number::from(i64::from(number)),
            Marker::U8 => Number::from(u64::from(u8::from_be_bytes(self.take()?))),
            Marker::U16 => Number::from(u64::from(u16::from_be_bytes(self.take()?))),
            Marker::U32 => Number::from(u64::from(u32::from_be_bytes(self.take()?))),
            Marker::U64 => Number::from(u64::from_be_bytes(self.take()?)),
            Marker::I8 => Number::from(i64::from(i8::from_be_bytes(self.take()?))),
            Marker::I16 => Number::from(i64::from(i16::from_be_bytes(self.take()?))),
            Marker::I32 => Number::from(i64::from(i32::from_be_bytes(self.take()?))),
            Marker::I64 => Number::from(i64::from_be_bytes(self.take()?)),
            Marker::F32 => float(f64::from(f32::from_be_bytes(self.take()?)))?,
            Marker::F64 => float(f64::from_be_bytes(self.take()?))?,
            _ => self
                .text(marker, &Type::Number)?
                .parse()
                .map_err(|error| CodecError::new(format!("the text is {error}")))?,
        })
    }

    fn key(&mut self) -> Result<&'a str, CodecError> {
        let marker = self.marker()?;
        self.text(marker, &Type::String)
    }

    pub(super) fn text(&mut self, marker: Marker, ty: &Type) -> Result<&'a str, CodecError> {
        if !matches!(marker, Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32) {
            return Err(mismatch(ty));
        }
        std::str::from_utf8(self.bytes(marker)?).map_err(|_| CodecError::new("the text is not valid UTF-8"))
    }

    /// The content of a text or of binary data.
    fn bytes(&mut self, marker: Marker) -> Result<&'a [u8], CodecError> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => self.size::<1>()?,
            Marker::Str16 | Marker::Bin16 => self.size::<2>()?,
            Marker::Str32 | Marker::Bin32 => self.size::<4>()?,
            _ => return Err(CodecError::new("text or binary data is required")),
        };
        self.slice(length)
    }

    /// Kind and payload, where the marker begins an extension.
    fn extension(&mut self, marker: Marker) -> Result<Option<(i8, &'a [u8])>, CodecError> {
        let length = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.size::<1>()?,
            Marker::Ext16 => self.size::<2>()?,
            Marker::Ext32 => self.size::<4>()?,
            _ => return Ok(None),
        };
        let kind = i8::from_be_bytes(self.take()?);
        Ok(Some((kind, self.slice(length)?)))
    }

    fn array(&mut self, marker: Marker, ty: &Type) -> Result<usize, CodecError> {
        self.length(marker, Kind::Array, ty)
    }

    /// The declared number of elements or entries. Each takes at least a byte, so more than there are bytes left is a
    /// lie and is not believed.
    pub(super) fn length(&mut self, marker: Marker, kind: Kind, ty: &Type) -> Result<usize, CodecError> {
        let length = match (kind, marker) {
            (Kind::Array, Marker::FixArray(length)) | (Kind::Map, Marker::FixMap(length)) => {
                usize::from(length)
            }
            (Kind::Array, Marker::Array16) | (Kind::Map, Marker::Map16) => self.size::<2>()?,
            (Kind::Array, Marker::Array32) | (Kind::Map, Marker::Map32) => self.size::<4>()?,
            _ => return Err(mismatch(ty)),
        };
        match length <= self.rest.len() {
            true => Ok(length),
            false => Err(truncated()),
        }
    }

    pub(super) fn marker(&mut self) -> Result<Marker, CodecError> {
        self.take::<1>().map(|[byte]| Marker::from_u8(byte))
    }

    fn size<const BYTES: usize>(&mut self) -> Result<usize, CodecError> {
        Ok(self.take::<BYTES>()?.iter().fold(0, |size, byte| size << 8 | usize::from(*byte)))
    }

    fn take<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], CodecError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// What a length counts.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Array,
    Map,
}

fn mismatch(ty: &Type) -> CodecError {
    CodecError::new(format!("{} is required", ty.noun()))
}

fn truncated() -> CodecError {
    CodecError::new("the message ends in the middle of the value")
}

fn index_step(index: usize) -> PathStep {
    PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX))
}
