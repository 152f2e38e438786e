//! Texts of a job with what the client fills in.

use crate::document::{Node, to_json};

/// What the client fills in that a job says itself.
pub(super) struct Known<'j> {
    pub(super) group: &'j str,
    pub(super) task: &'j str,
}

impl Known<'_> {
    /// A text as the task gets it. `${NAME}` is what the client puts there, and what that is nobody knows but of the task's own
    /// directories and names; anything else with a dollar stays as it is (helper/args/args.go and client/taskenv/env.go of
    /// hashicorp/nomad, aa026cc, 2026-08, read 2026-11).
    pub(super) fn text(&self, text: &str) -> Node {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let inside = &rest[at + 2..];
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
            let length = inside.bytes().take_while(|byte| is_letter(*byte)).count();
            if length == 0 || !inside[length..].starts_with('}') {
                out.push_str("${");
                rest = inside;
                continue;
            }
            match self.value(&inside[..length]) {
                Some(value) => out.push_str(value),
                None => return Node::Unknown,
            }
            rest = &inside[length + 1..];
        }
        Node::String(out + rest)
    }

    fn value(&self, name: &str) -> Option<&str> {
        Some(match name {
            "NOMAD_ALLOC_DIR" => "/alloc",
            "NOMAD_TASK_DIR" => "/local",
            "NOMAD_SECRETS_DIR" => "/secrets",
            "NOMAD_GROUP_NAME" => self.group,
            "NOMAD_TASK_NAME" => self.task,
            _ => return None,
        })
    }

    /// The same of a value that may be another scalar; null of what is none.
    pub(super) fn scalar(&self, node: &Node) -> Node {
        match node {
            Node::String(text) => self.text(text),
            Node::Number(_) | Node::Bool(_) => to_json(node).map_or(Node::Unknown, Node::from),
            Node::Unknown => Node::Unknown,
            _ => Node::Null,
        }
    }

    /// The same of each text of a list.
    pub(super) fn words(&self, list: &Node) -> Node {
        match list {
            Node::Unknown => Node::Unknown,
            Node::Array(words) => words.iter().map(|word| self.scalar(word)).collect::<Vec<_>>().into(),
            _ => Node::Null,
        }
    }
}

/// A boolean, which may be written as a text.
pub(super) fn flag(node: &Node) -> Node {
    match node {
        Node::String(text) if text == "true" => true.into(),
        Node::String(text) if text == "false" => false.into(),
        Node::Bool(_) => node.clone(),
        Node::Null => Node::Null,
        _ => Node::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_client_knows_is_unknown() {
        let known = Known { group: "shop", task: "web" };
        for (text, read) in [
            ("plain", Some("plain")),
            ("${NOMAD_ALLOC_DIR}/x", Some("/alloc/x")),
            ("${NOMAD_TASK_DIR}:${NOMAD_SECRETS_DIR}", Some("/local:/secrets")),
            ("${NOMAD_GROUP_NAME}-${NOMAD_TASK_NAME}", Some("shop-web")),
            ("${node.unique.name}", None),
            ("a${meta.x}b", None),
            // No reference.
            ("${X:-default} $HOME ${", Some("${X:-default} $HOME ${")),
            ("${}", Some("${}")),
            ("ä${NOMAD_TASK_NAME}ü", Some("äwebü")),
        ] {
            assert_eq!(known.text(text), read.map_or(Node::Unknown, Node::from), "{text}");
        }
        assert_eq!(known.scalar(&7.into()), "7".into());
        assert_eq!(known.scalar(&Node::Array(Vec::new())), Node::Null);
    }

    #[test]
    fn a_flag_may_be_a_text() {
        for (given, read) in [
            (Node::from("true"), Node::from(true)),
            ("false".into(), false.into()),
            (true.into(), true.into()),
            (Node::Null, Node::Null),
            ("${x}".into(), Node::Unknown),
            (Node::Unknown, Node::Unknown),
        ] {
            assert_eq!(flag(&given), read);
        }
    }
}
