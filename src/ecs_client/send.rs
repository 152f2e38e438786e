//! The send loop: waits for the turn, sends one attempt, decides whether another follows.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::document::{self, Node};

use super::attempt::{Attempt, LastAttempt, WhenAmbiguous};
use super::client::EcsClient;
use super::clients::ATTEMPT_TIMEOUT;
use super::error::{EcsError, ErrorKind};
use super::failure::no_answer;
use super::patience::{Ended, Patience};
use super::raw_json::attempt;
use super::repeats::{Attempts, Failed};

impl EcsClient {
    /// Makes a call, in attempts until one is answered or no other is worth it.
    pub(super) async fn call(
        &self,
        operation: &'static str,
        when_ambiguous: WhenAmbiguous,
        body: &Node,
        patience: &Patience,
    ) -> Result<Node, EcsError> {
        let body = document::to_json(body)
            .map_err(|error| EcsError::local(ErrorKind::Other, operation, error.to_string()))?;
        let body = Bytes::from(body);
        let mut attempts = Attempts::new(self.most_attempts);
        let (mut sent, mut before, mut taken) = (0, None, None);
        loop {
            let turn = self.pace.take(operation, Instant::now());
            if !turn.is_zero() {
                log_wait(self, operation, "for its turn at the request rate of ECS", turn);
            }
            if let Err(ended) = patience.wait(turn).await {
                return Err(cut_short(operation, ended, sent, before, turn));
            }
            let (last, begun) = (LastAttempt::default(), Instant::now());
            let sending = attempt(self, operation, when_ambiguous, body.clone(), last.clone());
            let attempt = patience.with_grace(grace(operation), sending).await;
            sent += u32::from(last.was_handed_to_transport());
            let Attempt { outcome, retry_after } = match attempt {
                Ok(attempt) => attempt,
                Err(ended) => {
                    let error = cut_off(operation, when_ambiguous, ended, &last);
                    return Err(EcsError { sent, ..self.at_its_host(error, &last) });
                }
            };
            let mut error = match outcome {
                Ok(answer) => {
                    self.pace.admitted(operation);
                    self.quota.succeeded(taken);
                    tracing::debug!(operation, region = self.region(), "called ECS");
                    return Ok(answer);
                }
                Err(error) => error,
            };
            error.sent = sent;
            match error.kind {
                ErrorKind::Throttled => self.pace.throttled(operation, Instant::now()),
                _ if error.status.is_some() => self.pace.admitted(operation),
                _ => {}
            }
            let was_silent = begun.elapsed() >= ATTEMPT_TIMEOUT;
            let next = attempts.next(&Failed { error: &error, was_silent, retry_after }, fastrand::f64());
            let wait = next.map(|wait| self.pace.on_this_clock(wait));
            log_failure(self, &error, wait);
            let Some(wait) = wait else { return Err(error) };
            match self.quota.take(was_silent) {
                Ok(tokens) => taken = Some(tokens),
                Err(capacity) => {
                    return Err(EcsError { ended: Some(Ended::OutOfRepeats(capacity)), ..error });
                }
            }
            log_wait(self, operation, "for another attempt", wait);
            if let Err(ended) = patience.wait(wait).await {
                return Err(cut_short(operation, ended, sent, Some(error), wait));
            }
            before = Some(error);
        }
    }
}

/// How long a change that is under way may still take after the caller was asked to stop. Dropping it at once would leave a
/// revision that nobody knows of. A read is worth nothing then.
fn grace(operation: &str) -> Duration {
    let is_a_read = operation.starts_with("Describe") || operation.starts_with("List");
    if is_a_read { Duration::ZERO } else { Duration::from_secs(10) }
}

/// The error of a call that ended while it waited, which is that of its last attempt where there was one.
fn cut_short(
    operation: &'static str,
    ended: Ended,
    sent: u32,
    before: Option<EcsError>,
    wait: Duration,
) -> EcsError {
    let error = before.unwrap_or_else(|| match ended {
        Ended::Stopped => EcsError::local(ErrorKind::Stopped, operation, "stopped before it was sent"),
        Ended::OutOfTime | Ended::OutOfRepeats(_) => {
            let message = format!("its turn would have come in {} s", wait.as_secs_f64().ceil());
            EcsError::local(ErrorKind::OutOfTime, operation, message)
        }
    });
    EcsError { ended: Some(ended), sent, ..error }
}

/// The error of a call that ended while an attempt was under way.
fn cut_off(
    operation: &'static str,
    when_ambiguous: WhenAmbiguous,
    ended: Ended,
    last: &LastAttempt,
) -> EcsError {
    let kind = match (last.was_handed_to_transport(), ended) {
        (true, _) => no_answer(when_ambiguous),
        (false, Ended::Stopped) => ErrorKind::Stopped,
        (false, Ended::OutOfTime | Ended::OutOfRepeats(_)) => ErrorKind::OutOfTime,
    };
    EcsError { ended: Some(ended), ..EcsError::local(kind, operation, "no answer came in time") }
}

/// Says for what a call waits, and how long.
fn log_wait(client: &EcsClient, operation: &'static str, reason: &'static str, wait: Duration) {
    tracing::info!(
        operation,
        region = client.region(),
        reason,
        wait_ms = milliseconds(wait),
        "a call to ECS waits"
    );
}

/// Says how an attempt failed, without what was sent or received.
fn log_failure(client: &EcsClient, error: &EcsError, wait: Option<Duration>) {
    tracing::debug!(
        operation = error.operation,
        region = client.region(),
        kind = ?error.kind,
        status = error.status,
        code = error.code.as_deref(),
        request_id = error.request_id.as_deref(),
        again_in_ms = wait.map(milliseconds),
        "call to ECS failed"
    );
}

fn milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}
