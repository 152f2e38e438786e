//! Calling functions.

use ddrofs::protocol::wire::{self, FunctionError, call_function::Response};
use ddrofs::value::{Type, Value};

use super::server::{Client, client, list, raw, received, sent};

async fn call(client: &mut Client, name: &str, arguments: &[(Value, Type)]) -> Response {
    let arguments = arguments.iter().filter_map(|(value, ty)| sent(value, ty)).collect();
    let request = wire::call_function::Request { name: name.into(), arguments };
    client.call_function(request).await.expect("answers").into_inner()
}

fn text(value: &str) -> (Value, Type) {
    (Value::from(value), Type::String)
}

#[tokio::test]
async fn variadic_arguments_come_last() {
    let mut client = client().await;
    let arguments = [text("-"), text("a"), text("b"), text("c")];
    let response = call(&mut client, "join_all", &arguments).await;
    assert_eq!(received(response.result, &Type::String), Value::from("a-b-c"));
    let response = call(&mut client, "join_all", &arguments[..1]).await;
    assert_eq!(received(response.result, &Type::String), Value::from(""));
}

#[tokio::test]
async fn null_and_unknown_arguments_arrive() {
    let mut client = client().await;
    for (value, described) in
        [(Value::Null, "null"), (Value::UNKNOWN, "unknown"), (Value::from("x"), "known")]
    {
        let response = call(&mut client, "describe", &[(value, Type::String)]).await;
        assert_eq!(received(response.result, &Type::String), Value::from(described));
    }
}

#[tokio::test]
async fn a_dynamic_result_brings_its_type() {
    let mut client = client().await;
    let value = list([Value::from("a"), Value::from(1), Value::Null]);
    let response = call(&mut client, "echo", &[(value.clone(), Type::Dynamic)]).await;
    assert_eq!(received(response.result, &Type::Dynamic).elements(), value.elements());
}

#[tokio::test]
async fn an_error_names_the_argument_and_leaves_the_full_stop_to_the_core() {
    let mut client = client().await;
    let response = call(&mut client, "fail", &[text("a"), text("b")]).await;
    let error = FunctionError { text: "The second is wrong".into(), function_argument: Some(1) };
    assert_eq!(response, Response { result: None, error: Some(error) });
}

#[tokio::test]
async fn an_argument_that_cannot_be_read_is_named() {
    let mut client = client().await;
    let arguments = vec![raw(b"\xa1a").expect("bytes"), raw(b"\xc3").expect("bytes")];
    let request = wire::call_function::Request { name: "fail".into(), arguments };
    let error = client.call_function(request).await.expect("answers").into_inner().error.expect("an error");
    assert_eq!(error.function_argument, Some(1));
    assert!(error.text.contains("a string is required"), "{error:?}");
}

#[tokio::test]
async fn every_other_failure_is_told_as_well() {
    let mut client = client().await;
    for (name, arguments, told) in [
        ("fail", vec![], "2 arguments are required, not 0"),
        ("echo", vec![text("a"), text("b")], "1 arguments are required, not 2"),
        ("misfit", vec![], "[0]: a string is required"),
        ("crash", vec![], "terraform-provider-corner"),
        ("corner_new", vec![], "terraform init -upgrade"),
    ] {
        let error = call(&mut client, name, &arguments).await.error.expect("an error");
        assert!(error.text.contains(told), "{name}: {error:?}");
        assert!(!error.text.contains("hunter2"), "{error:?}");
        assert!(!error.text.ends_with('.'), "{error:?}");
    }
}
