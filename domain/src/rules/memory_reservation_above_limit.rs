//! `memory-reservation-above-limit`

use super::prelude::*;

/// A container that reserves more memory than it can use.
pub(super) static RULE: Rule = Rule {
    name: "memory-reservation-above-limit",
    topic: Topic::Size,
    summary: "The memory reservation exceeds the limit",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The memoryReservation of a container is not larger than its memory.",
    matters: "ECS rejects a task definition in which the soft limit of a container's memory is above the \
              hard limit.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-container-memory-reservation.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("'memory' must be greater than or equal to 'memoryReservation'"),
    mends: Mends::Choice,
    failing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "memory": 256, "memoryReservation": 384 }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "memory": 384, "memoryReservation": 256 }] }"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[0].memory"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let (limit, reservation) = (container.get("memory"), container.get("memoryReservation"));
        if (limit.is_unknown() && !reservation.is_null()) || (reservation.is_unknown() && !limit.is_null()) {
            found.undecided();
        }
        let (Some(limit), Some(reservation)) = (limit.as_i64(), reservation.as_i64()) else { continue };
        if reservation > limit {
            found.in_container(
                container,
                container.path().key("memoryReservation"),
                format!("reserves {reservation} MiB of memory, but its limit is {limit} MiB."),
                Fix::from(Edit::set(container, "memoryReservation", limit))
                    .and(format!("Or raise its memory to at least {reservation} MiB.")),
            );
        }
    }
}
