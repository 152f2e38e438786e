//! The calls to ECS, in JSON as the API documents it.
//!
//! Every future here may be dropped at any moment: a call that was sent then counts as ambiguous to its caller.

use std::error::Error;
use std::fmt;

use aws_sdk_ecs::client::customize::CustomizableOperation;
use aws_sdk_ecs::config::Builder;
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use bytes::Bytes;
use serde_json::{Value, json};

use super::attempt::LastAttempt;
use super::error::{Call, Circumstances, EcsError, ErrorKind};
use super::quiet::quietly;
use super::raw_json::Exchange;
use super::retry::{EcsRetryClassifier, WhenAmbiguous};

/// The most items that one page of ListTaskDefinitions holds (API reference, read 2026-11).
const LIST_PAGE: usize = 100;

/// The most revisions that one call of DeleteTaskDefinitions takes (API reference, read 2026-11).
const DELETE_BATCH: usize = 10;

/// Calls ECS in one region.
pub struct EcsClient {
    region: String,
    sdk: aws_sdk_ecs::Client,
    /// What is known of every call before it is made.
    circumstances: Circumstances,
}

impl fmt::Debug for EcsClient {
    /// Shows the region alone: the SDK's client prints access keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EcsClient").field("region", &self.region).finish_non_exhaustive()
    }
}

/// Sends one call: the operation gives address, target and signature, `$body` is what travels.
macro_rules! call {
    ($self:ident, $operation:ident, $name:literal, $when_ambiguous:expr, $body:expr) => {{
        let exchange = Exchange::new(Bytes::from(serialize($name, &$body)?));
        let attempt = LastAttempt::default();
        let prepared = prepare($self.sdk.$operation().customize(), &exchange, &attempt, $when_ambiguous);
        let answer = quietly(prepared.send()).await;
        let call = Call {
            operation: $name,
            when_ambiguous: $when_ambiguous,
            attempt: &attempt,
            circumstances: $self.circumstances.clone(),
        };
        let outcome = conclude(call, &exchange, answer.map(drop));
        log($name, &$self.region, &outcome);
        outcome
    }};
}

impl EcsClient {
    /// Wraps the SDK's client.
    pub(super) fn new(region: &str, sdk: aws_sdk_ecs::Client, circumstances: Circumstances) -> Self {
        EcsClient { region: region.to_owned(), sdk, circumstances }
    }

    /// The region that this client calls.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Registers a revision and returns the whole answer. ECS takes no idempotency token, so a call whose fate is not
    /// known is not repeated: the error is [`ErrorKind::Ambiguous`], and the caller looks whether the revision exists.
    pub async fn register_task_definition(&self, body: &Value) -> Result<Value, EcsError> {
        call!(self, register_task_definition, "RegisterTaskDefinition", WhenAmbiguous::GiveUp, body)
    }

    /// Describes a revision with its tags: a family, `family:revision` or an ARN.
    pub async fn describe_task_definition(&self, id: &str) -> Result<Value, EcsError> {
        let body = json!({ "taskDefinition": id, "include": ["TAGS"] });
        call!(self, describe_task_definition, "DescribeTaskDefinition", WhenAmbiguous::Repeat, body)
    }

    /// Retires a revision; what runs it goes on running. Doing it twice does no harm.
    pub async fn deregister_task_definition(&self, arn: &str) -> Result<Value, EcsError> {
        let body = json!({ "taskDefinition": arn });
        call!(self, deregister_task_definition, "DeregisterTaskDefinition", WhenAmbiguous::Repeat, body)
    }

    /// The ARNs of revisions whose family begins with `family_prefix`, the newest first, at most `max` of them.
    /// `status` is `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub async fn list_task_definitions(
        &self,
        family_prefix: &str,
        status: &str,
        max: usize,
    ) -> Result<Vec<String>, EcsError> {
        let mut arns = Vec::new();
        let mut next_token: Option<String> = None;
        while arns.len() < max {
            let mut body = json!({
                "familyPrefix": family_prefix,
                "status": status,
                "sort": "DESC",
                "maxResults": LIST_PAGE.min(max - arns.len()),
            });
            if let Some(token) = next_token.take() {
                body["nextToken"] = Value::String(token);
            }
            let page =
                call!(self, list_task_definitions, "ListTaskDefinitions", WhenAmbiguous::Repeat, body)?;
            let listed = page["taskDefinitionArns"].as_array().map(Vec::as_slice).unwrap_or_default();
            arns.extend(listed.iter().filter_map(Value::as_str).map(str::to_owned));
            match page["nextToken"].as_str() {
                Some(token) if !token.is_empty() => next_token = Some(token.to_owned()),
                _ => break,
            }
        }
        arns.truncate(max);
        Ok(arns)
    }

    /// Sets tags on a revision; `tags` is the API's list of `{"key": …, "value": …}`.
    pub async fn tag_resource(&self, arn: &str, tags: &Value) -> Result<Value, EcsError> {
        let body = json!({ "resourceArn": arn, "tags": tags });
        call!(self, tag_resource, "TagResource", WhenAmbiguous::Repeat, body)
    }

    /// Takes tags off a revision.
    pub async fn untag_resource(&self, arn: &str, tag_keys: &[String]) -> Result<Value, EcsError> {
        let body = json!({ "resourceArn": arn, "tagKeys": tag_keys });
        call!(self, untag_resource, "UntagResource", WhenAmbiguous::Repeat, body)
    }

    /// The tags of a revision, in the answer's `tags`.
    pub async fn list_tags_for_resource(&self, arn: &str) -> Result<Value, EcsError> {
        let body = json!({ "resourceArn": arn });
        call!(self, list_tags_for_resource, "ListTagsForResource", WhenAmbiguous::Repeat, body)
    }

    /// Deletes inactive revisions and returns the `failures` that ECS lists, over all batches.
    pub async fn delete_task_definitions(&self, arns: &[String]) -> Result<Vec<Value>, EcsError> {
        let mut failures = Vec::new();
        for batch in arns.chunks(DELETE_BATCH) {
            let body = json!({ "taskDefinitions": batch });
            let mut answer =
                call!(self, delete_task_definitions, "DeleteTaskDefinitions", WhenAmbiguous::Repeat, body)?;
            if let Value::Array(failed) = answer["failures"].take() {
                failures.extend(failed);
            }
        }
        Ok(failures)
    }
}

fn serialize(operation: &'static str, body: &Value) -> Result<Vec<u8>, EcsError> {
    serde_json::to_vec(body).map_err(|error| EcsError::local(ErrorKind::Other, operation, error.to_string()))
}

/// Says what was called and how it ended, without what was sent or received.
fn log(operation: &'static str, region: &str, outcome: &Result<Value, EcsError>) {
    match outcome {
        Ok(_) => tracing::debug!(operation, region, "called ECS"),
        Err(error) => tracing::debug!(
            operation,
            region,
            kind = ?error.kind,
            status = error.status,
            code = error.code.as_deref(),
            request_id = error.request_id.as_deref(),
            "call to ECS failed"
        ),
    }
}

/// Makes an operation carry our document and follow our rules for repeats.
fn prepare<T, E, B>(
    operation: CustomizableOperation<T, E, B>,
    exchange: &Exchange,
    attempt: &LastAttempt,
    when_ambiguous: WhenAmbiguous,
) -> CustomizableOperation<T, E, B>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let rules = Builder::new().retry_classifier(EcsRetryClassifier::<E>::new(when_ambiguous));
    operation.interceptor(exchange.clone()).interceptor(attempt.clone()).config_override(rules)
}

/// The answer as it came, or the sorted error.
fn conclude<E>(
    call: Call<'_>,
    exchange: &Exchange,
    outcome: Result<(), SdkError<E>>,
) -> Result<Value, EcsError>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    // The status decides, not whether the SDK could read the answer into its structures: a field of a new shape must
    // not turn a revision that was registered into a failure.
    if let Some(answer) = exchange.take_answer()
        && (200..300).contains(&answer.status)
    {
        return serde_json::from_slice(&answer.body).map_err(|error| call.not_json(answer.status, &error));
    }
    match outcome {
        Ok(()) => Err(EcsError::local(ErrorKind::Other, call.operation, "the service's answer was not kept")),
        Err(error) => Err(call.failure(&error)),
    }
}
