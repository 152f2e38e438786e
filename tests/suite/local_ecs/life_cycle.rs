//! Revisions from registration to deletion, lists, tags, and who may ask.

use super::endpoint::LocalEcs;
use super::{app, client, post, refusal, register};
use aws_sdk_ecs::types::{SortOrder, Tag, TaskDefinitionField, TaskDefinitionStatus};

#[tokio::test]
async fn a_number_is_never_used_twice() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    register(&client, "web", vec![app()]).await.unwrap();
    let second = register(&client, "web", vec![app()]).await.unwrap();
    client.deregister_task_definition().task_definition("web:2").send().await.unwrap();
    client.delete_task_definitions().task_definitions("web:2").send().await.unwrap();

    assert_eq!(second.revision(), 2);
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 3);
}

#[tokio::test]
async fn a_family_name_means_its_newest_active_revision() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    for _ in 0..3 {
        register(&client, "web", vec![app()]).await.unwrap();
    }
    client.deregister_task_definition().task_definition("web:3").send().await.unwrap();
    let revision_of = async |name: &str| {
        let answer = client.describe_task_definition().task_definition(name).send().await;
        answer.map(|answer| answer.task_definition.unwrap()).map_err(|error| refusal(&error))
    };

    assert_eq!(revision_of("web").await.unwrap().revision(), 2);
    let by_arn = revision_of("arn:aws:ecs:us-east-1:123456789012:task-definition/web:3").await.unwrap();
    assert_eq!(by_arn.status(), Some(&TaskDefinitionStatus::Inactive));
    assert!(by_arn.deregistered_at().is_some());

    client.deregister_task_definition().task_definition("web:1").send().await.unwrap();
    client.deregister_task_definition().task_definition("web:2").send().await.unwrap();
    let gone = ("ClientException".to_owned(), "Unable to describe task definition.".to_owned());
    assert_eq!(revision_of("web").await.unwrap_err(), gone);
    assert_eq!(revision_of("other:1").await.unwrap_err(), gone);
    assert_eq!(
        revision_of("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1").await.unwrap_err(),
        gone
    );
}

#[tokio::test]
async fn only_inactive_revisions_are_deleted() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    for _ in 0..2 {
        register(&client, "web", vec![app()]).await.unwrap();
    }
    client.deregister_task_definition().task_definition("web:1").send().await.unwrap();
    let answer = client
        .delete_task_definitions()
        .task_definitions("web:1")
        .task_definitions("web:2")
        .task_definitions("web:9")
        .send()
        .await
        .unwrap();

    assert_eq!(answer.task_definitions()[0].status(), Some(&TaskDefinitionStatus::DeleteInProgress));
    let reasons: Vec<_> = answer.failures().iter().filter_map(|failure| failure.reason()).collect();
    assert!(reasons[0].contains("still in ACTIVE status"), "{reasons:?}");
    assert!(reasons[1].contains("does not exist"), "{reasons:?}");
}

#[tokio::test]
async fn lists_are_paged_sorted_and_filtered() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    for family in ["api", "web", "web", "web-admin", "web"] {
        register(&client, family, vec![app()]).await.unwrap();
    }
    client.deregister_task_definition().task_definition("api:1").send().await.unwrap();

    let pages: Vec<_> = client
        .list_task_definitions()
        .family_prefix("web")
        .sort(SortOrder::Desc)
        .into_paginator()
        .page_size(2)
        .items()
        .send()
        .collect::<Result<Vec<_>, _>>()
        .await
        .unwrap();
    let numbers: Vec<_> = pages.iter().filter_map(|arn| arn.rsplit(':').next()).collect();
    assert_eq!(numbers, ["3", "2", "1"]);

    let families = client.list_task_definition_families().send().await.unwrap();
    assert_eq!(families.families(), ["api", "web", "web-admin"]);
    let inactive = client
        .list_task_definition_families()
        .status(aws_sdk_ecs::types::TaskDefinitionFamilyStatus::Inactive)
        .send()
        .await
        .unwrap();
    assert_eq!(inactive.families(), ["api"]);
}

#[tokio::test]
async fn tags_change_without_a_new_revision() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let arn = register(&client, "web", vec![app()]).await.unwrap().task_definition_arn.unwrap();
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    let tags = [tag("team", "one"), tag("stage", "prod")];
    client.tag_resource().resource_arn(&arn).set_tags(Some(tags.to_vec())).send().await.unwrap();
    client.tag_resource().resource_arn(&arn).tags(tag("team", "two")).send().await.unwrap();
    client.untag_resource().resource_arn(&arn).tag_keys("stage").send().await.unwrap();

    let listed = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
    assert_eq!(listed.tags(), [tag("team", "two")]);
    let described = client
        .describe_task_definition()
        .task_definition("web")
        .include(TaskDefinitionField::Tags)
        .send()
        .await
        .unwrap();
    assert_eq!(described.tags(), [tag("team", "two")]);
    let plain = client.describe_task_definition().task_definition("web").send().await.unwrap();
    assert!(plain.tags.is_none());
}

#[tokio::test]
async fn an_unsigned_request_is_refused() {
    let server = LocalEcs::start();
    let target = ("x-amz-target", "AmazonEC2ContainerServiceV20141113.ListTaskDefinitionFamilies");
    let send = async |authorization: Option<&str>| {
        let mut headers = vec![target];
        headers.extend(authorization.map(|value| ("authorization", value)));
        post(&server, "/", &headers, "{}").await
    };
    let scoped_to = |service: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIATEST/20261101/us-east-1/{service}/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={}",
            "0a".repeat(32)
        )
    };

    let (status, body) = send(None).await;
    assert_eq!(status, 403);
    assert!(body.contains("MissingAuthenticationTokenException"), "{body}");
    let (status, body) = send(Some(&scoped_to("sts"))).await;
    assert_eq!(status, 403);
    assert!(body.contains("Credential should be scoped to correct service: 'ecs'."), "{body}");
    assert_eq!(send(Some(&scoped_to("ecs"))).await.0, 200);
    assert_eq!(server.requests().len(), 1);
}
