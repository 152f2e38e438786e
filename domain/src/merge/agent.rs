//! The Agent in the task: put beside the containers, or found among them.

use super::agent_reuse::bring_up;
use super::draft::{Draft, Item, Kind, Sidecar};
use super::launch::Launch;
use super::log::Place;
use super::mark::Mark;
use super::own_sidecar::is_same;
use super::{ChangeKind, CollisionKind, ReadOnlyRoot};
use crate::document::{Node, Path};
use crate::ecs::shapes::nearest;
use crate::render::ecs;
use crate::rofs::assemble;
use crate::rofs::settings::Settings;
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
    if let Some(settings) = settings.filter(|_| stands_in_the_way(draft, &agents)) {
        return Some(assemble(settings));
    }
    let none_is_there = settings.is_some_and(Settings::says_that_none_is_there);
    match agents.as_slice() {
        [] => settings.map(|settings| put_beside(draft, settings)),
        // Ours, as it was written before, or another container of its name.
        [_] if none_is_there => settings.map(|settings| put_beside(draft, settings)),
        [index] => bring_up(draft, *index, settings),
        [first, second, ..] => {
            let kind =
                CollisionKind::TwoAgents { first: draft.items[*first].name().unwrap_or_default().to_owned() };
            draft.log.collision(&draft.items[*second].place(), "image", kind);
            settings.map(assemble)
        }
    }
}

/// Adds an Agent, unless the task does not run where one can be added.
fn put_beside(draft: &mut Draft<'_>, settings: &Settings) -> Workload {
    let workload = assemble(settings);
    let launch = Launch::of(&draft.around, settings);
    if !launch.refuses(draft) {
        add(draft, &workload);
        launch.warn(draft);
    }
    workload
}

/// Whether nobody can tell which container is the Agent, of those that were asked about: then none is added.
fn stands_in_the_way(draft: &mut Draft<'_>, agents: &[usize]) -> bool {
    if !agents.is_empty() {
        return false;
    }
    let existing = draft.hardening.agent.and_then(|settings| settings.existing_container.as_deref());
    match existing {
        Some("") => false,
        Some(name) => {
            nobody_has_the_name(draft, name);
            true
        }
        None => {
            let mut likely = false;
            for item in &draft.items {
                if let Kind::Likely(signs) = item.kind {
                    let kind = CollisionKind::LikelyAgent { why: signs.in_words() };
                    draft.log.collision(&item.place(), "", kind);
                    likely = true;
                }
            }
            likely
        }
    }
}

/// The container that is said to be the Agent is not there. One that is not known yet may be.
fn nobody_has_the_name(draft: &mut Draft<'_>, name: &str) {
    if draft.items.iter().any(|item| item.definition.is_unknown()) {
        draft.undecided = true;
        return;
    }
    let meant = nearest(name, draft.items.iter().filter_map(Item::name)).map(str::to_owned);
    let kind = CollisionKind::NoSuchAgent { meant };
    draft.log.collision(&Place { container: Some(name.to_owned()), path: Path::default() }, "", kind);
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
