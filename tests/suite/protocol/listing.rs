//! The objects of a resource that exist already.

use ddrofs::protocol::wire::{self, list_resource::Event};
use ddrofs::value::{ObjectType, Type, Value};

use super::server::{Client, Types, client, map, received, sent, the_error, type_of};

fn config_type() -> Type {
    Type::Object([("prefix".to_owned(), Type::String)].into_iter().collect::<ObjectType>())
}

async fn listed(client: &mut Client, prefix: &str, limit: i64, with_state: bool) -> Vec<Event> {
    let request = wire::list_resource::Request {
        type_name: "corner_thing".into(),
        config: sent(&map([("prefix", Value::from(prefix))]), &config_type()),
        include_resource_object: with_state,
        limit,
    };
    let mut stream = client.list_resource(request).await.expect("answers").into_inner();
    let mut events = Vec::new();
    while let Some(event) = stream.message().await.expect("an event or the end") {
        events.push(event);
    }
    events
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.display_name.as_str()).collect()
}

#[tokio::test]
async fn a_resource_that_can_be_listed_says_what_a_list_takes() {
    let mut client = client().await;
    let schemas =
        client.get_schema(wire::get_provider_schema::Request {}).await.expect("answers").into_inner();
    let schemas: Vec<_> = schemas.list_resource_schemas.into_iter().collect();
    let [(type_name, schema)] = &schemas[..] else { panic!("the other resource has none") };
    assert_eq!((type_name.as_str(), type_of(schema)), ("corner_thing", config_type()));
}

#[tokio::test]
async fn objects_come_one_by_one_with_what_names_them() {
    let mut client = client().await;
    let ty = Types::of(&mut client).await.thing;
    let events = listed(&mut client, "cup", 100, false).await;
    assert_eq!(names(&events), ["cup", "cupboard"]);
    assert!(events.iter().all(|event| event.identity.is_some() && event.resource_object.is_none()));

    let with_state = listed(&mut client, "sp", 100, true).await;
    assert_eq!(names(&with_state), ["spoon"]);
    assert_eq!(received(with_state[0].resource_object.clone(), &ty).get("name"), &Value::from("spoon"));

    assert_eq!(names(&listed(&mut client, "", 2, false).await), ["cup", "cupboard"]);
    assert_eq!(listed(&mut client, "", 0, false).await.len(), 3, "no number is not none");
}

#[tokio::test]
async fn what_goes_wrong_is_an_event_without_an_object() {
    let mut client = client().await;
    let events = listed(&mut client, "secret", 100, false).await;
    let [event] = &events[..] else { panic!("{events:?}") };
    assert!(event.identity.is_none() && event.display_name.is_empty());
    assert_eq!(the_error(&event.diagnostic).summary, "Not shown");
}

#[tokio::test]
async fn a_list_is_judged_by_its_schema() {
    let mut client = client().await;
    let mut judged = async |type_name: &str, prefix: Value, ty: Type| {
        let ty = Type::Object([("prefix".to_owned(), ty)].into_iter().collect::<ObjectType>());
        let request = wire::validate_list_resource_config::Request {
            type_name: type_name.into(),
            config: sent(&map([("prefix", prefix)]), &ty),
            ..Default::default()
        };
        client.validate_list_resource_config(request).await.expect("answers").into_inner().diagnostics
    };
    assert_eq!(judged("corner_thing", Value::from("cup"), Type::String).await, []);
    let list = judged("corner_thing", Value::List(Vec::new()), Type::list(Type::String)).await;
    assert!(the_error(&list).detail.contains("configuration"), "{list:?}");
    let other = judged("corner_stranger", Value::from("cup"), Type::String).await;
    assert!(the_error(&other).summary.contains("list resource"), "{other:?}");
}
