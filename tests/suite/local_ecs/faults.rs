//! Faults happen when asked for, once per time asked, and leave behind what they say.

use std::time::{Duration, Instant};

use super::endpoint::{ANY_OPERATION, Fault, LocalEcs};
use super::{app, client, post, refusal, register};

const REGISTER: &str = "RegisterTaskDefinition";

#[tokio::test]
async fn refusing_faults_do_nothing_else() {
    for (fault, code, words) in [
        (Fault::Throttle, "ThrottlingException", "Rate exceeded"),
        (
            Fault::AccessDenied,
            "AccessDeniedException",
            "is not authorized to perform: ecs:RegisterTaskDefinition",
        ),
        (Fault::ExpiredToken, "ExpiredTokenException", "is expired"),
        (Fault::ConcurrentRevision, "ClientException", "Too many concurrent attempts"),
        (Fault::ServerErrorBefore, "ServerException", ""),
    ] {
        let server = LocalEcs::start();
        let client = client(&server, "us-east-1");
        server.fail(REGISTER, fault, 2);
        for _ in 0..2 {
            let (found, message) = register(&client, "web", vec![app()]).await.unwrap_err();
            assert_eq!(found, code);
            assert!(message.contains(words), "{message}");
        }
        assert_eq!(server.faults_waiting(), 0);
        assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 1, "{fault:?}");
        let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
        let refused = Some(if fault == Fault::ServerErrorBefore { 500 } else { 400 });
        assert_eq!(statuses, [refused, refused, Some(200)]);
    }
}

#[tokio::test]
async fn a_lost_answer_is_a_revision_the_client_never_heard_of() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.fail(REGISTER, Fault::LostAnswer, 1);

    let (kind, _) = register(&client, "web", vec![app()]).await.unwrap_err();
    assert_eq!(kind, "dispatch");
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 2);
}

#[tokio::test]
async fn a_reset_connection_leaves_nothing_behind() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.fail(ANY_OPERATION, Fault::Reset, 1);

    let (kind, _) = register(&client, "web", vec![app()]).await.unwrap_err();
    assert_eq!(kind, "dispatch");
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 1);
}

#[tokio::test]
async fn a_page_is_an_answer_of_nobody_that_the_sdk_knows() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.fail(REGISTER, Fault::Page(403), 1);
    assert_eq!(
        register(&client, "web", vec![app()]).await.unwrap_err(),
        ("response".to_owned(), String::new())
    );
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 1);
    assert_eq!(post(&server, "/_control/faults", &[], r#"{"fault": "page", "status": 99}"#).await.0, 400);
}

#[tokio::test]
async fn a_slow_answer_comes_in_the_end() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.fail("DescribeTaskDefinition", Fault::Slow(Duration::from_millis(200)), 1);
    register(&client, "web", vec![app()]).await.unwrap();
    let before = Instant::now();
    client.describe_task_definition().task_definition("web").send().await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn faults_can_be_queued_over_http() {
    let server = LocalEcs::start();
    let queue = async |body: &str| post(&server, "/_control/faults", &[], body).await.0;
    assert_eq!(
        queue(r#"{"operation": "RegisterTaskDefinition", "fault": "throttle", "times": 3}"#).await,
        200
    );
    assert_eq!(server.faults_waiting(), 3);
    assert_eq!(queue(r#"{"fault": "earthquake"}"#).await, 400);
    let (code, _) = register(&client(&server, "us-east-1"), "web", vec![app()]).await.unwrap_err();
    assert_eq!(code, "ThrottlingException");
}

#[tokio::test]
async fn registering_and_deregistering_share_one_bucket_of_twenty() {
    let server = LocalEcs::start();
    server.limit_rates(true);
    let client = client(&server, "us-east-1");
    for number in 1..=19 {
        assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), number);
    }
    client.deregister_task_definition().task_definition("web:1").send().await.unwrap();
    // The bucket refills at one a second, so a slow machine may get a few more through.
    let mut refused = None;
    for _ in 0..40 {
        if let Err((code, _)) = register(&client, "web", vec![app()]).await {
            refused = Some(code);
            break;
        }
    }
    assert_eq!(refused.as_deref(), Some("ThrottlingException"));
    // Other regions and other buckets are not touched.
    let elsewhere = super::client(&server, "eu-west-1");
    assert!(register(&elsewhere, "web", vec![app()]).await.is_ok());
    let read = client.describe_task_definition().task_definition("web").send().await;
    assert!(read.map_err(|error| refusal(&error)).is_ok());
}
