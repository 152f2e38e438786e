//! What can go wrong between a client and ECS, on demand: queued per operation and used up in order.
//!
//! Knows nothing of the operations themselves; the service asks it before and after the work.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::wire::Refusal;

/// The operation name that stands for every operation.
pub(crate) const ANY_OPERATION: &str = "*";

/// One way a request can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The rate bucket is empty: the request was not executed.
    Throttle,
    /// IAM refuses the call: the request was not executed.
    AccessDenied,
    /// The credentials have expired: the request was not executed.
    ExpiredToken,
    /// Something in between answers with a page of its own: the request was not executed.
    Page(u16),
    /// Somebody else is registering in this family: the request was not executed.
    ConcurrentRevision,
    /// Somebody is deleting the revision: the request was not executed.
    BeingDeleted,
    /// The service fails before it did anything.
    ServerErrorBefore,
    /// The request is executed and the connection closes before the answer.
    LostAnswer,
    /// The request is executed after a pause.
    Slow(Duration),
    /// The connection is reset (TCP RST) before the request is executed.
    Reset,
}

impl Fault {
    /// The fault behind a name of the control URL.
    pub(crate) fn from_name(name: &str, millis: u64, status: u16) -> Option<Self> {
        Some(match name {
            "throttle" => Self::Throttle,
            "access-denied" => Self::AccessDenied,
            "expired-token" => Self::ExpiredToken,
            "page" => Self::Page(status),
            "concurrent-revision" => Self::ConcurrentRevision,
            "being-deleted" => Self::BeingDeleted,
            "server-error" => Self::ServerErrorBefore,
            "lost-answer" => Self::LostAnswer,
            "slow" => Self::Slow(Duration::from_millis(millis)),
            "reset" => Self::Reset,
            _ => return None,
        })
    }

    /// The answer of the faults that are an answer, with the service's own words where they are on record.
    pub(super) fn refusal(self, service: &str, operation: &str, caller: &str) -> Option<Refusal> {
        match self {
            Self::ExpiredToken => Some(Refusal::new(
                400,
                "ExpiredTokenException",
                "The security token included in the request is expired",
            )),
            Self::Throttle => Some(Refusal::new(400, "ThrottlingException", "Rate exceeded")),
            Self::AccessDenied => Some(Refusal::new(
                400,
                "AccessDeniedException",
                format!(
                    "User: {caller} is not authorized to perform: {service}:{operation} on resource: * \
                     because no identity-based policy allows the {service}:{operation} action"
                ),
            )),
            Self::ConcurrentRevision => Some(Refusal::client(
                "Too many concurrent attempts to create a new revision of the specified family.",
            )),
            // The words that hashicorp/aws looks for (2026-11).
            Self::BeingDeleted => {
                Some(Refusal::client("The specified task definition is in the process of being deleted."))
            }
            Self::ServerErrorBefore => {
                Some(Refusal::new(500, "ServerException", "Service Unavailable. Please try again later."))
            }
            Self::LostAnswer | Self::Slow(_) | Self::Reset | Self::Page(_) => None,
        }
    }
}

#[derive(Debug)]
struct Queued {
    operation: String,
    fault: Fault,
    left: u32,
}

/// The faults that wait for their request.
#[derive(Debug, Default)]
pub(super) struct Faults {
    queue: VecDeque<Queued>,
}

impl Faults {
    pub(super) fn add(&mut self, operation: &str, fault: Fault, times: u32) {
        if times > 0 {
            self.queue.push_back(Queued { operation: operation.to_owned(), fault, left: times });
        }
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }

    pub(super) fn waiting(&self) -> u32 {
        self.queue.iter().map(|queued| queued.left).sum()
    }

    /// The next fault for this operation, if one waits.
    pub(super) fn take(&mut self, operation: &str) -> Option<Fault> {
        let at = self
            .queue
            .iter()
            .position(|queued| queued.operation == operation || queued.operation == ANY_OPERATION)?;
        let queued = &mut self.queue[at];
        queued.left -= 1;
        let fault = queued.fault;
        if queued.left == 0 {
            self.queue.remove(at);
        }
        Some(fault)
    }

    /// Queues what a control request describes: `operation`, `fault`, `times` and, for `slow`, `millis`, for `page`, `status`.
    pub(super) fn add_described(&mut self, body: &Value) -> Result<(), String> {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let number = |key: &str, default: u64| body.get(key).map_or(Some(default), Value::as_u64);
        let name = text("fault").ok_or("`fault` is missing")?;
        let millis = number("millis", 1000).ok_or("`millis` is not a whole number")?;
        let status = number("status", 403)
            .and_then(|status| u16::try_from(status).ok())
            .filter(|status| (200..600).contains(status))
            .ok_or("`status` is not an HTTP status of an answer")?;
        let times = number("times", 1)
            .and_then(|times| u32::try_from(times).ok())
            .ok_or("`times` is not a small whole number")?;
        let fault =
            Fault::from_name(name, millis, status).ok_or_else(|| format!("no fault is called `{name}`"))?;
        self.add(text("operation").unwrap_or(ANY_OPERATION), fault, times);
        Ok(())
    }
}
