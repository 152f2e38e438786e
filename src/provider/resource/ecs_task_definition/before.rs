//! What a state's revision holds, for telling what changes.
//!
//! A state does not repeat the registered document, because Terraform writes the whole state after every resource that it
//! applies. It is known from the refresh before a plan, follows from the arguments, or is asked of ECS again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::document::{self, Node};
use crate::ecs;
use crate::ecs_client::{Revision, RevisionArn};
use crate::value::Value;

use super::super::super::provider_block::Configured;
use super::read::Content;
use super::{Running, client, desired};

/// The revisions that refreshes of this process saw, as ECS's own text, by their ARN.
#[derive(Default)]
pub(super) struct Seen(Mutex<BTreeMap<String, String>>);

impl Seen {
    /// Keeps what ECS said of a revision until it is planned.
    pub(super) fn put(&self, live: &Revision) {
        // An answer has no unknown part.
        if let Ok(text) = document::to_json(&live.task_definition) {
            self.of_all().insert(live.arn.as_str().to_owned(), text);
        }
    }

    /// Hands over what ECS said of a state's revision: a resource is planned once in a process.
    pub(super) fn take(&self, state: &Value) -> Option<String> {
        self.of_all().remove(state.get("arn").as_str()?)
    }

    /// What ECS said of a revision, for whoever asks.
    pub(super) fn look(&self, arn: &RevisionArn) -> Option<Revision> {
        let text = self.of_all().get(arn.as_str()).cloned()?;
        Some(Revision {
            arn: arn.clone(),
            task_definition: document::parse(&text).ok()?,
            tags: BTreeMap::new(),
        })
    }

    /// A panic elsewhere leaves the map whole.
    fn of_all(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The content that a state's revision was registered with, in canonical form; none where there is no revision, and where
/// nobody can tell. `live` is what a refresh saw of it.
pub(super) async fn content_of(
    configured: &Configured,
    ctx: &Running<'_>,
    live: Option<String>,
    state: &Value,
) -> Option<Node> {
    let arn = state.get("arn").as_str()?;
    if let Some(json) = state.get("json").as_str() {
        return document::parse(json).ok().map(ecs::canonicalize);
    }
    // Terraform plans once more while it applies, in a process that refreshed nothing, and takes no other summary then: what
    // both can reach comes before what only the first of them has seen.
    let (again, _) = desired(state, Some(configured), &configured.policy);
    if again.sha256.is_some() && again.sha256.as_deref() == state.get("sha256").as_str() {
        return Some(again.content);
    }
    if let Some(live) = live {
        return registered(document::parse(&live).ok()?);
    }
    let region = state.get("region").as_str();
    let client = client(configured, ctx, region, "reading what is registered").await.ok()?;
    let answer = client.describe_task_definition(arn, &ctx.patience).await.ok()?;
    registered(Revision::of(answer)?.task_definition)
}

/// The content of a revision that ECS answered with, in canonical form.
pub(super) fn registered(live: Node) -> Option<Node> {
    Content::of(ecs::read(live).ok()?.document).map(|content| content.canonical)
}
