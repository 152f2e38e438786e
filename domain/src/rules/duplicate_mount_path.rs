//! `duplicate-mount-path`

use super::prelude::*;
use crate::document::Path;
use crate::task::normalized;

/// Two things mounted at the same path of a container.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-mount-path",
    topic: Topic::Volumes,
    summary: "Two things are mounted at the same path",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Each mount point and tmpfs of a container has a containerPath of its own. Extra slashes do not make a difference.",
    matters: "Docker creates no container with the same mount point twice, so the task does not start. Another \
              runtime hides one behind the other, so that the container never sees it. Where one volume is listed there twice \
              and the task may run on Fargate, it is a warning.",
    evidence: Evidence {
        source: "Docker's answer (\"Duplicate mount point\") in nextflow issue 384; registerMountPoints in daemon/volumes.go of \
                 moby/moby, which rejects a mount at the path of another mount or of a tmpfs; terraform-aws-modules/ecs issue 153. Whether ECS rejects the task definition earlier is not on \
                 record.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "volumes": [{ "name": "uploads" }, { "name": "cache" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [
        { "sourceVolume": "uploads", "containerPath": "/srv/data", "readOnly": true },
        { "sourceVolume": "cache", "containerPath": "/srv/data/", "readOnly": true }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "uploads" }, { "name": "cache" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [
        { "sourceVolume": "uploads", "containerPath": "/srv/data/uploads", "readOnly": true },
        { "sourceVolume": "cache", "containerPath": "/srv/data/cache", "readOnly": true }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].mountPoints[1].containerPath"),
    check,
};

/// A list that something is mounted by, and a position in it.
type Place = (List, usize);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    MountPoints,
    Tmpfs,
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let mut paths = Vec::new();
        let mount_points = found.entries(container.mount_points());
        let mount_points = mount_points.map(|mount| ((List::MountPoints, mount.index), mount.path));
        let tmpfs = found.items(container.get("linuxParameters").get("tmpfs"));
        let tmpfs = tmpfs.map(|(index, mount)| ((List::Tmpfs, index), mount.get("containerPath")));
        for (place, path) in mount_points.chain(tmpfs) {
            let path = found.text(path).filter(|path| !path.is_empty());
            paths.extend(path.map(|path| (place, normalized(path))));
        }
        let taken: Vec<String> = paths.iter().map(|(_, path)| path.to_string()).collect();
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        for Repetition { first, again, what } in repetitions(paths.into_iter()) {
            let place = written_at(container.path(), again);
            let other = another_name(&what, 2, usize::MAX, &taken);
            let finding = found.in_container(
                container,
                place.clone().key("containerPath"),
                format!(
                    "already has something mounted at {}: {}.",
                    quoted(&what),
                    written_at(Path::default(), first)
                ),
                Fix::from(Edit::at(place.key("containerPath"), other).of(container))
                    .and("Any other free path will do. Or remove one of the two."),
            );
            if task.fargate != Some(false) && volume_at(container, first) == volume_at(container, again) {
                finding.severity = Severity::Warning;
            }
        }
    }
}

/// The volume that is mounted by an entry; none for tmpfs.
fn volume_at<'n>(container: &Container<'n>, (list, index): Place) -> Option<&'n str> {
    let mut mounts = container.mount_points().known().filter(|_| list == List::MountPoints);
    mounts.find(|mount| mount.index == index)?.volume.as_str()
}

fn written_at(start: Path, (list, index): Place) -> Path {
    match list {
        List::MountPoints => start.key("mountPoints").index(index),
        List::Tmpfs => start.key("linuxParameters").key("tmpfs").index(index),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::Severity;

    #[test]
    fn a_tmpfs_over_a_mount_point_is_found_too() {
        let document = r#"{"containerDefinitions": [{"name": "app",
            "mountPoints": [{"sourceVolume": "a", "containerPath": "/tmp"}],
            "linuxParameters": {"tmpfs": [{"containerPath": "/run"}, {"containerPath": "//tmp"}]}}]}"#;
        let findings = findings_of("duplicate-mount-path", document);
        assert_eq!(findings.len(), 1);
        let place = "containerDefinitions[0].linuxParameters.tmpfs[1].containerPath";
        assert_eq!(findings[0].path.to_string(), place);
        assert!(findings[0].detail().ends_with("\"/tmp\": mountPoints[0]."), "{}", findings[0].detail());
    }

    #[test]
    fn one_volume_twice_is_as_sure_as_the_runtime_is_known() {
        let severity = |platform: &str, second: &str| {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "app",
                    "mountPoints": [{{"sourceVolume": "a", "containerPath": "/x"}}, {{"sourceVolume": "{second}", "containerPath": "/x"}}]}}]}}"#
            );
            findings_of("duplicate-mount-path", &document)[0].severity
        };
        assert_eq!(severity("FARGATE", "a"), Severity::Warning);
        for (platform, second) in [("FARGATE", "b"), ("EC2", "a"), ("EC2", "b")] {
            assert_eq!(severity(platform, second), Severity::Error, "{platform} {second}");
        }
    }
}
