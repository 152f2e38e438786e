//! What hardening has to know of what is mounted at a path, before it changes anything.

use crate::task::{Container, Mounts, Source};

/// What a container sees at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// The root filesystem.
    Nothing,
    /// What is mounted there, or above it.
    Mount(Mounted),
    /// It depends on a value that is not known yet.
    Undecided,
}

/// The mount that a container sees at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mounted {
    /// Where it is mounted: at the path, or above it.
    pub(super) at: String,
    /// The volume; none for a tmpfs and where the mount names none.
    pub(super) volume: Option<String>,
    /// Whether it is a tmpfs.
    pub(super) is_tmpfs: bool,
    /// Whether the container may only read.
    pub(super) read_only: bool,
    /// The key of the definition that it is written in.
    pub(super) key: &'static str,
}

/// What a container sees at a path: the deepest mount at it or above it.
pub(super) fn seen_at(container: &Container<'_>, mounts: &Mounts<'_>, path: &str) -> Seen {
    let Some(mount) = mounts.seen_at(path) else { return Seen::Undecided };
    let Some(mount) = mount else { return Seen::Nothing };
    let volume = match mount.source {
        Source::UnknownVolume => return Seen::Undecided,
        Source::Volume(name) if !name.is_empty() => Some(name.to_owned()),
        Source::Volume(_) | Source::Tmpfs => None,
    };
    let Some(read_only) = mount.read_only else { return Seen::Undecided };
    let is_tmpfs = mount.source == Source::Tmpfs;
    let key = match is_tmpfs {
        true => "linuxParameters",
        false if mount.is_taken_over(container) => "volumesFrom",
        false => "mountPoints",
    };
    Seen::Mount(Mounted { at: mount.path.clone().into_owned(), volume, is_tmpfs, read_only, key })
}

impl Seen {
    /// What is mounted at exactly that path; nothing where it is mounted above it.
    pub(super) fn exactly(self, path: &str) -> Seen {
        match self {
            Seen::Mount(mounted) if mounted.at != path => Seen::Nothing,
            seen => seen,
        }
    }
}
