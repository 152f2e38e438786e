use super::*;
use crate::document::parse;

/// A document in which `"<unknown>"` stands for a value that is not known yet.
pub(super) fn node(text: &str) -> Node {
    let mut node = parse(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    leave_open(&mut node);
    node
}

fn leave_open(node: &mut Node) {
    match node {
        Node::String(text) if text == "<unknown>" => *node = Node::Unknown,
        Node::Array(items) => items.iter_mut().for_each(leave_open),
        Node::Object(members) => members.iter_mut().for_each(|(_, member)| leave_open(member)),
        _ => {}
    }
}

#[test]
fn what_is_too_long_to_be_read_is_cut() {
    assert_eq!(quoted("app"), "\"app\"");
    assert_eq!(quoted(&"ä".repeat(81)), format!("\"{}...\"", "ä".repeat(80)));
}

#[test]
fn a_task_that_is_taken_apart_is_read_as_the_whole() {
    let whole = node(
        r#"{"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}, "volumes": [{"name": "v"}],
            "containerDefinitions": [7, {"name": "a"}, {"name": "b"}, {"name": "a"}]}"#,
    );
    let read = TaskDefinition::read(&Subject::of(&whole));
    let around = node(r#"{"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}"#);
    let parts = TaskDefinition::of_parts(
        &Subject::of(&around),
        whole.get("containerDefinitions").items().iter(),
        whole.get("volumes"),
    );
    for task in [read, parts] {
        assert_eq!(task.windows, Some(true));
        assert_eq!(task.content("v"), Some(Content::Nothing));
        assert_eq!(task.named("a").map(|first| first.index), Some(1));
        assert_eq!(task.at(2).and_then(|second| second.name), Some("b"));
        assert!(task.at(0).is_none() && task.named("c").is_none());
    }
}
