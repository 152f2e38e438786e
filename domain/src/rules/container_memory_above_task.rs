//! `container-memory-above-task`

use super::prelude::*;
use crate::ecs::units;

/// A container with more memory than its task.
pub(super) static RULE: Rule = Rule {
    name: "container-memory-above-task",
    topic: Topic::Size,
    summary: "A container has more memory than the task",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The memory of each container is at most the memory of the task.",
    matters: "ECS rejects a task definition in which one container has more memory than the whole task.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-container-memory-over-task.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("The 'memory' setting for container '...' is greater than for the task"),
    mends: Mends::Choice,
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
                format!("has {memory} MiB of memory, and the whole task has {size} MiB."),
                Fix::write(at_most(container, size)).and("Or give the task more."),
            );
        }
    }
}

/// A reservation above the limit would be the next mistake.
fn at_most(container: &Container<'_>, size: i64) -> impl Iterator<Item = Edit> {
    let reserved = container.get("memoryReservation").as_i64();
    let reservation =
        reserved.filter(|reserved| *reserved > size).map(|_| Edit::remove(container, "memoryReservation"));
    std::iter::once(Edit::set(container, "memory", size)).chain(reservation)
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_reservation_that_would_be_above_the_limit_is_removed_with_it() {
        for (reservation, fix) in [
            (256, "Write \"memory\": 512. Or give the task more."),
            (768, "Write \"memory\": 512, and remove \"memoryReservation\". Or give the task more."),
        ] {
            let document = format!(
                r#"{{"memory": "512", "containerDefinitions": [
                    {{"name": "a", "memory": 1024, "memoryReservation": {reservation}}}]}}"#
            );
            assert_eq!(findings_of("container-memory-above-task", &document)[0].fix_text(), fix);
        }
    }
}
