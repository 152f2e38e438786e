//! The lines to write without what the user wrote as a value.
//!
//! No sentence of a rule quotes a value of a variable, a secret or a label. A line to write may hold one that is repaired, such
//! as the ARN of a secret with the colons that it lacks. Whoever lints an own file is glad of it; an audit is handed on.

use crate::document::Node;
use crate::rules::{Form, Json};

/// JSON text, with a mark for a value that holds one of the user's.
pub(super) struct HandedOn<'d>(Vec<&'d str>);

/// The shortest value that counts. A shorter one is a word or a number, which our own lines have too.
const LONG: usize = 6;

impl<'d> HandedOn<'d> {
    /// For lines about that document.
    pub(super) fn of(document: &'d Node) -> Self {
        let mut values = Vec::new();
        let mut take = |value: &'d Node| values.extend(value.as_str().filter(|text| text.len() >= LONG));
        for container in document.get("containerDefinitions").items() {
            let log = container.get("logConfiguration");
            container.get("environment").items().iter().for_each(|entry| take(entry.get("value")));
            let secrets = [container.get("secrets"), log.get("secretOptions")];
            secrets.into_iter().flat_map(Node::items).for_each(|entry| take(entry.get("valueFrom")));
            if let Node::Object(labels) = container.get("dockerLabels") {
                labels.values().for_each(&mut take);
            }
        }
        Self(values)
    }

    fn holds_one(&self, value: &Node) -> bool {
        value.as_str().is_some_and(|text| self.0.iter().any(|written| text.contains(written)))
    }
}

impl Form for HandedOn<'_> {
    fn scalar(&self, value: &Node) -> String {
        Json.scalar(value)
    }

    fn key(&self, key: &str) -> String {
        Json.key(key)
    }

    fn separator(&self) -> &'static str {
        Json.separator()
    }

    /// Where values stand: of a variable, of a secret, of a label, whose key has a dot.
    fn member(&self, key: &str, value: &Node) -> String {
        let is_a_value = key == "value" || key == "valueFrom" || key.contains('.');
        let value = match is_a_value && self.holds_one(value) {
            true => "\"…\"".to_owned(),
            false => self.value(value),
        };
        format!("{}{}{value}", self.key(key), self.separator())
    }
}
