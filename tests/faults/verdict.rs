//! What is left in the end: the state compared with what the endpoint holds.

use serde_json::Value;

use crate::fleet;
use crate::harness::Workspace;
use crate::harness::local_ecs::{LocalEcs, StoredRevision};
use crate::operations::{Operation, Version, address, families};

/// What was found, and sentences about the first of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// Revisions registered, or deployments started, beyond those that were asked for.
    pub(crate) duplicates: usize,
    /// ACTIVE revisions that no state names: a second one of the same content, or any of a family that is in no state.
    pub(crate) orphans: usize,
    /// Resources that are not in the state, or whose revision is not ACTIVE, tags that are not on it, and services that were
    /// not moved.
    pub(crate) lost: usize,
    /// Resources whose state says something else than the endpoint, and commands that did not end well.
    pub(crate) wrong: usize,
    pub(crate) notes: Vec<String>,
}

impl Found {
    pub(crate) fn is_clean(&self) -> bool {
        self.duplicates + self.orphans + self.lost + self.wrong == 0
    }

    pub(crate) fn add_wrong(&mut self, note: String) {
        self.wrong += 1;
        self.notes.push(note);
    }

    /// Adds what was found in another run of the same cell.
    pub(crate) fn add(&mut self, other: &Self) {
        self.duplicates += other.duplicates;
        self.orphans += other.orphans;
        self.lost += other.lost;
        self.wrong += other.wrong;
        self.notes.extend(other.notes.iter().cloned());
    }
}

/// Compares everything with everything.
pub(crate) fn compare(workspace: &Workspace, server: &LocalEcs, operation: Operation) -> Found {
    if operation.is_of_a_rollout() {
        return fleet::compare(workspace, server, operation);
    }
    let mut found = Found::default();
    let stored = server.revisions();
    for family in families() {
        let revisions: Vec<_> = stored.iter().filter(|revision| revision.family == family).collect();
        let state = workspace.attributes(&address(&family));
        found.duplicates += revisions.len().saturating_sub(operation.registrations());
        found.orphans += orphans(&revisions, state.as_ref());
        match (operation.wanted(), state) {
            (Some(version), Some(state)) => found.judge(&family, &revisions, &state, version),
            (Some(_), None) => {
                found.lost += 1;
                found.notes.push(format!("{family} is not in the state"));
            }
            (None, Some(_)) => found.add_wrong(format!("{family} is still in the state")),
            (None, None) => {}
        }
    }
    found
}

/// ACTIVE revisions that nobody will ever take away. An earlier content of a resource that is in the state is kept for a
/// rollback, once.
fn orphans(revisions: &[&StoredRevision], state: Option<&Value>) -> usize {
    let arn = state.map(|state| state["arn"].as_str().unwrap_or_default());
    let active = || revisions.iter().filter(|revision| revision.status == "ACTIVE");
    active()
        .filter(|revision| {
            let has_a_twin = || {
                active().any(|other| {
                    other.revision > revision.revision && image(other) == image(revision)
                        || Some(other.arn.as_str()) == arn && image(other) == image(revision)
                })
            };
            arn.is_none_or(|arn| revision.arn != arn && has_a_twin())
        })
        .count()
}

fn image(revision: &StoredRevision) -> &Value {
    &revision.definition["containerDefinitions"][0]["image"]
}

impl Found {
    fn judge(&mut self, family: &str, revisions: &[&StoredRevision], state: &Value, version: Version) {
        let arn = state["arn"].as_str().unwrap_or_default();
        let Some(named) = revisions.iter().find(|revision| revision.arn == arn) else {
            return self.add_wrong(format!("{family}: the state names {arn}, which does not exist"));
        };
        if named.status != "ACTIVE" {
            self.lost += 1;
            self.notes.push(format!("{family}: {arn} is {}", named.status));
        }
        let missing = version
            .tags
            .iter()
            .filter(|(key, value)| named.tags.get(*key).is_none_or(|actual| actual != value));
        self.lost += missing.count();
        let newest = revisions.iter().rev().find(|revision| revision.status == "ACTIVE");
        if newest.is_some_and(|newest| newest.arn != arn) {
            self.add_wrong(format!("{family}: the state names {arn}, which is not the newest"));
        } else if image(named) != version.image {
            self.add_wrong(format!("{family}: {arn} does not hold what was applied"));
        } else if named.tags.iter().any(|(key, value)| state["tags"][key] != *value)
            || state["tags"].as_object().map_or(0, |tags| tags.len()) != named.tags.len()
        {
            self.add_wrong(format!(
                "{family}: the state says tags {}, {arn} has {:?}",
                state["tags"], named.tags
            ));
        }
    }
}
