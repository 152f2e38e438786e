//! `secret-name-taken`

use super::prelude::*;
use super::rule::would_answer;
use std::collections::BTreeMap;

/// A secret under the name of a variable or of another secret.
pub(super) static RULE: Rule = Rule {
    name: "secret-name-taken",
    topic: Topic::Form,
    summary: "A secret has the name of another variable",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Within a container no secret has the name of another secret or of an environment variable.",
    matters: "ECS rejects the task definition, because both would be one variable of the container.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers quoted in dagster issue 11622 and in aws-ecs-orb issue 210.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
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
    undecided: Undecided::Failing("containerDefinitions[0].environment"),
    check,
};

/// ECS's answer where a variable of the container has the name, and where another secret has it.
const VARIABLE_TAKEN: &str = "The secret name must be unique and not shared with any new or existing environment variables \
                              set on the container";
const SECRET_TAKEN: &str = "Duplicate secret names found: ... Each secret name must be unique";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        // By length first: names seldom have the same, and then nobody looks at their letters.
        let mut taken = BTreeMap::new();
        if !container.get("secrets").is_null() {
            for (_, variable) in found.items(container.get("environment")) {
                if let Some(name) = found.text(variable.get("name")) {
                    taken.insert((name.len(), name), VARIABLE_TAKEN);
                }
            }
        }
        for (index, secret) in found.items(container.get("secrets")) {
            let Some(name) = found.text(secret.get("name")) else { continue };
            if let Some(answer) = taken.get(&(name.len(), name)) {
                let name = quoted(name);
                found.in_container(
                    container,
                    container.path().key("secrets").index(index).key("name"),
                    format!("has a secret {name} and another variable of that name.{}", would_answer(answer)),
                    format!("Keep one {name}: the secret, if the value is confidential."),
                );
            } else {
                taken.insert((name.len(), name), SECRET_TAKEN);
            }
        }
    }
}
