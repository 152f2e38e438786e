//! How an attempt ended, and what is seen of it where the SDK's error does not tell it: the host that was asked, and whether
//! the request went out at all.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_ecs::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;

use crate::document::Node;

use super::error::EcsError;

/// Whether a call whose fate is not known may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenAmbiguous {
    /// Sending it twice does what sending it once does.
    Repeat,
    /// A second call could make a second thing.
    GiveUp,
}

/// How one attempt ended.
pub(super) struct Attempt {
    pub(super) outcome: Result<Node, EcsError>,
    /// How long the service asked to wait.
    pub(super) retry_after: Option<Duration>,
}

/// An interceptor that watches one call; clones of it see the same call.
#[derive(Debug, Clone, Default)]
pub(super) struct LastAttempt(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// Of the last attempt that had an address, even if a later one came to nothing.
    host: Option<String>,
    handed_to_transport: bool,
}

impl LastAttempt {
    /// Whether the last attempt came as far as the transport, so that the service may have seen it.
    pub(super) fn was_handed_to_transport(&self) -> bool {
        self.seen().handed_to_transport
    }

    /// The host that was asked, with its port where the address names one.
    pub(super) fn host(&self) -> Option<String> {
        self.seen().host.clone()
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        // Plain assignments cannot leave the value half-written, so a poisoned lock still holds a sound one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for LastAttempt {
    fn name(&self) -> &'static str {
        "LastAttempt"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.seen().handed_to_transport = false;
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut seen = self.seen();
        seen.handed_to_transport = true;
        seen.host = context.request().uri().parse().ok().as_ref().and_then(host_of);
        Ok(())
    }
}

/// Host and port of an address. What may stand before them is a name and a password.
pub(super) fn host_of(address: &http::Uri) -> Option<String> {
    let host = address.host().filter(|host| !host.is_empty())?;
    Some(address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_host_and_port_are_told_and_never_a_password() {
        let host = |text: &str| host_of(&text.parse().unwrap());
        assert_eq!(
            host("https://ecs.eu-west-1.amazonaws.com/").as_deref(),
            Some("ecs.eu-west-1.amazonaws.com")
        );
        assert_eq!(host("http://jane:hunter2@localhost:4566/x").as_deref(), Some("localhost:4566"));
        assert_eq!(host("/x"), None);
    }
}
