//! What is sent again, and what never is.

use std::time::{Duration, Instant};

use ddrofs::ecs_client::{Configuration, Ended, ErrorKind, Patience};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::endpoint::{Endpoint, error, ok};
use super::{client, configuration, node, patient, signature};

#[tokio::test]
async fn a_throttled_registration_is_sent_again_with_the_same_body_and_a_signature_of_its_own() {
    let endpoint = Endpoint::start([
        error(400, "ThrottlingException", "Rate exceeded"),
        error(400, "ThrottlingException", "Rate exceeded"),
        ok(r#"{"taskDefinition":{"revision":1}}"#),
    ])
    .await;
    let client = client(configuration(&endpoint)).await;
    let body = json!({ "family": "web", "novelty": true });

    client.register_task_definition(&node(body.clone()), &patient()).await.unwrap();

    let requests = endpoint.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.body, serde_json::to_vec(&body).unwrap());
        assert_eq!(signature::of(request, "secretexample"), signature::claimed_by(request));
    }
}

#[tokio::test]
async fn a_registration_is_not_sent_again_after_an_answer_that_leaves_its_fate_open() {
    for status in [500, 502, 503, 504] {
        let endpoint = Endpoint::start([error(status, "ServerException", "oops"), ok("{}")]).await;
        let client = client(configuration(&endpoint)).await;
        assert_eq!(
            client.register_task_definition(&node(json!({})), &patient()).await.unwrap_err().kind,
            ErrorKind::Ambiguous
        );
        assert_eq!(endpoint.requests().len(), 1, "status {status}");
    }
}

#[tokio::test]
async fn a_call_that_may_be_repeated_is_sent_again_after_a_server_error() {
    let endpoint = Endpoint::start([error(500, "ServerException", "oops"), ok(r#"{"tags":[]}"#)]).await;
    let client = client(configuration(&endpoint)).await;
    assert_eq!(client.list_tags_for_resource("arn", &patient()).await.unwrap(), node(json!({ "tags": [] })));
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn a_family_that_is_registered_twice_at_once_is_tried_again() {
    let sentence = "Too many concurrent attempts to create a new revision of the specified family.";
    let endpoint = Endpoint::start([error(400, "ClientException", sentence), ok("{}")]).await;
    client(configuration(&endpoint))
        .await
        .register_task_definition(&node(json!({})), &patient())
        .await
        .unwrap();
    assert_eq!(endpoint.requests().len(), 2);

    let endpoint = Endpoint::start([error(400, "ClientException", sentence)]).await;
    let once = Configuration { max_retries: Some(1), ..configuration(&endpoint) };
    let failed = client(once).await.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!((failed.kind, endpoint.requests().len()), (ErrorKind::ConcurrentRevision, 2));
}

#[tokio::test]
async fn what_waiting_cannot_help_is_sent_once() {
    for code in ["LimitExceededException", "ClientException", "AccessDeniedException"] {
        let endpoint = Endpoint::start([error(400, code, "no")]).await;
        let client = client(configuration(&endpoint)).await;
        client.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
        client.describe_task_definition("web", &patient()).await.unwrap_err();
        assert_eq!(endpoint.requests().len(), 2, "{code}");
    }
}

#[tokio::test]
async fn max_retries_counts_the_repeats() {
    let endpoint = Endpoint::start([error(400, "ThrottlingException", "Rate exceeded")]).await;
    let two = Configuration { max_retries: Some(2), ..configuration(&endpoint) };
    let failed = client(two).await.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!((failed.kind, endpoint.requests().len()), (ErrorKind::Throttled, 3));
}

#[tokio::test]
async fn a_call_that_waits_for_its_next_attempt_can_be_dropped() {
    let endpoint = Endpoint::start([error(400, "ThrottlingException", "Rate exceeded")]).await;
    let client = client(configuration(&endpoint)).await;
    let started = Instant::now();
    let body = node(json!({}));
    let patience = patient();
    let call = client.register_task_definition(&body, &patience);
    let dropped = tokio::time::timeout(Duration::from_millis(1500), call).await;
    assert!(dropped.is_err());
    assert!(started.elapsed() < Duration::from_secs(3));
    let sent = endpoint.requests().len();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(endpoint.requests().len(), sent, "nothing is sent for a dropped call");
}

#[tokio::test]
async fn a_service_says_how_long_to_wait() {
    let endpoint = Endpoint::start([
        error(400, "ThrottlingException", "Rate exceeded").with_header("retry-after", "2"),
        ok("{}"),
    ])
    .await;
    let started = Instant::now();
    client(configuration(&endpoint)).await.describe_task_definition("web", &patient()).await.unwrap();
    assert_eq!(endpoint.requests().len(), 2);
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_call_that_waits_ends_with_the_stop_and_says_that_nothing_was_done() {
    let endpoint = Endpoint::start([error(400, "ThrottlingException", "Rate exceeded")]).await;
    let client = client(configuration(&endpoint)).await;
    let stop = CancellationToken::new();
    let patience = Patience::new(&stop, Duration::from_secs(600));
    let body = node(json!({}));
    let call = client.register_task_definition(&body, &patience);
    let (failed, ()) = tokio::join!(call, async {
        while endpoint.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
    });
    let failed = failed.unwrap_err();
    assert_eq!((failed.kind, failed.operation), (ErrorKind::Throttled, "RegisterTaskDefinition"));
    assert_eq!((failed.ended, failed.sent, endpoint.requests().len()), (Some(Ended::Stopped), 1, 1));
    let failed = client.describe_task_definition("web", &patience).await.unwrap_err();
    assert_eq!((failed.kind, failed.ended, failed.sent), (ErrorKind::Stopped, Some(Ended::Stopped), 0));
    assert_eq!(endpoint.requests().len(), 1, "nothing is sent any more");
}

#[tokio::test]
async fn a_call_whose_time_is_over_tells_what_its_last_attempt_came_to() {
    let endpoint = Endpoint::start([error(400, "ThrottlingException", "Rate exceeded")]).await;
    let client = client(configuration(&endpoint)).await;
    let short = Patience::new(&CancellationToken::new(), Duration::from_secs(3));
    let failed = client.register_task_definition(&node(json!({})), &short).await.unwrap_err();
    assert_eq!((failed.kind, failed.ended), (ErrorKind::Throttled, Some(Ended::OutOfTime)));
    assert_eq!(failed.sent as usize, endpoint.requests().len());
    assert!(endpoint.requests().len() < 6, "it would have had 25 attempts");
}

#[tokio::test]
async fn a_call_that_is_not_answered_ends_with_its_time_and_says_that_it_was_sent() {
    let endpoint = Endpoint::start_silent().await;
    let client = client(configuration(&endpoint)).await;
    let short = || Patience::new(&CancellationToken::new(), Duration::from_secs(1));
    let failed = client.register_task_definition(&node(json!({})), &short()).await.unwrap_err();
    assert_eq!((failed.kind, failed.ended, failed.sent), (ErrorKind::Ambiguous, Some(Ended::OutOfTime), 1));
    assert!(failed.circumstances.host.is_some());
    let failed = client.deregister_task_definition("web:1", &short()).await.unwrap_err();
    assert_eq!((failed.kind, failed.ended, failed.sent), (ErrorKind::NoAnswer, Some(Ended::OutOfTime), 1));
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn a_read_that_is_not_answered_ends_with_the_stop() {
    let endpoint = Endpoint::start_silent().await;
    let client = client(configuration(&endpoint)).await;
    let stop = CancellationToken::new();
    let patience = Patience::new(&stop, Duration::from_secs(600));
    let (failed, ()) = tokio::join!(client.describe_task_definition("web", &patience), async {
        while endpoint.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.cancel();
    });
    let failed = failed.unwrap_err();
    assert_eq!((failed.kind, failed.ended, failed.sent), (ErrorKind::NoAnswer, Some(Ended::Stopped), 1));
}

/// The bucket is that of the client, so that what one call used up another has not.
#[tokio::test]
async fn repeats_end_where_the_bucket_of_all_calls_is_empty() {
    let endpoint = Endpoint::start([error(400, "ThrottlingException", "Rate exceeded")]).await;
    let bounded = Configuration { token_bucket_rate_limiter_capacity: Some(14), ..configuration(&endpoint) };
    let client = client(bounded).await;
    let failed = client.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!((failed.kind, failed.ended), (ErrorKind::Throttled, Some(Ended::OutOfRepeats(14))));
    assert_eq!((failed.sent, endpoint.requests().len()), (3, 3));
    let failed = client.describe_task_definition("web", &patient()).await.unwrap_err();
    assert_eq!((failed.ended, failed.sent), (Some(Ended::OutOfRepeats(14)), 1));
}
