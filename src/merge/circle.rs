//! Dependencies that were added must not close a circle: ECS would refuse the task, or its containers would wait forever.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::log::Place;
use super::{ChangeKind, CollisionKind};
use crate::document::{Node, Path};

/// Who waits for whom, by name.
struct Order<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Order<'a> {
    /// The order of these containers. Who logs through FireLens waits for the router to start, without saying so
    /// (amazon-ecs-agent addFirelensContainerDependency, read 2026-11).
    fn of(definitions: impl Iterator<Item = &'a Node> + Clone) -> Self {
        let is_router =
            |definition: &&&Node| matches!(definition.get("firelensConfiguration"), Node::Object(_));
        let routers: Vec<&str> = (definitions.clone())
            .filter(|definition| is_router(&definition))
            .filter_map(|definition| definition.get("name").as_str())
            .collect();
        let mut order = BTreeMap::<&str, Vec<&str>>::new();
        for definition in definitions {
            let Some(name) = definition.get("name").as_str() else { continue };
            let awaited = order.entry(name).or_default();
            let dependencies = definition.get("dependsOn").items().iter();
            awaited.extend(dependencies.filter_map(|dependency| dependency.get("containerName").as_str()));
            if definition.get("logConfiguration").get("logDriver").as_str() == Some("awsfirelens") {
                awaited.extend(routers.iter().filter(|router| **router != name));
            }
        }
        Self(order)
    }

    /// A way from one container to another along those that are waited for, both ends included.
    fn way(&self, from: &'a str, to: &str) -> Option<Vec<&'a str>> {
        let mut came_from = BTreeMap::from([(from, from)]);
        let mut open = vec![from];
        while let Some(here) = open.pop() {
            if here == to {
                let mut way = vec![here];
                while let Some(before) =
                    came_from.get(way[way.len() - 1]).filter(|_| way[way.len() - 1] != from)
                {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            for next in self.0.get(here).into_iter().flatten() {
                if !came_from.contains_key(next) {
                    came_from.insert(next, here);
                    open.push(next);
                }
            }
        }
        None
    }
}

/// Takes out each added dependency that closes a circle, and tells of it.
pub(super) fn refuse(draft: &mut Draft<'_>) {
    let adds_none = draft.items.iter().all(|item| item.mark.dependencies.is_empty());
    if draft.sidecars.is_empty() && adds_none {
        return;
    }
    let mut circles = Vec::new();
    {
        let sidecars = draft.sidecars.iter().map(|sidecar| &sidecar.definition);
        let order = Order::of(sidecars.clone().chain(draft.definitions()));
        for (index, item) in draft.items.iter().enumerate() {
            let Some(name) = item.name() else { continue };
            for target in &item.mark.dependencies {
                if let Some(way) = order.way(target, name) {
                    circles.push((Some(index), closed(name, &way)));
                }
            }
        }
        for definition in sidecars {
            let Some(name) = definition.get("name").as_str() else { continue };
            let dependencies = definition.get("dependsOn").items().iter();
            for target in dependencies.filter_map(|dependency| dependency.get("containerName").as_str()) {
                if let Some(way) = order.way(target, name) {
                    circles.push((None, closed(name, &way)));
                }
            }
        }
    }
    for (index, circle) in circles {
        let place = match index {
            Some(index) => take_out(draft, index, &circle[1]),
            None => Place { container: circle.first().cloned(), path: Path::default() },
        };
        let key = if index.is_some() { "dependsOn" } else { "" };
        draft.log.collision(&place, key, CollisionKind::Circle { circle });
    }
}

/// The circle from a container through the way from what it waits for back to itself.
fn closed(name: &str, way: &[&str]) -> Vec<String> {
    std::iter::once(name).chain(way.iter().copied()).map(str::to_owned).collect()
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
