//! What is made of a whole document, hardened or in its canonical form: for the functions and for the check, which take
//! any form and give it back.

use crate::document::{self, Node};
use crate::ecs::{self, NoteKind, Reading};
use crate::merge::{self, Hardened, Hardening, ReadOnlyRoot};
use crate::rofs::settings::Settings;
use crate::rules::Finding;
use crate::task::{self, Around, Seen, TaskDefinition};

use super::agent_block::Application;

/// A document that was hardened.
pub(super) struct Result {
    /// What came out.
    pub(super) hardened: Hardened,
    /// What rules have to see of it.
    pub(super) seen: Seen,
    /// What was read differently from how it was written, and what was changed, in sentences.
    pub(super) changes: Vec<String>,
}

/// Hardens a document, leaving marks so that it can be undone. Whoever asks for hardening wants every root filesystem
/// read-only, so only a plain no leaves them.
pub(super) fn harden(
    reading: &Reading,
    agent: Option<&Settings>,
    application: &Application,
    around: &Around,
) -> Result {
    let Application { wire, read_only_root_filesystem, writable_paths, tmpfs_size } = application.clone();
    let hardening = Hardening {
        agent,
        wire,
        read_only_root: if read_only_root_filesystem == Some(false) {
            ReadOnlyRoot::Leave
        } else {
            ReadOnlyRoot::Everywhere
        },
        writable_paths,
        tmpfs_size,
        mark: true,
        operating_system: Seen::of(reading.document.clone(), around).operating_system,
    };
    let given = Seen::of(reading.document.clone(), around);
    let of_the_task = TaskDefinition::read(&given.subject(agent)).notes();
    let mut hardened = merge::harden(around.filled_in(reading.document.clone()), &hardening);
    Around::take_out(&mut hardened.document, &reading.document);
    // A null says that nothing is set, so that nothing changes without it.
    let notes = reading
        .notes
        .iter()
        .filter(|note| note.kind != NoteKind::Null)
        .chain(&of_the_task)
        .map(|note| format!("{}: {}", note.path, note.text));
    let changes = notes.chain(hardened.changes.iter().map(ToString::to_string)).collect();
    let seen = match reading.is_list {
        // A list has no place for volumes.
        true => Node::from([("containerDefinitions", hardened.document.get("containerDefinitions").clone())]),
        false => hardened.document.clone(),
    };
    Result { seen: Seen::of(seen, around), hardened, changes }
}

/// Rules of what would leave no task definition that ECS accepts, so that there is nothing to give back.
const IMPOSSIBLE: [&str; 2] = ["task-definition-too-large", "too-many-containers"];

/// Why what was made is no task definition that ECS accepts.
pub(super) fn impossible(findings: &[Finding]) -> impl Iterator<Item = String> {
    let of_size = findings.iter().filter(|finding| IMPOSSIBLE.contains(&finding.rule));
    of_size.map(|finding| {
        let (detail, fix) = (finding.detail(), finding.fix_text());
        format!("hardened, this is not a task definition that ECS accepts. {detail} {fix}")
    })
}

/// The document in the form that was given: a list of containers stays one.
pub(super) fn in_form(document: Node, is_list: bool) -> Node {
    match (is_list, document) {
        (true, Node::Object(mut members)) => members.remove("containerDefinitions").unwrap_or_default(),
        (_, document) => document,
    }
}

/// The canonical form as JSON text, in the form that was given; none while a part of it is not known.
pub(super) fn normalized(reading: Reading) -> Option<String> {
    let is_list = reading.is_list;
    let given = reading.document;
    let alone = task::are_containers_alone(&given);
    let mut canonical = ecs::canonicalize(task::with_unseen(given.clone(), alone));
    if let (true, Node::Object(members)) = (alone, &mut canonical) {
        // What nobody can see is no part of the result.
        members.retain(|key, _| !given.get(key).is_null());
    }
    document::to_json(&in_form(canonical, is_list)).ok()
}
