//! One service of the user's, and what is added to it in the form that it has.

use std::collections::BTreeMap;

use super::collision::{Collision, CollisionKind};
use crate::document::container_path::normalized;
use crate::document::{Node, Object, Path};
use crate::render::compose as words;
use crate::rofs::settings::Text;
use crate::rofs::variables::{DD_DOGSTATSD_URL, DD_TRACE_AGENT_URL};
use crate::rofs::workload::{Mount, Wiring};

/// The network of a service that names none.
pub(super) const DEFAULT_NETWORK: &str = "default";

/// A service that is being changed.
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) service: &'a mut Object,
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

    /// Variables, labels, sockets and order of start.
    pub(super) fn wire(&mut self, wiring: &Wiring) {
        let rendered = words::wiring(wiring);
        self.merge("environment", rendered.get("environment"), "variable");
        self.merge("labels", rendered.get("labels"), "label");
        for mount in &wiring.mounts {
            self.sockets(mount);
        }
        self.wait(rendered.get("depends_on"));
        let has_no_network = !self.get("network_mode").is_null();
        if has_no_network && calls_by_name(wiring) {
            self.collide("network_mode", CollisionKind::NoNetwork);
        }
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

    /// Adds members by name to a mapping, or as `NAME=value` to a list; what is there is kept.
    fn merge(&mut self, key: &str, added: &Node, what: &str) {
        let Node::Object(added) = added else { return };
        let there = match self.get(key) {
            Node::Null => BTreeMap::new(),
            list_or_mapping => match named(list_or_mapping) {
                Some(there) => there,
                None => return self.collide(key, CollisionKind::NotAMapping),
            },
        };
        let mut missing = Vec::new();
        for (name, value) in added.iter() {
            match there.get(name) {
                None => missing.push((name, value)),
                Some(own) if own.as_deref() == value.as_str() => {}
                Some(_) => self.kept.push(format!("{}: keeps its own value of {what} {name}", self.name)),
            }
        }
        if missing.is_empty() {
            return;
        }
        if self.get(key).is_null() {
            self.service.insert(key.to_owned(), Node::Object(Object::new()));
        }
        for (name, value) in missing {
            add(self.service.get_mut(key), name, value);
        }
    }

    /// The directory with the Agent's sockets.
    fn sockets(&mut self, mount: &Mount) {
        match self.mounted_at(&mount.path) {
            None => self.push("volumes", words::volume(mount).into()),
            Some(there) if there.source.as_deref() == Some(mount.volume.as_str()) => {}
            Some(_) => self.collide("volumes", CollisionKind::SocketsCovered { at: mount.path.clone() }),
        }
    }

    /// What is mounted at exactly that path.
    pub(super) fn mounted_at(&self, path: &str) -> Option<Mounted> {
        let volumes = self.get("volumes").items().iter().filter_map(mount_of);
        let tmpfs = match self.get("tmpfs") {
            Node::String(one) => vec![one.as_str()],
            several => several.items().iter().filter_map(Node::as_str).collect(),
        };
        let tmpfs = tmpfs.into_iter().map(|one| Mounted {
            source: None,
            target: one.split(':').next().unwrap_or_default().to_owned(),
            read_only: false,
        });
        let wanted = normalized(path);
        volumes.chain(tmpfs).find(|mounted| normalized(&mounted.target) == wanted)
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

/// Members of a mapping, or of a list of `NAME=value`, as texts. A name alone takes its value from the machine. None for
/// what is neither.
fn named(node: &Node) -> Option<BTreeMap<String, Option<String>>> {
    match node {
        Node::Object(members) => {
            Some(members.iter().map(|(name, value)| (name.clone(), text(value))).collect())
        }
        Node::Array(items) => items
            .iter()
            .map(|item| {
                let item = text(item)?;
                Some(match item.split_once('=') {
                    Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                    None => (item, None),
                })
            })
            .collect(),
        _ => None,
    }
}

/// A scalar as Compose reads it.
fn text(node: &Node) -> Option<String> {
    match node {
        Node::String(text) => Some(text.clone()),
        Node::Number(number) => Some(number.to_string()),
        Node::Bool(flag) => Some(flag.to_string()),
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
    /// The volume or the path of the machine; none where it has no name.
    source: Option<String>,
    target: String,
    pub(super) read_only: bool,
}

/// An entry of `volumes`, in its short or its long form.
fn mount_of(entry: &Node) -> Option<Mounted> {
    match entry {
        Node::String(short) => {
            let mut parts = short.split(':').map(str::to_owned);
            let first = parts.next()?;
            Some(match (parts.next(), parts.next()) {
                (Some(target), options) => Mounted {
                    source: Some(first),
                    target,
                    read_only: options.is_some_and(|options| options.split(',').any(|option| option == "ro")),
                },
                (None, _) => Mounted { source: None, target: first, read_only: false },
            })
        }
        Node::Object(_) => Some(Mounted {
            source: entry.get("source").as_str().map(str::to_owned),
            target: entry.get("target").as_str()?.to_owned(),
            read_only: entry.get("read_only").as_bool() == Some(true),
        }),
        _ => None,
    }
}
