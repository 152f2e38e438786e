//! One service.

use std::collections::BTreeMap;

use crate::document::{Node, Object};
use crate::render::engine::{cpus, seconds};
use crate::rofs::settings::{HealthCheck, LogConfiguration, Probe, Text};
use crate::rofs::variables::DD_API_KEY;
use crate::rofs::workload::{Condition, Container, Dependency, Mount, Port, Role, VolumeKind};

/// The service of a sidecar. What the container does not say is left out rather than written empty. Compose has no bound for
/// the time of a start and no container that ends the others, so `start_timeout` and `essential` have no words here.
pub(super) fn service(container: &Container, kinds: &BTreeMap<&str, VolumeKind>) -> Node {
    let mut service = Object::new();
    let mut set = |key: &str, node: Node| {
        service.insert(key.to_owned(), node);
    };
    set("image", text(&container.image));
    set("read_only", true.into());
    set("restart", restart(container).into());
    if let Some(command) = &container.command {
        set("command", command.iter().map(|word| literal(word)).collect::<Vec<_>>().into());
    }
    if let Some(user) = &container.user {
        set("user", text(user));
    }
    if container.sees_the_machines_processes {
        set("pid", "host".into());
    }
    if let Some(cpu) = container.cpu {
        set("cpus", cpus(cpu));
    }
    for (key, memory) in [("mem_limit", container.memory), ("mem_reservation", container.memory_reservation)]
    {
        if let Some(memory) = memory {
            set(key, format!("{memory}m").into());
        }
    }
    if !container.environment.is_empty() || !container.secrets.is_empty() {
        set("environment", environment(container));
    }
    if !container.docker_labels.is_empty() {
        set("labels", texts(&container.docker_labels));
    }
    let kind = |mount: &Mount| kinds.get(mount.volume.as_str()).copied();
    let (tmpfs, volumes): (Vec<_>, Vec<_>) =
        container.mounts.iter().partition(|mount| kind(mount) == Some(VolumeKind::Tmpfs));
    if !volumes.is_empty() {
        set("volumes", volumes.iter().map(|mount| volume(mount, kind(mount))).collect::<Vec<_>>().into());
    }
    if !tmpfs.is_empty() {
        // Docker's own default is noexec, and what JMX checks load from there has to be executable.
        set("tmpfs", tmpfs.iter().map(|mount| format!("{}:exec", mount.path)).collect::<Vec<_>>().into());
    }
    if !container.ports.is_empty() {
        set("ports", container.ports.iter().map(port).collect::<Vec<_>>().into());
    }
    if !container.dependencies.is_empty() {
        set("depends_on", depends_on(&container.dependencies));
    }
    if !container.secret_files.is_empty() {
        set("secrets", Node::Array(container.secret_files.iter().map(text).collect()));
    }
    if container.role == Role::Agent {
        set("healthcheck", container.health_check.as_ref().map_or_else(no_health_check, health_check));
    }
    if let Some(seconds) = container.stop_timeout {
        set("stop_grace_period", self::seconds(seconds));
    }
    if let Some(configuration) = &container.log_configuration {
        set("logging", logging(configuration));
    }
    Node::Object(service)
}

/// What ends with success is not started again, or whoever waits for its end would wait for ever.
fn restart(container: &Container) -> &'static str {
    match &container.restart_policy {
        Some(policy) if policy.enabled && container.role == Role::Agent => "unless-stopped",
        _ => "no",
    }
}

fn environment(container: &Container) -> Node {
    let written = container.environment.iter().map(|(name, value)| (name.clone(), text(value)));
    let fetched = container.secrets.iter().map(|(name, reference)| {
        let value = match reference {
            Text::Known(variable) if name == DD_API_KEY => {
                of_the_environment(variable, "the Datadog API key").into()
            }
            Text::Known(variable) => of_the_environment(variable, &format!("the value of {name}")).into(),
            Text::Unknown => Node::Unknown,
        };
        (name.clone(), value)
    });
    written.chain(fetched).collect()
}

/// A reference to a variable of the machine, without which nothing is started.
pub(super) fn of_the_environment(variable: &str, what: &str) -> String {
    format!("${{{variable}:?set it to {what}}}")
}

/// A mapping from names to texts.
pub(super) fn texts(texts: &BTreeMap<String, Text>) -> Node {
    texts.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn text(text: &Text) -> Node {
    match text {
        Text::Known(text) => literal(text).into(),
        Text::Unknown => Node::Unknown,
    }
}

/// A text that Compose takes as it is.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

fn volume(mount: &Mount, kind: Option<VolumeKind>) -> String {
    match kind {
        Some(VolumeKind::HostPath(source)) => joined(source, mount),
        _ => named_volume(mount),
    }
}

/// A mount of a named volume.
pub(crate) fn named_volume(mount: &Mount) -> String {
    joined(&mount.volume, mount)
}

fn joined(source: &str, mount: &Mount) -> String {
    let mode = if mount.read_only { ":ro" } else { "" };
    format!("{source}:{}{mode}", mount.path)
}

/// A port that is open to the machine itself and to nobody else; services reach each other without.
fn port(port: &Port) -> Node {
    Node::from([
        ("target", port.number.into()),
        ("published", port.number.to_string().into()),
        ("host_ip", "127.0.0.1".into()),
        ("protocol", port.protocol.name().into()),
    ])
}

/// Services that have to get somewhere first, by their names.
pub(super) fn depends_on(dependencies: &[Dependency]) -> Node {
    dependencies
        .iter()
        .map(|dependency| {
            let condition = condition(dependency.condition);
            (dependency.container.clone(), Node::from([("condition", condition.into())]))
        })
        .collect()
}

/// Compose's name for how far a service must have got.
fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Started => "service_started",
        Condition::Healthy => "service_healthy",
        Condition::Succeeded => "service_completed_successfully",
    }
}

fn health_check(check: &HealthCheck) -> Node {
    let words: Vec<String> = match &check.probe {
        Probe::Program(program) => {
            std::iter::once("CMD").chain(program.iter().map(String::as_str)).map(literal).collect()
        }
        Probe::Shell(line) => vec!["CMD-SHELL".to_owned(), literal(line)],
    };
    Node::from([
        ("test", words.into()),
        ("interval", seconds(check.interval)),
        ("timeout", seconds(check.timeout)),
        ("retries", check.retries.into()),
        ("start_period", seconds(check.start_period)),
    ])
}

/// Without a word the image's own health check would run.
fn no_health_check() -> Node {
    Node::from([("disable", true.into())])
}

fn logging(configuration: &LogConfiguration) -> Node {
    let mut logging = Object::from_iter([("driver".to_owned(), text(&configuration.log_driver))]);
    if !configuration.options.is_empty() {
        logging.insert("options".to_owned(), texts(&configuration.options));
    }
    Node::Object(logging)
}
