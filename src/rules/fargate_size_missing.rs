//! `fargate-size-missing`

use super::prelude::*;
use super::rule::would_answer;
use crate::document::Path;

/// A Fargate task without its size.
pub(super) static RULE: Rule = Rule {
    name: "fargate-size-missing",
    topic: Topic::Size,
    summary: "Fargate needs the task's cpu and memory",
    severity: Severity::Error,
    platform: Platform::Fargate,
    control: None,
    checks: "A task definition that requires Fargate has cpu and memory of the task as a whole.",
    matters: "ECS rejects a task definition for Fargate without them; the sizes of the containers do not \
              replace them.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-fargate-task-cpu-memory.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(r#"{ "memory": null, "containerDefinitions": [{ "name": "app", "memory": 512 }] }"#),
    passing: Example(r#"{ "memory": "512", "containerDefinitions": [{ "name": "app", "memory": 512 }] }"#),
    undecided: Undecided::Other(Example(
        r#"{ "memory": "<unknown>", "containerDefinitions": [{ "name": "app" }] }"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for (key, example) in [("cpu", "256"), ("memory", "512")] {
        let value = task.document.get(key);
        if value.is_unknown() {
            found.undecided();
        } else if value.is_null() {
            found.in_task(
                Path::default().key(key),
                format!(
                    "The task requires Fargate and has no {key} of its own.{}",
                    would_answer(&format!("Fargate requires that '{key}' be defined at the task level"))
                ),
                format!("Add \"{key}\": \"{example}\" or more to the task definition."),
            );
        }
    }
}
