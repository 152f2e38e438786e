//! The calls to ECS, in JSON as the API documents it.
//!
//! Every future here may be dropped at any moment: a call that was sent then counts as ambiguous to its caller.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::document::{self, Node};
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use bytes::Bytes;
use tokio::sync::OwnedMutexGuard;

use super::attempt::{LastAttempt, WhenAmbiguous};
use super::error::{Circumstances, EcsError, ErrorKind};
use super::failure::Call;
use super::pace::Pace;
use super::patience::Patience;
use super::quiet::quietly;
use super::quota::Quota;
use super::raw_json::Exchange;
use super::repeats::retry_after;
use super::send::{Attempt, send};
use super::service::Failure;
use super::uses::LastLook;

/// The most items that one page of ListTaskDefinitions holds (API reference, read 2026-11).
const LIST_PAGE: usize = 100;

/// The most revisions that one call of DeleteTaskDefinitions takes (API reference, read 2026-11).
const DELETE_BATCH: usize = 10;

/// Calls ECS in one region.
pub struct EcsClient {
    region: String,
    /// Sends one attempt a call.
    pub(super) sdk: aws_sdk_ecs::Client,
    pub(super) pace: Pace,
    /// Attempts of a call, at most.
    pub(super) most_attempts: u32,
    /// Repeats of all calls.
    pub(super) quota: Quota,
    /// What is known of every call before it is made.
    pub(super) circumstances: Circumstances,
    /// Whose turn it is to register, by family.
    families: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
    pub(super) last_look: LastLook,
}

impl fmt::Debug for EcsClient {
    /// Shows the region alone: the SDK's client prints access keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EcsClient").field("region", &self.region).finish_non_exhaustive()
    }
}

/// Makes a call: the operation gives address, target and signature, `$body` is what travels.
macro_rules! call {
    ($self:ident, $patience:expr, $operation:ident, $name:literal, $when_ambiguous:expr, $body:expr) => {{
        let body = Bytes::from(serialize($name, &$body)?);
        let attempt = |last: LastAttempt| {
            let exchange = Exchange::new(body.clone());
            let operation = $self.sdk.$operation().customize();
            async move {
                let answer =
                    quietly(operation.interceptor(exchange.clone()).interceptor(last.clone()).send()).await;
                let call = Call {
                    operation: $name,
                    when_ambiguous: $when_ambiguous,
                    attempt: &last,
                    circumstances: $self.circumstances.clone(),
                };
                conclude(call, &exchange, answer.map(drop))
            }
        };
        send($self, $name, $when_ambiguous, $patience, attempt).await
    }};
}

pub(super) use call;

impl EcsClient {
    /// Wraps the SDK's client.
    pub(super) fn new(
        region: &str,
        sdk: aws_sdk_ecs::Client,
        pace: Pace,
        (most_attempts, quota): (u32, Quota),
        circumstances: Circumstances,
    ) -> Self {
        EcsClient {
            region: region.to_owned(),
            sdk,
            pace,
            most_attempts,
            quota,
            circumstances,
            families: Mutex::default(),
            last_look: LastLook::default(),
        }
    }

    /// The same error, with who was asked and as whom.
    pub(super) fn at_its_host(&self, error: EcsError, attempt: &LastAttempt) -> EcsError {
        let circumstances = Circumstances { host: attempt.host(), ..self.circumstances.clone() };
        EcsError { circumstances: Box::new(circumstances), ..error }
    }

    /// The turn to register in a family, which is over when the answer is dropped. ECS refuses two registrations of one family
    /// at once.
    pub async fn turn_of_family(&self, family: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut families = self.families.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(families.entry(family.to_owned()).or_default())
        };
        if let Ok(turn) = Arc::clone(&turn).try_lock_owned() {
            return turn;
        }
        let reason = "for another registration of its family";
        tracing::info!(family, region = self.region(), reason, "a call to ECS waits");
        turn.lock_owned().await
    }

    /// How long a wait for ECS lasts, which is its own time unless the environment makes the clock go faster.
    pub fn on_its_clock(&self, wait: Duration) -> Duration {
        self.pace.on_this_clock(wait)
    }

    /// The region that this client calls.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Registers a revision and returns the whole answer. ECS takes no idempotency token, so a call whose fate is not
    /// known is not repeated: the error is [`ErrorKind::Ambiguous`], and the caller looks whether the revision exists.
    pub async fn register_task_definition(&self, body: &Node, patience: &Patience) -> Result<Node, EcsError> {
        call!(self, patience, register_task_definition, "RegisterTaskDefinition", WhenAmbiguous::GiveUp, body)
    }

    /// Describes a revision with its tags: a family, `family:revision` or an ARN.
    pub async fn describe_task_definition(&self, id: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("taskDefinition", Node::from(id)), ("include", Node::from(vec!["TAGS"]))]);
        call!(self, patience, describe_task_definition, "DescribeTaskDefinition", WhenAmbiguous::Repeat, body)
    }

    /// Retires a revision; what runs it goes on running. Doing it twice does no harm.
    pub async fn deregister_task_definition(&self, arn: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("taskDefinition", Node::from(arn))]);
        call!(
            self,
            patience,
            deregister_task_definition,
            "DeregisterTaskDefinition",
            WhenAmbiguous::Repeat,
            body
        )
    }

    /// The ARNs of revisions whose family begins with `family_prefix`, the newest first, at most `max` of them.
    /// `status` is `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub async fn list_task_definitions(
        &self,
        family_prefix: &str,
        status: &str,
        max: usize,
        patience: &Patience,
    ) -> Result<Vec<String>, EcsError> {
        let mut arns = Vec::new();
        let mut next_token: Option<String> = None;
        while arns.len() < max {
            let items = i64::try_from(LIST_PAGE.min(max - arns.len())).unwrap_or_default();
            let mut members = vec![
                ("familyPrefix", Node::from(family_prefix)),
                ("status", Node::from(status)),
                ("sort", Node::from("DESC")),
                ("maxResults", Node::from(items)),
            ];
            members.extend(next_token.take().map(|token| ("nextToken", Node::from(token))));
            let body = Node::Object(members.into_iter().map(|(key, node)| (key.to_owned(), node)).collect());
            let page = call!(
                self,
                patience,
                list_task_definitions,
                "ListTaskDefinitions",
                WhenAmbiguous::Repeat,
                body
            )?;
            let listed = page.get("taskDefinitionArns").items();
            arns.extend(listed.iter().filter_map(Node::as_str).map(str::to_owned));
            match page.get("nextToken").as_str() {
                Some(token) if !token.is_empty() => next_token = Some(token.to_owned()),
                _ => break,
            }
        }
        arns.truncate(max);
        Ok(arns)
    }

    /// Sets tags on a revision.
    pub async fn tag_resource(
        &self,
        arn: &str,
        tags: &BTreeMap<String, String>,
        patience: &Patience,
    ) -> Result<Node, EcsError> {
        let tags: Vec<Node> = tags
            .iter()
            .map(|(key, tag)| {
                Node::from([("key", Node::from(key.as_str())), ("value", Node::from(tag.as_str()))])
            })
            .collect();
        let body = Node::from([("resourceArn", Node::from(arn)), ("tags", Node::Array(tags))]);
        call!(self, patience, tag_resource, "TagResource", WhenAmbiguous::Repeat, body)
    }

    /// Takes tags off a revision.
    pub async fn untag_resource(
        &self,
        arn: &str,
        tag_keys: &[String],
        patience: &Patience,
    ) -> Result<Node, EcsError> {
        let tag_keys: Vec<&str> = tag_keys.iter().map(String::as_str).collect();
        let body = Node::from([("resourceArn", Node::from(arn)), ("tagKeys", Node::from(tag_keys))]);
        call!(self, patience, untag_resource, "UntagResource", WhenAmbiguous::Repeat, body)
    }

    /// The tags of a revision, in the answer's `tags`.
    pub async fn list_tags_for_resource(&self, arn: &str, patience: &Patience) -> Result<Node, EcsError> {
        let body = Node::from([("resourceArn", Node::from(arn))]);
        call!(self, patience, list_tags_for_resource, "ListTagsForResource", WhenAmbiguous::Repeat, body)
    }

    /// Deletes inactive revisions and returns the `failures` that ECS lists, over all batches.
    pub async fn delete_task_definitions(
        &self,
        arns: &[String],
        patience: &Patience,
    ) -> Result<Vec<Failure>, EcsError> {
        let mut failures = Vec::new();
        for batch in arns.chunks(DELETE_BATCH) {
            let batch: Vec<&str> = batch.iter().map(String::as_str).collect();
            let body = Node::from([("taskDefinitions", Node::from(batch))]);
            let answer = call!(
                self,
                patience,
                delete_task_definitions,
                "DeleteTaskDefinitions",
                WhenAmbiguous::Repeat,
                body
            )?;
            failures.extend(answer.get("failures").items().iter().map(Failure::of));
        }
        Ok(failures)
    }
}

pub(super) fn serialize(operation: &'static str, body: &Node) -> Result<String, EcsError> {
    document::to_json(body).map_err(|error| EcsError::local(ErrorKind::Other, operation, error.to_string()))
}

/// The answer as it came, or the sorted error.
pub(super) fn conclude<E>(call: Call<'_>, exchange: &Exchange, outcome: Result<(), SdkError<E>>) -> Attempt
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    // The status decides, not whether the SDK could read the answer into its structures: a field of a new shape must
    // not turn a revision that was registered into a failure.
    if let Some(answer) = exchange.take_answer()
        && (200..300).contains(&answer.status)
    {
        let outcome = read(&answer.body).map_err(|position| call.not_json(answer.status, position));
        return Attempt { outcome, retry_after: None };
    }
    let Err(error) = outcome else {
        let message = "the service's answer was not kept";
        let outcome = Err(EcsError::local(ErrorKind::Other, call.operation, message));
        return Attempt { outcome, retry_after: None };
    };
    let headers = error.raw_response().map(|response| response.headers());
    let retry_after = retry_after(|name| headers?.get(name));
    Attempt { outcome: Err(call.failure(&error)), retry_after }
}

/// An answer as a tree, or the line and column of what is no JSON, where they are known.
fn read(body: &[u8]) -> Result<Node, Option<(usize, usize)>> {
    let text = std::str::from_utf8(body).map_err(|_| None)?;
    document::parse(text).map_err(|problems| problems.first().and_then(|problem| problem.position))
}
