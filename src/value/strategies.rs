//! Random types and values for the codecs' tests.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{DynamicValue, Number, ObjectType, Refinement, Type, Value};

/// Any type, dynamic parts included.
pub(super) fn any_type() -> impl Strategy<Value = Type> {
    let primitive =
        prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    primitive.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map(name(), inner, 0..4)
                .prop_map(|attributes| Type::Object(ObjectType { attributes, ..ObjectType::default() })),
        ]
    })
}

/// A type and a value of it.
pub(super) fn typed_value(unknown: bool) -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(move |ty| {
        let value = value_of(&ty, unknown);
        (Just(ty), value)
    })
}

/// A value of that type; with parts that are unknown if so wanted.
pub(super) fn value_of(ty: &Type, unknown: bool) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => number().prop_map(Value::Number).boxed(),
        Type::String => text().prop_map(Value::String).boxed(),
        Type::Dynamic => return dynamic(unknown),
        Type::List(element) | Type::Set(element) => {
            vec(value_of(element, unknown), 0..4).prop_map(Value::List).boxed()
        }
        Type::Map(element) => {
            btree_map(text(), value_of(element, unknown), 0..4).prop_map(Value::Map).boxed()
        }
        Type::Tuple(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| value_of(element, unknown)).collect();
            elements.prop_map(Value::List).boxed()
        }
        Type::Object(object) => {
            let names: Vec<String> = object.attributes.keys().cloned().collect();
            let values: Vec<_> = object.attributes.values().map(|ty| value_of(ty, unknown)).collect();
            values
                .prop_map(move |values| {
                    Value::Map(names.iter().cloned().zip(values).collect::<BTreeMap<_, _>>())
                })
                .boxed()
        }
    };
    let null = Just(Value::Null).boxed();
    if unknown {
        prop_oneof![6 => known, 1 => null, 1 => refinement().prop_map(|certain| Value::Unknown(certain.map(Box::new)))]
            .boxed()
    } else {
        prop_oneof![6 => known, 1 => null].boxed()
    }
}

fn dynamic(unknown: bool) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    let ty =
        prop_oneof![leaf.clone(), leaf.clone().prop_map(Type::list), vec(leaf, 0..3).prop_map(Type::Tuple)];
    let typed = ty.prop_flat_map(move |ty| {
        value_of(&ty, unknown)
            .prop_map(move |value| Value::Dynamic(Box::new(DynamicValue { ty: ty.clone(), value })))
    });
    if unknown {
        prop_oneof![4 => typed, 1 => Just(Value::Null), 1 => Just(Value::UNKNOWN)].boxed()
    } else {
        prop_oneof![4 => typed, 1 => Just(Value::Null)].boxed()
    }
}

/// Numbers of every kind that travels in its own way.
pub(super) fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-1000_i64..1000).prop_map(Number::from),
        any::<f64>().prop_filter_map("not a number", Number::from_f64),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| text.parse().expect("a number")),
    ]
}

fn refinement() -> impl Strategy<Value = Option<Refinement>> {
    let bound = || proptest::option::of((number(), any::<bool>()));
    let length = || proptest::option::of(0_i64..1000);
    (any::<bool>(), proptest::option::of(text()), bound(), bound(), length(), length()).prop_map(
        |(not_null, string_prefix, number_min, number_max, length_min, length_max)| {
            let refinement =
                Refinement { not_null, string_prefix, number_min, number_max, length_min, length_max };
            (refinement != Refinement::default()).then_some(refinement)
        },
    )
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,8}", "\\PC{0,12}", any::<String>()].prop_map(|text| text.nfc().collect())
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}
