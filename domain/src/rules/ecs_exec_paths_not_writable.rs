//! `ecs-exec-paths-not-writable`

use super::image_path_not_writable::mounted;
use super::prelude::*;

/// A container that is only half prepared for ECS Exec.
pub(super) static RULE: Rule = Rule {
    name: "ecs-exec-paths-not-writable",
    topic: Topic::ReadOnlyRoot,
    summary: "ECS Exec cannot write to a directory it needs",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "The SSM agent of ECS Exec uses the directories /managed-agents, /var/lib/amazon/ssm and \
             /var/log/amazon/ssm. A container with a read-only root filesystem that mounts something at one of them has \
             a writable mount at both of the last two. Whether a service turns ECS Exec on is not part of a task definition, \
             so a container without any of them passes.",
    matters: "The SSM agent behind ECS Exec creates files in these directories and stops if it cannot. AWS does not support \
              ECS Exec with a read-only root filesystem; writable volumes there are how people make it work.",
    evidence: Evidence {
        source: "Containers-roadmap issues 1359 and 2824; amazon-ecs-exec-checker issue 21.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "volumes": [{ "name": "ssm-state" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "ssm-state", "containerPath": "/var/lib/amazon/ssm" }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "ssm-state" }, { "name": "ssm-logs" }],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [
        { "sourceVolume": "ssm-state", "containerPath": "/var/lib/amazon/ssm" },
        { "sourceVolume": "ssm-logs", "containerPath": "/var/log/amazon/ssm" }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].readonlyRootFilesystem"),
    check,
};

/// Where the SSM agent keeps its state and its logs.
const NEEDED: [&str; 2] = ["/var/lib/amazon/ssm", "/var/log/amazon/ssm"];
/// Mounts that are made for ECS Exec alone.
const TELLING: [&str; 5] =
    ["/managed-agents", "/var/lib/amazon", "/var/lib/amazon/ssm", "/var/log/amazon", "/var/log/amazon/ssm"];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        if container.read_only_root() == Some(false) {
            continue;
        }
        let mounts = task.mounts(container);
        if !mounts.complete {
            found.undecided();
            continue;
        }
        let Some(telling) = mounts.known.iter().find(|mount| TELLING.contains(&&*mount.path)) else {
            continue;
        };
        if container.read_only_root().is_none() {
            found.undecided();
            continue;
        }
        let mut missing = Vec::new();
        for path in NEEDED {
            match mounts.writable(path) {
                None => found.undecided(),
                Some(true) => {}
                Some(false) => missing.push(path),
            }
        }
        if !missing.is_empty() {
            let says = format!(
                "has a mount at {}, which ECS Exec needs, but cannot write to {} on its read-only root filesystem. ECS Exec \
                 would not start.",
                telling.path,
                missing.join(" and ")
            );
            let fix = Fix::write(mounted(task, container, &missing))
                .and(format!("Or, if ECS Exec is not needed, remove the mount at {}.", telling.path));
            found.in_container(container, container.path().key("mountPoints"), says, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn directories_above_count_and_read_only_mounts_do_not() {
        for (mounts, count) in [
            (r#"{"sourceVolume": "v", "containerPath": "/data"}"#, 0),
            (r#"{"sourceVolume": "v", "containerPath": "/managed-agents"}"#, 1),
            (
                r#"{"sourceVolume": "v", "containerPath": "/var/lib/amazon/"},
                   {"sourceVolume": "w", "containerPath": "/var/log"}"#,
                0,
            ),
            (
                r#"{"sourceVolume": "v", "containerPath": "/var/lib/amazon/ssm"},
                   {"sourceVolume": "w", "containerPath": "/var/log/amazon/ssm", "readOnly": true}"#,
                1,
            ),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{{"name": "app", "image": "a:1",
                    "readonlyRootFilesystem": true, "mountPoints": [{mounts}]}}]}}"#
            );
            assert_eq!(findings_of("ecs-exec-paths-not-writable", &document).len(), count, "{mounts}");
        }
    }
}
