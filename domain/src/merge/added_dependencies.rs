//! Dependencies that were added must not close a circle: ECS would refuse the task, or its containers would wait forever.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::log::Place;
use super::{ChangeKind, CollisionKind};
use crate::document::{Node, Path};
use crate::task::{Container, TaskDefinition, Ways, dependencies};

/// Takes out each added dependency that closes a circle, and tells of it.
pub(super) fn refuse_circles(draft: &mut Draft<'_>) {
    let adds_none = draft.items.iter().all(|item| item.mark.dependencies.is_empty());
    if draft.sidecars.is_empty() && adds_none {
        return;
    }
    for (index, circle) in circles(draft) {
        let place = match index {
            Some(index) => take_out(draft, index, &circle[1]),
            None => Place { container: circle.first().cloned(), path: Path::default() },
        };
        let key = if index.is_some() { "dependsOn" } else { "" };
        draft.log.collision(&place, key, CollisionKind::Circle { circle });
    }
}

/// Every circle that an added dependency closes: of which container of the user, and the names on it.
fn circles(draft: &Draft<'_>) -> Vec<(Option<usize>, Vec<String>)> {
    let task = draft.read();
    let mut ways = BackTo { task: &task, from: BTreeMap::new() };
    let mut circles = Vec::new();
    for (index, item) in draft.items.iter().enumerate() {
        let Some(name) = item.name() else { continue };
        for target in &item.mark.dependencies {
            circles.extend(ways.circle(name, target).map(|circle| (Some(index), circle)));
        }
    }
    for sidecar in &draft.sidecars {
        let Some(name) = sidecar.definition.get("name").as_str() else { continue };
        for target in dependencies(&sidecar.definition).known().filter_map(|other| other.awaited.as_str()) {
            circles.extend(ways.circle(name, target).map(|circle| (None, circle)));
        }
    }
    circles
}

/// The ways back to those that wait. Everybody is made to wait for the same few, so each is gone once.
struct BackTo<'t, 'a> {
    task: &'t TaskDefinition<'a>,
    from: BTreeMap<usize, Ways<'a>>,
}

impl BackTo<'_, '_> {
    /// The circle that the wait of one container for another closes.
    fn circle(&mut self, name: &str, target: &str) -> Option<Vec<String>> {
        let (waiting, awaited) = (*self.task.named(name)?, *self.task.named(target)?);
        let ways = self.from.entry(awaited.index).or_insert_with(|| self.task.waits().ways_from(&awaited));
        let way = ways.to(&waiting)?;
        let names = [waiting].into_iter().chain(way);
        Some(names.filter_map(|container: Container<'_>| container.name.map(str::to_owned)).collect())
    }
}

fn take_out(draft: &mut Draft<'_>, index: usize, target: &str) -> Place {
    let item = &mut draft.items[index];
    let place = item.place();
    item.mark.dependencies.remove(target);
    if let Node::Object(members) = &mut item.definition
        && let Some(Node::Array(dependencies)) = members.get_mut("dependsOn")
    {
        dependencies.retain(|dependency| dependency.get("containerName").as_str() != Some(target));
        if dependencies.is_empty() {
            members.remove("dependsOn");
        }
    }
    draft.log.changes.retain(|change| {
        change.container != place.container
            || !matches!(&change.kind, ChangeKind::AddedDependency { container, .. } if container == target)
    });
    place
}
