//! Reading and writing YAML.

use ddrofs::document::json::MAX_BYTES;
use ddrofs::document::yaml::{read, write};
use ddrofs::document::{Kind, Node, Path, Places};

use super::shown;

/// Whatever text there is: it is read or refused, and what was read has its places, is written and is read back the same.
pub(crate) fn yaml(text: &str) -> Option<Node> {
    let yaml = read(text).ok()?;
    every_place(&yaml.places, &yaml.node, &Path::default());
    yaml_comes_back(&yaml.node);
    Some(yaml.node)
}

/// Whatever document there is: it is written so that it is read back the same.
pub(crate) fn yaml_comes_back(document: &Node) {
    for first in [&[][..], &["a", "~", ""]] {
        let written = write(document, first).expect("nothing in it is unknown");
        if written.len() > MAX_BYTES {
            return;
        }
        let again = read(&written).unwrap_or_else(|problems| panic!("{problems:?} in {written}"));
        assert_eq!(shown(&again.node), shown(document), "read back from {written}");
        assert_eq!(again.remarks, [], "remarked on in {written}");
        every_place(&again.places, document, &Path::default());
    }
}

/// Everything in the tree has a place, where that kind of thing is written.
fn every_place(places: &Places<'_>, node: &Node, path: &Path) {
    let kind = match node {
        Node::Array(_) => Kind::Array,
        Node::Object(_) => Kind::Object,
        _ => Kind::Scalar,
    };
    assert_eq!(places.kind(path), Some(kind), "at {path:?}");
    let place = places.find(path).expect("what has a kind has a place");
    assert!(place.line > 0 && place.column > 0, "at {path:?}");
    let inside = |node: &Node, path: Path| every_place(places, node, &path);
    match node {
        Node::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| inside(item, path.clone().index(index)))
        }
        Node::Object(members) => members.iter().for_each(|(key, value)| inside(value, path.clone().key(key))),
        _ => {}
    }
}
