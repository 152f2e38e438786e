//! The task's volumes, joined with the pattern's.

use super::{Change, ChangeKind, Collision, is_empty};
use crate::document::{Node, Path, Step};
use crate::render::ecs;
use crate::rofs::workload::Workload;

/// The result of [`wire_volumes`].
#[derive(Debug, Clone, PartialEq)]
pub struct WiredVolumes {
    /// The user's volumes in their order, then those of the pattern that were not among them.
    pub volumes: Node,
    /// Volumes of the user's that have a name of the pattern's and are others.
    pub collisions: Vec<Collision>,
    /// What was added.
    pub changes: Vec<Change>,
}

/// Adds the pattern's volumes to a task definition's. Paths in the result are paths into `volumes`.
pub fn wire_volumes(volumes: &Node, workload: &Workload) -> WiredVolumes {
    let mut wired = match volumes {
        Node::Array(volumes) => volumes.clone(),
        Node::Null => Vec::new(),
        other => {
            return WiredVolumes { volumes: other.clone(), collisions: Vec::new(), changes: Vec::new() };
        }
    };
    let mut collisions = Vec::new();
    let mut changes = Vec::new();
    let mut undecided = false;
    let users = wired.len();
    for (volume, rendered) in workload.volumes.iter().zip(ecs::volumes(workload)) {
        let named = |node: &Node| node.get("name").as_str() == Some(&volume.name);
        match wired[..users].iter().position(named) {
            Some(index) => match is_plain(&wired[index]) {
                Some(true) => {}
                Some(false) => {
                    collisions.push(Collision::volume_name(&volume.name, Path(vec![Step::Index(index)])));
                }
                None => undecided = true,
            },
            None if wired[..users].iter().any(|node| node.get("name").is_unknown()) => undecided = true,
            None => {
                wired.push(rendered);
                changes.push(Change {
                    container: None,
                    path: Path::default(),
                    kind: ChangeKind::AddedVolume(volume.name.clone()),
                });
            }
        }
    }
    let volumes = if undecided { Node::Unknown } else { Node::Array(wired) };
    WiredVolumes { volumes, collisions, changes }
}

/// Whether a volume is an empty directory like the pattern's; `None` while that is not known.
fn is_plain(volume: &Node) -> Option<bool> {
    let Node::Object(members) = volume else { return Some(false) };
    let mut others = members.iter().filter(|(key, _)| *key != "name").map(|(_, value)| value);
    if others.clone().any(|value| !is_empty(value) && value.is_wholly_known() && *value != Node::Bool(false))
    {
        return Some(false);
    }
    others.all(Node::is_wholly_known).then_some(true)
}
