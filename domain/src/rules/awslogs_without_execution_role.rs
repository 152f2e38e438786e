//! `awslogs-without-execution-role`

use super::prelude::*;
use crate::document::Path;

/// Logs on Fargate without the role that writes them.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-without-execution-role",
    topic: Topic::Logging,
    summary: "Logging on Fargate needs an execution role",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "A Fargate task definition in which a container logs with awslogs names an execution role.",
    matters: "On Fargate the log driver writes to CloudWatch Logs with the execution role. ECS rejects a task definition \
              that has none.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-fargate-execution-role-missing-awslogs.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "Fargate requires task definition to have execution role ARN to support log driver awslogs",
    ),
    mends: Mends::Yours,
    failing: Example(r#"{ "executionRoleArn": null }"#),
    passing: Example(r#"{ "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution" }"#),
    undecided: Undecided::Failing("executionRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let role = task.has_execution_role();
    if role == Some(true) || task.secrets_need_a_role() {
        return;
    }
    for container in found.all(task.containers()) {
        if found.known(container.awslogs()).flatten().is_none() {
            continue;
        }
        if role.is_none() {
            found.undecided();
            return;
        }
        found.in_task(
            Path::default().key("executionRoleArn"),
            format!(
                "{} logs with awslogs on Fargate, but the task definition has no execution role, which the driver needs to \
                 write the logs.",
                container.called()
            ),
            Fix::from(Edit::set_in_task(
                "executionRoleArn",
                stand_in::EXECUTION_ROLE,
            ))
            .and(
                "The ARN is an example. Write that of a role that has AWS's managed policy \
                 AmazonECSTaskExecutionRolePolicy.",
            ),
        );
        // One missing role is one mistake, however many containers log.
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn one_missing_role_is_one_finding() {
        let log = r#""logConfiguration": {"logDriver": "awslogs"}"#;
        let secrets = r#""secrets": [{"name": "X", "valueFrom": "arn"}]"#;
        let count = |containers: &str| {
            let document = format!(
                r#"{{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{containers}]}}"#
            );
            findings_of("awslogs-without-execution-role", &document).len()
        };
        assert_eq!(count(&format!(r#"{{"name": "a", {log}}}, {{"name": "b", {log}}}"#)), 1);
        assert_eq!(count(&format!(r#"{{"name": "a", {log}}}, {{"name": "b", {secrets}}}"#)), 0);
        assert_eq!(count(r#"{"name": "a", "logConfiguration": {"logDriver": "awsfirelens"}}"#), 0);
    }
}
