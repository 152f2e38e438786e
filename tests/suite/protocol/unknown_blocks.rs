//! `dynamic` blocks whose `for_each` is known at apply: a core sends a collection of blocks that is unknown as a whole, and
//! takes it back like that. Every block of every schema of the provider, however deep: a new one is tried by itself.

use std::collections::BTreeMap;

use ddrofs::framework::Provider;
use ddrofs::protocol::wire::{self, diagnostic::Severity};
use ddrofs::provider::ddrofs;
use ddrofs::schema::{Block, Mode, Nesting, Schema};
use ddrofs::value::{Type, Value};

use super::server::{Client, client_of, list, received, sent};

/// The paths of all blocks in a body, outer ones first.
fn block_paths(body: &Block) -> Vec<Vec<String>> {
    let below = body.blocks.iter().flat_map(|nested| {
        let within = block_paths(&nested.block).into_iter();
        let within = within.map(|path| [vec![nested.name.clone()], path].concat());
        [vec![nested.name.clone()]].into_iter().chain(within)
    });
    below.collect()
}

/// A body with one block on the way to the last of the path, which is this. What has to be written and is not given is
/// unknown, what may be left out is left out.
fn body(block: &Block, path: &[String], last: &Value, given: &[(&str, Value)]) -> Value {
    let value_of = |name: &str, mode: Mode| match given.iter().find(|(given, _)| *given == name) {
        Some((_, value)) => value.clone(),
        None if mode == Mode::Required => Value::UNKNOWN,
        None => Value::Null,
    };
    let attributes = block.attributes.iter();
    let attributes = attributes.map(|one| (one.name.clone(), value_of(&one.name, one.mode)));
    let blocks = block.blocks.iter().map(|nested| {
        let is_single = nested.nesting == Nesting::Single;
        let held = |body: Value| if is_single { body } else { list([body]) };
        let value = match path {
            [name, rest @ ..] if *name == nested.name => match rest {
                [] if is_single && !last.is_unknown() => Value::Null,
                [] => last.clone(),
                rest => held(body(&nested.block, rest, last, &[])),
            },
            _ if nested.min_items > 0 => held(body(&nested.block, &[], last, &[])),
            _ if is_single => Value::Null,
            _ => list([]),
        };
        (nested.name.clone(), value)
    });
    Value::Map(attributes.chain(blocks).collect::<BTreeMap<_, _>>())
}

/// What stands at a path of blocks.
fn at<'v>(value: &'v Value, path: &[String]) -> &'v Value {
    match path {
        [] => value,
        [name] => value.get(name),
        [name, rest @ ..] => at(value.get(name).elements().first().expect("a block on the way"), rest),
    }
}

#[track_caller]
fn assert_no_error(diagnostics: &[wire::Diagnostic], what: &str) {
    let errors: Vec<_> = diagnostics.iter().filter(|one| one.severity() == Severity::Error).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

/// What a resource or data source needs to be written beside its blocks, so that all of it is put together and judged.
fn given(type_name: &str) -> Vec<(&'static str, Value)> {
    let containers = Value::from(r#"[{"name": "app", "image": "nginx:1.27.0", "memory": 128}]"#);
    match type_name {
        "ddrofs_ecs_task_definition" => {
            vec![("family", Value::from("web")), ("container_definitions", containers)]
        }
        "ddrofs_agent_sidecar" => vec![
            ("container_definitions", containers),
            ("api_key_secret_arn", Value::from("arn:aws:secretsmanager:eu-west-1:123456789012:secret:key")),
        ],
        // With a cluster that is known the plan would look at the service.
        "ddrofs_ecs_rollout" => vec![
            ("cluster", Value::UNKNOWN),
            ("services", Value::Map([("web".to_owned(), Value::UNKNOWN)].into())),
        ],
        "ddrofs_agent_nomad" => vec![("api_key_secret", Value::from("nomad/jobs/datadog-agent"))],
        "ddrofs_agent_compose" => vec![("services", Value::from("web: { image: 'nginx:1.27.0' }"))],
        "ddrofs_agent_kubernetes" => vec![(
            "manifest",
            Value::from(
                "{apiVersion: v1, kind: Pod, spec: {containers: [{name: web, image: 'nginx:1.27.0'}]}}",
            ),
        )],
        "ddrofs_task_definition_check" => vec![("definitions", containers)],
        "ddrofs_agent_docker" | "ddrofs_ecs_fleet_audit" => Vec::new(),
        other => panic!("say here what {other} needs besides its blocks"),
    }
}

/// Every path of a schema with a body in which the blocks there are unknown.
fn bodies(schema: &Schema, given: &[(&str, Value)]) -> Vec<(Vec<String>, Value)> {
    let paths = block_paths(&schema.block).into_iter();
    paths.map(|path| (path.clone(), body(&schema.block, &path, &Value::UNKNOWN, given))).collect()
}

async fn configure(client: &mut Client, ty: &Type, config: &Value) {
    let request = wire::configure::Request { config: sent(config, ty), ..Default::default() };
    let response = client.configure(request).await.expect("answers").into_inner();
    assert_no_error(&response.diagnostics, "configure");
}

#[tokio::test]
async fn blocks_of_the_provider() {
    let schema = ddrofs().schema();
    let ty = schema.block.implied_type();
    let bodies = bodies(&schema, &[]);
    assert!(bodies.len() >= 9, "{}", bodies.len());
    for (path, config) in bodies {
        let mut client = client_of(ddrofs()).await;
        let request = wire::prepare_provider_config::Request { config: sent(&config, &ty) };
        let response = client.prepare_provider_config(request).await.expect("answers").into_inner();
        assert_no_error(&response.diagnostics, &path.join("."));
        configure(&mut client, &ty, &config).await;
    }
}

#[tokio::test]
async fn blocks_of_data_sources() {
    let provider = ddrofs();
    for source in provider.data_sources() {
        let (name, schema) = (source.type_name(), source.schema());
        let ty = schema.block.implied_type();
        let mut client = client_of(ddrofs()).await;
        for configured in [false, true] {
            if configured {
                let own = provider.schema().block;
                configure(&mut client, &own.implied_type(), &body(&own, &[], &Value::Null, &[])).await;
            }
            for (path, config) in bodies(&schema, &given(name)) {
                let request = wire::validate_data_source_config::Request {
                    type_name: name.into(),
                    config: sent(&config, &ty),
                };
                let response =
                    client.validate_data_source_config(request).await.expect("answers").into_inner();
                assert_no_error(&response.diagnostics, &format!("{name} {}", path.join(".")));
            }
        }
    }
}

#[tokio::test]
async fn blocks_of_resources() {
    let provider = ddrofs();
    for resource in provider.resources() {
        let (name, schema) = (resource.type_name(), resource.schema());
        let ty = schema.block.implied_type();
        let mut client = client_of(ddrofs()).await;
        let bodies = bodies(&schema, &given(name));
        for (path, config) in &bodies {
            let request = wire::validate_resource_type_config::Request {
                type_name: name.into(),
                config: sent(config, &ty),
                ..Default::default()
            };
            let response = client.validate_resource_type_config(request).await.expect("answers").into_inner();
            assert_no_error(&response.diagnostics, &format!("validate {}", path.join(".")));
        }
        let own = provider.schema().block;
        configure(&mut client, &own.implied_type(), &body(&own, &[], &Value::Null, &[])).await;
        for (path, config) in &bodies {
            let exists = body(&schema.block, path, &list([]), &given(name));
            for prior in [Value::Null, exists] {
                let request = wire::plan_resource_change::Request {
                    type_name: name.into(),
                    prior_state: sent(&prior, &ty),
                    proposed_new_state: sent(config, &ty),
                    config: sent(config, &ty),
                    ..Default::default()
                };
                let what = format!("plan {} over {prior:?}", path.join("."));
                let response = client.plan_resource_change(request).await.expect("answers").into_inner();
                assert_no_error(&response.diagnostics, &what);
                let planned = received(response.planned_state, &ty);
                assert!(at(&planned, path).is_unknown(), "{what}: {:?}", at(&planned, path));
            }
        }
    }
}
