//! Sentences of the rules without what the user wrote as a value.
//!
//! A rule may quote the value that is wrong, such as the site of an intake. Whoever lints an own file is glad of it; a report
//! that is handed on tells names only.

use crate::document::Node;

/// What stands for a value.
const MASK: &str = "…";

/// The shortest value that is looked for anywhere. A shorter one is so common a word that it counts in quotes alone.
const LONG: usize = 6;

/// The values of a task definition's variables, secrets and labels.
pub(super) struct Values(Vec<String>);

impl Values {
    pub(super) fn of(document: &Node) -> Self {
        let mut values = Vec::new();
        for container in document.get("containerDefinitions").items() {
            for (list, key) in [("environment", "value"), ("secrets", "valueFrom")] {
                values
                    .extend(container.get(list).items().iter().map(|entry| entry.get(key)).filter_map(text));
            }
            let sources = container.get("logConfiguration").get("secretOptions").items();
            values.extend(sources.iter().map(|entry| entry.get("valueFrom")).filter_map(text));
            if let Node::Object(labels) = container.get("dockerLabels") {
                values.extend(labels.values().filter_map(text));
            }
        }
        values.extend(document.get("tags").items().iter().map(|tag| tag.get("value")).filter_map(text));
        // A value may be a part of another one: the longer goes first.
        values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        values.dedup();
        Self(values)
    }

    /// The sentence with a mark in place of each value.
    pub(super) fn masked_in(&self, sentence: &str) -> String {
        let mut masked = sentence.to_owned();
        for value in &self.0 {
            for written in forms(value) {
                if masked.contains(&written) {
                    let mark = if written.starts_with('"') { format!("\"{MASK}\"") } else { MASK.to_owned() };
                    masked = masked.replace(&written, &mark);
                }
            }
        }
        masked
    }
}

/// How a sentence may write the value: as it is, as JSON, cut as the rules cut what is long, and in quotes where it is short.
fn forms(value: &str) -> Vec<String> {
    let json = Node::from(value);
    let json = crate::document::to_json(&json).unwrap_or_default();
    let escaped = json.trim_matches('"').to_owned();
    if value.chars().count() < LONG {
        return vec![format!("\"{value}\""), json];
    }
    let start: String = value.chars().take(80).collect();
    let mut forms = vec![value.to_owned(), escaped, start];
    forms.dedup();
    forms
}

/// A value worth hiding. That something is switched on or off is no secret, and our own lines say the same words.
fn text(node: &Node) -> Option<String> {
    let text = match node {
        Node::String(text) => text.to_string(),
        Node::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text != "true" && text != "false").then_some(text)
}
