//! Examples of the catalogue's pages: what an example writes, laid over a task definition that no rule objects to.
//!
//! So an example shows what its rule is about and nothing else.

use crate::document::{Node, Object, Path, Step, parse};

use super::fix::Edit;

/// A task definition as JSON text, as far as it differs from [`SOUND_TASK`]: an object is laid over the one that is
/// there, null takes a key away, anything else replaces it. Each item of `containerDefinitions` is laid over
/// [`SOUND_CONTAINER`]; without any there is that container alone. `"<unknown>"` stands for a value that is not known
/// yet, `"<100 letters>"` for a text of that length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example(pub &'static str);

/// The task definition that every example is laid over, without its containers.
pub const SOUND_TASK: &str = r#"{
  "family": "shop",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "256",
  "memory": "512",
  "runtimePlatform": { "operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64" },
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task",
  "tags": [{ "key": "team", "value": "shop" }]
}"#;

/// The container that every container of an example is laid over.
pub const SOUND_CONTAINER: &str = r#"{
  "name": "app",
  "image": "example.com/shop:1.4.2",
  "user": "100",
  "readonlyRootFilesystem": true,
  "logConfiguration": {
    "logDriver": "awslogs",
    "options": {
      "awslogs-group": "/shop",
      "awslogs-region": "eu-central-1",
      "awslogs-stream-prefix": "shop",
      "mode": "non-blocking"
    }
  }
}"#;

/// A task definition in which a value that a rule needs is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// The failing example with the value at this place not known yet.
    Failing(&'static str),
    /// The passing example with the value at this place not known yet.
    Passing(&'static str),
    /// Another one.
    Other(Example),
}

impl Undecided {
    /// The whole task definition of a rule with these examples.
    pub fn document(self, failing: Example, passing: Example) -> Node {
        let (example, place) = match self {
            Undecided::Failing(place) => (failing, place),
            Undecided::Passing(place) => (passing, place),
            Undecided::Other(example) => return example.document(),
        };
        let mut document = example.document();
        Edit::at(path(place), Node::Unknown).apply(&mut document);
        document
    }
}

/// A path as it is written: `containerDefinitions[0].image`.
fn path(text: &str) -> Path {
    let steps = text.split(['.', '[']).map(|step| match step.strip_suffix(']') {
        Some(index) => Step::Index(index.parse().expect("an index is a number")),
        None => Step::Key(step.to_owned()),
    });
    Path(steps.collect())
}

impl Example {
    /// The whole task definition.
    pub fn document(self) -> Node {
        let mut document = read(SOUND_TASK);
        lay_over(&mut document, read(self.0));
        let Node::Object(members) = &mut document else { panic!("an example is an object") };
        let containers = members
            .entry("containerDefinitions".to_owned())
            .or_insert_with(|| Node::Array(vec![Node::Object(Object::new())]));
        if let Node::Array(containers) = containers {
            for container in containers {
                if matches!(container, Node::Object(_)) {
                    let own = std::mem::replace(container, read(SOUND_CONTAINER));
                    lay_over(container, own);
                }
            }
        }
        document
    }
}

fn read(text: &str) -> Node {
    parse(text).expect("an example is JSON")
}

fn lay_over(base: &mut Node, patch: Node) {
    match (base, patch) {
        (Node::Object(base), Node::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    base.remove(&key);
                } else {
                    lay_over(base.entry(key).or_insert(Node::Null), value);
                }
            }
        }
        (base, patch) => *base = patch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::to_json;

    #[test]
    fn an_example_is_laid_over_the_sound_task_and_each_container_over_the_sound_container() {
        let text = r#"{
            "cpu": null,
            "containerDefinitions": [{ "logConfiguration": { "options": { "mode": "blocking" } } }]
        }"#;
        let document = Example(text).document();
        assert!(document.get("cpu").is_null());
        assert_eq!(document.get("memory").as_str(), Some("512"));
        let container = &document.get("containerDefinitions").items()[0];
        assert_eq!(container.get("name").as_str(), Some("app"));
        let log = to_json(container.get("logConfiguration")).unwrap();
        assert!(log.contains(r#""mode":"blocking""#) && log.contains(r#""logDriver":"awslogs""#), "{log}");
    }
}
