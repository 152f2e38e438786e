//! `secrets-without-execution-role`

use super::prelude::*;

/// Secrets without a role with which ECS could fetch them.
pub(super) static RULE: Rule = Rule {
    name: "secrets-without-execution-role",
    topic: Topic::Security,
    summary: "Secrets need an execution role",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition in which a container has secrets names an execution role.",
    matters: "ECS fetches the values of secrets with the execution role before the container starts, and \
              rejects a task definition that has secrets and no such role.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer quoted in ecs-deploy issue 87 (fabfuel) and in terraform-provider-aws issue 6503.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'",
    ),
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "executionRoleArn": null,
  "containerDefinitions": [
    {
      "name": "app",
      "secrets": [
        {
          "name": "DD_API_KEY",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/ecs-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "secrets": [
        {
          "name": "DD_API_KEY",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("executionRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let role = task.document.get("executionRoleArn");
    if role.as_str().is_some_and(|arn| !arn.is_empty()) {
        return;
    }
    for container in found.all(task.containers()) {
        let secrets = container.get("secrets");
        if secrets.is_unknown() || (role.is_unknown() && !secrets.items().is_empty()) {
            found.undecided();
        } else if !secrets.items().is_empty() {
            found.in_container(
                container,
                container.path().key("secrets"),
"has secrets, but the task definition has no execution role with which ECS could fetch them.",
                Fix::from(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE)).and(
                    "The ARN is an example. Write that of a role that may read the secrets (secretsmanager:GetSecretValue or \
                     ssm:GetParameters).",
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn an_empty_role_is_none() {
        let secrets =
            r#""containerDefinitions": [{"name": "a", "secrets": [{"name": "X", "valueFrom": "arn"}]}]"#;
        for (role, count) in
            [(r#""executionRoleArn": "","#, 1), (r#""executionRoleArn": "arn:x","#, 0), ("", 1)]
        {
            let document = format!("{{{role} {secrets}}}");
            assert_eq!(findings_of("secrets-without-execution-role", &document).len(), count, "{role}");
        }
    }
}
