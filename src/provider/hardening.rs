//! What is made of a whole document, hardened or in its canonical form: for the functions and for the check, which take
//! any form and give it back.

use crate::document::{self, Node, Reading};
use crate::merge::{self, Hardened, Hardening, ReadOnlyRoot};
use crate::rofs::settings::Settings;
use crate::value::{Given, Value};

use super::agent_block::Application;
use super::provider_block::first;

/// A document that was hardened.
pub(super) struct Result {
    /// What came out.
    pub(super) hardened: Hardened,
    /// What rules have to see of it: with what is not known around containers that were given alone.
    pub(super) task: Node,
    /// What was read otherwise than it was written, and what was changed, in sentences.
    pub(super) changes: Vec<String>,
}

/// Hardens a document, leaving marks so that it can be undone. Whoever asks for hardening wants every root filesystem
/// read-only, so only a plain no in `options` leaves them.
pub(super) fn harden(
    reading: &Reading,
    agent: Option<&Settings>,
    application: Application,
    options: &Value,
) -> Result {
    let roots = first(options, "application").bool("read_only_root_filesystem");
    let Application { wire, writable_paths, tmpfs_size, .. } = application;
    let hardening = Hardening {
        agent,
        wire,
        read_only_root: if roots == Given::Known(false) {
            ReadOnlyRoot::Leave
        } else {
            ReadOnlyRoot::Everywhere
        },
        writable_paths,
        tmpfs_size,
        mark: true,
    };
    let hardened = merge::harden(reading.document.clone(), &hardening);
    let notes = reading.notes.iter().map(|note| format!("{}: {}", note.path, note.text));
    let changes = notes.chain(hardened.changes.iter().map(ToString::to_string)).collect();
    let task = match reading.is_containers_alone() {
        true => with_linux_around(&hardened.document, reading),
        false => hardened.document.clone(),
    };
    Result { hardened, task, changes }
}

/// Containers that were given alone were hardened as those of a Linux task, so that much is known of the task.
fn with_linux_around(hardened: &Node, reading: &Reading) -> Node {
    let mut task = match reading.clone().into_task() {
        Node::Object(members) => members,
        other => return other,
    };
    task.insert("containerDefinitions".to_owned(), hardened.get("containerDefinitions").clone());
    task.insert("runtimePlatform".to_owned(), Node::from([("operatingSystemFamily", Node::from("LINUX"))]));
    Node::Object(task)
}

/// The document in the form that was given: a list of containers stays one.
pub(super) fn in_form(document: Node, is_list: bool) -> Node {
    match (is_list, document) {
        (true, Node::Object(mut members)) => members.remove("containerDefinitions").unwrap_or_default(),
        (_, document) => document,
    }
}

/// The canonical form as JSON text, in the form that was given; none while a part of it is not known.
pub(super) fn normalized(reading: Reading, is_list: bool) -> Option<String> {
    let alone = reading.is_containers_alone();
    let canonical = document::canonicalize(reading.into_task());
    // What is not known around containers that were given alone is no part of the result.
    let canonical = match alone {
        true => Node::from([("containerDefinitions", canonical.get("containerDefinitions").clone())]),
        false => canonical,
    };
    document::to_json(&in_form(canonical, is_list)).ok()
}
