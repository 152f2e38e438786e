//! `health-check-missing`

use super::prelude::*;

/// Waiting for the health of a container that has no health check.
pub(super) static RULE: Rule = Rule {
    name: "health-check-missing",
    topic: Topic::Order,
    summary: "A container waits for the health of one without a health check",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "A dependency with the condition HEALTHY points at a container with a healthCheck in the task \
             definition.",
    matters: "ECS rejects the task definition otherwise. A HEALTHCHECK in the image does not count.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-dependson-healthy-without-healthcheck.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "A dependency container with HEALTHY condition must have health check configured",
    ),
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "db", "image": "example.com/db:16.4" },
    { "name": "app", "dependsOn": [{ "containerName": "db", "condition": "HEALTHY" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "db",
      "image": "example.com/db:16.4",
      "healthCheck": { "command": ["CMD-SHELL", "pg_isready"] }
    },
    { "name": "app", "dependsOn": [{ "containerName": "db", "condition": "HEALTHY" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].healthCheck"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for dependency in found.entries(container.dependencies()) {
            let Some("HEALTHY") = found.text(dependency.condition) else { continue };
            let Some(target) = found.text(dependency.awaited) else { continue };
            let Some(Some(awaited)) = found.known(task.container(target)) else { continue };
            match awaited.get("healthCheck") {
                Node::Unknown => found.undecided(),
                Node::Null => {
                    let target = quoted(target);
                    found.in_container(
                        container,
                        container.path().key("dependsOn").index(dependency.index).key("condition"),
format!("waits until {target} is healthy, but {target} has no health check in the task \
                             definition."),
                        format!(
                            "Add \"healthCheck\": {{ \"command\": [\"CMD-SHELL\", \"...\"] }} to {target}, or wait for \
                             its START."
                        ));
                }
                _ => {}
            }
        }
    }
}
