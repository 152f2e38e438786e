//! Lines to write in a YAML document.

use crate::document::{Node, to_json};
use crate::rules::fix::{Edit, Form};

/// The form of YAML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yaml {
    /// A change that takes several lines, as a phrase.
    pub(super) whole: fn(&Edit) -> Option<String>,
}

impl Form for Yaml {
    fn scalar(&self, value: &Node) -> String {
        let text = to_json(value).unwrap_or_default();
        match value {
            Node::String(plain) if is_plain(plain) => plain.clone(),
            _ => text,
        }
    }

    fn key(&self, key: &str) -> String {
        self.scalar(&key.into())
    }

    fn separator(&self) -> &'static str {
        ": "
    }

    fn bullet(&self) -> &'static str {
        "- "
    }

    fn phrase(&self, edit: &Edit) -> Option<String> {
        (self.whole)(edit)
    }
}

/// Whether a text needs no quotes, in a list of one line either.
fn is_plain(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./@+=$".contains(letter);
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || "_./$".contains(letter));
    let colons_are_inside = !text.ends_with(':') && !text.contains(": ");
    let is_word = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    begins && colons_are_inside && !is_word && text.chars().all(|letter| is_plain(letter) || letter == ':')
}
