//! What is mounted where in a container.

use std::borrow::Cow;

use super::{Container, TaskDefinition, normalized};
use crate::document::{Node, Path};

/// Everything that is mounted in a container.
pub(crate) struct Mounts<'a> {
    /// The mounts that are known.
    pub(crate) known: Vec<Mount<'a>>,
    /// Whether there are no others.
    pub(crate) complete: bool,
}

/// Something mounted at a path.
#[derive(Debug, Clone)]
pub(crate) struct Mount<'a> {
    /// What is mounted.
    pub(crate) source: Source<'a>,
    /// Where in the container, without needless slashes.
    pub(crate) path: Cow<'a, str>,
    /// Whether the container may only read; none while not known.
    pub(crate) read_only: Option<bool>,
    container: usize,
    index: usize,
}

/// What is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// The volume of that name.
    Volume(&'a str),
    /// A volume whose name is not known yet.
    UnknownVolume,
    /// Memory of the container's own.
    Tmpfs,
}

impl Mount<'_> {
    /// Where it is written in the document: with a container that others take it from, there.
    pub(crate) fn place(&self) -> Path {
        let container = Path::default().key("containerDefinitions").index(self.container);
        match self.source {
            Source::Tmpfs => container.key("linuxParameters").key("tmpfs").index(self.index),
            Source::Volume(_) | Source::UnknownVolume => container.key("mountPoints").index(self.index),
        }
    }

    /// Whether it lies above a path and so hides what the image has there.
    pub(crate) fn is_above(&self, path: &str) -> bool {
        self.path == "/" || path.strip_prefix(&*self.path).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl<'a> Mounts<'a> {
    /// What is mounted at exactly that path.
    pub(crate) fn at(&self, path: &str) -> impl Iterator<Item = &Mount<'a>> {
        self.known.iter().filter(move |mount| mount.path == path)
    }

    /// What is seen at a path: the deepest mount at it or above it.
    pub(crate) fn seen_at(&self, path: &str) -> Option<&Mount<'a>> {
        let covering = self.known.iter().filter(|mount| mount.path == path || mount.is_above(path));
        covering.max_by_key(|mount| mount.path.len())
    }

    /// Whether a container with a read-only root filesystem can write at a path; none while not known.
    pub(crate) fn writable(&self, path: &str) -> Option<bool> {
        // What is not known yet may be mounted closer.
        if !self.complete {
            return None;
        }
        self.seen_at(path).map_or(Some(false), |mount| mount.read_only.map(|read_only| !read_only))
    }
}

impl<'a> TaskDefinition<'a> {
    /// What is mounted in a container: by its mount points, by those of the containers it takes volumes from, and as
    /// tmpfs.
    pub(crate) fn mounts(&self, container: &Container<'a>) -> &Mounts<'a> {
        let all = self.mounts.get_or_init(|| {
            self.containers.iter().map(|container| (container.index, self.read_mounts(container))).collect()
        });
        &all[&container.index]
    }

    fn read_mounts(&self, container: &Container<'a>) -> Mounts<'a> {
        let mut mounts = Mounts { known: Vec::new(), complete: true };
        mounts.add_mount_points(container, false);
        let sources = container.get("volumesFrom");
        mounts.complete &= sources.is_wholly_known();
        for source in sources.items() {
            let Some(name) = source.get("sourceContainer").as_str() else { continue };
            match self.named(name) {
                Some(other) => {
                    mounts.add_mount_points(other, source.get("readOnly").as_bool().unwrap_or(false))
                }
                None => mounts.complete &= self.knows_all_names(),
            }
        }
        mounts.add_tmpfs(container);
        mounts
    }

    /// The other containers that can write to a volume, as far as they are known; none where no one is known and not
    /// all are.
    pub(crate) fn writers(&self, volume: &str, besides: &Container<'a>) -> Option<Vec<Container<'a>>> {
        let can_write = |container: &&Container<'a>| {
            self.mounts(container)
                .known
                .iter()
                .any(|mount| mount.source == Source::Volume(volume) && mount.read_only == Some(false))
        };
        let writers: Vec<_> = self.others(besides).filter(can_write).copied().collect();
        (!writers.is_empty() || self.knows_all_writers(volume, besides)).then_some(writers)
    }

    /// Whether no other container than those that are known to can write to a volume.
    pub(crate) fn knows_all_writers(&self, volume: &str, besides: &Container<'a>) -> bool {
        self.containers_are_known
            && self.others(besides).all(|container| {
                let mounts = self.mounts(container);
                let may_write = mounts.known.iter().any(|mount| match mount.source {
                    Source::Volume(name) => name == volume && mount.read_only.is_none(),
                    Source::UnknownVolume => mount.read_only != Some(true),
                    Source::Tmpfs => false,
                });
                mounts.complete && !may_write
            })
    }

    fn others(&self, besides: &Container<'a>) -> impl Iterator<Item = &Container<'a>> {
        let besides = besides.index;
        self.containers.iter().filter(move |container| container.index != besides)
    }

    /// Whether a volume of the task has no content of its own, which one that is not there has. `None` if not yet known.
    pub(crate) fn starts_empty(&self, volume: &str) -> Option<bool> {
        let volumes = self.document.get("volumes");
        match volumes.items().iter().find(|node| node.get("name").as_str() == Some(volume)) {
            Some(named) => has_no_content(named),
            None if volumes.is_unknown() => None,
            None if volumes.items().iter().any(|node| node.get("name").is_unknown()) => None,
            None => Some(false),
        }
    }
}

/// Whether a volume says nothing of where its content comes from. `None` if not yet known.
fn has_no_content(volume: &Node) -> Option<bool> {
    let Node::Object(members) = volume else { return Some(false) };
    let mut is_empty = Some(true);
    for (key, value) in members {
        match (key.as_str(), value) {
            ("name", _) | (_, Node::Null) => {}
            ("host", host) if host.get("sourcePath").is_null() => {}
            ("configuredAtLaunch", Node::Bool(false)) => {}
            ("host", host) if host.get("sourcePath").is_unknown() => is_empty = None,
            (_, Node::Unknown) => is_empty = None,
            _ => return Some(false),
        }
    }
    is_empty
}

impl<'a> Mounts<'a> {
    fn add_mount_points(&mut self, container: &Container<'a>, read_only: bool) {
        let list = container.get("mountPoints");
        self.complete &= !list.is_unknown();
        for (index, mount) in list.items().iter().enumerate() {
            let Some(path) = mount.get("containerPath").as_str() else {
                self.complete &= !mount.is_unknown() && !mount.get("containerPath").is_unknown();
                continue;
            };
            let source = match mount.get("sourceVolume") {
                Node::Unknown => Source::UnknownVolume,
                volume => Source::Volume(volume.as_str().unwrap_or_default()),
            };
            let read_only = match mount.get("readOnly") {
                _ if read_only => Some(true),
                Node::Unknown => None,
                flag => Some(flag.as_bool().unwrap_or(false)),
            };
            self.known.push(Mount {
                source,
                path: normalized(path),
                read_only,
                container: container.index,
                index,
            });
        }
    }

    fn add_tmpfs(&mut self, container: &Container<'a>) {
        let parameters = container.get("linuxParameters");
        let list = parameters.get("tmpfs");
        self.complete &= list.is_wholly_known();
        for (index, tmpfs) in list.items().iter().enumerate() {
            let Some(path) = tmpfs.get("containerPath").as_str() else { continue };
            let read_only =
                tmpfs.get("mountOptions").items().iter().any(|option| option.as_str() == Some("ro"));
            self.known.push(Mount {
                source: Source::Tmpfs,
                path: normalized(path),
                read_only: Some(read_only),
                container: container.index,
                index,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(path: &str) -> Mount<'_> {
        let path = normalized(path);
        Mount { source: Source::Tmpfs, path, read_only: Some(false), container: 0, index: 0 }
    }

    #[test]
    fn above_is_by_whole_names() {
        for above in ["/", "/var", "/var/run/"] {
            assert!(mount(above).is_above("/var/run/datadog"), "{above}");
        }
        for beside in ["/run", "/var/ru", "/var/run/datadog", "/var/run/datadog/x"] {
            assert!(!mount(beside).is_above("/var/run/datadog"), "{beside}");
        }
    }
}
