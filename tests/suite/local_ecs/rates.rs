//! Buckets, the clock behind them, what went beyond them, and two registrations of one family at a time.
//!
//! The endpoint's time stands almost still in these tests, or it flies: no machine is too slow or too fast for them.

use std::time::Duration;

use aws_sdk_ecs::Client;

use super::endpoint::{Fault, LocalEcs, SOMEBODY_ELSES_KEY};
use super::{app, client, client_with_key, post, register};

const STILL: f64 = 0.000_001;

/// How many registrations are accepted until one is refused.
async fn accepted(client: &Client) -> usize {
    let mut accepted = 0;
    while register(client, "web", vec![app()]).await.is_ok() {
        accepted += 1;
    }
    accepted
}

#[tokio::test]
async fn a_bucket_is_shared_by_account_and_region_and_refills_with_the_clock() {
    let server = LocalEcs::start();
    server.limit_rates(true);
    server.set_speed(STILL);
    let home = client(&server, "us-east-1");
    assert_eq!(accepted(&home).await, 20);
    assert_eq!(accepted(&client_with_key(&server, "us-east-1", "AKIAOTHERKEY")).await, 0, "the same account");
    assert_eq!(accepted(&client_with_key(&server, "us-east-1", SOMEBODY_ELSES_KEY)).await, 20);
    assert_eq!(accepted(&client(&server, "eu-west-1")).await, 20);
    assert!(home.describe_task_definition().task_definition("web").send().await.is_ok(), "another bucket");

    server.set_speed(1_000_000.0);
    tokio::time::sleep(Duration::from_millis(1)).await;
    server.set_speed(STILL);
    assert_eq!(accepted(&home).await, 20, "full again and not fuller");
}

/// A throttled attempt counts as an attempt: pacing is judged by what was sent.
#[tokio::test]
async fn attempts_beyond_the_rates_are_found_afterwards_whether_or_not_they_were_limited() {
    for limited in [false, true] {
        let server = LocalEcs::start();
        server.limit_rates(limited);
        server.set_speed(STILL);
        let client = client(&server, "us-east-1");
        for number in 0..23 {
            let registered = register(&client, "web", vec![app()]).await;
            assert_eq!(registered.is_ok(), !limited || number < 20);
        }
        let beyond = server.beyond_the_rates(0.0);
        assert_eq!(beyond.len(), 3, "limited: {limited}");
        assert!(beyond.iter().all(|request| request.operation == "RegisterTaskDefinition"));
        assert_eq!(server.beyond_the_rates(2.0).len(), 1);
        let times: Vec<f64> = server.requests().iter().map(|request| request.at).collect();
        assert!(times.is_sorted(), "{times:?}");
        server.forget_requests();
        assert_eq!(server.beyond_the_rates(0.0).len(), 0);
    }
}

#[tokio::test]
async fn the_clock_is_set_over_http_and_only_forwards() {
    let server = LocalEcs::start();
    let set = async |body: &str| post(&server, "/_control/clock", &[], body).await.0;
    assert_eq!(set(r#"{"speed": 100}"#).await, 200);
    for wrong in [r#"{"speed": 0}"#, r#"{"speed": -1}"#, r#"{"speed": "fast"}"#, "{}"] {
        assert_eq!(set(wrong).await, 400, "{wrong}");
    }
}

/// Starts a request that changes `web` and takes this long; returns once it is under way.
async fn begin(server: &LocalEcs, operation: &'static str, lasting: Duration) {
    let client = client(server, "us-east-1");
    let arn = register(&client, "web", vec![app()]).await.unwrap().task_definition_arn.unwrap();
    server.fail(operation, Fault::Slow(lasting), 1);
    tokio::spawn(async move {
        match operation {
            "RegisterTaskDefinition" => drop(register(&client, "web", vec![app()]).await),
            _ => drop(client.deregister_task_definition().task_definition(arn).send().await),
        }
    });
    while server.faults_waiting() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_registration_is_refused_while_a_revision_of_its_family_is_being_changed() {
    for operation in ["RegisterTaskDefinition", "DeregisterTaskDefinition"] {
        let server = LocalEcs::start();
        begin(&server, operation, Duration::from_secs(3600)).await;
        let client = client(&server, "us-east-1");
        let (code, message) = register(&client, "web", vec![app()]).await.unwrap_err();
        assert_eq!(code, "ClientException");
        assert_eq!(message, "Too many concurrent attempts to create a new revision of the specified family.");
        assert!(register(&client, "api", vec![app()]).await.is_ok());
        assert!(register(&super::client(&server, "eu-west-1"), "web", vec![app()]).await.is_ok());
    }
}

#[tokio::test]
async fn a_family_is_free_again_when_the_change_is_done() {
    let server = LocalEcs::start();
    begin(&server, "RegisterTaskDefinition", Duration::from_millis(200)).await;
    let client = client(&server, "us-east-1");
    let mut refused = 0;
    while register(&client, "web", vec![app()]).await.is_err() {
        refused += 1;
        assert!(refused < 3000, "never free again");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.revisions().len(), 3);
}
