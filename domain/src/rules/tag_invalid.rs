//! `tag-invalid`

use std::collections::BTreeSet;

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::{TAG_KEY_LENGTH, TAG_VALUE_LENGTH, TAGS, is_tag_key, is_tag_value};

/// A tag that ECS does not accept, or too many of them.
pub(super) static RULE: Rule = Rule {
    name: "tag-invalid",
    topic: Topic::Form,
    summary: "ECS does not accept a tag",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "There are at most 50 tags. The key of each has 1 to 128 characters and does not start with `aws:`, its value \
             has at most 256, and both consist of letters, numbers, spaces and `_ . : / = + - @`. A key that comes twice is a \
             warning, because ECS's answer to it is not on record.",
    matters: "ECS rejects a task definition with any other tag. Keys that start with `aws:` belong to AWS. A resource has one value for a key, so one of two is lost at best.",
    evidence: Evidence {
        source: "Tag in the API model of Amazon ECS as of botocore 1.44.5; service quotas of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{ "tags": [{ "key": "team", "value": "shop" }, { "key": "aws:owner", "value": "shop" }] }"#,
    ),
    passing: Example(
        r#"{ "tags": [{ "key": "team", "value": "shop" }, { "key": "owner", "value": "shop" }] }"#,
    ),
    undecided: Undecided::Other(Example(r#"{ "tags": [{ "key": "<unknown>", "value": "shop" }] }"#)),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let tags = task.document.get("tags");
    let path = Path::default().key("tags");
    let count = tags.items().len();
    if count > TAGS {
        found.in_task(
            path.clone(),
            format!("The task definition has {count} tags. ECS allows {TAGS}."),
            "Remove the tags that nothing uses.",
        );
    }
    let mut keys = BTreeSet::new();
    for (index, tag) in found.items(tags) {
        if !matches!(tag, Node::Object(_)) {
            continue;
        }
        let (key, path) = (tag.get("key"), path.clone().index(index));
        let called = called(key, index);
        if let Some(problem) = wrong_key(key, found) {
            let fix = Edit::at(path.clone().key("key"), proposed_key(key.as_str().unwrap_or_default()));
            found.in_task(
                path.clone().key("key"),
                format!("The key of tag {called} {problem}. ECS rejects such a task definition."),
                Fix::from(fix).and(format!(
                    "Or write another key of 1 to {TAG_KEY_LENGTH} letters, numbers, spaces and _ . : / = + - @."
                )),
            );
        }
        if key.as_str().is_some_and(|key| !key.is_empty() && !keys.insert(key)) {
            found
                .in_task(
                    path.clone().key("key"),
                    format!("A tag before it has the same key, {called}. A key has one value."),
                    Fix::from(Edit::without(path.clone())).and("Or remove the other one."),
                )
                .severity = Severity::Warning;
        }
        let value = found.text(tag.get("value")).filter(|value| !is_tag_value(value));
        if let Some((value, problem)) = value.and_then(|value| Some((value, wrong_value(value)?))) {
            found.in_task(
                path.clone().key("value"),
                format!("The value of tag {called} {problem}. ECS rejects such a task definition."),
                Fix::from(Edit::at(path.clone().key("value"), allowed(value, TAG_VALUE_LENGTH))).and(format!(
                    "Or write another value of at most {TAG_VALUE_LENGTH} letters, numbers, spaces and _ . : / = + - @."
                )),
            );
        }
    }
}

/// The same key as ECS accepts it.
fn proposed_key(key: &str) -> String {
    let own = key
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("aws:"))
        .map_or(key, |start| &key[start.len()..]);
    let proposal = allowed(own, TAG_KEY_LENGTH);
    if is_tag_key(&proposal) { proposal } else { "team".to_owned() }
}

/// The text with a hyphen for what a tag cannot have, and no longer than that.
fn allowed(text: &str, longest: usize) -> String {
    let is_allowed = |letter: char| is_tag_value(letter.encode_utf8(&mut [0; 4]));
    text.chars().take(longest).map(|letter| if is_allowed(letter) { letter } else { '-' }).collect()
}

/// How a sentence calls a tag.
fn called(key: &Node, index: usize) -> String {
    match key.as_str() {
        Some(key) if !key.is_empty() => quoted(key),
        _ => format!("number {}", index + 1),
    }
}

fn wrong_key(key: &Node, found: &mut Found) -> Option<&'static str> {
    let text = match key {
        Node::Null => "",
        key => found.text(key)?,
    };
    if is_tag_key(text) {
        None
    } else if text.is_empty() {
        Some("is absent or empty")
    } else if text.chars().count() > TAG_KEY_LENGTH {
        Some("is too long")
    } else if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        Some("starts with \"aws:\", which is reserved for AWS")
    } else {
        Some(WRONG_CHARACTER)
    }
}

fn wrong_value(text: &str) -> Option<&'static str> {
    if text.chars().count() > TAG_VALUE_LENGTH { Some("is too long") } else { Some(WRONG_CHARACTER) }
}

const WRONG_CHARACTER: &str = "has a character that tags cannot have";

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn details(tags: &str) -> Vec<String> {
        let findings = findings_of("tag-invalid", &format!(r#"{{"tags": {tags}}}"#));
        findings.into_iter().map(|finding| format!("{}: {}", finding.path, finding.detail())).collect()
    }

    #[test]
    fn each_tag_is_told_once_with_what_is_wrong() {
        let rest = "ECS rejects such a task definition.";
        assert_eq!(
            details(
                r#"[{"key": "", "value": "a"}, {"key": "a*b"}, {"key": "k", "value": "a\tb"}, {"key": "<NAME>"}]"#
            ),
            [
                format!("tags[0].key: The key of tag number 1 is absent or empty. {rest}"),
                format!("tags[1].key: The key of tag \"a*b\" has a character that tags cannot have. {rest}"),
                format!(
                    "tags[2].value: The value of tag \"k\" has a character that tags cannot have. {rest}"
                ),
            ]
        );
    }

    #[test]
    fn a_key_that_comes_twice_is_told_at_the_second() {
        let document = |tags: &str| format!(r#"{{"tags": [{{"key": "team", "value": "a"}}, {tags}]}}"#);
        for (tags, expected) in [
            (r#"{"key": "team", "value": "b"}"#, 1),
            (r#"{"key": "team", "value": "a"}"#, 1),
            (r#"{"key": "Team", "value": "a"}"#, 0),
            (r#"{"key": "<unknown>", "value": "a"}"#, 0),
        ] {
            let findings = findings_of("tag-invalid", &document(tags));
            assert_eq!(findings.len(), expected, "{tags}");
            assert!(findings.iter().all(|finding| finding.severity == Severity::Warning), "{tags}");
            assert_eq!(mended("tag-invalid", &document(tags)), (expected, vec![]), "{tags}");
        }
    }

    #[test]
    fn tags_are_counted() {
        let tags = |count: usize| {
            let tags: Vec<_> = (0..count).map(|number| format!(r#"{{"key": "k{number}"}}"#)).collect();
            details(&format!("[{}]", tags.join(",")))
        };
        assert_eq!(tags(50), [""; 0]);
        assert_eq!(tags(51), ["tags: The task definition has 51 tags. ECS allows 50."]);
    }

    #[test]
    fn what_is_to_be_written_is_the_nearest_that_ecs_accepts() {
        for (key, proposal) in [
            ("", "team"),
            ("a*b", "a-b"),
            ("AWS:owner", "owner"),
            ("aws:", "team"),
            ("aws:aws:x", "team"),
            ("é", "é"),
        ] {
            assert_eq!(super::proposed_key(key), proposal, "{key}");
        }
        assert_eq!(super::allowed(&"é\t".repeat(200), 256), "é-".repeat(128));
    }
}
