//! Exactly one revision, whatever becomes of the calls.
//!
//! ECS takes no idempotency token: what was registered and not answered, or answered to a process that was killed, is found
//! again by its content. So a registration looks at the newest revision first, adopts one that is what is wanted, and after a
//! lost answer looks again before it registers again. Reads may lag behind registrations by seconds, so that looking is
//! patient, and the number of the new revision tells of one that was not seen.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::document::{self, Node};
use crate::ecs_client::{EcsClient, EcsError, ErrorKind, Patience, Revision, RevisionArn};
use crate::framework::Context;

use super::super::super::diagnostics as say;
use super::apply::rejection;
use super::owned::Owned;
use super::read::Content;
use super::{finish, one, tags};

/// By how much a read may lag behind.
pub(super) const LAG: Duration = Duration::from_secs(11);

/// How often it is looked meanwhile.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often a registration is sent whose answer was lost each time.
const MOST_REGISTRATIONS: usize = 5;

/// How many of the newest revisions are looked at, one by one.
const MOST_LOOKED_AT: i64 = 10;

/// What is to be registered.
pub(super) struct Registration<'a> {
    pub(super) client: &'a EcsClient,
    pub(super) ctx: &'a Context,
    pub(super) patience: Patience,
    pub(super) family: &'a str,
    /// The request, tags included.
    pub(super) body: Node,
    /// What makes a revision of it, in canonical form.
    pub(super) content: &'a Node,
    pub(super) tags: BTreeMap<String, String>,
    /// Whether a newest revision that is what is wanted is taken as it is.
    pub(super) adopts: bool,
    /// What the resource registered before.
    pub(super) owned: &'a Owned,
}

/// The revision that there is now.
pub(super) struct Registered {
    pub(super) arn: RevisionArn,
    /// Whether it is known that this resource made it.
    pub(super) is_own: bool,
}

impl Registration<'_> {
    /// Registers, or adopts what is there already.
    pub(super) async fn carry_out(self) -> Result<Registered, Diagnostics> {
        let _turn = tokio::select! {
            turn = self.client.turn_of_family(self.family) => turn,
            () = self.ctx.stop.cancelled() => return Err(one(say::stopped_before_sending(&self.doing()))),
        };
        let newest = tokio::select! {
            newest = self.described(self.family) => newest,
            () = self.ctx.stop.cancelled() => return Err(one(say::stopped_before_sending(&self.doing()))),
        };
        let newest = match newest {
            // Whoever may register and not read gets no look at what is there.
            Err(error) if error.kind == ErrorKind::AccessDenied => None,
            Err(error) => return Err(one(say::aws(&error, &self.doing()))),
            Ok(newest) => Some(newest),
        };
        if let Some(Some(newest)) = &newest
            && self.adopts
            && self.is_what_is_wanted(newest)
        {
            let arn = newest.arn.as_str();
            tags::change(self.client, self.ctx, arn, &newest.tags, self.tags.clone()).await?;
            let is_own = self.owned.contains(newest.arn.revision());
            tracing::info!(arn = newest.arn.as_str(), is_own, "adopted a revision that is what is wanted");
            return Ok(Registered { arn: newest.arn.clone(), is_own });
        }
        let before = newest.map(|newest| newest.map_or(0, |newest| newest.arn.revision()));
        let mut lost = None;
        for _ in 0..MOST_REGISTRATIONS {
            match self.finish(self.client.register_task_definition(&self.body, &self.patience)).await? {
                Ok(answer) => {
                    if let Some(revision) = Revision::of(answer).filter(|it| it.arn.family() == self.family) {
                        return self.only_one(before, revision).await;
                    }
                    lost = Some(one(say::answer_without_arn(self.family)));
                }
                Err(error) => {
                    let failed = one(rejection(&error, self.family, self.client.region(), &self.body));
                    if error.kind != ErrorKind::Ambiguous {
                        return Err(failed);
                    }
                    lost = Some(failed);
                }
            }
            let Some(before) = before else { break };
            let found = tokio::select! {
                found = self.found_again(before) => found?,
                () = self.ctx.stop.cancelled() => return Err(one(say::stopped(&self.doing()))),
            };
            if let Some(revision) = found {
                tracing::info!(arn = revision.arn.as_str(), "found the revision whose answer was lost");
                return Ok(Registered { arn: revision.arn, is_own: true });
            }
            if self.patience.is_too_short_for(self.client.on_its_clock(LOOK_EVERY)) {
                break;
            }
        }
        Err(lost.unwrap_or_default())
    }

    fn doing(&self) -> String {
        format!("registering a revision of {}", self.family)
    }

    /// A revision; none where ECS does not have it.
    async fn described(&self, id: &str) -> Result<Option<Revision>, EcsError> {
        match self.client.describe_task_definition(id, &self.patience).await {
            Ok(answer) => Ok(Revision::of(answer).filter(|it| it.arn.family() == self.family)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_what_is_wanted(&self, revision: &Revision) -> bool {
        let content = document::read(revision.task_definition.clone())
            .ok()
            .and_then(|reading| Content::of(reading.document));
        revision.is_active() && content.is_some_and(|content| content.canonical == *self.content)
    }

    fn is_the_same(&self, revision: &Revision) -> bool {
        revision.tags == self.tags && self.is_what_is_wanted(revision)
    }

    /// The revision that a registration made whose answer was lost; none where it made none.
    async fn found_again(&self, before: i64) -> Result<Option<Revision>, Diagnostics> {
        for _ in 0..=LAG.as_secs() {
            let newest = self.look(self.family).await?;
            let newest_number = newest.as_ref().map_or(0, |newest| newest.arn.revision());
            if let Some(newest) = newest.filter(|it| it.arn.revision() > before && self.is_the_same(it)) {
                return Ok(Some(newest));
            }
            for number in (before + 1..newest_number).rev().take(MOST_LOOKED_AT as usize) {
                let id = format!("{}:{number}", self.family);
                if let Some(revision) = self.look(&id).await?.filter(|it| self.is_the_same(it)) {
                    return Ok(Some(revision));
                }
            }
            if !self.patience.pause(self.client.on_its_clock(LOOK_EVERY)).await {
                break;
            }
        }
        Ok(None)
    }

    /// A look after something was sent: what stands in its way does not say whether it was done.
    async fn look(&self, id: &str) -> Result<Option<Revision>, Diagnostics> {
        self.described(id).await.map_err(|error| {
            one(say::not_known_whether_registered(&error, self.family, self.client.region()))
        })
    }

    /// The revision that was registered, unless one that could not be seen before is the same: one of a command that was killed
    /// after it registered. Then that one stays, and the new one goes.
    async fn only_one(&self, before: Option<i64>, revision: Revision) -> Result<Registered, Diagnostics> {
        let number = revision.arn.revision();
        let own = Registered { arn: revision.arn, is_own: true };
        if !self.adopts || before.is_none_or(|before| number <= before + 1) {
            return Ok(own);
        }
        let id = format!("{}:{}", self.family, number - 1);
        let mut hidden = None;
        for _ in 0..=LAG.as_secs() {
            // What was registered is told to Terraform, whatever stands in the way of a look at another one.
            hidden = tokio::select! {
                hidden = self.described(&id) => hidden.unwrap_or_default(),
                () = self.ctx.stop.cancelled() => break,
            };
            if hidden.is_some() || !self.patience.pause(self.client.on_its_clock(LOOK_EVERY)).await {
                break;
            }
        }
        let Some(hidden) = hidden.filter(|hidden| self.is_the_same(hidden)) else { return Ok(own) };
        match self.client.deregister_task_definition(own.arn.as_str(), &self.patience).await {
            Ok(_) => {
                let is_own = self.owned.contains(hidden.arn.revision());
                Ok(Registered { arn: hidden.arn, is_own })
            }
            Err(_) => Ok(own),
        }
    }

    async fn finish<T>(
        &self,
        change: impl Future<Output = Result<T, EcsError>>,
    ) -> Result<Result<T, EcsError>, Diagnostics> {
        finish(self.ctx, &self.doing(), change).await
    }
}
