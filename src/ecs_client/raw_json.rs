//! Carries a JSON document past the SDK's typed structures, in both directions.
//!
//! Every call is the SDK's ListClusters under another name: the SDK writes address, target and signature for it. A client of
//! each operation would be 0.2 MB more in the program, for structures that nothing is read from. Before the attempt, an
//! interceptor puts our document in place of the body, so that it is what is signed and sent. Afterwards it keeps the
//! answer as it came. It does not know what the document says.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecs::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
    BeforeTransmitInterceptorContextMut,
};
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::{BoxError, SdkError};
use aws_sdk_ecs::operation::list_clusters::ListClustersError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use bytes::Bytes;

use crate::document::{self, Node};

use super::attempt::{Attempt, LastAttempt, WhenAmbiguous};
use super::client::EcsClient;
use super::error::{EcsError, ErrorKind};
use super::failure::Call;
use super::quiet::quietly;
use super::repeats::retry_after;

/// Sends a call once: `operation` is its name in the API, `body` is what travels.
pub(super) async fn attempt(
    client: &EcsClient,
    operation: &'static str,
    when_ambiguous: WhenAmbiguous,
    body: Bytes,
    last: LastAttempt,
) -> Attempt {
    let exchange = Exchange::new(operation, body);
    let carrier = client.sdk.list_clusters().customize();
    let sent = quietly(carrier.interceptor(exchange.clone()).interceptor(last.clone()).send()).await;
    let circumstances = client.circumstances.clone();
    conclude(Call { operation, when_ambiguous, attempt: &last, circumstances }, &exchange, sent.map(drop))
}

/// The answer as it came, or the sorted error.
fn conclude(
    call: Call<'_>,
    exchange: &Exchange,
    outcome: Result<(), SdkError<ListClustersError>>,
) -> Attempt {
    // The status decides, not whether the SDK could read the answer into its structures: that of a call of another name
    // must not turn a revision that was registered into a failure.
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

/// What one attempt sends, and what came back.
#[derive(Clone)]
struct Exchange {
    operation: &'static str,
    body: Bytes,
    answer: Arc<Mutex<Option<Answer>>>,
}

/// An answer as it came.
struct Answer {
    /// HTTP status.
    status: u16,
    /// The whole body.
    body: Bytes,
}

impl Exchange {
    /// Makes an exchange that sends `body` for `operation`.
    fn new(operation: &'static str, body: Bytes) -> Self {
        Exchange { operation, body, answer: Arc::default() }
    }

    /// Takes the answer out, if a whole one came.
    fn take_answer(&self) -> Option<Answer> {
        self.answer().take()
    }

    fn answer(&self) -> std::sync::MutexGuard<'_, Option<Answer>> {
        // Plain assignments cannot leave the value half-written, so a poisoned lock still holds a sound one.
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Exchange {
    /// Leaves the bodies out: they hold environment values, and the SDK prints interceptors in its traces.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Exchange").field("body_length", &self.body.len()).finish_non_exhaustive()
    }
}

impl Intercept for Exchange {
    fn name(&self) -> &'static str {
        "RawJson"
    }

    fn modify_before_serialization(
        &self,
        _context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Of this name the SDK makes the target header, and what it says of the call elsewhere.
        config.interceptor_state().store_put(Metadata::new(self.operation, "ECS"));
        Ok(())
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("content-length", self.body.len().to_string());
        *request.body_mut() = self.body.clone().into();
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        // The body is in memory by now; it is absent only when reading it broke off, and then there is no answer.
        *self.answer() = response
            .body()
            .bytes()
            .map(|body| Answer { status: response.status().as_u16(), body: Bytes::copy_from_slice(body) });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_body() {
        let exchange =
            Exchange::new("RegisterTaskDefinition", Bytes::from_static(b"{\"value\":\"hunter2\"}"));
        assert!(!format!("{exchange:?}").contains("hunter2"));
    }
}
