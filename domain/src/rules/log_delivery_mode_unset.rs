//! `log-delivery-mode-unset`

use super::prelude::*;

/// Nobody chose between losing log lines and blocking the program.
pub(super) static RULE: Rule = Rule {
    name: "log-delivery-mode-unset",
    topic: Topic::Logging,
    summary: "The log delivery mode is left to the account",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A log configuration for awslogs says its mode: blocking or non-blocking.",
    matters: "In blocking mode a program that writes has to wait while CloudWatch Logs cannot be reached. In non-blocking mode \
              lines are dropped when the buffer is full. Without a mode the account setting defaultLogDriverMode decides. \
              Its default became non-blocking on 2025-06-25, so the same task definition can behave differently in two \
              accounts.",
    evidence: Evidence {
        source: "API reference of RegisterTaskDefinition, LogConfiguration, option mode; Prowler check \
                 ecs_task_definitions_logging_block_mode.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "containerDefinitions": [{ "name": "app", "logConfiguration": { "options": { "mode": null } } }]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": { "options": { "mode": "non-blocking", "max-buffer-size": "25m" } }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options.mode"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(Some(options)) = found.known(container.awslogs()) else { continue };
        match options.get("mode") {
            Node::Unknown => found.undecided(),
            Node::Null => {
                let mode = Edit::set(container, "logConfiguration.options.mode", "non-blocking");
                let buffer = options.get("max-buffer-size").is_null();
                let buffer =
                    buffer.then(|| Edit::set(container, "logConfiguration.options.max-buffer-size", "25m"));
                found.in_container(
                    container,
                    container.path().key("logConfiguration").key("options").key("mode"),
                    "logs with awslogs and does not set the mode, so the account decides whether the program waits or loses \
                     lines when CloudWatch Logs cannot be reached.",
                    Fix::write([mode].into_iter().chain(buffer))
                        .and("Or choose the mode blocking if no line may be lost."),
                );
            }
            _ => {}
        }
    }
}
