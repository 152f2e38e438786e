//! One application container, wired.
//!
//! Each part (variables, mount points, dependencies, labels) is joined by itself; a part that is not known yet, or
//! that has an entry whose name is not, becomes unknown as soon as something would have to be added to it.

use super::{Change, ChangeKind, Collision};
use crate::document::{Node, Object, Path};
use crate::render::ecs;
use crate::rofs::workload::{Condition, Wiring};

/// What happened while a container was wired.
pub(super) enum Event {
    /// Something was added or kept.
    Change(Change),
    /// Something could not be joined.
    Collision(Collision),
}

/// Adds to the container definition what it lacks to reach the Agent.
pub(super) fn wire_container(
    definition: &mut Node,
    path: &Path,
    wiring: &Wiring,
    emit: &mut dyn FnMut(Event),
) {
    match definition.get("firelensConfiguration") {
        Node::Null => {}
        Node::Unknown => {
            // A log router is not wired and everybody else is: what becomes of this one shows at apply.
            *definition = Node::Unknown;
            return;
        }
        // A log router with a dependency of its own loses the start order that ECS gives routers by itself, and
        // it has nothing to trace (amazon-ecs-agent addFirelensContainerDependency, read 2026-11).
        _ => {
            let container = name_of(definition);
            emit(Event::Change(Change { container, path: path.clone(), kind: ChangeKind::RouterLeftAlone }));
            return;
        }
    }
    let container = name_of(definition);
    let Node::Object(members) = definition else { return };
    let mut joiner = Joiner { container, path, emit };
    joiner.variables(members, wiring);
    joiner.mounts(members, wiring);
    joiner.dependencies(members, wiring);
    joiner.labels(members, wiring);
}

fn name_of(definition: &Node) -> Option<String> {
    definition.get("name").as_str().map(str::to_owned)
}

struct Joiner<'a> {
    container: Option<String>,
    path: &'a Path,
    emit: &'a mut dyn FnMut(Event),
}

/// Whether a list has an entry of a name.
enum Lookup<'a> {
    Found(&'a Node),
    Absent,
    /// The list, or the name of an entry, is not known yet.
    Undecided,
}

fn look_up<'a>(list: Option<&'a Node>, key: &str, wanted: &str) -> Lookup<'a> {
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

/// Names are compared as they are, paths without the slash at their end.
fn same_name(key: &str, found: &str, wanted: &str) -> bool {
    found == wanted || (key == "containerPath" && found.trim_end_matches('/') == wanted)
}

/// Appends to a list that may not be there yet. A value that is no list is left for the rules to report.
fn append(members: &mut Object, key: &str, entry: Node) {
    match members.get_mut(key) {
        Some(Node::Array(entries)) => entries.push(entry),
        None | Some(Node::Null) => {
            members.insert(key.to_owned(), Node::Array(vec![entry]));
        }
        Some(_) => {}
    }
}

impl Joiner<'_> {
    fn change(&mut self, key: &str, kind: ChangeKind) {
        let change = Change { container: self.container.clone(), path: self.path.key(key), kind };
        (self.emit)(Event::Change(change));
    }

    fn variables(&mut self, members: &mut Object, wiring: &Wiring) {
        let mut undecided = false;
        for (name, value) in &wiring.environment {
            if let Lookup::Found(_) = look_up(members.get("secrets"), "name", name) {
                let path = self.path.key("secrets");
                (self.emit)(Event::Collision(Collision::secret(self.container.clone(), path, name)));
                continue;
            }
            let secret_undecided = matches!(look_up(members.get("secrets"), "name", name), Lookup::Undecided);
            match look_up(members.get("environment"), "name", name) {
                Lookup::Found(entry) if *entry.get("value") == ecs::text(value) => {}
                Lookup::Found(_) => self.change("environment", ChangeKind::KeptVariable(name.clone())),
                Lookup::Absent if !secret_undecided => {
                    append(members, "environment", ecs::key_value("name", name, "value", value));
                    self.change("environment", ChangeKind::AddedVariable(name.clone()));
                }
                Lookup::Absent | Lookup::Undecided => undecided = true,
            }
        }
        if undecided {
            members.insert("environment".to_owned(), Node::Unknown);
        }
    }

    fn mounts(&mut self, members: &mut Object, wiring: &Wiring) {
        for mount in &wiring.mounts {
            match look_up(members.get("mountPoints"), "containerPath", &mount.path) {
                Lookup::Found(entry) => match entry.get("sourceVolume") {
                    Node::String(volume) if *volume == mount.volume => {}
                    Node::Unknown => {
                        members.insert("mountPoints".to_owned(), Node::Unknown);
                    }
                    other => {
                        let collision = Collision::mount_path(
                            self.container.clone(),
                            self.path.key("mountPoints"),
                            mount,
                            other.as_str(),
                        );
                        (self.emit)(Event::Collision(collision));
                    }
                },
                Lookup::Absent => {
                    append(members, "mountPoints", ecs::mount_point(mount));
                    self.change(
                        "mountPoints",
                        ChangeKind::AddedMount { volume: mount.volume.clone(), path: mount.path.clone() },
                    );
                }
                Lookup::Undecided => {
                    members.insert("mountPoints".to_owned(), Node::Unknown);
                }
            }
        }
    }

    fn dependencies(&mut self, members: &mut Object, wiring: &Wiring) {
        for dependency in &wiring.dependencies {
            let rendered = ecs::dependency(dependency);
            match look_up(members.get("dependsOn"), "containerName", &dependency.container) {
                Lookup::Found(entry) if entry.get("condition") == rendered.get("condition") => {}
                Lookup::Found(_) => {
                    self.change("dependsOn", ChangeKind::KeptDependency(dependency.container.clone()));
                }
                Lookup::Absent => {
                    append(members, "dependsOn", rendered);
                    self.change(
                        "dependsOn",
                        ChangeKind::AddedDependency {
                            container: dependency.container.clone(),
                            healthy: dependency.condition == Condition::Healthy,
                        },
                    );
                }
                Lookup::Undecided => {
                    members.insert("dependsOn".to_owned(), Node::Unknown);
                }
            }
        }
    }

    fn labels(&mut self, members: &mut Object, wiring: &Wiring) {
        if wiring.docker_labels.is_empty() {
            return;
        }
        if matches!(members.get("dockerLabels"), None | Some(Node::Null)) {
            members.insert("dockerLabels".to_owned(), Node::Object(Object::new()));
        }
        // Labels that are not known yet stay so; anything else that is no object is for the rules to report.
        let Some(Node::Object(labels)) = members.get_mut("dockerLabels") else { return };
        for (label, value) in &wiring.docker_labels {
            let value = ecs::text(value);
            let kind = match labels.get(label) {
                Some(found) if *found == value => continue,
                Some(found) if !found.is_null() => ChangeKind::KeptLabel(label.clone()),
                _ => {
                    labels.insert(label.clone(), value);
                    ChangeKind::AddedLabel(label.clone())
                }
            };
            let change =
                Change { container: self.container.clone(), path: self.path.key("dockerLabels"), kind };
            (self.emit)(Event::Change(change));
        }
    }
}
