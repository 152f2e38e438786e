//! What is mounted where in a container.

use std::borrow::Cow;

use super::{Container, TaskDefinition, normalized};
use crate::document::{Node, Path};

/// Everything that is mounted in a container.
pub(crate) struct Mounts<'a> {
    /// The mounts that are known: the container's own mount points first, then what it takes over, then tmpfs.
    pub(crate) known: Vec<Mount<'a>>,
    /// Whether there are no others.
    pub(crate) complete: bool,
    /// The place of the container in the list.
    container: usize,
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
    /// The directory of its own that a task of Nomad mounts, as the task writes it.
    pub(crate) own: Option<&'a str>,
    /// Whether every container has it, whatever is written.
    pub(crate) is_implied: bool,
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

    /// Whether it is taken over from another container.
    pub(crate) fn is_taken_over(&self, by: &Container<'_>) -> bool {
        self.container != by.index
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

    /// What is seen at a path: the deepest mount at it or above it. `None` if not yet known, which it is not while
    /// something may be mounted closer.
    ///
    /// Of mounts at the same path the last one counts, and a container's own come before those that it takes over (Docker
    /// applies the binds last).
    pub(crate) fn seen_at(&self, path: &str) -> Option<Option<&Mount<'a>>> {
        if !self.complete {
            return None;
        }
        let is_own = |mount: &Mount<'_>| mount.container == self.container;
        let mut deepest = None::<&Mount<'_>>;
        for mount in self.known.iter().filter(|mount| mount.path == path || mount.is_above(path)) {
            let is_hidden = deepest.is_some_and(|deepest| {
                let (own, other) = (deepest.path.len(), mount.path.len());
                other < own || (other == own && is_own(deepest) && !is_own(mount))
            });
            if !is_hidden {
                deepest = Some(mount);
            }
        }
        Some(deepest)
    }

    /// Whether a container with a read-only root filesystem can write at a path; none while not known.
    pub(crate) fn writable(&self, path: &str) -> Option<bool> {
        self.seen_at(path)?.map_or(Some(false), |mount| mount.read_only.map(|read_only| !read_only))
    }
}

impl<'a> TaskDefinition<'a> {
    /// What is mounted in a container: by its mount points, by those of the containers it takes volumes from, and as
    /// tmpfs.
    pub(crate) fn mounts(&self, container: &Container<'a>) -> &Mounts<'a> {
        let position = self.position(container.index).expect("containers are those of this task");
        self.mounts[position].get_or_init(|| self.read_mounts(container))
    }

    fn read_mounts(&self, container: &Container<'a>) -> Mounts<'a> {
        let mut mounts = Mounts { known: Vec::new(), complete: true, container: container.index };
        mounts.add_mount_points(container, Some(false));
        let sources = container.volumes_from();
        mounts.complete &= sources.are_complete();
        for source in sources.known() {
            let Some(name) = source.container.as_str() else {
                mounts.complete &= !source.container.is_unknown();
                continue;
            };
            let read_only = flag(source.read_only);
            match self.named(name) {
                Some(other) => mounts.add_mount_points(other, read_only),
                None => mounts.complete &= self.knows_all_names(),
            }
        }
        mounts.add_tmpfs(container);
        mounts
    }

    /// Another container that mounts a directory of its own under the name under which this one mounts one of its own: both are
    /// meant to be the same.
    pub(crate) fn means_the_same(
        &self,
        mount: &Mount<'a>,
        of: &Container<'a>,
    ) -> Option<(Container<'a>, &Mount<'a>)> {
        let own = mount.own?;
        self.others(of).find_map(|other| {
            let mut mounts = self.mounts(other).known.iter();
            mounts.find(|mount| mount.own == Some(own)).map(|mount| (*other, mount))
        })
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
}

impl<'a> Mounts<'a> {
    /// Adds the mount points of a container, all of them read-only where that is said of the whole.
    fn add_mount_points(&mut self, container: &Container<'a>, all_read_only: Option<bool>) {
        let list = container.mount_points();
        self.complete &= list.are_complete();
        for mount in list.known() {
            let Some(path) = mount.path.as_str() else {
                self.complete &= !mount.path.is_unknown();
                continue;
            };
            let source = match mount.volume {
                Node::Unknown => Source::UnknownVolume,
                volume => Source::Volume(volume.as_str().unwrap_or_default()),
            };
            let read_only = match (all_read_only, flag(mount.read_only)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), own) => own,
                (None, _) => None,
            };
            let (container, index) = (container.index, mount.index);
            let (path, own, is_implied) = (normalized(path), mount.own, mount.is_implied);
            self.known.push(Mount { source, path, read_only, own, is_implied, container, index });
        }
    }

    fn add_tmpfs(&mut self, container: &Container<'a>) {
        let list = container.get("linuxParameters").get("tmpfs");
        self.complete &= !list.is_unknown();
        for (index, tmpfs) in list.items().iter().enumerate() {
            let Some(path) = tmpfs.get("containerPath").as_str() else {
                self.complete &= !tmpfs.get("containerPath").is_unknown();
                continue;
            };
            let options = tmpfs.get("mountOptions");
            let says_so = options.items().iter().any(|option| option.as_str() == Some("ro"));
            let read_only = (says_so || options.is_wholly_known()).then_some(says_so);
            let (source, container, path) = (Source::Tmpfs, container.index, normalized(path));
            let (own, is_implied) = (None, false);
            self.known.push(Mount { source, path, read_only, own, is_implied, container, index });
        }
    }
}

/// What `readOnly` says; absent is no. `None` if not yet known.
fn flag(node: &Node) -> Option<bool> {
    (!node.is_unknown()).then(|| node.as_bool().unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::super::tests::node;
    use super::*;

    fn mount(path: &str) -> Mount<'_> {
        let path = normalized(path);
        let (read_only, own, is_implied) = (Some(false), None, false);
        Mount { source: Source::Tmpfs, path, read_only, own, is_implied, container: 0, index: 0 }
    }

    /// What is seen at `/data/up` in the container `app`, beside `other` with a volume at `/data`: the name of the volume,
    /// and whether the container can write there.
    fn seen(app: &str) -> Option<(String, Option<bool>)> {
        let document = node(&format!(
            r#"{{"containerDefinitions": [{{"name": "app"{app}}}, {{"name": "other", "mountPoints": [
                {{"sourceVolume": "o", "containerPath": "/data"}}]}}]}}"#
        ));
        let task = TaskDefinition::read(&Subject::of(&document));
        let mounts = task.mounts(task.named("app").unwrap());
        let seen = mounts.seen_at("/data/up")?;
        let name = seen.map_or("nothing".to_owned(), |mount| match mount.source {
            Source::Volume(name) => name.to_owned(),
            Source::UnknownVolume => "?".to_owned(),
            Source::Tmpfs => "tmpfs".to_owned(),
        });
        Some((name, mounts.writable("/data/up")))
    }

    #[test]
    fn the_deepest_mount_at_a_path_or_above_it_is_what_is_seen() {
        let mounts = |mounts: &str| format!(r#", "mountPoints": [{mounts}]"#);
        let from = |more: &str| format!(r#", "volumesFrom": [{{"sourceContainer": "other"{more}}}]"#);
        let data = r#"{"sourceVolume": "d", "containerPath": "/data/"}"#;
        let exact = r#"{"sourceVolume": "e", "containerPath": "/data/up"}"#;
        let tmpfs = |at: &str, options: &str| {
            format!(
                r#", "linuxParameters": {{"tmpfs": [{{"containerPath": "{at}", "mountOptions": {options}}}]}}"#
            )
        };
        for (app, name, writable) in [
            (String::new(), "nothing", Some(false)),
            (mounts(data), "d", Some(true)),
            (mounts(&data.replace("\"/data/\"", "\"/data/\", \"readOnly\": true")), "d", Some(false)),
            (mounts(&data.replace("\"/data/\"", "\"/data/\", \"readOnly\": \"<unknown>\"")), "d", None),
            (mounts(&data.replace("/data/", "/")), "d", Some(true)),
            (mounts(&data.replace("/data/", "/data/up/deeper")), "nothing", Some(false)),
            (mounts(&data.replace("/data/", "/dat")), "nothing", Some(false)),
            (mounts(&format!("{data}, {exact}")), "e", Some(true)),
            (mounts(&data.replace("\"d\"", "\"<unknown>\"")), "?", Some(true)),
            (from(""), "o", Some(true)),
            (from(r#", "readOnly": true"#), "o", Some(false)),
            (from(r#", "readOnly": "<unknown>""#), "o", None),
            (format!("{}{}", mounts(data), from("")), "d", Some(true)),
            (tmpfs("/data", "[]"), "tmpfs", Some(true)),
            (tmpfs("/data", r#"["ro"]"#), "tmpfs", Some(false)),
            (tmpfs("/data", "\"<unknown>\""), "tmpfs", None),
            (format!("{}{}", mounts(data), tmpfs("/data/up", "[]")), "tmpfs", Some(true)),
        ] {
            assert_eq!(seen(&app), Some((name.to_owned(), writable)), "{app}");
        }
        for open in [
            r#", "mountPoints": "<unknown>""#.to_owned(),
            r#", "linuxParameters": "<unknown>""#.to_owned(),
            format!(r#"{}, "volumesFrom": "<unknown>""#, mounts(data)),
            mounts(&format!("{exact}, \"<unknown>\"")),
            from("").replace("\"other\"", "\"<unknown>\""),
        ] {
            assert_eq!(seen(&open), None, "{open}");
        }
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
