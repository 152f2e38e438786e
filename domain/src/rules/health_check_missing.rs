//! `health-check-missing`

use super::prelude::*;

/// Waiting for a container without a health check to be healthy.
pub(super) static RULE: Rule = Rule {
    name: "health-check-missing",
    topic: Topic::Order,
    summary: "A container waits for the health of one without a health check",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A dependency with the condition HEALTHY refers to a container with a healthCheck in the task \
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
    mends: Mends::Yours,
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
                    let command = vec!["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"];
                    let health_check = Node::from([("command", command.into())]);
                    found.in_container(
                        container,
                        container.path().key("dependsOn").index(dependency.index).key("condition"),
                        format!(
                            "waits until {target} is healthy, but {target} has no health check in the task definition."
                        ),
                        Fix::from(Edit::set(awaited, "healthCheck", health_check)).and(
                            "The command is an example: write one that its image has. Or wait with the condition START.",
                        ),
                    );
                }
                _ => {}
            }
        }
    }
}
