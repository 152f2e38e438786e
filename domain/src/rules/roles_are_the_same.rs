//! `roles-are-the-same`

use super::prelude::*;
use crate::document::Path;

/// One role for ECS and for the program.
pub(super) static RULE: Rule = Rule {
    name: "roles-are-the-same",
    topic: Topic::Security,
    summary: "The task role is the execution role",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The task role and the execution role are not the same role.",
    matters: "ECS uses the execution role to pull images and fetch secrets before the containers start. As the task role, \
              it gives those permissions to every program of the task, which can then read all the secrets too.",
    evidence: Evidence {
        source: "Task IAM role page of the Amazon ECS developer guide; CKV_AWS_249.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "taskRoleArn": "arn:aws:iam::111122223333:role/shop-execution" }"#),
    passing: Example(r#"{ "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task" }"#),
    undecided: Undecided::Failing("taskRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let (role, other) = (task.document.get("taskRoleArn"), task.document.get("executionRoleArn"));
    // Beside no role at all it does not matter which one the other is.
    if role.is_null() || other.is_null() {
        return;
    }
    let (Some(role), Some(other)) = (found.text(role), found.text(other)) else { return };
    if role == other && !role.is_empty() {
        found.in_task(
            Path::default().key("taskRoleArn"),
            format!(
                "The task role and the execution role are the same: {}. Every program of the task has the permissions \
                 that ECS needs to pull images and fetch secrets.",
                quoted(role)
            ),
            Fix::from(Edit::set_in_task("taskRoleArn", stand_in::TASK_ROLE)).and(
                "The ARN is an example. Write that of another role, which has only the permissions that the programs need. If they \
                 call no AWS API, remove taskRoleArn instead.",
            ),
        );
    }
}
