//! THE APPLICATION: the user's own containers, wired to the Agent and put behind its sidecars.
//!
//! What the user wrote stays as it is and where it is: a variable, label or dependency that is already there is
//! kept, what is missing is added behind it, and what cannot be joined is a [`Collision`]. Wiring twice is wiring
//! once. Where a part is not known yet, so that nobody can say whether something is missing, the part's place is
//! unknown in the result. Does not judge the containers; that is the rules' business.

mod application;
mod change;
mod collision;
mod volumes;

use crate::document::{Node, Path, Step};
use crate::render::ecs;
use crate::rofs::workload::Workload;

pub use change::{Change, ChangeKind};
pub use collision::{Collision, CollisionKind};
pub use volumes::{WiredVolumes, wire_volumes};

/// The result of [`wire`].
#[derive(Debug, Clone, PartialEq)]
pub struct Wired {
    /// Container definitions: the sidecars in start order, then the application's in the user's order.
    pub containers: Node,
    /// What stands in the way. While there is any, `containers` lacks what collided and must not be used.
    pub collisions: Vec<Collision>,
    /// What was added to the user's containers, and what of theirs was kept in its place.
    pub changes: Vec<Change>,
}

/// Puts the sidecars before the application's container definitions and wires each of these to the Agent.
///
/// Paths in the result are paths into `application`, a list of container definitions. Null is an empty list.
pub fn wire(application: &Node, workload: &Workload) -> Wired {
    wire_owned(application.clone(), workload)
}

/// As [`wire`], for a caller that does not need the application's definitions any more: saves the copy.
pub fn wire_owned(application: Node, workload: &Workload) -> Wired {
    let definitions = match application {
        Node::Array(definitions) => definitions,
        Node::Null => Vec::new(),
        // Unknown, or no list at all, which is for the reader of the document to say.
        other => return Wired { containers: other, collisions: Vec::new(), changes: Vec::new() },
    };
    let mut sidecars: Vec<Option<Node>> =
        ecs::container_definitions(workload).into_iter().map(Some).collect();
    let mut present = vec![false; sidecars.len()];
    let mut collisions = Vec::new();
    let mut changes = Vec::new();
    let mut undecided = false;
    let mut containers = Vec::with_capacity(definitions.len());
    for (index, mut definition) in definitions.into_iter().enumerate() {
        let path = Path(vec![Step::Index(index)]);
        let namesake = definition
            .get("name")
            .as_str()
            .and_then(|name| workload.containers.iter().position(|container| container.name == name));
        match namesake.map(|position| (position, agreement(&definition, sidecars[position].as_ref()))) {
            // It is the sidecar itself, from an earlier run; it takes its place before the application.
            Some((position, Some(true))) if !present[position] => {
                present[position] = true;
                continue;
            }
            Some((_, None)) => undecided = true,
            Some((position, Some(_))) => {
                sidecars[position] = None;
                collisions.push(Collision::container_name(&workload.containers[position], path));
            }
            None => {
                application::wire_container(
                    &mut definition,
                    &path,
                    &workload.wiring,
                    &mut |event| match event {
                        application::Event::Change(change) => changes.push(change),
                        application::Event::Collision(collision) => collisions.push(collision),
                    },
                );
            }
        }
        containers.push(definition);
    }
    let added = workload
        .containers
        .iter()
        .zip(&sidecars)
        .zip(&present)
        .filter(|((_, own), there)| own.is_some() && !**there);
    let mut all_changes: Vec<_> = added.map(|((container, _), _)| Change::sidecar(container)).collect();
    all_changes.append(&mut changes);
    let mut all: Vec<Node> = sidecars.into_iter().flatten().collect();
    all.append(&mut containers);
    // Whether a container is the sidecar itself decides how many there are.
    let containers = if undecided { Node::Unknown } else { Node::Array(all) };
    Wired { containers, collisions, changes: all_changes }
}

/// Whether a definition says what our own does: every key of ours alike, and nothing but empty values beside.
/// `None` while that hangs on a value that is not known yet.
fn agreement(definition: &Node, own: Option<&Node>) -> Option<bool> {
    let (Node::Object(definition), Some(Node::Object(own))) = (definition, own) else { return Some(false) };
    let extra = definition.iter().filter(|(key, _)| !own.contains_key(*key)).map(|(_, value)| match value {
        Node::Unknown => None,
        value => Some(is_empty(value)),
    });
    let alike = own.iter().map(|(key, value)| alike(definition.get(key).unwrap_or(&Node::Null), value));
    all(extra.chain(alike))
}

fn alike(left: &Node, right: &Node) -> Option<bool> {
    match (left, right) {
        _ if left == right => Some(true),
        (Node::Unknown, _) | (_, Node::Unknown) => None,
        (Node::Array(left), Node::Array(right)) if left.len() == right.len() => {
            all(left.iter().zip(right).map(|(left, right)| alike(left, right)))
        }
        (Node::Object(left), Node::Object(right)) if left.keys().eq(right.keys()) => {
            all(left.values().zip(right.values()).map(|(left, right)| alike(left, right)))
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

/// Whether a value says nothing: ECS writes such values into what it describes.
fn is_empty(value: &Node) -> bool {
    match value {
        Node::Null => true,
        Node::Array(items) => items.is_empty(),
        Node::Object(members) => members.values().all(is_empty),
        Node::Number(number) => number.as_i64() == Some(0),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
