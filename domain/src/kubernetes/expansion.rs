//! References to variables in commands and values: `$(NAME)`.

use std::collections::BTreeMap;

use crate::document::{Node, to_json};

/// A text as the container gets it. `$(NAME)` of a variable of the container is its value, and of any other stays as it is; `$$` is
/// a dollar. Unknown where a value is (k8s.io/kubernetes third_party/forked/golang/expansion, read 2026-11).
pub(super) fn expanded(text: &str, variables: &BTreeMap<&str, Node>) -> Node {
    if !text.contains('$') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let reference = rest.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        match reference.map(|(name, behind)| (variables.get(name), behind)) {
            Some((Some(Node::String(value)), behind)) => {
                out.push_str(value);
                rest = behind;
            }
            Some((Some(_), _)) => return Node::Unknown,
            Some((None, _)) | None => out.push('$'),
        }
    }
    Node::String(out + rest)
}

/// A text that Kubernetes takes as it is: the dollar is doubled where a reference or another dollar would follow.
pub fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter == '$' && matches!(letters.peek(), Some('$' | '(')) {
            out.push('$');
        }
    }
    out
}

/// A number as a text; none for what is no scalar.
pub(super) fn read_text(node: &Node) -> Option<String> {
    match node {
        Node::String(text) => Some(text.clone()),
        Node::Number(_) => to_json(node).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_filled_in_and_two_dollars_are_one() {
        let variables = [("A", "a".into()), ("B", Node::Unknown)].into();
        for (text, read) in [
            ("$(A)x", Some("ax")),
            ("$(C) $(", Some("$(C) $(")),
            ("$$(A)", Some("$(A)")),
            ("$$$(A)", Some("$a")),
            ("$HOME 100$", Some("$HOME 100$")),
            ("$(B)", None),
        ] {
            let expected = read.map_or(Node::Unknown, Node::from);
            assert_eq!(expanded(text, &variables), expected, "{text}");
        }
        for (text, written) in
            [("$(ls)", "$$(ls)"), ("$HOME", "$HOME"), ("$$x", "$$$x"), ("$$(x)", "$$$$(x)")]
        {
            assert_eq!(literal(text), written);
        }
        for text in ["$(A)", "$$(A)", "$", "$$", "$$$", "$(ls -A \"$x\")", "a$b$"] {
            assert_eq!(expanded(&literal(text), &variables), text.into(), "{text}");
        }
    }
}
