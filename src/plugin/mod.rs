//! go-plugin's transport: how Terraform starts a provider, finds it, trusts it, listens to its log and ends it.
//!
//! In reading order: [`environment`] is what Terraform says, [`listener`] and [`tls`] are where and whom the plugin
//! answers, [`handshake`] tells Terraform so, [`services`] are the few calls that every plugin must take, [`lifetime`]
//! decides when it is over, [`log`] and [`panic`] write to stderr. Takes any tonic service: knows nothing of
//! Terraform's protocol above it, of resources or of ECS.
//!
//! Facts about go-plugin are those of its releases 1.4 to 1.8 as Terraform 1.11 to 1.16 and OpenTofu 1.6 to 1.12 use
//! them, read and tried with Terraform 1.11.4 in November 2026.

mod connection;
mod debug;
pub mod environment;
pub mod handshake;
mod incoming;
pub mod lifetime;
pub mod listener;
pub mod log;
pub mod panic;
mod serve;
mod services;
pub mod tls;

pub use environment::Environment;
pub use serve::{ServeError, serve, serve_for_debugging};

/// `off` if aws-lc was built without jitter entropy, which costs every start of the process about 85 ms, and `on`
/// otherwise. Recorded by the build script.
pub const JITTER_ENTROPY: &str = env!("DDROFS_JITTER_ENTROPY");

/// What the transport has to know of the plugin that it serves.
#[derive(Debug, Clone, Copy)]
pub struct Plugin {
    /// Name of the provider as in its address; names log lines, the socket's folder and the log level's variable.
    pub name: &'static str,
    /// Addresses under which Terraform and OpenTofu look for the provider when it runs in debug mode.
    pub addresses: &'static [&'static str],
}
