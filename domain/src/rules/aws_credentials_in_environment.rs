//! `aws-credentials-in-environment`

use super::prelude::*;

/// Credentials for AWS in plain environment variables.
pub(super) static RULE: Rule = Rule {
    name: "aws-credentials-in-environment",
    topic: Topic::Security,
    summary: "Credentials are in plain environment variables",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.8"),
    checks: "No container has AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or ECS_ENGINE_AUTH_DATA among its environment \
             variables, whatever their value.",
    matters: "Everybody who can describe the task definition can read its variables, in the console, in Terraform's \
              state and in every old revision. Keys written there also stay valid until somebody changes them, while \
              those of a task role are rotated by AWS. The name alone makes Security Hub's control ECS.8 fail.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.8 (Config rule ecs-no-environment-secrets, \
                 parameter secretKeys).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
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
                    "A container whose image is in a private registry gets the password by repositoryCredentials, which \
                     has the ARN of the secret as its credentialsParameter."
                }
                _ => {
                    "Give the task a role by taskRoleArn: ECS provides temporary credentials of that role, and the AWS \
                     SDKs find them without any variable."
                }
            };
            let place = container.path().key("environment").index(index);
            found.in_container(
                container,
                place.clone(),
                format!(
                    "has {name} as a plain environment variable. Everybody who can read the task definition can read it, \
                     and Security Hub's control ECS.8 fails for the whole task definition."
                ),
                Fix::from(Edit::without(place).of(container).called(quoted(name))).and(instead),
            );
        }
    }
}

/// Whether the control looks for a variable of that name.
pub(super) fn is_looked_for(name: &str) -> bool {
    matches!(name, "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "ECS_ENGINE_AUTH_DATA")
}
