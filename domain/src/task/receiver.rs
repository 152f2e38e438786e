//! Where an Agent takes what applications send, and whether that is where they send it.
//!
//! Sources: Datadog's page about DogStatsD over Unix sockets; for the sockets that are there unless told otherwise,
//! datadog-agent CHANGELOG 7.57.0 (read 2026-11).

use std::borrow::Cow;

use super::sender::{Signal, is_false, is_local};
use super::variable::is_template;
use super::{Container, Given, Mount, Port, Source, TaskDefinition, is_empty_directory, normalized};
use crate::document::{Node, Path};
use crate::rofs::agent_version::{AgentVersion, Release, agent_image};
use crate::rofs::image_reference::{AgentRepository, Image};

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
    /// The variable at that place is no path: it has a scheme, or does not begin with a slash.
    NoPath(usize),
    /// It is older than the release that makes sockets by itself, and nothing tells it to.
    TooOld,
}

/// The first release that makes both sockets without being told.
const MAKES_SOCKETS: Release = Release::new(7, 57, 0);

impl Container<'_> {
    /// Whether its image is Datadog's own. One of somebody else may have a configuration of its own.
    pub(crate) fn has_datadogs_image(&self) -> bool {
        let image = self.get("image").as_str().and_then(Image::parse);
        image.is_some_and(|image| image.agent_repository() == AgentRepository::Datadog)
    }
}

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
            Given::Text(path, index) if !is_template(path) => Receiver::Off(Off::NoPath(index)),
            Given::Text(..) | Given::Secret | Given::PerhapsByFile | Given::Unknown => Receiver::Unknown,
            Given::Absent => self.usual_receiver(agent, signal),
        }
    }

    /// The port on which an Agent takes something over the network. `None` if not known: a value that is not known yet or is
    /// no port, or the image's own configuration.
    pub(crate) fn port(&self, agent: &Container<'a>, signal: Signal) -> Option<u16> {
        // The older name of the port for traces counts as well.
        if signal == Signal::Traces && agent.given("DD_RECEIVER_PORT") != Given::Absent {
            return None;
        }
        match agent.given(signal.port_variable()) {
            Given::Text(port, _) => port.trim().parse().ok().filter(|port| *port != 0),
            Given::Absent => agent.has_datadogs_image().then(|| signal.usual_port()),
            Given::Secret | Given::PerhapsByFile | Given::Unknown => None,
        }
    }

    /// Whether another program than an Agent may listen on a port to which a container sends. Who runs no longer does not, nor
    /// who sends there as well. `None` if not yet known.
    pub(crate) fn may_listen(&self, sender: &Container<'a>, port: u16) -> Option<bool> {
        let maps = |container: &Container<'a>| {
            let is_there = |mapped: &Port<'a>| {
                mapped.container.index == container.index
                    && (mapped.first..=mapped.last).contains(&i64::from(port))
            };
            self.ports().known.iter().any(is_there)
        };
        if maps(sender) {
            return Some(true);
        }
        for other in self.containers().known.iter().filter(|other| other.index != sender.index) {
            let is_harmless = self.is_agent(other)?
                || self.ends_before_another_starts(other)?
                || (!maps(other) && self.sent_ports(other, is_local).0.iter().any(|sent| sent.port == port));
            if !is_harmless {
                return Some(true);
            }
        }
        self.knows_all_containers().then_some(false)
    }

    fn usual_receiver(&self, agent: &Container<'a>, signal: Signal) -> Receiver<'a> {
        let Some(image) = agent.get("image").as_str() else { return Receiver::Unknown };
        match agent_image(&image.into(), None).version {
            _ if !agent.has_datadogs_image() => Receiver::Unknown,
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
    pub(crate) fn mount_towards(&self, container: &Container<'a>, path: &str) -> Option<Path> {
        let mounts = self.mounts(container);
        let seen = |path: &str| mounts.seen_at(path).flatten().map(Mount::place);
        seen(path).or_else(|| seen(&other_name(path)?))
    }

    /// Whether somebody else than an Agent may make a socket in the volume that a container sees at a path: who runs
    /// beside it, can write there and sends nothing to it. `None` if not yet known.
    pub(crate) fn may_be_made_by_another(&self, container: &Container<'a>, path: &str) -> Option<bool> {
        let seen = self.mounts(container).seen_at(path)?.map(|mount| mount.source);
        let Some(Source::Volume(volume)) = seen else { return Some(false) };
        // What is on the instance may have been there before.
        if self.volume(volume)?.is_some_and(|volume| is_empty_directory(volume) == Some(false)) {
            return Some(true);
        }
        let may_make = |other: &Container<'a>| {
            other.may_prepare_the_agent() != Some(true)
                && self.is_agent(other) != Some(true)
                && self.senders(other).known.is_empty()
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

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
    use super::*;

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
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", "unix:///s/d.sock"), "Off(NoPath(0))"),
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", "$SOCKET"), "Unknown"),
            (IMAGE, variable("DD_DOGSTATSD_SOCKET", "<unknown>"), "Unknown"),
        ] {
            assert_eq!(receiver(image, &variables), expected, "{image} {variables}");
        }
    }
}
