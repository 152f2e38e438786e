//! Reading and judging data sources.

use ddrofs::protocol::wire;
use ddrofs::value::{DynamicValue, Type, Value};

use super::server::{Client, Types, client, list, map, number, place, received, sent, the_error};

fn echo(value: Value) -> Value {
    map([
        ("value", value),
        ("items", Value::Null),
        ("old", Value::Null),
        ("result", Value::Null),
        ("part", list([])),
    ])
}

fn typed(ty: Type, value: Value) -> Value {
    Value::Dynamic(Box::new(DynamicValue { ty, value }))
}

async fn read(client: &mut Client, config: &Value, ty: &Type) -> wire::read_data_source::Response {
    let request = wire::read_data_source::Request {
        type_name: "corner_echo".into(),
        config: sent(config, ty),
        ..Default::default()
    };
    client.read_data_source(request).await.expect("answers").into_inner()
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_went() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.echo;
    let big = "1234567890123456789012345678901234567890.000000000000000000001";
    for value in [
        Value::Null,
        typed(Type::String, Value::Null),
        typed(Type::String, Value::from("ünïcode \u{1f600} \0")),
        typed(Type::Number, number("18446744073709551615")),
        typed(Type::Number, number("0.1")),
        typed(Type::Number, number(big)),
        typed(Type::Number, Value::from(i64::MIN)),
        typed(Type::set(Type::String), list([Value::from("a"), Value::from("b")])),
        typed(Type::map(Type::Bool), map([("", Value::from(true)), ("x", Value::Null)])),
        typed(
            Type::Tuple(vec![Type::String, Type::Dynamic]),
            list([Value::from("a"), typed(Type::list(Type::Number), list([Value::from(1)]))]),
        ),
        typed(Type::object([("a", Type::object([]))]), map([("a", map([]))])),
    ] {
        let response = read(&mut client, &echo(value.clone()), &ty).await;
        assert_eq!(response.diagnostics, []);
        assert_eq!(received(response.state, &ty).get("result"), &value);
    }
}

#[tokio::test]
async fn computed_parts_of_blocks_are_filled() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.echo;
    let mut config = echo(Value::Null);
    if let Value::Map(config) = &mut config {
        config.insert("part".into(), list([map([("name", Value::from("abc")), ("length", Value::Null)])]));
    }
    let response = read(&mut client, &config, &ty).await;
    assert_eq!(received(response.state, &ty).get("part").elements()[0].integer("length").known(), Some(3));
}

#[tokio::test]
async fn a_configuration_that_is_not_wholly_known_is_not_read() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.echo;
    let response = read(&mut client, &echo(Value::UNKNOWN), &ty).await;
    assert_eq!(response.state, None);
    assert_eq!(the_error(&response.diagnostics).summary, "Data source read too early");
}

#[tokio::test]
async fn judging_takes_unknown_values_and_keeps_the_place_inside_an_attribute() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.echo;
    let mut config = echo(Value::UNKNOWN);
    if let Value::Map(config) = &mut config {
        let item = |port: Value| map([("name", Value::UNKNOWN), ("port", port)]);
        config.insert("items".into(), list([item(Value::UNKNOWN), item(Value::from(0))]));
    }
    let request = wire::validate_data_source_config::Request {
        type_name: "corner_echo".into(),
        config: sent(&config, &ty),
    };
    let response = client.validate_data_source_config(request).await.expect("answers").into_inner();
    let error = the_error(&response.diagnostics);
    assert_eq!(place(error), "items/1", "the core shows the element");
    assert_eq!(error.detail, "Ports begin at 1.\n\nPlace: items[1].port");
}

#[tokio::test]
async fn answers_that_break_the_contract_are_errors_with_the_place() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.trouble;
    for (kind, path, told) in [
        ("nothing", "", "neither a result nor an error"),
        ("null", "", "neither a result nor an error"),
        ("unknown", "result", "result: the value is not known"),
        ("another type", "result", "result: a string is required"),
        ("attribute missing", "", "the attribute \"result\" is missing"),
    ] {
        let config = map([("kind", Value::from(kind)), ("result", Value::Null)]);
        let request = wire::read_data_source::Request {
            type_name: "corner_trouble".into(),
            config: sent(&config, &ty),
            ..Default::default()
        };
        let response = client.read_data_source(request).await.expect("answers").into_inner();
        assert_eq!(response.state, None, "{kind}");
        let error = the_error(&response.diagnostics);
        assert!(error.detail.contains(told), "{kind}: {error:?}");
        assert!(error.detail.contains("bug in the provider"), "{kind}: {error:?}");
        assert_eq!(place(error), path, "{kind}");
    }
}

#[tokio::test]
async fn ten_mebibytes_of_text_go_through() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.echo;
    let value = typed(Type::String, Value::from("x".repeat(10 << 20)));
    let response = read(&mut client, &echo(value.clone()), &ty).await;
    assert_eq!(received(response.state, &ty).get("result"), &value);
}
