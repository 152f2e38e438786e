//! `docker-volume-invalid`

use super::prelude::*;
use crate::document::Path;

/// A Docker volume whose scope and `autoprovision` contradict each other.
pub(super) static RULE: Rule = Rule {
    name: "docker-volume-invalid",
    topic: Topic::Volumes,
    summary: "A Docker volume of one task sets autoprovision",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A dockerVolumeConfiguration with the scope task does not have autoprovision, neither true nor false. Without a \
             scope, which ECS reads as task, autoprovision is not true.",
    matters: "A volume of one task is always made for it. ECS rejects a task definition that says false, and the ECS agent does \
              not start a task that says true.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer in hashicorp/terraform-provider-aws issue 34428 and aws-cdk issue 26697; \
                 NewVolumeResource in dockervolume.go of amazon-ecs-agent.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [
    {
      "name": "scratch",
      "dockerVolumeConfiguration": { "scope": "task", "autoprovision": true }
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "scratch", "dockerVolumeConfiguration": { "scope": "task" } }]
}"#,
    ),
    undecided: Undecided::Failing("volumes[0].dockerVolumeConfiguration.autoprovision"),
    check,
};

const ANSWER: &str =
    "When 'scope' parameter is 'task', 'autoprovision' must either not be specified or set to 'True'.";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    // Fargate has no such volumes at all, which is for the rule unsupported-on-fargate.
    if task.fargate == Some(true) {
        return;
    }
    for (index, volume) in found.items(task.document.get("volumes")) {
        let docker = volume.get("dockerVolumeConfiguration");
        let (scope, autoprovision) = (docker.get("scope"), docker.get("autoprovision"));
        let may_be_of_task = scope.is_null() || scope.as_str() == Some("task") || scope.is_unknown();
        if autoprovision.is_null() || !may_be_of_task {
            continue;
        }
        if scope.is_unknown() || autoprovision.is_unknown() || task.fargate.is_none() {
            found.undecided();
            continue;
        }
        let says = match (scope.as_str(), autoprovision.as_bool()) {
            (Some(_), Some(false)) => would_answer(ANSWER),
            (_, Some(true)) => " The ECS agent does not start a task with such a volume.".to_owned(),
            _ => continue,
        };
        let called = volume.get("name").as_str();
        let called = called.map_or("A volume".to_owned(), |name| format!("Volume {}", quoted(name)));
        let place =
            Path::default().key("volumes").index(index).key("dockerVolumeConfiguration").key("autoprovision");
        found.in_task(
            place.clone(),
            format!("{called} is a Docker volume of one task and sets autoprovision.{says}"),
            Fix::from(Edit::without(place))
                .and("Or set the scope to shared, for a volume that outlives the task."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn severities(platform: &str, docker: &str) -> Vec<Severity> {
        let document = format!(
            r#"{{"requiresCompatibilities": ["{platform}"],
                "volumes": [{{"name": "v", "dockerVolumeConfiguration": {docker}}}]}}"#
        );
        findings_of(RULE.name, &document).into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn a_volume_of_one_task_says_nothing_of_autoprovision() {
        for (docker, expected) in [
            (r#"{"scope": "task", "autoprovision": false}"#, vec![Severity::Error]),
            (r#"{"scope": "task", "autoprovision": true}"#, vec![Severity::Error]),
            (r#"{"autoprovision": true}"#, vec![Severity::Error]),
            (r#"{"autoprovision": false}"#, vec![]),
            (r#"{"scope": "task"}"#, vec![]),
            (r#"{"scope": "shared", "autoprovision": true}"#, vec![]),
            (r#"{"scope": "shared", "autoprovision": false}"#, vec![]),
            (r#"{"scope": "<unknown>", "autoprovision": false}"#, vec![]),
        ] {
            assert_eq!(severities("EC2", docker), expected, "{docker}");
            assert_eq!(severities("FARGATE", docker), [], "{docker}");
        }
    }
}
