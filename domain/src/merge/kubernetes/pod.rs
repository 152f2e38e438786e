//! One Pod of the user's, and what is added to it.

use std::collections::BTreeMap;

use super::collision::{Collision, CollisionKind};
use super::writable;
use crate::document::container_path::normalized;
use crate::document::{Node, Object, Path};
use crate::kubernetes::Pod;
use crate::merge::Joining;
use crate::render::kubernetes::{self as words, Parts};
use crate::rofs::image_reference::Image;
use crate::rofs::settings::Text;
use crate::rofs::workload::{Mount, Wiring};

const INIT: &str = "initContainers";
const CONTAINERS: &str = "containers";

/// What an init container says that goes on running.
const RESTARTS: (&str, &str) = ("restartPolicy", "Always");

/// A Pod that is being changed.
pub(super) struct Draft<'a> {
    called: String,
    pod: &'a Pod,
    template: &'a mut Node,
    collisions: &'a mut Vec<Collision>,
    kept: &'a mut Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        called: String,
        pod: &'a Pod,
        template: &'a mut Node,
        collisions: &'a mut Vec<Collision>,
        kept: &'a mut Vec<String>,
    ) -> Self {
        Self { called, pod, template, collisions, kept }
    }

    /// Does all that is asked for; the names of the user's own containers. `native`: the Agent is an init container that goes on
    /// running.
    pub(super) fn join(&mut self, joining: &Joining<'_>, parts: &Parts, native: bool) -> Vec<String> {
        if !matches!(self.template.get("spec"), Node::Object(_)) {
            let at = self.pod.template.clone();
            self.collide(None, at, CollisionKind::NotAPod);
            return Vec::new();
        }
        let lists = [INIT, CONTAINERS, "volumes"].map(|key| self.has_list(key));
        if lists.contains(&false) {
            return Vec::new();
        }
        if self.template.get("spec").get(CONTAINERS).items().is_empty() {
            self.collide(None, self.pod.spec().key(CONTAINERS), CollisionKind::NoContainers);
            return Vec::new();
        }
        if self.pod.kind.ends && !native && !parts.agent.is_null() {
            self.collide(None, self.pod.spec(), CollisionKind::NeverEnds);
        }
        let names = self.own_containers(joining, parts);
        self.put_in(joining, parts, native);
        if joining.wire {
            self.labels(&joining.workload.wiring.docker_labels);
        }
        names
    }

    /// Whether a member of the specification is a list, or can become one.
    fn has_list(&mut self, key: &str) -> bool {
        let is_one = matches!(self.template.get("spec").get(key), Node::Null | Node::Array(_));
        if !is_one {
            self.collide(None, self.pod.spec().key(key), CollisionKind::OtherType);
        }
        is_one
    }

    /// A list of the specification, which is made where there is none.
    fn list(&mut self, key: &str) -> &mut Vec<Node> {
        let Some(Node::Object(spec)) = self.template.at_mut(&Path::default().key("spec")) else {
            unreachable!("it was looked at before")
        };
        if spec.get(key).is_none_or(Node::is_null) {
            spec.insert(key.to_owned(), Node::Array(Vec::new()));
        }
        match spec.get_mut(key) {
            Some(Node::Array(items)) => items,
            _ => unreachable!("it was looked at before"),
        }
    }

    /// Wires and hardens the user's own containers, and gives them what they write to; their names.
    fn own_containers(&mut self, joining: &Joining<'_>, parts: &Parts) -> Vec<String> {
        let added: Vec<&str> =
            parts.init.iter().chain([&parts.agent]).filter_map(|one| one.get("name").as_str()).collect();
        let (mut names, mut volumes) = (Vec::new(), Vec::new());
        for key in [INIT, CONTAINERS] {
            if self.template.get("spec").get(key).is_null() {
                continue;
            }
            let mut list = std::mem::take(self.list(key));
            for (index, node) in list.iter_mut().enumerate() {
                let place = self.pod.spec().key(key).index(index);
                let name = node.get("name").as_str().map(str::to_owned);
                if name.as_deref().is_some_and(|name| added.contains(&name)) {
                    continue;
                }
                let Node::Object(members) = node else {
                    self.collide(None, place, CollisionKind::OtherType);
                    continue;
                };
                let name = name.unwrap_or_default();
                let goes_on = members.get(RESTARTS.0).and_then(Node::as_str) == Some(RESTARTS.1);
                if is_agent(members) && !joining.settings.says_that_none_is_there() {
                    self.collide(Some(&name), place.clone(), CollisionKind::SecondAgent);
                }
                let mut container = Container { name: &name, members, place, draft: self };
                if joining.wire && (key == CONTAINERS || goes_on) {
                    container.wire(&joining.workload.wiring);
                }
                if joining.read_only {
                    container.make_read_only();
                }
                let paths = joining.writable_paths.get(&name).map_or(&[][..], Vec::as_slice);
                volumes.extend(writable::make_writable(&mut container, paths, joining.tmpfs_size));
                names.push(name);
            }
            *self.list(key) = list;
        }
        for volume in volumes {
            self.volume(volume);
        }
        names
    }

    /// The Agent's own containers and volumes.
    fn put_in(&mut self, joining: &Joining<'_>, parts: &Parts, native: bool) {
        let mut first = parts.init.clone();
        if native {
            let mut agent = parts.agent.clone();
            if let Node::Object(members) = &mut agent {
                members.insert(RESTARTS.0.to_owned(), RESTARTS.1.into());
            }
            first.push(agent);
        }
        let mut at = 0;
        for container in first {
            at = self.container(INIT, Some(at), container, joining);
        }
        if !native && !parts.agent.is_null() {
            self.container(CONTAINERS, None, parts.agent.clone(), joining);
        }
        for volume in &parts.volumes {
            self.volume(volume.clone());
        }
    }

    /// Puts a container at a place of a list, or behind it, unless it is there; where the next one goes.
    fn container(&mut self, key: &str, at: Option<usize>, added: Node, joining: &Joining<'_>) -> usize {
        let name = added.get("name").as_str().unwrap_or_default().to_owned();
        for list in [INIT, CONTAINERS] {
            let items = self.template.get("spec").get(list).items();
            let Some(index) = items.iter().position(|item| item.get("name").as_str() == Some(&name)) else {
                continue;
            };
            if list == key && items[index] == added {
                return index + 1;
            }
            let is_the_agent = name == joining.settings.container_name;
            let setting = if is_the_agent { "container_name" } else { "init_container_name" };
            let place = self.pod.spec().key(list).index(index);
            let is_one_too = matches!(&items[index], Node::Object(members) if is_agent(members));
            let kind = match is_the_agent && is_one_too && !joining.settings.says_that_none_is_there() {
                true => CollisionKind::SecondAgent,
                false => CollisionKind::ContainerName { setting },
            };
            self.collide(Some(&name), place, kind);
            return at.unwrap_or(0);
        }
        let list = self.list(key);
        let at = at.unwrap_or(list.len());
        list.insert(at, added);
        at + 1
    }

    /// Declares a volume, unless it is there.
    fn volume(&mut self, added: Node) {
        let name = added.get("name").as_str().unwrap_or_default().to_owned();
        let is_namesake = |volume: &Node| volume.get("name").as_str() == Some(&name);
        let volumes = self.list("volumes");
        match volumes.iter().position(is_namesake) {
            None => volumes.push(added),
            Some(index) if volumes[index] == added => {}
            Some(index) => {
                let place = self.pod.spec().key("volumes").index(index);
                self.collide(None, place, CollisionKind::VolumeName { name });
            }
        }
    }

    /// Labels of the Pod.
    fn labels(&mut self, labels: &BTreeMap<String, Text>) {
        if labels.is_empty() {
            return;
        }
        let Node::Object(template) = &mut *self.template else { return };
        let metadata = mapping(template, "metadata").and_then(|metadata| mapping(metadata, "labels"));
        let Some(there) = metadata else {
            let at = self.pod.template.clone().key("metadata");
            return self.collide(None, at, CollisionKind::OtherType);
        };
        for (name, value) in labels {
            match (there.get(name), value) {
                (None, Text::Known(text)) => drop(there.insert(name.clone(), text.as_str().into())),
                (None, Text::Unknown) => drop(there.insert(name.clone(), Node::Unknown)),
                (Some(Node::String(own)), value) if value.is(own) => {}
                (Some(_), _) => {
                    self.kept.push(format!("{}: keeps its own value of label {name}", self.called));
                }
            }
        }
    }

    fn collide(&mut self, container: Option<&str>, path: Path, kind: CollisionKind) {
        let container = container.map(str::to_owned);
        self.collisions.push(Collision { called: self.called.clone(), container, path, kind });
    }
}

/// A member that is a mapping, which is made where there is none.
fn mapping<'o>(object: &'o mut Object, key: &str) -> Option<&'o mut Object> {
    if object.get(key).is_none_or(Node::is_null) {
        object.insert(key.to_owned(), Node::Object(Object::new()));
    }
    match object.get_mut(key) {
        Some(Node::Object(members)) => Some(members),
        _ => None,
    }
}

fn is_agent(container: &Object) -> bool {
    let image = container.get("image").and_then(Node::as_str).and_then(Image::parse);
    image.is_some_and(|image| image.is_datadog_agent())
}

/// A container of the user's that is being changed.
pub(super) struct Container<'c, 'a> {
    pub(super) name: &'c str,
    members: &'c mut Object,
    place: Path,
    draft: &'c mut Draft<'a>,
}

/// Something that a container mounts.
pub(super) struct Mounted {
    volume: Option<String>,
    pub(super) read_only: bool,
}

impl Mounted {
    /// Whether it is the volume of that name.
    pub(super) fn is(&self, volume: &str) -> bool {
        self.volume.as_deref() == Some(volume)
    }
}

impl Container<'_, '_> {
    /// Variables and sockets.
    fn wire(&mut self, wiring: &Wiring) {
        for variable in words::variables(&wiring.filled_in, &wiring.environment) {
            let name = variable.get("name").as_str().unwrap_or_default();
            let there = self.members.get("env").unwrap_or(&Node::Null).items();
            match there.iter().find(|own| own.get("name").as_str() == Some(name)) {
                None => self.push("env", variable),
                Some(own) if *own == variable => {}
                Some(_) => self.draft.kept.push(format!(
                    "{}, container {}: keeps its own value of variable {name}",
                    self.draft.called, self.name
                )),
            }
        }
        for mount in &wiring.mounts {
            self.sockets(mount);
        }
    }

    /// The directory with the Agent's sockets.
    fn sockets(&mut self, mount: &Mount) {
        match self.mounted_at(&mount.path) {
            None => self.push("volumeMounts", words::volume_mount(mount)),
            Some(there) if there.is(&mount.volume) => {}
            Some(_) => {
                let at = self.place.clone().key("volumeMounts");
                let kind = CollisionKind::SocketsCovered { at: mount.path.clone() };
                self.draft.collide(Some(self.name), at, kind);
            }
        }
    }

    /// What is mounted at exactly that path.
    pub(super) fn mounted_at(&self, path: &str) -> Option<Mounted> {
        let wanted = normalized(path);
        let mounts = self.members.get("volumeMounts").unwrap_or(&Node::Null).items();
        let is_there =
            |mount: &&Node| mount.get("mountPath").as_str().is_some_and(|path| normalized(path) == wanted);
        mounts.iter().find(is_there).map(|mount| Mounted {
            volume: mount.get("name").as_str().map(str::to_owned),
            read_only: mount.get("readOnly").as_bool() == Some(true),
        })
    }

    /// A read-only root, where the container does not say otherwise.
    fn make_read_only(&mut self) {
        match mapping(self.members, "securityContext") {
            Some(context) if context.get("readOnlyRootFilesystem").is_none_or(Node::is_null) => {
                context.insert("readOnlyRootFilesystem".to_owned(), true.into());
            }
            Some(_) => {}
            None => {
                let at = self.place.clone().key("securityContext");
                self.draft.collide(Some(self.name), at, CollisionKind::OtherType);
            }
        }
    }

    /// Adds an item to a list, which is made where there is none.
    pub(super) fn push(&mut self, key: &str, item: Node) {
        if self.members.get(key).is_none_or(Node::is_null) {
            self.members.insert(key.to_owned(), Node::Array(Vec::new()));
        }
        match self.members.get_mut(key) {
            Some(Node::Array(items)) => items.push(item),
            _ => {
                let at = self.place.clone().key(key);
                self.draft.collide(Some(self.name), at, CollisionKind::OtherType);
            }
        }
    }

    /// Something that was asked for beside the document.
    pub(super) fn refuse(&mut self, kind: CollisionKind) {
        self.draft.collide(Some(self.name), Path::default(), kind);
    }
}
