//! `required-key-missing`

use super::prelude::*;
use super::unknown_key::called;
use crate::document::{Path, Step};
use crate::ecs::shapes::Structure;

/// A key that ECS requires is missing or empty.
pub(super) static RULE: Rule = Rule {
    name: "required-key-missing",
    topic: Topic::Form,
    summary: "A required key is missing",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every key that the ECS API requires is present and not empty: family and container definitions of the task, \
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
    mends: Mends::Yours,
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
            format!("The key \"{key}\" of {} is missing or empty.{}", called(structure), answer(key)),
            way_out(task, structure, key, &flaw.path),
        );
    }
}

fn way_out(task: &TaskDefinition<'_>, structure: &Structure, key: &str, path: &Path) -> Fix {
    match plausible(task, structure, key, path) {
        Some(value) => {
            Fix::from(Edit::at(path.clone(), value)).and("That is an example: write your own value.")
        }
        None => Fix::from(format!("Add the key {key}.")),
    }
}

/// A value of the right shape, in the light of what is around it.
fn plausible(task: &TaskDefinition<'_>, structure: &Structure, key: &str, path: &Path) -> Option<Node> {
    let around = task.document.at(&path.parent());
    if let Some(first) = structure.member(key).and_then(|member| member.values.first()) {
        return Some(first_choice(structure, first, around).into());
    }
    let value: Node = match (structure.name, key) {
        ("RegisterTaskDefinitionRequest", "family") => "shop".into(),
        ("RegisterTaskDefinitionRequest", _) => {
            vec![Node::from([("name", "app".into()), ("image", IMAGE.into()), ("memory", 256.into())])].into()
        }
        ("ContainerDefinition", "name") => free_name(task).into(),
        ("ContainerDefinition", "image") => IMAGE.into(),
        ("KeyValuePair", _) => "LOG_LEVEL".into(),
        ("Secret", "name") => "API_TOKEN".into(),
        (_, "valueFrom" | "credentialsParameter") => stand_in::SECRET.into(),
        ("EnvironmentFile", _) => "arn:aws:s3:::shop-configuration/shop.env".into(),
        (_, "hostPath") => "/dev/fuse".into(),
        ("Tmpfs", "containerPath") => "/tmp".into(),
        ("Tmpfs", _) => 64.into(),
        ("ContainerRestartPolicy", _) => true.into(),
        (_, "containerName") => another_name(task, path)?.into(),
        ("HostEntry", "hostname") => "db.example.com".into(),
        ("HostEntry", _) => "10.0.0.10".into(),
        ("Ulimit", "hardLimit") => around.get("softLimit").as_i64().unwrap_or(4096).into(),
        ("Ulimit", _) => around.get("hardLimit").as_i64().unwrap_or(4096).into(),
        ("HealthCheck", _) => vec!["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"].into(),
        ("NvidiaMpsAllocation", _) => 1024.into(),
        (_, "fileSystemId") => "fs-0123456789abcdef0".into(),
        (_, "fileSystemArn") => {
            "arn:aws:s3files:eu-central-1:123456789012:file-system/fs-0123456789abcdef0".into()
        }
        (_, "rootDirectory") => "share".into(),
        (_, "domain") => "corp.example.com".into(),
        (_, "authorizationConfig") => Node::from([
            ("credentialsParameter", stand_in::SECRET.into()),
            ("domain", "corp.example.com".into()),
        ]),
        ("InferenceAccelerator", "deviceName") => "device_1".into(),
        ("InferenceAccelerator", _) => "eia2.medium".into(),
        ("EphemeralStorage", _) => 21.into(),
        _ => return None,
    };
    Some(value)
}

const IMAGE: &str = "example.com/shop:1.4.2";

/// Of values of which one has to be chosen, the one that goes with the rest; otherwise the first.
fn first_choice(structure: &Structure, first: &'static str, around: &Node) -> &'static str {
    let has_option = |start: &str| match around.get("options") {
        Node::Object(options) => options.keys().any(|key| key.starts_with(start)),
        _ => false,
    };
    match structure.name {
        "LogConfiguration" if has_option("splunk-") => "splunk",
        "LogConfiguration" if has_option("Name") => Container::FIRELENS,
        "LogConfiguration" => "awslogs",
        "FirelensConfiguration" => "fluentbit",
        "Ulimit" => "nofile",
        _ => first,
    }
}

/// A name that no container has.
fn free_name(task: &TaskDefinition<'_>) -> String {
    let names = std::iter::once("app".to_owned()).chain((2..).map(|number| format!("app-{number}")));
    names.into_iter().find(|name| task.named(name).is_none()).unwrap_or_default()
}

/// The name of a container, for an entry that has to name one: not the one that the entry is in.
fn another_name(task: &TaskDefinition<'_>, entry: &Path) -> Option<String> {
    let around = match entry.0.as_slice() {
        [Step::Key(list), Step::Index(index), ..] if list == "containerDefinitions" => Some(*index),
        _ => None,
    };
    let others = task.containers().known.iter().filter(|container| Some(container.index) != around);
    others.filter_map(|container| container.name).next().map(str::to_owned)
}

/// What ECS answers, which is on record for a task definition without containers only.
fn answer(key: &str) -> String {
    match key {
        "containerDefinitions" => would_answer("Container list cannot be empty"),
        _ => " ECS rejects the task definition.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, findings_of};
    use super::*;
    use crate::ecs::shapes::{Kind, structures};
    use crate::task::Subject;

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

    #[test]
    fn a_value_can_be_written_for_every_key_that_ecs_requires() {
        let text = r#"{"containerDefinitions": [{"name": "app"}, {"name": "db"}]}"#;
        let document = document(text);
        let subject = Subject::of(&document);
        let task = TaskDefinition::read(&subject);
        for structure in structures() {
            for member in structure.members.iter().filter(|member| member.required) {
                let value = plausible(&task, structure, member.key, &Path::default().key("nowhere"));
                let value = value.unwrap_or_else(|| panic!("{}.{}", structure.name, member.key));
                let fits = matches!(
                    (member.kind, &value),
                    (Kind::String, Node::String(_))
                        | (Kind::Integer, Node::Number(_))
                        | (Kind::Boolean, Node::Bool(_))
                        | (Kind::List(_), Node::Array(_))
                        | (Kind::Structure(_), Node::Object(_))
                );
                assert!(fits, "{}.{}: {value:?}", structure.name, member.key);
                let is_choice = !member.values.is_empty();
                assert!(
                    !is_choice || value.as_str().is_some_and(|value| member.values.contains(&value)),
                    "{value:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_written_goes_with_what_is_around() {
        for (container, text) in [
            (r#""image": "x""#, r#"Write "name": "app-2"."#),
            (r#""name": "b", "image": """#, r#"Write "image": "example.com/shop:1.4.2"."#),
            (
                r#""name": "b", "image": "x", "dependsOn": [{"condition": "START"}]"#,
                r#"Write "containerName": "app" in dependsOn[0]."#,
            ),
            (
                r#""name": "b", "image": "x", "ulimits": [{"name": "core", "softLimit": 7}]"#,
                r#"Write "hardLimit": 7 in ulimits[0]."#,
            ),
            (
                r#""name": "b", "image": "x", "logConfiguration": {"options": {"splunk-url": "https://example.com"}}"#,
                r#"Write "logDriver": "splunk" in logConfiguration."#,
            ),
        ] {
            let document = format!(
                r#"{{"family": "f", "containerDefinitions": [{{"name": "app", "image": "x"}}, {{{container}}}]}}"#
            );
            let found = findings_of("required-key-missing", &document).remove(0).fix_text();
            assert_eq!(found, format!("{text} That is an example: write your own value."));
        }
    }
}
