//! How long a call may wait: for its turn, for its answer, and before it is sent again.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What ends the waits of a call. Nothing is under way at ECS while a call waits.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    stop: CancellationToken,
    until: Option<Instant>,
}

/// Why a wait ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The caller was asked to stop.
    Stopped,
    /// The wait would last longer than the caller's time.
    OutOfTime,
}

impl Patience {
    /// Until `stop` is cancelled, and no longer than `most` from now on.
    pub fn new(stop: &CancellationToken, most: Duration) -> Self {
        Self { stop: stop.clone(), until: Instant::now().checked_add(most) }
    }

    /// Waits; false where the caller is to stop, or has no time left for it.
    pub async fn pause(&self, wait: Duration) -> bool {
        self.wait(wait).await.is_ok()
    }

    /// Whether there is no time left for this wait.
    pub fn is_too_short_for(&self, wait: Duration) -> bool {
        self.until.is_some_and(|until| Instant::now() + wait > until)
    }

    /// Waits. What would last too long does not begin.
    pub(super) async fn wait(&self, wait: Duration) -> Result<(), Over> {
        if self.stop.is_cancelled() {
            return Err(Over::Stopped);
        }
        if wait.is_zero() {
            return Ok(());
        }
        if self.is_too_short_for(wait) {
            return Err(Over::OutOfTime);
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.stop.cancelled() => Err(Over::Stopped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_ends_with_the_stop_and_is_not_begun_beyond_the_time() {
        let stop = CancellationToken::new();
        let patience = Patience::new(&stop, Duration::from_secs(60));
        assert_eq!(patience.wait(Duration::from_millis(1)).await, Ok(()));
        assert_eq!(patience.wait(Duration::from_secs(61)).await, Err(Over::OutOfTime));
        let for_ever = Patience::new(&stop, Duration::MAX);
        let waiting = for_ever.wait(Duration::from_secs(3600));
        let (waited, ()) = tokio::join!(waiting, async { stop.cancel() });
        assert_eq!(waited, Err(Over::Stopped));
        assert_eq!(patience.wait(Duration::ZERO).await, Err(Over::Stopped), "nothing is sent any more");
    }
}
