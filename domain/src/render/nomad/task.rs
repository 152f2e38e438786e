//! One task.

use std::collections::BTreeMap;

use super::secret::reference;
use super::{driver_texts, text};
use crate::document::{Node, Object, object};
use crate::rofs::settings::{HealthCheck, LogConfiguration, Probe, Text};
use crate::rofs::workload::{Container, File, Mount, Role, Workload};

/// The task of a sidecar. What the container does not say is left out rather than written empty. Nomad bounds no start and gives
/// no task of a group more weight than another, so `start_timeout` and `essential` have no words here; what a task waits for is
/// its place in the life of the allocation.
pub(super) fn task(container: &Container, workload: &Workload) -> Node {
    let mut task = Object::new();
    let mut set = |key: &str, node: Node| {
        task.insert(key.to_owned(), node);
    };
    set("driver", "docker".into());
    if container.role == Role::Init {
        // Before the tasks without a hook, which wait until it has ended with success.
        set("lifecycle", one([("hook", "prestart".into()), ("sidecar", false.into())]));
    }
    if let Some(user) = &container.user {
        set("user", text(user));
    }
    set("config", one_of(config(container)));
    let environment = environment(container);
    if !environment.is_empty() {
        set("env", one_of(environment));
    }
    let templates = templates(container, workload);
    if !templates.is_empty() {
        set("template", templates.into());
    }
    if container.secrets.values().any(is_of_vault) {
        // The token stays with Nomad: neither a variable nor a file shows it to the task.
        set("vault", one([("disable_file", true.into()), ("env", false.into())]));
    }
    set("resources", one_of(resources(container)));
    if let Some(restart) = restart(container) {
        set("restart", restart);
    }
    if let Some(seconds) = container.stop_timeout {
        set("kill_timeout", format!("{seconds}s").into());
    }
    if let Some(check) = container.health_check.as_ref().filter(|_| container.role == Role::Agent) {
        set("service", service(&container.name, check));
    }
    Node::Object(task)
}

fn config(container: &Container) -> Object {
    let mut config = Object::new();
    let mut set = |key: &str, node: Node| {
        config.insert(key.to_owned(), node);
    };
    set("image", text(&container.image));
    set("readonly_rootfs", true.into());
    if let Some((program, words)) = container.command.as_ref().and_then(|command| command.split_first()) {
        set("command", program.as_str().into());
        set("args", words.iter().map(String::as_str).collect::<Vec<_>>().into());
    }
    if !container.docker_labels.is_empty() {
        set("labels", vec![driver_texts(&container.docker_labels)].into());
    }
    if let (Some(limit), Some(_)) = (container.memory, container.memory_reservation) {
        // With it the task's own memory is what is reserved, not the limit.
        set("memory_hard_limit", limit.into());
    }
    if let Some(configuration) = &container.log_configuration {
        set("logging", logging(configuration));
    }
    if !container.mounts.is_empty() {
        set("volumes", container.mounts.iter().map(volume).collect::<Vec<_>>().into());
    }
    config
}

/// A directory of the allocation, or a file that a template of this task writes.
fn volume(mount: &Mount) -> Node {
    match &mount.file {
        Some(file) => format!("{}:{}:ro", file_of(&mount.volume, file), mount.path).into(),
        None => shared(mount).into(),
    }
}

/// A directory of the allocation at a path. The driver reads a source from the task's own directory, beside which is that of the
/// allocation.
pub(crate) fn shared(mount: &Mount) -> String {
    let mode = if mount.read_only { ":ro" } else { "" };
    format!("../alloc/{}:{}{mode}", mount.volume, mount.path)
}

fn file_of(volume: &str, name: &str) -> String {
    format!("local/{volume}/{name}")
}

fn environment(container: &Container) -> Object {
    let written = container.environment.iter().map(|(name, value)| (name.clone(), text(value)));
    let filled_in =
        container.filled_in.iter().map(|(name, field)| (name.clone(), format!("${{{field}}}").into()));
    object(written.chain(filled_in))
}

/// The secrets of the task as variables, and the files of the configuration.
fn templates(container: &Container, workload: &Workload) -> Vec<Node> {
    let mut templates = Vec::new();
    if !container.secrets.is_empty() {
        templates.push(Node::from([
            ("data", lines(&container.secrets)),
            ("destination", "secrets/datadog.env".into()),
            ("env", true.into()),
            ("error_on_missing_key", true.into()),
        ]));
    }
    for mount in &container.mounts {
        let file = |file: &&File| file.volume == mount.volume && Some(&file.name) == mount.file.as_ref();
        templates.extend(workload.files.iter().find(file).map(template_of));
    }
    templates
}

fn lines(secrets: &BTreeMap<String, Text>) -> Node {
    let mut lines = String::new();
    for (variable, reference_to) in secrets {
        match reference_to {
            Text::Known(text) => lines.extend(reference(text).map(|found| found.line(variable))),
            Text::Unknown => return Node::Unknown,
        }
    }
    lines.into()
}

/// A file with exactly this content. What would begin an action of a template gets brackets that the content has not.
fn template_of(file: &File) -> Node {
    let mut template = Object::from_iter([
        ("change_mode".to_owned(), "noop".into()),
        ("data".to_owned(), text(&file.content)),
        ("destination".to_owned(), file_of(&file.volume, &file.name).into()),
    ]);
    if let Text::Known(content) = &file.content
        && content.contains("{{")
    {
        let longest = content.split(|letter| letter != '[').map(str::len).max().unwrap_or(0);
        template.insert("left_delimiter".to_owned(), "[".repeat(longest.max(1) + 1).into());
        template.insert("right_delimiter".to_owned(), "]".repeat(longest.max(1) + 1).into());
    }
    Node::Object(template)
}

fn is_of_vault(reference_to: &Text) -> bool {
    match reference_to {
        Text::Known(text) => reference(text).is_some_and(|found| found.keeper == super::Keeper::Vault),
        Text::Unknown => false,
    }
}

fn resources(container: &Container) -> Object {
    let mut resources = Object::new();
    if let Some(cpu) = container.cpu {
        resources.insert("cpu".to_owned(), cpu.into());
    }
    if let Some(memory) = container.memory_reservation.or(container.memory) {
        resources.insert("memory".to_owned(), memory.into());
    }
    resources
}

/// An Agent that ends is started again for ever, and takes no other task of the group with it.
fn restart(container: &Container) -> Option<Node> {
    let policy = container.restart_policy.as_ref().filter(|_| container.role == Role::Agent)?;
    Some(match policy.enabled {
        true => one([
            ("attempts", 3_i64.into()),
            ("delay", "15s".into()),
            ("interval", "5m".into()),
            ("mode", "delay".into()),
        ]),
        false => one([("attempts", 0_i64.into()), ("mode", "fail".into())]),
    })
}

fn service(name: &str, check: &HealthCheck) -> Node {
    let (command, args): (&str, Vec<&str>) = match &check.probe {
        Probe::Program(program) => match program.split_first() {
            Some((program, words)) => (program, words.iter().map(String::as_str).collect()),
            None => ("", Vec::new()),
        },
        Probe::Shell(line) => ("/bin/sh", vec!["-c", line]),
    };
    let check = one([
        ("args", args.into()),
        ("command", command.into()),
        ("interval", format!("{}s", check.interval).into()),
        ("name", format!("{name} is healthy").into()),
        ("timeout", format!("{}s", check.timeout).into()),
        ("type", "script".into()),
    ]);
    // Nomad's own services run no programs.
    one([("check", check), ("name", name.into()), ("provider", "consul".into())])
}

fn logging(configuration: &LogConfiguration) -> Node {
    let mut logging = Object::from_iter([("type".to_owned(), text(&configuration.log_driver))]);
    if !configuration.options.is_empty() {
        logging.insert("config".to_owned(), vec![driver_texts(&configuration.options)].into());
    }
    one_of(logging)
}

/// A block.
fn one<const N: usize>(members: [(&str, Node); N]) -> Node {
    vec![Node::from(members)].into()
}

fn one_of(members: Object) -> Node {
    vec![Node::Object(members)].into()
}
