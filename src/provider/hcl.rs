//! Writing values and changes of a task definition as a configuration has them.

use crate::document::Node;
use crate::rules::Form;

/// The form of an HCL value: keys are ECS's own, as in `container_definitions` written in HCL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hcl;

impl Form for Hcl {
    fn scalar(&self, value: &Node) -> String {
        match value {
            Node::String(text) => string(text),
            Node::Number(number) => number.to_string(),
            Node::Bool(flag) => flag.to_string(),
            _ => "null".to_owned(),
        }
    }

    fn key(&self, key: &str) -> String {
        if is_identifier(key) { key.to_owned() } else { string(key) }
    }

    fn separator(&self) -> &'static str {
        " = "
    }
}

/// A value over several lines where it is long, as `terraform fmt` leaves it.
pub(super) fn pretty(value: &Node) -> String {
    const LONGEST: usize = 80;
    let short = Hcl.value(value);
    if short.len() <= LONGEST && !matches!(value, Node::Array(items) if items.iter().any(is_object)) {
        return short;
    }
    match value {
        Node::Object(members) => {
            let line = |(key, value): (&String, &Node)| format!("{} = {}", Hcl.key(key), pretty(value));
            let lines: Vec<String> = members.iter().map(line).collect();
            format!("{{\n{}\n}}", indented(&aligned(&lines).join("\n")))
        }
        Node::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("{},", pretty(item))).collect();
            format!("[\n{}\n]", indented(&items.join("\n")))
        }
        _ => short,
    }
}

/// Lines with the equals signs of arguments that follow each other below each other, as `terraform fmt` puts them.
fn aligned(lines: &[String]) -> Vec<String> {
    let name_of = |line: &String| match line.split_once(" = ") {
        Some((name, _)) if !name.contains(['{', '"', ' ']) && !line.contains('\n') => Some(name.len()),
        _ => None,
    };
    let mut aligned = Vec::new();
    for run in lines.chunk_by(|one, other| name_of(one).is_some() == name_of(other).is_some()) {
        let width = run.iter().filter_map(name_of).max().unwrap_or_default();
        aligned.extend(run.iter().map(|line| match (name_of(line), line.split_once(" = ")) {
            (Some(_), Some((name, value))) => format!("{name:width$} = {value}"),
            _ => line.clone(),
        }));
    }
    aligned
}

fn is_object(value: &Node) -> bool {
    matches!(value, Node::Object(_))
}

/// Whether HCL accepts a key without quotes.
fn is_identifier(key: &str) -> bool {
    let starts = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && key.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
}

/// A quoted string, in which nothing is a template.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => quoted.extend([letter, letter]),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// A block with these lines: on one line where it has one, which is all that HCL allows there.
pub(super) fn block(name: &str, lines: &[String]) -> String {
    match lines {
        [] => format!("{name} {{}}"),
        [line] if !line.contains('\n') => format!("{name} {{ {line} }}"),
        lines => format!("{name} {{\n{}\n}}", indented(&aligned(lines).join("\n"))),
    }
}

/// A text with every line two spaces further in.
fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("  {line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What a verb says to write: in the sentence, or by itself behind it where it takes several lines.
pub(super) fn behind(verb: &str, text: &str) -> String {
    match text.contains('\n') {
        true => format!("{verb}\n\n{}", indented(text)),
        false => format!("{verb} {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    #[test]
    fn values_are_written_as_a_configuration_has_them() {
        for (json, hcl) in [
            (r#"{"name": "A", "value": "b"}"#, r#"{ name = "A", value = "b" }"#),
            (
                r#"["CMD-SHELL", "echo \"x\" ${HOME} %{a} $x\n"]"#,
                r#"["CMD-SHELL", "echo \"x\" $${HOME} %%{a} $x\n"]"#,
            ),
            (
                r#"{"awslogs-group": "/a", "a.b": 1, "c": true, "d": {}}"#,
                r#"{ "a.b" = 1, awslogs-group = "/a", c = true, d = {} }"#,
            ),
        ] {
            assert_eq!(Hcl.value(&parse(json).unwrap()), hcl);
        }
        assert_eq!(Hcl.member("user", &"1000".into()), r#"user = "1000""#);
    }

    #[test]
    fn a_block_stands_on_one_line_only_with_one_argument() {
        let lines = ["a = 1".to_owned(), "b = 2".to_owned()];
        assert_eq!(block("x", &lines[..1]), "x { a = 1 }");
        assert_eq!(block("x", &lines), "x {\n  a = 1\n  b = 2\n}");
        assert_eq!(block("y", &[block("x", &lines)]), "y {\n  x {\n    a = 1\n    b = 2\n  }\n}");
    }
}
