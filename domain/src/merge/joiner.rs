//! One container of the user, given what it lacks.
//!
//! Each part (variables, secrets, mount points, dependencies, labels) is joined by itself: what is there stays as it is
//! and where it is, what is missing is added behind it. A part that is not known yet, or that has an entry whose name is
//! not, becomes unknown as soon as something would have to be added to it.

use std::collections::BTreeMap;

use super::log::{Log, Place};
use super::mark::Mark;
use super::seen::{Mounted, Seen};
use super::{ChangeKind, CollisionKind};
use crate::document::container_path::normalized;
use crate::document::{Node, Object};
use crate::render::ecs;
use crate::rofs::settings::Text;
use crate::rofs::workload::{Condition, Dependency, Mount, Port, Transport};

/// Joins parts to a container and notes what it did.
pub(super) struct Joiner<'a> {
    pub(super) members: &'a mut Object,
    pub(super) place: Place,
    pub(super) mark: &'a mut Mark,
    /// Set where a part became unknown: what was added to it cannot be named in a mark.
    pub(super) undecided: &'a mut bool,
    pub(super) log: &'a mut Log,
}

/// Whether a list has an entry of a name.
pub(super) enum Lookup<'a> {
    Found(&'a Node),
    Absent,
    /// The list, or the name of an entry, is not known yet.
    Undecided,
}

pub(super) fn look_up<'a>(list: Option<&'a Node>, key: &str, wanted: &str) -> Lookup<'a> {
    let mut undecided = false;
    match list {
        None | Some(Node::Null) => return Lookup::Absent,
        Some(Node::Unknown) => return Lookup::Undecided,
        Some(list) => {
            for entry in list.items() {
                match entry.get(key) {
                    Node::String(found) if same_name(key, found, wanted) => return Lookup::Found(entry),
                    Node::Unknown => undecided = true,
                    _ => {}
                }
            }
        }
    }
    if undecided { Lookup::Undecided } else { Lookup::Absent }
}

/// Names are compared as they are, paths without needless slashes.
fn same_name(key: &str, found: &str, wanted: &str) -> bool {
    found == wanted || (key == "containerPath" && normalized(found) == wanted)
}

/// Appends to a list that may not be there yet. A value that is no list is left for the rules to report; tells whether
/// the entry was added.
fn append(members: &mut Object, key: &str, entry: Node) -> bool {
    match members.get_mut(key) {
        Some(Node::Array(entries)) => entries.push(entry),
        None | Some(Node::Null) => {
            members.insert(key.to_owned(), Node::Array(vec![entry]));
        }
        Some(_) => return false,
    }
    true
}

/// Whether a port mapping is one of that port: without a protocol it is of TCP.
pub(super) fn is_mapping_of(mapping: &Node, port: &Port) -> bool {
    mapping.get("containerPort").as_i64() == Some(port.number)
        && match mapping.get("protocol") {
            Node::String(protocol) if !protocol.is_empty() => {
                protocol.eq_ignore_ascii_case(port.protocol.name())
            }
            _ => port.protocol == Transport::Tcp,
        }
}

impl Joiner<'_> {
    pub(super) fn change(&mut self, key: &str, kind: ChangeKind) {
        self.log.change(&self.place, key, kind);
    }

    pub(super) fn make_unknown(&mut self, key: &str) {
        self.members.insert(key.to_owned(), Node::Unknown);
        *self.undecided = true;
    }

    /// Variables in `environment`. One that the user has there, or takes from a secret, is the user's.
    pub(super) fn variables(&mut self, variables: &BTreeMap<String, Text>) {
        self.pairs("environment", "value", "secrets", variables);
    }

    /// Variables in `secrets`. One that the user has there, or sets in `environment`, is the user's.
    pub(super) fn secrets(&mut self, secrets: &BTreeMap<String, Text>) {
        self.pairs("secrets", "valueFrom", "environment", secrets);
    }

    /// A name is never in both lists: ECS refuses the task definition.
    fn pairs(&mut self, list: &str, value_key: &str, other_list: &str, pairs: &BTreeMap<String, Text>) {
        let is_secret = |list: &str| list == "secrets";
        let mut undecided = false;
        for (name, value) in pairs {
            let kept = |secret: bool| match secret {
                true => ChangeKind::KeptSecret(name.clone()),
                false => ChangeKind::KeptVariable(name.clone()),
            };
            let other = look_up(self.members.get(other_list), "name", name);
            if let Lookup::Found(_) = other {
                self.change(other_list, kept(is_secret(other_list)));
                continue;
            }
            let other_is_open = matches!(other, Lookup::Undecided);
            match look_up(self.members.get(list), "name", name) {
                Lookup::Found(entry) if *entry.get(value_key) == ecs::text(value) => {}
                Lookup::Found(_) => self.change(list, kept(is_secret(list))),
                Lookup::Absent if !other_is_open => self.add_pair(list, value_key, name, value),
                Lookup::Absent | Lookup::Undecided => undecided = true,
            }
        }
        if undecided {
            self.make_unknown(list);
        }
    }

    fn add_pair(&mut self, list: &str, value_key: &str, name: &str, value: &Text) {
        if !append(self.members, list, ecs::key_value("name", name, value_key, value)) {
            return;
        }
        if list == "secrets" {
            self.mark.secrets.insert(name.to_owned());
            self.change(list, ChangeKind::AddedSecret(name.to_owned()));
        } else {
            self.mark.environment.insert(name.to_owned());
            self.change(list, ChangeKind::AddedVariable(name.to_owned()));
        }
    }

    /// A mount point of a volume that has to be at its path, and what is there.
    pub(super) fn mount(&mut self, mount: &Mount, seen: Seen) {
        match seen.exactly(&mount.path) {
            Seen::Nothing => self.add_mount(mount),
            Seen::Mount(Mounted { volume: Some(volume), .. }) if volume == mount.volume => {}
            Seen::Mount(Mounted { volume, key, .. }) => self.taken(mount, key, volume),
            Seen::Undecided => self.make_unknown("mountPoints"),
        }
    }

    fn taken(&mut self, mount: &Mount, key: &str, taken_by: Option<String>) {
        let kind =
            CollisionKind::MountPath { path: mount.path.clone(), volume: mount.volume.clone(), taken_by };
        self.log.collision(&self.place, key, kind);
    }

    /// A mount point at a path where nothing is mounted.
    pub(super) fn add_mount(&mut self, mount: &Mount) {
        if append(self.members, "mountPoints", ecs::mount_point(mount)) {
            self.mark.mounts.insert(mount.path.clone(), mount.volume.clone());
            let kind = ChangeKind::AddedMount { volume: mount.volume.clone(), path: mount.path.clone() };
            self.change("mountPoints", kind);
        }
    }

    /// Containers that this one has to wait for.
    pub(super) fn dependencies(&mut self, dependencies: &[Dependency]) {
        for dependency in dependencies {
            let rendered = ecs::dependency(dependency);
            match look_up(self.members.get("dependsOn"), "containerName", &dependency.container) {
                Lookup::Found(entry) if entry.get("condition") == rendered.get("condition") => {}
                Lookup::Found(_) => {
                    self.change("dependsOn", ChangeKind::KeptDependency(dependency.container.clone()));
                }
                Lookup::Absent => self.add_dependency(dependency, rendered),
                Lookup::Undecided => self.make_unknown("dependsOn"),
            }
        }
    }

    /// A container whose success this one has to wait for. Waiting for its start, or until it is healthy, becomes that;
    /// waiting for its end is the user's choice.
    pub(super) fn success_of(&mut self, container: &str) {
        let awaited = Dependency { container: container.to_owned(), condition: Condition::Succeeded };
        let Some(before) = self.raise(container) else { return self.dependencies(&[awaited]) };
        self.mark.conditions.insert(container.to_owned(), before);
        self.change("dependsOn", ChangeKind::WaitsForSuccess(container.to_owned()));
    }

    /// Makes waiting for another container waiting for its success, where it is less; the condition that was there.
    fn raise(&mut self, container: &str) -> Option<String> {
        let Some(Node::Array(dependencies)) = self.members.get_mut("dependsOn") else { return None };
        let named = |dependency: &&mut Node| dependency.get("containerName").as_str() == Some(container);
        let Some(Node::Object(dependency)) = dependencies.iter_mut().find(named) else { return None };
        let before = match dependency.get("condition") {
            None | Some(Node::Null) => String::new(),
            Some(Node::String(before)) if before != "COMPLETE" && before != "SUCCESS" => before.clone(),
            // Enough, not known yet, or of another type, which is for the rules to report.
            Some(_) => return None,
        };
        dependency.insert("condition".to_owned(), "SUCCESS".into());
        Some(before)
    }

    fn add_dependency(&mut self, dependency: &Dependency, rendered: Node) {
        if append(self.members, "dependsOn", rendered) {
            self.mark.dependencies.insert(dependency.container.clone());
            let kind = ChangeKind::AddedDependency {
                container: dependency.container.clone(),
                healthy: dependency.condition == Condition::Healthy,
            };
            self.change("dependsOn", kind);
        }
    }

    /// Docker labels.
    pub(super) fn labels(&mut self, wanted: &BTreeMap<String, Text>) {
        if wanted.is_empty() {
            return;
        }
        if matches!(self.members.get("dockerLabels"), None | Some(Node::Null)) {
            self.members.insert("dockerLabels".to_owned(), Node::Object(Object::new()));
        }
        for (label, value) in wanted {
            // Labels that are not known yet stay so; anything else that is no object is for the rules to report.
            let Some(Node::Object(labels)) = self.members.get_mut("dockerLabels") else { return };
            let value = ecs::text(value);
            let kind = match labels.get(label) {
                Some(found) if *found == value => continue,
                Some(found) if !found.is_null() => ChangeKind::KeptLabel(label.clone()),
                _ => {
                    labels.insert(label.clone(), value);
                    self.mark.labels.insert(label.clone());
                    ChangeKind::AddedLabel(label.clone())
                }
            };
            self.change("dockerLabels", kind);
        }
    }

    /// A key of the definition, where it is not written.
    pub(super) fn member(&mut self, key: &str, value: &Node) {
        if matches!(self.members.get(key), None | Some(Node::Null)) && !value.is_null() {
            self.members.insert(key.to_owned(), value.clone());
            self.mark.members.insert(key.to_owned());
            self.change(key, ChangeKind::AddedMember(key.to_owned()));
        }
    }

    /// A setting that the container says otherwise.
    pub(super) fn kept_setting(&mut self, key: &str, setting: &str) {
        self.change(key, ChangeKind::KeptSetting { key: key.to_owned(), setting: setting.to_owned() });
    }

    /// A port that the container listens on, the host's left open: with a network interface of its own it is the same one.
    pub(super) fn port(&mut self, port: &Port) {
        let mappings = self.members.get("portMappings").unwrap_or(&Node::Null);
        let is_it = |mapping: &Node| is_mapping_of(mapping, port);
        if mappings.items().iter().any(is_it) {
            return;
        }
        if !mappings.is_wholly_known() {
            return self.make_unknown("portMappings");
        }
        let mut mapping = ecs::port_mapping(port);
        if let Node::Object(members) = &mut mapping {
            members.remove("hostPort");
        }
        if append(self.members, "portMappings", mapping) {
            self.mark.ports.insert(port.to_string());
            self.change("portMappings", ChangeKind::AddedPort(port.to_string()));
        }
    }

    /// A tmpfs at a path where nothing is mounted; the other parts of `linuxParameters` stay. Of mount points that are no
    /// list nobody can say where they are, so none is added beside them.
    pub(super) fn tmpfs(&mut self, path: &str, size: i64) {
        if !matches!(self.members.get("mountPoints"), None | Some(Node::Null | Node::Array(_))) {
            return;
        }
        if matches!(self.members.get("linuxParameters"), None | Some(Node::Null)) {
            self.members.insert("linuxParameters".to_owned(), Node::Object(Object::new()));
        }
        let entry = Node::from([("containerPath", path.into()), ("size", size.into())]);
        let Some(Node::Object(parameters)) = self.members.get_mut("linuxParameters") else { return };
        if append(parameters, "tmpfs", entry) {
            self.mark.tmpfs.insert(path.to_owned());
            self.change("linuxParameters", ChangeKind::AddedTmpfs { path: path.to_owned(), size });
        }
    }
}
