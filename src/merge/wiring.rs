//! The application's containers, wired to the Agent.

use super::ChangeKind;
use super::draft::{Draft, Kind};
use crate::document::Node;
use crate::rofs::workload::Wiring;

/// Adds to each application container what it lacks to reach the Agent.
pub(super) fn wire(draft: &mut Draft<'_>, wiring: &Wiring) {
    for item in &mut draft.items {
        let left_alone = match item.kind {
            Kind::Agent => continue,
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
        joiner.mounts(&wiring.mounts);
        joiner.dependencies(&wiring.dependencies);
        joiner.labels(&wiring.docker_labels);
    }
}
