//! `roles-in-two-accounts`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::Arn;

/// Two roles that cannot be passed together.
pub(super) static RULE: Rule = Rule {
    name: "roles-in-two-accounts",
    topic: Topic::Security,
    summary: "The roles belong to two accounts",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The ARN of the task role names the same account as the ARN of the execution role.",
    matters: "IAM passes ECS only roles of the account in which the task definition is registered. Of two accounts one is \
              another, and the registration fails. A program that needs a role elsewhere assumes it by itself.",
    evidence: Evidence {
        source: "AWS's answer \"Cross-account pass role is not allowed\" in adcreare/cloudformation issue 3, which \
                 CloudFormation passes on. Not seen from RegisterTaskDefinition itself.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "taskRoleArn": "arn:aws:iam::444455556666:role/shop-task"
}"#,
    ),
    passing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task"
}"#,
    ),
    undecided: Undecided::Failing("taskRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let (execution, own) = (task.document.get("executionRoleArn"), task.document.get("taskRoleArn"));
    // Beside no role at all it does not matter which account the other one is of.
    if execution.is_null() || own.is_null() {
        return;
    }
    let (Some(execution), Some(own)) = (found.text(execution), found.text(own)) else { return };
    let (Some(execution), Some(own)) = (Arn::parse(execution), Arn::parse(own)) else { return };
    // What is no account is told by the rule role-invalid.
    if !execution.is_in_an_account() || !own.is_in_an_account() || execution.account == own.account {
        return;
    }
    let there = format!("arn:{}:iam::{}:{}", execution.partition, execution.account, own.resource);
    found.in_task(
        Path::default().key("taskRoleArn"),
        format!(
            "The task role belongs to account {}, and the execution role to account {}. ECS can be given only roles of the \
             account in which the task definition is registered.",
            own.account, execution.account
        ),
        Fix::from(Edit::set_in_task("taskRoleArn", there))
            .and("If the execution role has the wrong account, change that one."),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    #[test]
    fn roles_of_two_accounts_are_told() {
        const ONE: &str = "arn:aws:iam::111122223333:role/a";
        const OTHER: &str = "arn:aws:iam::444455556666:role/team/b";
        for (execution, own, expected) in [
            (ONE, OTHER, 1),
            (OTHER, ONE, 1),
            (ONE, ONE, 0),
            (ONE, "b", 0),
            (ONE, "<unknown>", 0),
            (ONE, "", 0),
            (ONE, "arn:aws:iam::4444:role/b", 0),
        ] {
            let document = format!(r#"{{"executionRoleArn": "{execution}", "taskRoleArn": "{own}"}}"#);
            assert_eq!(findings_of("roles-in-two-accounts", &document).len(), expected, "{document}");
            assert_eq!(mended("roles-in-two-accounts", &document), (expected, vec![]), "{document}");
        }
    }
}
