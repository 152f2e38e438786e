//! `execution-role-missing`

use super::prelude::*;
use crate::document::Path;

/// Something that ECS has no role to fetch with.
pub(super) static RULE: Rule = Rule {
    name: "execution-role-missing",
    topic: Topic::Security,
    summary: "ECS needs an execution role to start the task",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "A task definition names an execution role if a container has repositoryCredentials, secretOptions of a \
             log driver or environmentFiles, or if a Fargate task has an image in a private ECR repository.",
    matters: "ECS fetches all of these with the execution role before the containers start. Without one ECS \
              accepts the task definition, and its tasks do not start.",
    evidence: Evidence {
        source: "Amazon ECS developer guide, page on the task execution IAM role.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "executionRoleArn": null,
  "containerDefinitions": [
    {
      "name": "app",
      "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::shop-settings/app.env" }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::shop-settings/app.env" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("executionRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let role = task.has_execution_role();
    // What ECS rejects has a finding of its own.
    if role == Some(true) || task.secrets_need_a_role() || logs_need_a_role(task) {
        return;
    }
    for container in found.all(task.containers()) {
        let Some(what) = fetched(task, container, found) else { continue };
        if role.is_none() {
            found.undecided();
            return;
        }
        found.in_task(
            Path::default().key("executionRoleArn"),
            format!(
                "{} has {what}, but the task definition has no execution role for ECS to fetch {} with. Its tasks do not \
                 start.",
                container.called(),
                if what.starts_with("an ") { "it" } else { "them" }
            ),
            Fix::from(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE))
                .and("This is an example: write the ARN of your own role. It needs the permissions to fetch them."),
        );
        // One missing role is one mistake, whatever else it would be needed for.
        return;
    }
}

/// What ECS fetches for the container with the execution role.
fn fetched(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) -> Option<&'static str> {
    let is_there = |node: &Node| !node.is_null() && !matches!(node, Node::Array(items) if items.is_empty());
    let places = [
        (container.get("repositoryCredentials"), "repositoryCredentials"),
        (container.get("logConfiguration").get("secretOptions"), "secretOptions in its logConfiguration"),
        (container.get("environmentFiles"), "environmentFiles"),
    ];
    for (node, what) in places {
        if node.is_unknown() {
            found.undecided();
        } else if is_there(node) {
            return Some(what);
        }
    }
    if task.fargate == Some(false) {
        return None;
    }
    let is_private = found.text(container.get("image")).and_then(Image::parse)?.is_in_private_ecr();
    if is_private && task.fargate.is_none() {
        found.undecided();
    }
    (is_private && task.fargate == Some(true)).then_some("an image in a private ECR repository")
}

fn logs_need_a_role(task: &TaskDefinition<'_>) -> bool {
    task.fargate == Some(true) && task.some_container(|container| container.logs_with_awslogs())
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(platform: &str, container: &str) -> usize {
        let document = format!(
            r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a", {container}}}]}}"#
        );
        findings_of("execution-role-missing", &document).len()
    }

    #[test]
    fn what_ecs_fetches_needs_the_role_and_a_private_image_on_fargate_alone() {
        let image = r#""image": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2""#;
        assert_eq!(count("FARGATE", image), 1);
        assert_eq!(count("EC2", image), 0);
        assert_eq!(count("FARGATE", r#""image": "public.ecr.aws/datadog/agent:7.81.1""#), 0);
        for (container, expected) in [
            (r#""repositoryCredentials": {"credentialsParameter": "arn"}"#, 1),
            (
                r#""logConfiguration": {"logDriver": "splunk", "secretOptions": [{"name": "splunk-token"}]}"#,
                1,
            ),
            (r#""environmentFiles": [{"type": "s3", "value": "arn"}]"#, 1),
            (r#""environmentFiles": []"#, 0),
        ] {
            assert_eq!(count("EC2", container), expected, "{container}");
        }
    }

    #[test]
    fn it_is_silent_where_ecs_rejects_the_definition_for_the_same_reason() {
        let image = r#""image": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2""#;
        assert_eq!(
            count("FARGATE", &format!(r#"{image}, "secrets": [{{"name": "X", "valueFrom": "arn"}}]"#)),
            0
        );
        assert_eq!(
            count("FARGATE", &format!(r#"{image}, "logConfiguration": {{"logDriver": "awslogs"}}"#)),
            0
        );
    }
}
