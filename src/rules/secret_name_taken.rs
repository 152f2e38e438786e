//! `secret-name-taken`

use super::prelude::*;
use std::collections::BTreeSet;

/// A secret under the name of a variable or of another secret.
pub(super) static RULE: Rule = Rule {
    name: "secret-name-taken",
    summary: "A secret has the name of another variable",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Within a container no secret has the name of another secret or of an environment variable.",
    matters: "ECS rejects the task definition, because both would be one variable of the container.",
    evidence: Evidence {
        source: "Answer of RegisterTaskDefinition as quoted in two public repositories.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: None,
    failing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/ecs-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "DB_PASSWORD", "value": "unset" }],
      "secrets": [
        {
          "name": "DB_PASSWORD",
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
      "environment": [{ "name": "DB_USER", "value": "shop" }],
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    ),
    undecided: Some(Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/ecs-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "environment": "<unknown>",
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ]
    }
  ]
}"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in task.containers(found) {
        let mut taken = BTreeSet::new();
        if !container.get("secrets").is_null() {
            for (_, variable) in found.items(container.get("environment")) {
                taken.extend(found.text(variable.get("name")));
            }
        }
        for (index, secret) in found.items(container.get("secrets")) {
            let Some(name) = found.text(secret.get("name")) else { continue };
            if !taken.insert(name) {
                let name = quoted(name);
                found.in_container(
                    container,
                    container.path().key("secrets").index(index).key("name"),
                    format!(
                        "{} has a secret {name} and another variable of that name. ECS rejects such a task definition.",
                        container.called()
                    ),
                    format!("Keep one {name}: the secret, if the value is confidential."),
                );
            }
        }
    }
}
