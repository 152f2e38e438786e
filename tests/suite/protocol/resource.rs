//! The life of a managed resource, and its contract with the core.

use ddrofs::protocol::wire::{self, RawState};
use ddrofs::value::{DynamicValue, Refinement, Type, Value};

use super::server::{Client, Types, client, list, map, number, place, received, sent, the_error};

/// A thing's value with these attributes beside empty ones.
fn thing<const N: usize>(given: [(&str, Value); N]) -> Value {
    let mut value = map([
        ("id", Value::Null),
        ("name", Value::Null),
        ("size", Value::Null),
        ("tags", Value::Null),
        ("ports", Value::Null),
        ("anything", Value::Null),
        ("revision", Value::Null),
        ("part", list([])),
        ("member", list([])),
        ("single", Value::Null),
    ]);
    if let Value::Map(entries) = &mut value {
        entries.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    value
}

struct Things {
    client: Client,
    ty: Type,
}

impl Things {
    async fn new() -> Self {
        let mut client = client().await;
        let ty = Types::of(&mut client).await.thing;
        Things { client, ty }
    }

    async fn plan(
        &mut self,
        prior: &Value,
        proposed: &Value,
        private: &[u8],
    ) -> wire::plan_resource_change::Response {
        let request = wire::plan_resource_change::Request {
            type_name: "corner_thing".into(),
            prior_state: sent(prior, &self.ty),
            proposed_new_state: sent(proposed, &self.ty),
            config: sent(proposed, &self.ty),
            prior_private: private.to_vec(),
            ..Default::default()
        };
        self.client.plan_resource_change(request).await.expect("answers").into_inner()
    }

    async fn apply(
        &mut self,
        prior: &Value,
        planned: &Value,
        private: Vec<u8>,
    ) -> wire::apply_resource_change::Response {
        let request = wire::apply_resource_change::Request {
            type_name: "corner_thing".into(),
            prior_state: sent(prior, &self.ty),
            planned_state: sent(planned, &self.ty),
            config: sent(planned, &self.ty),
            planned_private: private,
            ..Default::default()
        };
        self.client.apply_resource_change(request).await.expect("answers").into_inner()
    }

    fn received(&self, value: Option<wire::DynamicValue>) -> Value {
        received(value, &self.ty)
    }

    async fn upgrade(&mut self, version: i64, json: &str) -> wire::upgrade_resource_state::Response {
        let raw_state = Some(RawState { json: json.as_bytes().to_vec(), ..RawState::default() });
        let request =
            wire::upgrade_resource_state::Request { type_name: "corner_thing".into(), version, raw_state };
        self.client.upgrade_resource_state(request).await.expect("answers").into_inner()
    }
}

#[tokio::test]
async fn a_thing_is_planned_created_read_changed_and_destroyed() {
    let mut things = Things::new().await;
    let config = thing([
        ("name", Value::from("one")),
        ("tags", map([("a", Value::UNKNOWN)])),
        ("ports", list([Value::from(1), number("0.1")])),
        ("part", list([map([("name", Value::from("p"))])])),
        ("member", list([map([("name", Value::from("m"))])])),
        ("single", map([("name", Value::from("s"))])),
    ]);

    let plan = things.plan(&Value::Null, &config, b"").await;
    assert_eq!(plan.diagnostics, []);
    assert!(!plan.legacy_type_system);
    let planned = things.received(plan.planned_state);
    assert_eq!(planned.get("tags"), config.get("tags"));
    assert_eq!(planned.get("ports"), config.get("ports"));
    assert_eq!(planned.get("single"), config.get("single"));
    let refined =
        Refinement { not_null: true, string_prefix: Some("thing-".into()), ..Refinement::default() };
    assert_eq!(planned.get("id"), &Value::Unknown(Some(Box::new(refined))));

    let applied =
        things.apply(&Value::Null, &planned_with(&planned, "tags", Value::Null), plan.planned_private).await;
    assert_eq!(applied.diagnostics, []);
    assert_eq!(applied.private, b"p");
    let state = things.received(applied.new_state);
    assert_eq!(state.get("id"), &Value::from("thing-one"));
    assert_eq!(state.get("size"), &Value::from(3));

    let request = wire::read_resource::Request {
        type_name: "corner_thing".into(),
        current_state: sent(&state, &things.ty),
        private: applied.private,
        ..Default::default()
    };
    let read = things.client.read_resource(request).await.expect("answers").into_inner();
    assert_eq!(things.received(read.new_state), state);
    assert_eq!(read.private, b"p");

    let again = things.plan(&state, &state, &read.private).await;
    assert_eq!(things.received(again.planned_state), state);
    assert_eq!(again.planned_private, b"pp");
    assert_eq!(again.requires_replace, []);

    let renamed = planned_with(&state, "name", Value::from("two"));
    let replacement = things.plan(&state, &renamed, b"").await;
    let path = wire::attribute_path::step::Selector::AttributeName("name".into());
    assert_eq!(replacement.requires_replace.len(), 1);
    assert_eq!(replacement.requires_replace[0].steps[0].selector, Some(path));

    let destruction = things.plan(&state, &Value::Null, b"").await;
    assert_eq!(things.received(destruction.planned_state), Value::Null);
    assert_eq!(destruction.diagnostics[0].summary, "Going away");
    let destroyed = things.apply(&state, &Value::Null, Vec::new()).await;
    assert_eq!(things.received(destroyed.new_state), Value::Null);
}

fn planned_with(value: &Value, name: &str, new: Value) -> Value {
    let mut value = value.clone();
    if let Value::Map(entries) = &mut value {
        entries.insert(name.into(), new);
    }
    value
}

#[tokio::test]
async fn a_thing_that_is_gone_reads_as_null() {
    let mut things = Things::new().await;
    let request = wire::read_resource::Request {
        type_name: "corner_thing".into(),
        current_state: sent(&thing([("name", Value::from("gone"))]), &things.ty),
        ..Default::default()
    };
    let response = things.client.read_resource(request).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics, []);
    assert_eq!(things.received(response.new_state), Value::Null);
}

#[tokio::test]
async fn what_was_reached_before_an_error_is_kept() {
    let mut things = Things::new().await;
    let planned =
        thing([("name", Value::from("half done")), ("id", Value::UNKNOWN), ("revision", Value::UNKNOWN)]);
    let response = things.apply(&Value::Null, &planned, Vec::new()).await;
    assert_eq!(the_error(&response.diagnostics).summary, "Half done");
    assert_eq!(response.private, b"half");
    assert_eq!(things.received(response.new_state), thing([("name", Value::from("half done"))]));
}

#[tokio::test]
async fn a_new_state_that_does_not_fit_is_an_error_and_saved_as_far_as_it_fits() {
    let mut things = Things::new().await;
    for (name, told) in
        [("misfit", "revision: a number is required"), ("forgetful", "revision: the value is not known")]
    {
        let planned = thing([
            ("name", Value::from(name)),
            ("id", Value::UNKNOWN),
            ("revision", Value::UNKNOWN),
            ("member", list([map([("name", Value::from("m"))])])),
        ]);
        let response = things.apply(&Value::Null, &planned, b"p".to_vec()).await;
        let error = the_error(&response.diagnostics);
        assert!(error.detail.contains(told), "{error:?}");
        assert_eq!(place(error), "revision");
        let state = things.received(response.new_state);
        assert_eq!(state.get("id"), &Value::from(format!("thing-{name}")));
        assert_eq!(state.get("revision"), &Value::Null);
        assert_eq!(state.get("member").elements().len(), 1);
    }
}

#[tokio::test]
async fn a_configuration_is_judged_at_its_line() {
    let mut things = Things::new().await;
    let request = wire::validate_resource_type_config::Request {
        type_name: "corner_thing".into(),
        config: sent(&thing([("name", Value::from(""))]), &things.ty),
        ..Default::default()
    };
    let response = things.client.validate_resource_type_config(request).await.expect("answers").into_inner();
    assert_eq!(place(the_error(&response.diagnostics)), "name");
}

#[tokio::test]
async fn an_import_fills_what_the_provider_leaves_out() {
    let mut things = Things::new().await;
    let import = |id: &str| wire::import_resource_state::Request {
        type_name: "corner_thing".into(),
        id: id.into(),
        ..Default::default()
    };
    let response =
        things.client.import_resource_state(import("thing-x")).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics, []);
    let [imported] = &response.imported_resources[..] else { panic!("one object: {response:?}") };
    assert_eq!(imported.type_name, "corner_thing");
    assert_eq!(imported.private, b"imported");
    assert_eq!(
        things.received(imported.state.clone()),
        thing([("id", Value::from("thing-x")), ("name", Value::from("x"))])
    );

    let response = things.client.import_resource_state(import("nope")).await.expect("answers").into_inner();
    assert_eq!(the_error(&response.diagnostics).summary, "Not an id of a thing");
    assert_eq!(response.imported_resources, []);
}

#[tokio::test]
async fn state_of_the_current_version_is_cut_and_stretched_to_the_schema() {
    let mut things = Things::new().await;
    let json = r#"{"id":"i","name":"n","size":18446744073709551615,"gone":{"a":[1]},
        "anything":{"value":[0.1],"type":["list","number"]},"part":[{"name":"p","gone":1}],"member":[]}"#;
    let response = things.upgrade(2, json).await;
    assert_eq!(response.diagnostics, []);
    let state = things.received(response.upgraded_state);
    let anything = state.get("anything").clone();
    assert_eq!(anything.elements(), [number("0.1")]);
    assert_eq!(
        state,
        thing([
            ("id", Value::from("i")),
            ("name", Value::from("n")),
            ("size", number("18446744073709551615")),
            ("anything", anything),
            ("part", list([map([("name", Value::from("p"))])])),
        ])
    );
}

#[tokio::test]
async fn state_of_an_older_version_is_upgraded_by_the_resource() {
    let mut things = Things::new().await;
    let json =
        r#"{"id":"i","label":"old name","part":null,"anything":{"value":[0.1],"type":["list","number"]}}"#;
    let response = things.upgrade(0, json).await;
    assert_eq!(response.diagnostics, []);
    let anything = DynamicValue { ty: Type::list(Type::Number), value: list([number("0.1")]) };
    let expected = thing([
        ("id", Value::from("i")),
        ("name", Value::from("old name")),
        ("anything", Value::Dynamic(Box::new(anything))),
    ]);
    assert_eq!(things.received(response.upgraded_state), expected);
}

#[tokio::test]
async fn state_that_cannot_be_read_is_an_error_without_its_values() {
    let mut things = Things::new().await;
    for (version, json) in [(2, r#"{"size":"hunter2"}"#), (2, "hunter2"), (1, "{hunter2}"), (2, "")] {
        let response = things.upgrade(version, json).await;
        assert_eq!(response.upgraded_state, None);
        assert!(!format!("{:?}", the_error(&response.diagnostics)).contains("hunter2"), "{response:?}");
    }
}

#[tokio::test]
async fn another_types_state_is_moved() {
    let mut things = Things::new().await;
    let request = |source: &str| wire::move_resource_state::Request {
        source_provider_address: "terraform.io/builtin/terraform".into(),
        source_type_name: source.into(),
        source_state: Some(RawState { json: br#"{"id":"abc"}"#.to_vec(), ..RawState::default() }),
        source_private: b"theirs".to_vec(),
        target_type_name: "corner_thing".into(),
        ..Default::default()
    };
    let response =
        things.client.move_resource_state(request("terraform_data")).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics, []);
    assert_eq!(response.target_private, b"theirs");
    assert_eq!(
        things.received(response.target_state),
        thing([("id", Value::from("thing-moved")), ("name", Value::from("abc"))])
    );
    let response =
        things.client.move_resource_state(request("null_resource")).await.expect("answers").into_inner();
    assert_eq!(the_error(&response.diagnostics).summary, "Cannot be moved");
}

#[tokio::test]
async fn plans_that_break_the_contract_are_errors_with_the_place() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.stranger;
    for (kind, told, path) in [
        ("nothing", "neither a result nor an error for the plan", ""),
        ("blocks null", "part: a list of blocks is required, empty if there are none", "part"),
        ("block unknown", "part[0]: a block is required", "part/0"),
        ("path", "there is no attribute nowhere in the schema", ""),
    ] {
        let config = sent(&map([("kind", Value::from(kind)), ("part", list([]))]), &ty);
        let request = wire::plan_resource_change::Request {
            type_name: "corner_stranger".into(),
            prior_state: sent(&Value::Null, &ty),
            proposed_new_state: config.clone(),
            config,
            ..Default::default()
        };
        let response = client.plan_resource_change(request).await.expect("answers").into_inner();
        let error = the_error(&response.diagnostics);
        assert!(error.detail.contains(told), "{kind}: {error:?}");
        assert_eq!(place(error), path, "{kind}");
    }
}

#[tokio::test]
async fn other_calls_that_break_the_contract_are_errors_too() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.stranger;
    let state = sent(&map([("kind", Value::Null), ("part", list([]))]), &ty);

    let request = wire::read_resource::Request {
        type_name: "corner_stranger".into(),
        current_state: state.clone(),
        ..Default::default()
    };
    let read = client.read_resource(request).await.expect("answers").into_inner();
    assert!(the_error(&read.diagnostics).detail.contains("kind: the value is not known"), "{read:?}");

    let request =
        wire::import_resource_state::Request { type_name: "corner_stranger".into(), ..Default::default() };
    let import = client.import_resource_state(request).await.expect("answers").into_inner();
    assert!(the_error(&import.diagnostics).detail.contains("neither a result nor an error"), "{import:?}");

    let request = wire::apply_resource_change::Request {
        type_name: "corner_stranger".into(),
        planned_state: state.clone(),
        config: state.clone(),
        ..Default::default()
    };
    let apply = client.apply_resource_change(request).await.expect("answers").into_inner();
    assert_eq!(the_error(&apply.diagnostics).summary, "Provider crashed");
    assert!(!format!("{apply:?}").contains("hunter2"), "{apply:?}");

    let request = wire::validate_resource_type_config::Request {
        type_name: "corner_stranger".into(),
        config: state,
        ..Default::default()
    };
    let response = client.validate_resource_type_config(request).await.expect("answers").into_inner();
    assert_eq!(place(&response.diagnostics[0]), "");
    assert_eq!(response.diagnostics[0].detail, "It is.\n\nPlace: nowhere[3]");
}
