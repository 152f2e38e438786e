//! Terraform's type system.

use std::collections::{BTreeMap, BTreeSet};

use super::Value;

/// A type constraint, or the type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A boolean.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// Any type; the value says which.
    Dynamic,
    /// A list of one type.
    List(Box<Type>),
    /// A set of one type.
    Set(Box<Type>),
    /// A map with string keys.
    Map(Box<Type>),
    /// A fixed sequence of types.
    Tuple(Vec<Type>),
    /// Named attributes.
    Object(ObjectType),
}

/// The attributes of an object type, and which of them a configuration may leave out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ObjectType {
    /// Type of each attribute.
    pub attributes: BTreeMap<String, Type>,
    /// Attributes that may be left out; only in type constraints, never in the type of a value.
    pub optional: BTreeSet<String>,
}

/// Attributes that are all required. They are inserted one by one, as in [`Value`](super::Value).
impl FromIterator<(String, Type)> for ObjectType {
    fn from_iter<I: IntoIterator<Item = (String, Type)>>(types: I) -> Self {
        let mut attributes = BTreeMap::new();
        attributes.extend(types);
        ObjectType { attributes, optional: BTreeSet::new() }
    }
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Type) -> Type {
        Type::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Type) -> Type {
        Type::Set(Box::new(element))
    }

    /// A map of `element`.
    pub fn map(element: Type) -> Type {
        Type::Map(Box::new(element))
    }

    /// An object whose attributes are all required.
    pub fn object<const N: usize>(attributes: [(&str, Type); N]) -> Type {
        Type::Object(attributes.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect())
    }
}

impl Type {
    /// The type of the values that this constraint lets through: the same without optional attributes.
    pub fn without_optional(&self) -> Type {
        match self {
            Type::List(element) => Type::list(element.without_optional()),
            Type::Set(element) => Type::set(element.without_optional()),
            Type::Map(element) => Type::map(element.without_optional()),
            Type::Tuple(elements) => Type::Tuple(elements.iter().map(Type::without_optional).collect()),
            Type::Object(object) => {
                let attributes = object.attributes.iter();
                Type::Object(attributes.map(|(name, ty)| (name.clone(), ty.without_optional())).collect())
            }
            primitive => primitive.clone(),
        }
    }

    /// Whether a value brings part of its own type.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Type::Dynamic => true,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
            Type::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Type::Object(object) => object.attributes.values().any(Type::has_dynamic),
            Type::Bool | Type::Number | Type::String => false,
        }
    }

    /// The type that a value has by itself: sequences are tuples, mappings are objects, and of null and unknown
    /// nothing is known.
    pub fn of(value: &Value) -> Type {
        match value {
            Value::Null | Value::Unknown(_) => Type::Dynamic,
            Value::Bool(_) => Type::Bool,
            Value::Number(_) => Type::Number,
            Value::String(_) => Type::String,
            Value::List(elements) => Type::Tuple(elements.iter().map(Type::of).collect()),
            Value::Map(entries) => {
                Type::Object(entries.iter().map(|(name, value)| (name.clone(), Type::of(value))).collect())
            }
            Value::Dynamic(inner) => inner.ty.clone(),
        }
    }

    /// What a value of this type is called in an error.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Type::Bool => "a bool",
            Type::Number => "a number",
            Type::String => "a string",
            Type::Dynamic => "a value of any type",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Tuple(_) => "a tuple",
            Type::Object(_) => "an object",
        }
    }
}
