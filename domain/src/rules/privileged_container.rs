//! `privileged-container`

use super::host_process_namespace::is_told_elsewhere;
use super::prelude::*;

/// A container with the powers of its host's root.
pub(super) static RULE: Rule = Rule {
    name: "privileged-container",
    topic: Topic::Security,
    summary: "A container is privileged",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.4"),
    checks: "No container says \"privileged\": true.",
    matters: "A privileged container has the powers of root on the host: every device, every capability. An attacker \
              who breaks into it controls the host and all its tasks. Security Hub's control ECS.4 fails.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.4 (Config rule ecs-containers-nonprivileged).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [{ "name": "app", "privileged": true }]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "name": "app", "linuxParameters": { "capabilities": { "add": ["NET_ADMIN"] } } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].privileged"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        match container.get("privileged") {
            Node::Unknown => found.undecided(),
            Node::Bool(true) if is_told_elsewhere("privileged", container.node, task, found) => {
                found.control_fails(container.path().key("privileged"), Some(container));
            }
            Node::Bool(true) => {
                found.in_container(
                    container,
                    container.path().key("privileged"),
                    "is privileged, so it has the powers of root on the host. Security Hub's control ECS.4 fails for the \
                     whole task definition.",
                    Fix::from(Edit::remove(container, "privileged")).and(
                        "Where a process needs one capability of the kernel, add that alone, in \
                         linuxParameters.capabilities.add.",
                    ),
                );
            }
            _ => {}
        }
    }
}
