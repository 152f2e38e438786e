//! The local ECS endpoint itself, over HTTP, asked by the AWS SDK with signed requests.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

#[path = "../../support/local_ecs/mod.rs"]
pub(crate) mod endpoint;

mod faults;
mod lag;
mod life_cycle;
mod moments;
mod rates;
mod registering;
mod services;

use std::time::Duration;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::retry::RetryConfig;
use aws_sdk_ecs::config::timeout::TimeoutConfig;
use aws_sdk_ecs::config::{Credentials, Region};
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::types::{Compatibility, ContainerDefinition, NetworkMode, TaskDefinition};

use http_body_util::BodyExt;

use endpoint::LocalEcs;

/// Posts without an SDK: status and body of the answer.
async fn post(server: &LocalEcs, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    ask(server, http::Request::post(path), headers, body).await
}

/// Gets without an SDK: status and body of the answer.
async fn get(server: &LocalEcs, path: &str) -> (u16, String) {
    ask(server, http::Request::get(path), &[], "").await
}

async fn ask(
    server: &LocalEcs,
    request: http::request::Builder,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String) {
    let address = server.url().trim_start_matches("http://").to_owned();
    let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut request = request.header("host", address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = sender.send_request(request.body(body.to_owned()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    connection.abort();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// A client that asks once and shows every failure.
fn client(server: &LocalEcs, region: &str) -> Client {
    client_with_key(server, region, "AKIATEST")
}

fn client_with_key(server: &LocalEcs, region: &str, access_key: &str) -> Client {
    let config = aws_sdk_ecs::Config::builder()
        .behavior_version_latest()
        .endpoint_url(server.url())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(20)).build())
        .build();
    Client::from_conf(config)
}

fn app() -> ContainerDefinition {
    ContainerDefinition::builder().name("app").image("nginx:1.27").build()
}

/// Registers the smallest Fargate definition with these containers.
async fn register(
    client: &Client,
    family: &str,
    containers: Vec<ContainerDefinition>,
) -> Result<TaskDefinition, (String, String)> {
    client
        .register_task_definition()
        .family(family)
        .cpu("256")
        .memory("512")
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities(Compatibility::Fargate)
        .execution_role_arn("arn:aws:iam::123456789012:role/execution")
        .set_container_definitions(Some(containers))
        .send()
        .await
        .map(|answer| answer.task_definition.expect("an accepted definition is answered"))
        .map_err(|error| refusal(&error))
}

/// Code and message of a service error; the kind of failure for everything else.
fn refusal<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> (String, String) {
    match error {
        SdkError::ServiceError(service) => (
            service.err().code().unwrap_or_default().to_owned(),
            service.err().message().unwrap_or_default().to_owned(),
        ),
        SdkError::TimeoutError(_) => ("timeout".to_owned(), String::new()),
        SdkError::DispatchFailure(_) => ("dispatch".to_owned(), String::new()),
        SdkError::ResponseError(_) => ("response".to_owned(), String::new()),
        _ => ("other".to_owned(), String::new()),
    }
}
