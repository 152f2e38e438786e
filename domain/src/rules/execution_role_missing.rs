//! `execution-role-missing`

use super::prelude::*;
use crate::document::Path;

/// Something that ECS has no role to fetch with.
pub(super) static RULE: Rule = Rule {
    name: "execution-role-missing",
    topic: Topic::Security,
    summary: "ECS needs an execution role to start the task",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition names an execution role if a container has repositoryCredentials, secretOptions of a \
             log driver or environmentFiles, or if a Fargate task has an image in a private ECR repository.",
    matters: "ECS fetches all of these with the execution role before the containers start. Without one it rejects a task \
              definition with repositoryCredentials, or for Fargate with an image in a private ECR repository. For the \
              others no answer is on record, so these are warnings: the tasks do not start.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers in sil-org/ecs-deploy issue 188 (repositoryCredentials) and \
                 hashicorp/terraform-provider-aws issue 3051 (ECR images on Fargate). The rest: Amazon ECS developer \
                 guide, page on the task execution IAM role.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "executionRoleArn": null,
  "containerDefinitions": [
    {
      "name": "app",
      "repositoryCredentials": {
        "credentialsParameter": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:registry-AbCdEf"
      }
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
      "repositoryCredentials": {
        "credentialsParameter": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:registry-AbCdEf"
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("executionRoleArn"),
    check,
};

/// What ECS fetches with the execution role, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fetched {
    PrivateRegistry,
    EcrOnFargate,
    SecretOptions,
    EnvironmentFiles,
}

impl Fetched {
    fn called(self) -> &'static str {
        match self {
            Fetched::PrivateRegistry => "repositoryCredentials",
            Fetched::EcrOnFargate => "an image in a private ECR repository",
            Fetched::SecretOptions => "secretOptions in its logConfiguration",
            Fetched::EnvironmentFiles => "environmentFiles",
        }
    }

    /// What ECS answers where there is no role.
    fn answer(self) -> Option<&'static str> {
        match self {
            Fetched::PrivateRegistry => Some(
                "Private repository authentication requires that the task definition specify a value for \
                 executionRoleArn.",
            ),
            Fetched::EcrOnFargate => {
                Some("Fargate requires task definition to have execution role ARN to support ECR images.")
            }
            Fetched::SecretOptions | Fetched::EnvironmentFiles => None,
        }
    }
}

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let role = task.has_execution_role();
    // Secrets and awslogs have findings of their own.
    if role == Some(true) || task.secrets_need_a_role() || logs_need_a_role(task) {
        return;
    }
    let fetching: Vec<_> = found.all(task.containers()).iter().collect();
    let fetching =
        fetching.into_iter().filter_map(|container| Some((fetched(task, container, found)?, container)));
    // One missing role is one mistake, whatever else it would be needed for.
    let Some((what, container)) = fetching.min_by_key(|(what, container)| (*what, container.index)) else {
        return;
    };
    if role.is_none() {
        found.undecided();
        return;
    }
    let (called, end) = match what {
        Fetched::EcrOnFargate => (what.called(), "fetch it with"),
        _ => (what.called(), "fetch them with"),
    };
    let consequence = what.answer().map_or(" Its tasks do not start.".to_owned(), would_answer);
    let finding = found.in_task(
        Path::default().key("executionRoleArn"),
        format!(
            "{} has {called}, but the task definition has no execution role for ECS to {end}.{consequence}",
            container.called()
        ),
        Fix::from(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE))
            .and("This is an example: write the ARN of your own role. It needs permission to fetch them."),
    );
    if what.answer().is_none() {
        finding.severity = Severity::Warning;
    }
}

/// What ECS fetches for the container with the execution role: the surest, where it is more than one thing.
fn fetched(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) -> Option<Fetched> {
    let is_there = |node: &Node| match node {
        Node::Null => false,
        Node::Array(items) => !items.is_empty(),
        _ => true,
    };
    let places = [
        (container.get("repositoryCredentials"), Fetched::PrivateRegistry),
        (container.get("logConfiguration").get("secretOptions"), Fetched::SecretOptions),
        (container.get("environmentFiles"), Fetched::EnvironmentFiles),
    ];
    let mut surest = is_ecr_on_fargate(task, container, found).then_some(Fetched::EcrOnFargate);
    for (node, what) in places {
        if node.is_unknown() {
            found.undecided();
        } else if is_there(node) {
            surest = surest.map_or(Some(what), |surest| Some(surest.min(what)));
        }
    }
    surest
}

fn is_ecr_on_fargate(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) -> bool {
    if task.fargate == Some(false) {
        return false;
    }
    let image = found.text(container.get("image")).and_then(Image::parse);
    let is_private = image.is_some_and(|image| image.is_in_private_ecr());
    if is_private && task.fargate.is_none() {
        found.undecided();
    }
    is_private && task.fargate == Some(true)
}

fn logs_need_a_role(task: &TaskDefinition<'_>) -> bool {
    task.fargate == Some(true) && task.some_container(|container| container.logs_with_awslogs())
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::Severity;

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

    #[test]
    fn it_is_an_error_where_ecs_rejects_it_and_a_warning_elsewhere() {
        let severity = |platform: &str, container: &str| {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a", {container}}}]}}"#
            );
            let finding = findings_of("execution-role-missing", &document).remove(0);
            assert_eq!(finding.detail().contains("ECS would answer"), finding.severity == Severity::Error);
            finding.severity
        };
        let files = r#""environmentFiles": [{"type": "s3", "value": "arn"}]"#;
        let registry = r#""repositoryCredentials": {"credentialsParameter": "arn"}"#;
        let image = r#""image": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2""#;
        for (platform, container, expected) in [
            ("EC2", registry.to_owned(), Severity::Error),
            ("FARGATE", image.to_owned(), Severity::Error),
            ("EC2", files.to_owned(), Severity::Warning),
            ("EC2", format!("{files}, {registry}"), Severity::Error),
            ("EC2", format!("{files}, {image}"), Severity::Warning),
            ("FARGATE", format!("{files}, {image}"), Severity::Error),
        ] {
            assert_eq!(severity(platform, &container), expected, "{platform} {container}");
        }
    }
}
