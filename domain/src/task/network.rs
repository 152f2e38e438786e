//! How the containers of a task reach the network.

use super::{DocumentKind, TaskDefinition};
use crate::document::Node;

/// A network mode, as far as rules tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// The task has a network interface of its own, which its containers share.
    Awsvpc,
    /// Each container has a network of its own behind Docker's bridge.
    Bridge,
    /// The containers share the network of the instance.
    Host,
    /// No network at all.
    Disabled,
    /// Windows' own mode, or a text that is no mode.
    Other,
}

impl TaskDefinition<'_> {
    /// The network mode; none while nobody knows. Fargate has no mode but awsvpc, so a task for it is judged by that
    /// whatever it says. On Linux instances ECS takes an absent mode for bridge.
    pub(crate) fn network(&self) -> Option<Network> {
        match self.kind {
            // A group of Nomad says so as well.
            DocumentKind::TaskDefinition | DocumentKind::Nomad => {}
            // Each container has an address of its own; one that says otherwise is asked by itself.
            DocumentKind::Compose | DocumentKind::Docker => return Some(Network::Bridge),
            // The containers of a Pod share its address, or that of its node.
            DocumentKind::Kubernetes => return Some(Network::Awsvpc),
        }
        if self.fargate == Some(true) {
            return Some(Network::Awsvpc);
        }
        match self.document.get("networkMode") {
            Node::Unknown => None,
            Node::Null => match (self.fargate?, self.windows?) {
                (_, true) => Some(Network::Other),
                (_, false) => Some(Network::Bridge),
            },
            mode if mode.as_str() == Some("awsvpc") => Some(Network::Awsvpc),
            _ if self.fargate.is_none() => None,
            mode => Some(match mode.as_str() {
                Some("bridge") => Network::Bridge,
                Some("host") => Network::Host,
                Some("none") => Network::Disabled,
                _ => Network::Other,
            }),
        }
    }
}
