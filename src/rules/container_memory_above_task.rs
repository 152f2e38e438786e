//! `container-memory-above-task`

use super::prelude::*;
use crate::document::units;

/// A container with more memory than its task.
pub(super) static RULE: Rule = Rule {
    name: "container-memory-above-task",
    topic: Topic::Size,
    summary: "A container has more memory than the task",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "The memory of each container is at most the memory of the task.",
    matters: "ECS rejects a task definition in which one container may use more memory than the whole task \
              has.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-container-memory-over-task.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("The 'memory' setting for container '...' is greater than for the task"),
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "memory": 1024 }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "memory": 512 }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].memory"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let size = task.document.get("memory");
    if size.is_null() {
        return;
    }
    let Ok(size) = units::memory(size) else { return };
    for container in found.all(task.containers()) {
        let memory = container.get("memory");
        if memory.is_unknown() || (size.is_none() && !memory.is_null()) {
            found.undecided();
        }
        let (Some(size), Some(memory)) = (size, memory.as_i64()) else { continue };
        if memory > size {
            found.in_container(
                container,
                container.path().key("memory"),
                format!("may use {memory} MiB, the whole task has {size} MiB."),
                format!("Write \"memory\": {size} or less here, or give the task more."),
            );
        }
    }
}
