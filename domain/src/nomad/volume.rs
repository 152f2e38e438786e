//! The volumes of a group: the directories of its allocation, what is of the machine or of Docker, and what the group declares.

use std::collections::BTreeSet;

use super::directory::{OWN, SHARED, Source, UP, lead, overlap};
use super::filled::flag;
use super::workload::Group;
use crate::document::{Node, Origins, Path};
use crate::ordered::ordered;

impl Group<'_, '_> {
    /// What is mounted, and what the group declares.
    pub(super) fn volumes(&mut self) -> Vec<Node> {
        let mut volumes = Vec::new();
        let mut add = |origins: &mut Origins, volume: Node, place: Option<Path>| {
            if let Some(place) = place {
                origins.add(Path::default().key("volumes").index(volumes.len()), place);
            }
            volumes.push(volume);
        };
        let Filled { paths: filled, are_all } = self.filled();
        let mut directories = std::mem::take(&mut self.directories);
        let roots = self.tasks.iter().flat_map(|task| OWN.map(|root| format!("{UP}{}/{root}", task.name)));
        let roots: BTreeSet<String> = ordered(roots.chain([format!("{UP}{SHARED}")]));
        directories.extend(roots.iter().cloned());
        for directory in &directories {
            let is_filled = roots.contains(directory) || filled.iter().any(|path| overlap(path, directory));
            let volume = match is_filled {
                true => of_its_own(directory),
                false if are_all => Node::from([("name", directory.as_str().into())]),
                false => Node::from([
                    ("name", directory.as_str().into()),
                    ("dockerVolumeConfiguration", Node::Unknown),
                ]),
            };
            add(&mut self.origins, volume, None);
        }
        let mut seen = BTreeSet::new();
        for mounts in self.mounts.iter().flatten() {
            for (path, place) in mounts.of_the_machine.iter().filter(|(path, _)| seen.insert(path.clone())) {
                let host = Node::from([("sourcePath", path.as_str().into())]);
                let volume = Node::from([("name", path.as_str().into()), ("host", host)]);
                add(&mut self.origins, volume, Some(place.clone()));
            }
            for (name, place) in mounts.of_docker.iter().filter(|(name, _)| seen.insert(name.clone())) {
                // Docker fills it from the image while it is new, and keeps it.
                let kept = Node::from([("scope", "shared".into())]);
                let volume =
                    Node::from([("name", name.as_str().into()), ("dockerVolumeConfiguration", kept)]);
                add(&mut self.origins, volume, Some(place.clone()));
            }
        }
        for (name, _, place) in &self.declared.volumes {
            add(&mut self.origins, of_its_own(name), Some(place.clone()));
        }
        if !self.declared.are_all {
            volumes.push(Node::Unknown);
        }
        volumes
    }

    /// The directories into which Nomad itself puts something, before tasks start.
    fn filled(&self) -> Filled {
        let mut filled = Filled { paths: Vec::new(), are_all: true };
        for task in self.tasks {
            for (key, usual) in [("template", None), ("artifact", Some("local/"))] {
                let (parts, are_all) = task.each(key);
                filled.are_all &= are_all;
                for part in parts {
                    let path = match part.get("destination") {
                        Node::String(path) => Some(path.as_str()),
                        Node::Null => usual,
                        _ => {
                            filled.are_all = false;
                            None
                        }
                    };
                    filled.paths.extend(path.and_then(|path| in_the_allocation(&task.name, path)));
                }
            }
        }
        match flag(self.group.one("ephemeral_disk").get("sticky")) {
            Node::Null | Node::Bool(false) => {}
            Node::Bool(true) => {
                // They come along from the allocation before.
                filled.paths.push(format!("{UP}{SHARED}/data"));
                filled.paths.extend(self.tasks.iter().map(|task| format!("{UP}{}/local", task.name)));
            }
            _ => filled.are_all = false,
        }
        filled
    }
}

/// The directories into which Nomad itself puts something.
struct Filled {
    paths: Vec<String>,
    /// Whether there are no others.
    are_all: bool,
}

/// The directory of the allocation that a path of a template or of an artifact is in.
fn in_the_allocation(task: &str, path: &str) -> Option<String> {
    let path = [
        ("${NOMAD_ALLOC_DIR}", "/alloc"),
        ("${NOMAD_TASK_DIR}", "/local"),
        ("${NOMAD_SECRETS_DIR}", "/secrets"),
    ]
    .into_iter()
    .fold(path.to_owned(), |path, (name, root)| path.replace(name, root));
    // As the container has it, it is taken to be there as well.
    let path = match path.strip_prefix("/alloc") {
        Some(shared) => format!("{UP}{SHARED}{shared}"),
        None => path.trim_start_matches('/').to_owned(),
    };
    match lead(task, &path) {
        Source::Allocation(directory) => Some(directory),
        _ => None,
    }
}

/// A volume in which is what something else puts there.
fn of_its_own(name: &str) -> Node {
    let configuration = Node::from([("external", true.into()), ("scope", "shared".into())]);
    Node::from([("name", name.into()), ("dockerVolumeConfiguration", configuration)])
}
