//! `mount-without-volume`

use super::prelude::*;
use crate::document::Path;

/// A mount point that names a volume that the task does not have.
pub(super) static RULE: Rule = Rule {
    name: "mount-without-volume",
    topic: Topic::Volumes,
    summary: "A mount point names no volume of the task",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "Every mount point has a sourceVolume, which names a volume of the task definition.",
    matters: "ECS rejects a task definition that mounts a volume it does not define. A mount point without sourceVolume is the \
              same to it: it answers that the volume 'null' is unknown.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-mountpoint-source-volume-missing, and in cloudposse/terraform-aws-airship-ecs-service issue 46 (no \
                 sourceVolume).",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Unknown volume '...'"),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "volumes": [{ "name": "upload" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads", "readOnly": true }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "uploads" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads", "readOnly": true }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("volumes"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let volumes = task.document.get("volumes");
    let all_known = !volumes.is_unknown()
        && !volumes.items().iter().any(|volume| volume.is_unknown() || volume.get("name").is_unknown());
    let names: Vec<&str> = volumes.items().iter().filter_map(|volume| volume.get("name").as_str()).collect();
    for container in found.all(task.containers()) {
        for mount in found.entries(container.mount_points()) {
            // What is no object is for the rule wrong-type.
            if mount.volume.is_null() && matches!(mount.entry, Node::Object(_)) {
                let place = container.path().key("mountPoints").index(mount.index).key("sourceVolume");
                without_source(task, container, mount.path, place, found);
            }
            let Some(volume) = found.text(mount.volume) else { continue };
            if names.contains(&volume) {
                continue;
            }
            if !all_known {
                found.undecided();
                continue;
            }
            let place = container.path().key("mountPoints").index(mount.index).key("sourceVolume");
            found.in_container(
                container,
                place.clone(),
                format!(
                    "mounts volume {}{}, but the {} has no volume of that name.",
                    quoted(volume),
                    (mount.path.as_str()).map_or(String::new(), |path| format!(" at {}", quoted(path))),
                    task.words().document
                ),
                match nearest(volume, names.iter().copied()) {
                    Some(name) => Fix::from(Edit::at(place, name).of(container)).and(format!(
                        "If it is another volume, add that one to the volumes of the {}.",
                        task.words().document
                    )),
                    None => {
                        Edit::add_to_task(task.document, "volumes", Node::from([("name", volume.into())]))
                            .into()
                    }
                },
            );
        }
    }
}

/// A mount point that names no volume at all.
fn without_source(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    path: &Node,
    place: Path,
    found: &mut Found,
) {
    let at = path.as_str().map_or(String::new(), |path| format!(" at {}", quoted(path)));
    found.in_container(
        container,
        place.clone(),
        format!("has a mount point{at} without a sourceVolume."),
        match unmounted(task, container) {
            Some(name) => Fix::from(Edit::at(place, name).of(container))
                .and("If another volume is meant, write its name. Or remove the mount point."),
            None => Fix::write([
                Edit::add_to_task(task.document, "volumes", Node::from([("name", "data".into())])),
                Edit::at(place, "data").of(container),
            ])
            .and("Or remove the mount point."),
        },
    );
}

/// The first volume of the task that the container does not mount yet.
fn unmounted<'a>(task: &TaskDefinition<'a>, container: &Container<'_>) -> Option<&'a str> {
    let volumes = task.document.get("volumes").items().iter();
    let is_mounted =
        |name: &str| container.mount_points().known().any(|mount| mount.volume.as_str() == Some(name));
    volumes.filter_map(|volume| volume.get("name").as_str()).find(|name| !is_mounted(name))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    #[test]
    fn a_mount_point_without_a_source_is_found() {
        for (volumes, written) in [
            (r#"[{"name": "a"}, {"name": "b"}]"#, r#"Write "sourceVolume": "b" in mountPoints[1]."#),
            (r#"[{"name": "a"}]"#, r#"Add { "name": "data" } to volumes"#),
        ] {
            let document = format!(
                r#"{{"volumes": {volumes}, "containerDefinitions": [{{"name": "app", "mountPoints": [
                    {{"sourceVolume": "a", "containerPath": "/a"}}, {{"sourceVolume": null, "containerPath": "/b"}}]}}]}}"#
            );
            let found = findings_of(RULE.name, &document);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].path.to_string(), "containerDefinitions[0].mountPoints[1].sourceVolume");
            assert!(found[0].fix_text().starts_with(written), "{}", found[0].fix_text());
            assert_eq!(mended(RULE.name, &document), (1, vec![]));
        }
    }

    #[test]
    fn what_is_not_known_or_no_mount_point_has_none_missing() {
        for mounts in
            ["\"<unknown>\"", r#"[{"sourceVolume": "<unknown>", "containerPath": "/b"}]"#, "[null, 5]"]
        {
            let document =
                format!(r#"{{"containerDefinitions": [{{"name": "app", "mountPoints": {mounts}}}]}}"#);
            assert_eq!(findings_of(RULE.name, &document), [], "{mounts}");
        }
    }
}
