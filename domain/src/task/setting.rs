//! Whether something is set at all.

use crate::document::{Node, Trail};

/// Whether a setting asks for something: it does not where it is absent, false or empty. None while not known.
pub(crate) fn is_set(node: &Node) -> Option<bool> {
    match node {
        Node::Unknown => None,
        Node::Null | Node::Bool(false) => Some(false),
        Node::String(text) => Some(!text.is_empty()),
        Node::Array(items) => Some(!items.is_empty()),
        Node::Object(members) => Some(!members.is_empty()),
        Node::Bool(true) | Node::Number(_) => Some(true),
    }
}

/// The step of a path that stands for every item of a list.
pub(crate) const EACH: &str = "[]";

/// Visits what stands at a path below a node; [`EACH`] leads to every item. What is absent is visited as null, the
/// items of a list that is not known yet as one unknown.
pub(crate) fn visit<'n>(
    node: &'n Node,
    path: &[&str],
    trail: &Trail<'_>,
    visitor: &mut dyn FnMut(&'n Node, &Trail<'_>),
) {
    match path {
        [] => visitor(node, trail),
        [EACH, ..] if node.is_unknown() => visitor(node, trail),
        [EACH, rest @ ..] => {
            for (index, item) in node.items().iter().enumerate() {
                visit(item, rest, &Trail::Index(trail, index), visitor);
            }
        }
        [key, rest @ ..] => visit(node.get(key), rest, &Trail::Key(trail, key), visitor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_false_or_empty_is_not_set() {
        for (text, set) in [
            ("null", false),
            ("false", false),
            ("\"\"", false),
            ("[]", false),
            ("{}", false),
            ("true", true),
            ("0", true),
            ("\"x\"", true),
            ("[1]", true),
        ] {
            assert_eq!(is_set(&crate::document::parse(text).unwrap()), Some(set), "{text}");
        }
        assert_eq!(is_set(&Node::Unknown), None);
    }
}
