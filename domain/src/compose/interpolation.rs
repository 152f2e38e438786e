//! Variables in the values of a Compose file.

use std::borrow::Cow;

use crate::document::{Node, to_json};

/// What stands for a part of a text that only the variables of a machine tell. A noncharacter, which no text of a file needs.
const OPEN: char = '\u{FDD0}';

/// The text of a scalar as Compose reads it, with [`OPEN`] for each variable; none for what is no scalar, and for null.
pub(super) fn text(node: &Node) -> Option<Cow<'_, str>> {
    match node {
        Node::String(text) => Some(interpolated(text)),
        Node::Number(_) | Node::Bool(_) => to_json(node).ok().map(Cow::Owned),
        Node::Unknown => Some(OPEN.to_string().into()),
        Node::Null | Node::Array(_) | Node::Object(_) => None,
    }
}

/// A scalar as a node: unknown where a variable is in it. What is no scalar is null.
pub(super) fn scalar(node: &Node) -> Node {
    text(node).map_or(Node::Null, |text| known(&text))
}

/// A text, or unknown where a variable is in it.
pub(super) fn known(text: &str) -> Node {
    if is_open(text) { Node::Unknown } else { text.into() }
}

/// Whether a variable is in it.
pub(super) fn is_open(text: &str) -> bool {
    text.contains(OPEN)
}

/// A boolean, which may be written as a text. Another text is Compose's to reject, and nobody can say what it means.
pub(super) fn boolean(node: &Node) -> Node {
    match node {
        Node::Bool(_) | Node::Null | Node::Unknown => node.clone(),
        Node::String(text) if text.eq_ignore_ascii_case("true") => true.into(),
        Node::String(text) if text.eq_ignore_ascii_case("false") => false.into(),
        _ => Node::Unknown,
    }
}

/// A text in which a dollar stands for itself.
pub(super) fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

/// `$NAME` and `${NAME...}` are variables, `$$` is a dollar, and so is a dollar before anything else.
fn interpolated(text: &str) -> Cow<'_, str> {
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
        } else if let Some(inside) = rest.strip_prefix('{') {
            out.push(OPEN);
            rest = &inside[end_of_braces(inside)..];
        } else if rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
            out.push(OPEN);
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        } else {
            out.push('$');
        }
    }
    Cow::Owned(out + rest)
}

/// Where the text goes on behind the brace that ends a variable; at its end where none does.
fn end_of_braces(inside: &str) -> usize {
    let mut depth = 1;
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    inside.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_not_known_and_two_dollars_are_one() {
        for (written, read) in [
            ("datadoghq.eu", "datadoghq.eu"),
            ("$SITE", "?"),
            ("${SITE}", "?"),
            ("a-${SITE:-${OTHER:-x}}-b", "a-?-b"),
            ("${SITE:?say which}", "?"),
            ("$SITE.eu", "?.eu"),
            ("$$SITE", "$SITE"),
            ("$${SITE}", "${SITE}"),
            ("100$", "100$"),
            ("$1", "$1"),
            ("${never ends", "?"),
        ] {
            assert_eq!(interpolated(written).replace(OPEN, "?"), read, "{written}");
            assert_eq!(interpolated(&escaped(written)), written);
        }
        assert_eq!(scalar(&true.into()), "true".into());
        assert_eq!(scalar(&8126.into()), "8126".into());
        assert_eq!(scalar(&"x$Y".into()), Node::Unknown);
        assert_eq!(scalar(&Node::Null), Node::Null);
        assert_eq!([boolean(&"True".into()), boolean(&"$X".into())], [true.into(), Node::Unknown]);
    }
}
