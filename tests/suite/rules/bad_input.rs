//! Documents that nobody should write: they are judged, not crashed on, and what is said of them stays short.

use ddrofs::document::{Node, Object, parse};
use ddrofs::rules::{CATALOGUE, DocumentKind, Judgement, Subject, form_of, judge, judge_document};

fn judged(document: &Node) -> Judgement {
    judge(&Subject::of(document))
}

#[test]
fn a_document_of_any_type_is_judged() {
    for text in ["null", "true", "0", "\"\"", "[]", "{}", "[[[]]]", r#"{"containerDefinitions": {}}"#] {
        let judgement = judged(&parse(text).unwrap());
        assert!(!judgement.findings.is_empty(), "{text}");
        assert_eq!(judgement.undecided, [""; 0], "{text}");
    }
}

#[test]
fn every_member_of_a_real_document_may_be_of_any_type() {
    for rule in CATALOGUE.iter().filter(|rule| rule.failing.kind() == DocumentKind::TaskDefinition) {
        let document = rule.failing.document();
        for replacement in
            [Node::Null, Node::Unknown, 1.into(), "".into(), true.into(), Node::Array(vec![Node::Null])]
        {
            for position in 0..count(&document) {
                let mut changed = document.clone();
                replace(&mut changed, &mut position.clone(), &replacement);
                // Nothing to compare with: it must end without a panic, and say where each finding is.
                for finding in judged(&changed).findings {
                    assert!(!finding.detail().is_empty() && !finding.fix_text().is_empty(), "{finding:?}");
                }
            }
        }
    }
}

#[test]
fn every_member_of_a_document_of_another_platform_may_be_of_any_type() {
    for rule in CATALOGUE.iter().filter(|rule| rule.failing.kind() != DocumentKind::TaskDefinition) {
        let (kind, file) = (rule.failing.kind(), rule.failing.document());
        for replacement in [
            Node::Null,
            Node::Unknown,
            1.into(),
            "".into(),
            "${".into(),
            ":::".into(),
            true.into(),
            Node::Array(vec![Node::Null]),
            Node::from([("", Node::Null)]),
        ] {
            for position in 0..count(&file) {
                let mut changed = file.clone();
                replace(&mut changed, &mut position.clone(), &replacement);
                for finding in judge_document(kind, &changed, None).findings {
                    let is_told = !finding.detail().is_empty() && !finding.fix_in(form_of(kind)).is_empty();
                    assert!(is_told, "{finding:?}");
                    finding.fix.apply(&mut changed);
                }
            }
        }
    }
}

#[test]
fn long_texts_are_cut_in_findings() {
    let long = "x".repeat(1_000_000);
    let container = Node::from([
        ("name", long.as_str().into()),
        ("image", long.as_str().into()),
        ("user", long.as_str().into()),
        ("versionConsistency", long.as_str().into()),
        ("environmentFiles", vec![Node::from([("value", long.as_str().into())])].into()),
        ("healthCheck", [("interval", 1_000.into()), ("command", vec![long.as_str()].into())].into()),
        ("linuxParameters", [("capabilities", [("add", vec![long.as_str()].into())].into())].into()),
        (
            "portMappings",
            vec![
                Node::from([("containerPortRange", long.as_str().into())]),
                [("containerPortRange", "9-3".into())].into(),
            ]
            .into(),
        ),
        ("restartPolicy", [("restartAttemptPeriod", 1.into())].into()),
        (
            "ulimits",
            vec![Node::from([
                ("name", long.as_str().into()),
                ("softLimit", 2.into()),
                ("hardLimit", 1.into()),
            ])]
            .into(),
        ),
        (
            "mountPoints",
            vec![Node::from([
                ("sourceVolume", long.as_str().into()),
                ("containerPath", long.as_str().into()),
            ])]
            .into(),
        ),
        (
            "dependsOn",
            vec![Node::from([
                ("containerName", format!("{long}y").into()),
                ("condition", long.as_str().into()),
            ])]
            .into(),
        ),
    ]);
    let mut members =
        Object::from_iter([("containerDefinitions".to_owned(), vec![container.clone(), container].into())]);
    members.insert("requiresCompatibilities".to_owned(), vec!["FARGATE"].into());
    members.insert(long.clone(), Node::Null);
    members.insert(format!("{long}z"), 1.into());
    let judgement = judged(&Node::Object(members));
    assert!(judgement.findings.len() >= 24, "{}", judgement.findings.len());
    for finding in judgement.findings {
        assert!(finding.detail().len() < 1_000 && finding.fix_text().len() < 1_000, "{}", finding.rule);
    }
}

#[test]
fn depth_does_not_matter() {
    let mut deep = Node::Null;
    for _ in 0..5_000 {
        deep = Node::Array(vec![deep]);
    }
    let document = Node::from([("containerDefinitions", Node::Array(vec![Node::from([("command", deep)])]))]);
    assert!(!judged(&document).findings.is_empty());
    // Taking it apart would go as deep.
    std::mem::forget(document);
}

fn count(node: &Node) -> usize {
    1 + match node {
        Node::Array(items) => items.iter().map(count).sum(),
        Node::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the node at a position of the walk.
fn replace(node: &mut Node, position: &mut usize, replacement: &Node) {
    if *position == 0 {
        *node = replacement.clone();
    }
    *position = position.wrapping_sub(1);
    match node {
        Node::Array(items) => items.iter_mut().for_each(|item| replace(item, position, replacement)),
        Node::Object(members) => {
            members.iter_mut().for_each(|(_, value)| replace(value, position, replacement))
        }
        _ => {}
    }
}
