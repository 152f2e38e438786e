//! Three hundred registrations and three hundred calls of UpdateService, beside what the buckets of ECS take at least.
//!
//! One apply registers the task definitions and moves the services to them, with the clock of the world. Beside it stands a
//! program that calls as fast as it can, all calls at once, with the SDK's standard retries, and calls again what failed until
//! all of it is done.

use std::error::Error;
use std::time::Instant;

use aws_credential_types::Credentials;
use aws_sdk_ecs::config::retry::RetryConfig;
use aws_sdk_ecs::config::{BehaviorVersion, Region};
use aws_sdk_ecs::types::ContainerDefinition;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::applied::Endpoint;
use super::configurations::{REGION, provider_at};
use super::moves::{Fleet, complaint};
use super::terraform::Workspace;

const COUNT: u32 = 300;

/// Burst and calls a second of the two buckets (request throttling page of the Amazon ECS API reference, read 2026-11).
const REGISTRATIONS: (f64, f64) = (20.0, 1.0);
const UPDATES: (f64, f64) = (50.0, 5.0);

/// Times what a bucket takes at least.
pub(super) struct Paced {
    /// From the first registration to the last.
    pub(super) registrations: f64,
    /// From the first call of UpdateService to the last.
    pub(super) updates: f64,
    /// The whole command.
    pub(super) apply: f64,
    /// Calls that were refused for the rate.
    pub(super) refused: u64,
    /// The same without a pace.
    pub(super) unpaced: Unpaced,
}

/// What a program comes to that calls as fast as it can.
pub(super) struct Unpaced {
    /// From its first call to its last, times what both buckets take.
    pub(super) time: f64,
    /// Calls that were refused for the rate.
    pub(super) refused: u64,
    /// Calls that failed for good and were made again, because the retries were used up.
    pub(super) failed: u64,
}

/// The least time of so many calls, in seconds.
fn least((burst, per_second): (f64, f64)) -> f64 {
    (f64::from(COUNT) - burst) / per_second
}

/// Measures both, each at an endpoint of its own.
pub(super) fn measure(workspace: &Workspace) -> Result<Paced, Box<dyn Error>> {
    let folder = tempfile::tempdir_in(workspace.scratch())?;
    let (endpoint, fleet) = prepared(workspace)?;
    std::fs::write(folder.path().join("main.tf"), configuration(&endpoint, &fleet))?;
    let begun = Instant::now();
    let apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
    let ended = workspace.start_in(folder.path(), &apply, 1.0)?.wait()?;
    let apply = begun.elapsed().as_secs_f64() / (least(REGISTRATIONS) + least(UPDATES));
    if !ended.success() {
        return Err(format!("the paced apply: {}", complaint(folder.path())).into());
    }
    Ok(Paced {
        registrations: lasted(&endpoint, "RegisterTaskDefinition")? / least(REGISTRATIONS),
        updates: lasted(&endpoint, "UpdateService")? / least(UPDATES),
        apply,
        refused: endpoint.throttled()?,
        unpaced: unpaced(workspace)?,
    })
}

/// Services whose deployments end at once, at an endpoint with the rates of ECS.
fn prepared(workspace: &Workspace) -> Result<(Endpoint, Fleet), Box<dyn Error>> {
    let endpoint = Endpoint::start(workspace.provider(), &[])?;
    endpoint.control("POST", "outcomes", &json!({"outcome": "succeeds", "seconds": 0}).to_string())?;
    let fleet = Fleet::create(&endpoint, COUNT)?;
    endpoint.control("POST", "rates", r#"{"on": true}"#)?;
    endpoint.control("DELETE", "requests", "")?;
    Ok((endpoint, fleet))
}

fn configuration(endpoint: &Endpoint, fleet: &Fleet) -> String {
    let names = serde_json::to_string(&fleet.names).unwrap_or_default();
    format!(
        r#"{}
resource "ddrofs_ecs_task_definition" "service" {{
  for_each              = toset({names})
  family                = each.key
  container_definitions = jsonencode([{{ name = "app", image = "app:3", memory = 64, essential = true }}])
}}

resource "ddrofs_ecs_rollout" "prod" {{
  cluster        = "prod"
  services       = {{ for name, task in ddrofs_ecs_task_definition.service : name => task.arn }}
  max_concurrent = {COUNT}
}}
"#,
        provider_at(&endpoint.url)
    )
}

/// Seconds from the first to the last attempt of an operation.
fn lasted(endpoint: &Endpoint, operation: &str) -> Result<f64, Box<dyn Error>> {
    let answer: Value = serde_json::from_str(&endpoint.control("GET", "requests", "")?)?;
    let requests = answer["requests"].as_array().into_iter().flatten();
    let times = requests.filter(|request| request["operation"] == operation);
    let times: Vec<f64> = times.filter_map(|request| request["at"].as_f64()).collect();
    let (first, last) = (times.iter().copied().reduce(f64::min), times.iter().copied().reduce(f64::max));
    Ok(last.zip(first).map(|(last, first)| last - first).ok_or("nothing was called")?)
}

fn unpaced(workspace: &Workspace) -> Result<Unpaced, Box<dyn Error>> {
    let (endpoint, fleet) = prepared(workspace)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let begun = Instant::now();
    let failed = runtime.block_on(async {
        let client = client(&endpoint);
        Ok::<_, String>(
            in_parallel(&client, &fleet, register).await? + in_parallel(&client, &fleet, update).await?,
        )
    })?;
    let time = begun.elapsed().as_secs_f64() / (least(REGISTRATIONS) + least(UPDATES));
    Ok(Unpaced { time, refused: endpoint.throttled()?, failed })
}

fn client(endpoint: &Endpoint) -> aws_sdk_ecs::Client {
    let config = aws_sdk_ecs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(&endpoint.url)
        .credentials_provider(Credentials::for_tests())
        .retry_config(RetryConfig::standard());
    aws_sdk_ecs::Client::from_conf(config.build())
}

/// What a call came to: an error is in the SDK's words.
type Called = Result<(), String>;

/// Makes one call for each service, all of them at once, and again for those that failed. Gives how many did.
async fn in_parallel<F>(
    client: &aws_sdk_ecs::Client,
    fleet: &Fleet,
    call: fn(aws_sdk_ecs::Client, String) -> F,
) -> Result<u64, String>
where
    F: Future<Output = Called> + Send + 'static,
{
    let (mut left, mut failures) = (fleet.names.clone(), 0);
    while !left.is_empty() {
        let mut calls = JoinSet::new();
        for name in left.drain(..) {
            let called = call(client.clone(), name.clone());
            calls.spawn(async move { (name, called.await) });
        }
        while let Some(joined) = calls.join_next().await {
            let (name, called) = joined.map_err(|error| error.to_string())?;
            match called {
                Ok(()) => {}
                Err(error) if error.contains("ThrottlingException") => {
                    failures += 1;
                    left.push(name);
                }
                Err(error) => return Err(format!("{name}: {error}")),
            }
        }
    }
    Ok(failures)
}

async fn register(client: aws_sdk_ecs::Client, name: String) -> Called {
    let container = ContainerDefinition::builder().name("app").image("app:3").memory(64).build();
    let registered =
        client.register_task_definition().family(name).container_definitions(container).send().await;
    registered.map(drop).map_err(|error| format!("{error:?}"))
}

async fn update(client: aws_sdk_ecs::Client, name: String) -> Called {
    let revision = format!("{name}:3");
    let updated =
        client.update_service().cluster("prod").service(name).task_definition(revision).send().await;
    updated.map(drop).map_err(|error| format!("{error:?}"))
}
