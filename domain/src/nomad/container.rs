//! A task as a container definition.
//!
//! Source: drivers/docker/driver.go and config.go of hashicorp/nomad (aa026cc, 2026-08), read 2026-11.

use std::collections::BTreeMap;

use super::directory::{OWN, SHARED, UP, seen_in_a_container};
use super::filled::{Known, flag};
use super::job::{Form, Part};
use super::template::{paths_of_variables, variables};
use super::workload::{Group, Stage, list_of};
use crate::document::{Node, Object, Path};

/// Where the members of a container definition are written in the configuration of the driver, or would be.
pub(super) const IN_THE_CONFIGURATION: [(&str, &str); 10] = [
    ("command", "args"),
    ("dockerLabels", "labels"),
    ("entryPoint", "entrypoint"),
    ("image", "image"),
    ("linuxParameters", "mount"),
    ("mountPoints", "volumes"),
    ("portMappings", "ports"),
    ("privileged", "privileged"),
    ("readonlyRootFilesystem", "readonly_rootfs"),
    ("workingDirectory", "work_dir"),
];

impl Group<'_, '_> {
    pub(super) fn container(&mut self, position: usize) -> Node {
        let task = self.tasks[position];
        let read = Path::default().key("containerDefinitions").index(position);
        self.origins.add(read.clone(), task.place.clone());
        if self.mounts[position].is_none() {
            return Node::Unknown;
        }
        let (config, config_at) = task.block("config");
        let known = Known { group: &self.group.name, task: &task.name };
        for (member, key) in [("dependsOn", "lifecycle"), ("healthCheck", "service"), ("user", "user")] {
            self.origins.add(read.clone().key(member), task.place_of(key));
        }
        for (member, key) in IN_THE_CONFIGURATION {
            self.origins.add(read.clone().key(member), config_at.clone().key(key));
        }
        let command = self.command(config, &config_at, &read, &known);
        let (environment, secrets, files) = self.environment(task, &read, &known);
        let (points, memory) = self.mounted(position, config, &read);
        let stage = self.stages[position];
        let members = [
            ("command", command),
            ("dependsOn", self.waits(position)),
            ("dockerLabels", labels(config.get("labels"), &known)),
            ("entryPoint", known.words(config.get("entrypoint"))),
            ("environment", environment),
            ("environmentFiles", files),
            (
                "essential",
                match stage {
                    Stage::Before => false.into(),
                    Stage::Unknown => Node::Unknown,
                    _ => Node::Null,
                },
            ),
            ("healthCheck", health_check(task, &known)),
            ("image", known.scalar(config.get("image"))),
            ("linuxParameters", if memory.is_null() { memory } else { Node::from([("tmpfs", memory)]) }),
            ("mountPoints", points),
            ("name", task.name.as_str().into()),
            ("nomadVariables", self.variables_of_nomad(task, &read)),
            ("portMappings", self.ports(config.get("ports"))),
            ("privileged", flag(config.get("privileged"))),
            ("readonlyRootFilesystem", flag(config.get("readonly_rootfs"))),
            ("secrets", secrets),
            ("user", known.scalar(task.get("user"))),
            ("workingDirectory", known.scalar(config.get("work_dir"))),
        ];
        let set = members.into_iter().filter(|(_, value)| !value.is_null());
        set.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// `command` with `args` behind it.
    fn command(&mut self, config: &Node, config_at: &Path, read: &Path, known: &Known<'_>) -> Node {
        let (command, args) = (known.scalar(config.get("command")), known.words(config.get("args")));
        if command.is_unknown() || args.is_unknown() {
            return Node::Unknown;
        }
        let member = read.clone().key("command");
        let mut words = Vec::new();
        if !command.is_null() {
            self.origins.add(member.clone().index(0), config_at.clone().key("command"));
            words.push(command);
        }
        for (index, word) in args.items().iter().enumerate() {
            self.origins.add(member.clone().index(words.len()), config_at.clone().key("args").index(index));
            words.push(word.clone());
        }
        list_of(words)
    }

    /// Variables with values, those that are fetched, and whether there may be others.
    fn environment(&mut self, task: &Part<'_>, read: &Path, known: &Known<'_>) -> (Node, Node, Node) {
        let (given, place) = task.block("env");
        let (mut plain, mut secret, mut files) = (Vec::new(), Vec::new(), Vec::new());
        // Where each name is in `plain`.
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let blocks = task.get("env").items().len();
        self.origins.add(read.clone().key("environment"), place.clone());
        match given {
            Node::Object(members) if blocks < 2 => {
                for (name, value) in members.iter() {
                    let variable = read.clone().key("environment").index(plain.len());
                    self.origins.add(variable, place.clone().key(name));
                    places.insert(name.clone(), plain.len());
                    plain.push(variable_of(name, known.scalar(value)));
                }
            }
            Node::Null if blocks < 2 => {}
            _ => return (Node::Unknown, Node::Unknown, Node::Null),
        }
        let (templates, are_all) = task.each("template");
        self.origins.add(read.clone().key("secrets"), task.place_of("template"));
        for template in &templates {
            let Some(found) = variables(template) else { continue };
            for (name, value) in &found.plain {
                // What a line sets is set in the place of what `env` and lines before it say.
                let index = *places.entry(name.clone()).or_insert(plain.len());
                let variable = read.clone().key("environment").index(index);
                self.origins.add(variable, template.place_of("data"));
                let variable = variable_of(name, value.clone());
                match plain.get_mut(index) {
                    Some(there) => *there = variable,
                    None => plain.push(variable),
                }
            }
            for (name, path) in &found.secrets {
                let variable = read.clone().key("secrets").index(secret.len());
                self.origins.add(variable, template.place_of("data"));
                secret
                    .push(Node::from([("name", name.as_str().into()), ("valueFrom", path.as_str().into())]));
            }
            if found.may_be_others {
                files.push(Node::from([("type", "file".into())]));
            }
        }
        if !are_all {
            return (Node::Unknown, Node::Unknown, Node::Null);
        }
        (list_of(plain), list_of(secret), list_of(files))
    }

    /// The paths of Nomad's variables that templates of a task read.
    fn variables_of_nomad(&mut self, task: &Part<'_>, read: &Path) -> Node {
        let (templates, are_all) = task.each("template");
        let mut found = Vec::new();
        for template in &templates {
            let data = template.get("data");
            if data.is_unknown() {
                found.push(Node::Unknown);
            }
            for path in paths_of_variables(data.as_str().unwrap_or_default()) {
                let variable = read.clone().key("nomadVariables").index(found.len());
                self.origins.add(variable, template.place_of("data"));
                found.push(Node::from([("path", path.into())]));
            }
        }
        if are_all { list_of(found) } else { Node::Unknown }
    }

    /// Mount points and memory. What every task has comes first, so that what is written lies over it.
    fn mounted(&mut self, position: usize, config: &Node, read: &Path) -> (Node, Node) {
        let task = self.tasks[position];
        let Some(mounts) = &self.mounts[position] else { return (Node::Unknown, Node::Unknown) };
        let mut points: Vec<Node> = Vec::new();
        let own = OWN.map(|root| format!("{UP}{}/{root}", task.name));
        let speaks_of_it = speaks_of_the_allocation(task, config);
        let shared = self.directories.iter().filter(|directory| {
            speaks_of_it && directory.strip_prefix(UP).is_some_and(|rest| rest.starts_with("alloc/"))
        });
        let every = [format!("{UP}{SHARED}")];
        for directory in every.iter().chain(&own).chain(shared) {
            let Some(path) = seen_in_a_container(&task.name, directory) else { continue };
            points.push(Node::from([
                ("containerPath", path.into()),
                ("implied", true.into()),
                ("readOnly", false.into()),
                ("sourceVolume", directory.as_str().into()),
            ]));
        }
        let implied = points.len();
        for (index, (point, place)) in mounts.points.iter().enumerate() {
            let at = read.clone().key("mountPoints").index(implied + index);
            self.origins.add(at, place.clone());
            points.push(point.clone());
        }
        for (index, (_, place)) in mounts.memory.iter().enumerate() {
            let at = read.clone().key("linuxParameters").key("tmpfs").index(index);
            self.origins.add(at, place.clone());
        }
        let memory = mounts.memory.iter().map(|(memory, _)| memory.clone()).collect();
        (list_of(points), list_of(memory))
    }

    /// Ports that the task says are its own.
    fn ports(&self, labels: &Node) -> Node {
        let labels = match labels {
            Node::Null => return Node::Null,
            Node::Array(labels) => labels,
            _ => return Node::Unknown,
        };
        let ports = labels.iter().map(|label| match label.as_str() {
            Some(label) => Node::from([("containerPort", self.port(label)), ("protocol", "tcp".into())]),
            None => Node::Unknown,
        });
        list_of(ports.collect())
    }

    /// The number of a port of the group in its containers, by its label.
    fn port(&self, label: &str) -> Node {
        let (networks, _) = self.group.each("network");
        let Some(network) = networks.first() else { return Node::Unknown };
        let (to, number) = match network.form() {
            Form::Hcl => {
                let (ports, _) = network.parts("port");
                let Some(port) = ports.into_iter().find(|port| port.name == label) else {
                    return Node::Unknown;
                };
                (port.node.get("to").clone(), port.node.get("static").clone())
            }
            Form::Api => {
                let lists = ["DynamicPorts", "ReservedPorts"].into_iter();
                let mut ports = lists.flat_map(|list| network.node.get(list).items());
                let named = |port: &&Node| port.get("Label").as_str() == Some(label);
                let Some(port) = ports.find(named) else { return Node::Unknown };
                (port.get("To").clone(), port.get("Value").clone())
            }
        };
        let is_set = |port: &Node| port.is_unknown() || port.as_i64().is_some_and(|port| port > 0);
        [to, number].into_iter().find(is_set).unwrap_or(Node::Unknown)
    }
}

/// Whether a task says anything of the directory that all tasks share, by its path or by the variable that names it.
fn speaks_of_the_allocation(task: &Part<'_>, config: &Node) -> bool {
    let speaks = |node: &Node| match node {
        Node::String(text) => {
            ["/alloc", "NOMAD_ALLOC_DIR"].iter().any(|name| text.replace("../alloc", "").contains(name))
        }
        node => !node.is_wholly_known(),
    };
    let words = ["command", "args", "entrypoint"].into_iter().map(|key| config.get(key));
    let words = words.flat_map(|node| match node {
        Node::Array(items) => items.as_slice(),
        node => std::slice::from_ref(node),
    });
    let variables: Vec<&Node> = match task.block("env").0 {
        Node::Object(members) => members.values().collect(),
        node => vec![node],
    };
    words.chain(variables).any(speaks)
}

fn variable_of(name: &str, value: Node) -> Node {
    Node::from([("name", name.into()), ("value", if value.is_null() { "".into() } else { value })])
}

/// One mapping, or several in a list, of which the last counts.
fn labels(labels: &Node, known: &Known<'_>) -> Node {
    let mut members = Object::new();
    let mut add = |labels: &Object| {
        members.extend(labels.iter().map(|(name, label)| (name.clone(), known.scalar(label))));
    };
    match labels {
        Node::Null => return Node::Null,
        Node::Object(labels) => add(labels),
        Node::Array(items) => {
            for item in items {
                let Node::Object(labels) = item else { return Node::Unknown };
                add(labels);
            }
        }
        _ => return Node::Unknown,
    }
    Node::Object(members)
}

/// The program of a check that runs in the container.
fn health_check(task: &Part<'_>, known: &Known<'_>) -> Node {
    let (services, _) = task.each("service");
    let checks: Vec<Part<'_>> = services.iter().flat_map(|service| service.each("check").0).collect();
    let is_open = |part: &Part<'_>| part.node.is_unknown() || part.get("type").is_unknown();
    if task.get("service").is_unknown()
        || services.iter().any(|service| service.node.is_unknown() || service.get("check").is_unknown())
        || checks.iter().any(is_open)
    {
        return Node::Unknown;
    }
    let mut scripts = checks.into_iter().filter(|check| check.get("type").as_str() == Some("script"));
    let Some(check) = scripts.next() else { return Node::Null };
    let (command, args) = (known.scalar(check.get("command")), known.words(check.get("args")));
    if command.is_unknown() || args.is_unknown() {
        return Node::Unknown;
    }
    let words = ["CMD".into(), command].into_iter().chain(args.items().iter().cloned());
    Node::from([("command", words.filter(|word| !word.is_null()).collect::<Vec<Node>>().into())])
}
