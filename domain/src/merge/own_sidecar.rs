//! Whether a container that has a sidecar's name is that sidecar, as it was written before.

use crate::document::{Node, Object};
use crate::ecs::canonicalize;

/// Whether two definitions mean the same in a task with these surroundings; `None` while that depends on a value that is not
/// known yet. What ECS adds when it gives a definition back makes no difference.
pub(super) fn is_same(definition: &Node, own: &Node, around: &Node) -> Option<bool> {
    alike(&canonical_alone(definition, around), &canonical_alone(own, around))
}

/// The canonical form of one container definition.
fn canonical_alone(definition: &Node, around: &Node) -> Node {
    let network_mode = around.get("networkMode").clone();
    canonicalize(Node::from([
        ("containerDefinitions", Node::Array(vec![definition.clone()])),
        ("networkMode", network_mode),
    ]))
}

fn alike(left: &Node, right: &Node) -> Option<bool> {
    match (left, right) {
        _ if left == right => Some(true),
        (Node::Unknown, _) | (_, Node::Unknown) => None,
        (Node::Array(left), Node::Array(right)) if left.len() == right.len() => {
            all(left.iter().zip(right).map(|(left, right)| alike(left, right)))
        }
        (Node::Object(left), Node::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            let member = |members: &Object, key: &String| members.get(key).cloned().unwrap_or_default();
            all(keys.map(|key| alike(&member(left, key), &member(right, key))))
        }
        _ => Some(false),
    }
}

/// No as soon as one says no, undecided if one is, else yes.
fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers
        .try_fold(Some(true), |so_far, answer| match answer {
            Some(false) => Err(()),
            None => Ok(None),
            Some(true) => Ok(so_far),
        })
        .unwrap_or(Some(false))
}
