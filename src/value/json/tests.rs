//! State as it is stored, types as they are declared, and what must be refused.

use proptest::prelude::*;

use super::super::strategies::{any_type, typed_value};
use super::super::{DynamicValue, ObjectType, Type, Value};
use super::{Surplus, decode, decode_type, decode_untyped, encode, encode_type, revive_dynamic};

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

#[test]
fn numbers_keep_every_digit() {
    let text = br#"{"big":18446744073709551617,"small":0.1,"long":0.12345678901234567890123456789}"#;
    let value = decode_untyped(text).expect("JSON");
    assert_eq!(value.get("big"), &number("18446744073709551617"));
    assert_eq!(value.get("small"), &number("0.1"));
    assert_eq!(value.get("long"), &number("0.12345678901234567890123456789"));
}

#[test]
fn attributes_that_the_schema_does_not_have_are_dropped_or_refused() {
    let ty = Type::list(Type::object([("kept", Type::String), ("new", Type::Number)]));
    let text = br#"[{"kept":"a","gone":{"x":[1]}}]"#;
    assert_eq!(
        decode(text, &ty, Surplus::Dropped).expect("fits"),
        Value::List(vec![map([("kept", Value::from("a")), ("new", Value::Null)])])
    );
    let error = decode(text, &ty, Surplus::Refused).expect_err("gone is not known");
    assert_eq!(error.to_string(), r#"[0]: there is no attribute "gone" in the schema"#);
    let error = decode(br#"[{"kept":"a"}]"#, &ty, Surplus::Refused).expect_err("new is missing");
    assert_eq!(error.to_string(), r#"[0]: the attribute "new" is missing"#);
}

#[test]
fn a_dynamic_value_brings_its_type() {
    let text = br#"{"value":["a",1],"type":["tuple",["string","number"]]}"#;
    let value = Value::Dynamic(Box::new(DynamicValue {
        ty: Type::Tuple(vec![Type::String, Type::Number]),
        value: Value::List(vec![Value::from("a"), Value::from(1)]),
    }));
    assert_eq!(decode(text, &Type::Dynamic, Surplus::Refused).expect("fits"), value);
    assert_eq!(encode(&value, &Type::Dynamic).expect("fits").as_bytes(), text);
}

#[test]
fn a_mismatch_names_its_place_and_not_its_value() {
    let ty = Type::object([("tags", Type::map(Type::list(Type::Bool)))]);
    let error = decode(br#"{"tags":{"k":[true,"hunter2"]}}"#, &ty, Surplus::Refused).expect_err("a string");
    assert_eq!(error.to_string(), r#"tags["k"][1]: a bool is required"#);
    let error = decode_untyped(br#"{"password":"hunter2" oops}"#).expect_err("not JSON");
    assert_eq!(error.to_string(), "not valid JSON at line 1, column 23");
}

#[test]
fn an_unknown_value_has_no_json_form() {
    let ty = Type::object([("a", Type::String)]);
    let error = encode(&map([("a", Value::UNKNOWN)]), &ty).expect_err("unknown");
    assert_eq!(error.to_string(), "a: JSON cannot say that a value is unknown");
}

#[test]
fn json_ten_thousand_levels_deep_is_refused() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let text = format!("{}null{}", open.repeat(10_000), close.repeat(10_000));
        let error = decode_untyped(text.as_bytes()).expect_err("too deep");
        assert_eq!(error.problem(), "nested more than 200 levels deep");
    }
    let text = format!("{}\"bool\"{}", r#"["set","#.repeat(10_000), "]".repeat(10_000));
    assert!(decode_type(text.as_bytes()).is_err());
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        &b""[..],
        b"{",
        b"[1,]",
        b"nul",
        b"1 2",
        b"\"\xc3\x28\"",
        b"{\"a\":01}",
        b"+1",
        b"\"\\ud800\"",
        b"-",
        b"1.",
        b"1e",
        b"{\"a\" 1}",
        b"[1 2]",
        b"\"a",
        b"\"\\",
        b"\"\n\"",
        b"{1:2}",
        b"]",
    ] {
        assert!(decode_untyped(text).is_err(), "{text:?}");
    }
}

#[test]
fn types_are_spelled_as_cores_spell_them() {
    let object = Type::Object(ObjectType {
        attributes: [("name".to_owned(), Type::String), ("port".to_owned(), Type::Number)].into(),
        optional: ["port".to_owned()].into(),
    });
    for (ty, text) in [
        (Type::Bool, r#""bool""#),
        (Type::Dynamic, r#""dynamic""#),
        (Type::map(Type::set(Type::String)), r#"["map",["set","string"]]"#),
        (Type::Tuple(vec![]), r#"["tuple",[]]"#),
        (Type::list(object), r#"["list",["object",{"name":"string","port":"number"},["port"]]]"#),
    ] {
        assert_eq!(encode_type(&ty), text);
        assert_eq!(decode_type(text.as_bytes()).expect("a type"), ty);
    }
}

#[test]
fn what_is_no_type_is_refused() {
    for text in [
        r#""text""#,
        "null",
        "1",
        "[]",
        r#"["list"]"#,
        r#"["list","string","string"]"#,
        r#"["object",["string"]]"#,
        r#"["object",{"a":"string"},["a"],1]"#,
        r#"["tuple","string"]"#,
        r#"["vector","string"]"#,
        r#"{"list":"string"}"#,
    ] {
        assert!(decode_type(text.as_bytes()).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again((ty, value) in typed_value(false)) {
        let text = encode(&value, &ty).expect("fits its type");
        prop_assert_eq!(decode(text.as_bytes(), &ty, Surplus::Refused).expect("was just written"), value);
    }

    #[test]
    fn dynamic_values_read_without_their_type_can_be_revived((ty, value) in typed_value(false)) {
        let text = encode(&value, &ty).expect("fits its type");
        let untyped = decode_untyped(text.as_bytes()).expect("was just written");
        prop_assert_eq!(revive_dynamic(untyped, &ty).expect("was just written"), value);
    }

    #[test]
    fn what_is_written_is_json((ty, value) in typed_value(false)) {
        let text = encode(&value, &ty).expect("fits its type");
        prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
    }

    #[test]
    fn a_text_is_json_to_this_reader_if_it_is_to_serde(text in "[\\[\\]{}:, \"\\\\0-9a.eE+ntrulfs-]{0,12}") {
        let known = serde_json::from_str::<serde_json::Value>(&text);
        // A number that a float cannot hold is one to this reader alone, and an exponent without end to neither.
        if !known.as_ref().is_err_and(|error| error.to_string().contains("out of range")) {
            prop_assert_eq!(decode_untyped(text.as_bytes()).is_ok(), known.is_ok(), "{:?}", text);
        }
    }

    #[test]
    fn a_skipped_value_is_as_long_as_a_read_one((ty, value) in typed_value(false)) {
        let text = encode(&value, &ty).expect("fits its type");
        let text = format!(r#"{{"skipped":{text},"kept":1}}"#);
        let kept = decode(text.as_bytes(), &Type::object([("kept", Type::Number)]), Surplus::Dropped);
        prop_assert_eq!(kept.expect("fits"), map([("kept", Value::from(1))]));
    }

    #[test]
    fn a_type_is_read_again(ty in any_type()) {
        prop_assert_eq!(decode_type(encode_type(&ty).as_bytes()).expect("was just written"), ty);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), ty in any_type()) {
        let _ = decode(text.as_bytes(), &ty, Surplus::Dropped);
        let _ = decode_untyped(text.as_bytes());
    }
}
