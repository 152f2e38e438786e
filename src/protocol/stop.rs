//! Stopping: Terraform asks once, after an interrupt, and then waits for the calls that are running.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::framework::Context;

/// The token that running calls share. A stop cancels it and puts a fresh one in its place, so it ends the calls that
/// are running and says nothing about later ones: a core may still have to clean up. Go's SDKs do the same.
#[derive(Debug, Default)]
pub(super) struct StopSignal(Mutex<CancellationToken>);

impl StopSignal {
    /// What a call that begins now is given. A child, so that no call can stop another.
    pub(super) fn context(&self) -> Context {
        Context { stop: self.current().child_token() }
    }

    /// Asks every running call to end.
    pub(super) fn stop(&self) {
        std::mem::take(&mut *self.current()).cancel();
    }

    fn current(&self) -> MutexGuard<'_, CancellationToken> {
        // Whoever panicked with the lock held cannot have left a token half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_running_calls_and_leaves_later_ones_alone() {
        let signal = StopSignal::default();
        let running = signal.context();
        signal.stop();
        assert!(running.stop.is_cancelled());
        assert!(!signal.context().stop.is_cancelled());
    }

    #[test]
    fn a_call_cannot_stop_another() {
        let signal = StopSignal::default();
        signal.context().stop.cancel();
        assert!(!signal.context().stop.is_cancelled());
    }
}
