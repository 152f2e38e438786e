//! How long a call may wait: for its turn, for its answer, and before it is sent again.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What ends the waits of a call, and the call itself where it is under way for too long.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    stop: CancellationToken,
    until: Option<Instant>,
}

/// What ended a call before anything that ECS answered did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The caller was asked to stop.
    Stopped,
    /// The caller's time was over, or would have been over before the end of a wait.
    OutOfTime,
    /// The bucket that the repeats of all calls draw on, of this capacity, has too few tokens for another.
    OutOfRepeats(u32),
}

impl Patience {
    /// Until `stop` is cancelled, and no longer than `most` from now on.
    pub fn new(stop: &CancellationToken, most: Duration) -> Self {
        Self { stop: stop.clone(), until: Instant::now().checked_add(most) }
    }

    /// Whether there is no time left for this wait.
    fn is_too_short_for(&self, wait: Duration) -> bool {
        self.until.is_some_and(|until| Instant::now() + wait > until)
    }

    /// Waits. What would last too long does not begin.
    pub async fn wait(&self, wait: Duration) -> Result<(), Ended> {
        if self.stop.is_cancelled() {
            return Err(Ended::Stopped);
        }
        if self.is_too_short_for(wait) {
            return Err(Ended::OutOfTime);
        }
        if wait.is_zero() {
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.stop.cancelled() => Err(Ended::Stopped),
        }
    }

    /// Waits for something that may be dropped at any moment.
    pub async fn for_the_end_of<T>(&self, work: impl Future<Output = T>) -> Result<T, Ended> {
        self.with_grace(Duration::ZERO, work).await
    }

    /// Waits for something that is under way: to its end or to that of the time, and for so long once the caller is to stop.
    pub(super) async fn with_grace<T>(
        &self,
        grace: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Ended> {
        let stopped = async {
            self.stop.cancelled().await;
            tokio::time::sleep(grace).await;
        };
        let late = async {
            match self.until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = stopped => Err(Ended::Stopped),
            () = late => Err(Ended::OutOfTime),
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
        assert_eq!(patience.wait(Duration::from_secs(61)).await, Err(Ended::OutOfTime));
        let for_ever = Patience::new(&stop, Duration::MAX);
        let waiting = for_ever.wait(Duration::from_secs(3600));
        let (waited, ()) = tokio::join!(waiting, async { stop.cancel() });
        assert_eq!(waited, Err(Ended::Stopped));
        assert_eq!(patience.wait(Duration::ZERO).await, Err(Ended::Stopped), "nothing is sent any more");
    }

    #[tokio::test]
    async fn what_is_under_way_has_until_the_end_of_the_time_and_a_grace_after_a_stop() {
        let stop = CancellationToken::new();
        let for_ever = std::future::pending::<()>;
        let late = Patience::new(&stop, Duration::ZERO);
        assert_eq!(late.for_the_end_of(for_ever()).await, Err(Ended::OutOfTime));
        assert_eq!(
            late.wait(Duration::from_nanos(1)).await,
            Err(Ended::OutOfTime),
            "nothing is sent any more"
        );
        let patience = Patience::new(&stop, Duration::MAX);
        stop.cancel();
        let soon = || tokio::time::sleep(Duration::from_millis(1));
        assert_eq!(patience.with_grace(Duration::from_secs(3600), soon()).await, Ok(()));
        assert_eq!(patience.with_grace(Duration::from_millis(1), for_ever()).await, Err(Ended::Stopped));
        assert_eq!(patience.for_the_end_of(for_ever()).await, Err(Ended::Stopped));
    }
}
