//! How the containers of a task reach its Agent: which variables say where they send, where the Agent listens, and whether
//! the two meet.
//!
//! Sources: the pages of Datadog's documentation about the configuration of the tracing libraries and about DogStatsD over
//! Unix sockets; for the sockets that are there unless told otherwise, datadog-agent CHANGELOG 7.57.0 (read 2026-11).

use std::borrow::Cow;

use super::variable::is_template;
use super::{Container, Given, Source, TaskDefinition, Variable, normalized};
use crate::document::Node;
use crate::rofs::agent_version::{AgentVersion, Release, agent_image};
use crate::rofs::image_reference::{AgentRepository, Image};
use crate::rofs::variables::{DD_APM_ENABLED, DD_APM_RECEIVER_SOCKET, DD_DOGSTATSD_SOCKET, DD_USE_DOGSTATSD};
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

impl<'a> Container<'a> {
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
    pub(crate) fn senders(&self) -> (Vec<Sender<'a>>, bool) {
        let mut senders = Vec::new();
        let mut complete = true;
        for (variable, signal, form) in SENDERS {
            match self.given(variable) {
                Given::Text(value, _) if value.is_empty() || is_template(value) => {}
                Given::Text(value, index) => {
                    let target = target(value, form);
                    senders.push(Sender { variable, index, signal, form, target });
                }
                Given::Unknown => complete = false,
                Given::Absent | Given::Secret | Given::PerhapsByFile => {}
            }
        }
        (senders, complete)
    }
}

/// Where a variable of that form sends.
fn target(value: &str, form: SenderForm) -> Target<'_> {
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
    // Colons inside of brackets, and more than one, are an address of IPv6.
    match authority.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => {
            Target::Host(host, port.parse().ok())
        }
        _ => Target::Host(authority, None),
    }
}

/// Where an Agent takes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Receiver<'a> {
    /// On the socket at this path, if its directory is there. Whether it was told so.
    Socket(Cow<'a, str>, bool),
    /// Nowhere.
    Off(Off),
    /// Not known: at a value that is not known yet, or in the image's own configuration.
    Unknown,
}

/// Why an Agent takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Off {
    /// It is turned off, by the variable at that place of `environment`.
    Switch(usize),
    /// The variable at that place names no socket: it is empty.
    NoSocket(usize),
    /// It is older than the release that makes sockets by itself, and nothing tells it to.
    TooOld,
}

/// The first release that makes both sockets without being told.
const MAKES_SOCKETS: Release = Release::new(7, 57, 0);

impl<'a> TaskDefinition<'a> {
    /// Where an Agent takes something over a socket.
    pub(crate) fn receiver(&self, agent: &Container<'a>, signal: Signal) -> Receiver<'a> {
        match agent.given(signal.switch()) {
            Given::Text(value, index) if is_false(value) => return Receiver::Off(Off::Switch(index)),
            Given::Text(..) | Given::Absent => {}
            Given::Secret | Given::PerhapsByFile | Given::Unknown => return Receiver::Unknown,
        }
        match agent.given(signal.socket_variable()) {
            Given::Text("", index) => Receiver::Off(Off::NoSocket(index)),
            Given::Text(path, _) if path.starts_with('/') => Receiver::Socket(normalized(path), true),
            Given::Text(..) | Given::Secret | Given::PerhapsByFile | Given::Unknown => Receiver::Unknown,
            Given::Absent => self.usual_receiver(agent, signal),
        }
    }

    fn usual_receiver(&self, agent: &Container<'a>, signal: Signal) -> Receiver<'a> {
        let Some(image) = agent.get("image").as_str() else { return Receiver::Unknown };
        // An image of somebody's own may have a configuration of its own.
        let is_datadogs =
            Image::parse(image).is_some_and(|image| image.agent_repository() == AgentRepository::Datadog);
        match agent_image(&image.into(), None).version {
            _ if !is_datadogs => Receiver::Unknown,
            AgentVersion::Undeclared | AgentVersion::Unknown => Receiver::Unknown,
            version if version.is_before(MAKES_SOCKETS) => Receiver::Off(Off::TooOld),
            _ => Receiver::Socket(signal.usual_socket().into(), false),
        }
    }

    /// Whether what a container sends to a socket arrives at the one that an Agent makes. `None` if not yet known.
    pub(crate) fn way(
        &self,
        sender: &Container<'a>,
        to: &str,
        agent: &Container<'a>,
        made: &str,
    ) -> Option<Way> {
        let made_at = self.location(agent, made)?;
        // In most images /var/run is a link to /run; in the Agent's it is not.
        let paths = [Some(Cow::Borrowed(to)), other_name(to)];
        let mut found = Vec::new();
        for path in paths.into_iter().flatten() {
            found.push(self.location(sender, &path)?);
        }
        if found.contains(&made_at) && made_at.is_shared() {
            return Some(Way::Arrives);
        }
        let sent_to = found.iter().find(|place| place.is_shared()).or(found.first())?;
        Some(match (sent_to, &made_at) {
            (Location::Own(..), _) => Way::NotMounted,
            (Location::Shared(..), Location::Own(is_tmpfs)) => Way::NotShared { is_tmpfs: *is_tmpfs },
            (Location::Shared(here, _), Location::Shared(there, _)) if here != there => Way::OtherVolume,
            (Location::Shared(..), Location::Shared(..)) => Way::OtherSocket,
        })
    }

    /// What a path leads to in a container. `None` if not yet known.
    fn location(&self, container: &Container<'a>, path: &str) -> Option<Location> {
        let Some(mount) = self.mounts(container).seen_at(path)? else { return Some(Location::Own(false)) };
        let rest = path.strip_prefix(mount.path.trim_end_matches('/')).unwrap_or_default();
        let volume = match mount.source {
            Source::Tmpfs => return Some(Location::Own(true)),
            Source::UnknownVolume => return None,
            Source::Volume(volume) => volume,
        };
        let host = match self.volume(volume)? {
            Some(volume) if volume.get("host").is_unknown() => return None,
            Some(volume) => match volume.get("host").get("sourcePath") {
                Node::Unknown => return None,
                path => path.as_str().filter(|path| !path.is_empty()),
            },
            None => None,
        };
        Some(match host {
            // Two volumes may lie in one directory of the instance.
            Some(host) => Location::Shared(
                "a directory of the instance".to_owned(),
                normalized(&format!("{}{rest}", normalized(host))).into_owned(),
            ),
            None => Location::Shared(format!("volume {volume}"), rest.to_owned()),
        })
    }

    /// The mount through which a container sees a path.
    pub(crate) fn mount_towards(
        &self,
        container: &Container<'a>,
        path: &str,
    ) -> Option<crate::document::Path> {
        let mounts = self.mounts(container);
        let seen = |path: &str| mounts.seen_at(path).flatten().map(super::Mount::place);
        seen(path).or_else(|| seen(&other_name(path)?))
    }

    /// Whether somebody else than an Agent may make a socket in the volume that a container sees at a path: who runs
    /// beside it, can write there and sends nothing to it. `None` if not yet known.
    pub(crate) fn may_be_made_by_another(&self, container: &Container<'a>, path: &str) -> Option<bool> {
        let seen = self.mounts(container).seen_at(path)?.map(|mount| mount.source);
        let Some(Source::Volume(volume)) = seen else { return Some(false) };
        // What is on the instance may have been there before.
        if self.volume(volume)?.is_some_and(|volume| super::is_empty_directory(volume) == Some(false)) {
            return Some(true);
        }
        let may_make = |other: &Container<'a>| {
            other.may_prepare_the_agent() != Some(true)
                && self.is_agent(other) != Some(true)
                && other.senders().0.is_empty()
        };
        let writers = self.writers(volume, container);
        if writers.as_ref().is_some_and(|writers| writers.iter().any(&may_make)) {
            return Some(true);
        }
        self.knows_all_writers(volume, container).then_some(false)
    }
}

/// Whether what is sent arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// It does.
    Arrives,
    /// Nothing that the Agent could share is mounted where it is sent to.
    NotMounted,
    /// The Agent makes its socket where nobody else can see it.
    NotShared {
        /// In memory of its own, and not on its own root filesystem.
        is_tmpfs: bool,
    },
    /// Another volume is mounted there than the Agent's.
    OtherVolume,
    /// It is the Agent's volume, and a file in it that the Agent does not make.
    OtherSocket,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    /// Something of the container's own: its root filesystem, or a tmpfs.
    Own(bool),
    /// A place below something that others can mount.
    Shared(String, String),
}

impl Location {
    fn is_shared(&self) -> bool {
        matches!(self, Location::Shared(..))
    }
}

/// The other name of a path below `/run` or `/var/run`.
fn other_name(path: &str) -> Option<Cow<'static, str>> {
    if path.starts_with("/var/run/") {
        return path.strip_prefix("/var").map(|rest| Cow::Owned(rest.to_owned()));
    }
    path.starts_with("/run/").then(|| Cow::Owned(format!("/var{path}")))
}

/// What the Agent reads as false (strconv.ParseBool of Go).
fn is_false(value: &str) -> bool {
    matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False")
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
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

    /// The way from `app` to the Agent's socket for traces, with these members and volumes.
    fn way(app: &str, agent: &str, volumes: &str, to: &str) -> Option<Way> {
        let document = node(&format!(
            r#"{{"volumes": [{volumes}], "containerDefinitions": [{{"name": "app"{app}}},
                {{"name": "dd", "image": "datadog/agent:7.81.1"{agent}}}]}}"#
        ));
        let task = TaskDefinition::read(&Subject::of(&document));
        let agent = task.named("dd").unwrap();
        match task.receiver(agent, Signal::Traces) {
            Receiver::Socket(made, _) => task.way(task.named("app").unwrap(), to, agent, &made),
            _ => None,
        }
    }

    #[test]
    fn what_is_sent_arrives_where_both_see_one_file() {
        const USUAL: &str = "/var/run/datadog/apm.socket";
        let at = |volume: &str, path: &str| {
            format!(r#", "mountPoints": [{{"sourceVolume": "{volume}", "containerPath": "{path}"}}]"#)
        };
        let usual = at("s", "/var/run/datadog");
        let host = r#"{"name": "h", "host": {"sourcePath": "/srv"}}, {"name": "i", "host": {"sourcePath": "/srv/"}}"#;
        let tmpfs = r#", "linuxParameters": {"tmpfs": [{"containerPath": "/var/run/datadog", "size": 8}]}"#;
        let volumes = r#"{"name": "s"}, {"name": "t"}"#;
        for (app, agent, volumes, to, expected) in [
            (usual.as_str(), usual.as_str(), volumes, USUAL, Some(Way::Arrives)),
            (&at("s", "/sockets"), &usual, volumes, "/sockets/apm.socket", Some(Way::Arrives)),
            (&at("s", "/run/datadog"), &usual, volumes, USUAL, Some(Way::Arrives)),
            (&usual, &usual, volumes, "/run/datadog/apm.socket", Some(Way::Arrives)),
            (&at("h", "/var/run/datadog"), &at("i", "/var/run/datadog"), host, USUAL, Some(Way::Arrives)),
            (r#", "volumesFrom": [{"sourceContainer": "dd"}]"#, &usual, volumes, USUAL, Some(Way::Arrives)),
            ("", &usual, volumes, USUAL, Some(Way::NotMounted)),
            (&at("s", "/sockets"), &usual, volumes, USUAL, Some(Way::NotMounted)),
            (tmpfs, &usual, volumes, USUAL, Some(Way::NotMounted)),
            (&at("t", "/var/run/datadog"), &usual, volumes, USUAL, Some(Way::OtherVolume)),
            (&usual, "", volumes, USUAL, Some(Way::NotShared { is_tmpfs: false })),
            (&usual, tmpfs, volumes, USUAL, Some(Way::NotShared { is_tmpfs: true })),
            (&usual, &usual, volumes, "/var/run/datadog/trace.sock", Some(Way::OtherSocket)),
            (r#", "mountPoints": "<unknown>""#, &usual, volumes, USUAL, None),
            (&usual, &usual.replace("\"s\"", "\"<unknown>\""), volumes, USUAL, None),
        ] {
            assert_eq!(way(app, agent, volumes, to), expected, "{app} {agent} {to}");
        }
    }

    #[test]
    fn an_agent_listens_where_it_is_told_or_where_its_release_does() {
        let receiver = |image: &str, variables: &str| {
            let document = node(&format!(
                r#"{{"containerDefinitions": [{{"name": "dd", "image": "{image}", "environment": [{variables}]}}]}}"#
            ));
            let task = TaskDefinition::read(&Subject::of(&document));
            format!("{:?}", task.receiver(task.named("dd").unwrap(), Signal::Metrics))
        };
        const IMAGE: &str = "datadog/agent:7.81.1";
        let variable = |name: &str, value: &str| format!(r#"{{"name": "{name}", "value": "{value}"}}"#);
        for (image, variables, expected) in [
            (IMAGE, String::new(), "Socket(\"/var/run/datadog/dsd.socket\", false)"),
            ("datadog/agent:7", String::new(), "Socket(\"/var/run/datadog/dsd.socket\", false)"),
            ("datadog/agent:7.56.2", String::new(), "Off(TooOld)"),
            ("example.com/datadog-agent:3", String::new(), "Unknown"),
            (IMAGE, variable("DD_USE_DOGSTATSD", "false"), "Off(Switch(0))"),
            (IMAGE, variable("DD_USE_DOGSTATSD", "no"), "Socket(\"/var/run/datadog/dsd.socket\", false)"),
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", ""), "Off(NoSocket(0))"),
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", "/s/d.sock"), "Socket(\"/s/d.sock\", true)"),
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", "<unknown>"), "Unknown"),
        ] {
            assert_eq!(receiver(image, &variables), expected, "{image} {variables}");
        }
    }
}
