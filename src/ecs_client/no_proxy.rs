//! Which hosts are reached without a proxy: what `NO_PROXY` says, read as Go's programs read it, so that one text serves
//! every provider.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The hosts of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NoProxy(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// `*`.
    Everything,
    /// `10.0.0.0/8`.
    Network(IpAddr, u32),
    /// `10.0.0.1` or `10.0.0.1:443`.
    Address(IpAddr, Option<u16>),
    /// `example.com`, `.example.com` or `*.example.com`, each with a port or without.
    Name { name: String, is_itself_meant: bool, port: Option<u16> },
}

impl NoProxy {
    /// Reads a text of rules that commas separate. A rule that says nothing matches nothing, as in Go.
    pub(super) fn read(text: &str) -> Self {
        NoProxy(text.split(',').filter_map(|rule| read(&rule.trim().to_lowercase())).collect())
    }

    /// Whether a host is reached directly at a port. `host` is that of an address, with the brackets of IPv6.
    pub(super) fn covers(&self, host: &str, port: u16) -> bool {
        let host = host.to_lowercase();
        let address = address(&host);
        is_this_machine(&host, address) || self.0.iter().any(|rule| covers(rule, &host, address, port))
    }
}

/// Loopback, which is another machine to a proxy, and the addresses at which a machine or a container gets its credentials.
fn is_this_machine(host: &str, address: Option<IpAddr>) -> bool {
    /// The metadata services of EC2, ECS and EKS in IPv6 (fd00:ec2::254, fd00:ec2::23).
    const OF_AWS: (Ipv6Addr, u32) = (Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0), 32);
    match address {
        None => host == "localhost",
        Some(address) if address.is_loopback() => true,
        Some(IpAddr::V4(address)) => address.is_link_local(),
        Some(IpAddr::V6(address)) => {
            address.is_unicast_link_local() || is_in(address.into(), OF_AWS.0.into(), OF_AWS.1)
        }
    }
}

fn read(rule: &str) -> Option<Rule> {
    if rule == "*" {
        return Some(Rule::Everything);
    }
    if let Some((address, length)) = rule.split_once('/')
        && let (Ok(address), Ok(length)) = (address.parse(), length.parse())
        && length <= bits(address)
    {
        return Some(Rule::Network(address, length));
    }
    if let Some(address) = address(rule) {
        return Some(Rule::Address(address, None));
    }
    let (name, port) = match rule.rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse().ok()?)),
        None => (rule, None),
    };
    if let Some(address) = address(name) {
        return Some(Rule::Address(address, port));
    }
    let below = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
    let (name, is_itself_meant) = (below.unwrap_or(name).to_owned(), below.is_none());
    (!name.is_empty()).then_some(Rule::Name { name, is_itself_meant, port })
}

fn covers(rule: &Rule, host: &str, address: Option<IpAddr>, at: u16) -> bool {
    match rule {
        Rule::Everything => true,
        Rule::Network(network, length) => address.is_some_and(|address| is_in(address, *network, *length)),
        Rule::Address(own, port) => address == Some(own.to_canonical()) && port.is_none_or(|port| port == at),
        Rule::Name { name, is_itself_meant, port } => {
            let is_meant = match host.strip_suffix(name.as_str()) {
                Some("") => *is_itself_meant,
                Some(before) => before.ends_with('.'),
                None => false,
            };
            is_meant && port.is_none_or(|port| port == at)
        }
    }
}

/// An address in digits, with brackets or without. An IPv4 address within IPv6 is the one that is meant.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn bits(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => Ipv4Addr::BITS,
        IpAddr::V6(_) => Ipv6Addr::BITS,
    }
}

/// Whether an address begins with the first bits of a network's.
fn is_in(address: IpAddr, network: IpAddr, length: u32) -> bool {
    let (differing, bits) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u128::from(address.to_bits() ^ network.to_bits()), Ipv4Addr::BITS)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits() ^ network.to_bits(), Ipv6Addr::BITS),
        _ => return false,
    };
    differing.checked_shr(bits - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_direct(rules: &str, addresses: &[&str], others: &[&str]) {
        let no_proxy = NoProxy::read(rules);
        let covers = |address: &&str| {
            let (host, port) = address.rsplit_once(':').expect("a host and a port");
            no_proxy.covers(host, port.parse().expect("a port"))
        };
        for address in addresses {
            assert!(covers(address), "{rules:?} is to cover {address}");
        }
        for address in others {
            assert!(!covers(address), "{rules:?} is not to cover {address}");
        }
    }

    #[test]
    fn a_name_means_itself_and_what_is_below_and_one_with_a_dot_what_is_below_alone() {
        are_direct(
            "Example.com, other.org",
            &["example.com:443", "ECS.example.com:80", "a.b.other.org:443"],
            &["notexample.com:443", "example.com.evil.org:443", "com:443", "10.0.0.1:443"],
        );
        for rules in [".example.com", "*.example.com"] {
            are_direct(rules, &["ecs.example.com:443"], &["example.com:443", "badexample.com:443"]);
        }
    }

    #[test]
    fn a_port_narrows_a_rule() {
        are_direct("example.com:8443", &["example.com:8443", "ecs.example.com:8443"], &["example.com:443"]);
        are_direct("10.1.2.3:80,[2001:db8::1]:80", &["10.1.2.3:80", "[2001:db8::1]:80"], &["10.1.2.3:443"]);
        are_direct("[2001:db8::1]:80", &[], &["[2001:db8::1]:443", "[2001:db8::2]:80"]);
    }

    #[test]
    fn addresses_and_networks_are_compared_by_their_bits() {
        are_direct("10.1.2.3,2001:db8::1", &["10.1.2.3:443", "[2001:DB8:0::1]:443"], &["10.1.2.4:443"]);
        are_direct("10.0.0.0/8", &["10.255.1.2:443"], &["11.0.0.1:443", "10.example.com:443"]);
        are_direct("192.0.2.128/25", &["192.0.2.129:443"], &["192.0.2.127:443"]);
        are_direct("192.0.2.7/32", &["192.0.2.7:443"], &["192.0.2.6:443"]);
        are_direct("2001:db8::/33", &["[2001:db8:7fff::1]:443"], &["[2001:db8:8000::1]:443", "1.2.3.4:443"]);
        are_direct("0.0.0.0/0", &["192.0.2.7:443"], &["[2001:db8::1]:443", "example.com:443"]);
        are_direct("192.0.2.1", &["[::ffff:192.0.2.1]:443"], &[]);
    }

    #[test]
    fn an_asterisk_means_everything_and_a_rule_that_says_nothing_nothing() {
        are_direct("example.com, *", &["anything.org:443", "10.0.0.1:80", "[2001:db8::1]:80"], &[]);
        for rules in ["", " , ,", ".", "*.", ":80", "10.0.0.0/33", "example.com:http", "exa*ple.com"] {
            are_direct(rules, &[], &["example.com:443", "10.0.0.1:80"]);
        }
    }

    #[test]
    fn this_machine_and_what_hands_out_its_credentials_need_no_rule() {
        are_direct(
            "",
            &[
                "localhost:4566",
                "LOCALHOST:80",
                "127.0.0.1:4566",
                "127.255.0.9:80",
                "[::1]:4566",
                "[::ffff:127.0.0.1]:80",
                "169.254.169.254:80",
                "169.254.170.2:80",
                "[fd00:ec2::254]:80",
                "[fd00:ec2::23]:80",
                "[fe80::1]:80",
            ],
            &[
                "localhost.example.com:80",
                "notlocalhost:80",
                "128.0.0.1:80",
                "[::2]:80",
                "[fd00:ec3::254]:80",
            ],
        );
    }
}
