//! Where the sources of mounts lead: to a directory of the allocation, to the machine, or nobody knows.
//!
//! Sources: `expandPath` of the driver for Docker (drivers/docker/utils.go) and client/allocdir/alloc_dir.go of hashicorp/nomad
//! (aa026cc, 2026-08), read 2026-11.

/// The directory that the tasks of an allocation share, beside those of the tasks.
pub(super) const SHARED: &str = "alloc";

/// What leads from the directory of a task to that of the allocation.
pub(super) const UP: &str = "../";

/// Where a source leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// To a directory of the allocation, called as from the directory of any task in it: `../alloc/data`.
    Allocation(String),
    /// To this path of the machine.
    Machine(String),
    /// Nobody can say.
    Unknown,
}

/// Where a path leads that begins at the directory of a task, or at the root of the machine.
pub(super) fn lead(task: &str, source: &str) -> Source {
    if source.contains("${") || source.is_empty() {
        return Source::Unknown;
    }
    let is_absolute = source.starts_with('/');
    let mut parts = if is_absolute { Vec::new() } else { vec![task] };
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." if is_absolute => drop(parts.pop()),
            // What is above the allocation is the client's own.
            ".." if parts.is_empty() => return Source::Unknown,
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => Source::Machine(format!("/{}", parts.join("/"))),
        (false, true) => Source::Unknown,
        (false, false) => Source::Allocation(format!("{UP}{}", parts.join("/"))),
    }
}

/// Where a directory of the allocation is in the container of a task that mounts nothing there itself: what is shared, and what is
/// the task's own. None where it is nowhere.
pub(super) fn seen_in_a_container(task: &str, directory: &str) -> Option<String> {
    let inside = directory.strip_prefix(UP)?;
    let own = inside.strip_prefix(task).and_then(|rest| rest.strip_prefix('/'));
    let is_at = |inside: &str, root: &str| {
        inside.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match own {
        _ if is_at(inside, SHARED) => Some(format!("/{inside}")),
        Some(own) if OWN.iter().any(|root| is_at(own, root)) => Some(format!("/{own}")),
        _ => None,
    }
}

/// The directories of a task that its container has at its root.
pub(super) const OWN: [&str; 2] = ["local", "secrets"];

/// What of a directory is the task's alone, as the task writes it: `local/data`. None for what tasks share.
pub(super) fn of_the_task_alone<'d>(task: &str, directory: &'d str) -> Option<&'d str> {
    directory.strip_prefix(UP)?.strip_prefix(task)?.strip_prefix('/')
}

/// Whether one of two directories is the other one or in it.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let is_in = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_in(one, other) || is_in(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_leads_where_the_driver_lets_it_lead() {
        for (source, leads) in [
            ("../alloc/data", "../alloc/data"),
            ("../alloc//data/./x/", "../alloc/data/x"),
            ("local/data", "../web/local/data"),
            ("./local", "../web/local"),
            ("../db/local/x", "../db/local/x"),
            ("../web/local", "../web/local"),
            ("data", "../web/data"),
        ] {
            assert_eq!(lead("web", source), Source::Allocation(leads.to_owned()), "{source}");
        }
        for (source, leads) in [("/srv/data/", "/srv/data"), ("/", "/"), ("/a/../b", "/b")] {
            assert_eq!(lead("web", source), Source::Machine(leads.to_owned()), "{source}");
        }
        for source in ["", "..", "../..", "../../x", "${NOMAD_ALLOC_DIR}/x", "${meta.path}"] {
            assert_eq!(lead("web", source), Source::Unknown, "{source}");
        }
    }

    #[test]
    fn a_container_has_what_is_shared_and_what_is_its_own() {
        for (directory, path) in [
            ("../alloc", Some("/alloc")),
            ("../alloc/data/x", Some("/alloc/data/x")),
            ("../web/local/x", Some("/local/x")),
            ("../web/secrets", Some("/secrets")),
            ("../web/data", None),
            ("../db/local/x", None),
            ("../allocated", None),
        ] {
            assert_eq!(seen_in_a_container("web", directory).as_deref(), path, "{directory}");
        }
        assert_eq!(of_the_task_alone("web", "../web/local/x"), Some("local/x"));
        assert_eq!(of_the_task_alone("web", "../website/x"), None);
        assert_eq!(of_the_task_alone("web", "../alloc/x"), None);
        for (one, other, both) in [
            ("../a/b", "../a/b", true),
            ("../a", "../a/b", true),
            ("../a/b/c", "../a/b", true),
            ("../a/bc", "../a/b", false),
        ] {
            assert_eq!(overlap(one, other), both, "{one} {other}");
        }
    }
}
