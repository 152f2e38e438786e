//! The forms in which a task definition comes.

use ddrofs::document::{Node, Object};
use ddrofs::ecs::shapes::{RESPONSE_ONLY, Structure, task_definition};

use super::Choices;

/// The task definition in one of them.
pub(super) fn written_as(choices: &mut Choices<'_>, mut task: Node) -> Node {
    match choices.below(8) {
        1 => task.get("containerDefinitions").clone(),
        2 => Node::from([("containerDefinitions", task.get("containerDefinitions").clone())]),
        3 => {
            if let Node::Object(members) = &mut task {
                for key in RESPONSE_ONLY {
                    if choices.one_in(2) {
                        members.insert((*key).to_owned(), "ECS says so".into());
                    }
                }
            }
            let tags = Node::Array(vec![Node::from([("key", "team".into()), ("value", "shop".into())])]);
            Node::from([("taskDefinition", task), ("tags", tags)])
        }
        4 => as_cloud_formation(task_definition(), task),
        5 => Node::from([
            ("Type", "AWS::ECS::TaskDefinition".into()),
            ("Properties", as_cloud_formation(task_definition(), task)),
        ]),
        _ => task,
    }
}

/// Keys of the table with a capital first letter, as CloudFormation has them.
fn as_cloud_formation(structure: &Structure, node: Node) -> Node {
    match node {
        Node::Object(members) => Node::Object(
            members
                .into_iter()
                .map(|(key, value)| match structure.member(&key) {
                    Some(member) => {
                        let value = match member.kind.structure() {
                            Some(inner) => as_cloud_formation(inner, value),
                            None => value,
                        };
                        (capitalized(&key), value)
                    }
                    None => (key, value),
                })
                .collect::<Object>(),
        ),
        Node::Array(items) => {
            Node::Array(items.into_iter().map(|item| as_cloud_formation(structure, item)).collect())
        }
        other => other,
    }
}

fn capitalized(key: &str) -> String {
    let (first, rest) = key.split_at(1);
    first.to_uppercase() + rest
}
