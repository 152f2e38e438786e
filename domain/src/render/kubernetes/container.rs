//! One container.

use std::collections::BTreeMap;

use super::super::Unwritable;
use super::{NAME, plain};
use crate::document::{Node, Object, object};
use crate::kubernetes::literal;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::settings::{HealthCheck, Probe, Text};
use crate::rofs::workload::{Container, Mount, Port, Role, Transport};

/// CPU units of one CPU, and what Kubernetes counts of one.
const UNITS_OF_A_CPU: i64 = 1024;
const MILLICORES_OF_A_CPU: i64 = 1000;

/// What a program of root's needs that hands directories over and writes to those of other users.
const OF_THE_COPY: [&str; 3] = ["CHOWN", "DAC_OVERRIDE", "FOWNER"];

/// What a supervisor of root's needs besides that starts, signals and stops programs of other users.
const OF_THE_SUPERVISOR: [&str; 6] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];

/// The container of a sidecar. What the container does not say is left out rather than written empty. A Pod has no container
/// that ends the others, and bounds no time of a start but by a probe. `says_user`: whether root is said aloud, whatever the Pod
/// says.
pub(super) fn container(container: &Container, says_user: bool) -> Result<Node, Unwritable> {
    refuse(container)?;
    let mut members = Object::new();
    let mut set = |key: &str, node: Node| {
        members.insert(key.to_owned(), node);
    };
    set("name", container.name.as_str().into());
    set("image", plain(&container.image));
    if let Some(command) = &container.command {
        set("command", command.iter().map(|word| literal(word)).collect::<Vec<_>>().into());
    }
    let environment = environment(container);
    if !environment.is_empty() {
        set("env", environment.into());
    }
    if !container.ports.is_empty() {
        set("ports", container.ports.iter().map(port).collect::<Vec<_>>().into());
    }
    if let Some(resources) = resources(container) {
        set("resources", resources);
    }
    set("securityContext", security_context(container, says_user));
    if !container.mounts.is_empty() {
        set("volumeMounts", container.mounts.iter().map(volume_mount).collect::<Vec<_>>().into());
    }
    if let Some(check) = &container.health_check {
        // Who waits is started when this has succeeded once; until then the other probe is not asked.
        if let Some(seconds) = container.start_timeout {
            set("startupProbe", probe(check, 0, seconds.div_euclid(check.interval.max(1)).max(1)));
        }
        let delay = if container.start_timeout.is_some() { 0 } else { check.start_period };
        set("livenessProbe", probe(check, delay, check.retries));
    }
    Ok(Node::Object(members))
}

/// What a container of Kubernetes cannot say.
fn refuse(container: &Container) -> Result<(), Unwritable> {
    if !container.secret_files.is_empty() {
        return Err(Unwritable::SecretFile { platform: NAME, container: container.name.clone() });
    }
    Ok(())
}

fn value(text: &Text) -> Node {
    match text {
        Text::Known(text) => literal(text).into(),
        Text::Unknown => Node::Unknown,
    }
}

/// Variables with their values, by name: those whose values the platform fills in first, and then the others.
pub(crate) fn variables(
    filled_in: &BTreeMap<String, &'static str>,
    variables: &BTreeMap<String, Text>,
) -> Vec<Node> {
    let filled_in = filled_in.iter().map(|(name, field)| of_a_field(name, field));
    let written = variables.iter().map(|(name, text)| variable(name, ("value", value(text))));
    filled_in.chain(written).collect()
}

/// A variable whose value is a field of the Pod.
fn of_a_field(name: &str, field: &str) -> Node {
    let field = Node::from([("fieldPath", field.into())]);
    variable(name, ("valueFrom", Node::from([("fieldRef", field)])))
}

fn variable(name: &str, said: (&str, Node)) -> Node {
    Node::from([("name", name.into()), said])
}

/// All variables, by name: a list has no name twice.
fn environment(container: &Container) -> Vec<Node> {
    let from = |key: &str, node: Node| ("valueFrom", Node::from([(key, node)]));
    let mut all: BTreeMap<&str, Node> = BTreeMap::new();
    for (name, field) in &container.filled_in {
        all.insert(name, of_a_field(name, field));
    }
    for (name, text) in &container.environment {
        all.insert(name, variable(name, ("value", value(text))));
    }
    for (name, reference) in &container.secrets {
        all.insert(name, variable(name, from("secretKeyRef", secret(reference))));
    }
    all.into_values().collect()
}

/// An entry of a Secret.
fn secret(reference: &Text) -> Node {
    let (name, key) = match reference {
        Text::Known(reference) => {
            let (name, key) = reference.split_once('/').unwrap_or((reference, ""));
            (name.into(), key.into())
        }
        Text::Unknown => (Node::Unknown, Node::Unknown),
    };
    Node::from([("name", name), ("key", key)])
}

fn port(port: &Port) -> Node {
    let protocol = match port.protocol {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
    };
    Node::from([("containerPort", port.number.into()), ("protocol", protocol.into())])
}

fn resources(container: &Container) -> Option<Node> {
    let memory = |key: &str, mib: Option<i64>| Some((key.to_owned(), Node::from(format!("{}Mi", mib?))));
    let cpu = container.cpu.map(|units| {
        let millicores = (units * MILLICORES_OF_A_CPU / UNITS_OF_A_CPU).max(1);
        ("cpu".to_owned(), Node::from(format!("{millicores}m")))
    });
    let requests = object(cpu.into_iter().chain(memory("memory", container.memory_reservation)));
    let limits = object(memory("memory", container.memory));
    let members = [("requests", requests), ("limits", limits)].into_iter();
    let members = object(
        members
            .filter(|(_, amounts)| !amounts.is_empty())
            .map(|(key, amounts)| (key.to_owned(), Node::Object(amounts))),
    );
    (!members.is_empty()).then_some(Node::Object(members))
}

/// A read-only root, and no more than the container needs otherwise.
fn security_context(container: &Container, says_user: bool) -> Node {
    let is_of_root = runs_as(container.user.as_ref()) == RunsAs::Root;
    let added: &[&str] = match (is_of_root, container.role) {
        (false, _) => &[],
        (true, Role::Init) => &OF_THE_COPY,
        (true, Role::Agent) => &OF_THE_SUPERVISOR,
    };
    let mut capabilities = Object::from_iter([("drop".to_owned(), Node::from(vec!["ALL"]))]);
    if !added.is_empty() {
        capabilities.insert("add".to_owned(), added.to_vec().into());
    }
    let mut members = Object::from_iter([
        ("readOnlyRootFilesystem".to_owned(), true.into()),
        ("allowPrivilegeEscalation".to_owned(), false.into()),
        ("capabilities".to_owned(), Node::Object(capabilities)),
        ("seccompProfile".to_owned(), Node::from([("type", "RuntimeDefault".into())])),
    ]);
    let root = Text::from("0");
    if let Some(user) = container.user.as_ref().or(says_user.then_some(&root)) {
        let (user, group) = ids(user);
        if let Some(user) = user.as_i64() {
            members.insert("runAsNonRoot".to_owned(), (user != 0).into());
        }
        members.insert("runAsUser".to_owned(), user);
        if !group.is_null() {
            members.insert("runAsGroup".to_owned(), group);
        }
    }
    Node::Object(members)
}

/// The numbers of a user and its group: Kubernetes has no names for them. Null for what is none.
pub(super) fn ids(user: &Text) -> (Node, Node) {
    let Text::Known(user) = user else { return (Node::Unknown, Node::Null) };
    let (user, group) = user.split_once(':').unwrap_or((user, ""));
    let number = |name: &str, known: &[(&str, i64)]| {
        let known = known.iter().find(|(own, _)| *own == name).map(|(_, number)| *number);
        known.or(name.parse().ok().filter(|number: &i64| *number >= 0)).map_or(Node::Null, Node::from)
    };
    (number(user, &[("root", 0), ("dd-agent", 100)]), number(group, &[("root", 0)]))
}

/// A volume at a place.
pub(crate) fn volume_mount(mount: &Mount) -> Node {
    let mut members = Object::from_iter([
        ("name".to_owned(), Node::from(mount.volume.as_str())),
        ("mountPath".to_owned(), mount.path.as_str().into()),
    ]);
    if mount.read_only {
        members.insert("readOnly".to_owned(), true.into());
    }
    if let Some(file) = &mount.file {
        members.insert("subPath".to_owned(), file.as_str().into());
    }
    Node::Object(members)
}

/// A command that is run in the container. Kubernetes expands nothing in it.
fn probe(check: &HealthCheck, delay: i64, failures: i64) -> Node {
    let words: Vec<&str> = match &check.probe {
        Probe::Program(program) => program.iter().map(String::as_str).collect(),
        Probe::Shell(line) => vec!["sh", "-c", line],
    };
    let mut members = Object::from_iter([
        ("exec".to_owned(), Node::from([("command", words.into())])),
        ("periodSeconds".to_owned(), check.interval.into()),
        ("timeoutSeconds".to_owned(), check.timeout.into()),
        ("failureThreshold".to_owned(), failures.into()),
    ]);
    if delay > 0 {
        members.insert("initialDelaySeconds".to_owned(), delay.into());
    }
    Node::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_numbers() {
        let read = |user: &str| ids(&user.into());
        assert_eq!(read("root"), (0.into(), Node::Null));
        assert_eq!(read("dd-agent"), (100.into(), Node::Null));
        assert_eq!(read("100:0"), (100.into(), 0.into()));
        assert_eq!(read("100:root"), (100.into(), 0.into()));
        assert_eq!(read("nobody"), (Node::Null, Node::Null));
        assert_eq!(ids(&Text::Unknown), (Node::Unknown, Node::Null));
    }
}
