//! `awslogs-creates-group`

use super::prelude::*;

/// A log driver that creates its log group itself.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-creates-group",
    topic: Topic::Logging,
    summary: "The log driver creates its log group",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "No log configuration for awslogs has the option awslogs-create-group set to \"true\".",
    matters: "The role that writes the logs then needs logs:CreateLogGroup, which AWS's managed policy \
              AmazonECSTaskExecutionRolePolicy does not give: without it the task does not start. A group created that way \
              keeps its log events forever, and Terraform does not manage it.",
    evidence: Evidence {
        source: "Amazon ECS developer guide, page on awslogs, option awslogs-create-group; AWS managed policy reference, \
                 AmazonECSTaskExecutionRolePolicy.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "awslogs-create-group": "true" } } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "awslogs-group": "/shop" } } }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options.awslogs-create-group"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(Some(options)) = found.known(container.awslogs()) else { continue };
        let creates = found.text(options.get("awslogs-create-group"));
        // Published task definitions write "True" as well.
        if creates.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            found.in_container(
                container,
                container.path().key("logConfiguration").key("options").key("awslogs-create-group"),
                "lets the log driver create its log group. The role that writes the logs needs logs:CreateLogGroup for \
                 that, or the task does not start.",
                Fix::from(Edit::remove(container, "logConfiguration.options.awslogs-create-group")).and(
                    "Create the log group in Terraform, with a retention time. Or keep the option and give the role \
                     logs:CreateLogGroup.",
                ),
            );
        }
    }
}
