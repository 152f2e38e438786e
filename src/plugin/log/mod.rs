//! Logs to stderr in the form that Terraform reads, sorts by level and prints as its own.
//!
//! Nothing is set up unless Terraform logs: an event then costs a comparison. Of other crates only warnings and
//! errors pass. At lower levels their events quote what goes over the wire, and that is the practitioner's
//! configuration: h2 prints frames, hyper prints headers, the AWS SDK prints requests with their bodies and signatures
//! (tonic 0.14, h2 0.4 and aws-smithy-runtime 1, read in November 2026).

mod layer;
mod line;

use std::io::{self, Write};

use tracing::subscriber::set_global_default;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

pub use layer::HclogLayer;

/// How much is logged. Terraform's levels are those of `tracing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Only what went wrong.
    Error,
    /// What is unexpected as well.
    Warn,
    /// What a practitioner may want to know as well.
    Info,
    /// Decisions as well.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    /// Reads a level as Terraform does: what it does not know, and `JSON`, which is about Terraform's own output, mean
    /// everything. `None` means that nothing is logged.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_uppercase().as_str() {
            "" | "OFF" | "NONE" => None,
            "ERROR" => Some(Self::Error),
            "WARN" => Some(Self::Warn),
            "INFO" => Some(Self::Info),
            "DEBUG" => Some(Self::Debug),
            _ => Some(Self::Trace),
        }
    }

    /// The same level for `tracing`.
    pub fn to_tracing(self) -> tracing::Level {
        match self {
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
            Self::Trace => tracing::Level::TRACE,
        }
    }
}

/// Sends events up to `level` to stderr. Does nothing for a process that logs already.
pub fn install(level: Level) {
    let layer = HclogLayer::new(level, |line: &str| {
        // One write a line, so that lines of several threads do not mix. A closed stderr is nobody's loss.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    });
    let _ = set_global_default(registry().with(layer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_levels_as_terraform_does() {
        assert_eq!(Level::parse("warn"), Some(Level::Warn));
        assert_eq!(Level::parse("TRACE"), Some(Level::Trace));
        assert_eq!(Level::parse("JSON"), Some(Level::Trace));
        assert_eq!(Level::parse("1"), Some(Level::Trace));
        assert_eq!(Level::parse("off"), None);
    }
}
