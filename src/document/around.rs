//! A task definition as far as it is known when only its containers were given.

use super::input::Reading;
use super::node::{Node, Object};
use super::shapes;

impl Reading {
    /// Whether only container definitions were given, so that nothing is known of the task around them.
    pub fn is_containers_alone(&self) -> bool {
        match &self.document {
            Node::Object(members) => members.keys().all(|key| key == "containerDefinitions"),
            _ => false,
        }
    }

    /// The document as a judge has to see it: what stands around containers that were given alone is not known.
    pub fn into_task(mut self) -> Node {
        if self.is_containers_alone()
            && let Node::Object(members) = &mut self.document
        {
            members.extend(unseen());
        }
        self.document
    }
}

/// Everything of a task definition but its containers, as values that are not known.
fn unseen() -> Object {
    let members = shapes::task_definition().members.iter().map(|member| member.key);
    members.filter(|key| *key != "containerDefinitions").map(|key| (key.to_owned(), Node::Unknown)).collect()
}

#[cfg(test)]
mod tests {
    use crate::document::{Node, parse, read};

    fn task(text: &str) -> Node {
        read(parse(text).unwrap()).unwrap().into_task()
    }

    #[test]
    fn of_containers_alone_nothing_else_is_known() {
        for text in [
            r#"[{"name": "a"}]"#,
            r#"{"containerDefinitions": [{"name": "a"}]}"#,
            r#"[{"Name": "a", "Image": "b"}]"#,
        ] {
            let task = task(text);
            for key in ["family", "cpu", "runtimePlatform", "volumes", "requiresCompatibilities"] {
                assert!(task.get(key).is_unknown(), "{text}: {key}");
            }
            assert_eq!(task.get("containerDefinitions").items()[0].get("name").as_str(), Some("a"));
        }
    }

    #[test]
    fn what_a_task_definition_leaves_out_is_known_to_be_absent() {
        let task = task(r#"{"family": "a", "containerDefinitions": []}"#);
        assert_eq!(task.get("cpu"), &Node::Null);
    }
}
