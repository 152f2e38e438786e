//! `launch-volume-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::CONFIGURED_AT_LAUNCH_VOLUMES;

/// A volume that is configured at launch and that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "launch-volume-invalid",
    topic: Topic::Volumes,
    summary: "ECS does not accept this volume that is configured at launch",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "At most one volume of a task definition says \"configuredAtLaunch\": true, and a container mounts it.",
    matters: "ECS attaches one Amazon EBS volume to a task at most, and rejects a task definition with more or with one that \
              no container mounts. An ordinary volume that nobody mounts is accepted.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-volume-not-referenced; Volume in \
                 the API reference of Amazon ECS.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "volumes": [{ "name": "uploads", "configuredAtLaunch": true }],
  "containerDefinitions": [{ "name": "app" }]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "uploads", "configuredAtLaunch": true }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].mountPoints"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let mut count = 0;
    for (index, volume) in found.items(task.document.get("volumes")) {
        let flag = volume.get("configuredAtLaunch");
        if flag.is_unknown() {
            found.undecided();
        }
        if flag.as_bool() != Some(true) {
            continue;
        }
        count += 1;
        let place = Path::default().key("volumes").index(index).key("configuredAtLaunch");
        if count > CONFIGURED_AT_LAUNCH_VOLUMES {
            found.in_task(
                place.clone(),
                "A volume before this one is configured at launch as well. ECS rejects such a task definition.",
                Fix::from(Edit::without(place)).and("Only one volume of a task can be configured at launch."),
            );
        } else if let Some(name) =
            found.text(volume.get("name")).filter(|name| !is_mounted(task, name, found))
        {
            let answer = would_answer("Volumes [...] are not referenced by any of the containers");
            found.in_task(
                place,
                format!(
                    "Volume {} is configured at launch, and no container mounts it.{answer}",
                    quoted(name)
                ),
                mounted(task, name),
            );
        }
    }
}

/// The mount point that is missing, in the first container that is not of the Agent's image.
fn mounted(task: &TaskDefinition<'_>, volume: &str) -> Fix {
    let containers = task.containers().known;
    let container = containers.iter().find(|container| !container.has_agent_image()).or(containers.first());
    let Some(container) = container else { return "Mount it in a container, or remove the volume.".into() };
    let path = format!("/mnt/{volume}");
    let mount_point = Node::from([("sourceVolume", volume.into()), ("containerPath", path.into())]);
    Fix::from(Edit::add(container, "mountPoints", mount_point))
        .and("The container and the path are examples: mount it where it is needed. Or remove the volume.")
}

/// Whether a container mounts the volume, or may for all that is known.
fn is_mounted(task: &TaskDefinition<'_>, volume: &str, found: &mut Found) -> bool {
    let mut unknown = !task.knows_all_containers();
    for container in found.all(task.containers()) {
        let mounts = container.mount_points();
        unknown |= !mounts.are_complete();
        for mount in mounts.known() {
            if mount.volume.as_str() == Some(volume) {
                return true;
            }
            unknown |= mount.volume.is_unknown();
        }
    }
    if unknown {
        found.undecided();
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_second_volume_is_one_too_many_and_an_ordinary_one_need_not_be_mounted() {
        let at_launch = |name: &str| format!(r#"{{"name": "{name}", "configuredAtLaunch": true}}"#);
        for (volumes, paths) in [
            (r#"{"name": "b"}"#.to_owned(), vec![]),
            (format!("{}, {}", at_launch("a"), at_launch("c")), vec!["volumes[1].configuredAtLaunch"]),
            (at_launch("b"), vec!["volumes[0].configuredAtLaunch"]),
        ] {
            let document = format!(
                r#"{{"volumes": [{volumes}], "containerDefinitions": [{{"name": "app",
                    "mountPoints": [{{"sourceVolume": "a", "containerPath": "/a"}}, {{"sourceVolume": "c", "containerPath": "/c"}}]}}]}}"#
            );
            let findings = findings_of("launch-volume-invalid", &document);
            let found: Vec<_> = findings.iter().map(|finding| finding.path.to_string()).collect();
            assert_eq!(found, paths, "{volumes}");
        }
    }
}
