//! The send loop: waits for the turn, sends one attempt, decides whether another follows.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::document::Node;

use super::client::EcsClient;
use super::clients::ATTEMPT_TIMEOUT;
use super::error::{EcsError, ErrorKind};
use super::patience::{Over, Patience};
use super::repeats::{Attempts, Failed};

/// How one attempt ended.
pub(super) struct Attempt {
    pub(super) outcome: Result<Node, EcsError>,
    /// How long the service asked to wait.
    pub(super) retry_after: Option<Duration>,
}

/// Makes attempts until one is answered or no other is worth it.
pub(super) async fn send<F>(
    client: &EcsClient,
    operation: &'static str,
    patience: &Patience,
    attempt: impl Fn() -> F,
) -> Result<Node, EcsError>
where
    F: Future<Output = Attempt>,
{
    let mut attempts = Attempts::new(client.most_attempts);
    let mut before = None;
    loop {
        let turn = client.pace.take(operation, Instant::now());
        patience.wait(turn).await.map_err(|over| ended(operation, over, before.take()))?;
        let begun = Instant::now();
        let Attempt { outcome, retry_after } = attempt().await;
        let error = match outcome {
            Ok(answer) => {
                client.pace.admitted(operation);
                tracing::debug!(operation, region = client.region(), "called ECS");
                return Ok(answer);
            }
            Err(error) => error,
        };
        match error.kind {
            ErrorKind::Throttled => client.pace.throttled(operation, Instant::now()),
            _ if error.status.is_some() => client.pace.admitted(operation),
            _ => {}
        }
        let was_silent = begun.elapsed() >= ATTEMPT_TIMEOUT;
        let next = attempts.next(&Failed { error: &error, was_silent, retry_after }, fastrand::f64());
        let wait = next.map(|wait| client.pace.on_this_clock(wait));
        log(client, &error, wait);
        let Some(wait) = wait else { return Err(error) };
        if let Err(over) = patience.wait(wait).await {
            return Err(ended(operation, over, Some(error)));
        }
        before = Some(error);
    }
}

/// The error of a call whose wait ended early, after what its last attempt came to.
fn ended(operation: &'static str, over: Over, before: Option<EcsError>) -> EcsError {
    let was_done_nothing = before.as_ref().is_none_or(|error| {
        !matches!(error.kind, ErrorKind::NoAnswer | ErrorKind::ServerError | ErrorKind::Ambiguous)
    });
    match (over, before) {
        (Over::Stopped, _) if was_done_nothing => {
            EcsError::local(ErrorKind::Stopped, operation, "stopped while it waited for its turn")
        }
        (_, Some(before)) => before,
        (_, None) => {
            let message = "ECS's request rate leaves no room for it within the time that it has";
            EcsError::local(ErrorKind::OutOfTime, operation, message)
        }
    }
}

/// Says how an attempt failed, without what was sent or received.
fn log(client: &EcsClient, error: &EcsError, wait: Option<Duration>) {
    tracing::debug!(
        operation = error.operation,
        region = client.region(),
        kind = ?error.kind,
        status = error.status,
        code = error.code.as_deref(),
        request_id = error.request_id.as_deref(),
        again_in_ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "call to ECS failed"
    );
}
