//! `awslogs-stream-prefix-missing`

use super::prelude::*;

/// A log configuration for awslogs that cannot name its streams on Fargate.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-stream-prefix-missing",
    topic: Topic::Logging,
    summary: "Fargate needs a stream prefix",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "On Fargate a log configuration for awslogs has awslogs-stream-prefix among its options.",
    matters: "ECS names the log streams of a Fargate task prefix/container/task, and rejects a task definition without \
              the prefix.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-awslogs-fargate-missing-stream-prefix.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs",
    ),
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "awslogs-stream-prefix": null } } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "awslogs-stream-prefix": "shop" } } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options.awslogs-stream-prefix"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let family = task.document.get("family").as_str().unwrap_or("app");
    for container in found.all(task.containers()) {
        let Some(Some(options)) = found.known(container.awslogs()) else { continue };
        let prefix = options.get("awslogs-stream-prefix");
        if prefix.is_unknown() {
            found.undecided();
        } else if prefix.as_str().is_none_or(str::is_empty) {
            found.in_container(
                container,
                container.path().key("logConfiguration").key("options").key("awslogs-stream-prefix"),
                "logs with awslogs on Fargate without a stream prefix.",
                Fix::from(Edit::set(container, "logConfiguration.options.awslogs-stream-prefix", family))
                    .and("Any text is accepted; the name of the service is usual."),
            );
        }
    }
}
