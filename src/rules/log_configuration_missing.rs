//! `log-configuration-missing`

use super::prelude::*;

/// A container whose output nobody keeps.
pub(super) static RULE: Rule = Rule {
    name: "log-configuration-missing",
    topic: Topic::Logging,
    summary: "A container has no log configuration",
    severity: Severity::Note,
    platform: Platform::Any,
    control: Some("ECS.9"),
    checks: "Every container of the task has a logConfiguration with a logDriver: application, Agent, init containers \
             and log routers alike.",
    matters: "On Fargate the output of a container without a log configuration is lost, elsewhere it stays on the host. \
              When the container fails at start, that output is all there is to learn why. Security Hub's control \
              ECS.9 fails for the task definition as soon as one of its containers has none.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.9 (Config rule \
                 ecs-task-definition-log-configuration).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "logConfiguration": null }] }"#),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": { "awslogs-group": "/shop", "awslogs-stream-prefix": "app" }
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        if log.is_null() {
            found.in_container(
                container,
                container.path().key("logConfiguration"),
"has no log configuration, so nobody can read what it wrote when it failed. Security Hub's \
                     control ECS.9 fails for the whole task definition.",
                "Write \"logConfiguration\": { \"logDriver\": \"awslogs\", \"options\": { \"awslogs-group\": \"...\", \
                 \"awslogs-region\": \"...\", \"awslogs-stream-prefix\": \"...\", \"mode\": \"non-blocking\" } }.");
            continue;
        }
        match log.get("logDriver") {
            Node::Unknown => found.undecided(),
            Node::String(driver) if !driver.is_empty() => {}
            // A required key that is missing or of another type has a finding of its own.
            _ => found
                .control_fails(container.path().key("logConfiguration").key("logDriver"), Some(container)),
        }
    }
}
