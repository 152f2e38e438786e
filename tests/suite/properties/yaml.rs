//! YAML: documents of everything that is hard to write, and texts of everything that is hard to read.

use ddrofs::document::{Node, parse, yaml};
use proptest::prelude::*;

use super::holds;
use super::written::{TRICKY, WRITTEN, tree};
use crate::corpus;

#[test]
fn every_tricky_text_comes_back_as_value_and_as_key_at_every_depth() {
    for text in TRICKY {
        let text = Node::from(*text);
        let members = Node::from([("a", text.clone()), ("b", text.clone())]);
        let inner = Node::from(vec![text.clone(), Node::from(vec![text.clone()]), members]);
        for document in
            [Node::from([("x", inner.clone()), ("y", Node::from([("z", inner.clone())]))]), inner, text]
        {
            holds::yaml_comes_back(&document);
        }
    }
    let keys = |value: fn(&str) -> Node| TRICKY.iter().map(move |text| ((*text).to_owned(), value(text)));
    let lists = Node::from(vec![
        keys(|text| text.into()).collect::<Node>(),
        keys(|_| Node::Array(Vec::new())).collect(),
    ]);
    holds::yaml_comes_back(&lists);
    let long = |value| [("k".repeat(2_000), value)].into_iter().collect::<Node>();
    holds::yaml_comes_back(&Node::from(vec![long(1.into()), long(long(vec!["x"].into()))]));
}

#[test]
fn what_people_write_has_its_places_and_is_read_the_same_again() {
    let read = WRITTEN.iter().filter_map(|text| holds::yaml(text)).count();
    assert_eq!(read, 9, "of {}; the others have a mistake each", WRITTEN.len());
}

#[test]
fn a_document_in_json_is_one_in_yaml() {
    for (name, text) in corpus::files() {
        let document = parse(&text).expect("the corpus is JSON");
        let read = holds::yaml(&text).unwrap_or_else(|| panic!("{name} is no YAML"));
        assert_eq!(read, document, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_made_document_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds::yaml_comes_back(&tree(&bytes));
    }

    #[test]
    fn any_text_comes_back_as_key_and_as_value(key in ".*", value in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\r\ta1.~=<\u{feff}ä]{0,12}") {
        holds::yaml_comes_back(&[(key.clone(), Node::from(vec![value.clone()])), (value, key.into())].into_iter().collect());
    }

    #[test]
    fn whatever_is_read_is_read_the_same_again(text in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\r\tab1.~=<ä]{0,60}") {
        holds::yaml(&text);
    }

    #[test]
    fn whatever_is_written_and_broken_somewhere_is_read_the_same_again(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        at in any::<prop::sample::Index>(),
        sign in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\ta1~]{0,2}",
    ) {
        let mut text = yaml::write(&tree(&bytes), &[]).expect("nothing in it is unknown");
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        text.insert_str(*at.get(&places), &sign);
        holds::yaml(&text);
    }
}
