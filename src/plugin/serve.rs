//! Serves a plugin from the first look at the environment to the last connection.

use std::io;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;

use super::environment::Environment;
use super::incoming::incoming;
use super::lifetime::{self, Connections, EndReason, Parent, Signals};
use super::listener::{Address, Listener};
use super::tls::{self, ServerTls, TlsError};
use super::{Plugin, debug, handshake, log, panic, services};
use crate::log_keys;

/// How long running calls may take to end once the plugin is over. Terraform waits two seconds before it kills.
const DRAIN_LIMIT: Duration = Duration::from_millis(500);

/// Calls that one connection may have under way: so many that `Stop` never waits for the calls it is to stop,
/// whatever `-parallelism` says.
const MAX_CALLS: u32 = 10_000;

/// Why a plugin could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The process was started by something else than Terraform.
    #[error("the process was not started by Terraform")]
    NotStartedByTerraform,
    /// There is nowhere to listen.
    #[error("could not listen on a unix socket below {folder:?}, nor on the loopback device: {source}")]
    Listen {
        /// Folder that was tried.
        folder: std::path::PathBuf,
        /// What went wrong last.
        source: io::Error,
    },
    /// The connection cannot be secured.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system does not give what a server needs.
    #[error("could not start serving: {0}")]
    System(#[from] io::Error),
    /// tonic gave up.
    #[error("could not go on serving: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Serves the plugin to the Terraform that started this process, until it is over. `routes` is called once Terraform
/// knows where to connect, so that both sides get ready at the same time.
pub fn serve(plugin: &Plugin, routes: impl FnOnce() -> Routes) -> Result<(), ServeError> {
    let environment = Environment::of_process(plugin.name);
    if !handshake::is_started_by_terraform(&environment) {
        return Err(ServeError::NotStartedByTerraform);
    }
    run(&environment, serve_to_terraform(plugin, &environment, routes))
}

/// Serves the plugin to any Terraform of this user, until a signal ends it. Prints what the shell needs for that.
pub fn serve_for_debugging(plugin: &Plugin, routes: impl FnOnce() -> Routes) -> Result<(), ServeError> {
    let environment = Environment::of_process(plugin.name);
    run(&environment, serve_to_developer(plugin, &environment, routes))
}

/// Runs on this thread alone: Terraform waits for most calls one by one, and another thread would only cost its start.
fn run(
    environment: &Environment,
    serving: impl Future<Output = Result<(), ServeError>>,
) -> Result<(), ServeError> {
    panic::install_hook();
    if let Some(level) = environment.log_level {
        log::install(level);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(serving);
    // Dropping the runtime would wait for blocking work that nobody is interested in any more.
    runtime.shutdown_background();
    result
}

async fn serve_to_terraform(
    plugin: &Plugin,
    environment: &Environment,
    routes: impl FnOnce() -> Routes,
) -> Result<(), ServeError> {
    // Before anything else, so that neither is missed: the parent may be gone at any time, Ctrl-C may come at any time.
    let parent = Parent::of_process();
    let signals = Signals::take_over()?;
    let tls = environment.client_certificate.as_deref().map(tls::server_tls).transpose()?;
    let listener = listen(plugin, environment, tls.is_some()).await?;
    let address = listener.address()?;
    let certificate = tls.as_ref().map(|tls| tls.certificate.as_ref());
    handshake::announce(&handshake::line(&address, certificate, environment.multiplexing_asked))?;
    if !handshake::client_speaks_protocol(environment) {
        tracing::warn!(
            "the client does not say that it speaks version {} of the protocol",
            handshake::PROTOCOL_VERSION
        );
    }

    let connections = Connections::default();
    let served = Served { listener, address, tls, connections: connections.clone() };
    served
        .until(routes, async |shutdown| {
            lifetime::over(shutdown, signals.terminated(), &connections, parent).await
        })
        .await
}

async fn serve_to_developer(
    plugin: &Plugin,
    environment: &Environment,
    routes: impl FnOnce() -> Routes,
) -> Result<(), ServeError> {
    let signals = Signals::take_over()?;
    let listener = listen(plugin, environment, false).await?;
    let address = listener.address()?;
    handshake::announce(&debug::reattach_line(plugin, &address))?;

    let served = Served { listener, address, tls: None, connections: Connections::default() };
    served
        .until(routes, async |shutdown| {
            lifetime::over_for_debugging(shutdown, signals.terminated_or_interrupted()).await
        })
        .await
}

/// Listens on a unix socket if there is such a thing and a folder for it. TCP is open to every user of the machine:
/// where a unix socket is possible it takes its place only if the client has to prove who it is.
async fn listen(plugin: &Plugin, environment: &Environment, secured: bool) -> Result<Listener, ServeError> {
    let folder = &environment.socket_folder;
    #[cfg(unix)]
    match Listener::bind_unix(plugin.name, folder, environment.socket_group.as_deref()) {
        Ok(listener) => return Ok(listener),
        Err(source) if !secured => return Err(ServeError::Listen { folder: folder.clone(), source }),
        Err(error) => {
            tracing::warn!({ log_keys::ERROR } = %error, "no unix socket below {folder:?}; listening on TCP");
        }
    }
    #[cfg(not(unix))]
    let _ = (plugin, secured);
    Listener::bind_tcp(environment.ports.clone())
        .await
        .map_err(|source| ServeError::Listen { folder: folder.clone(), source })
}

/// Everything that is needed to answer.
struct Served {
    listener: Listener,
    address: Address,
    tls: Option<ServerTls>,
    connections: Connections,
}

impl Served {
    /// Answers until `over` is; it is given what the client's wish to end shows on.
    async fn until(
        self,
        routes: impl FnOnce() -> Routes,
        over: impl AsyncFnOnce(&CancellationToken) -> EndReason,
    ) -> Result<(), ServeError> {
        let shutdown = CancellationToken::new();
        let closing = CancellationToken::new();
        tracing::debug!({ log_keys::ADDRESS } = %self.address, tls = self.tls.is_some(), "serving");
        let incoming = incoming(self.listener, self.tls.map(|tls| tls.acceptor), self.connections);
        let routes = services::add_to(routes(), shutdown.clone(), closing.clone());
        let serving = Server::builder()
            .max_concurrent_streams(MAX_CALLS)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, closing.clone().cancelled_owned());
        tokio::pin!(serving);
        let reason = tokio::select! {
            ended = &mut serving => return Ok(ended?),
            reason = over(&shutdown) => reason,
        };
        tracing::debug!({ log_keys::REASON } = %reason, "ending");
        closing.cancel();
        // Calls that do not end in time have nobody left to answer to.
        tokio::time::timeout(DRAIN_LIMIT, serving).await.unwrap_or(Ok(()))?;
        Ok(())
    }
}
