//! `no-essential-container`

use super::prelude::*;
use crate::document::Path;

/// A task in which no container keeps it running.
pub(super) static RULE: Rule = Rule {
    name: "no-essential-container",
    summary: "No container is essential",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "At least one container of the task is essential. A container that does not say so is.",
    matters: "ECS rejects a task definition in which every container says \"essential\": false.",
    evidence: Evidence {
        source: "Answer of RegisterTaskDefinition on record in cdk-preflight 1.9.1, rule \
                 essential-container; cfn-lint E3042.",
        seen: "2026-09",
        status: Status::Verified,
    },
    failing: Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "app", "image": "example.com/shop:1.4.2", "essential": false, "readonlyRootFilesystem": true }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "app", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true }
  ]
}"#,
    ),
    undecided: Some(Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    {
      "name": "app",
      "image": "example.com/shop:1.4.2",
      "essential": "<unknown>",
      "readonlyRootFilesystem": true
    }
  ]
}"#,
    )),
    check,
};

fn check(task: &Task<'_>, found: &mut Found) {
    let containers = task.containers(found);
    if containers.iter().any(|container| container.essential() == Some(true)) || containers.is_empty() {
        return;
    }
    if containers.iter().any(|container| container.essential().is_none()) || !task.knows_all_containers() {
        found.undecided();
        return;
    }
    found.in_task(
        Path::default().key("containerDefinitions"),
        "Every container says \"essential\": false. ECS rejects such a task definition.",
        "Take \"essential\": false out of the container that the task is there for.",
    );
}
