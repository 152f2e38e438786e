//! Terraform's type system.

use std::collections::{BTreeMap, BTreeSet};

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
        Type::Object(ObjectType {
            attributes: attributes.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect(),
            optional: BTreeSet::new(),
        })
    }
}
