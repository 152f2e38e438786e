//! `wrong-type`

use super::prelude::*;
use crate::document::{Object, Path, Step, to_json};
use crate::ecs::shapes::{Kind, Structure};

/// A value of another JSON type than ECS accepts.
pub(super) static RULE: Rule = Rule {
    name: "wrong-type",
    topic: Topic::Form,
    summary: "A value has the wrong type",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every value has the JSON type that the ECS API expects at its place: no string instead of a number, no number \
             instead of a string, no object instead of a list, no null in a list. A null value counts as absent.",
    matters: "ECS cannot read such a request. Its answer says that the request cannot be deserialized, and mostly does not say where.",
    evidence: Evidence {
        source: "API model of Amazon ECS as of botocore 1.44.5; terraform-provider-aws issue 26116.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "command": "serve" }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app", "command": ["serve"] }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].command"),
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
                "This is {}, but ECS expects {} here and rejects the request.",
                type_of(node),
                kind.describe()
            ),
            fix(kind, node, &flaw.path),
        );
    }
}

/// The value that was read at a place, to be written there so.
pub(super) fn as_read(path: &Path, value: &Node) -> Fix {
    let is_text = matches!(value, Node::String(_));
    if is_text && (may_be_secret(path) || is_item(path)) {
        return "Put the value in quotes.".into();
    }
    Fix::from(Edit::at(path.clone(), value.clone())).certain()
}

/// What to write. Texts are not repeated, because they may be secrets: only a number or a word in a text is not one, and
/// what a container runs.
fn fix(kind: Kind, node: &Node, path: &Path) -> Fix {
    match (kind, node) {
        // The whole document, in which there is no place to write at.
        _ if path.0.is_empty() => format!("Write {} here.", kind.describe()).into(),
        (Kind::Integer, _) => whole_number(node, path),
        (Kind::Boolean, Node::String(text))
            if ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) =>
        {
            Edit::at(path.clone(), text.eq_ignore_ascii_case("true")).into()
        }
        (Kind::String, Node::Number(_) | Node::Bool(_)) => match to_json(node) {
            Ok(text) if !may_be_secret(path) && !is_item(path) => Edit::at(path.clone(), text).into(),
            _ => "Put the value in quotes.".into(),
        },
        (_, Node::Null) => Edit::without(path.clone()).called("the null").into(),
        (Kind::List(item), _) => list_of(*item, node, path),
        (Kind::Structure(_), Node::Array(items)) if items.len() == 1 => {
            let edit = Edit::moved(path.clone().index(0), path.clone());
            edit.called("remove the square brackets: this is a single object").into()
        }
        (kind, _) => format!("Write {} here.", kind.describe()).into(),
    }
}

/// Amounts of memory may have a unit elsewhere in a task definition, so people write one here too.
fn whole_number(node: &Node, path: &Path) -> Fix {
    let number = match node {
        Node::String(text) => text.parse().ok().or_else(|| mebibytes(text, path)),
        Node::Number(number) if number.is_f64() => whole(number),
        _ => None,
    };
    match number.filter(|number| i32::try_from(*number).is_ok()) {
        Some(number) => Edit::at(path.clone(), number).into(),
        None => format!("Write a whole number between {} and {}, without quotes.", i32::MIN, i32::MAX).into(),
    }
}

/// The next whole number: what is asked for is never cut.
fn whole(number: &serde_json::Number) -> Option<i64> {
    let text = format!("{:.0}", number.as_f64()?.ceil());
    text.parse().ok()
}

/// The MiB of a text such as `512 MB` or `1 GB`, where an amount of memory belongs.
fn mebibytes(text: &str, path: &Path) -> Option<i64> {
    let is_memory =
        ["memory", "memoryReservation", "size", "sharedMemorySize", "maxSwap"].contains(&last_key(path)?);
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim();
    let number = text.get(..text.find(|letter: char| !letter.is_ascii_digit())?)?;
    match unit.to_ascii_lowercase().as_str() {
        "m" | "mb" | "mib" if is_memory => number.parse().ok(),
        "g" | "gb" | "gib" if is_memory => number.parse::<i64>().ok()?.checked_mul(1024),
        _ => None,
    }
}

fn list_of(item: Kind, node: &Node, path: &Path) -> Fix {
    match (item, node) {
        (Kind::String, Node::String(text)) => Edit::at(path.clone(), texts(text, path)).into(),
        (Kind::Integer, Node::Number(_)) => Edit::at(path.clone(), vec![node.clone()]).into(),
        (Kind::Structure(structure), Node::Object(members)) => objects(structure, members, path),
        _ => "Write a list here.".into(),
    }
}

/// A command line as the words that ECS runs. What a shell has to read is given to one.
fn texts(text: &str, path: &Path) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match last_key(path) {
        Some("command") if path.0.iter().any(|step| *step == Step::Key("healthCheck".to_owned())) => {
            words(&["CMD-SHELL", text])
        }
        Some("command" | "entryPoint") => match text.trim().strip_prefix("sh -c ") {
            Some(script) => words(&["sh", "-c", unquoted(script.trim())]),
            None if text.contains(|letter: char| "\"'\\$`|&;<>()*?~#\n".contains(letter)) => {
                words(&["sh", "-c", text])
            }
            None => text.split_whitespace().map(str::to_owned).collect(),
        },
        _ => words(&[text]),
    }
}

fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// A list of objects, for an object that is one of them by itself, or that has a key for each.
fn objects(structure: &Structure, members: &Object, path: &Path) -> Fix {
    let is_one = members.keys().all(|key| structure.member(key).is_some()) && !members.is_empty();
    if is_one {
        let edit = Edit::moved(path.clone(), path.clone().index(0));
        return edit.called("put the object in square brackets: this is a list").into();
    }
    let list = |value: &dyn Fn(&str, &Node) -> Option<Node>, names: (&str, &str)| {
        let items: Option<Vec<Node>> = (members.iter())
            .map(|(name, node)| {
                Some(Node::from([(names.0, name.as_str().into()), (names.1, value(name, node)?)]))
            })
            .collect();
        items.map(|items| Edit::at(path.clone(), items))
    };
    let text_of = |node: &Node| node.as_str().map(str::to_owned).or_else(|| to_json(node).ok());
    let (edit, advice) = match structure.name {
        "KeyValuePair" => (
            list(&|name, _| Some(format!("value of {name}").into()), ("name", "value")),
            "The values are not repeated here, because they may be secrets: write your own.",
        ),
        "Secret" => (
            list(&|_, _| Some(stand_in::SECRET.into()), ("name", "valueFrom")),
            "The ARN is an example. Write that of each secret.",
        ),
        "Tag" => (list(&|_, node| Some(text_of(node)?.into()), ("key", "value")), ""),
        _ => (None, ""),
    };
    edit.map_or_else(|| "Write a list of objects here.".into(), |edit| Fix::from(edit).and(advice))
}

/// Whether a text at that place may be one.
fn may_be_secret(path: &Path) -> bool {
    const PLACES: [&str; 6] =
        ["environment", "secrets", "options", "secretOptions", "driverOpts", "properties"];
    path.0.iter().any(|step| matches!(step, Step::Key(key) if PLACES.contains(&key.as_str())))
}

fn is_item(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Index(_)))
}

fn last_key(path: &Path) -> Option<&str> {
    path.0.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    })
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
    use crate::document::{parse, to_json};

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

    #[test]
    fn what_is_written_is_what_was_meant() {
        for (member, text, written) in [
            (r#""memory": "512""#, r#"Write "memory": 512."#, r#""memory":512"#),
            (r#""memory": "512 MB""#, r#"Write "memory": 512."#, r#""memory":512"#),
            (r#""memory": "1GB""#, r#"Write "memory": 1024."#, r#""memory":1024"#),
            (r#""memory": 511.5"#, r#"Write "memory": 512."#, r#""memory":512"#),
            (r#""essential": "True""#, r#"Write "essential": true."#, r#""essential":true"#),
            (r#""hostname": 1"#, r#"Write "hostname": "1"."#, r#""hostname":"1""#),
            (
                r#""dnsServers": "10.0.0.2""#,
                r#"Write "dnsServers": ["10.0.0.2"]."#,
                r#""dnsServers":["10.0.0.2"]"#,
            ),
            (
                r#""command": "serve -p 80""#,
                r#"Write "command": ["serve", "-p", "80"]."#,
                r#"["serve","-p","80"]"#,
            ),
            (r#""command": "sh -c x""#, r#"Write "command": ["sh", "-c", "x"]."#, r#"["sh","-c","x"]"#),
            (
                r#""command": "sh -c 'a && b'""#,
                r#"Write "command": ["sh", "-c", "a && b"]."#,
                r#"["sh","-c","a && b"]"#,
            ),
            (
                r#""command": "a && b""#,
                r#"Write "command": ["sh", "-c", "a && b"]."#,
                r#"["sh","-c","a && b"]"#,
            ),
            (
                r#""healthCheck": {"command": "curl -f x"}"#,
                r#"Write "command": ["CMD-SHELL", "curl -f x"] in healthCheck."#,
                r#"["CMD-SHELL","curl -f x"]"#,
            ),
            (r#""command": ["run", null]"#, "Remove the null from command.", r#""command":["run"]"#),
            (
                r#""environment": {"A": "hunter2"}"#,
                r#"Write "environment": [{ "name": "A", "value": "value of A" }]. The values are not repeated here, because they may be secrets: write your own."#,
                r#"[{"name":"A","value":"value of A"}]"#,
            ),
            (
                r#""environment": {"name": "A", "value": "hunter2"}"#,
                "Put the object in square brackets: this is a list.",
                r#"[{"name":"A","value":"hunter2"}]"#,
            ),
            (
                r#""secrets": {"A": "hunter2"}"#,
                r#"Write "secrets": [{ "name": "A", "valueFrom": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf" }]. The ARN is an example. Write that of each secret."#,
                r#""name":"A","valueFrom":"arn:"#,
            ),
            (
                r#""logConfiguration": [{"logDriver": "awslogs", "options": {"a": "hunter2"}}]"#,
                "Remove the square brackets: this is a single object.",
                r#""logConfiguration":{"logDriver":"awslogs","options":{"a":"hunter2"}}"#,
            ),
        ] {
            let definition = format!(r#"{{"containerDefinitions": [{{"name": "c", {member}}}]}}"#);
            let fix = findings_of("wrong-type", &definition).remove(0);
            assert_eq!(fix.fix_text(), text);
            let mut document = parse(&definition).unwrap();
            fix.fix.apply(&mut document);
            let result = to_json(&document).unwrap();
            assert!(result.contains(written), "{result}");
            assert_eq!(findings_of("wrong-type", &result), [], "{result}");
        }
    }

    #[test]
    fn where_a_value_may_be_a_secret_or_nobody_knows_it_there_is_no_line() {
        for (member, text) in [
            (r#""environment": [{"name": "PIN", "value": 4711}]"#, "Put the value in quotes."),
            (r#""command": ["serve", 80]"#, "Put the value in quotes."),
            (
                r#""memory": "hunter2""#,
                "Write a whole number between -2147483648 and 2147483647, without quotes.",
            ),
            (r#""environment": "hunter2""#, "Write a list here."),
            (r#""portMappings": {"80": {}}"#, "Write a list of objects here."),
        ] {
            let definition = format!(r#"{{"containerDefinitions": [{{"name": "c", {member}}}]}}"#);
            assert_eq!(findings_of("wrong-type", &definition).remove(0).fix_text(), text, "{member}");
        }
    }

    #[test]
    fn tags_written_as_a_map_become_a_list_of_keys_and_values() {
        let finding = findings_of("wrong-type", r#"{"tags": {"team": "shop"}}"#).remove(0);
        assert_eq!(finding.fix_text(), r#"Write "tags": [{ "key": "team", "value": "shop" }]."#);
    }
}
