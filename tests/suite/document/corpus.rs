//! The task definitions that people published.

use ddrofs::document::{self, Node, differences, parse, read, to_json, to_json_pretty};

use crate::corpus;

/// The number of leaves: what could get lost.
fn leaves(node: &Node) -> usize {
    match node {
        Node::Array(items) => items.iter().map(leaves).sum(),
        Node::Object(members) => members.values().map(leaves).sum(),
        _ => 1,
    }
}

#[test]
fn every_task_definition_is_read_with_each_change_noted() {
    for (name, text) in corpus::files() {
        let node = parse(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        let reading = read(node.clone()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(!reading.document.get("containerDefinitions").items().is_empty(), "{name} has containers");
        if reading.notes.is_empty() {
            assert_eq!(leaves(&reading.document), leaves(&node), "{name} lost something without a note");
        }
        let again = read(reading.document.clone()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!((again.document, again.notes.len()), (reading.document, 0), "{name} read twice");
    }
}

#[test]
fn every_task_definition_keeps_its_meaning_through_canonical_form_and_text() {
    for (name, text) in corpus::files() {
        let document = read(parse(&text).expect("JSON")).expect("a task definition").document;
        let canonical = document::canonical(&document);
        let json = to_json(&canonical).expect("known");
        let back = parse(&json).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(document::canonical(&back), canonical, "{name}");
        assert_eq!(differences(&document, &back), [], "{name}");
        assert_eq!(document::sha256(&back), document::sha256(&document), "{name}");
        let pretty = parse(&to_json_pretty(&document).expect("known")).expect("JSON");
        assert_eq!(pretty, document, "{name}");
    }
}

/// One author published a task definition and what ECS gave back for it, with the fields that it sets and the empty lists
/// that it adds.
#[test]
fn one_hash_is_shared_only_by_a_task_definition_and_its_own_description() {
    let mut hashes: Vec<_> = corpus::files()
        .into_iter()
        .map(|(name, text)| {
            let document = read(parse(&text).expect("JSON")).expect("a task definition").document;
            (document::sha256(&document).expect("known"), name)
        })
        .collect();
    hashes.sort();
    let shared: Vec<_> = hashes
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| (pair[0].1.as_str(), pair[1].1.as_str()))
        .collect();
    assert_eq!(shared, [("135-Bigsgotchu-rinawarp-platform.json", "136-Bigsgotchu-rinawarp-platform.json")]);
}
