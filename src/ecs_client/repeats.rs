//! Which failures are worth another attempt, and when.

use std::time::Duration;

use super::error::{EcsError, ErrorKind};

/// Attempts at a service that cannot be reached: a wrong endpoint must not take minutes to show.
const MOST_NOT_REACHED: u32 = 3;

/// Attempts at a service that takes the call and says nothing for as long as an attempt lasts.
const MOST_SILENT: u32 = 3;

/// Attempts at a family whose revision is being made by somebody else at the same moment (hashicorp/aws and reports of
/// the sentence repeat it a few times; terraform-provider-aws #9777, seen 2026-11).
const MOST_CONCURRENT: u32 = 8;

/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(20);

/// The wait before the second attempt, at most. It doubles with each.
const FIRST: Duration = Duration::from_millis(500);

/// The attempts of one call.
#[derive(Debug)]
pub(super) struct Attempts {
    /// How many there may be.
    most: u32,
    made: u32,
    not_reached: u32,
    silent: u32,
    concurrent: u32,
}

/// An attempt that failed.
#[derive(Debug)]
pub(super) struct Failed<'e> {
    pub(super) error: &'e EcsError,
    /// Whether it ended because nothing came for as long as an attempt lasts.
    pub(super) was_silent: bool,
    /// How long the service asked to wait.
    pub(super) retry_after: Option<Duration>,
}

impl Attempts {
    pub(super) fn new(most: u32) -> Self {
        Self { most, made: 0, not_reached: 0, silent: 0, concurrent: 0 }
    }

    /// How long to wait before the next attempt; none where there is no other. `random` is between 0 and 1: without it
    /// all that failed together would come again together.
    pub(super) fn next(&mut self, failed: &Failed<'_>, random: f64) -> Option<Duration> {
        self.made += 1;
        let is_left = match failed.error.kind {
            ErrorKind::Throttled | ErrorKind::ServerError => true,
            ErrorKind::NoAnswer if failed.was_silent => one_more(&mut self.silent, MOST_SILENT),
            ErrorKind::NoAnswer => true,
            ErrorKind::Unreachable | ErrorKind::UnknownHost => {
                one_more(&mut self.not_reached, MOST_NOT_REACHED)
            }
            ErrorKind::ConcurrentRevision => one_more(&mut self.concurrent, MOST_CONCURRENT),
            // A call that may make a second thing is for its caller to repeat, who can look first.
            ErrorKind::Ambiguous => false,
            _ => false,
        };
        if !is_left || self.made >= self.most {
            return None;
        }
        let doubled = FIRST.saturating_mul(2_u32.saturating_pow(self.made - 1)).min(LONGEST);
        let own = doubled.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
        Some(failed.retry_after.map_or(own, |asked| asked.max(own)))
    }
}

/// Counts one more attempt and says whether another is left.
fn one_more(count: &mut u32, most: u32) -> bool {
    *count += 1;
    *count < most
}

/// The longest wait that a service can ask for: what asks for more is not about this command.
const LONGEST_ASKED: Duration = Duration::from_secs(120);

/// How long an answer asks to wait: `Retry-After` in seconds, or `x-amz-retry-after` in milliseconds (SDK reference guide,
/// retry behavior, read 2026-11). A date is not read: AWS sends none.
pub(super) fn retry_after<'h>(header: impl Fn(&str) -> Option<&'h str>) -> Option<Duration> {
    let number = |name: &str| header(name)?.trim().parse::<u64>().ok();
    let asked = number("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))?;
    Some(asked.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many attempts there are at something that always fails so, and how long they wait in all.
    fn attempts(kind: ErrorKind, was_silent: bool, most: u32) -> (u32, Duration) {
        let (mut attempts, mut waited) = (Attempts::new(most), Duration::ZERO);
        let error = EcsError::local(kind, "RegisterTaskDefinition", "no");
        let failed = Failed { error: &error, was_silent, retry_after: None };
        while let Some(wait) = attempts.next(&failed, 1.0) {
            waited += wait;
        }
        (attempts.made, waited)
    }

    #[test]
    fn each_kind_of_failure_has_its_number_of_attempts() {
        for (kind, was_silent, expected) in [
            (ErrorKind::Throttled, false, 25),
            (ErrorKind::ServerError, false, 25),
            (ErrorKind::NoAnswer, false, 25),
            (ErrorKind::NoAnswer, true, 3),
            (ErrorKind::Unreachable, false, 3),
            (ErrorKind::UnknownHost, false, 3),
            (ErrorKind::ConcurrentRevision, false, 8),
            (ErrorKind::Ambiguous, false, 1),
            (ErrorKind::AccessDenied, false, 1),
            (ErrorKind::LimitExceeded, false, 1),
            (ErrorKind::Rejected, false, 1),
            (ErrorKind::ExpiredCredentials, false, 1),
        ] {
            assert_eq!(attempts(kind, was_silent, 25).0, expected, "{kind:?}");
        }
        assert_eq!(attempts(ErrorKind::Throttled, false, 1).0, 1, "max_retries = 0");
    }

    #[test]
    fn waits_double_up_to_the_longest_and_differ_by_chance() {
        let error = EcsError::local(ErrorKind::Throttled, "RegisterTaskDefinition", "no");
        let failed = Failed { error: &error, was_silent: false, retry_after: None };
        let waits = |random: f64| -> Vec<u128> {
            let mut attempts = Attempts::new(10);
            std::iter::from_fn(|| attempts.next(&failed, random)).map(|wait| wait.as_millis()).collect()
        };
        let longest = waits(1.0);
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000]);
        let shortest = waits(0.0);
        assert_eq!(shortest[..3], [250, 500, 1000]);
    }

    #[test]
    fn what_the_service_asks_for_is_waited() {
        let asked = |name: &'static str, text: &'static str| {
            retry_after(move |header| (header == name).then_some(text))
        };
        assert_eq!(asked("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("x-amz-retry-after", "1500"), Some(Duration::from_millis(1500)));
        assert_eq!(asked("retry-after", "99999"), Some(LONGEST_ASKED));
        assert_eq!(asked("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"), None);
        let error = EcsError::local(ErrorKind::Throttled, "RegisterTaskDefinition", "no");
        let failed = Failed { error: &error, was_silent: false, retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(Attempts::new(3).next(&failed, 0.5), Some(Duration::from_secs(7)));
    }
}
