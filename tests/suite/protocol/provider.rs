//! What a core asks about the provider itself.

use ddrofs::framework;
use ddrofs::protocol::wire::{self, schema::nested_block::NestingMode};
use ddrofs::value::Value;

use super::corner::Corner;
use super::server::{Types, client, list, map, place, sent, the_error};

#[test]
fn the_corner_provider_is_one_that_cores_accept() {
    assert_eq!(framework::problems(&Corner::new()), Vec::<String>::new());
}

#[tokio::test]
async fn the_schema_says_everything_that_the_provider_offers() {
    let mut client = client().await;
    let schema =
        client.get_schema(wire::get_provider_schema::Request {}).await.expect("answers").into_inner();
    assert_eq!(schema.diagnostics, []);
    let capabilities = schema.server_capabilities.expect("capabilities");
    assert!(capabilities.plan_destroy);
    assert!(capabilities.get_provider_schema_optional);
    assert!(capabilities.move_resource_state);

    let mut names: Vec<_> = schema.resource_schemas.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["corner_stranger", "corner_thing"]);
    let mut names: Vec<_> = schema.data_source_schemas.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["corner_echo", "corner_trouble"]);

    let thing = &schema.resource_schemas["corner_thing"];
    assert_eq!(thing.version, 2);
    let block = thing.block.as_ref().expect("a body");
    assert_eq!(block.description, "A thing.");
    assert_eq!(block.description_kind(), wire::StringKind::Markdown);
    let modes: Vec<_> = block
        .attributes
        .iter()
        .map(|attribute| {
            (attribute.name.as_str(), attribute.required, attribute.optional, attribute.computed)
        })
        .collect();
    assert_eq!(
        modes,
        [
            ("id", false, false, true),
            ("name", true, false, false),
            ("size", false, true, true),
            ("tags", false, true, false),
            ("ports", false, true, false),
            ("anything", false, true, false),
            ("revision", false, false, true),
        ]
    );
    let nestings: Vec<_> =
        block.block_types.iter().map(|nested| (nested.type_name.as_str(), nested.nesting())).collect();
    assert_eq!(
        nestings,
        [("part", NestingMode::List), ("member", NestingMode::Set), ("single", NestingMode::Single)]
    );

    let echo = schema.data_source_schemas["corner_echo"].block.as_ref().expect("a body");
    let attribute = |name| echo.attributes.iter().find(|attribute| attribute.name == name).expect(name);
    assert_eq!(
        String::from_utf8_lossy(&attribute("items").r#type),
        r#"["list",["object",{"name":"string","port":"number"},["port"]]]"#
    );
    assert!(attribute("old").deprecated);
    assert_eq!(attribute("old").deprecation_message, "Use value.");
    assert!(!attribute("value").deprecated);

    let provider = schema.provider.expect("a provider block").block.expect("a body");
    assert!(provider.attributes[0].sensitive);
}

#[tokio::test]
async fn functions_are_told_with_their_types() {
    let mut client = client().await;
    let all =
        client.get_functions(wire::get_functions::Request {}).await.expect("answers").into_inner().functions;
    let schema =
        client.get_schema(wire::get_provider_schema::Request {}).await.expect("answers").into_inner();
    assert_eq!(all, schema.functions);
    let join = &all["join_all"];
    assert_eq!(join.parameters.len(), 1);
    assert_eq!(join.variadic_parameter.as_ref().expect("variadic").name, "parts");
    assert_eq!(join.r#return.as_ref().expect("a result").r#type, br#""string""#);
    let describe = &all["describe"].parameters[0];
    assert!(describe.allow_null_value && describe.allow_unknown_values);
}

#[tokio::test]
async fn metadata_names_the_same_things() {
    let mut client = client().await;
    let metadata = client.get_metadata(wire::get_metadata::Request {}).await.expect("answers").into_inner();
    let resources: Vec<_> = metadata.resources.iter().map(|resource| resource.type_name.as_str()).collect();
    assert_eq!(resources, ["corner_thing", "corner_stranger"]);
    let data_sources: Vec<_> = metadata.data_sources.iter().map(|source| source.type_name.as_str()).collect();
    assert_eq!(data_sources, ["corner_echo", "corner_trouble"]);
    assert_eq!(metadata.functions.len(), 6);
}

#[tokio::test]
async fn the_provider_block_is_judged_with_the_line_of_the_argument() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.provider;
    let endpoints = list([map([("url", Value::from("x"))]), map([("url", Value::from(""))])]);
    let config = sent(&map([("flavor", Value::UNKNOWN), ("endpoint", endpoints)]), &ty);
    let request = wire::prepare_provider_config::Request { config: config.clone() };
    let response = client.prepare_provider_config(request).await.expect("answers").into_inner();
    assert_eq!(response.prepared_config, config);
    assert_eq!(place(the_error(&response.diagnostics)), "endpoint/1/url");
}

#[tokio::test]
async fn configuring_hands_the_block_and_the_version_over() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.provider;
    let config = sent(&map([("flavor", Value::from("sweet")), ("endpoint", list([]))]), &ty);
    let request = |version: &str| wire::configure::Request {
        terraform_version: version.into(),
        config: config.clone(),
        client_capabilities: None,
    };
    let response = client.configure(request("1.11.4")).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics, []);
    let response = client.configure(request("")).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics[0].severity(), wire::diagnostic::Severity::Warning);
}

#[tokio::test]
async fn what_the_provider_does_not_have_is_an_error_that_says_what_to_do() {
    let mut client = client().await;
    let mut found = Vec::new();
    let request =
        wire::validate_resource_type_config::Request { type_name: "corner_new".into(), ..Default::default() };
    found.extend(
        client.validate_resource_type_config(request).await.expect("answers").into_inner().diagnostics,
    );
    let request = wire::read_data_source::Request { type_name: "corner_new".into(), ..Default::default() };
    found.extend(client.read_data_source(request).await.expect("answers").into_inner().diagnostics);
    let request =
        wire::open_ephemeral_resource::Request { type_name: "corner_new".into(), ..Default::default() };
    found.extend(client.open_ephemeral_resource(request).await.expect("answers").into_inner().diagnostics);
    let request =
        wire::upgrade_resource_identity::Request { type_name: "corner_new".into(), ..Default::default() };
    found.extend(client.upgrade_resource_identity(request).await.expect("answers").into_inner().diagnostics);
    let request = wire::list_resource::Request { type_name: "corner_new".into(), ..Default::default() };
    let mut events = client.list_resource(request).await.expect("answers").into_inner();
    found.extend(events.message().await.expect("an event").expect("one event").diagnostic);
    assert_eq!(events.message().await.expect("the end"), None);

    assert_eq!(found.len(), 5);
    for error in &found {
        assert!(error.detail.contains("terraform-provider-corner"), "{error:?}");
        assert!(error.detail.contains(r#""corner_new""#), "{error:?}");
        assert!(error.detail.contains("terraform init -upgrade"), "{error:?}");
    }
}
