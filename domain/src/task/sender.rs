//! Where the containers of a task send traces and metrics: which of their variables say so, and how each is read.
//!
//! Sources: the pages of Datadog's documentation about the configuration of the tracing libraries and about DogStatsD over
//! Unix sockets (read 2026-11).

use std::borrow::Cow;

use super::variable::is_template;
use super::{Container, Given, Partial, TaskDefinition, Variable, normalized};
use crate::document::Node;
use crate::rofs::variables::{
    DD_APM_ENABLED, DD_APM_RECEIVER_PORT, DD_APM_RECEIVER_SOCKET, DD_DOGSTATSD_PORT, DD_DOGSTATSD_SOCKET,
    DD_DOGSTATSD_URL, DD_TRACE_AGENT_URL, DD_USE_DOGSTATSD,
};
use crate::rofs::writable_path::{APM_SOCKET, DOGSTATSD_SOCKET};

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Traces, profiles and what else the libraries for tracing send.
    Traces,
    /// Custom metrics, for DogStatsD.
    Metrics,
}

impl Signal {
    /// Both.
    pub(crate) const ALL: [Signal; 2] = [Signal::Traces, Signal::Metrics];

    /// In a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Signal::Traces => "traces",
            Signal::Metrics => "custom metrics",
        }
    }

    /// The Agent's variable that names the socket.
    pub(crate) fn socket_variable(self) -> &'static str {
        match self {
            Signal::Traces => DD_APM_RECEIVER_SOCKET,
            Signal::Metrics => DD_DOGSTATSD_SOCKET,
        }
    }

    /// Where the Agent makes the socket unless told otherwise.
    pub(crate) fn usual_socket(self) -> &'static str {
        match self {
            Signal::Traces => APM_SOCKET,
            Signal::Metrics => DOGSTATSD_SOCKET,
        }
    }

    /// The Agent's variable for the port.
    pub(crate) fn port_variable(self) -> &'static str {
        match self {
            Signal::Traces => DD_APM_RECEIVER_PORT,
            Signal::Metrics => DD_DOGSTATSD_PORT,
        }
    }

    /// The port on which the Agent listens unless told otherwise.
    pub(crate) fn usual_port(self) -> u16 {
        match self {
            Signal::Traces => 8126,
            Signal::Metrics => 8125,
        }
    }

    /// The Agent's variable that turns it on and off.
    pub(crate) fn switch(self) -> &'static str {
        match self {
            Signal::Traces => DD_APM_ENABLED,
            Signal::Metrics => DD_USE_DOGSTATSD,
        }
    }
}

/// A variable of a container that says where it sends.
#[derive(Debug, Clone)]
pub(crate) struct Sender<'a> {
    /// Its name.
    pub(crate) variable: &'static str,
    /// Its place in `environment`.
    pub(crate) index: usize,
    /// What is sent there; none for a host of both.
    pub(crate) signal: Option<Signal>,
    /// How the variable is written.
    pub(crate) form: SenderForm,
    /// Where.
    pub(crate) target: Target<'a>,
}

/// How a variable says where to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SenderForm {
    /// As a URL.
    Url,
    /// As the path of a socket, which only some libraries read.
    Path,
    /// As the name or address of a host.
    Host,
}

/// Where something is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// To the socket at this absolute path.
    Socket(Cow<'a, str>),
    /// To this host, on this port.
    Host(&'a str, Option<u16>),
    /// To a socket whose path does not begin with a slash: `unix://var/run/...`.
    NoAbsolutePath,
    /// To a path without the scheme that makes it a URL.
    NoScheme,
}

/// The variables by which libraries of Datadog and clients of StatsD find the Agent.
const SENDERS: [(&str, Option<Signal>, SenderForm); 12] = [
    ("DD_TRACE_AGENT_URL", Some(Signal::Traces), SenderForm::Url),
    ("DD_DOGSTATSD_URL", Some(Signal::Metrics), SenderForm::Url),
    ("STATSD_URL", Some(Signal::Metrics), SenderForm::Url),
    ("DD_TRACE_AGENT_UNIX_DOMAIN_SOCKET", Some(Signal::Traces), SenderForm::Path),
    (DD_APM_RECEIVER_SOCKET, Some(Signal::Traces), SenderForm::Path),
    (DD_DOGSTATSD_SOCKET, Some(Signal::Metrics), SenderForm::Path),
    ("DD_DOGSTATSD_PATH", Some(Signal::Metrics), SenderForm::Path),
    ("DD_AGENT_HOST", None, SenderForm::Host),
    ("DD_TRACE_AGENT_HOSTNAME", Some(Signal::Traces), SenderForm::Host),
    ("DATADOG_TRACE_AGENT_HOSTNAME", Some(Signal::Traces), SenderForm::Host),
    ("DD_DOGSTATSD_HOST", Some(Signal::Metrics), SenderForm::Host),
    ("STATSD_HOST", Some(Signal::Metrics), SenderForm::Host),
];

/// The variables for a port alone, and those that say more: the URL counts instead of it, and one of the hosts beside it.
const PORTS: [(&str, Signal, &str, &[&str]); 2] = [
    (
        "DD_TRACE_AGENT_PORT",
        Signal::Traces,
        DD_TRACE_AGENT_URL,
        &["DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME", "DATADOG_TRACE_AGENT_HOSTNAME"],
    ),
    (DD_DOGSTATSD_PORT, Signal::Metrics, DD_DOGSTATSD_URL, &["DD_AGENT_HOST", "DD_DOGSTATSD_HOST"]),
];

/// A port to which a container sends, of a host that somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SentPort {
    /// The variable that says so.
    pub(crate) variable: &'static str,
    /// Its place in `environment`.
    pub(crate) index: usize,
    /// What is sent there.
    pub(crate) signal: Signal,
    /// The port.
    pub(crate) port: u16,
    /// Whether the variable is a URL, and not the port alone, which some libraries do not read.
    pub(crate) is_url: bool,
}

/// Whether a name or address of a host is the container's own.
pub(crate) fn is_local(host: &str) -> bool {
    ["localhost", "127.0.0.1", "::1", "[::1]"].contains(&host)
}

impl<'a> Container<'a> {
    /// The port that one of the variables for a port alone names, of a host that is such a one for certain; unless a variable
    /// says otherwise it is the own one. `None` if not yet known.
    fn port_alone(
        &self,
        (variable, signal, url, hosts): (&'static str, Signal, &str, &[&str]),
        is_it: impl Fn(&str) -> bool,
    ) -> Option<Option<SentPort>> {
        let Given::Text(port, index) = self.given(variable) else { return Some(None) };
        let Some(port) = port.trim().parse().ok().filter(|port| *port != 0) else { return Some(None) };
        match self.given(url) {
            Given::Absent | Given::Text("", _) => {}
            Given::Text(..) | Given::Secret => return Some(None),
            Given::PerhapsByFile | Given::Unknown => return None,
        }
        let mut is_named = false;
        for host in hosts {
            match self.given(host) {
                Given::Absent | Given::Text("", _) => {}
                Given::Text(host, _) if is_it(host) => is_named = true,
                Given::Text(..) | Given::Secret => return Some(None),
                Given::PerhapsByFile | Given::Unknown => return None,
            }
        }
        let is_it = is_named || is_it("localhost");
        Some(is_it.then_some(SentPort { variable, index, signal, port, is_url: false }))
    }

    /// Whether its library for tracing may send: unless it is turned off. `None` if not yet known.
    pub(crate) fn may_trace(&self) -> Option<bool> {
        match self.variable("DD_TRACE_ENABLED") {
            Variable::Unknown => None,
            Variable::Known(value) => Some(!is_false(value)),
            Variable::Absent => Some(true),
        }
    }

    /// Whether a variable says that it has a library for tracing.
    pub(crate) fn seems_to_trace(&self) -> bool {
        let names =
            self.get("environment").items().iter().filter_map(|variable| variable.get("name").as_str());
        names.into_iter().any(|name| name.starts_with("DD_TRACE_") || name == "DD_PROFILING_ENABLED")
    }

    /// Where it sends, by its variables, and whether there are no others.
    fn read_senders(&self) -> (Vec<Sender<'a>>, bool) {
        let (variables, secrets) = (self.get("environment"), self.get("secrets"));
        let is_open =
            |list: &Node| list.is_unknown() || list.items().iter().any(|item| item.get("name").is_unknown());
        if is_open(variables) || is_open(secrets) {
            return (Vec::new(), false);
        }
        let mut senders: Vec<Sender<'a>> = Vec::new();
        let mut complete = true;
        let named = variables.items().iter().enumerate();
        for (index, item) in named {
            let Some(name) = item.get("name").as_str().filter(|name| may_name_a_sender(name)) else {
                continue;
            };
            let Some((variable, signal, form)) = SENDERS.into_iter().find(|(sender, ..)| *sender == name)
            else {
                continue;
            };
            match self.given(variable) {
                Given::Text(value, at) if at == index && !value.is_empty() && !is_template(value) => {
                    senders.push(Sender { variable, index, signal, form, target: target(value, form) });
                }
                Given::Unknown => complete = false,
                _ => {}
            }
        }
        (senders, complete)
    }
}

impl<'a> TaskDefinition<'a> {
    /// Where a container sends, by its variables. A name that is there twice says nothing, because nobody can say which one
    /// counts.
    pub(crate) fn senders(&self, container: &Container<'a>) -> Partial<'_, Sender<'a>> {
        let position = self.position(container.index).expect("containers are those of this task");
        let (known, complete) = self.senders[position].get_or_init(|| container.read_senders());
        Partial { known, complete: *complete }
    }
}

impl<'a> TaskDefinition<'a> {
    /// The ports of such hosts to which a container sends, and whether there are no others.
    pub(crate) fn sent_ports(
        &self,
        container: &Container<'a>,
        is_it: impl Fn(&str) -> bool,
    ) -> (Vec<SentPort>, bool) {
        let Partial { known, mut complete } = self.senders(container);
        let of_url = |sender: &Sender<'a>| match (sender.form, sender.signal, &sender.target) {
            (SenderForm::Url, Some(signal), Target::Host(host, Some(port))) if is_it(host) => {
                let Sender { variable, index, .. } = *sender;
                Some(SentPort { variable, index, signal, port: *port, is_url: true })
            }
            _ => None,
        };
        let mut ports: Vec<SentPort> = known.iter().filter_map(of_url).collect();
        for row in PORTS {
            match container.port_alone(row, &is_it) {
                Some(port) => ports.extend(port),
                None => complete = false,
            }
        }
        (ports, complete)
    }
}

/// Whether a name begins as those of the senders do: most names of variables do not.
fn may_name_a_sender(name: &str) -> bool {
    ["DD_", "STATSD_", "DATADOG_"].iter().any(|start| name.starts_with(start))
}

/// Where a variable of that form sends.
pub(crate) fn target(value: &str, form: SenderForm) -> Target<'_> {
    let value = value.trim();
    let socket = |path| match path {
        path if str::starts_with(path, '/') => Target::Socket(normalized(path)),
        _ => Target::NoAbsolutePath,
    };
    match value.split_once("://") {
        Some((scheme, path)) if is_of_sockets(scheme) => socket(path),
        Some((_, rest)) => host_and_port(rest),
        None => match value.split_once(':') {
            Some((scheme, path)) if is_of_sockets(scheme) => socket(path),
            _ if form == SenderForm::Path => socket(value),
            _ if value.starts_with('/') => Target::NoScheme,
            _ => host_and_port(value),
        },
    }
}

/// Unix sockets of all kinds: `unix`, `unixgram`, `unixstream`.
fn is_of_sockets(scheme: &str) -> bool {
    scheme.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("unix"))
}

fn host_and_port(rest: &str) -> Target<'_> {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // Colons inside brackets, and more than one, are an address of IPv6.
    match authority.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => {
            Target::Host(host, port.parse().ok())
        }
        _ => Target::Host(authority, None),
    }
}

/// What the Agent reads as false (strconv.ParseBool of Go).
pub(super) fn is_false(value: &str) -> bool {
    matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_in_every_form() {
        let socket = |path: &'static str| Target::Socket(path.into());
        for (value, form, expected) in [
            ("unix:///var/run/datadog/apm.socket", SenderForm::Url, socket("/var/run/datadog/apm.socket")),
            ("unix:/var/run/datadog/apm.socket", SenderForm::Url, socket("/var/run/datadog/apm.socket")),
            ("unixgram:///a/dsd.socket", SenderForm::Url, socket("/a/dsd.socket")),
            ("UNIX:////a//dsd.socket", SenderForm::Url, socket("/a/dsd.socket")),
            ("/a/dsd.socket", SenderForm::Path, socket("/a/dsd.socket")),
            ("unix:///a/dsd.socket", SenderForm::Path, socket("/a/dsd.socket")),
            ("/a/dsd.socket", SenderForm::Url, Target::NoScheme),
            ("unix://var/run/apm.socket", SenderForm::Url, Target::NoAbsolutePath),
            ("apm.socket", SenderForm::Path, Target::NoAbsolutePath),
            ("http://dd:8126", SenderForm::Url, Target::Host("dd", Some(8126))),
            ("http://u:p@dd:8126/x", SenderForm::Url, Target::Host("dd", Some(8126))),
            ("udp://localhost", SenderForm::Url, Target::Host("localhost", None)),
            ("dd:8125", SenderForm::Url, Target::Host("dd", Some(8125))),
            ("dd", SenderForm::Host, Target::Host("dd", None)),
            ("::1", SenderForm::Host, Target::Host("::1", None)),
            ("http://[::1]:8126", SenderForm::Url, Target::Host("[::1]", Some(8126))),
        ] {
            assert_eq!(target(value, form), expected, "{value}");
        }
    }
}
