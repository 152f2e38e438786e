//! The wire's bytes, the corners and the attacks. Bytes were dumped from Terraform 1.11.4 in November 2026 where a
//! comment says so.

use proptest::prelude::*;

use super::super::strategies::{any_type, typed_value};
use super::super::{DynamicValue, Number, ObjectType, Refinement, Type, Value};
use super::{decode, encode};

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a number"))
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn read(bytes: &[u8], ty: &Type) -> Value {
    decode(bytes, ty).expect("a value")
}

fn refused(bytes: &[u8], ty: &Type) -> String {
    decode(bytes, ty).expect_err("not a value").to_string()
}

#[test]
fn values_have_the_bytes_that_a_core_writes() {
    for (value, ty, bytes) in [
        (Value::Null, Type::String, vec![0xc0]),
        (Value::UNKNOWN, Type::String, vec![0xd4, 0, 0]),
        (Value::Bool(true), Type::Bool, vec![0xc3]),
        (Value::from(5), Type::Number, vec![5]),
        (Value::from(-1), Type::Number, vec![0xff]),
        (Value::from(300), Type::Number, vec![0xcd, 0x01, 0x2c]),
        (number("0.5"), Type::Number, vec![0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]),
        (number("0.1"), Type::Number, Vec::from(b"\xa30.1")),
        (number("18446744073709551615"), Type::Number, Vec::from(b"\xb418446744073709551615")),
        (Value::from("a"), Type::String, Vec::from(b"\xa1a")),
        (Value::List(vec![]), Type::list(Type::String), vec![0x90]),
        (Value::List(vec![Value::from("a")]), Type::set(Type::String), Vec::from(b"\x91\xa1a")),
        (map([("k", Value::from(1))]), Type::map(Type::Number), Vec::from(b"\x81\xa1k\x01")),
        (map([("k", Value::Null)]), Type::object([("k", Type::Number)]), Vec::from(b"\x81\xa1k\xc0")),
        (
            Value::Dynamic(Box::new(DynamicValue { ty: Type::String, value: Value::from("a") })),
            Type::Dynamic,
            Vec::from(b"\x92\xc4\x08\"string\"\xa1a"),
        ),
    ] {
        assert_eq!(encode(&value, &ty).expect("fits"), bytes, "{value:?}");
        assert_eq!(read(&bytes, &ty), value);
    }
}

#[test]
fn a_refined_unknown_value_keeps_what_is_certain() {
    // Terraform's form of "arn:aws:x/${...}", dumped.
    let bytes = b"\xc7\x0f\x0c\x82\x01\xc2\x02\xaaarn:aws:x/";
    let value = read(bytes, &Type::String);
    assert_eq!(
        value,
        Value::Unknown(Some(Box::new(Refinement {
            not_null: true,
            string_prefix: Some("arn:aws:x/".into()),
            ..Refinement::default()
        })))
    );
    assert_eq!(encode(&value, &Type::String).expect("fits"), bytes);
}

#[test]
fn a_refinement_that_cannot_be_read_leaves_a_plain_unknown_value() {
    for payload in
        [&b"\xc1"[..], b"\x81", b"\x81\x01", b"\x81\x01\xa1x", b"\x81\x63\xc3", b"\xdf\xff\xff\xff\xff", b""]
    {
        let mut bytes = vec![0xc7, u8::try_from(payload.len()).expect("short"), 0x0c];
        bytes.extend(payload);
        assert_eq!(read(&bytes, &Type::String), Value::UNKNOWN, "{payload:x?}");
    }
}

#[test]
fn an_extension_of_any_kind_is_unknown() {
    for bytes in [&b"\xd5\x63\x00\x00"[..], b"\xc7\x03\x01abc", b"\xd8\x02sixteen bytes in"] {
        assert_eq!(read(bytes, &Type::Number), Value::UNKNOWN, "{bytes:x?}");
    }
}

#[test]
fn a_refinement_longer_than_cores_allow_is_not_sent() {
    let refinement = Refinement { string_prefix: Some("x".repeat(2000)), ..Refinement::default() };
    let value = Value::Unknown(Some(Box::new(refinement)));
    assert_eq!(encode(&value, &Type::String).expect("fits"), [0xd4, 0, 0]);
}

#[test]
fn texts_go_out_in_normal_form_c() {
    let decomposed = Value::from("e\u{301}");
    assert_eq!(encode(&decomposed, &Type::String).expect("fits"), b"\xa2\xc3\xa9");
    let keyed = Value::Map([("e\u{301}".to_owned(), Value::from(1))].into());
    assert_eq!(
        read(&encode(&keyed, &Type::map(Type::Number)).expect("fits"), &Type::map(Type::Number)),
        map([("é", Value::from(1))])
    );
}

#[test]
fn a_plain_value_in_a_dynamic_place_brings_its_natural_type() {
    let value = map([("ports", Value::List(vec![Value::from(1), Value::Null])), ("name", Value::from("x"))]);
    let bytes = encode(&value, &Type::Dynamic).expect("fits");
    let Value::Dynamic(read) = read(&bytes, &Type::Dynamic) else { panic!("not dynamic") };
    assert_eq!(
        read.ty,
        Type::object([("ports", Type::Tuple(vec![Type::Number, Type::Dynamic])), ("name", Type::String)])
    );
    assert_eq!(read.value, value);
}

#[test]
fn a_values_type_never_says_that_attributes_are_optional() {
    let ty = Type::Object(ObjectType {
        attributes: [("a".to_owned(), Type::String)].into(),
        optional: ["a".to_owned()].into(),
    });
    let value = Value::Dynamic(Box::new(DynamicValue { ty, value: map([("a", Value::Null)]) }));
    let bytes = encode(&value, &Type::Dynamic).expect("fits");
    let Value::Dynamic(read) = read(&bytes, &Type::Dynamic) else { panic!("not dynamic") };
    assert_eq!(read.ty, Type::object([("a", Type::String)]));
}

#[test]
fn an_object_has_exactly_the_attributes_of_its_type() {
    let ty = Type::list(Type::object([("a", Type::String), ("b", Type::String)]));
    let list = |object| Value::List(vec![object]);
    let missing = encode(&list(map([("a", Value::Null)])), &ty).expect_err("b is missing");
    assert_eq!(missing.to_string(), r#"[0]: the attribute "b" is missing"#);
    let surplus = map([("a", Value::Null), ("b", Value::Null), ("c", Value::Null)]);
    let surplus = encode(&list(surplus), &ty).expect_err("c is too much");
    assert_eq!(surplus.to_string(), r#"[0]: there is no attribute "c" in the schema"#);
    assert_eq!(refused(b"\x91\x81\xa1a\xc0", &ty), r#"[0]: the attribute "b" is missing"#);
    assert_eq!(refused(b"\x91\x81\xa1z\xc0", &ty), r#"[0]: there is no attribute "z" in the schema"#);
}

#[test]
fn a_value_of_another_type_is_refused_with_its_place() {
    let ty = Type::object([("ports", Type::list(Type::Number))]);
    let value = map([("ports", Value::List(vec![Value::from(1), Value::from(true)]))]);
    assert_eq!(encode(&value, &ty).expect_err("a bool").to_string(), "ports[1]: a number is required");
    assert_eq!(refused(b"\x81\xa5ports\x92\x01\xc3", &ty), "ports[1]: a number is required");
    let ty = Type::map(Type::Tuple(vec![Type::Bool]));
    assert_eq!(
        refused(b"\x81\xa1k\x92\xc3\xc3", &ty),
        r#"["k"]: a tuple of 1 elements is required, not of 2"#
    );
    assert_eq!(refused(b"\xc3", &Type::Dynamic), "a value of any type is required");
    assert_eq!(refused(b"\xa4many", &Type::Number), "the text is not a decimal number, or out of range");
    assert_eq!(refused(b"\xcb\x7f\xf0\0\0\0\0\0\0", &Type::Number), "infinity is not a number");
    assert_eq!(refused(b"\x01\x01", &Type::Number), "1 bytes follow the value");
}

#[test]
fn invalid_text_is_refused_with_its_place() {
    let ty = Type::object([("name", Type::String)]);
    assert_eq!(refused(b"\x81\xa4name\xa2\xc3\x28", &ty), "name: the text is not valid UTF-8");
}

#[test]
fn a_declared_length_is_not_believed() {
    for bytes in [
        &b"\xdd\xff\xff\xff\xff"[..],
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xffabc",
        b"\xc6\xff\xff\xff\xffabc",
        b"\xc9\xff\xff\xff\xff\x00abc",
        b"\x92\xc6\xff\xff\xff\xff",
    ] {
        for ty in
            [Type::list(Type::String), Type::map(Type::String), Type::String, Type::Dynamic, Type::Number]
        {
            assert!(decode(bytes, &ty).is_err(), "{bytes:x?} as {ty:?}");
        }
    }
}

#[test]
fn a_value_ten_thousand_levels_deep_is_refused() {
    let mut bytes = b"\x92\xc4\x12[\"list\",\"dynamic\"]\x91".repeat(10_000);
    bytes.push(0xc0);
    assert!(refused(&bytes, &Type::Dynamic).ends_with("nested more than 200 levels deep"));

    let depth = 10_000;
    let ty = format!("{}\"string\"{}", r#"["list","#.repeat(depth), "]".repeat(depth));
    let mut bytes = vec![0x92, 0xc6];
    bytes.extend(u32::try_from(ty.len()).expect("short").to_be_bytes());
    bytes.extend(ty.as_bytes());
    bytes.push(0xc0);
    assert_eq!(refused(&bytes, &Type::Dynamic), "nested more than 200 levels deep");

    let deep = (0..10_000).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    // `Type::of` is not what is tested here, so the type is given; it is walked no deeper than the value.
    let ty = (0..300).fold(Type::String, |inner, _| Type::list(inner));
    let error = encode(&deep, &ty).expect_err("too deep");
    assert_eq!(error.problem(), "nested more than 200 levels deep");
    drop_iteratively(deep);
}

/// Dropping so deep a value would itself need the stack that the codec refuses to need.
fn drop_iteratively(mut value: Value) {
    while let Value::List(mut elements) = value {
        value = elements.pop().unwrap_or_default();
    }
}

#[test]
fn ten_mebibytes_of_text_are_a_value() {
    let value = Value::from("x".repeat(10 << 20));
    assert_eq!(read(&encode(&value, &Type::String).expect("fits"), &Type::String), value);
}

#[test]
fn floats_are_taken_exactly() {
    let bytes = [&[0xcb][..], &0.1_f64.to_be_bytes()].concat();
    assert_eq!(
        read(&bytes, &Type::Number),
        number("0.1000000000000000055511151231257827021181583404541015625")
    );
    assert_eq!(encode(&read(&bytes, &Type::Number), &Type::Number).expect("fits"), bytes);
    assert_eq!(read(&[&[0xca][..], &0.5_f32.to_be_bytes()].concat(), &Type::Number), number("0.5"));
    assert_eq!(
        read(b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", &Type::Number),
        Value::Number(Number::from(u64::MAX))
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_again((ty, value) in typed_value(true)) {
        let bytes = encode(&value, &ty).expect("fits its type");
        prop_assert_eq!(decode(&bytes, &ty).expect("was just written"), value);
    }

    #[test]
    fn a_truncated_message_is_an_error((ty, value) in typed_value(true), cut in any::<prop::sample::Index>()) {
        let bytes = encode(&value, &ty).expect("fits its type");
        let kept = cut.index(bytes.len());
        prop_assert!(decode(&bytes[..kept], &ty).is_err());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), ty in any_type()) {
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(
        (ty, value) in typed_value(true),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode(&value, &ty).expect("fits its type");
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = decode(&bytes, &ty);
    }
}
