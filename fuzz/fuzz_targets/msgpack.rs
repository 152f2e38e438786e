//! Bytes that claim to be a value on the wire or in a stored state: reading them by a type, and writing them again.
//!
//! The first bytes are decisions that make the type, the rest is the message.

#![no_main]

use ddrofs::value::{DynamicValue, ObjectType, Type, Value, json, msgpack};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

#[path = "../../tests/support/tasks/choices.rs"]
mod choices;

use choices::Choices;

/// Collections inside collections of a type.
const DEEPEST: usize = 4;

fuzz_target!(|data: &[u8]| {
    let mut choices = Choices::new(data);
    let ty = made_type(&mut choices, DEEPEST);
    let message = choices.rest();
    if let Ok(value) = msgpack::decode(message, &ty) {
        let written = msgpack::encode(&value, &ty).expect("what was read can be written");
        let again = msgpack::decode(&written, &ty).expect("what was written can be read");
        assert_eq!(normal(again.clone()), normal(value), "{ty:?}");
        assert_eq!(msgpack::encode(&again, &ty).as_ref(), Ok(&written), "{ty:?}");
    }
    if let Ok(value) = json::decode(message, &ty, json::Surplus::Refused) {
        let written = json::encode(&value, &ty).expect("what was read can be written");
        let again = json::decode(written.as_bytes(), &ty, json::Surplus::Refused);
        assert_eq!(again, Ok(value), "{ty:?} as {written}");
    }
    let _ = json::decode(message, &ty, json::Surplus::Dropped);
    let _ = json::decode_untyped(message);
});

fn made_type(choices: &mut Choices<'_>, depth: usize) -> Type {
    let kinds = if depth == 0 { 4 } else { 9 };
    let inner = |choices: &mut Choices<'_>| made_type(choices, depth - 1);
    match choices.below(kinds) {
        0 => Type::Dynamic,
        1 => Type::Bool,
        2 => Type::Number,
        3 => Type::String,
        4 => Type::list(inner(choices)),
        5 => Type::set(inner(choices)),
        6 => Type::map(inner(choices)),
        7 => Type::Tuple((0..choices.below(3)).map(|_| inner(choices)).collect()),
        _ => {
            let names = ["a", "b", "c"].into_iter().take(choices.below(4));
            let attributes = names.map(|name| (name.to_owned(), inner(choices))).collect();
            Type::Object(ObjectType { attributes, ..ObjectType::default() })
        }
    }
}

/// The value as it goes over the wire: texts in normal form C, a dynamic value wrapped once, and of what is certain
/// about an unknown value only what others have to keep, which is nothing.
fn normal(value: Value) -> Value {
    match value {
        Value::Unknown(_) => Value::UNKNOWN,
        Value::String(text) => Value::String(text.nfc().collect()),
        Value::List(items) => Value::List(items.into_iter().map(normal).collect()),
        Value::Map(members) => {
            Value::Map(members.into_iter().map(|(key, value)| (key.nfc().collect(), normal(value))).collect())
        }
        Value::Dynamic(inner) => match *inner {
            DynamicValue { ty: Type::Dynamic, value } => normal(value),
            DynamicValue { ty, value } => Value::Dynamic(Box::new(DynamicValue { ty, value: normal(value) })),
        },
        known => known,
    }
}
