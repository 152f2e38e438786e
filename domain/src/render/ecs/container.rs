//! One container definition.

use std::collections::BTreeMap;

use super::text;
use crate::document::{Node, Object};
use crate::rofs::settings::{HealthCheck, LogConfiguration, Probe, RestartPolicy, Text};
use crate::rofs::workload::{Condition, Container, Dependency, Mount, Port};

/// The container definition of a sidecar. What the container does not say is left out rather than written empty.
pub fn container_definition(container: &Container) -> Node {
    let mut definition = Object::new();
    let mut set = |key: &str, node: Node| {
        definition.insert(key.to_owned(), node);
    };
    set("name", container.name.as_str().into());
    set("image", text(&container.image));
    set("essential", container.essential.into());
    set("readonlyRootFilesystem", true.into());
    if let Some(arn) = &container.repository_credentials {
        set("repositoryCredentials", Node::from([("credentialsParameter", text(arn))]));
    }
    if let Some(command) = &container.command {
        set("command", command.clone().into());
    }
    if let Some(user) = &container.user {
        set("user", text(user));
    }
    for (key, number) in [
        ("cpu", container.cpu),
        ("memory", container.memory),
        ("memoryReservation", container.memory_reservation),
        ("startTimeout", container.start_timeout),
        ("stopTimeout", container.stop_timeout),
    ] {
        if let Some(number) = number {
            set(key, number.into());
        }
    }
    if let Some(environment) = key_values("name", &container.environment, "value") {
        set("environment", environment);
    }
    if let Some(secrets) = key_values("name", &container.secrets, "valueFrom") {
        set("secrets", secrets);
    }
    if !container.docker_labels.is_empty() {
        set("dockerLabels", map(&container.docker_labels));
    }
    if !container.mounts.is_empty() {
        set("mountPoints", Node::Array(container.mounts.iter().map(mount_point).collect()));
    }
    if !container.ports.is_empty() {
        set("portMappings", Node::Array(container.ports.iter().map(port_mapping).collect()));
    }
    if !container.dependencies.is_empty() {
        set("dependsOn", Node::Array(container.dependencies.iter().map(dependency).collect()));
    }
    if let Some(check) = &container.health_check {
        set("healthCheck", health_check(check));
    }
    if let Some(policy) = &container.restart_policy {
        set("restartPolicy", restart_policy(policy));
    }
    if let Some(configuration) = &container.log_configuration {
        set("logConfiguration", log_configuration(configuration));
    }
    Node::Object(definition)
}

/// A pair as ECS writes members of a map in a list.
pub(crate) fn key_value(key: &str, name: &str, value_key: &str, value: &Text) -> Node {
    Node::from([(key, Node::from(name)), (value_key, text(value))])
}

fn key_values(key: &str, values: &BTreeMap<String, Text>, value_key: &str) -> Option<Node> {
    (!values.is_empty()).then(|| {
        Node::Array(values.iter().map(|(name, value)| key_value(key, name, value_key, value)).collect())
    })
}

fn map(values: &BTreeMap<String, Text>) -> Node {
    values.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// A mount point. `readOnly` is left out where it is false, which is what ECS takes its absence for.
pub(crate) fn mount_point(mount: &Mount) -> Node {
    let mut point = Object::from_iter([
        ("sourceVolume".to_owned(), mount.volume.as_str().into()),
        ("containerPath".to_owned(), mount.path.as_str().into()),
    ]);
    if mount.read_only {
        point.insert("readOnly".to_owned(), true.into());
    }
    Node::Object(point)
}

/// A port mapping. With network mode `awsvpc` the port of the host is the container's own.
pub(crate) fn port_mapping(port: &Port) -> Node {
    Node::from([
        ("containerPort", port.number.into()),
        ("hostPort", port.number.into()),
        ("protocol", port.protocol.name().into()),
    ])
}

/// An entry of `dependsOn`.
pub(crate) fn dependency(dependency: &Dependency) -> Node {
    Node::from([
        ("containerName", dependency.container.as_str().into()),
        (
            "condition",
            match dependency.condition {
                Condition::Started => "START".into(),
                Condition::Healthy => "HEALTHY".into(),
                Condition::Succeeded => "SUCCESS".into(),
            },
        ),
    ])
}

/// What the words of a health check's `command` run: `CMD` and a program, or `CMD-SHELL` and one line. None where ECS would
/// not understand them.
pub fn probe(words: &[String]) -> Option<Probe> {
    let (first, rest) = words.split_first()?;
    let complete = !rest.is_empty() && rest.iter().all(|word| !word.is_empty());
    match (first.as_str(), rest) {
        (PROGRAM, program) if complete => Some(Probe::Program(program.to_vec())),
        (SHELL, [line]) if complete => Some(Probe::Shell(line.clone())),
        _ => None,
    }
}

/// First words of a health check's `command`.
const PROGRAM: &str = "CMD";
const SHELL: &str = "CMD-SHELL";

fn health_check(check: &HealthCheck) -> Node {
    let words = match &check.probe {
        Probe::Program(program) => {
            std::iter::once(PROGRAM.to_owned()).chain(program.iter().cloned()).collect()
        }
        Probe::Shell(line) => vec![SHELL.to_owned(), line.clone()],
    };
    Node::from([
        ("command", words.into()),
        ("interval", check.interval.into()),
        ("timeout", check.timeout.into()),
        ("retries", check.retries.into()),
        ("startPeriod", check.start_period.into()),
    ])
}

fn restart_policy(policy: &RestartPolicy) -> Node {
    let mut rendered = Object::from_iter([("enabled".to_owned(), policy.enabled.into())]);
    if !policy.ignored_exit_codes.is_empty() {
        rendered.insert("ignoredExitCodes".to_owned(), policy.ignored_exit_codes.clone().into());
    }
    if let Some(period) = policy.restart_attempt_period {
        rendered.insert("restartAttemptPeriod".to_owned(), period.into());
    }
    Node::Object(rendered)
}

fn log_configuration(configuration: &LogConfiguration) -> Node {
    let mut rendered = Object::from_iter([("logDriver".to_owned(), text(&configuration.log_driver))]);
    if !configuration.options.is_empty() {
        rendered.insert("options".to_owned(), map(&configuration.options));
    }
    if let Some(secrets) = key_values("name", &configuration.secret_options, "valueFrom") {
        rendered.insert("secretOptions".to_owned(), secrets);
    }
    Node::Object(rendered)
}
