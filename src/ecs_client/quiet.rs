//! Keeps the SDK's own traces out of the log.
//!
//! At its most talkative level the SDK prints whole requests, and with them the environment values of a task
//! definition, external ids and tokens. Terraform writes such logs to files that people attach to issues, so nothing
//! of them may reach our subscriber; what is worth knowing about a call is logged by [`super::client`] instead.

use std::future::Future;

use tracing::Dispatch;
use tracing::instrument::{WithDispatch, WithSubscriber};

/// Runs a future of the SDK without a subscriber.
pub(super) fn quietly<F: Future>(future: F) -> WithDispatch<F> {
    future.with_subscriber(Dispatch::none())
}
