//! `too-many-containers`

use super::prelude::*;
use crate::document::Path;
use crate::document::shapes::limits::CONTAINERS;

/// More containers than a task can have.
pub(super) static RULE: Rule = Rule {
    name: "too-many-containers",
    summary: "The task has too many containers",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "A task definition has at most ten containers, those of the Datadog Agent included.",
    matters: "ECS rejects a task definition with more. The quota cannot be raised.",
    evidence: Evidence { source: "Service quotas of Amazon ECS.", seen: "2026-11", status: Status::Verified },
    failing: Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "worker-1", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-2", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-3", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-4", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-5", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-6", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-7", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-8", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-9", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-10", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-11", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "worker-1", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-2", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-3", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-4", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-5", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-6", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-7", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-8", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-9", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-10", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true }
  ]
}"#,
    ),
    undecided: Some(Example(
        r#"{
  "family": "shop",
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "worker-1", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    { "name": "worker-2", "image": "example.com/shop:1.4.2", "readonlyRootFilesystem": true },
    "<unknown>"
  ]
}"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let definitions = task.document.get("containerDefinitions");
    let count = definitions.items().len();
    if count <= CONTAINERS {
        if !task.knows_all_containers() {
            found.undecided();
        }
        return;
    }
    found.in_task(
        Path::default().key("containerDefinitions"),
        format!("The task definition has {count} containers. ECS allows {CONTAINERS}."),
        "Move containers that need not run side by side to a task definition of their own.",
    );
}
