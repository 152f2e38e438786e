//! How many repeats all calls of a client may have between them: `token_bucket_rate_limiter_capacity`.
//!
//! The rules and the costs are those of the AWS SDK behind the AWS provider: a repeat takes tokens and gives them back when it
//! succeeds, and a call that needs none brings one. Source: `DefaultRetryCost`, `DefaultRetryTimeoutCost` and
//! `DefaultNoRetryIncrement` in `aws/retry/standard.go` of aws-sdk-go-v2 (read 2026-11), where `aws/ratelimit` keeps the tokens.
//! What that SDK does where `AWS_NEW_RETRIES_2026` is set is not what its users have, and not followed: other costs by the kind of
//! failure.

use std::sync::{Mutex, PoisonError};

/// Tokens of a repeat.
const REPEAT: u32 = 5;

/// Tokens of a repeat after an attempt that was not answered in time.
const AFTER_SILENCE: u32 = 10;

/// Tokens that a first attempt brings that succeeds.
const REWARD: u32 = 1;

/// The bucket.
#[derive(Debug)]
pub(super) struct Quota {
    /// None where repeats are not counted.
    capacity: Option<u32>,
    left: Mutex<u32>,
}

/// What a repeat took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tokens(u32);

impl Quota {
    /// A full bucket. A capacity of 0 bounds nothing.
    pub(super) fn new(capacity: Option<u32>) -> Self {
        let capacity = capacity.filter(|capacity| *capacity > 0);
        Self { capacity, left: Mutex::new(capacity.unwrap_or_default()) }
    }

    /// The tokens of a repeat, or the capacity of a bucket that has too few of them.
    pub(super) fn take(&self, was_silent: bool) -> Result<Tokens, u32> {
        let Some(capacity) = self.capacity else { return Ok(Tokens(0)) };
        let cost = if was_silent { AFTER_SILENCE } else { REPEAT };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.checked_sub(cost).ok_or(capacity)?;
        Ok(Tokens(cost))
    }

    /// An attempt succeeded: the first of its call, or a repeat that took these.
    pub(super) fn succeeded(&self, taken: Option<Tokens>) {
        let Some(capacity) = self.capacity else { return };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(taken.map_or(REWARD, |Tokens(taken)| taken)).min(capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_takes_tokens_and_gives_them_back_when_it_succeeds() {
        let quota = Quota::new(Some(12));
        let taken = quota.take(false);
        assert_eq!((taken, quota.take(true), quota.take(false)), (Ok(Tokens(5)), Err(12), Ok(Tokens(5))));
        assert_eq!(quota.take(false), Err(12), "2 are left");
        quota.succeeded(taken.ok());
        assert_eq!(quota.take(false), Ok(Tokens(5)));
        for _ in 0..3 {
            quota.succeeded(None);
        }
        assert_eq!(quota.take(false), Ok(Tokens(5)), "three calls brought one each");
        for _ in 0..100 {
            quota.succeeded(None);
        }
        assert_eq!(
            (quota.take(true), quota.take(false)),
            (Ok(Tokens(10)), Err(12)),
            "never more than it holds"
        );
    }

    #[test]
    fn without_a_capacity_and_with_0_nothing_is_counted() {
        for capacity in [None, Some(0)] {
            let quota = Quota::new(capacity);
            assert!((0..1000).all(|_| quota.take(true).is_ok()), "{capacity:?}");
        }
        assert_eq!(Quota::new(Some(4)).take(false), Err(4), "less than a repeat costs allows none");
    }
}
