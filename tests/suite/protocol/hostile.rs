//! Panics of the provider and bytes that no core would send: always an answer, never the end of the process.

use ddrofs::protocol::wire;
use ddrofs::value::{Type, Value};

use super::server::{Client, Types, client, map, raw, sent, the_error};

async fn read(
    client: &mut Client,
    type_name: &str,
    config: Option<wire::DynamicValue>,
) -> Vec<wire::Diagnostic> {
    let request =
        wire::read_data_source::Request { type_name: type_name.into(), config, ..Default::default() };
    client.read_data_source(request).await.expect("answers").into_inner().diagnostics
}

fn trouble(kind: &str, ty: &Type) -> Option<wire::DynamicValue> {
    sent(&map([("kind", Value::from(kind)), ("result", Value::Null)]), ty)
}

#[tokio::test]
async fn a_panic_becomes_a_report_and_the_process_lives_on() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.trouble;
    for kind in ["panic", "panic after waiting"] {
        let found = read(&mut client, "corner_trouble", trouble(kind, &ty)).await;
        let error = the_error(&found);
        assert_eq!(error.summary, "Provider crashed");
        assert!(error.detail.contains("terraform-provider-corner"), "{error:?}");
        assert!(error.detail.contains("ReadDataSource"), "{error:?}");
        assert!(error.detail.contains("Please report it"), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let request = wire::validate_data_source_config::Request {
        type_name: "corner_trouble".into(),
        config: trouble("panic in validation", &ty),
    };
    let response = client.validate_data_source_config(request).await.expect("answers").into_inner();
    assert_eq!(the_error(&response.diagnostics).summary, "Provider crashed");

    assert_eq!(read(&mut client, "corner_trouble", trouble("fine", &ty)).await, []);
}

#[tokio::test]
async fn bytes_that_are_no_value_are_an_error_with_their_place() {
    let mut client = client().await;
    let deep = {
        let mut bytes = b"\x82\xa4kind\xc0\xa6result".to_vec();
        bytes.extend([0x91].repeat(10_000));
        bytes
    };
    for (bytes, told) in [
        (&b"\x81\xa4kind\xa2\xc3\x28"[..], "kind: the text is not valid UTF-8"),
        (b"\x83\xa4kind\xc0\xa6result\xc0\xa5extra\xc0", "there is no attribute \"extra\" in the schema"),
        (b"\x81\xa4kind\xc0", "the attribute \"result\" is missing"),
        (b"\xdf\xff\xff\xff\xff", "the message ends in the middle of the value"),
        (b"\x82\xa4kind\xdb\xff\xff\xff\xff", "kind: the message ends in the middle of the value"),
        (b"\xc1", "an object is required"),
        (&deep, "result: a string is required"),
    ] {
        let found = read(&mut client, "corner_trouble", raw(bytes)).await;
        let error = the_error(&found);
        assert_eq!(error.summary, "Value does not fit the schema");
        assert!(error.detail.contains(told), "{told}: {error:?}");
    }
}

#[tokio::test]
async fn a_dynamic_value_ten_thousand_levels_deep_is_an_error() {
    let mut client = client().await;
    let mut bytes = b"\x85\xa4part\x90\xa5items\xc0\xa3old\xc0\xa6result\xc0\xa5value".to_vec();
    bytes.extend(b"\x92\xc4\x12[\"list\",\"dynamic\"]\x91".repeat(10_000));
    bytes.push(0xc0);
    let found = read(&mut client, "corner_echo", raw(&bytes)).await;
    let error = the_error(&found);
    assert!(error.detail.contains("nested more than 200 levels deep"), "{}", &error.detail[..200]);
    assert!(error.detail.len() < 3000, "the place is not a wall of text: {}", error.detail.len());
}

#[tokio::test]
async fn a_value_in_json_is_read_as_well() {
    let mut client = client().await;
    let config = wire::DynamicValue {
        json: br#"{"kind":"fine","result":null}"#.to_vec().into(),
        ..Default::default()
    };
    assert_eq!(read(&mut client, "corner_trouble", Some(config)).await, []);
    let config = wire::DynamicValue { json: br#"{"kind":"fine""#.to_vec().into(), ..Default::default() };
    let found = read(&mut client, "corner_trouble", Some(config)).await;
    assert!(the_error(&found).detail.contains("not valid JSON"), "{found:?}");
}
