//! What can go wrong between a client and ECS, on demand: by operation, by moment, and for as long as a test says.
//!
//! Knows nothing of the operations themselves. Of several disturbances that fit a request the first one happens.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::wire::Refusal;

/// The operation name that stands for every operation.
pub(crate) const ANY_OPERATION: &str = "*";

/// The status in answers under [`Fault::UnknownStatus`], which the API's model does not know.
pub(crate) const UNKNOWN_STATUS: &str = "ARCHIVED";

/// One way a request can fail. Durations are in the endpoint's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    // Not executed.
    /// The rate bucket is empty.
    Throttle,
    /// The same, and the answer says how many seconds to wait (`Retry-After`).
    ThrottleWithRetryAfter(u64),
    /// IAM refuses the call.
    AccessDenied,
    /// The credentials have expired.
    ExpiredToken,
    /// Something in between answers with a page of its own.
    Page(u16),
    /// Somebody else is registering in this family.
    ConcurrentRevision,
    /// Somebody is deleting the revision.
    BeingDeleted,
    /// The service fails before it did anything.
    ServerErrorBefore,
    /// The connection is reset (TCP RST) before the request is executed.
    Reset,
    /// The request is taken and nothing ever happens.
    HangBefore,

    // Executed.
    /// After a pause.
    Slow(Duration),
    /// At once, and answered after a pause.
    SlowAnswer(Duration),
    /// The service fails after it did everything.
    ServerErrorAfter,
    /// The connection closes before the answer.
    LostAnswer,
    /// The connection is reset before the answer.
    ResetAfter,
    /// The connection closes in the middle of the answer.
    CutAnswer,
    /// The answer is no JSON.
    GarbledAnswer,
    /// The answer never comes.
    HangAfter,
    /// The answer names a revision of the same family and number elsewhere, or another one here.
    OtherArn(Other),
    /// The answer says a status that nobody knows.
    UnknownStatus,
}

/// What is not as it was asked for in the ARN of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Other {
    Account,
    Region,
    Family,
    Revision,
}

impl Fault {
    /// The fault behind a name of the control URL.
    pub(crate) fn from_name(name: &str, millis: u64, status: u16) -> Option<Self> {
        let pause = Duration::from_millis(millis);
        Some(match name {
            "throttle" => Self::Throttle,
            "throttle-with-retry-after" => Self::ThrottleWithRetryAfter(millis.div_ceil(1000)),
            "access-denied" => Self::AccessDenied,
            "expired-token" => Self::ExpiredToken,
            "page" => Self::Page(status),
            "concurrent-revision" => Self::ConcurrentRevision,
            "being-deleted" => Self::BeingDeleted,
            "server-error" => Self::ServerErrorBefore,
            "reset" => Self::Reset,
            "hang" => Self::HangBefore,
            "slow" => Self::Slow(pause),
            "slow-answer" => Self::SlowAnswer(pause),
            "server-error-after" => Self::ServerErrorAfter,
            "lost-answer" => Self::LostAnswer,
            "reset-after" => Self::ResetAfter,
            "cut-answer" => Self::CutAnswer,
            "garbled-answer" => Self::GarbledAnswer,
            "hang-after" => Self::HangAfter,
            "other-account" => Self::OtherArn(Other::Account),
            "other-region" => Self::OtherArn(Other::Region),
            "other-family" => Self::OtherArn(Other::Family),
            "other-revision" => Self::OtherArn(Other::Revision),
            "unknown-status" => Self::UnknownStatus,
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
            Self::ThrottleWithRetryAfter(seconds) => Some(Refusal {
                retry_after: Some(seconds),
                ..Refusal::new(400, "ThrottlingException", "Rate exceeded")
            }),
            Self::AccessDenied => Some(Refusal::new(
                400,
                "AccessDeniedException",
                format!(
                    "User: {caller} is not authorized to perform: {service}:{operation} on resource: * \
                     because no identity-based policy allows the {service}:{operation} action"
                ),
            )),
            Self::ConcurrentRevision => Some(Refusal::concurrent_revision()),
            // The words that hashicorp/aws looks for (2026-11).
            Self::BeingDeleted => {
                Some(Refusal::client("The specified task definition is in the process of being deleted."))
            }
            Self::ServerErrorBefore | Self::ServerErrorAfter => {
                Some(Refusal::new(500, "ServerException", "Service Unavailable. Please try again later."))
            }
            _ => None,
        }
    }
}

/// Which of the requests that fit are disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The next ones, this many.
    Times(u32),
    /// All for this long, from the first one on.
    For(Duration),
    /// Of a hundred about so many, for ever.
    Percent(u8),
    /// All, for ever.
    Always,
}

/// A fault, the requests it happens to, and when.
#[derive(Debug, Clone)]
pub(crate) struct Disturbance {
    operation: String,
    fault: Fault,
    when: When,
    spared: u32,
    /// How many requests a percentage was asked for; where it begins chooses the requests it hits.
    draws: u64,
    since: Option<f64>,
}

impl Disturbance {
    /// Of this operation, or of [`ANY_OPERATION`].
    pub(crate) fn new(operation: &str, fault: Fault, when: When) -> Self {
        Self { operation: operation.to_owned(), fault, when, spared: 0, draws: 0, since: None }
    }

    /// Begins only after this many requests that would have been disturbed.
    pub(crate) fn after(self, spared: u32) -> Self {
        Self { spared, ..self }
    }

    /// Lets a percentage hit other requests than without it. The same number hits the same ones.
    pub(crate) fn seed(self, seed: u32) -> Self {
        Self { draws: u64::from(seed) << 32, ..self }
    }

    fn fits(&self, operation: &str) -> bool {
        self.operation == operation || self.operation == ANY_OPERATION
    }

    /// Whether a request that fits is disturbed at this time.
    fn happens(&mut self, now: f64) -> bool {
        if self.spared > 0 {
            self.spared -= 1;
            return false;
        }
        match &mut self.when {
            When::Times(left) => {
                *left -= 1;
                true
            }
            When::For(lasting) => now - *self.since.get_or_insert(now) < lasting.as_secs_f64(),
            When::Percent(percent) => {
                self.draws += 1;
                scattered(self.draws) % 100 < u64::from(*percent)
            }
            When::Always => true,
        }
    }

    fn is_over(&self, now: f64) -> bool {
        match self.when {
            When::Times(left) => left == 0,
            When::For(lasting) => self.since.is_some_and(|since| now - since >= lasting.as_secs_f64()),
            When::Percent(_) | When::Always => false,
        }
    }

    /// Reads what a control request describes: `operation`, `fault` and, for some faults, `millis` or `status`; when:
    /// `times` (1), `forSeconds`, `percent` with `seed`, or `always`; `after`.
    fn read(body: &Value) -> Result<Self, String> {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let number = |key: &str| {
            let number = body.get(key).map(|value| {
                value
                    .as_u64()
                    .and_then(|number| u32::try_from(number).ok())
                    .ok_or_else(|| format!("`{key}` is not a small whole number"))
            });
            number.transpose()
        };
        let name = text("fault").ok_or("`fault` is missing")?;
        let status = u16::try_from(number("status")?.unwrap_or(403))
            .ok()
            .filter(|status| (200..600).contains(status))
            .ok_or("`status` is not an HTTP status of an answer")?;
        let fault = Fault::from_name(name, number("millis")?.unwrap_or(1000).into(), status)
            .ok_or_else(|| format!("no fault is called `{name}`"))?;
        let when = match (number("times")?, number("forSeconds")?, number("percent")?, body.get("always")) {
            (times, None, None, None) => When::Times(times.unwrap_or(1)),
            (None, Some(seconds), None, None) => When::For(Duration::from_secs(seconds.into())),
            (None, None, Some(percent @ 1..=100), None) => {
                When::Percent(u8::try_from(percent).map_err(|error| error.to_string())?)
            }
            (None, None, Some(_), None) => return Err("`percent` is not between 1 and 100".to_owned()),
            (None, None, None, Some(Value::Bool(true))) => When::Always,
            _ => return Err("say one of `times`, `forSeconds`, `percent` and `\"always\": true`".to_owned()),
        };
        Ok(Self::new(text("operation").unwrap_or(ANY_OPERATION), fault, when)
            .after(number("after")?.unwrap_or(0))
            .seed(number("seed")?.unwrap_or(0)))
    }
}

/// A number that looks like chance and is always the same one (the mixing step of SplitMix64).
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The disturbances that wait for their requests.
#[derive(Debug, Default)]
pub(super) struct Faults {
    queue: VecDeque<Disturbance>,
}

impl Faults {
    pub(super) fn add(&mut self, disturbance: Disturbance) {
        if disturbance.when != When::Times(0) {
            self.queue.push_back(disturbance);
        }
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }

    /// How many counted faults have not happened yet.
    pub(super) fn waiting(&self) -> u32 {
        let left = |disturbance: &Disturbance| match disturbance.when {
            When::Times(left) => left,
            _ => 0,
        };
        self.queue.iter().map(left).sum()
    }

    /// The fault that happens to a request of this operation at this time, if one does.
    pub(super) fn take(&mut self, operation: &str, now: f64) -> Option<Fault> {
        self.queue.retain(|disturbance| !disturbance.is_over(now));
        let mut fitting = self.queue.iter_mut().filter(|disturbance| disturbance.fits(operation));
        let fault = fitting.find_map(|disturbance| disturbance.happens(now).then_some(disturbance.fault));
        self.queue.retain(|disturbance| !disturbance.is_over(now));
        fault
    }

    /// Queues what a control request describes.
    pub(super) fn add_described(&mut self, body: &Value) -> Result<(), String> {
        Disturbance::read(body).map(|disturbance| self.add(disturbance))
    }
}
