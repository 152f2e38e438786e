//! Reading and writing task definitions of every kind: our own and those that people published.

use ddrofs::document::{Node, parse, to_json, to_json_pretty};
use ddrofs::ecs::{self, differences, read};

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
        let canonical = ecs::canonical(&document);
        let json = to_json(&canonical).expect("known");
        let back = parse(&json).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(ecs::canonical(&back), canonical, "{name}");
        assert_eq!(differences(&document, &back), [], "{name}");
        assert_eq!(ecs::sha256(&back), ecs::sha256(&document), "{name}");
        let pretty = parse(&to_json_pretty(&document).expect("known")).expect("JSON");
        assert_eq!(pretty, document, "{name}");
    }
}

/// Of our own and of the published ones, one is a task definition and what ECS gives back for it, with the fields that it
/// sets and the empty lists that it adds.
#[test]
fn one_hash_is_shared_only_by_a_task_definition_and_its_own_description() {
    assert_eq!(same_hash(corpus::own()), [("fargate.json".to_owned(), "fargate_described.json".to_owned())]);
    let published = corpus::published();
    let author = |number| format!("{number}-Bigsgotchu-rinawarp-platform.json");
    let expected = if published.is_empty() { Vec::new() } else { vec![(author(135), author(136))] };
    assert_eq!(same_hash(published), expected);
}

/// Pairs of files whose task definitions mean the same.
fn same_hash(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut hashes: Vec<_> = files
        .into_iter()
        .map(|(name, text)| {
            let document = read(parse(&text).expect("JSON")).expect("a task definition").document;
            (ecs::sha256(&document).expect("known"), name)
        })
        .collect();
    hashes.sort();
    let alike = hashes.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    alike.map(|pair| (pair[0].1.clone(), pair[1].1.clone())).collect()
}
