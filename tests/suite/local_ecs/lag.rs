//! Reads that lag behind what was done, and what is there all the same.

use std::time::Duration;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::TaskDefinitionStatus;

use super::endpoint::{Lag, LocalEcs};
use super::{app, client, post, refusal, register};

/// Revision and status that a Describe of this name sees, or what it is refused with.
async fn seen(client: &Client, name: &str) -> Result<(i32, String), String> {
    let answer = client.describe_task_definition().task_definition(name).send().await;
    let definition = answer.map_err(|error| refusal(&error).1)?.task_definition.unwrap();
    Ok((definition.revision(), definition.status.map_or(String::new(), |status| status.as_str().to_owned())))
}

/// Revisions that a list of this status shows.
async fn listed(client: &Client, status: TaskDefinitionStatus) -> Vec<String> {
    let answer = client.list_task_definitions().status(status).send().await.unwrap();
    answer.task_definition_arns().iter().filter_map(|arn| arn.rsplit(':').next()).map(str::to_owned).collect()
}

fn active(revision: i32) -> Result<(i32, String), String> {
    Ok((revision, "ACTIVE".to_owned()))
}

fn unknown() -> Result<(i32, String), String> {
    Err("Unable to describe task definition.".to_owned())
}

#[tokio::test]
async fn a_new_revision_is_invisible_to_the_first_reads_by_family_arn_and_list() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    register(&client, "web", vec![app()]).await.unwrap();
    server.set_lag(Lag { seconds: 0.0, reads: 3 });
    let second = register(&client, "web", vec![app()]).await.unwrap();
    assert_eq!(second.revision(), 2, "whoever writes is told the truth");

    assert_eq!(seen(&client, "web").await, active(1));
    assert_eq!(seen(&client, "web:2").await, unknown());
    assert_eq!(listed(&client, TaskDefinitionStatus::Active).await, ["1"]);
    assert_eq!(seen(&client, "web").await, active(2), "the fourth read");
    assert_eq!(seen(&client, "web:2").await, active(2));
    assert_eq!(listed(&client, TaskDefinitionStatus::Active).await, ["1", "2"]);
}

#[tokio::test]
async fn the_first_revision_of_a_family_is_no_family_to_reads_and_one_to_writes() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.set_lag(Lag { seconds: 3600.0, reads: 0 });
    let arn = register(&client, "web", vec![app()]).await.unwrap().task_definition_arn.unwrap();
    assert_eq!(seen(&client, "web").await, unknown());
    assert_eq!(seen(&client, &arn).await, unknown());
    assert_eq!(server.revisions()[0].status, "ACTIVE");
    client.deregister_task_definition().task_definition(&arn).send().await.unwrap();
    assert_eq!(server.revisions()[0].status, "INACTIVE");
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 2);
    assert_eq!(seen(&client, "web").await, unknown());

    server.set_lag(Lag::default());
    assert_eq!(seen(&client, "web").await, active(2), "everything is seen at once when nothing lags");
}

#[tokio::test]
async fn reads_catch_up_with_the_clock() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.set_lag(Lag { seconds: 10.0, reads: 0 });
    server.set_speed(0.000_001);
    register(&client, "web", vec![app()]).await.unwrap();
    for _ in 0..5 {
        assert_eq!(seen(&client, "web").await, unknown());
    }
    server.set_speed(1_000_000.0);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(seen(&client, "web").await, active(1));
}

#[tokio::test]
async fn a_change_of_status_is_seen_late_as_well() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    for _ in 0..2 {
        register(&client, "web", vec![app()]).await.unwrap();
    }
    server.set_lag(Lag { seconds: 0.0, reads: 2 });
    let answer = client.deregister_task_definition().task_definition("web:2").send().await.unwrap();
    let told = answer.task_definition.unwrap();
    assert_eq!(told.status(), Some(&TaskDefinitionStatus::Inactive), "whoever writes is told the truth");

    assert_eq!(seen(&client, "web").await, active(2));
    assert_eq!(listed(&client, TaskDefinitionStatus::Active).await, ["1", "2"]);
    assert_eq!(seen(&client, "web").await, active(1));
    assert_eq!(seen(&client, "web:2").await, Ok((2, "INACTIVE".to_owned())));
    assert_eq!(listed(&client, TaskDefinitionStatus::Inactive).await, ["2"]);
}

#[tokio::test]
async fn what_is_stored_is_told_over_http_with_status_and_tags() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    assert_eq!(post(&server, "/_control/lag", &[], r#"{"seconds": 10, "reads": 1}"#).await.0, 200);
    assert_eq!(post(&server, "/_control/lag", &[], r#"{"seconds": -1}"#).await.0, 400);
    let arn = register(&client, "web", vec![app()]).await.unwrap().task_definition_arn.unwrap();
    assert_eq!(seen(&client, "web").await, unknown());
    let tag = aws_sdk_ecs::types::Tag::builder().key("team").value("one").build();
    client.tag_resource().resource_arn(&arn).tags(tag).send().await.unwrap();

    let (status, text) = super::get(&server, "/_control/revisions").await;
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(status, 200);
    assert_eq!(
        told["revisions"],
        serde_json::json!([{
            "account": "123456789012",
            "region": "us-east-1",
            "family": "web",
            "revision": 1,
            "arn": arn,
            "status": "ACTIVE",
            "tags": {"team": "one"},
            "registeredBy": "arn:aws:iam::123456789012:user/local",
        }])
    );
    let (_, text) = super::get(&server, "/_control/requests").await;
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    let operations: Vec<_> =
        told["requests"].as_array().unwrap().iter().map(|one| &one["operation"]).collect();
    assert_eq!(operations, ["RegisterTaskDefinition", "DescribeTaskDefinition", "TagResource"]);
    assert_eq!(told["requests"][0]["carriedOut"], true);
    assert!(told["requests"][0]["at"].is_f64());
}
