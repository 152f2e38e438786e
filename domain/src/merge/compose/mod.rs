//! The user's own services of Compose, with the Agent beside them.
//!
//! [`join`] puts the services of the Agent into the user's document, wires the other services to it and makes their roots
//! read-only where that is asked for. What the user wrote stays as it is and in the form it has: a list of variables stays a
//! list, a mapping a mapping. What is there already is kept, and told where the pattern says otherwise. To join what came
//! out of it changes nothing.
//!
//! Does not judge the services; that is the rules' business.

mod collision;
mod service;
mod writable;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::Joining;
use crate::document::{Node, Object, Path};
use crate::ordered::ordered;
use crate::render::compose as words;
use crate::render::{Renderer, Unwritable, compose::Compose};
use crate::rofs::image_reference::Image;
use crate::rofs::workload::Wiring;

pub use collision::{Collision, CollisionKind};
use service::Draft;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The document.
    pub document: Node,
    /// What stands in the way. The document is not what was meant then.
    pub collisions: Vec<Collision>,
    /// What the user's services say otherwise, and keep: sentences without values.
    pub kept: Vec<String>,
    /// What services got without a look at what they say elsewhere, in `env_file` and `extends`: sentences.
    pub unseen: Vec<String>,
}

/// The document that was given: one with `services`, or the services alone. None for anything else.
pub fn document_of(given: Node) -> Option<Object> {
    let Node::Object(given) = given else { return None };
    let is_document = match given.get("services") {
        None | Some(Node::Null) => {
            given.keys().any(|key| TOP_LEVEL.contains(&key.as_str()) || key.starts_with("x-"))
        }
        Some(services) => !is_service(services),
    };
    Some(match is_document {
        true => given,
        false => Object::from_iter([("services".to_owned(), Node::Object(given))]),
    })
}

/// Whether what stands under `services` is a service that is called so: it has an image or is built, and is no mapping in which
/// services are called `image` and `build`.
fn is_service(services: &Node) -> bool {
    let is_of_one = |key: &str| match services.get(key) {
        Node::Null => false,
        inside @ Node::Object(_) => {
            key == "build"
                && ["image", "build", "extends", "provider"].iter().all(|own| inside.get(own).is_null())
        }
        _ => true,
    };
    ["image", "build"].into_iter().any(is_of_one)
}

/// Keys beside `services` (the Compose specification's JSON schema, read 2026-11).
const TOP_LEVEL: [&str; 8] =
    ["version", "name", "include", "networks", "volumes", "secrets", "configs", "models"];

/// Puts the Agent into the user's document.
pub fn join(document: Object, joining: &Joining<'_>) -> Result<Joined, Unwritable> {
    let rendered = Compose.document(joining.workload)?;
    let mut join = Join { joining, document, collisions: Vec::new(), kept: Vec::new(), unseen: Vec::new() };
    let sidecars = members(rendered.get("services"));
    join.services(&sidecars);
    join.volumes(&members(rendered.get("volumes")));
    join.secrets(&members(rendered.get("secrets")));
    let Join { document, collisions, kept, unseen, .. } = join;
    Ok(Joined { document: Node::Object(document), collisions, kept, unseen })
}

struct Join<'a> {
    joining: &'a Joining<'a>,
    document: Object,
    collisions: Vec<Collision>,
    kept: Vec<String>,
    unseen: Vec<String>,
}

impl Join<'_> {
    fn services(&mut self, sidecars: &Object) {
        let mut services = match self.document.remove("services") {
            Some(Node::Object(services)) => services,
            None | Some(Node::Null) => Object::new(),
            Some(_) => {
                self.collide(None, Path::default().key("services"), CollisionKind::NotServices);
                return;
            }
        };
        self.second_agents(&services, sidecars);
        self.names_that_nobody_has(&services, sidecars);
        let mut networks = BTreeSet::new();
        let wiring = &self.joining.workload.wiring;
        let rendered = words::wiring(wiring);
        for (name, service) in services.iter_mut().filter(|(name, _)| !sidecars.contains_key(name.as_str())) {
            let Node::Object(service) = service else {
                // What a service says may be all in what it extends; nothing says nothing.
                let at = Path::default().key("services").key(name);
                self.collisions.push(Collision {
                    service: Some(name.clone()),
                    path: at,
                    kind: CollisionKind::NotAService,
                });
                continue;
            };
            let mut draft = Draft::new(name, service, &mut self.collisions, &mut self.kept);
            if self.joining.wire {
                self.unseen.extend(draft.wire(wiring, &rendered));
                networks.extend(draft.networks());
            }
            if self.joining.read_only {
                draft.make_read_only();
            }
            let paths = self.joining.writable_paths.get(name).map_or(&[][..], Vec::as_slice);
            writable::make_writable(&mut draft, paths, self.joining.tmpfs_size, &mut self.document);
        }
        for (name, sidecar) in sidecars.iter() {
            let mut sidecar = sidecar.clone();
            if *name == self.joining.settings.container_name && self.joining.wire {
                in_networks(&mut sidecar, &networks, wiring);
            }
            match services.get(name) {
                None => drop(services.insert(name.clone(), sidecar)),
                Some(there) if *there == sidecar => {}
                Some(_) => {
                    let setting = self.setting_of(name);
                    let at = Path::default().key("services").key(name);
                    self.collide(Some(name), at, CollisionKind::ServiceName { setting });
                }
            }
        }
        self.document.insert("services".to_owned(), Node::Object(services));
    }

    fn setting_of(&self, name: &str) -> &'static str {
        if name == self.joining.settings.container_name { "container_name" } else { "init_container_name" }
    }

    /// Services with the Agent's image: two Agents would open the same sockets.
    fn second_agents(&mut self, services: &Object, sidecars: &Object) {
        if self.joining.settings.says_that_none_is_there() {
            return;
        }
        let is_agent = |service: &Node| {
            service.get("image").as_str().and_then(Image::parse).is_some_and(|image| image.is_datadog_agent())
        };
        for (name, _) in
            services.iter().filter(|(name, one)| is_agent(one) && !sidecars.contains_key(name.as_str()))
        {
            let at = Path::default().key("services").key(name);
            self.collide(Some(name), at, CollisionKind::SecondAgent);
        }
    }

    fn names_that_nobody_has(&mut self, services: &Object, sidecars: &Object) {
        for name in self.joining.writable_paths.keys() {
            if !services.contains_key(name.as_str()) || sidecars.contains_key(name.as_str()) {
                let known =
                    ordered(services.keys().filter(|one| !sidecars.contains_key(one.as_str())).cloned());
                self.collide(Some(name), Path::default(), CollisionKind::NoSuchService { known });
            }
        }
    }

    fn volumes(&mut self, needed: &Object) {
        let Some(volumes) = self.mapping("volumes") else { return };
        let mut taken = Vec::new();
        for (name, volume) in needed.iter() {
            match volumes.get(name) {
                None => drop(volumes.insert(name.clone(), volume.clone())),
                Some(there) if is_empty(there) => {}
                Some(_) => taken.push(name.clone()),
            }
        }
        for name in taken {
            let at = Path::default().key("volumes").key(&name);
            self.collide(None, at, CollisionKind::VolumeName { name });
        }
    }

    /// A secret that the user declares is theirs; it has to be one that a read-only service accepts.
    fn secrets(&mut self, needed: &Object) {
        if needed.is_empty() {
            return;
        }
        let Some(secrets) = self.mapping("secrets") else { return };
        let mut refused = Vec::new();
        for (name, secret) in needed.iter() {
            match secrets.get(name) {
                None => drop(secrets.insert(name.clone(), secret.clone())),
                Some(there) if there.get("file").is_null() => refused.push(name.clone()),
                Some(_) => {}
            }
        }
        for name in refused {
            let at = Path::default().key("secrets").key(&name);
            self.collide(None, at, CollisionKind::SecretNotFromAFile { name, variable: words::KEY_FILE });
        }
    }

    /// A mapping at the top of the document, which is made where there is none.
    fn mapping(&mut self, key: &str) -> Option<&mut Object> {
        let is_absent = self.document.get(key).is_none_or(Node::is_null);
        if is_absent {
            self.document.insert(key.to_owned(), Node::Object(Object::new()));
        } else if !matches!(self.document.get(key), Some(Node::Object(_))) {
            self.collide(None, Path::default().key(key), CollisionKind::NotAMapping);
        }
        match self.document.get_mut(key) {
            Some(Node::Object(members)) => Some(members),
            _ => None,
        }
    }

    fn collide(&mut self, service: Option<&str>, path: Path, kind: CollisionKind) {
        self.collisions.push(Collision { service: service.map(str::to_owned), path, kind });
    }
}

/// The Agent in every network from which it is called by its name.
fn in_networks(agent: &mut Node, networks: &BTreeSet<String>, wiring: &Wiring) {
    let only_default = networks.iter().all(|network| network == service::DEFAULT_NETWORK);
    if let (Node::Object(agent), false, true) = (agent, only_default, service::calls_by_name(wiring)) {
        agent.insert("networks".to_owned(), networks.iter().cloned().collect::<Vec<_>>().into());
    }
}

fn members(node: &Node) -> Object {
    match node {
        Node::Object(members) => members.clone(),
        _ => Object::new(),
    }
}

/// A volume about which nothing is said.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Object(members) => members.is_empty(),
        node => node.is_null(),
    }
}
