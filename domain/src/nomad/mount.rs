//! What a task mounts, in each of the forms that Nomad and its driver for Docker have.

use std::collections::BTreeSet;

use super::directory::{self, Source, lead};
use super::filled::{Known, flag};
use super::job::{Form, Part};
use crate::document::{Node, Path};

/// What a task mounts.
#[derive(Default)]
pub(super) struct Mounts {
    /// Mount points with the places where they are written.
    pub(super) points: Vec<(Node, Path)>,
    /// Memory of the task's own, in the shape of `linuxParameters.tmpfs`, with the places.
    pub(super) memory: Vec<(Node, Path)>,
    /// The directories of the allocation among what is mounted.
    pub(super) directories: BTreeSet<String>,
    /// The paths of the machine, with the first place of each.
    pub(super) of_the_machine: Vec<(String, Path)>,
    /// The volumes of Docker: a name, and the first place.
    pub(super) of_docker: Vec<(String, Path)>,
}

/// The volumes that the group declares, by name, and whether each can only be read.
pub(super) struct Declared {
    pub(super) volumes: Vec<(String, Node, Path)>,
    /// Whether there are no others.
    pub(super) are_all: bool,
}

/// The volumes of a group.
pub(super) fn declared(group: &Part<'_>) -> Declared {
    let (node, place) = (group.get("volume"), group.place_of("volume"));
    let mut volumes = Vec::new();
    let mut are_all = node.is_null();
    match (group.form(), node) {
        (Form::Hcl, Node::Array(_)) => {
            let (parts, all) = group.parts("volume");
            are_all = all;
            volumes.extend(
                parts
                    .into_iter()
                    .map(|part| (part.name.clone(), flag(part.node.get("read_only")), part.place)),
            );
        }
        (Form::Api, Node::Object(members)) => {
            are_all = true;
            for (name, volume) in members.iter() {
                volumes.push((name.clone(), flag(volume.get("ReadOnly")), place.clone().key(name)));
            }
        }
        _ => {}
    }
    Declared { volumes, are_all }
}

impl Mounts {
    /// What a task with that configuration of the driver mounts.
    pub(super) fn of(
        task: &Part<'_>,
        (config, config_at): (&Node, &Path),
        known: &Known<'_>,
        declared: &Declared,
    ) -> Self {
        let mut mounts = Self::default();
        if !config.is_unknown() {
            mounts.short(task, config, config_at, known);
            for key in ["mount", "mounts"] {
                mounts.long(task, config.get(key), &config_at.clone().key(key), known);
            }
        }
        if config.is_unknown() || !config.get("dynamic").is_null() {
            mounts.points.push((Node::Unknown, config_at.clone()));
        }
        mounts.of_the_group(task, known, declared);
        mounts
    }

    /// `source:target` and, behind another colon, options.
    fn short(&mut self, task: &Part<'_>, config: &Node, config_at: &Path, known: &Known<'_>) {
        let (list, place) = (config.get("volumes"), config_at.clone().key("volumes"));
        let has_a_driver = !config.get("volume_driver").is_null();
        if !matches!(list, Node::Null | Node::Array(_)) {
            self.points.push((Node::Unknown, place.clone()));
        }
        for (index, entry) in list.items().iter().enumerate() {
            let place = place.clone().index(index);
            let Some(text) = entry.as_str() else {
                self.points.push((Node::Unknown, place));
                continue;
            };
            let mut parts = split(text).into_iter();
            let (Some(source), Some(target)) = (parts.next(), parts.next()) else { continue };
            let is_read_only = parts.next().is_some_and(|options| options.split(',').any(|one| one == "ro"));
            let source = match has_a_driver {
                true => Some(self.docker(source, &place)),
                false => self.led(task, source, &place),
            };
            self.point(task, source, known.text(target), is_read_only.into(), place);
        }
    }

    /// As blocks, or as a list of objects.
    fn long(&mut self, task: &Part<'_>, list: &Node, place: &Path, known: &Known<'_>) {
        if !matches!(list, Node::Null | Node::Array(_)) {
            return self.points.push((Node::Unknown, place.clone()));
        }
        for (index, mount) in list.items().iter().enumerate() {
            let place = place.clone().index(index);
            let target = known.scalar(mount.get("target"));
            let read_only = match flag(mount.get("readonly")) {
                Node::Null => false.into(),
                flag => flag,
            };
            let source = mount.get("source");
            let kind = mount.get("type");
            match kind.as_str() {
                Some("tmpfs") => {
                    let options = match read_only {
                        Node::Bool(true) => vec!["ro"].into(),
                        Node::Bool(false) => Node::Array(Vec::new()),
                        _ => Node::Unknown,
                    };
                    let memory = Node::from([("containerPath", target), ("mountOptions", options)]);
                    self.memory.push((memory, place));
                }
                Some("bind") => {
                    let source = source.as_str().and_then(|source| self.led(task, source, &place));
                    self.point(task, source, target, read_only, place);
                }
                _ if kind.is_null() || kind.as_str() == Some("volume") => {
                    let source = source
                        .as_str()
                        .filter(|source| !source.contains("${"))
                        .map(|source| self.docker(source, &place));
                    self.point(task, source, target, read_only, place);
                }
                _ => self.points.push((Node::Unknown, place)),
            }
        }
    }

    /// `volume_mount`, of what the group declares.
    fn of_the_group(&mut self, task: &Part<'_>, known: &Known<'_>, declared: &Declared) {
        let (mounts, are_all) = task.each("volume_mount");
        for mount in mounts {
            let volume = mount.get("volume");
            let group = volume
                .as_str()
                .and_then(|name| declared.volumes.iter().find(|(declared, ..)| declared == name))
                .map(|(_, read_only, _)| read_only);
            let own = flag(mount.get("read_only"));
            let read_only =
                match (own.as_bool(), group.map(|flag| flag.as_bool().or(flag.is_null().then_some(false)))) {
                    (Some(true), _) | (_, Some(Some(true))) => true.into(),
                    (_, Some(None)) => Node::Unknown,
                    _ if own.is_unknown() || mount.node.is_unknown() => Node::Unknown,
                    _ => false.into(),
                };
            let source = volume.as_str().filter(|name| !name.contains("${")).map(str::to_owned);
            self.point(task, source, known.scalar(mount.get("destination")), read_only, mount.place);
        }
        if !are_all {
            self.points.push((Node::Unknown, task.place_of("volume_mount")));
        }
    }

    /// The name of what a source leads to. None while nobody knows.
    fn led(&mut self, task: &Part<'_>, source: &str, place: &Path) -> Option<String> {
        match lead(&task.name, source) {
            Source::Allocation(directory) => {
                self.directories.insert(directory.clone());
                Some(directory)
            }
            Source::Machine(path) => {
                noted(&mut self.of_the_machine, &path, place);
                Some(path)
            }
            Source::Unknown => None,
        }
    }

    fn docker(&mut self, name: &str, place: &Path) -> String {
        noted(&mut self.of_docker, name, place);
        name.to_owned()
    }

    fn point(&mut self, task: &Part<'_>, source: Option<String>, target: Node, read_only: Node, place: Path) {
        let own = source.as_deref().and_then(|source| directory::of_the_task_alone(&task.name, source));
        let own = own.map(Node::from);
        let members = [
            ("containerPath", Some(target)),
            ("readOnly", Some(read_only)),
            ("ofTheTask", own),
            ("sourceVolume", Some(source.map_or(Node::Unknown, Node::from))),
        ];
        let set = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        self.points.push((set.collect(), place));
    }
}

fn noted(list: &mut Vec<(String, Path)>, name: &str, place: &Path) {
    if !list.iter().any(|(noted, _)| noted == name) {
        list.push((name.to_owned(), place.clone()));
    }
}

/// The parts of a short form. A reference has no colons.
pub(super) fn split(text: &str) -> Vec<&str> {
    text.split(':').collect()
}
