//! Changes of a text in place: whatever the manner in which it is written, it says what was meant and the rest stays.

use ddrofs::document::in_place::{Language, changed};
use ddrofs::document::{Change, Node, Object, Path, parse, to_json, yaml};
use proptest::prelude::*;

use super::holds;
use super::written::{WRITTEN, tree};
use crate::corpus;

/// The manner in which somebody writes JSON.
#[derive(Debug, Clone)]
struct Manner {
    newline: &'static str,
    unit: &'static str,
    colon: &'static str,
    comma: &'static str,
    /// Objects and lists below this depth are on one line.
    deepest: usize,
}

fn manner() -> impl Strategy<Value = Manner> {
    (
        prop::sample::select(vec!["\n", "\r\n"]),
        prop::sample::select(vec!["  ", "\t", "    ", ""]),
        prop::sample::select(vec![":", ": ", " : "]),
        prop::sample::select(vec![",", ", ", " ,"]),
        0..4_usize,
    )
        .prop_map(|(newline, unit, colon, comma, deepest)| Manner {
            newline,
            unit,
            colon,
            comma,
            deepest,
        })
}

impl Manner {
    fn write(&self, node: &Node, depth: usize) -> String {
        let (open, close, parts): (_, _, Vec<String>) = match node {
            Node::Array(items) => ('[', ']', items.iter().map(|item| self.write(item, depth + 1)).collect()),
            Node::Object(members) => {
                let member = |(key, value): (&String, &Node)| {
                    format!(
                        "{}{}{}",
                        to_json(&key.as_str().into()).unwrap(),
                        self.colon,
                        self.write(value, depth + 1)
                    )
                };
                ('{', '}', members.iter().map(member).collect())
            }
            scalar => return to_json(scalar).unwrap(),
        };
        match parts.is_empty() || depth >= self.deepest {
            true => format!("{open}{}{close}", parts.join(self.comma)),
            false => {
                let line = format!("{}{}", self.newline, self.unit.repeat(depth + 1));
                let lines = parts.join(&format!("{}{line}", self.comma.trim_end()));
                format!("{open}{line}{lines}{}{}{close}", self.newline, self.unit.repeat(depth))
            }
        }
    }
}

/// A place in a document, chosen by numbers: what is there, or one behind the last.
fn place(node: &Node, choices: &mut dyn Iterator<Item = usize>, path: Path) -> Path {
    let Some(choice) = choices.next() else { return path };
    match node {
        Node::Array(items) => {
            let index = choice % (items.len() + 1);
            let path = path.index(index);
            items.get(index).map_or_else(|| path.clone(), |item| place(item, choices, path.clone()))
        }
        Node::Object(members) => {
            let keys: Vec<&String> = members.keys().collect();
            match keys.get(choice % (keys.len() + 1)) {
                Some(key) => place(&members[key], choices, path.key(key)),
                None => path.key("added"),
            }
        }
        _ => path,
    }
}

fn change(document: &Node, choices: &[usize], value: Node) -> Change {
    let path = place(document, &mut choices.iter().copied().skip(1), Path::default());
    let is_there = !matches!(document.at(&path), Node::Null);
    match choices.first().is_some_and(|first| first % 3 == 0) && is_there && !path.0.is_empty() {
        true => Change::Remove(path),
        false => Change::Set(path, value),
    }
}

/// No two keys that differ in case alone: of such a place it is not told which one is meant.
fn is_plain(node: &Node) -> bool {
    match node {
        Node::Array(items) => items.iter().all(is_plain),
        Node::Object(members) => {
            let keys: Vec<String> = members.keys().map(|key| key.to_ascii_lowercase()).collect();
            let distinct: std::collections::BTreeSet<&String> = keys.iter().collect();
            distinct.len() == keys.len() && members.values().all(is_plain)
        }
        _ => true,
    }
}

/// The changed text, if there is one, which says what the changed document says.
fn holds(text: &str, language: Language, document: &Node, change: &Change) -> Option<String> {
    let splices = changed(text, language, std::slice::from_ref(change)).ok()?;
    let mut after = text.to_owned();
    splices.iter().for_each(|splice| splice.apply(&mut after));
    let mut expected = document.clone();
    change.apply(&mut expected);
    let read = match language {
        Language::Json => parse(&after).unwrap_or_else(|problems| panic!("{after}: {problems:?}")),
        Language::Yaml => yaml::read(&after).unwrap_or_else(|problems| panic!("{after}: {problems:?}")).node,
    };
    assert_eq!(read, expected, "{text}\n{change:?}\n{after}");
    Some(after)
}

#[test]
fn every_text_at_hand_is_found_where_it_stands_and_can_be_changed() {
    for (_, text) in corpus::files().into_iter().chain(corpus::compose()) {
        holds::found(&text);
        if let Ok(document) = parse(&text) {
            let text = yaml::write(&document, &["family", "name"]).unwrap();
            holds::found(&text);
            holds::found(&format!("# one\n---\n{text}---\n# two\n{text}"));
            holds::found(&text.replace('\n', "\r\n"));
        }
    }
    WRITTEN.iter().for_each(|text| holds::found(text));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    /// JSON has a place for everything.
    #[test]
    fn json_is_changed_in_whatever_manner_it_is_written(
        bytes in prop::collection::vec(any::<u8>(), 0..80),
        value in prop::collection::vec(any::<u8>(), 0..12),
        choices in prop::collection::vec(any::<usize>(), 1..6),
        manner in manner(),
    ) {
        let document = Node::Object(Object::from_iter([("x".to_owned(), tree(&bytes)), ("y".to_owned(), tree(&value))]));
        prop_assume!(is_plain(&document));
        let change = change(&document, &choices, tree(&value));
        let text = manner.write(&document, 0);
        prop_assume!(parse(&text).is_ok());
        let after = holds(&text, Language::Json, &document, &change);
        prop_assert!(after.is_some(), "{text}\n{change:?}");
        let ends = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
        if manner.newline == "\r\n" && manner.deepest > 0 {
            let (wide, all) = ends(&after.unwrap());
            prop_assert_eq!(wide, all, "{}", text);
        }
    }

    /// YAML has no place for some changes, and then nothing is changed; a comment stays whatever is changed.
    #[test]
    fn yaml_is_changed_or_left(
        bytes in prop::collection::vec(any::<u8>(), 0..80),
        value in prop::collection::vec(any::<u8>(), 0..12),
        choices in prop::collection::vec(any::<usize>(), 1..6),
    ) {
        let document = Node::Object(Object::from_iter([("x".to_owned(), tree(&bytes)), ("y".to_owned(), 1.into())]));
        prop_assume!(is_plain(&document));
        let change = change(&document, &choices, tree(&value));
        let text = format!("# head\n{}# end\n", yaml::write(&document, &[]).unwrap());
        prop_assume!(yaml::read(&text).is_ok_and(|read| read.node == document));
        if let Some(after) = holds(&text, Language::Yaml, &document, &change) {
            prop_assert!(after.starts_with("# head\n") && after.contains("# end"), "{after}");
        }
    }
}
