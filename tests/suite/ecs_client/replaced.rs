//! A task definition of another family or another region is another one, with an identity of its own.

use ddrofs::framework::{Context, PlanRequest, Provider};
use ddrofs::value::Value;

use super::endpoint::{Endpoint, error};
use super::settings::block;
use super::told::{config, object, task_definition};

fn with(value: &Value, name: &str, entry: Value) -> Value {
    let Value::Map(entries) = value else { unreachable!("a state is an object") };
    let mut entries = entries.clone();
    entries.insert(name.to_owned(), entry);
    Value::Map(entries)
}

#[tokio::test]
async fn its_identity_is_another_one_exactly_where_it_is_replaced() {
    let ecs = Endpoint::start([error(400, "AccessDeniedException", "no")]).await;
    let provider = ddrofs::provider::ddrofs();
    let settings = [("max_retries", Value::from(0))];
    let told = provider.configure(&Context::default(), block(&provider, &ecs, &settings), "1.16.4").await;
    assert!(!told.has_errors(), "{told:?}");
    let resource = task_definition(&provider);
    let config = config(resource);
    let arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1";
    let prior = [("id", "orders"), ("region", "eu-west-1"), ("arn", arn), ("sha256", "0000")]
        .into_iter()
        .fold(config.clone(), |state, (name, text)| with(&state, name, Value::from(text)));
    let prior = with(&prior, "revision", Value::from(1));
    let named = |family: &str, region: &str| {
        object([("family", Value::from(family)), ("region", Value::from(region))])
    };
    assert_eq!(resource.identity_of(&prior), named("orders", "eu-west-1"));
    for (name, value, identity) in [
        ("memory", Value::from("512"), named("orders", "eu-west-1")),
        ("tags", object([("team", Value::from("shop"))]), named("orders", "eu-west-1")),
        ("family", Value::from("bills"), named("bills", "eu-west-1")),
        ("region", Value::from("us-east-1"), named("orders", "us-east-1")),
        ("family", Value::UNKNOWN, Value::Null),
    ] {
        let config = with(&config, name, value.clone());
        let request = PlanRequest {
            prior_state: prior.clone(),
            proposed_new_state: with(&prior, name, value),
            config,
            prior_private: Vec::new(),
        };
        let (planned, told) = resource.plan(&Context::default(), request).await;
        let planned = planned.unwrap_or_else(|| panic!("{name}: {told:?}"));
        let replaced: Vec<String> = planned.requires_replace.iter().map(ToString::to_string).collect();
        let planned = resource.identity_of(&planned.planned_state);
        assert_eq!(planned, identity, "{name}");
        let expected = if planned == named("orders", "eu-west-1") { vec![] } else { vec![name.to_owned()] };
        assert_eq!(replaced, expected, "{name}");
    }
}
