//! Paths that a container has to write to, each made writable by an empty volume or a tmpfs of its own.

use super::draft::{Draft, Item};
use super::log::Place;
use super::seen::{Mounted, Seen, seen_at};
use super::{ChangeKind, CollisionKind};
use crate::document::Node;
use crate::document::container_path::normalized;
use crate::ecs::shapes::nearest;
use crate::rofs::workload::Mount;
use crate::task::volume_name;

/// Directories that the kernel fills: what is mounted over them breaks the container.
const OF_THE_KERNEL: [&str; 3] = ["/proc", "/sys", "/dev"];

/// Makes the paths writable that were asked for.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let hardening = draft.hardening;
    if let Some(size) = hardening.tmpfs_size.filter(|size| *size < 1) {
        draft.log.collision(&Place::nowhere(), "", CollisionKind::TmpfsSize { size });
        return;
    }
    for (name, paths) in &hardening.writable_paths {
        let mut wanted: Vec<String> = Vec::new();
        for path in paths {
            match problem_with(path) {
                Some(why) => {
                    let kind = CollisionKind::NotAWritablePath { path: path.clone(), why };
                    draft.log.collision(&Place::of(Some(name), 0), "", kind);
                }
                None => {
                    let path = normalized(path).into_owned();
                    if !wanted.contains(&path) {
                        wanted.push(path);
                    }
                }
            }
        }
        let containers: Vec<usize> =
            (0..draft.items.len()).filter(|index| draft.items[*index].name() == Some(name)).collect();
        if containers.is_empty() {
            nobody_has_the_name(draft, name);
        }
        for index in containers {
            for (path, seen) in wanted.iter().zip(what_is_seen(draft, index, &wanted)) {
                make_writable(draft, index, name, path, seen);
            }
        }
    }
}

/// Why a path cannot be made writable.
pub(super) fn problem_with(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        return Some("is not absolute: it has to begin with a slash");
    }
    if path.split('/').any(|part| part == "..") {
        return Some("goes up with ..; write the path that is meant");
    }
    let path = normalized(path);
    if path == "/" {
        return Some("is the root filesystem itself");
    }
    let is_in = |directory: &str| {
        path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    OF_THE_KERNEL
        .into_iter()
        .any(is_in)
        .then_some("belongs to the kernel, which fills /proc, /sys and /dev in every container")
}

/// No container is called so. One whose name is not known yet may be.
fn nobody_has_the_name(draft: &mut Draft<'_>, name: &str) {
    let mut may_be_known_later = false;
    let key = if draft.hardening.tmpfs_size.is_some() { "linuxParameters" } else { "mountPoints" };
    for item in &mut draft.items {
        if item.definition.is_unknown() {
            may_be_known_later = true;
        } else if item.definition.get("name").is_unknown()
            && let Node::Object(members) = &mut item.definition
        {
            members.insert(key.to_owned(), Node::Unknown);
            item.undecided = true;
            may_be_known_later = true;
        }
    }
    if may_be_known_later || draft.undecided {
        draft.volumes.leave_open();
        return;
    }
    let names: Vec<&str> = draft.items.iter().filter_map(Item::name).collect();
    let meant = nearest(name, names.iter().copied()).map(str::to_owned);
    let kind = CollisionKind::NoSuchContainer { meant };
    draft.log.collision(&Place::of(Some(name), 0), "", kind);
}

/// What a container sees at each path before anything is mounted for them, so that the order in which they are asked for
/// makes no difference.
fn what_is_seen(draft: &Draft<'_>, index: usize, paths: &[String]) -> Vec<Seen> {
    let task = draft.read();
    let Some(container) = task.at(index) else { return Vec::new() };
    let mounts = task.mounts(container);
    paths.iter().map(|path| seen_at(container, mounts, path)).collect()
}

fn make_writable(draft: &mut Draft<'_>, index: usize, name: &str, path: &str, seen: Seen) {
    let own_name = volume_name(name, path);
    let place = draft.items[index].place();
    match seen {
        Seen::Nothing => add(draft, index, &own_name, path),
        Seen::Mount(Mounted { read_only: true, at, key, .. }) => {
            let kind = CollisionKind::MountedReadOnly { path: path.to_owned(), at };
            draft.log.collision(&place, key, kind);
        }
        // Ours, as it was written before. Its volume is the user's where it is among theirs.
        Seen::Mount(Mounted { volume: Some(name), at, .. }) if name == own_name && at == path => {
            let is_added = draft.volumes.need(&name, &mut draft.log);
            let item = &mut draft.items[index];
            match is_added {
                Some(true) => drop(item.mark.volumes.insert(name)),
                Some(false) => {}
                None => item.undecided = true,
            }
        }
        // An empty volume here would hide what is in the one that is there.
        Seen::Mount(Mounted { at, key, .. }) => {
            draft.log.change(&place, key, ChangeKind::KeptMount(at));
        }
        Seen::Undecided => {
            let item = &mut draft.items[index];
            if let (Node::Object(members), false) = (&mut item.definition, item.frozen) {
                let key =
                    if draft.hardening.tmpfs_size.is_some() { "linuxParameters" } else { "mountPoints" };
                members.insert(key.to_owned(), Node::Unknown);
                item.undecided = true;
                draft.volumes.leave_open();
            }
        }
    }
}

fn add(draft: &mut Draft<'_>, index: usize, own_name: &str, path: &str) {
    let item = &mut draft.items[index];
    if let Some(size) = draft.hardening.tmpfs_size {
        if let Some(mut joiner) = item.joiner(&mut draft.log) {
            joiner.tmpfs(path, size);
        }
        return;
    }
    let volume = draft.volumes.free_name(own_name);
    let Some(mut joiner) = item.joiner(&mut draft.log) else { return };
    joiner.add_mount(&Mount { volume: volume.clone(), path: path.to_owned(), read_only: false, file: None });
    if item.mark.mounts.get(path) == Some(&volume) {
        item.mark.volumes.insert(volume.clone());
        // A volume whose name is not known yet may turn out to have this one.
        item.undecided |= !draft.volumes.knows_all_names();
        draft.volumes.add(&volume, &mut draft.log);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_cannot_be_writable_are_told_apart() {
        for path in ["tmp", "", "/", "//", "/a/../b", "/proc", "/sys/fs", "/dev/shm", "/dev//x/"] {
            assert!(problem_with(path).is_some(), "{path}");
        }
        for path in ["/tmp", "/processes", "/device", "/var/cache/nginx/", "/a/..b"] {
            assert_eq!(problem_with(path), None, "{path}");
        }
    }
}
