//! What travels: the signed request with our own body, and the answer with whatever it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use ddrofs::document::parse;
use ddrofs::ecs_client::{EcsClients, ErrorKind, Failure};
use serde_json::json;

use super::endpoint::{Endpoint, ok};
use super::{client, configuration, node, patient};

#[tokio::test]
async fn a_registration_carries_our_bytes_signed_and_brings_every_key_back() {
    let answer =
        r#"{"taskDefinition":{"family":"web","revision":3,"keyOfTomorrow":{"deep":[1.5,null]}},"tags":[]}"#;
    let endpoint = Endpoint::start([ok(answer)]).await;
    let body = json!({
        "family": "web",
        "containerDefinitions": [{ "name": "app", "environment": [{ "name": "ä", "value": "ö\n" }], "novelty": 1e3 }],
        "keyOfTomorrow": { "nested": [true, null] },
    });
    let client = client(configuration(&endpoint)).await;

    let returned = client.register_task_definition(&node(body.clone()), &patient()).await.unwrap();

    assert_eq!(returned, parse(answer).unwrap());
    let [request] = &endpoint.requests()[..] else { panic!("one request") };
    assert_eq!(request.body, serde_json::to_vec(&body).unwrap());
    assert_eq!(request.header("content-length"), request.body.len().to_string());
    assert_eq!(request.header("x-amz-target"), "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition");
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    assert!(request.header("user-agent").contains("app/terraform-provider-ddrofs#"), "{request:?}");
    let authorization = request.header("authorization");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/eu-west-1/ecs/aws4_request"), "{authorization}");
}

#[tokio::test]
async fn the_signature_covers_our_body_and_not_the_one_of_the_sdk() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let client = client(configuration(&endpoint)).await;
    client.register_task_definition(&node(json!({ "family": "signed" })), &patient()).await.unwrap();

    let [request] = &endpoint.requests()[..] else { panic!("one request") };
    assert_eq!(super::signature::of(request, "secretexample"), super::signature::claimed_by(request));
}

#[tokio::test]
async fn an_answer_in_a_shape_unknown_to_the_sdk_is_still_an_answer() {
    // The SDK would want a list and a text, whatever was asked.
    let answer = json!({ "taskDefinition": { "family": "web" }, "clusterArns": "later", "nextToken": 7 });
    let endpoint = Endpoint::start([ok(&answer.to_string())]).await;
    let client = client(configuration(&endpoint)).await;
    assert_eq!(
        client.register_task_definition(&node(json!({ "family": "web" })), &patient()).await.unwrap(),
        node(answer)
    );
    assert_eq!(endpoint.requests().len(), 1);
}

#[tokio::test]
async fn a_registration_that_is_answered_with_something_else_than_json_is_ambiguous() {
    let endpoint = Endpoint::start([ok("<html>secret-of-the-user</html>")]).await;
    let client = client(configuration(&endpoint)).await;
    let error = client.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Ambiguous);
    assert!(!error.to_string().contains("secret-of-the-user"), "{error}");
    assert_eq!(endpoint.requests().len(), 1);
}

#[tokio::test]
async fn each_call_sends_what_the_api_documents() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let client = client(configuration(&endpoint)).await;
    let arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1";

    client.describe_task_definition("web:1", &patient()).await.unwrap();
    client.deregister_task_definition(arn, &patient()).await.unwrap();
    client.tag_resource(arn, &BTreeMap::from([("a".to_owned(), "b".to_owned())]), &patient()).await.unwrap();
    client.untag_resource(arn, &["a".to_owned()], &patient()).await.unwrap();
    client.list_tags_for_resource(arn, &patient()).await.unwrap();

    let sent: Vec<_> = endpoint
        .requests()
        .iter()
        .map(|request| {
            let operation = request.header("x-amz-target").rsplit('.').next().unwrap().to_owned();
            (operation, serde_json::from_slice(&request.body).unwrap())
        })
        .collect();
    let expected: Vec<(String, serde_json::Value)> = vec![
        ("DescribeTaskDefinition".to_owned(), json!({ "taskDefinition": "web:1", "include": ["TAGS"] })),
        ("DeregisterTaskDefinition".to_owned(), json!({ "taskDefinition": arn })),
        ("TagResource".to_owned(), json!({ "resourceArn": arn, "tags": [{ "key": "a", "value": "b" }] })),
        ("UntagResource".to_owned(), json!({ "resourceArn": arn, "tagKeys": ["a"] })),
        ("ListTagsForResource".to_owned(), json!({ "resourceArn": arn })),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_list_goes_through_the_pages_and_stops_at_the_wished_number() {
    let endpoint = Endpoint::start([
        ok(r#"{"taskDefinitionArns":["web:5","web:4"],"nextToken":"more"}"#),
        ok(r#"{"taskDefinitionArns":["web:3","web:2"],"nextToken":"even more"}"#),
    ])
    .await;
    let client = client(configuration(&endpoint)).await;

    let arns = client.list_task_definitions("web", "ACTIVE", 3, &patient()).await.unwrap();

    assert_eq!(arns, ["web:5", "web:4", "web:3"]);
    let bodies: Vec<serde_json::Value> =
        endpoint.requests().iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect();
    assert_eq!(
        bodies,
        [
            json!({ "familyPrefix": "web", "status": "ACTIVE", "sort": "DESC", "maxResults": 3 }),
            json!({ "familyPrefix": "web", "status": "ACTIVE", "sort": "DESC", "maxResults": 1, "nextToken": "more" }),
        ]
    );
}

#[tokio::test]
async fn deleting_goes_in_batches_of_ten_and_collects_the_failures() {
    let endpoint = Endpoint::start([
        ok(r#"{"failures":[{"arn":"web:1","reason":"in use"}]}"#),
        ok(r#"{"taskDefinitions":[],"failures":[]}"#),
    ])
    .await;
    let client = client(configuration(&endpoint)).await;
    let arns: Vec<String> = (1..=12).map(|revision| format!("web:{revision}")).collect();

    let failures = client.delete_task_definitions(&arns, &patient()).await.unwrap();

    assert_eq!(failures, [Failure { arn: "web:1".to_owned(), reason: "in use".to_owned() }]);
    let sizes: Vec<usize> = endpoint
        .requests()
        .iter()
        .map(|request| {
            serde_json::from_slice::<serde_json::Value>(&request.body).unwrap()["taskDefinitions"]
                .as_array()
                .unwrap()
                .len()
        })
        .collect();
    assert_eq!(sizes, [10, 2]);
}

#[tokio::test]
async fn a_region_has_one_client_and_two_regions_have_two() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let clients = EcsClients::new(configuration(&endpoint));
    let default = clients.for_region(None).await.unwrap();
    let same = clients.for_region(Some("eu-west-1")).await.unwrap();
    let other = clients.for_region(Some("us-east-1")).await.unwrap();
    assert!(Arc::ptr_eq(&default, &same));
    assert!(!Arc::ptr_eq(&default, &other));
    assert_eq!((default.region(), other.region()), ("eu-west-1", "us-east-1"));

    other.list_tags_for_resource("arn", &patient()).await.unwrap();
    let requests = endpoint.requests();
    assert!(requests[0].header("authorization").contains("/us-east-1/ecs/"));
}
