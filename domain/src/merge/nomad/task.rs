//! One task of the user's, and what is added to it.

use std::collections::BTreeMap;

use super::Joined;
use super::collision::{Collision, CollisionKind};
use crate::document::container_path::normalized;
use crate::document::{Change, Node, Path};
use crate::merge::writable_paths::problem_with;
use crate::nomad::{Form, Part};
use crate::render::nomad as words;
use crate::rofs::settings::Text;
use crate::rofs::workload::{Mount, Wiring};
use crate::task::volume_name;

/// Bytes of a MiB, in which the driver counts the size of a tmpfs.
const MIB: i64 = 1 << 20;

/// A task that is being changed.
pub(super) struct Draft<'a, 'n> {
    task: &'a Part<'n>,
    config: &'n Node,
    config_at: Path,
    joined: &'a mut Joined,
    /// The items that were added to each list.
    added: BTreeMap<&'static str, usize>,
}

impl<'a, 'n> Draft<'a, 'n> {
    pub(super) fn new(task: &'a Part<'n>, joined: &'a mut Joined) -> Self {
        let (config, config_at) = task.block("config");
        Self { task, config, config_at, joined, added: BTreeMap::new() }
    }

    /// Whether its driver is Docker's; another one is told, and the task kept.
    pub(super) fn has_containers(&mut self) -> bool {
        let driver = self.task.get("driver");
        if driver.as_str() == Some("docker") {
            return true;
        }
        let why = match driver.as_str() {
            Some(driver) => format!("its driver is {}", driver.escape_debug()),
            None => "its driver is not known".to_owned(),
        };
        self.joined.left.push(format!("{}: {why}", self.task.name));
        false
    }

    /// Whether it runs while the Agent does. What runs before the others, or when they have ended, finds none.
    pub(super) fn is_beside_the_agent(&self) -> bool {
        let (lifecycle, _) = self.task.block("lifecycle");
        let [hook, sidecar] = match self.task.form() {
            Form::Hcl => ["hook", "sidecar"],
            Form::Api => ["Hook", "Sidecar"],
        };
        match lifecycle.get(hook).as_str() {
            Some("prestart") => lifecycle.get(sidecar).as_bool() == Some(true),
            Some("poststop") => false,
            _ => true,
        }
    }

    /// Variables, labels and sockets.
    pub(super) fn wire(&mut self, wiring: &Wiring) {
        self.variables(&wiring.environment);
        self.labels(&wiring.docker_labels);
        for mount in &wiring.mounts {
            self.sockets(mount);
        }
    }

    fn variables(&mut self, added: &BTreeMap<String, Text>) {
        let (there, place) = self.task.block("env");
        if !matches!(there, Node::Null | Node::Object(_)) {
            return self.collide(place, CollisionKind::NotAMapping);
        }
        for (name, value) in added {
            match there.get(name) {
                Node::Null => self.set(place.clone().key(name), words::text(value)),
                Node::String(own) if value.is(own) => {}
                _ => self
                    .joined
                    .kept
                    .push(format!("{}: keeps its own value of variable {name}", self.task.name)),
            }
        }
    }

    /// Labels where the task has none; names with dots have no place in a block of labels.
    fn labels(&mut self, added: &BTreeMap<String, Text>) {
        let there = self.config.get("labels");
        let own = |name: &str| match there {
            Node::Array(items) => items.iter().map(|item| item.get(name)).find(|label| !label.is_null()),
            other => Some(other.get(name)).filter(|label| !label.is_null()),
        };
        let missing: Vec<&String> = added.keys().filter(|name| own(name).is_none()).collect();
        if there.is_null() && !added.is_empty() {
            self.set(self.config_at.clone().key("labels"), vec![words::driver_texts(added)].into());
        } else if !missing.is_empty() {
            let names: Vec<&str> = missing.into_iter().map(String::as_str).collect();
            self.joined.kept.push(format!(
                "{}: keeps its own labels, without {}",
                self.task.name,
                names.join(" and ")
            ));
        }
    }

    /// The directory with the Agent's sockets.
    fn sockets(&mut self, mount: &Mount) {
        let entry = words::shared(mount);
        match self.mounted_at(&mount.path) {
            Some(source) if entry.split(':').next() == source.as_deref() => {}
            Some(_) => self.collide(
                self.config_at.clone().key("volumes"),
                CollisionKind::SocketsCovered { at: mount.path.clone() },
            ),
            None => self.push("volumes", entry.into()),
        }
    }

    /// What is mounted at a path, with its source where that is a text; none where nothing is.
    fn mounted_at(&self, path: &str) -> Option<Option<String>> {
        let is_it = |target: &str| normalized(target) == normalized(path);
        for volume in self.config.get("volumes").items() {
            let mut parts = volume.as_str().unwrap_or_default().split(':');
            if let (Some(source), Some(target)) = (parts.next(), parts.next())
                && is_it(target)
            {
                return Some(Some(source.to_owned()));
            }
        }
        let mounts = ["mount", "mounts"].into_iter().flat_map(|key| self.config.get(key).items());
        for mount in mounts {
            if mount.get("target").as_str().is_some_and(is_it) {
                return Some(mount.get("source").as_str().map(str::to_owned));
            }
        }
        let key = if self.task.form() == Form::Hcl { "destination" } else { "Destination" };
        let mounts = self.task.get("volume_mount").items();
        mounts.iter().any(|mount| mount.get(key).as_str().is_some_and(is_it)).then_some(None)
    }

    /// A read-only root, where the task does not say otherwise.
    pub(super) fn make_read_only(&mut self) {
        if self.config.get("readonly_rootfs").is_null() {
            self.set(self.config_at.clone().key("readonly_rootfs"), true.into());
        }
    }

    /// Mounts something writable at each path where nothing is mounted: a directory of the task that is called after the path, or
    /// a tmpfs.
    pub(super) fn make_writable(&mut self, paths: &[String], tmpfs_size: Option<i64>) {
        if !paths.is_empty() && tmpfs_size.is_some_and(|size| size < 1) {
            return self.collide(Path::default(), CollisionKind::TmpfsSize);
        }
        for path in paths {
            if let Some(why) = problem_with(path) {
                self.collide(Path::default(), CollisionKind::NotAWritablePath { path: path.clone(), why });
                continue;
            }
            let path = normalized(path).into_owned();
            if self.mounted_at(&path).is_some() {
                continue;
            }
            match tmpfs_size {
                Some(size) => {
                    let options = vec![Node::from([("size", (size * MIB).into())])];
                    self.push(
                        "mount",
                        Node::from([
                            ("target", path.into()),
                            ("tmpfs_options", options.into()),
                            ("type", "tmpfs".into()),
                        ]),
                    );
                }
                None => {
                    let name = volume_name(&self.task.name, &path);
                    self.push("volumes", format!("local/{name}:{path}").into());
                }
            }
        }
    }

    /// Adds an item to a list of the driver's configuration, which is made where there is none.
    fn push(&mut self, key: &'static str, item: Node) {
        let place = self.config_at.clone().key(key);
        let there = self.config.get(key);
        let added = self.added.entry(key).or_default();
        let index = there.items().len() + *added;
        *added += 1;
        match there {
            Node::Array(_) => self.set(place.index(index), item),
            Node::Null if index == 0 => self.set(place, vec![item].into()),
            Node::Null => self.set(place.index(index), item),
            _ => self.collide(place, CollisionKind::NotAList),
        }
    }

    fn set(&mut self, place: Path, value: Node) {
        if self.config.is_unknown() && place.0.starts_with(&self.config_at.0) {
            return self.collide(place, CollisionKind::NotAMapping);
        }
        self.joined.changes.push(Change::Set(place, value));
    }

    fn collide(&mut self, path: Path, kind: CollisionKind) {
        self.joined.collisions.push(Collision { task: Some(self.task.name.clone()), path, kind });
    }
}
