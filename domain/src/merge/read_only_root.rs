//! The root filesystem of the user's containers.

use super::draft::{Draft, Kind};
use super::mark::RootBefore;
use super::{ChangeKind, ReadOnlyRoot};
use crate::document::Node;

const KEY: &str = "readonlyRootFilesystem";

/// Makes root filesystems read-only as far as it was asked for. `is_linux` is none while nobody knows; Windows containers
/// have no such setting.
pub(super) fn apply(draft: &mut Draft<'_>, is_linux: Option<bool>) {
    for item in &mut draft.items {
        let asked = match (draft.hardening.read_only_root, item.kind) {
            // The pattern is an Agent on a read-only root.
            (ReadOnlyRoot::Leave, Kind::Agent) if draft.hardening.agent.is_some() => {
                ReadOnlyRoot::WhereUnsaid
            }
            (asked, _) => asked,
        };
        if asked == ReadOnlyRoot::Leave || item.frozen {
            continue;
        }
        let place = item.place();
        if let Kind::Likely(signs) = item.kind {
            if item.definition.get(KEY).as_bool() != Some(true) {
                let kind = ChangeKind::LikelyAgentLeftAlone { why: signs.in_words() };
                draft.log.change(&place, KEY, kind);
            }
            continue;
        }
        let Node::Object(members) = &mut item.definition else { continue };
        let before = match members.get(KEY) {
            None | Some(Node::Null) => RootBefore::Unsaid,
            Some(Node::Bool(false)) if asked == ReadOnlyRoot::Everywhere => RootBefore::Writable,
            Some(Node::Bool(false)) => {
                draft.log.change(&place, KEY, ChangeKind::KeptWritableRoot);
                continue;
            }
            // Read-only already, not known yet, or nothing that is true or false, which is for the rules to report.
            Some(_) => continue,
        };
        if is_linux.is_none() {
            members.insert(KEY.to_owned(), Node::Unknown);
            item.undecided = true;
            continue;
        }
        members.insert(KEY.to_owned(), true.into());
        item.mark.root_before = Some(before);
        draft.log.change(
            &place,
            KEY,
            match before {
                RootBefore::Unsaid => ChangeKind::AddedReadOnlyRoot,
                RootBefore::Writable => ChangeKind::ClosedRoot,
            },
        );
    }
}
