//! The ports that containers open.

use super::{Container, Partial, TaskDefinition};
use crate::document::{Node, Path};
use crate::ecs::shapes::limits::PORT;

/// What one port mapping opens in its container.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Port<'a> {
    /// The lowest port.
    pub first: i64,
    /// The highest port: the same unless the mapping is of a range.
    pub last: i64,
    /// The protocol.
    pub protocol: Protocol,
    /// The container.
    pub container: Container<'a>,
    index: usize,
}

/// The protocol of a port mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// TCP, and what ECS takes for it.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// As ECS spells it in a task definition.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        }
    }
}

impl Port<'_> {
    /// Where the port is written.
    pub(crate) fn place(&self) -> Path {
        let key = if self.is_range() { "containerPortRange" } else { "containerPort" };
        self.mapping_place().key(key)
    }

    /// Where its mapping stands.
    pub(crate) fn mapping_place(&self) -> Path {
        self.container.path().key("portMappings").index(self.index)
    }

    /// Its mapping.
    pub(crate) fn mapping(&self) -> &Node {
        self.container.get("portMappings").items().get(self.index).unwrap_or(&Node::Null)
    }

    /// Whether the mapping is of more ports than one.
    pub(crate) fn is_range(&self) -> bool {
        self.first != self.last
    }

    /// How a sentence calls it: `8126/tcp`, `8000-8010/udp`.
    pub(crate) fn called(&self) -> String {
        let protocol = self.protocol.name();
        if self.is_range() {
            format!("{}-{}/{protocol}", self.first, self.last)
        } else {
            format!("{}/{protocol}", self.first)
        }
    }
}

impl<'a> TaskDefinition<'a> {
    /// The ports of every container's mappings, lowest first and otherwise in the order of the document. There may be
    /// more where one is not known yet. What a mapping means that ECS would not accept is left out.
    pub(crate) fn ports(&self) -> Partial<'_, Port<'a>> {
        let (known, complete) = self.ports.get_or_init(|| self.read_ports());
        Partial { known, complete: *complete }
    }

    /// The lowest port above that one that no known mapping of the task opens.
    pub(crate) fn free_port_above(&self, port: i64) -> Option<i64> {
        let is_free = |candidate: &i64| {
            !self.ports().known.iter().any(|port| (port.first..=port.last).contains(candidate))
        };
        (port + 1..=*PORT.end()).find(is_free)
    }

    fn read_ports(&self) -> (Vec<Port<'a>>, bool) {
        let mut ports = Vec::new();
        let mut all_known = self.knows_all_containers();
        for container in &self.containers {
            let mappings = container.get("portMappings");
            all_known &= mappings.is_wholly_known();
            for (index, mapping) in mappings.items().iter().enumerate() {
                let Some((first, last)) = opened_by(mapping) else { continue };
                let protocol = match mapping.get("protocol") {
                    Node::Unknown => continue,
                    protocol if protocol.as_str() == Some("udp") => Protocol::Udp,
                    _ => Protocol::Tcp,
                };
                ports.push(Port { first, last, protocol, container: *container, index });
            }
        }
        // Stable: mappings of the same port stay in the order of the document.
        ports.sort_by_key(|port| port.first);
        (ports, all_known)
    }
}

fn opened_by(mapping: &Node) -> Option<(i64, i64)> {
    match (mapping.get("containerPort"), mapping.get("containerPortRange")) {
        (port, Node::Null) => port.as_i64().filter(|port| PORT.contains(port)).map(|port| (port, port)),
        (Node::Null, range) => port_range(range.as_str()?).filter(|(first, last)| first < last),
        _ => None,
    }
}

/// The ends of a range such as `8000-8010`, in whatever order.
pub(crate) fn port_range(text: &str) -> Option<(i64, i64)> {
    let (first, last) = text.split_once('-')?;
    // The standard library would take a sign too.
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    Some((number(first)?, number(last)?))
}

/// Of ports that come lowest first, each that meets one before it under the same protocol, or under another one,
/// together with that one.
pub(crate) fn shared<'p, 'a: 'p>(
    ports: impl Iterator<Item = &'p Port<'a>>,
    same_protocol: bool,
) -> impl Iterator<Item = (&'p Port<'a>, &'p Port<'a>)> {
    let (mut furthest_tcp, mut furthest_udp) = (None::<&Port<'_>>, None::<&Port<'_>>);
    ports.filter_map(move |port| {
        let (own, other) = match port.protocol {
            Protocol::Tcp => (&mut furthest_tcp, &mut furthest_udp),
            Protocol::Udp => (&mut furthest_udp, &mut furthest_tcp),
        };
        let met = if same_protocol { *own } else { *other }.filter(|met| met.last >= port.first);
        if own.is_none_or(|furthest| furthest.last < port.last) {
            *own = Some(port);
        }
        Some((port, met?))
    })
}

#[cfg(test)]
mod tests {
    use super::super::DocumentKind;
    use super::*;

    #[test]
    fn a_range_has_two_ends() {
        assert_eq!(port_range("8000-8010"), Some((8000, 8010)));
        assert_eq!(port_range("9-3"), Some((9, 3)));
        for bad in ["", "-", "80", "80-", "-80", "1-2-3", "a-b", "+1-+2", "1 - 2", "99999999999999999999-1"] {
            assert_eq!(port_range(bad), None, "{bad}");
        }
    }

    #[test]
    fn ports_meet_within_a_range_however_far_back_it_began() {
        let node = Node::Null;
        let container = Container { index: 0, node: &node, name: None, kind: DocumentKind::default() };
        let port = |index, first, last, protocol| Port { first, last, protocol, container, index };
        let ports = [
            port(0, 1, 100, Protocol::Tcp),
            port(1, 2, 2, Protocol::Tcp),
            port(2, 3, 3, Protocol::Udp),
            port(3, 50, 60, Protocol::Tcp),
            port(4, 101, 101, Protocol::Tcp),
        ];
        let met = |same| shared(ports.iter(), same).map(|(port, met)| (port.index, met.index)).collect();
        let same: Vec<(usize, usize)> = met(true);
        let other: Vec<(usize, usize)> = met(false);
        assert_eq!(same, [(1, 0), (3, 0)]);
        assert_eq!(other, [(2, 0)]);
    }
}
