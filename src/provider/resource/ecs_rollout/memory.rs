//! What the private state keeps: forced deployments that are still to be started.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{self, Node};
use crate::ordered::ordered;
use crate::rollout::Outcome;

const PENDING: &str = "pending";

/// What is remembered beside the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// Key of a service that is to be deployed again to the deployments that there were before a call whose answer was lost.
    pub(super) pending: BTreeMap<String, BTreeSet<String>>,
}

impl Memory {
    /// What these bytes say; nothing where they are none of ours.
    pub(super) fn of(private: &[u8]) -> Self {
        let text = std::str::from_utf8(private).unwrap_or_default();
        let Ok(node) = document::parse(text) else { return Self::default() };
        let texts = |node: &Node| ordered(node.items().iter().filter_map(Node::as_str).map(str::to_owned));
        let Node::Object(pending) = node.get(PENDING) else { return Self::default() };
        Self { pending: ordered(pending.iter().map(|(key, before)| (key.clone(), texts(before)))) }
    }

    /// As the private state keeps it.
    pub(super) fn to_private(&self) -> Vec<u8> {
        let texts =
            |before: &BTreeSet<String>| Node::from(before.iter().map(String::as_str).collect::<Vec<_>>());
        let pending = self.pending.iter().map(|(key, before)| (key.clone(), texts(before)));
        let members = [(PENDING, pending.collect())];
        document::to_json(&Node::from(members)).unwrap_or_default().into_bytes()
    }

    /// What is still to be done after these outcomes.
    pub(super) fn after(outcomes: &BTreeMap<String, Outcome>) -> Self {
        let pending = outcomes.iter().filter(|(_, outcome)| outcome.is_force_pending);
        let pending = pending.map(|(key, outcome)| (key.clone(), outcome.before.clone()));
        Self { pending: ordered(pending) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_back_as_it_was_kept_and_foreign_bytes_are_nothing() {
        let memory = Memory {
            pending: BTreeMap::from([
                ("b".to_owned(), BTreeSet::from(["d1".to_owned(), "d2".to_owned()])),
                ("c".to_owned(), BTreeSet::new()),
            ]),
        };
        assert_eq!(Memory::of(&memory.to_private()), memory);
        for foreign in ["", "[]", r#"{"pending": 2}"#] {
            assert!(Memory::of(foreign.as_bytes()).pending.is_empty(), "{foreign}");
        }
    }
}
