//! `container-memory-missing`

use super::prelude::*;

/// A container without any memory limit in a task without one.
pub(super) static RULE: Rule = Rule {
    name: "container-memory-missing",
    topic: Topic::Size,
    summary: "Neither the container nor the task has a memory size",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Where the task has no memory of its own, every container has memory or memoryReservation.",
    matters: "ECS rejects a task definition in which nothing limits the memory of a container.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-container-memory-required.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("At least one of 'memory' or 'memoryReservation' must be specified"),
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "cpu": null,
  "memory": null,
  "containerDefinitions": [{ "name": "app" }]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "cpu": null,
  "memory": null,
  "containerDefinitions": [{ "name": "app", "memory": 512 }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].memory"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    // On Fargate the task's size is missing, which is for the rule fargate-size-missing.
    match (task.document.get("memory"), task.fargate) {
        (Node::Unknown, _) | (Node::Null, None) => return found.undecided(),
        (Node::Null, Some(false)) => {}
        _ => return,
    }
    for container in found.all(task.containers()) {
        let sizes = [container.get("memory"), container.get("memoryReservation")];
        if !sizes.iter().all(|size| size.is_null() || size.is_unknown()) {
            continue;
        }
        if sizes.iter().any(|size| size.is_unknown()) {
            found.undecided();
            continue;
        }
        found.in_container(
            container,
            container.path().key("memory"),
            "has neither memory nor memoryReservation, and the task has no memory either.",
            Fix::from(Edit::set(container, "memory", 512))
                .and("The unit is MiB. Or give the task as a whole a memory size."),
        );
    }
}
