//! Compose in documents: its short and long forms, read in one place.
//!
//! [`workload`] reads a Compose file into the tree that `task` reads, whose members have ECS's names, so that what is true of
//! a workload on every platform is asked in one way. [`Origins`] lead each place of that tree back to the file, and
//! [`rewritten`] says a change of the tree in the file's own words.
//!
//! What the file alone does not tell is not known yet: values with a variable of the machine, a service that extends another,
//! an image that is built. Sources: the Compose specification (170098b, 2026-06) and compose-go (e70e961, 2026-07), read
//! 2026-11.

mod change;
mod interpolation;
mod mount;
mod port;
mod service;
mod words;

#[cfg(test)]
mod tests;

pub use change::{rewritten, service_of};

use crate::document::yaml::{Remark, RemarkKind};
use crate::document::{Node, Object, Origins, Path, Step};
use mount::Mounted;
use service::Reader;

/// What a Compose file says, in the shape of a task definition, and where each part of it is written.
///
/// Beside the members that a task definition has, a container has Compose's `restart`, `networkMode`, `profiles` and `groups`, a variable
/// of a list has `quote` where quotes are a part of its value, and the whole has `version`.
pub fn workload(file: &Node) -> (Node, Origins) {
    let mut reader = Reader::new();
    let services = file.get("services");
    let mut containers = match services {
        Node::Object(services) => reader.containers(services),
        Node::Unknown => vec![Node::Unknown],
        _ => Vec::new(),
    };
    let mut volumes = reader.volumes(file.get("volumes"));
    // Another file may bring services and volumes of which nobody here knows.
    if !file.get("include").is_null() {
        containers.push(Node::Unknown);
        volumes.push(Node::Unknown);
    }
    let version = Path::default().key("version");
    reader.origins.add(version.clone(), version);
    let list = |items: Vec<Node>, whole: &Node| if whole.is_unknown() { Node::Unknown } else { items.into() };
    let tree = Node::from([
        ("containerDefinitions", list(containers, services)),
        ("version", file.get("version").clone()),
        ("volumes", list(volumes, file.get("volumes"))),
    ]);
    (tree, reader.origins)
}

/// The variables of a service, whatever it extends, as a container definition has them: a list. `environment` is its member of
/// that name.
pub fn variables(environment: &Node) -> Node {
    service::environment(environment)
}

/// The labels of a service, whatever it extends: an object. `labels` is its member of that name.
pub fn labels(labels: &Node) -> Node {
    service::labels(labels)
}

/// What a service mounts, whatever it extends: a container definition of nothing but `mountPoints` and `linuxParameters`.
pub fn mounts(name: &str, service: &Object) -> Node {
    let member = |key| service.get(key).unwrap_or(&Node::Null);
    let mounts = service::Mounts::of(name, member("volumes"), member("tmpfs"));
    Node::from([("linuxParameters", mounts.linux_parameters()), ("mountPoints", mounts.points.into())])
}

/// What a text says, where Compose's own tags are remarks beside it: what another file is merged with (`!reset`, `!override`) is
/// not known.
pub fn with_tags(mut file: Node, remarks: &[Remark]) -> Node {
    for remark in remarks {
        let is_composes =
            matches!(&remark.kind, RemarkKind::Tag(tag) if ["!reset", "!override"].contains(&tag.as_str()));
        if let Some(node) = is_composes.then(|| file.at_mut(&remark.path)).flatten() {
            *node = Node::Unknown;
        }
    }
    file
}

impl Reader {
    fn containers(&mut self, services: &Object) -> Vec<Node> {
        let awaited = service::awaited_to_succeed(services);
        let mut containers = Vec::new();
        let (read, written) = (Path::default().key("containerDefinitions"), Path::default().key("services"));
        for (index, (name, service)) in services.iter().enumerate() {
            let place = written.clone().key(name);
            containers.push(self.container(name, service, index, &place, awaited.contains(name.as_str())));
        }
        self.origins.add_items(read, written, services.keys().cloned().map(Step::Key).collect());
        // A step before the start writes to the volumes of its service.
        if services.values().any(|service| !service.get("pre_start").is_null()) {
            containers.push(Node::Unknown);
        }
        containers
    }

    /// The named volumes, and then what the services mount besides.
    fn volumes(&mut self, declared: &Node) -> Vec<Node> {
        let mut volumes = Vec::new();
        if let Node::Object(members) = declared {
            let place = Path::default().key("volumes");
            self.origins.add_all(place.clone(), place, declared);
            for (name, volume) in members {
                let named = Node::from([("name", name.as_str().into())]);
                volumes.push(match self.is_filled_from_the_image(name) {
                    true => mount::named_volume(name, volume),
                    false if volume.get("external").is_null() => named,
                    false => mount::named_volume(name, volume),
                });
            }
        }
        let mut others: Vec<&Mounted> =
            self.mounted.iter().filter(|mounted| mounted.is_of_no_name()).collect();
        others.sort_by(|one, other| one.volume.cmp(&other.volume));
        others.dedup_by(|one, other| one.volume == other.volume);
        volumes.extend(others.into_iter().map(Mounted::node));
        volumes
    }

    /// Whether the engine fills a new volume of that name from the image of some service that mounts it: unless each says that
    /// it does not.
    fn is_filled_from_the_image(&self, name: &str) -> bool {
        let mut mounts = self.mounted.iter().filter(|mounted| mounted.volume == name).peekable();
        mounts.peek().is_none() || mounts.any(|mounted| !mounted.no_copy)
    }
}
