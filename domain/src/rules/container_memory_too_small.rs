//! `container-memory-too-small`

use super::prelude::*;
use crate::ecs::shapes::limits::CONTAINER_MEMORY_MIN;

/// Less memory than Docker accepts for a container.
pub(super) static RULE: Rule = Rule {
    name: "container-memory-too-small",
    topic: Topic::Size,
    summary: "A container has less memory than Docker allows",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The memory and the memoryReservation of a container are at least 6 MiB.",
    matters: "Docker 20.10 and newer creates no container with less, so the task does not start.",
    evidence: Evidence {
        source: "Task definition parameters page of Amazon ECS; answer of Docker in pull request 185 of \
                 awsdocs/amazon-ecs-developer-guide.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "memory": 4 }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "memory": 6 }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].memory"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for key in ["memory", "memoryReservation"] {
            let memory = container.get(key);
            if memory.is_unknown() {
                found.undecided();
            }
            let Some(mebibytes) = memory.as_i64().filter(|memory| *memory < CONTAINER_MEMORY_MIN) else {
                continue;
            };
            found.in_container(
                container,
                container.path().key(key),
                format!(
                    "has a {key} of {mebibytes} MiB. Docker creates no container with less than {CONTAINER_MEMORY_MIN} \
                     MiB."
                ),
                Fix::from(Edit::set(container, key, CONTAINER_MEMORY_MIN))
                    .and("Most programs need more. The unit is MiB; a GB has 1024 of them."),
            );
        }
    }
}
