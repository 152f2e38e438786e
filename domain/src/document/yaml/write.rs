//! Writing.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_saphyr::{DoubleQuoted, ser_options};

use crate::document::json::{NotKnown, wholly_known};
use crate::document::node::{Node, Object};

/// The document as YAML text in block style: texts have quotes where any reader, of YAML 1.1 or 1.2, would take them for
/// something else, and those of several lines are written as such. In every mapping the keys of `first` come first, in their
/// order, and the others follow in alphabetical order: equal documents give equal bytes.
pub fn write(node: &Node, first: &[&str]) -> Result<String, NotKnown> {
    wholly_known(node)?;
    // A long text is not folded: in one line it can be searched for and compared.
    let options = ser_options! { folded_wrap_chars: usize::MAX };
    Ok(serde_saphyr::to_string_with_options(&Ordered { node, first }, options)
        .expect("a known document has string keys only and writing to memory works"))
}

/// Several documents as one YAML text, with a line of hyphens between them.
pub fn write_all(nodes: &[Node], first: &[&str]) -> Result<String, NotKnown> {
    let texts = nodes.iter().map(|node| write(node, first)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.join("---\n"))
}

/// A document in which nothing is unknown, with the order of its keys.
struct Ordered<'a> {
    node: &'a Node,
    first: &'a [&'a str],
}

impl Ordered<'_> {
    /// The members in the order in which they are written.
    fn members<'m>(&'m self, members: &'m Object) -> impl Iterator<Item = (&'m str, &'m Node)> {
        let first = self.first.iter().filter_map(|key| members.get(*key).map(|value| (*key, value)));
        let others = members.iter().map(|(key, value)| (key.as_str(), value));
        first.chain(others.filter(|(key, _)| !self.first.contains(key)))
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let inside = |node| Ordered { node, first: self.first };
        match self.node {
            Node::Null => target.serialize_unit(),
            Node::Unknown => Err(serde::ser::Error::custom("a value is known only at apply")),
            Node::Bool(flag) => target.serialize_bool(*flag),
            Node::Number(number) => number.serialize(target),
            Node::String(text) if begins_with_a_tab(text) => DoubleQuoted(text).serialize(target),
            Node::String(text) => target.serialize_str(text),
            Node::Array(items) => {
                let mut sequence = target.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| sequence.serialize_element(&inside(item)))?;
                sequence.end()
            }
            Node::Object(members) => {
                let mut map = target.serialize_map(Some(members.len()))?;
                self.members(members)
                    .try_for_each(|(key, value)| map.serialize_entry(key, &inside(value)))?;
                map.end()
            }
        }
    }
}

/// Whether the first of several lines with something in it begins with a tab. As a block, Go's library takes it for indentation
/// and refuses the text (4.0.0-rc.4 and 3.0.4, seen 2026-11-29).
fn begins_with_a_tab(text: &str) -> bool {
    text.contains('\n') && text.trim_start_matches('\n').starts_with('\t')
}
