//! The ECS client against an endpoint that says what the test tells it to.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on may panic, in its helping functions as well"
)]

mod authorities;
mod calls;
mod credentials;
mod endpoint;
mod errors;
mod log;
mod operations;
mod parity;
mod proxies;
mod proxy;
mod repeats;
mod replaced;
mod services;
mod settings;
mod signature;
mod surroundings;
mod tls;
mod told;

use std::sync::Arc;

use ddrofs::document::Node;
use ddrofs::ecs_client::{Configuration, EcsClient, EcsClients, Endpoints, Patience};
use endpoint::Endpoint;

/// Names of settings or variables, and what they are set to.
type Texts = &'static [(&'static str, &'static str)];

/// Static keys, a region and the endpoint: nothing is left to the environment.
fn configuration(endpoint: &Endpoint) -> Configuration {
    Configuration {
        region: Some("eu-west-1".to_owned()),
        access_key: Some("AKIDEXAMPLE".into()),
        secret_key: Some("secretexample".into()),
        endpoints: Endpoints { ecs: Some(endpoint.url.clone()), sts: Some(endpoint.url.clone()) },
        ..Configuration::default()
    }
}

async fn client(configuration: Configuration) -> Arc<EcsClient> {
    EcsClients::new(configuration).for_region(None).await.unwrap()
}

/// A document, written in a test.
fn node(json: serde_json::Value) -> Node {
    Node::from(json)
}

/// Time for everything.
fn patient() -> Patience {
    Patience::default()
}
