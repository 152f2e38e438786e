//! The tree.

use litemap::LiteMap;

use super::path::{Path, Step};

/// The members of an object, ordered by key so that everything made from it is deterministic. A flat list: objects are
/// small, and there are many.
pub type Object = LiteMap<String, Node>;

/// A JSON value, or the place of one that is not known yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Node {
    /// JSON's null.
    #[default]
    Null,
    /// A value that is known only at apply. Rules that meet it answer undecided.
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object.
    Object(Object),
}

impl Node {
    const NULL: Node = Node::Null;
    const UNKNOWN: Node = Node::Unknown;

    /// The member of that key: null where there is none, unknown where the whole is unknown.
    pub fn get(&self, key: &str) -> &Node {
        match self {
            Node::Object(members) => member(members, key).unwrap_or(&Self::NULL),
            Node::Unknown => &Self::UNKNOWN,
            _ => &Self::NULL,
        }
    }

    /// What stands at a place: null where nothing does, unknown where a value around it is.
    pub fn at(&self, path: &Path) -> &Node {
        path.0.iter().fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(_) if node.is_unknown() => &Self::UNKNOWN,
            Step::Index(index) => node.items().get(*index).unwrap_or(&Self::NULL),
        })
    }

    /// What stands at a place, to be changed; none where nothing does.
    pub fn at_mut(&mut self, path: &Path) -> Option<&mut Node> {
        path.0.iter().try_fold(self, |node, step| match (node, step) {
            (Node::Object(members), Step::Key(key)) => members.get_mut(key),
            (Node::Array(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }

    /// The items of an array; empty for anything else.
    pub fn items(&self) -> &[Node] {
        match self {
            Node::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Node::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The value of a whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Node::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Whether this is null, which ECS treats as absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Node::Null)
    }

    /// Whether this value itself is not known yet.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Node::Unknown)
    }

    /// Whether nothing inside is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Node::Unknown => false,
            Node::Array(items) => items.iter().all(Node::is_wholly_known),
            Node::Object(members) => members.values().all(Node::is_wholly_known),
            _ => true,
        }
    }
}

/// The member of that key. Most objects are small, and most of their keys differ in length, which is seen without looking
/// at the texts: that is quicker than to bisect.
fn member<'a>(members: &'a Object, key: &str) -> Option<&'a Node> {
    const SMALL: usize = 32;
    if members.len() > SMALL {
        return members.get(key);
    }
    members.iter().find(|(name, _)| *name == key).map(|(_, node)| node)
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Node::String(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Node::String(text)
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Node::Bool(flag)
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Self {
        Node::Number(number.into())
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Node::Array(items.into_iter().map(Into::into).collect())
    }
}

/// An object; of equal keys the last counts. Members go through a vector: a sort is compiled anew for every kind of iterator,
/// with 8 KB of code each (rustc 1.95), and so there is one.
impl FromIterator<(String, Node)> for Node {
    fn from_iter<I: IntoIterator<Item = (String, Node)>>(members: I) -> Self {
        Node::Object(object(members))
    }
}

/// The members of an object, as they are collected.
pub fn object(members: impl IntoIterator<Item = (String, Node)>) -> Object {
    sorted(members.into_iter().collect())
}

fn sorted(members: Vec<(String, Node)>) -> Object {
    match members.is_sorted_by(|one, other| one.0 < other.0) {
        true => Object::from_sorted_store_unchecked(members),
        false => members.into_iter().collect(),
    }
}

impl<const N: usize> From<[(&str, Node); N]> for Node {
    fn from(members: [(&str, Node); N]) -> Self {
        members.into_iter().map(|(key, node)| (key.to_owned(), node)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_sorted_and_of_equal_keys_the_last_counts() {
        let collected = |keys: &[&str]| {
            let members = keys.iter().zip(0..).map(|(key, at)| ((*key).to_owned(), Node::from(at)));
            let Node::Object(object) = members.collect() else { unreachable!("members make an object") };
            let members = object.iter().map(|(key, at)| format!("{key}{}", at.as_i64().unwrap()));
            members.collect::<Vec<_>>().join(" ")
        };
        for (keys, expected) in [
            (&["a", "b", "c"][..], "a0 b1 c2"),
            (&["c", "a", "b"], "a1 b2 c0"),
            (&["a", "a", "b"], "a1 b2"),
            (&["b", "a", "a"], "a2 b0"),
            (&[], ""),
        ] {
            assert_eq!(collected(keys), expected, "{keys:?}");
        }
    }
}
