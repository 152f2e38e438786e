//! What was ended before ECS's answer could end it: what was sent until then, what became of it, and what comes next.

use crate::diagnostics::Diagnostic;
use crate::ecs_client::{EcsError, Ended, ErrorKind};
use crate::value::AttributePath;

use super::super::timeouts::Limit;
use super::aws_call::fate;

/// A call was ended. `doing` completes "While …"; `more` is a sentence about what was done before or comes next.
pub(in crate::provider) fn ended(
    error: &EcsError,
    ended: Ended,
    limit: &Limit,
    doing: &str,
    more: &str,
) -> Diagnostic {
    let original = match error.code.is_some() || error.status.is_some() {
        true => format!("\n\nOriginal error: {error}"),
        false => String::new(),
    };
    let before = format!("{} {}", sent(error), fate(error));
    diagnostic(ended, limit, doing, &before, more, &original)
}

/// A wait was ended before anything was sent to ECS.
pub(in crate::provider) fn ended_before_sending(ended: Ended, limit: &Limit, doing: &str) -> Diagnostic {
    diagnostic(ended, limit, doing, "Nothing was sent to ECS yet, and nothing was changed.", "", "")
}

fn diagnostic(
    ended: Ended,
    limit: &Limit,
    doing: &str,
    before: &str,
    more: &str,
    original: &str,
) -> Diagnostic {
    let apart = if more.is_empty() { "" } else { " " };
    let name = limit.operation.name();
    let (summary, why, advice) = match ended {
        Ended::Stopped => (
            "Stopped",
            "Terraform asked the provider to stop.".to_owned(),
            "Run the command again to go on.".to_owned(),
        ),
        Ended::OutOfTime => (
            "Out of time",
            match &limit.written {
                Some(written) => format!("its time was over: timeouts.{name} is {written}."),
                None => format!(
                    "its time was over, which is {} where timeouts.{name} is not written.",
                    limit.text()
                ),
            },
            format!(
                "Run the command again to go on. To give it more time, write:\n\n  timeouts {{\n    {name} = \"{}\"\n  }}",
                limit.doubled()
            ),
        ),
        Ended::OutOfRepeats(capacity) => (
            "No repeat left",
            format!(
                "token_bucket_rate_limiter_capacity of the provider block is {capacity}, and the repeats of all calls left too \
                 little of it for another one."
            ),
            "Run the command again to go on. Without that argument max_retries alone says how often a call is repeated."
                .to_owned(),
        ),
    };
    Diagnostic::error(summary, format!("While {doing}: {why} {before}{apart}{more}\n\n{advice}{original}"))
}

/// What was sent of a call, in figures.
fn sent(error: &EcsError) -> String {
    let operation = error.operation;
    let times = match error.sent {
        0 if error.kind == ErrorKind::OutOfTime => {
            return format!("{operation} was not sent: {}.", error.message);
        }
        0 => return format!("{operation} was not sent."),
        1 => "once".to_owned(),
        several => format!("{several} times"),
    };
    let last = match (&error.code, error.status) {
        (Some(code), _) => format!("was answered with {code}"),
        (None, Some(status)) => format!("was answered with HTTP status {status}"),
        (None, None) => "has no answer yet".to_owned(),
    };
    match error.sent {
        1 => format!("{operation} was sent {times} and {last}."),
        _ => format!("{operation} was sent {times}, and the last one {last}."),
    }
}

/// What the next apply does about a registration that may have been carried out.
pub(in crate::provider) fn after_an_open_registration(error: &EcsError, adopts: bool) -> &'static str {
    match (error.kind, adopts) {
        (ErrorKind::Ambiguous, true) => {
            "The next apply looks for it first: if it is there, it is adopted, and none is registered a second time."
        }
        (ErrorKind::Ambiguous, false) => {
            "The next apply registers one, whether it is there or not, because adopt is false."
        }
        _ => "",
    }
}

/// What was done of a destruction that goes no further than one of its revisions.
pub(in crate::provider) fn deregistered_so_far(done: &[i64], left: &[i64]) -> String {
    let named = |numbers: &[i64]| {
        let listed: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        format!("{} {}", if numbers.len() == 1 { "revision" } else { "revisions" }, listed.join(", "))
    };
    let before = (!done.is_empty()).then(|| format!("It had deregistered {} before.", named(done)));
    let rest = (!left.is_empty()).then(|| format!("For {} nothing was sent yet.", named(left)));
    let told: Vec<String> = before.into_iter().chain(rest).collect();
    told.join(" ")
}

/// What a change of tags that went no further than their removal leaves to do.
pub(in crate::provider) fn tags_left_to_set(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "One tag is to be set afterwards, for which nothing was sent yet.".to_owned(),
        several => format!("{several} tags are to be set afterwards, for which nothing was sent yet."),
    }
}

/// What a change of tags did before it came to setting them.
pub(in crate::provider) fn tags_removed_before(keys: &[String]) -> String {
    match keys {
        [] => String::new(),
        keys => format!("Removed before: {}.", keys.join(", ")),
    }
}

/// A time that cannot be read, or is none.
pub(in crate::provider) fn not_a_timeout(name: &str, written: &str, at: AttributePath) -> Diagnostic {
    Diagnostic::error(
        "Not a timeout",
        format!(
            "timeouts.{name} is {written:?}. A timeout is a number with a unit, or several of them, and longer than nothing. The \
             units are h, m, s and ms. Write for example:\n\n  timeouts {{\n    {name} = \"20m\"\n  }}"
        ),
    )
    .at(at)
}
