//! Making whole values out of parts: a core wants every attribute of the schema in every value.

use std::collections::BTreeMap;

use super::{Block, NestedBlock, Nesting};
use crate::value::{Type, Value};

impl Block {
    /// The value with these attributes and blocks; what is missing is null, or empty where it is a list or set of
    /// blocks. Inside of given blocks and object-typed attributes the same. Names that the schema does not know stay, so
    /// that the mistake is reported and not swallowed.
    pub fn complete(&self, given: BTreeMap<String, Value>) -> Value {
        let mut entries = given;
        for attribute in &self.attributes {
            let value = entries.remove(&attribute.name).unwrap_or_default();
            entries.insert(attribute.name.clone(), complete_attribute(value, &attribute.ty));
        }
        for nested in &self.blocks {
            let value = entries.remove(&nested.name).unwrap_or_default();
            entries.insert(nested.name.clone(), nested.complete(value));
        }
        Value::Map(entries)
    }

    /// The value cut and stretched until it fits: unknown names are dropped, missing ones added, and what has the wrong
    /// shape becomes null. For state of older versions, and to save what can be saved of a state that is wrong.
    pub fn fit(&self, value: &Value) -> Value {
        let attributes = self.attributes.iter().map(|attribute| {
            (attribute.name.clone(), fit_attribute(value.get(&attribute.name), &attribute.ty))
        });
        let blocks =
            self.blocks.iter().map(|nested| (nested.name.clone(), nested.fit(value.get(&nested.name))));
        attributes.chain(blocks).collect()
    }
}

impl NestedBlock {
    fn complete(&self, value: Value) -> Value {
        let body = |value: Value| match value {
            Value::Map(entries) => self.block.complete(entries),
            other => other,
        };
        match (self.nesting, value) {
            (Nesting::Single, value) => body(value),
            (Nesting::List | Nesting::Set, Value::Null) => Value::List(Vec::new()),
            (Nesting::List | Nesting::Set, Value::List(blocks)) => {
                Value::List(blocks.into_iter().map(body).collect())
            }
            (Nesting::List | Nesting::Set, other) => other,
        }
    }

    fn fit(&self, value: &Value) -> Value {
        let body = |value: &Value| self.block.fit(value);
        match (self.nesting, value.undynamic()) {
            (Nesting::Single, value @ Value::Map(_)) => body(value),
            (Nesting::Single, _) => Value::Null,
            (Nesting::List | Nesting::Set, value) => Value::List(
                value.elements().iter().filter(|block| matches!(block, Value::Map(_))).map(body).collect(),
            ),
        }
    }
}

fn complete_attribute(value: Value, ty: &Type) -> Value {
    match (ty, value) {
        (Type::Object(object), Value::Map(mut entries)) => {
            for (name, ty) in &object.attributes {
                let value = entries.remove(name).unwrap_or_default();
                entries.insert(name.clone(), complete_attribute(value, ty));
            }
            Value::Map(entries)
        }
        (Type::List(element) | Type::Set(element), Value::List(elements)) => {
            Value::List(elements.into_iter().map(|value| complete_attribute(value, element)).collect())
        }
        (Type::Map(element), Value::Map(entries)) => {
            entries.into_iter().map(|(key, value)| (key, complete_attribute(value, element))).collect()
        }
        (_, value) => value,
    }
}

fn fit_attribute(value: &Value, ty: &Type) -> Value {
    match (ty, value) {
        (Type::Dynamic, value) => value.clone(),
        (ty, Value::Dynamic(inner)) => fit_attribute(&inner.value, ty),
        (_, Value::Unknown(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_)) => value.clone(),
        (Type::List(element) | Type::Set(element), Value::List(elements)) => {
            Value::List(elements.iter().map(|value| fit_attribute(value, element)).collect())
        }
        (Type::Tuple(types), Value::List(elements)) if types.len() == elements.len() => {
            Value::List(elements.iter().zip(types).map(|(value, ty)| fit_attribute(value, ty)).collect())
        }
        (Type::Map(element), Value::Map(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), fit_attribute(value, element))).collect()
        }
        (Type::Object(object), Value::Map(_)) => object
            .attributes
            .iter()
            .map(|(name, ty)| (name.clone(), fit_attribute(value.get(name), ty)))
            .collect(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Mode};

    fn block() -> Block {
        let attribute = |name, ty| Attribute::new(name, ty, Mode::Optional, "");
        let body = Block { attributes: vec![attribute("name", Type::String)], ..Block::default() };
        Block {
            attributes: vec![
                attribute("size", Type::Number),
                attribute("items", Type::list(Type::object([("a", Type::String), ("b", Type::Bool)]))),
                attribute("anything", Type::Dynamic),
            ],
            blocks: vec![
                NestedBlock::list("part", body.clone()),
                NestedBlock { nesting: Nesting::Single, ..NestedBlock::set("single", body) },
            ],
            ..Block::default()
        }
    }

    fn entries<const N: usize>(entries: [(&str, Value); N]) -> BTreeMap<String, Value> {
        entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn map<const N: usize>(given: [(&str, Value); N]) -> Value {
        Value::Map(entries(given))
    }

    fn empty() -> Value {
        map([
            ("size", Value::Null),
            ("items", Value::Null),
            ("anything", Value::Null),
            ("part", Value::List(vec![])),
            ("single", Value::Null),
        ])
    }

    #[test]
    fn what_is_missing_becomes_null_or_empty_at_every_depth() {
        assert_eq!(block().complete(BTreeMap::new()), empty());
        let given = entries([
            ("items", Value::List(vec![map([("a", Value::from("x"))])])),
            ("part", Value::List(vec![map([])])),
            ("single", map([])),
        ]);
        let whole = block().complete(given);
        assert_eq!(whole.get("items").elements(), [map([("a", Value::from("x")), ("b", Value::Null)])]);
        assert_eq!(whole.get("part").elements(), [map([("name", Value::Null)])]);
        assert_eq!(whole.get("single"), &map([("name", Value::Null)]));
        assert_eq!(block().check_blocks(&whole), Ok(()));
    }

    #[test]
    fn blocks_that_are_not_known_yet_are_right_and_one_among_others_is_not() {
        let with = |part: Value| block().check_blocks(&block().complete(entries([("part", part)])));
        assert_eq!(with(Value::UNKNOWN), Ok(()));
        for wrong in [Value::List(vec![Value::UNKNOWN]), Value::from("x")] {
            assert!(with(wrong.clone()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn completing_hides_no_mistake() {
        let given = entries([("sise", Value::from(1)), ("part", Value::UNKNOWN), ("size", Value::from("x"))]);
        let whole = block().complete(given);
        assert_eq!(whole.get("sise"), &Value::from(1));
        assert_eq!(whole.get("part"), &Value::UNKNOWN);
        assert_eq!(whole.get("size"), &Value::from("x"));
    }

    #[test]
    fn fitting_keeps_what_fits_and_nothing_else() {
        let state = map([
            ("size", Value::from("large")),
            ("gone", Value::from(true)),
            ("items", Value::List(vec![map([("a", Value::from("x")), ("c", Value::Null)]), Value::from(1)])),
            ("anything", map([("kept", Value::from("as it is"))])),
            ("part", Value::List(vec![map([("name", Value::from("p")), ("old", Value::Null)]), Value::Null])),
            ("single", Value::List(vec![])),
        ]);
        let fitted = block().fit(&state);
        assert_eq!(
            fitted,
            map([
                ("size", Value::Null),
                ("items", Value::List(vec![map([("a", Value::from("x")), ("b", Value::Null)]), Value::Null])),
                ("anything", map([("kept", Value::from("as it is"))])),
                ("part", Value::List(vec![map([("name", Value::from("p"))])])),
                ("single", Value::Null),
            ])
        );
        assert_eq!(block().fit(&Value::Null), empty());
        assert!(crate::value::msgpack::encode(&fitted, &block().implied_type()).is_ok());
    }
}
