//! `memory-reservations-above-task`

use super::fargate_size_invalid::{fitting, size_edits};
use super::prelude::*;
use crate::document::Path;
use crate::ecs::units;

/// More memory reserved for all containers together than the task has.
pub(super) static RULE: Rule = Rule {
    name: "memory-reservations-above-task",
    topic: Topic::Size,
    summary: "The containers reserve more memory than the task has",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The memoryReservation of all containers together is at most the memory of the task. If the sum is larger only \
             because of the memory of containers without a memoryReservation, it is a warning.",
    matters: "ECS rejects a task definition whose memoryReservation values add up to more than the task has. The documentation \
              also counts the memory of a container without a memoryReservation as reserved.",
    evidence: Evidence {
        source: "Answer of RegisterTaskDefinition quoted in pull request 4766 of cloudnativedaysjp/dreamkast-infra; \
                 task definition parameters page of Amazon ECS for containers without memoryReservation.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "memory": "512",
  "containerDefinitions": [
    { "name": "app", "memoryReservation": 384 },
    { "name": "worker", "memoryReservation": 256 }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "memory": "512",
  "containerDefinitions": [
    { "name": "app", "memoryReservation": 256 },
    { "name": "worker", "memoryReservation": 256 }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].memoryReservation"),
    check,
};

const ANSWER: &str = "The sum of all container 'memoryReservation' values cannot be greater than the value of the task \
                      'memory'.";

/// What the containers ask for, in MiB.
#[derive(Default)]
struct Sums {
    reserved: i64,
    reserved_or_limited: i64,
    largest_limit: i64,
    complete: bool,
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let memory = task.document.get("memory");
    if memory.is_null() {
        return;
    }
    let Ok(size) = units::memory(memory) else { return };
    let sums = sums(found.all(task.containers()));
    let Some(size) = size else {
        if sums.reserved_or_limited > 0 || !sums.complete {
            found.undecided();
        }
        return;
    };
    if sums.reserved > size {
        found.in_task(
            Path::default().key("memory"),
            format!(
                "The containers reserve {} MiB together, but the whole task has {size} MiB.{}",
                sums.reserved,
                would_answer(ANSWER)
            ),
            more_memory(task, sums.reserved),
        );
        return;
    }
    if !sums.complete {
        found.undecided();
    }
    // Another rule reports a single container with more memory than the task.
    if sums.reserved_or_limited > size && sums.largest_limit <= size {
        let finding = found.in_task(
            Path::default().key("memory"),
            format!(
                "The memoryReservation of all containers, or the memory of those without one, adds up to {} MiB. The whole \
                 task has {size} MiB, so the containers cannot all use that much.",
                sums.reserved_or_limited
            ),
            more_memory(task, sums.reserved_or_limited),
        );
        finding.severity = Severity::Warning;
    }
}

/// A size of the task with room for what the containers need, where there is one.
fn more_memory(task: &TaskDefinition<'_>, needed: i64) -> Fix {
    if task.fargate == Some(false) {
        return Fix::from(Edit::set_in_task("memory", needed.to_string()))
            .and("Or lower memoryReservation in the containers.");
    }
    if fitting(task, needed).1 < needed {
        return "Lower memoryReservation in the containers: Fargate offers no task that much memory.".into();
    }
    Fix::write(size_edits(task, needed)).and("Or lower memoryReservation in the containers.")
}

fn sums(containers: &[Container<'_>]) -> Sums {
    let mut sums = Sums { complete: true, ..Sums::default() };
    for container in containers {
        let (reservation, limit) = (container.get("memoryReservation"), container.get("memory"));
        let amount = |node: &Node| node.as_i64().map_or(0, |mebibytes| mebibytes.max(0));
        let counts = if reservation.is_null() { limit } else { reservation };
        sums.complete &= !counts.is_unknown();
        sums.reserved = sums.reserved.saturating_add(amount(reservation));
        sums.reserved_or_limited = sums.reserved_or_limited.saturating_add(amount(counts));
        sums.largest_limit = sums.largest_limit.max(amount(limit));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::Severity;

    fn severities(containers: &str) -> Vec<Severity> {
        let document = format!(r#"{{"memory": "1 GB", "containerDefinitions": {containers}}}"#);
        let findings = findings_of("memory-reservations-above-task", &document);
        findings.into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn what_is_known_to_be_rejected_is_an_error_and_the_rest_a_warning() {
        let reserved = r#"[{"memoryReservation": 1000}, {"memoryReservation": 25}, {"memory": 100}]"#;
        assert_eq!(severities(reserved), [Severity::Error]);
        let limited = r#"[{"memoryReservation": 1000, "memory": 1024}, {"memory": 25}]"#;
        assert_eq!(severities(limited), [Severity::Warning]);
        assert_eq!(severities(r#"[{"memoryReservation": 1000, "memory": 1024}, {"memory": 24}]"#), []);
    }

    #[test]
    fn a_single_container_above_the_task_is_left_to_its_own_rule() {
        assert_eq!(severities(r#"[{"memory": 2048}, {"memory": 128}]"#), []);
    }

    #[test]
    fn outside_of_fargate_a_task_may_have_any_memory() {
        let document = r#"{"requiresCompatibilities": ["EC2"], "memory": "512", "containerDefinitions": [
            {"name": "a", "memoryReservation": 384}, {"name": "b", "memoryReservation": 257}]}"#;
        let findings = findings_of("memory-reservations-above-task", document);
        assert_eq!(
            findings[0].fix_text(),
            r#"Write "memory": "641". Or lower memoryReservation in the containers."#
        );
        assert_eq!(mended("memory-reservations-above-task", document), (1, vec![]));
    }
}
