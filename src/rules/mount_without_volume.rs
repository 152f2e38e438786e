//! `mount-without-volume`

use super::prelude::*;

/// A mount point that names a volume that the task does not have.
pub(super) static RULE: Rule = Rule {
    name: "mount-without-volume",
    topic: Topic::Volumes,
    summary: "A mount point names a volume that does not exist",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Every sourceVolume of a mount point names a volume of the task definition.",
    matters: "ECS rejects a task definition that mounts a volume it does not define.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-mountpoint-source-volume-missing.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Unknown volume '...'"),
    failing: Example(
        r#"{
  "volumes": [{ "name": "upload" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }]
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
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }]
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
                    "mounts volume {}{}, but the task definition has no volume of that name.",
                    quoted(volume),
                    (mount.path.as_str()).map_or(String::new(), |path| format!(" at {}", quoted(path)))
                ),
                match nearest(volume, names.iter().copied()) {
                    Some(name) => Fix::from(Edit::at(place, name).of(container))
                        .and("If it is another volume, add that one to the volumes of the task definition."),
                    None => {
                        Edit::add_to_task(task.document, "volumes", Node::from([("name", volume.into())]))
                            .into()
                    }
                },
            );
        }
    }
}
