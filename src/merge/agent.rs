//! The Agent in the task: put beside the containers, or found among them.

use super::agent_reuse::bring_up;
use super::draft::{Draft, Kind, Sidecar};
use super::launch::Launch;
use super::log::Place;
use super::mark::Mark;
use super::own_sidecar::is_same;
use super::{ChangeKind, CollisionKind, ReadOnlyRoot};
use crate::document::{Node, Path};
use crate::render::ecs;
use crate::rofs::assemble;
use crate::rofs::workload::{Container, Workload};

/// Puts the Agent into the task. The result is the pattern as it stands in this task, where one was asked for.
pub(super) fn place(draft: &mut Draft<'_>) -> Option<Workload> {
    let settings = draft.hardening.agent;
    if settings.is_none() && draft.hardening.read_only_root == ReadOnlyRoot::Leave {
        return None;
    }
    if draft.items.iter().any(|item| item.kind == Kind::Undecided) {
        draft.undecided = true;
        return settings.map(assemble);
    }
    let agents: Vec<usize> =
        (0..draft.items.len()).filter(|index| draft.items[*index].kind == Kind::Agent).collect();
    match agents.as_slice() {
        [] => settings.map(|settings| {
            let workload = assemble(settings);
            let launch = Launch::of(&draft.around, settings);
            if !launch.refuses(draft) {
                add(draft, &workload);
                launch.warn(draft);
            }
            workload
        }),
        [index] => bring_up(draft, *index, settings),
        [first, second, ..] => {
            let kind =
                CollisionKind::TwoAgents { first: draft.items[*first].name().unwrap_or_default().to_owned() };
            draft.log.collision(&draft.items[*second].place(), "image", kind);
            settings.map(assemble)
        }
    }
}

/// Puts the sidecars before the containers.
fn add(draft: &mut Draft<'_>, workload: &Workload) {
    for container in &workload.containers {
        add_sidecar(draft, container, ecs::container_definition(container));
    }
    let added = need_volumes(draft, workload);
    if let Some(sidecar) = draft.sidecars.last_mut() {
        match added {
            Some(added) => sidecar.mark.volumes.extend(added),
            None => sidecar.undecided = true,
        }
    }
}

/// Puts one sidecar before the containers, unless it is among them: as it was written before, or as another container of
/// that name.
pub(super) fn add_sidecar(draft: &mut Draft<'_>, container: &Container, definition: Node) {
    match draft.items.iter_mut().find(|item| item.name() == Some(&container.name)) {
        Some(namesake) => match is_same(&namesake.definition, &definition, &draft.around) {
            Some(true) => {}
            Some(false) => {
                namesake.frozen = true;
                let kind =
                    CollisionKind::ContainerName { name: container.name.clone(), role: container.role };
                draft.log.collision(&namesake.place(), "name", kind);
            }
            None => draft.undecided = true,
        },
        None => {
            let mark = Mark { whole: true, ..Mark::default() };
            draft.sidecars.push(Sidecar { definition, mark, undecided: false });
            let place = Place { container: Some(container.name.clone()), path: Path::default() };
            draft.log.change(&place, "", ChangeKind::AddedSidecar(container.role));
        }
    }
}

/// Makes sure that the pattern's volumes are there; the names of those that had to be added, where that is known.
pub(super) fn need_volumes(draft: &mut Draft<'_>, workload: &Workload) -> Option<Vec<String>> {
    let mut added = Some(Vec::new());
    for volume in &workload.volumes {
        match (draft.volumes.need(&volume.name, &mut draft.log), &mut added) {
            (Some(true), Some(added)) => added.push(volume.name.clone()),
            (Some(_), _) => {}
            (None, _) => added = None,
        }
    }
    added
}
