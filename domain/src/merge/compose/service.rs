//! One service of the user's, and what is added to it in the form that it has.

use std::collections::BTreeMap;

use super::collision::{Collision, CollisionKind};
use crate::compose;
use crate::document::container_path::normalized;
use crate::document::{Node, Object, Path};
use crate::render::compose as words;
use crate::rofs::settings::Text;
use crate::rofs::variables::{DD_DOGSTATSD_URL, DD_TRACE_AGENT_URL};
use crate::rofs::workload::{Mount, Wiring};
use crate::task::mount_points;

/// The network of a service that names none.
pub(super) const DEFAULT_NETWORK: &str = "default";

/// A service that is being changed.
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    service: &'a mut Object,
    collisions: &'a mut Vec<Collision>,
    kept: &'a mut Vec<String>,
}

/// Whether an application reaches the Agent by its name over the network.
pub(super) fn calls_by_name(wiring: &Wiring) -> bool {
    [DD_TRACE_AGENT_URL, DD_DOGSTATSD_URL].iter().any(
        |name| matches!(wiring.environment.get(*name), Some(Text::Known(url)) if !url.starts_with("unix:")),
    )
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        name: &'a str,
        service: &'a mut Object,
        collisions: &'a mut Vec<Collision>,
        kept: &'a mut Vec<String>,
    ) -> Self {
        Self { name, service, collisions, kept }
    }

    /// Variables, labels, sockets and order of start. `rendered` is the same wiring in Compose's words. Gives what was added over
    /// something that nobody here sees, as a sentence.
    pub(super) fn wire(&mut self, wiring: &Wiring, rendered: &Node) -> Option<String> {
        let variables = compose::variables(self.get("environment"));
        let variable = |name: &str| {
            let is_it = |one: &&Node| one.get("name").as_str() == Some(name);
            Some(variables.items().iter().rfind(is_it)?.get("value"))
        };
        let variables = self.merge("environment", variable, &wiring.environment, rendered, "variable");
        let labels = compose::labels(self.get("labels"));
        let labels =
            self.merge("labels", |name| member(&labels, name), &wiring.docker_labels, rendered, "label");
        let mut mounts = Vec::new();
        for mount in &wiring.mounts {
            mounts.extend(self.sockets(mount).then_some(mount.path.as_str()));
        }
        self.wait(rendered.get("depends_on"));
        let has_no_network = !self.get("network_mode").is_null();
        if has_no_network && calls_by_name(wiring) {
            self.collide("network_mode", CollisionKind::NoNetwork);
        }
        let inherited = [variables.clone(), labels, mounts].concat();
        let (elsewhere, added) = match (self.get("extends"), self.get("env_file")) {
            (Node::Null, Node::Null) => return None,
            (Node::Null, _) => ("env_file", variables),
            _ => ("what it extends", inherited),
        };
        (!added.is_empty()).then(|| format!("{}: {} over {elsewhere}", self.name, added.join(", ")))
    }

    /// The networks it is in.
    pub(super) fn networks(&self) -> Vec<String> {
        match self.get("networks") {
            Node::Array(names) => names.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
            Node::Object(names) => names.keys().cloned().collect(),
            _ if self.get("network_mode").is_null() => vec![DEFAULT_NETWORK.to_owned()],
            _ => Vec::new(),
        }
    }

    /// A read-only root, where the service does not say otherwise.
    pub(super) fn make_read_only(&mut self) {
        if self.get("read_only").is_null() {
            self.service.insert("read_only".to_owned(), true.into());
        }
    }

    fn get(&self, key: &str) -> &Node {
        self.service.get(key).unwrap_or(&Node::Null)
    }

    /// Adds members by name to a mapping, or as `NAME=value` to a list; what is there is kept. Gives the names of those that
    /// were not there.
    fn merge<'n, 'w>(
        &mut self,
        key: &str,
        there: impl Fn(&str) -> Option<&'n Node>,
        wanted: &'w BTreeMap<String, Text>,
        rendered: &Node,
        what: &str,
    ) -> Vec<&'w str> {
        if !matches!(self.get(key), Node::Null | Node::Object(_) | Node::Array(_)) {
            self.collide(key, CollisionKind::NotAMapping);
            return Vec::new();
        }
        let mut added = Vec::new();
        for (name, value) in wanted {
            match there(name) {
                None => {
                    if self.get(key).is_null() {
                        self.service.insert(key.to_owned(), Node::Object(Object::new()));
                    }
                    add(self.service.get_mut(key), name, rendered.get(key).get(name));
                    added.push(name.as_str());
                }
                Some(Node::String(own)) if value.is(own) => {}
                Some(_) => self.kept.push(format!("{}: keeps its own value of {what} {name}", self.name)),
            }
        }
        added
    }

    /// The directory with the Agent's sockets. Whether it was not there.
    fn sockets(&mut self, mount: &Mount) -> bool {
        match self.mounted_at(&mount.path) {
            None => {
                self.push("volumes", words::volume(mount).into());
                return true;
            }
            Some(there) if there.source.as_deref() == Some(mount.volume.as_str()) => {}
            Some(_) => self.collide("volumes", CollisionKind::SocketsCovered { at: mount.path.clone() }),
        }
        false
    }

    /// What is mounted at exactly that path.
    pub(super) fn mounted_at(&self, path: &str) -> Option<Mounted> {
        let wanted = normalized(path);
        let is_there = |target: &Node| target.as_str().is_some_and(|target| normalized(target) == wanted);
        let read = compose::mounts(self.name, self.service);
        if let Some(mount) = mount_points(&read).known().find(|mount| is_there(mount.path)) {
            let source = mount.volume.as_str().map(str::to_owned);
            return Some(Mounted { source, read_only: mount.read_only.as_bool() == Some(true) });
        }
        let memory = read.get("linuxParameters").get("tmpfs").items();
        let is_memory = memory.iter().any(|tmpfs| is_there(tmpfs.get("containerPath")));
        is_memory.then_some(Mounted { source: None, read_only: false })
    }

    /// Adds an item to a list, which is made where there is none.
    pub(super) fn push(&mut self, key: &str, item: Node) {
        if self.get(key).is_null() {
            self.service.insert(key.to_owned(), Node::Array(Vec::new()));
        }
        match self.service.get_mut(key) {
            Some(Node::Array(items)) => items.push(item),
            // A list of one may be written as its item.
            Some(single @ Node::String(_)) => *single = Node::Array(vec![single.clone(), item]),
            _ => self.collide(key, CollisionKind::NotAMapping),
        }
    }

    /// Services to wait for. A list of names says no more than that they are started, and becomes a mapping that says so.
    fn wait(&mut self, added: &Node) {
        let Node::Object(added) = added else { return };
        if added.is_empty() {
            return;
        }
        let mut waits = match self.get("depends_on") {
            Node::Null => Object::new(),
            Node::Object(waits) => waits.clone(),
            Node::Array(names) => names
                .iter()
                .filter_map(Node::as_str)
                .map(|name| (name.to_owned(), Node::from([("condition", "service_started".into())])))
                .collect(),
            _ => return self.collide("depends_on", CollisionKind::NotAMapping),
        };
        for (name, wait) in added.iter() {
            match waits.get(name) {
                None => drop(waits.insert(name.clone(), wait.clone())),
                Some(own) if own.get("condition") == wait.get("condition") => {}
                Some(_) => {
                    self.kept.push(format!("{}: keeps its own condition of waiting for {name}", self.name))
                }
            }
        }
        self.service.insert("depends_on".to_owned(), Node::Object(waits));
    }

    pub(super) fn collide(&mut self, key: &str, kind: CollisionKind) {
        let path = Path::default().key("services").key(self.name).key(key);
        self.collisions.push(Collision { service: Some(self.name.to_owned()), path, kind });
    }

    /// Something that was asked for beside the document.
    pub(super) fn refuse(&mut self, kind: CollisionKind) {
        self.collisions.push(Collision { service: Some(self.name.to_owned()), path: Path::default(), kind });
    }
}

fn member<'n>(mapping: &'n Node, name: &str) -> Option<&'n Node> {
    match mapping {
        Node::Object(members) => members.get(name),
        _ => None,
    }
}

fn add(target: Option<&mut Node>, name: &str, value: &Node) {
    match target {
        Some(Node::Object(members)) => drop(members.insert(name.to_owned(), value.clone())),
        Some(Node::Array(items)) => items.push(match value.as_str() {
            Some(value) => format!("{name}={value}").into(),
            None => Node::Unknown,
        }),
        _ => {}
    }
}

/// Something that a service mounts.
pub(super) struct Mounted {
    /// The volume or the path of the machine; none where that is not known, and for memory.
    source: Option<String>,
    pub(super) read_only: bool,
}
