//! `mount-path-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::task::normalized;

/// A path at which nothing can be mounted.
pub(super) static RULE: Rule = Rule {
    name: "mount-path-invalid",
    topic: Topic::Volumes,
    summary: "Nothing can be mounted at this path",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "The containerPath of a mount point or a tmpfs is there, begins with a slash and is not the root directory. The \
             sourcePath of a volume on the host begins with a slash, unless it is a single word, which Docker reads as \
             the name of a volume.",
    matters: "A container whose mount has no path, a relative one or the whole root cannot be created, so the task does not \
              start. In these paths ~ is not replaced.",
    evidence: Evidence {
        source: "Validation of mounts in volume/mounts of moby/moby (\"mount path must be absolute\", \"destination can't be \
                 '/'\") and of names in volume/local (\"includes invalid characters for a local volume name\"); the OCI runtime specification asks for \
                 an absolute destination.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "uploads" }],
  "containerDefinitions": [
    { "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "srv/uploads" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "uploads" }],
  "containerDefinitions": [
    { "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].mountPoints[0].containerPath"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for mount in found.entries(container.mount_points()) {
            let place = || container.path().key("mountPoints").index(mount.index).key("containerPath");
            if mount.path.is_null() && matches!(mount.entry, Node::Object(_)) {
                // A path that says what is mounted there, where that is known.
                let volume = mount.volume.as_str().filter(|name| !name.is_empty()).unwrap_or("data");
                report(
                    container,
                    place(),
                    "has a mount point without a containerPath.",
                    &format!("/mnt/{volume}"),
                    found,
                );
            } else if let Some(path) = found.text(mount.path) {
                destination(container, place, "mounts a volume", path, found);
            }
        }
        for (index, tmpfs) in found.items(container.get("linuxParameters").get("tmpfs")) {
            let place =
                || container.path().key("linuxParameters").key("tmpfs").index(index).key("containerPath");
            // A tmpfs without a path is for the rule required-key-missing.
            let path = found.text(tmpfs.get("containerPath")).filter(|path| !path.is_empty());
            if let Some(path) = path {
                destination(container, place, "mounts a tmpfs", path, found);
            }
        }
    }
    sources(task, found);
}

fn destination(
    container: &Container<'_>,
    place: impl Fn() -> Path,
    mounts: &str,
    path: &str,
    found: &mut Found,
) {
    if path.is_empty() {
        report(container, place(), "has a mount point with an empty containerPath.", "/mnt/data", found);
    } else if is_of_windows(path) {
        // A task for Windows need not say that it is one.
    } else if !path.starts_with('/') {
        let says = format!(
            "{mounts} at {}. The path of a mount begins with a slash, so this container cannot be created.",
            quoted(path)
        );
        report(container, place(), &says, &absolute(path), found);
    } else if normalized(path) == "/" {
        let says = format!(
            "{mounts} at the root directory, which would hide the whole image, so this container cannot be created."
        );
        report(container, place(), &says, "/mnt/data", found);
    }
}

fn report(container: &Container<'_>, place: Path, says: &str, meant: &str, found: &mut Found) {
    let fix = Fix::from(Edit::at(place.clone(), meant).of(container))
        .and("If the program needs it somewhere else, write that path.");
    found.in_container(container, place, says, fix);
}

fn sources(task: &TaskDefinition<'_>, found: &mut Found) {
    for (index, volume) in found.items(task.document.get("volumes")) {
        let Some(path) = found.text(volume.get("host").get("sourcePath")) else { continue };
        if path.starts_with('/') || is_of_windows(path) || !path.contains(['/', '~']) {
            continue;
        }
        match task.fargate {
            // Fargate has no host, which is for the rule unsupported-on-fargate.
            Some(true) => continue,
            None => {
                found.undecided();
                continue;
            }
            Some(false) => {}
        }
        let place = Path::default().key("volumes").index(index).key("host").key("sourcePath");
        let name = volume.get("name").as_str();
        let called = name.map_or("A volume".to_owned(), |name| format!("Volume {}", quoted(name)));
        found.in_task(
            place.clone(),
            format!(
                "{called} is at {} of the host. A path of the host begins with a slash, so no container that mounts it can \
                 be created.",
                quoted(path)
            ),
            Fix::from(Edit::at(place, absolute(path)))
                .and("Write the whole path on the container instance, if it is another one."),
        );
    }
}

/// Whether it is a path as Windows writes it: with a drive, or with backslashes as a named pipe has them.
fn is_of_windows(path: &str) -> bool {
    path.contains('\\') || matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// The path that was probably meant by a relative one.
fn absolute(path: &str) -> String {
    let rest = path.trim_start_matches(['.', '~']);
    match rest.trim_matches('/') {
        "" => "/mnt/data".to_owned(),
        _ => normalized(&format!("/{rest}")).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn container(members: &str) -> String {
        format!(r#"{{"containerDefinitions": [{{"name": "app", {members}}}]}}"#)
    }

    #[test]
    fn a_path_that_is_missing_relative_or_the_root_is_mended() {
        for (path, written) in [
            ("", "/mnt/v"),
            (r#", "containerPath": null"#, "/mnt/v"),
            (r#", "containerPath": """#, "/mnt/data"),
            (r#", "containerPath": "data/up/""#, "/data/up"),
            (r#", "containerPath": "./data""#, "/data"),
            (r#", "containerPath": "~/data""#, "/data"),
            (r#", "containerPath": ".""#, "/mnt/data"),
            (r#", "containerPath": "/""#, "/mnt/data"),
            (r#", "containerPath": "//./""#, "/mnt/data"),
        ] {
            let document = container(&format!(r#""mountPoints": [{{"sourceVolume": "v"{path}}}]"#));
            let found = findings_of(RULE.name, &document);
            assert_eq!(found.len(), 1, "{path}");
            assert_eq!(found[0].path.to_string(), "containerDefinitions[0].mountPoints[0].containerPath");
            let line = format!("Write \"containerPath\": \"{written}\" in mountPoints[0].");
            assert!(found[0].fix_text().starts_with(&line), "{path}: {}", found[0].fix_text());
            assert_eq!(mended(RULE.name, &document), (1, vec![]));
        }
        let tmpfs = container(r#""linuxParameters": {"tmpfs": [{"containerPath": "tmp", "size": 1}]}"#);
        assert_eq!(mended(RULE.name, &tmpfs), (1, vec![]));
    }

    #[test]
    fn absolute_paths_are_fine_whatever_they_look_like() {
        for mounts in [
            r#"{"sourceVolume": "v", "containerPath": "/a b/$x/../c/"}"#,
            r#"{"sourceVolume": "v", "containerPath": "<unknown>"}"#,
            r#"{"sourceVolume": "v", "containerPath": "C:/logs"}"#,
            r#"{"sourceVolume": "v", "containerPath": "\\\\.\\pipe\\docker_engine"}"#,
            "null",
        ] {
            assert_eq!(findings_of(RULE.name, &container(&format!(r#""mountPoints": [{mounts}]"#))), []);
        }
        let windows = r#"{"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}, "containerDefinitions":
            [{"name": "a", "mountPoints": [{"sourceVolume": "v", "containerPath": "C:\\data"}]}]}"#;
        assert_eq!(findings_of(RULE.name, windows), []);
    }

    #[test]
    fn a_path_of_the_host_is_absolute_or_the_name_of_a_volume() {
        for (platform, path, count) in [
            ("EC2", "data/logs", 1),
            ("EC2", "~/logs", 1),
            ("EC2", "./logs", 1),
            ("EC2", "/var/log", 0),
            ("EC2", "logs", 0),
            ("FARGATE", "data/logs", 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "volumes": [{{"name": "v", "host": {{"sourcePath": "{path}"}}}}]}}"#
            );
            let (found, left) = mended(RULE.name, &document);
            assert_eq!((found, left), (count, vec![]), "{path}");
        }
    }
}
