//! `required-key-missing`

use super::prelude::*;
use super::rule::would_answer;

/// A key that ECS requires is absent or empty.
pub(super) static RULE: Rule = Rule {
    name: "required-key-missing",
    topic: Topic::Form,
    summary: "A required key is missing",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Every key that the ECS API requires is there and not empty: family and container definitions of the task, \
             name and image of a container, name of a variable, name and valueFrom of a secret, containerName and \
             condition of a dependency, both limits of a ulimit, path and size of a tmpfs and so on.",
    matters: "ECS rejects the task definition, and names one missing key at a time.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5; answers recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-container-definitions-empty among them.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "ulimits": [{ "name": "nofile", "softLimit": 4096 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "ulimits": [{ "name": "nofile", "softLimit": 4096, "hardLimit": 8192 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].ulimits[0]"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_branch {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::Missing(structure, key) = flaw.problem else { continue };
        found.in_shape(
            flaw,
            format!("{} needs \"{key}\", which is absent or empty.{}", structure.name, answer(key)),
            format!("Add \"{key}\" to this {}.", structure.name),
        );
    }
}

/// What ECS says of it. On record for a task definition without containers alone.
fn answer(key: &str) -> String {
    match key {
        "containerDefinitions" => would_answer("Container list cannot be empty"),
        _ => " ECS rejects the task definition.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn what_the_model_does_not_mark_but_ecs_requires_is_found_too() {
        let document = r#"{"containerDefinitions": [{"image": "", "environment": [{"value": "x"}]}]}"#;
        let paths: Vec<_> = findings_of("required-key-missing", document)
            .iter()
            .map(|finding| finding.path.to_string())
            .collect();
        assert_eq!(
            paths,
            [
                "containerDefinitions[0].environment[0].name",
                "containerDefinitions[0].image",
                "containerDefinitions[0].name",
                "family"
            ]
        );
    }

    #[test]
    fn a_task_definition_without_containers_is_found() {
        for containers in ["[]", "null"] {
            let document = format!(r#"{{"family": "f", "containerDefinitions": {containers}}}"#);
            let findings = findings_of("required-key-missing", &document);
            assert_eq!(findings.len(), 1);
            assert!(findings[0].detail().ends_with("\"Container list cannot be empty\"."), "{findings:?}");
        }
    }
}
