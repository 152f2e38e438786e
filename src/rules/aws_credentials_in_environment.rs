//! `aws-credentials-in-environment`

use super::prelude::*;

/// Credentials for AWS among the plain variables.
pub(super) static RULE: Rule = Rule {
    name: "aws-credentials-in-environment",
    topic: Topic::Security,
    summary: "Credentials stand among the plain variables",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: Some("ECS.8"),
    checks: "No container has AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or ECS_ENGINE_AUTH_DATA among its environment \
             variables, whatever their value.",
    matters: "Everybody who may describe the task definition can read its variables, in the console, in Terraform's \
              state and in every old revision. Keys written there also live on until somebody changes them, while \
              those of a task role change by themselves. Security Hub's control ECS.8 fails by the name alone.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.8 (Config rule ecs-no-environment-secrets, \
                 parameter secretKeys).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [{ "name": "AWS_ACCESS_KEY_ID", "value": "AKIAIOSFODNN7EXAMPLE" }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task",
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "AWS_REGION", "value": "eu-central-1" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environment"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, variable) in found.items(container.get("environment")) {
            let Some(name) = found.text(variable.get("name")) else { continue };
            if !is_looked_for(name) {
                continue;
            }
            let instead = match name {
                "ECS_ENGINE_AUTH_DATA" => {
                    "Give a container that needs a registry's password \"repositoryCredentials\": { \
                     \"credentialsParameter\": \"...\" } with the ARN of the secret that holds it"
                }
                _ => {
                    "Give the task a role: ECS hands out credentials of \"taskRoleArn\" that change by themselves, and \
                     the AWS SDKs find them without any variable"
                }
            };
            found.in_container(
                container,
                container.path().key("environment").index(index),
format!("gets {name} as a plain variable. Everybody who may read the task definition can read it, and \
                     Security Hub's control ECS.8 fails for the whole task definition."),
                format!("Take {name} out of environment. {instead}."));
        }
    }
}

/// Whether the control looks for a variable of that name.
pub(super) fn is_looked_for(name: &str) -> bool {
    matches!(name, "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "ECS_ENGINE_AUTH_DATA")
}
