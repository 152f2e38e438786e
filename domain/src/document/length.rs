//! How long the JSON text of a document is, without writing it: ECS limits the text of a task definition.

use std::fmt::{self, Write as _};

use super::json::MAX_DEPTH;
use super::node::Node;

/// How long a JSON text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Bytes of what is known, without white space and without null members, which count as absent.
    pub bytes: usize,
    /// Whether nothing is unknown, so that the text cannot get longer.
    pub complete: bool,
}

/// How long the JSON text of the document is.
pub fn json_length(node: &Node) -> Length {
    let mut length = Length { bytes: 0, complete: true };
    length.add(node, MAX_DEPTH);
    length
}

impl Length {
    /// Deeper than a document can be read nothing is counted, so that no document takes the stack with it.
    fn add(&mut self, node: &Node, depth: usize) {
        match node {
            Node::Null => self.bytes += "null".len(),
            Node::Unknown => self.complete = false,
            Node::Bool(true) => self.bytes += "true".len(),
            Node::Bool(false) => self.bytes += "false".len(),
            Node::Number(number) => write!(self, "{number}").expect("counting cannot fail"),
            Node::String(text) => self.bytes += quoted_length(text),
            Node::Array(_) | Node::Object(_) if depth == 0 => {}
            Node::Array(items) => {
                self.bytes += "[]".len() + items.len().saturating_sub(1);
                items.iter().for_each(|item| self.add(item, depth - 1));
            }
            Node::Object(members) => {
                let mut written = 0_usize;
                for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                    self.bytes += quoted_length(key) + ":".len();
                    self.add(value, depth - 1);
                    written += 1;
                }
                self.bytes += "{}".len() + written.saturating_sub(1);
            }
        }
    }
}

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes += text.len();
        Ok(())
    }
}

/// The length of a text in quotes.
fn quoted_length(text: &str) -> usize {
    let longer_by = text.bytes().map(|byte| usize::from(LONGER_BY[usize::from(byte)])).sum::<usize>();
    text.len() + "\"\"".len() + longer_by
}

/// How many bytes more than itself JSON takes for each byte: `\n` takes two, `\u0001` six. A table, because most of a task
/// definition is text.
static LONGER_BY: [u8; 256] = {
    let mut longer_by = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        longer_by[control] = 5;
        control += 1;
    }
    let mut short = 0;
    while short < SHORT_ESCAPES.len() {
        longer_by[SHORT_ESCAPES[short] as usize] = 1;
        short += 1;
    }
    longer_by
};

/// What is written as a backslash and one letter; backspace is 8, form feed 12.
const SHORT_ESCAPES: &[u8; 7] = b"\"\\\n\r\t\x08\x0c";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, to_json};
    use crate::ecs::sample::made;

    #[test]
    fn the_length_is_that_of_the_written_text() {
        let text = r#"{"a": [], "b": {}, "c": [null, true, false, -1, 1.5, 1.5e-7, 9007199254740993, 0],
            "d\n\"\\\u0001": "tab\t, bell\u0007, form feed\f, back\b, ä, 😀, del\u007f", "e": {"f": [[], [{}]]}}"#;
        let mut documents: Vec<Node> = (0..50).map(|seed| made(seed, false).1).collect();
        documents.push(parse(text).unwrap());
        for mut document in documents {
            leave_out_nulls(&mut document);
            let written = to_json(&document).unwrap();
            assert_eq!(json_length(&document), Length { bytes: written.len(), complete: true }, "{written}");
        }
    }

    #[test]
    fn nulls_are_absent_and_unknown_parts_are_told() {
        let length = |text| json_length(&parse(text).unwrap());
        assert_eq!(length(r#"{"a": null, "b": 1, "c": null}"#), length(r#"{"b": 1}"#));
        let document = Node::from([("a", Node::Unknown), ("b", 1.into())]);
        assert_eq!(json_length(&document), Length { bytes: r#"{"a":,"b":1}"#.len(), complete: false });
    }

    fn leave_out_nulls(node: &mut Node) {
        match node {
            Node::Array(items) => items.iter_mut().for_each(leave_out_nulls),
            Node::Object(members) => {
                members.retain(|_, value| !value.is_null());
                members.iter_mut().for_each(|(_, value)| leave_out_nulls(value));
            }
            _ => {}
        }
    }
}
