//! `duplicate-container-name`

use super::prelude::*;
use crate::ecs::shapes::limits::NAME_LENGTH;

/// Two containers of one task with the same name.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-container-name",
    topic: Topic::Form,
    summary: "Two containers have the same name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every container of a task definition has a name of its own.",
    matters: "ECS rejects a task definition in which two containers share a name: dependencies, mounted volumes and \
              load balancers refer to containers by name.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-duplicate-container-names.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Container names must be unique within a task definition"),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app" },
    { "name": "app", "image": "example.com/worker:1.4.2" }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app" },
    { "name": "worker", "image": "example.com/worker:1.4.2" }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let containers = found.all(task.containers());
    if !task.knows_all_names() {
        found.undecided();
    }
    let names =
        containers.iter().enumerate().filter_map(|(position, container)| Some((position, container.name?)));
    let taken: Vec<&str> = containers.iter().filter_map(|container| container.name).collect();
    for Repetition { again, what, .. } in repetitions(names) {
        let container = &containers[again];
        let name = another_name(what, again + 1, NAME_LENGTH, &taken);
        found.in_container(
            container,
            container.path().key("name"),
            "has the same name as a container before it.",
            Fix::from(Edit::set(container, "name", name))
                .and(
                    "Any other free name will do. The old name then means the first container alone: write the new one wherever \
                     this container is meant.",
                ),
        );
    }
}
