//! Services, deployments and tasks: what is sent for them, and what is read in the answers.

use std::time::Duration;

use ddrofs::ecs_client::{Controller, ErrorKind};
use ddrofs::rollout::DeploymentStatus;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::endpoint::{Endpoint, error, ok};
use super::{client, configuration, patient};
use crate::local_ecs::endpoint::{Ending, LocalEcs, Outcome, Subject};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| String::from(*text)).collect()
}

/// Operation and body of each request.
fn sent(endpoint: &Endpoint) -> Vec<(String, Value)> {
    let requests = endpoint.requests();
    let sent = requests.iter().map(|request| {
        let operation = request.header("x-amz-target").rsplit('.').next().unwrap().to_owned();
        (operation, serde_json::from_slice(&request.body).unwrap())
    });
    sent.collect()
}

#[tokio::test]
async fn each_call_about_services_sends_what_the_api_documents() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let client = client(configuration(&endpoint)).await;
    let since = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    let (one, patient) = (texts(&["a"]), patient());

    client.list_clusters(&patient).await.unwrap();
    client.list_services("prod", &patient).await.unwrap();
    client.describe_services("prod", &one, &patient).await.unwrap();
    client.list_tasks("prod", "web", &patient).await.unwrap();
    client.describe_tasks("prod", &one, &patient).await.unwrap();
    client.update_service("prod", "web", "web:2", false, &patient).await.unwrap();
    client.update_service("prod", "web", "web:2", true, &patient).await.unwrap();
    client.list_service_deployments("prod", "web", Some(since), &patient).await.unwrap();
    client.list_service_deployments("prod", "web", None, &patient).await.unwrap();
    client.describe_service_deployments(&one, &patient).await.unwrap();
    client.describe_service_revisions(&one, &patient).await.unwrap();

    let expected: Vec<(String, Value)> = [
        ("ListClusters", json!({ "maxResults": 100 })),
        ("ListServices", json!({ "cluster": "prod", "maxResults": 100 })),
        ("DescribeServices", json!({ "cluster": "prod", "services": ["a"] })),
        (
            "ListTasks",
            json!({ "cluster": "prod", "family": "web", "desiredStatus": "RUNNING", "maxResults": 100 }),
        ),
        ("DescribeTasks", json!({ "cluster": "prod", "tasks": ["a"] })),
        ("UpdateService", json!({ "cluster": "prod", "service": "web", "taskDefinition": "web:2" })),
        (
            "UpdateService",
            json!({ "cluster": "prod", "service": "web", "taskDefinition": "web:2", "forceNewDeployment": true }),
        ),
        (
            "ListServiceDeployments",
            json!({ "cluster": "prod", "service": "web", "createdAt": { "after": 1_795_000_000 }, "maxResults": 100 }),
        ),
        ("ListServiceDeployments", json!({ "cluster": "prod", "service": "web", "maxResults": 100 })),
        ("DescribeServiceDeployments", json!({ "serviceDeploymentArns": ["a"] })),
        ("DescribeServiceRevisions", json!({ "serviceRevisionArns": ["a"] })),
    ]
    .map(|(operation, body)| (operation.to_owned(), body))
    .into();
    assert_eq!(sent(&endpoint), expected);
}

#[tokio::test]
async fn services_are_listed_page_by_page_and_described_ten_at_a_time() {
    let endpoint = Endpoint::start([
        ok(r#"{"serviceArns":["a","b"],"nextToken":"more"}"#),
        ok(r#"{"serviceArns":["c"]}"#),
        ok(r#"{"services":[{"serviceArn":"a"}],"failures":[{"arn":"b","reason":"MISSING"}]}"#),
        ok(r#"{"services":[{"serviceArn":"c"}]}"#),
    ])
    .await;
    let client = client(configuration(&endpoint)).await;
    assert_eq!(client.list_services("prod", &patient()).await.unwrap(), texts(&["a", "b", "c"]));
    assert_eq!(sent(&endpoint)[1].1["nextToken"], json!("more"));
    let eleven = vec!["a".to_owned(); 11];
    let described = client.describe_services("prod", &eleven, &patient()).await.unwrap();
    let arns: Vec<&str> = described.found.iter().map(|service| service.arn.as_str()).collect();
    assert_eq!((&arns[..], described.failures[0].is_missing()), (&["a", "c"][..], true));
    let sizes: Vec<usize> =
        sent(&endpoint)[2..].iter().map(|(_, body)| body["services"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [10, 1]);
}

/// Only a forced update makes a second deployment when it is sent twice.
#[tokio::test]
async fn an_update_is_repeated_unless_it_is_forced() {
    for (is_forced, kind, attempts) in [(false, ErrorKind::ServerError, 3), (true, ErrorKind::Ambiguous, 1)] {
        let endpoint = Endpoint::start([error(500, "ServerException", "oops")]).await;
        let mut configuration = configuration(&endpoint);
        configuration.max_retries = Some(2);
        let client = client(configuration).await;
        let updated = client.update_service("prod", "web", "web:2", is_forced, &patient()).await;
        assert_eq!(updated.unwrap_err().kind, kind);
        assert_eq!(endpoint.requests().len(), attempts);
    }
}

/// The endpoint is written from the API reference as this client is, by itself: here they meet.
#[tokio::test]
async fn a_deployment_is_followed_to_its_end() {
    let server = LocalEcs::start();
    let act = |operation: &str, body: Value| server.act("eu-west-1", operation, &body).unwrap();
    for _ in 0..2 {
        let container = json!({"name": "app", "image": "app:1", "memory": 64});
        act("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
    }
    act("CreateCluster", json!({"clusterName": "prod"}));
    server.deployments_of(Subject::All, Outcome::new(Ending::Succeeds, Duration::ZERO));
    let guarded = json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}});
    let service = json!({"cluster": "prod", "serviceName": "web", "taskDefinition": "web:1", "desiredCount": 1,
                         "deploymentConfiguration": guarded});
    act("CreateService", service);
    server.deployments_of(Subject::All, Outcome::new(Ending::TasksFail, Duration::from_secs(3600)));
    let mut configuration = configuration(&Endpoint::start([ok("{}")]).await);
    configuration.endpoints.ecs = Some(server.url());
    let client = client(configuration).await;
    let arn = |revision: u32| format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:{revision}");

    let updated = client.update_service("prod", "web", "web:2", false, &patient()).await.unwrap().unwrap();
    assert_eq!((updated.task_definition.clone(), updated.controller.clone()), (arn(2), Controller::Ecs));
    assert!(updated.is_deploying() && updated.is_active());
    assert_eq!(updated.task_definitions().into_iter().collect::<Vec<_>>(), [arn(1), arn(2)]);
    let listed = client.list_service_deployments("prod", "web", None, &patient()).await.unwrap();
    let newest = vec![listed[0].arn.clone()];
    assert_eq!(updated.current_deployment.as_ref(), Some(&listed[0].arn));
    let describe = async || {
        let described = client.describe_service_deployments(&newest, &patient()).await.unwrap();
        described.found.into_iter().next().unwrap()
    };
    let begun = describe().await;
    let of = client.describe_service_revisions(&begun.sources, &patient()).await.unwrap();
    assert_eq!(of.found[0].task_definition, arn(1));
    server.set_speed(1e6);
    let mut ended = describe().await;
    for _ in 0..1_000 {
        if ended.status.is_over() {
            break;
        }
        ended = describe().await;
    }
    assert_eq!(ended.status, DeploymentStatus::RollbackSuccessful);
    assert_eq!(ended.circuit_breaker.map(|guard| guard.status).as_deref(), Some("TRIGGERED"));
    assert_eq!(ended.rollback_to, begun.sources.first().cloned());
    let services = client.describe_services("prod", &texts(&["web", "nobody"]), &patient()).await.unwrap();
    assert_eq!((&services.found[0].task_definition, services.found[0].is_deploying()), (&arn(1), false));
    assert!(services.failures[0].is_missing());
    let tasks = client.list_tasks("prod", "web", &patient()).await.unwrap();
    let tasks = client.describe_tasks("prod", &tasks, &patient()).await.unwrap().found;
    assert_eq!((tasks[0].task_definition.clone(), tasks[0].group.as_str()), (arn(1), "service:web"));
    let clusters = client.list_clusters(&patient()).await.unwrap();
    assert_eq!(clusters, texts(&["arn:aws:ecs:eu-west-1:123456789012:cluster/prod"]));
    let services = client.list_services("prod", &patient()).await.unwrap();
    assert_eq!(services, texts(&["arn:aws:ecs:eu-west-1:123456789012:service/prod/web"]));
}
