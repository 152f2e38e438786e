//! Where in an exchange a fault strikes: what is there afterwards, and what the client and the record know of it.

use std::time::Duration;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::Tag;

use super::endpoint::{Disturbance, Fault, LocalEcs, Other, UNKNOWN_STATUS, When};
use super::{app, client, post, refusal, register};

const REGISTER: &str = "RegisterTaskDefinition";

/// Registers once under a fault; what the client saw, and how many revisions there are.
async fn registered_under(fault: Fault) -> (Result<i32, String>, usize) {
    let server = LocalEcs::start();
    server.fail(REGISTER, fault, 1);
    let seen = register(&client(&server, "us-east-1"), "web", vec![app()]).await;
    let seen = seen.map(|definition| definition.revision()).map_err(|(kind, _)| kind);
    let request = server.requests().remove(0);
    let revisions = server.revisions().len();
    assert_eq!(request.fault, Some(fault));
    assert_eq!(request.carried_out, revisions == 1, "{fault:?}");
    assert_eq!(request.status.is_some(), seen != Err("dispatch".to_owned()), "{fault:?}: {seen:?}");
    (seen, revisions)
}

#[tokio::test]
async fn a_failed_request_was_carried_out_or_not_as_its_fault_says() {
    let failed = |kind: &str| Err(kind.to_owned());
    for (fault, seen, revisions) in [
        (Fault::ServerErrorBefore, failed("ServerException"), 0),
        (Fault::Reset, failed("dispatch"), 0),
        (Fault::Page(403), failed("response"), 0),
        (Fault::ThrottleWithRetryAfter(3), failed("ThrottlingException"), 0),
        (Fault::ServerErrorAfter, failed("ServerException"), 1),
        (Fault::LostAnswer, failed("dispatch"), 1),
        (Fault::ResetAfter, failed("dispatch"), 1),
        (Fault::CutAnswer, failed("response"), 1),
        (Fault::GarbledAnswer, failed("response"), 1),
        (Fault::SlowAnswer(Duration::from_millis(1)), Ok(1), 1),
        (Fault::Slow(Duration::from_millis(1)), Ok(1), 1),
    ] {
        assert_eq!(registered_under(fault).await, (seen, revisions), "{fault:?}");
    }
}

/// Nothing is awaited that could come late: the client gives up while the endpoint still holds the connection.
#[tokio::test]
async fn a_request_that_hangs_is_never_answered_and_was_carried_out_or_not() {
    for (fault, revisions) in [(Fault::HangBefore, 0), (Fault::HangAfter, 1)] {
        let server = LocalEcs::start();
        server.fail(REGISTER, fault, 1);
        let client = client(&server, "us-east-1");
        let waiting = register(&client, "web", vec![app()]);
        assert!(tokio::time::timeout(Duration::from_millis(300), waiting).await.is_err(), "{fault:?}");
        until(|| server.requests().first().is_some_and(|request| request.fault == Some(fault))).await;
        until(|| server.revisions().len() == revisions).await;
        assert_eq!(server.requests()[0].status, None);
        let next = register(&client, "web", vec![app()]).await.unwrap();
        assert_eq!(next.revision(), i32::try_from(revisions).unwrap() + 1);
    }
}

/// A client that is killed while ECS works takes nothing back.
#[tokio::test]
async fn what_was_asked_for_is_done_although_the_client_is_gone() {
    let server = LocalEcs::start();
    server.fail(REGISTER, Fault::Slow(Duration::from_millis(500)), 1);
    let client = client(&server, "us-east-1");
    let waiting = tokio::spawn(async move { register(&client, "web", vec![app()]).await });
    until(|| server.faults_waiting() == 0).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    until(|| server.revisions().len() == 1).await;
}

#[tokio::test]
async fn an_answer_says_how_long_to_wait() {
    let server = LocalEcs::start();
    server.fail(REGISTER, Fault::ThrottleWithRetryAfter(3), 1);
    let request =
        client(&server, "us-east-1").register_task_definition().family("web").container_definitions(app());
    let error = request.send().await.unwrap_err();
    let header = error.raw_response().and_then(|response| response.headers().get("retry-after"));
    assert_eq!(header, Some("3"));
}

#[tokio::test]
async fn an_answer_about_another_revision_names_it_throughout() {
    for (other, arn, family, revision) in [
        (Other::Account, "arn:aws:ecs:us-east-1:210987654321:task-definition/web:1", "web", 1),
        (Other::Region, "arn:aws:ecs:sa-east-1:123456789012:task-definition/web:1", "web", 1),
        (
            Other::Family,
            "arn:aws:ecs:us-east-1:123456789012:task-definition/somebody-elses:1",
            "somebody-elses",
            1,
        ),
        (Other::Revision, "arn:aws:ecs:us-east-1:123456789012:task-definition/web:4711", "web", 4711),
    ] {
        let server = LocalEcs::start();
        let client = client(&server, "us-east-1");
        server.fail(REGISTER, Fault::OtherArn(other), 1);
        let answer = register(&client, "web", vec![app()]).await.unwrap();
        assert_eq!(
            (answer.task_definition_arn(), answer.family(), answer.revision()),
            (Some(arn), Some(family), revision)
        );
        let described = client.describe_task_definition().task_definition("web").send().await.unwrap();
        let truth = described.task_definition.unwrap().task_definition_arn.unwrap();
        assert_eq!(truth, "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1");
        assert_eq!(server.revisions()[0].arn, truth);
    }
}

#[tokio::test]
async fn an_unknown_status_is_only_in_the_answer() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    register(&client, "web", vec![app()]).await.unwrap();
    server.fail("DescribeTaskDefinition", Fault::UnknownStatus, 1);
    let status = async || {
        let answer = client.describe_task_definition().task_definition("web").send().await.unwrap();
        answer.task_definition.unwrap().status.unwrap().as_str().to_owned()
    };
    assert_eq!(status().await, UNKNOWN_STATUS);
    assert_eq!(status().await, "ACTIVE");
}

#[tokio::test]
async fn every_operation_can_be_disturbed_after_its_effect() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let arn = register(&client, "web", vec![app()]).await.unwrap().task_definition_arn.unwrap();
    let tag = |value: &str| Tag::builder().key("team").value(value).build();

    server.fail("TagResource", Fault::LostAnswer, 1);
    let sent = client.tag_resource().resource_arn(&arn).tags(tag("one")).send().await;
    assert_eq!(refusal(&sent.unwrap_err()).0, "dispatch");
    assert_eq!(server.revisions()[0].tags.get("team").map(String::as_str), Some("one"));

    server.fail("UntagResource", Fault::CutAnswer, 1);
    let sent = client.untag_resource().resource_arn(&arn).tag_keys("team").send().await;
    assert!(sent.is_err());
    assert_eq!(server.revisions()[0].tags.len(), 0);

    server.fail("DeregisterTaskDefinition", Fault::ServerErrorAfter, 1);
    let sent = client.deregister_task_definition().task_definition(&arn).send().await;
    assert_eq!(refusal(&sent.unwrap_err()).0, "ServerException");
    assert_eq!(server.revisions()[0].status, "INACTIVE");
}

#[tokio::test]
async fn sts_can_be_disturbed_as_well() {
    let server = LocalEcs::start();
    let ask = async || {
        post(&server, "/", &[("authorization", &signed_for("sts"))], "Action=GetCallerIdentity").await
    };
    server.fail("GetCallerIdentity", Fault::ServerErrorBefore, 1);
    assert_eq!(ask().await.0, 500);
    server.fail("GetCallerIdentity", Fault::HangBefore, 1);
    assert!(tokio::time::timeout(Duration::from_millis(200), ask()).await.is_err());
    assert_eq!(ask().await.0, 200);
    assert_eq!(server.sts_operations().len(), 3);
}

fn signed_for(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20261101/us-east-1/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={}",
        "0a".repeat(32)
    )
}

/// How many of 200 requests a percentage hits, and whether each does.
async fn hits(client: &Client) -> Vec<bool> {
    let mut hits = Vec::new();
    for _ in 0..200 {
        let asked = client.list_task_definitions().send().await;
        hits.push(asked.is_err_and(|error| refusal(&error).0 == "ThrottlingException"));
    }
    hits
}

#[tokio::test]
async fn a_percentage_hits_about_so_many_and_the_same_ones_each_time() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        server.clear_faults();
        server
            .disturb(Disturbance::new("ListTaskDefinitions", Fault::Throttle, When::Percent(20)).seed(seed));
        runs.push(hits(&client).await);
    }
    let hit = runs[0].iter().filter(|hit| **hit).count();
    assert!((20..=60).contains(&hit), "{hit} of 200");
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

/// The endpoint's time stands almost still or flies, so that no machine is too slow or too fast for the test.
#[tokio::test]
async fn a_storm_lasts_as_long_as_it_says_from_the_first_request_it_meets() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.set_speed(0.000_001);
    server.disturb(Disturbance::new(REGISTER, Fault::Throttle, When::For(Duration::from_secs(15))));
    for _ in 0..5 {
        assert_eq!(register(&client, "web", vec![app()]).await.unwrap_err().0, "ThrottlingException");
    }
    server.set_speed(1_000_000.0);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 1);
    assert_eq!(server.faults_waiting(), 0);
}

#[tokio::test]
async fn credentials_expire_after_some_requests_and_for_good() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.disturb(
        Disturbance::new(super::endpoint::ANY_OPERATION, Fault::ExpiredToken, When::Always).after(2),
    );
    for _ in 0..2 {
        register(&client, "web", vec![app()]).await.unwrap();
    }
    for _ in 0..3 {
        assert_eq!(register(&client, "web", vec![app()]).await.unwrap_err().0, "ExpiredTokenException");
    }
    server.clear_faults();
    assert_eq!(register(&client, "web", vec![app()]).await.unwrap().revision(), 3);
}

/// Two faults for one operation: the first that fits happens, the next waits for its turn.
#[tokio::test]
async fn disturbances_happen_in_the_order_they_were_asked_for() {
    let server = LocalEcs::start();
    let client = client(&server, "us-east-1");
    server.fail(REGISTER, Fault::Throttle, 1);
    server.disturb(Disturbance::new(REGISTER, Fault::ServerErrorBefore, When::Always));
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(register(&client, "web", vec![app()]).await.unwrap_err().0);
    }
    assert_eq!(seen, ["ThrottlingException", "ServerException", "ServerException"]);
}

#[tokio::test]
async fn every_fault_has_its_name_at_the_control_url() {
    let server = LocalEcs::start();
    let queue = async |body: &str| post(&server, "/_control/faults", &[], body).await.0;
    for name in [
        "throttle",
        "throttle-with-retry-after",
        "access-denied",
        "expired-token",
        "page",
        "concurrent-revision",
        "being-deleted",
        "server-error",
        "reset",
        "hang",
        "slow",
        "slow-answer",
        "server-error-after",
        "lost-answer",
        "reset-after",
        "cut-answer",
        "garbled-answer",
        "hang-after",
        "other-account",
        "other-region",
        "other-family",
        "other-revision",
        "unknown-status",
    ] {
        assert_eq!(queue(&format!("{{\"fault\": \"{name}\"}}")).await, 200, "{name}");
    }
    assert_eq!(server.faults_waiting(), 23);
    for (when, status) in [
        (r#""forSeconds": 15"#, 200),
        (r#""percent": 20, "seed": 7"#, 200),
        (r#""always": true, "after": 10"#, 200),
        (r#""percent": 0"#, 400),
        (r#""percent": 101"#, 400),
        (r#""times": -1"#, 400),
        (r#""times": 1, "always": true"#, 400),
        (r#""always": false"#, 400),
    ] {
        assert_eq!(queue(&format!("{{\"fault\": \"throttle\", {when}}}")).await, status, "{when}");
    }
}

/// Waits for what must happen, far longer than it takes.
async fn until(happened: impl Fn() -> bool) {
    for _ in 0..3000 {
        if happened() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited 30 s in vain");
}
