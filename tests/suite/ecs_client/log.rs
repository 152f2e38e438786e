//! What a call leaves in the log.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ddrofs::ecs_client::{AssumeRole, EcsClients, RetryMode};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::endpoint::{Endpoint, error, ok};
use super::{configuration, node, patient};

/// Writes down every span and event at every level.
#[derive(Clone, Default)]
pub(super) struct Everything(Arc<Mutex<String>>);

impl Everything {
    /// The operations that were named, in their order.
    pub(super) fn operations(&self) -> Vec<String> {
        let written = self.0.lock().unwrap();
        let named = written.lines().filter_map(|line| line.strip_prefix("operation="));
        named.map(|name| name.trim_matches('"').to_owned()).collect()
    }

    /// Comes back once the text has been written, and never if it is not.
    async fn holds(&self, text: &str) {
        while !self.0.lock().unwrap().contains(text) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Everything {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }
}

#[tokio::test]
async fn the_most_talkative_log_names_the_call_and_holds_neither_bodies_nor_keys() {
    let ecs = Endpoint::start([ok(r#"{"answer":"ANSWERVISIBLE"}"#)]).await;
    let credentials = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>KEYVISIBLE</AccessKeyId>\
                       <SecretAccessKey>SECRETVISIBLE</SecretAccessKey><SessionToken>TOKENVISIBLE</SessionToken>\
                       <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>\
                       </AssumeRoleResponse>";
    let sts = Endpoint::start([ok(credentials)]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.assume_role = vec![AssumeRole {
        role_arn: "arn:aws:iam::111111111111:role/x".to_owned(),
        external_id: Some("EXTERNALVISIBLE".into()),
        ..AssumeRole::default()
    }];
    let written = Everything::default();
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(written.clone()));

    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    client.register_task_definition(&node(json!({ "value": "BODYVISIBLE" })), &patient()).await.unwrap();

    drop(guard);
    let log = written.0.lock().unwrap();
    assert!(log.contains("operation=\"RegisterTaskDefinition\""), "{log}");
    assert!(!log.contains("VISIBLE"), "{log}");
}

/// Whoever waits for an apply finds in the log why, and for how long.
#[tokio::test]
async fn every_wait_is_in_the_log_with_its_reason() {
    let throttled = || error(400, "ThrottlingException", "Rate exceeded");
    let endpoint = Endpoint::start([throttled(), ok("{}")]).await;
    let client = EcsClients::new(configuration(&endpoint)).for_region(None).await.unwrap();
    let written = Everything::default();
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(written.clone()));

    client.register_task_definition(&node(json!({})), &patient()).await.unwrap();
    // The answer said that the bucket is empty, so the next call waits for its turn.
    client.register_task_definition(&node(json!({})), &patient()).await.unwrap();
    let first = client.turn_of_family("web").await;
    let (_second, ()) = tokio::join!(client.turn_of_family("web"), async { drop(first) });

    drop(guard);
    let log = written.0.lock().unwrap();
    for reason in ["for another attempt", WAITS, "for another registration of its family"] {
        assert!(log.contains(&format!("reason={reason:?}")), "{reason}\n{log}");
    }
    assert!(log.contains("wait_ms="), "{log}");
}

/// What is in the log of a call that is not sent at once, to keep to the rate.
const WAITS: &str = "for its turn at the request rate of ECS";

/// Only where the mode says so calls keep to the rates of ECS at an endpoint that is none and has not throttled.
#[tokio::test]
async fn adaptive_paces_from_the_first_call_on_and_standard_does_not() {
    for (mode, is_paced) in [(RetryMode::Adaptive, true), (RetryMode::Standard, false)] {
        let endpoint = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&endpoint);
        configuration.retry_mode = Some(mode);
        let client = EcsClients::new(configuration).for_region(None).await.unwrap();
        let written = Everything::default();
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(written.clone()));
        // The smallest bucket holds five and gets one a second. However slow the machine is, it cannot fill up for all of these,
        // and once one of them waits there is no need to see the end.
        let (revision, patience) = (["web:1".to_owned()], patient());
        let calls = (0..30).map(|_| client.delete_task_definitions(&revision, &patience));
        tokio::select! {
            ended = futures_util::future::join_all(calls) => assert!(ended.iter().all(Result::is_ok), "{ended:?}"),
            () = written.holds(WAITS) => {}
        }
        drop(guard);
        let log = written.0.lock().unwrap();
        assert_eq!(log.contains(WAITS), is_paced, "{mode:?}\n{log}");
    }
}
