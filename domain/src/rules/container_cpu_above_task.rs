//! `container-cpu-above-task`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::units;

/// More CPU for all containers together than the task has.
pub(super) static RULE: Rule = Rule {
    name: "container-cpu-above-task",
    topic: Topic::Size,
    summary: "The containers have more CPU than the task",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The cpu of all containers together, those of the Datadog Agent included, is at most the cpu of the task.",
    matters: "ECS rejects a task definition whose containers have more CPU than the whole task.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-fargate-container-cpu-over-task.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    ),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "cpu": "256",
  "containerDefinitions": [
    { "name": "app", "cpu": 192 },
    { "name": "worker", "cpu": 128 }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "cpu": "256",
  "containerDefinitions": [
    { "name": "app", "cpu": 192 },
    { "name": "worker", "cpu": 64 }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].cpu"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let cpu = task.document.get("cpu");
    if cpu.is_null() {
        return;
    }
    let Ok(size) = units::cpu(cpu) else { return };
    let (mut sum, mut complete) = (0_i64, true);
    for container in found.all(task.containers()) {
        let cpu = container.get("cpu");
        complete &= !cpu.is_unknown();
        sum = sum.saturating_add(cpu.as_i64().map_or(0, |units| units.max(0)));
    }
    match size {
        Some(size) if sum > size => {
            let edits = task.containers().known.iter().filter(|container| !container.get("cpu").is_null());
            found.in_task(
                Path::default().key("cpu"),
                format!(
                    "The containers have {sum} CPU units together, and the whole task has {size}{}.",
                    if complete { "" } else { ". Some are not known yet" }
                ),
                Fix::write(edits.map(|container| Edit::remove(container, "cpu")))
                    .and("They then share the CPU of the task. Or give each of them less, or the task more."),
            );
        }
        // Containers without CPU fit into any size.
        Some(_) if complete => {}
        None if complete && sum == 0 => {}
        _ => found.undecided(),
    }
}
