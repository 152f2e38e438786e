//! What names an object for as long as it exists: in answers of the provider, and in an `import` block.

use ddrofs::protocol::wire::{self, RawState, ResourceIdentityData};
use ddrofs::value::{ObjectType, Type, Value};

use super::server::{Client, Types, client, map, received, sent, the_error};

fn identity_type() -> Type {
    Type::Object(
        ["drawer", "name"].map(|name| (name.to_owned(), Type::String)).into_iter().collect::<ObjectType>(),
    )
}

fn told(identity: Option<ResourceIdentityData>) -> Option<Value> {
    Some(received(identity?.identity_data, &identity_type()))
}

fn named(name: &str) -> Option<Value> {
    Some(map([("name", Value::from(name)), ("drawer", Value::from("top"))]))
}

/// A state of the thing that has its name alone.
fn state(name: Value, ty: &Type) -> Option<wire::DynamicValue> {
    let Type::Object(object) = ty else { unreachable!("a state is an object") };
    let mut entries: std::collections::BTreeMap<String, Value> = object
        .attributes
        .iter()
        .map(|(name, ty)| {
            let is_block = matches!(ty, Type::List(_) | Type::Set(_)) && name != "ports";
            (name.clone(), if is_block { Value::List(Vec::new()) } else { Value::Null })
        })
        .collect();
    entries.insert("name".to_owned(), name);
    sent(&Value::Map(entries), ty)
}

async fn import(client: &mut Client, identity: &Value) -> wire::import_resource_state::Response {
    let identity_data = sent(identity, &identity_type());
    let request = wire::import_resource_state::Request {
        type_name: "corner_thing".into(),
        identity: Some(ResourceIdentityData { identity_data }),
        ..Default::default()
    };
    client.import_resource_state(request).await.expect("answers").into_inner()
}

#[tokio::test]
async fn its_parts_are_told_with_what_an_import_needs() {
    let mut client = client().await;
    let request = wire::get_resource_identity_schemas::Request {};
    let response = client.get_resource_identity_schemas(request).await.expect("answers").into_inner();
    assert_eq!(response.diagnostics, []);
    let [(type_name, schema)] = &response.identity_schemas.into_iter().collect::<Vec<_>>()[..] else {
        panic!("the other resource has none")
    };
    assert_eq!((type_name.as_str(), schema.version), ("corner_thing", 0));
    let parts = schema.identity_attributes.iter().map(|part| {
        let ty = std::str::from_utf8(&part.r#type).expect("text");
        (part.name.as_str(), ty, part.required_for_import, part.optional_for_import)
    });
    let expected = [("name", "\"string\"", true, false), ("drawer", "\"string\"", false, true)];
    assert_eq!(parts.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn every_answer_with_a_state_names_its_object() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.thing;
    let cup = || state(Value::from("cup"), &ty);

    let request = wire::read_resource::Request {
        type_name: "corner_thing".into(),
        current_state: cup(),
        ..Default::default()
    };
    let read = client.read_resource(request).await.expect("answers").into_inner();
    assert_eq!(told(read.new_identity), named("cup"));

    let plan = |prior_state| wire::plan_resource_change::Request {
        type_name: "corner_thing".into(),
        prior_state,
        proposed_new_state: cup(),
        config: cup(),
        ..Default::default()
    };
    let changed = client.plan_resource_change(plan(cup())).await.expect("answers").into_inner();
    assert_eq!(told(changed.planned_identity), named("cup"));
    let new = client.plan_resource_change(plan(sent(&Value::Null, &ty))).await.expect("answers").into_inner();
    assert_eq!(told(new.planned_identity), None, "of a new object it is known at apply");

    let request = wire::apply_resource_change::Request {
        type_name: "corner_thing".into(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: new.planned_state,
        config: cup(),
        planned_private: new.planned_private,
        ..Default::default()
    };
    let applied = client.apply_resource_change(request).await.expect("answers").into_inner();
    assert_eq!((applied.diagnostics, told(applied.new_identity)), (Vec::new(), named("cup")));
}

/// Terraform plans a replacement twice, with the object that goes and from nothing, and applies both halves. Of an update the
/// core and other providers' frameworks take it for a fault when the identity is another one (Terraform 1.12 to 1.16, 2026-11).
#[tokio::test]
async fn it_changes_with_the_object_and_never_with_an_update() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.thing;
    let [nothing, cup, spoon] =
        [sent(&Value::Null, &ty), state(Value::from("cup"), &ty), state(Value::from("spoon"), &ty)];
    let mut plan = async |prior: &Option<wire::DynamicValue>, proposed: &Option<wire::DynamicValue>| {
        let request = wire::plan_resource_change::Request {
            type_name: "corner_thing".into(),
            prior_state: prior.clone(),
            proposed_new_state: proposed.clone(),
            config: proposed.clone(),
            ..Default::default()
        };
        client.plan_resource_change(request).await.expect("answers").into_inner()
    };
    let replaced = plan(&cup, &spoon).await;
    assert_eq!((replaced.requires_replace.len(), told(replaced.planned_identity)), (1, named("cup")));
    let gone = plan(&cup, &nothing).await;
    assert_eq!(told(gone.planned_identity), named("cup"), "what is destroyed is what was");
    let new = plan(&nothing, &spoon).await;
    assert_eq!(told(new.planned_identity), None);
    let updated = plan(&cup, &cup).await;
    assert_eq!((updated.requires_replace.len(), told(updated.planned_identity)), (0, named("cup")));

    let mut apply =
        async |prior: &Option<wire::DynamicValue>, planned, config: &Option<wire::DynamicValue>| {
            let request = wire::apply_resource_change::Request {
                type_name: "corner_thing".into(),
                prior_state: prior.clone(),
                planned_state: planned,
                config: config.clone(),
                planned_private: b"p".to_vec(),
                ..Default::default()
            };
            let applied = client.apply_resource_change(request).await.expect("answers").into_inner();
            assert_eq!(applied.diagnostics, []);
            told(applied.new_identity)
        };
    assert_eq!(apply(&cup, gone.planned_state, &nothing).await, None);
    assert_eq!(apply(&nothing, new.planned_state, &spoon).await, named("spoon"));
    assert_eq!(apply(&cup, updated.planned_state, &cup).await, named("cup"));
}

#[tokio::test]
async fn an_object_is_imported_by_it() {
    let mut client = client().await;
    let only_the_name = map([("name", Value::from("cup")), ("drawer", Value::Null)]);
    let response = import(&mut client, &only_the_name).await;
    assert_eq!(response.diagnostics, []);
    let [imported] = &response.imported_resources[..] else { panic!("one object") };
    assert_eq!(told(imported.identity.clone()), Some(only_the_name), "the refresh tells the rest");
    assert!(imported.state.is_some());
}

#[tokio::test]
async fn one_that_is_stored_is_read_again() {
    let mut client = client().await;
    let mut upgrade = async |json: &str| {
        let raw_identity = Some(RawState { json: json.as_bytes().to_vec(), ..RawState::default() });
        let request = wire::upgrade_resource_identity::Request {
            type_name: "corner_thing".into(),
            version: 0,
            raw_identity,
        };
        client.upgrade_resource_identity(request).await.expect("answers").into_inner()
    };
    let read = upgrade(r#"{"name": "cup", "drawer": "top", "gone": 1}"#).await;
    assert_eq!((read.diagnostics, told(read.upgraded_identity)), (Vec::new(), named("cup")));
    let wrong = upgrade(r#"{"name": ["cup"]}"#).await;
    assert!(the_error(&wrong.diagnostics).summary.contains("cannot be read"), "{wrong:?}");
}
