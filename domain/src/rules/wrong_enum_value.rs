//! `wrong-enum-value`

use super::prelude::*;
use crate::document::{Path, Step};

/// A value that is none of those that ECS accepts.
pub(super) static RULE: Rule = Rule {
    name: "wrong-enum-value",
    topic: Topic::Form,
    summary: "ECS does not accept a value",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Where the ECS API accepts only certain values (network mode, condition of a dependency, log driver and so on), \
             the value is one of them, in the same case.",
    matters: "ECS rejects a task definition with any other value.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Certain(
        "A value that is one of ECS in everything but case and signs between words gets the spelling of ECS.",
    ),
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
        let all = format!("The values that ECS accepts are {}.", member.values.join(", "));
        let is_alike = member.nearest_value(value).is_some_and(|meant| are_alike(meant, value));
        let meant =
            member.nearest_value(value).and_then(|meant| correction(task.document, &flaw.path, meant));
        found.in_shape(
            flaw,
            format!(
                "ECS does not accept {} as {} and rejects the task definition.",
                quoted(value),
                member.key
            ),
            meant.map_or_else(|| Fix::from(&*all), |edit| Fix::from(edit).certain_if(is_alike).and(&all)),
        );
    }
}

/// The value that was meant. An item of a list is written with the whole list, unless not all of that is known.
fn correction(document: &Node, path: &Path, meant: &str) -> Option<Edit> {
    let Some(Step::Index(index)) = path.0.last() else { return Some(Edit::at(path.clone(), meant)) };
    let list = path.parent();
    let mut items = document.at(&list).items().to_vec();
    *items.get_mut(*index)? = meant.into();
    items.iter().all(Node::is_wholly_known).then(|| Edit::at(list, Node::Array(items)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn what_was_meant_is_written_and_an_item_of_a_list_with_its_list() {
        for (task, fix) in [
            (
                r#""networkMode": "AWSVPC""#,
                r#"Write "networkMode": "awsvpc". The values that ECS accepts are"#,
            ),
            (
                r#""requiresCompatibilities": ["EC2", "fargate"]"#,
                r#"Write "requiresCompatibilities": ["EC2", "FARGATE"]. The values that ECS accepts are"#,
            ),
            (r#""requiresCompatibilities": ["<unknown>", "fargate"]"#, "The values that ECS accepts are"),
            (r#""networkMode": "nonsense""#, "The values that ECS accepts are"),
        ] {
            let text = findings_of("wrong-enum-value", &format!("{{{task}}}")).remove(0).fix_text();
            assert!(text.starts_with(fix), "{text}");
        }
    }
}
