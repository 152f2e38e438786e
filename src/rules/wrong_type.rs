//! `wrong-type`

use super::prelude::*;
use crate::document::shapes::Kind;

/// A value of another JSON type than ECS takes.
pub(super) static RULE: Rule = Rule {
    name: "wrong-type",
    topic: Topic::Form,
    summary: "A value has the wrong type",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Every value has the JSON type that the ECS API takes at its place: no number as text, no text as number, no \
             object where a list belongs, no null in a list. A null value counts as absent.",
    matters: "ECS cannot read such a request. Its answer says that it cannot be deserialized, mostly without the place.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5; terraform-provider-aws issue 26116.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "portMappings": [{ "containerPort": "8080" }] }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "name": "app", "portMappings": [{ "containerPort": 8080 }] }] }"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings[0].containerPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let shape = task.shape();
    if shape.unknown_value {
        found.undecided();
    }
    for flaw in &shape.flaws {
        let Problem::WrongType(kind, node) = flaw.problem else { continue };
        found.in_shape(
            flaw,
            format!(
                "This is {}, but ECS takes {} here and rejects the request.",
                type_of(node),
                kind.describe()
            ),
            fix(kind, node),
        );
    }
}

/// The line to write. Texts are not repeated, because they may be secrets; a number or a word in a text is not one.
fn fix(kind: Kind, node: &Node) -> String {
    match (kind, node) {
        (Kind::Integer, Node::String(text)) if text.parse::<i64>().is_ok() => {
            format!("Write {text} without quotes.")
        }
        (Kind::Boolean, Node::String(text)) if matches!(text.as_str(), "true" | "false") => {
            format!("Write {text} without quotes.")
        }
        (Kind::Integer, Node::Number(number)) if !number.is_f64() => {
            format!("Write a number between {} and {}.", i32::MIN, i32::MAX)
        }
        (Kind::Integer, Node::Number(_)) => "Write a whole number.".to_owned(),
        (Kind::String, Node::Number(_) | Node::Bool(_)) => "Put the value in quotes.".to_owned(),
        (Kind::List(_), Node::Null) => "Write [] or leave the key out.".to_owned(),
        (Kind::List(_), _) => "Put the value in square brackets.".to_owned(),
        (_, Node::Null) => "Take the null out of the list.".to_owned(),
        (Kind::Structure(_), Node::Array(items)) if items.len() == 1 => {
            "Take the square brackets away: this is a single object.".to_owned()
        }
        (kind, _) => format!("Write {} here.", kind.describe()),
    }
}

fn type_of(node: &Node) -> &'static str {
    match node {
        Node::Null => "null",
        Node::Unknown => "a value that is not known yet",
        Node::Bool(_) => "true or false without quotes",
        Node::Number(number) if number.is_f64() => "a number with a fraction",
        Node::Number(number) if number.as_i64().is_none_or(|number| i32::try_from(number).is_err()) => {
            "a number of more than 32 bits"
        }
        Node::Number(_) => "a number",
        Node::String(_) => "a string",
        Node::Array(_) => "a list",
        Node::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn each_wrong_type_is_found_at_its_place() {
        for (container, path) in [
            (r#""memory": "512""#, "containerDefinitions[0].memory"),
            (r#""memory": 1.5"#, "containerDefinitions[0].memory"),
            (r#""memory": 2147483648"#, "containerDefinitions[0].memory"),
            (r#""memory": 9007199254740993"#, "containerDefinitions[0].memory"),
            (r#""essential": "true""#, "containerDefinitions[0].essential"),
            (r#""command": "run""#, "containerDefinitions[0].command"),
            (r#""command": ["run", null]"#, "containerDefinitions[0].command[1]"),
            (r#""environment": {"A": "b"}"#, "containerDefinitions[0].environment"),
            (r#""environment": [{"name": "A", "value": 1}]"#, "containerDefinitions[0].environment[0].value"),
            (r#""logConfiguration": []"#, "containerDefinitions[0].logConfiguration"),
            (r#""dockerLabels": {"a.b": 1}"#, "containerDefinitions[0].dockerLabels.a.b"),
        ] {
            let document = format!(
                r#"{{"family": "f", "containerDefinitions": [{{"name": "c", "image": "i:1.0", {container}}}]}}"#
            );
            let findings = findings_of("wrong-type", &document);
            assert_eq!(findings.len(), 1, "{container}");
            assert_eq!(findings[0].path.to_string(), path);
            assert_eq!(findings[0].container.as_deref(), Some("c"));
        }
    }

    #[test]
    fn a_null_member_is_an_absent_one() {
        let document = r#"{"family": "f", "cpu": null, "containerDefinitions": [{"name": "c", "image": "i:1", "memory": null}]}"#;
        assert_eq!(findings_of("wrong-type", document), []);
    }

    #[test]
    fn texts_are_not_repeated() {
        let document =
            r#"{"containerDefinitions": [{"name": "c", "environment": "hunter2", "memory": "hunter2"}]}"#;
        let findings = findings_of("wrong-type", document);
        assert_eq!(findings.len(), 2);
        assert!(!format!("{findings:?}").contains("hunter2"));
    }
}
