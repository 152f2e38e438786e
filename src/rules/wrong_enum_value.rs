//! `wrong-enum-value`

use super::prelude::*;

/// A value that is none of those ECS takes.
pub(super) static RULE: Rule = Rule {
    name: "wrong-enum-value",
    topic: Topic::Form,
    summary: "ECS does not take this value",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Where the ECS API takes one of a few values (network mode, condition of a dependency, log driver and so on), \
             the value is one of them, in the same case.",
    matters: "ECS rejects a task definition with another value.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080, "protocol": "TCP" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080, "protocol": "tcp" }] }
  ]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{ "networkMode": "<unknown>", "containerDefinitions": [{ "name": "app" }] }"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_choice {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::WrongValue(member, value) = flaw.problem else { continue };
        let all = member.values.join(", ");
        found.in_shape(
            flaw,
            format!(
                "ECS does not take {} for {} and rejects the task definition.",
                quoted(value),
                member.key
            ),
            match member.nearest_value(value) {
                Some(meant) => format!("Did you mean \"{meant}\"? The values are {all}."),
                None => format!("Write one of {all}."),
            },
        );
    }
}
