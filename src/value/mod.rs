//! Terraform values: known, null or unknown, with their types, paths and encodings.
//!
//! Knows neither the wire messages nor ECS: another provider could be built on it.

mod codec_error;
mod limits;
mod number;
mod path;
#[cfg(test)]
mod strategies;
mod types;

/// JSON, the form of stored state and of types on the wire.
pub mod json;
/// MessagePack, the form of values on the wire.
pub mod msgpack;

pub use codec_error::CodecError;
pub use number::{NotANumber, Number};
pub use path::{AttributePath, PathStep};
pub use types::{ObjectType, Type};

use std::collections::BTreeMap;

/// A value of some [`Type`]. Lists, sets and tuples share [`Value::List`]; maps and objects share [`Value::Map`].
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Explicitly absent.
    #[default]
    Null,
    /// Not known before apply; the refinement says what is already certain about it.
    Unknown(Option<Box<Refinement>>),
    /// A boolean.
    Bool(bool),
    /// A number of arbitrary precision.
    Number(Number),
    /// A string in Unicode normal form C.
    String(String),
    /// The elements of a list, set or tuple.
    List(Vec<Value>),
    /// The elements of a map, or the attributes of an object.
    Map(BTreeMap<String, Value>),
    /// A value in place of a dynamic type, which brings its own type.
    Dynamic(Box<DynamicValue>),
}

/// A value together with the type it brought.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicValue {
    /// The concrete type.
    pub ty: Type,
    /// The value of that type.
    pub value: Value,
}

/// What is certain about an unknown value. Absent fields say nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refinement {
    /// The value will not be null.
    pub not_null: bool,
    /// The string will begin with this.
    pub string_prefix: Option<String>,
    /// Lower bound of the number and whether it is included.
    pub number_min: Option<(Number, bool)>,
    /// Upper bound of the number and whether it is included.
    pub number_max: Option<(Number, bool)>,
    /// Smallest possible length of the collection.
    pub length_min: Option<i64>,
    /// Largest possible length of the collection.
    pub length_max: Option<i64>,
}

/// What a practitioner gave for a setting: nothing, something not known yet, or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<T> {
    /// The setting is null.
    Absent,
    /// The setting will have a value that is not known yet.
    Unknown,
    /// The setting's value.
    Known(T),
}

impl Value {
    /// An unknown value of which nothing is certain.
    pub const UNKNOWN: Value = Value::Unknown(None);
    const NULL: Value = Value::Null;

    /// The value itself, without the wrapping of a dynamic type.
    pub fn undynamic(&self) -> &Value {
        match self {
            Value::Dynamic(inner) => inner.value.undynamic(),
            other => other,
        }
    }

    /// The attribute or element of that name; null where there is none, unknown where the whole is unknown.
    pub fn get(&self, name: &str) -> &Value {
        match self.undynamic() {
            Value::Map(entries) => entries.get(name).unwrap_or(&Self::NULL),
            Value::Unknown(_) => &Self::UNKNOWN,
            _ => &Self::NULL,
        }
    }

    /// The body of the single block of that name; null where there is none, unknown where that is not known yet.
    pub fn block(&self, name: &str) -> &Value {
        match self.get(name) {
            blocks if blocks.is_unknown() => &Self::UNKNOWN,
            blocks => blocks.elements().first().unwrap_or(&Self::NULL),
        }
    }

    /// The elements of a list, set or tuple; empty for null and for anything else.
    pub fn elements(&self) -> &[Value] {
        match self.undynamic() {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.undynamic(), Value::Null)
    }

    /// Whether this value itself, not only something inside it, is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.undynamic(), Value::Unknown(_))
    }

    /// Whether nothing inside is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Value::Unknown(_) => false,
            Value::List(elements) => elements.iter().all(Value::is_wholly_known),
            Value::Map(entries) => entries.values().all(Value::is_wholly_known),
            Value::Dynamic(inner) => inner.value.is_wholly_known(),
            _ => true,
        }
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self.undynamic() {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The string attribute of that name.
    pub fn string(&self, name: &str) -> Given<&str> {
        self.get(name).given(Value::as_str)
    }

    /// The boolean attribute of that name.
    pub fn bool(&self, name: &str) -> Given<bool> {
        self.get(name).given(|value| match value.undynamic() {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    /// The whole-number attribute of that name.
    pub fn integer(&self, name: &str) -> Given<i64> {
        self.get(name).given(|value| match value.undynamic() {
            Value::Number(number) => number.as_i64(),
            _ => None,
        })
    }

    fn given<'a, T>(&'a self, read: impl Fn(&'a Value) -> Option<T>) -> Given<T> {
        if self.is_unknown() {
            return Given::Unknown;
        }
        read(self).map_or(Given::Absent, Given::Known)
    }
}

impl<T> Given<T> {
    /// The value where it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Given::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a value was given but is not known yet.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Given::Unknown)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(Number::from(number))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A map or an object. Entries are inserted one by one: `collect` into a `BTreeMap` sorts, and that sort is compiled anew for
/// every place that collects, with 8 KB of code each (rustc 1.95).
impl FromIterator<(String, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(entries: I) -> Self {
        let mut map = BTreeMap::new();
        map.extend(entries);
        Value::Map(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Value::List(elements.into_iter().map(Into::into).collect())
    }
}
