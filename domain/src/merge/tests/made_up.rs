//! What holds for task definitions that nobody wrote.

use super::*;
use crate::ecs::sample::made;
use crate::ecs::{differences, read};
use proptest::prelude::*;

/// A made-up task in the form in which documents are hardened, its containers salted with what hardening looks at.
fn made_up(seed: u64, unknowns: bool) -> Node {
    let mut document =
        (seed..).find_map(|seed| read(made(seed, unknowns).1).ok()).expect("one has containers").document;
    if let Node::Object(members) = &mut document
        && let Some(Node::Array(definitions)) = members.get_mut("containerDefinitions")
    {
        for (index, definition) in definitions.iter_mut().enumerate() {
            salt(definition, seed.rotate_right(u32::try_from(index * 12).unwrap()));
        }
    }
    document
}

/// Puts into a container what the bits say.
fn salt(definition: &mut Node, bits: u64) {
    let Node::Object(members) = definition else { return };
    let mut add = |bit: u32, key: &str, value: serde_json::Value| {
        if bits >> bit & 1 == 0 {
            return;
        }
        match (members.get_mut(key), node(value)) {
            (Some(Node::Array(list)), Node::Array(items)) => list.extend(items),
            (_, value) => drop(members.insert(key.to_owned(), value)),
        }
    };
    add(0, "image", serde_json::json!("datadog/agent:7.80.0"));
    add(1, "command", serde_json::Value::Null);
    add(1, "entryPoint", serde_json::Value::Null);
    add(2, "environment", serde_json::json!([{ "name": "DD_ENV", "value": "mine" }]));
    add(3, "secrets", serde_json::json!([{ "name": "DD_SERVICE", "valueFrom": "arn:x" }]));
    add(4, "mountPoints", serde_json::json!([{ "sourceVolume": "t", "containerPath": "/tmp/" }]));
    add(
        5,
        "mountPoints",
        serde_json::json!([{ "sourceVolume": "c", "containerPath": "/etc/datadog-agent" }]),
    );
    add(6, "mountPoints", serde_json::json!([{ "sourceVolume": "app-x-y", "containerPath": "/data" }]));
    add(7, "dependsOn", serde_json::json!([{ "containerName": "datadog-agent", "condition": "START" }]));
    add(
        8,
        "linuxParameters",
        serde_json::json!({ "tmpfs": [{ "containerPath": "/var/run/datadog", "size": 1 }] }),
    );
    add(9, "dockerLabels", serde_json::json!({ "com.datadoghq.tags.env": "mine" }));
    add(10, "readonlyRootFilesystem", serde_json::json!(false));
    add(11, "mountPoints", serde_json::json!([{ "sourceVolume": "c", "containerPath": "/copy" }]));
    add(11, "command", serde_json::json!(["cp", "-r", "/etc/datadog-agent", "/copy"]));
    add(11, "entryPoint", serde_json::Value::Null);
    add(11, "essential", serde_json::json!(false));
}

fn ways<'a>(settings: &'a Settings, document: &Node) -> [Hardening<'a>; 4] {
    let names = names(document.get("containerDefinitions"), "name");
    let writable_paths =
        names.iter().map(|name| ((*name).to_owned(), vec!["/tmp".to_owned(), "/x/y".to_owned()])).collect();
    let plain = Hardening::default();
    let agent = Hardening { agent: Some(settings), ..plain.clone() };
    let writable = Hardening { writable_paths, ..agent.clone() };
    let tmpfs = Hardening { tmpfs_size: Some(8), ..writable.clone() };
    [plain, agent, writable, tmpfs]
}

/// Whether everything of the first is in the second, or hidden there by something that is not known yet.
fn is_kept_in(before: &Node, after: &Node) -> bool {
    match (before, after) {
        (_, Node::Unknown) => true,
        (Node::Object(before), Node::Object(_)) => {
            before.iter().all(|(key, value)| is_kept_in(value, after.get(key)))
        }
        (Node::Array(before), Node::Array(after)) => {
            before.iter().all(|item| after.iter().any(|other| is_kept_in(item, other)))
        }
        _ => before == after,
    }
}

/// The document with no word of root filesystems and of what is waited for, which hardening may change.
fn without_what_may_change(mut document: Node) -> Node {
    if let Node::Object(members) = &mut document
        && let Some(Node::Array(definitions)) = members.get_mut("containerDefinitions")
    {
        for definition in definitions {
            if let Node::Object(members) = definition {
                members.remove("readonlyRootFilesystem");
                if let Some(Node::Array(dependencies)) = members.get_mut("dependsOn") {
                    for dependency in dependencies {
                        if let Node::Object(members) = dependency {
                            members.remove("condition");
                        }
                    }
                }
            }
        }
    }
    document
}

proptest! {
    #[test]
    fn hardening_can_be_repeated_and_undone(seed: u64) {
        let settings = settings();
        let document = made_up(seed, false);
        for way in ways(&settings, &document) {
            let once = harden(document.clone(), &way);
            let twice = harden(once.document.clone(), &way);
            prop_assert_eq!(sentences(&differences(&once.document, &twice.document)), [""; 0]);
            prop_assert_eq!(to_json(&twice.document), to_json(&once.document));
            let stripped = strip(once.document).document;
            prop_assert_eq!(sentences(&differences(&document, &stripped)), [""; 0]);
        }
    }

    #[test]
    fn nothing_that_is_known_is_lost(seed: u64, mark: bool) {
        let settings = settings();
        let document = made_up(seed, true);
        for way in ways(&settings, &document) {
            let hardened = harden(document.clone(), &Hardening { mark, ..way });
            prop_assert!(is_kept_in(&without_what_may_change(document.clone()), &hardened.document));
        }
    }
}
