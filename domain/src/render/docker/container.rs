//! One container, as the arguments of `docker_container`.

use std::collections::BTreeMap;

use super::{list, named, set_members, text};
use crate::document::Node;
use crate::render::engine::{cpus, seconds};
use crate::rofs::platform::Platform;
use crate::rofs::settings::{HealthCheck, LogConfiguration, Probe, Text};
use crate::rofs::workload::{Container, Mount, Port, Role, VolumeKind};

/// What the container does not say is left out rather than written empty. Docker has no container that ends the others, so
/// `essential` has no words here.
pub(super) fn container(
    container: &Container,
    kinds: &BTreeMap<&str, VolumeKind>,
    network: Option<&str>,
) -> Node {
    let is_agent = container.role == Role::Agent;
    let kind = |mount: &Mount| kinds.get(mount.volume.as_str()).copied();
    let (memory, mounts): (Vec<_>, Vec<_>) =
        container.mounts.iter().partition(|mount| kind(mount) == Some(VolumeKind::Tmpfs));
    let files = container.secret_files.iter().map(secret_file);
    let volumes = mounts.into_iter().map(|mount| volume(mount, kind(mount))).chain(files);
    let log = container.log_configuration.as_ref();
    Node::Object(set_members([
        ("attach", (!is_agent).then(|| true.into())),
        ("command", container.command.as_ref().map(|words| words.clone().into())),
        ("cpus", container.cpu.map(cpus)),
        ("env", list(variables(&container.environment))),
        ("healthcheck", is_agent.then(|| vec![health_check(container.health_check.as_ref())].into())),
        ("image", Some(text(&container.image))),
        ("labels", list(labels(&container.docker_labels))),
        ("log_driver", log.map(|log| text(&log.log_driver))),
        ("log_opts", log.and_then(log_options)),
        ("memory", container.memory.map(Node::from)),
        ("memory_reservation", container.memory_reservation.map(Node::from)),
        ("must_run", Some(is_agent.into())),
        ("name", Some(container.name.as_str().into())),
        ("networks_advanced", network.filter(|_| is_agent).map(|name| vec![named(name)].into())),
        ("pid_mode", container.sees_the_machines_processes.then(|| "host".into())),
        ("ports", list(container.ports.iter().map(port).collect())),
        ("read_only", Some(true.into())),
        ("restart", Some(restart(container).into())),
        ("secrets", secrets(&container.secrets)),
        ("stop_timeout", container.stop_timeout.map(Node::from)),
        ("tmpfs", tmpfs(&memory)),
        ("user", container.user.as_ref().map(text)),
        ("volumes", list(volumes.collect())),
        ("wait", container.start_timeout.filter(|_| is_agent).map(|_| true.into())),
        ("wait_timeout", container.start_timeout.filter(|_| is_agent).map(Node::from)),
    ]))
}

/// `NAME=value`, as Docker has variables.
pub(super) fn variables(variables: &BTreeMap<String, Text>) -> Vec<Node> {
    let variable = |(name, value): (&String, &Text)| match value {
        Text::Known(value) => format!("{name}={value}").into(),
        Text::Unknown => Node::Unknown,
    };
    variables.iter().map(variable).collect()
}

pub(super) fn labels(labels: &BTreeMap<String, Text>) -> Vec<Node> {
    let label = |(label, value): (&String, &Text)| {
        Node::from([("label", label.as_str().into()), ("value", text(value))])
    };
    labels.iter().map(label).collect()
}

/// A mount of a volume by its name, or of what is on the machine.
pub(super) fn volume(mount: &Mount, kind: Option<VolumeKind>) -> Node {
    let source = match kind {
        Some(VolumeKind::HostPath(path)) => ("host_path", path.into()),
        _ => ("volume_name", mount.volume.as_str().into()),
    };
    mounted(source, &mount.path, mount.read_only)
}

fn mounted(source: (&'static str, Node), path: &str, read_only: bool) -> Node {
    Node::from([source, ("container_path", path.into()), ("read_only", read_only.into())])
}

/// The file of the machine with a secret in it, by its path.
fn secret_file(path: &Text) -> Node {
    match path {
        Text::Known(path) => {
            mounted(("host_path", path.as_str().into()), &Platform::Docker.secret_file(path), true)
        }
        Text::Unknown => Node::Unknown,
    }
}

fn secrets(secrets: &BTreeMap<String, Text>) -> Option<Node> {
    let named = secrets.iter().map(|(name, variable)| (name.clone(), text(variable)));
    (!secrets.is_empty()).then(|| named.collect())
}

/// Docker's own default is noexec, and what JMX checks load from there has to be executable.
fn tmpfs(mounts: &[&Mount]) -> Option<Node> {
    (!mounts.is_empty()).then(|| mounts.iter().map(|mount| (mount.path.clone(), "exec".into())).collect())
}

/// What ends is not started again, or whoever waits for its end would wait for ever.
fn restart(container: &Container) -> &'static str {
    match &container.restart_policy {
        Some(policy) if policy.enabled && container.role == Role::Agent => "unless-stopped",
        _ => "no",
    }
}

/// A port that is open to the machine itself and to nobody else; containers reach each other without.
fn port(port: &Port) -> Node {
    Node::from([
        ("internal", port.number.into()),
        ("external", port.number.into()),
        ("ip", "127.0.0.1".into()),
        ("protocol", port.protocol.name().into()),
    ])
}

/// Without a word the image's own health check would run.
fn health_check(check: Option<&HealthCheck>) -> Node {
    let Some(check) = check else { return Node::from([("test", vec!["NONE"].into())]) };
    let test: Vec<String> = match &check.probe {
        Probe::Program(words) => ["CMD".to_owned()].into_iter().chain(words.iter().cloned()).collect(),
        Probe::Shell(line) => vec!["CMD-SHELL".to_owned(), line.clone()],
    };
    Node::from([
        ("test", test.into()),
        ("interval", seconds(check.interval)),
        ("timeout", seconds(check.timeout)),
        ("retries", check.retries.into()),
        ("start_period", seconds(check.start_period)),
    ])
}

fn log_options(log: &LogConfiguration) -> Option<Node> {
    let options = log.options.iter().map(|(name, value)| (name.clone(), text(value)));
    (!log.options.is_empty()).then(|| options.collect())
}
