//! The application's containers, wired to the Agent.

use super::ChangeKind;
use super::draft::{Draft, Kind};
use super::seen::{Seen, seen_at};
use crate::document::Node;
use crate::rofs::workload::{Mount, Wiring};

/// Adds to each application container what it lacks to reach the Agent.
pub(super) fn wire(draft: &mut Draft<'_>, wiring: &Wiring) {
    let seen = what_is_seen(draft, &wiring.mounts);
    for (item, seen) in draft.items.iter_mut().zip(seen) {
        let left_alone = match item.kind {
            Kind::Agent | Kind::Likely(_) => continue,
            Kind::AgentImage => Some(ChangeKind::AgentImageLeftAlone),
            // The Agent waits for its end.
            Kind::Init => Some(ChangeKind::InitLeftAlone),
            // A log router with a dependency of its own loses the start order that ECS gives routers by itself, and it
            // has nothing to trace (amazon-ecs-agent addFirelensContainerDependency, read 2026-11).
            Kind::Router => Some(ChangeKind::RouterLeftAlone),
            Kind::Application | Kind::Undecided => None,
        };
        if let Some(kind) = left_alone {
            draft.log.change(&item.place(), "", kind);
            continue;
        }
        if item.definition.get("firelensConfiguration").is_unknown() {
            // A log router is not wired and everybody else is: what becomes of this one shows at apply.
            item.definition = Node::Unknown;
            continue;
        }
        let Some(mut joiner) = item.joiner(&mut draft.log) else { continue };
        joiner.variables(&wiring.environment);
        for (mount, seen) in wiring.mounts.iter().zip(seen) {
            joiner.mount(mount, seen);
        }
        joiner.dependencies(&wiring.dependencies);
        joiner.labels(&wiring.docker_labels);
    }
}

/// What each container sees where something has to be mounted.
fn what_is_seen(draft: &Draft<'_>, mounts: &[Mount]) -> Vec<Vec<Seen>> {
    let task = draft.read();
    let of_container = |index: usize| {
        let Some(container) = task.at(index) else { return Vec::new() };
        let all = task.mounts(container);
        mounts.iter().map(|mount| seen_at(container, all, &mount.path)).collect()
    };
    (0..draft.items.len()).map(of_container).collect()
}
