//! When the plugin is over: Terraform says so, a signal says so, or Terraform is no longer there.
//!
//! A killed Terraform says nothing. Its provider must not outlive it all the same, so the plugin looks after three
//! signs: the last connection closes, the parent process changes, or no client ever comes.
//!
//! A signal does not end a plugin that Terraform is connected to. Ctrl-C reaches the whole process group, and so does
//! the SIGTERM of `timeout`, of systemd and of a cancelled CI job: Terraform takes it, lets running calls finish, calls
//! `Stop` and then ends the plugin. One that ended by itself would lose the answers of the calls that are under way.

use std::fmt;
use std::future::{Future, pending};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long to wait for another connection after the last one closed. Terraform keeps one connection for as long as
/// it uses the provider, and the open stdio stream keeps its gRPC library from closing it for idleness, so this is
/// only for a client that replaces a connection.
const CLOSED_GRACE: Duration = Duration::from_secs(1);

/// How long to wait for the first connection: as long as go-plugin's client waits for a plugin to start.
const FIRST_CONNECTION_LIMIT: Duration = Duration::from_secs(60);

/// How often to look whether the parent process is still the same.
#[cfg(unix)]
const PARENT_POLL: Duration = Duration::from_secs(1);

/// Why the plugin ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The client called `Shutdown`.
    Shutdown,
    /// The process was asked to end by a signal, and no client is connected.
    Signal,
    /// The process that started the plugin is gone.
    ParentGone,
    /// The last connection closed and none came after it.
    LastConnectionClosed,
    /// No client ever came.
    NeverConnected,
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shutdown => "Terraform asked for it",
            Self::Signal => "a signal asked for it and nobody is connected",
            Self::ParentGone => "the process that started the plugin is gone",
            Self::LastConnectionClosed => "the last connection closed",
            Self::NeverConnected => "no client connected within a minute",
        })
    }
}

/// How many connections are open, and whether there was ever one.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<watch::Sender<Count>>);

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    open: usize,
    seen: bool,
}

impl Connections {
    /// Counts a connection until the answer is dropped.
    pub fn open(&self) -> OpenConnection {
        self.0.send_modify(|count| {
            count.open += 1;
            count.seen = true;
        });
        OpenConnection(self.clone())
    }

    /// Waits until no connection is open, whether or not there was ever one.
    async fn none_open(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|count| count.open == 0).await;
    }

    /// Waits until there was a connection, none is open, and none came within `grace`.
    async fn last_closed(&self, grace: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // The sender lives in `self`, so waiting cannot fail.
            let _ = count.wait_for(|count| count.seen && count.open == 0).await;
            if tokio::time::timeout(grace, count.wait_for(|count| count.open > 0)).await.is_err() {
                return;
            }
        }
    }

    /// Waits until `limit` is over without a connection; for ever if there was one.
    async fn never_opened(&self, limit: Duration) {
        let mut count = self.0.subscribe();
        if tokio::time::timeout(limit, count.wait_for(|count| count.seen)).await.is_ok() {
            pending::<()>().await;
        }
    }
}

/// Counts as one open connection until it is dropped.
#[derive(Debug)]
pub struct OpenConnection(Connections);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| count.open -= 1);
    }
}

/// Waits until a plugin that Terraform started is over. `terminated` is ready once SIGTERM has come.
pub(super) async fn over(
    shutdown: &CancellationToken,
    terminated: impl Future<Output = ()>,
    connections: &Connections,
    parent: Parent,
) -> EndReason {
    tokio::select! {
        () = shutdown.cancelled() => EndReason::Shutdown,
        () = terminated_and_alone(terminated, connections) => EndReason::Signal,
        () = connections.last_closed(CLOSED_GRACE) => EndReason::LastConnectionClosed,
        () = connections.never_opened(FIRST_CONNECTION_LIMIT) => EndReason::NeverConnected,
        () = parent.gone() => EndReason::ParentGone,
    }
}

/// Waits for SIGTERM, and then for the last connection to close, after which no further client is waited for. Where the
/// plugin alone was signalled, Terraform goes on, and so does the plugin until Terraform is done with it.
async fn terminated_and_alone(terminated: impl Future<Output = ()>, connections: &Connections) {
    terminated.await;
    tracing::debug!("was asked to terminate; left to Terraform while it is connected");
    connections.none_open().await;
}

/// Waits until a plugin that a developer started is over: it serves one run of Terraform after the other.
pub(super) async fn over_for_debugging(
    shutdown: &CancellationToken,
    signal: impl Future<Output = ()>,
) -> EndReason {
    tokio::select! {
        () = shutdown.cancelled() => EndReason::Shutdown,
        () = signal => EndReason::Signal,
    }
}

/// The process that started this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    #[cfg(unix)]
    id: u32,
}

impl Parent {
    /// The parent at this moment.
    pub(super) fn of_process() -> Self {
        Self {
            #[cfg(unix)]
            id: std::os::unix::process::parent_id(),
        }
    }

    /// Waits until the system has given this process another parent, as it does when the old one ends.
    #[cfg(unix)]
    async fn gone(self) {
        while std::os::unix::process::parent_id() == self.id {
            tokio::time::sleep(PARENT_POLL).await;
        }
    }

    #[cfg(not(unix))]
    async fn gone(self) {
        pending::<()>().await;
    }
}

/// Signals as a plugin takes them.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes them over from the system, which would end the process. SIGHUP stays as it is inherited, because
    /// `nohup terraform` means the provider as well.
    pub(super) fn take_over() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for SIGTERM, and leaves every interrupt to Terraform.
    pub(super) async fn terminated(mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => tracing::debug!("left an interrupt to Terraform"),
            }
        }
    }

    /// Waits for SIGTERM or SIGINT.
    pub(super) async fn terminated_or_interrupted(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(super) fn take_over() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Leaves every interrupt to Terraform. There is no signal that asks a process to end.
    pub(super) async fn terminated(self) {
        while tokio::signal::ctrl_c().await.is_ok() {}
        pending::<()>().await;
    }

    /// Waits for an interrupt.
    pub(super) async fn terminated_or_interrupted(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const SHORT: Duration = Duration::from_millis(5);

    #[tokio::test]
    async fn is_over_when_the_last_of_several_connections_closes() {
        let connections = Connections::default();
        let (first, second) = (connections.open(), connections.open());
        drop(first);
        let waiting = connections.last_closed(SHORT);
        tokio::pin!(waiting);
        tokio::select! {
            () = &mut waiting => panic!("over with a connection open"),
            () = tokio::time::sleep(SHORT * 10) => {}
        }
        drop(second);
        waiting.await;
    }

    #[tokio::test]
    async fn another_connection_within_the_grace_keeps_it_alive() {
        let connections = Connections::default();
        drop(connections.open());
        let waiting = connections.last_closed(Duration::from_secs(3600));
        tokio::pin!(waiting);
        assert!(timeout(Duration::ZERO, &mut waiting).await.is_err());
        let again = connections.open();
        assert!(timeout(Duration::ZERO, &mut waiting).await.is_err());
        drop(again);
        assert!(timeout(Duration::ZERO, &mut waiting).await.is_err());
    }

    #[tokio::test]
    async fn is_over_when_nobody_ever_connects() {
        Connections::default().never_opened(SHORT).await;
    }

    #[tokio::test]
    async fn is_over_as_soon_as_terraform_asks() {
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        let reason = over(&shutdown, pending(), &Connections::default(), Parent::of_process()).await;
        assert_eq!(reason, EndReason::Shutdown);
    }

    #[tokio::test]
    async fn a_signal_ends_it_at_once_where_nobody_is_connected() {
        let never_connected = Connections::default();
        let left_alone = Connections::default();
        drop(left_alone.open());
        for connections in [never_connected, left_alone] {
            let signalled = std::future::ready(());
            let reason = over(&CancellationToken::new(), signalled, &connections, Parent::of_process()).await;
            assert_eq!(reason, EndReason::Signal);
        }
    }

    #[tokio::test]
    async fn a_signal_waits_for_the_last_connection() {
        let (shutdown, connections) = (CancellationToken::new(), Connections::default());
        let (first, second) = (connections.open(), connections.open());
        let over = over(&shutdown, std::future::ready(()), &connections, Parent::of_process());
        tokio::pin!(over);
        assert!(timeout(SHORT, &mut over).await.is_err());
        drop(first);
        assert!(timeout(SHORT, &mut over).await.is_err());
        drop(second);
        assert_eq!(over.await, EndReason::Signal);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn is_over_when_the_parent_is_another_process() {
        let not_the_parent = Parent { id: std::process::id() };
        let reason =
            over(&CancellationToken::new(), pending(), &Connections::default(), not_the_parent).await;
        assert_eq!(reason, EndReason::ParentGone);
    }
}
