//! Exactly one revision, whatever becomes of the calls.
//!
//! ECS accepts no idempotency token: what was registered and not answered, or answered to a process that was killed, is found
//! again by its content. So a registration looks at the newest revision first, adopts one that is what is wanted, and after a
//! lost answer looks again before it registers again. Reads may lag behind registrations by seconds, so that looking is
//! patient, and the number of the new revision tells of one that was not seen.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Node;
use crate::ecs;
use crate::ecs_client::{EcsClient, EcsError, Ended, ErrorKind, Revision, RevisionArn};

use super::super::super::diagnostics as say;
use super::apply::rejection;
use super::before;
use super::foreign::{self, OnForeign};
use super::owned::Owned;
use super::read::Content;
use super::{Running, one, tags};

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
    pub(super) ctx: &'a Running<'a>,
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
    /// What is looked out for; nothing where no revision of the family is in the state.
    pub(super) watch: Option<Watch>,
}

/// A look out for revisions that somebody else registered since the plan.
pub(super) struct Watch {
    /// The state's revision.
    pub(super) of_state: i64,
    /// The foreign revision that the plan knew.
    pub(super) planned: Option<i64>,
    pub(super) on: OnForeign,
}

/// The revision that there is now.
pub(super) struct Registered {
    pub(super) arn: RevisionArn,
    /// Whether it is known that this resource made it.
    pub(super) is_own: bool,
    /// What is told of a revision that was registered meanwhile.
    pub(super) told: Option<Diagnostic>,
}

impl Registered {
    fn new(arn: RevisionArn, is_own: bool) -> Self {
        Self { arn, is_own, told: None }
    }
}

/// Says why something is looked for again, and after how long.
pub(super) fn log_another_look(id: &str, reason: &'static str, wait: Duration) {
    tracing::info!(id, reason, wait_ms = wait.as_millis() as u64, "looks at ECS again");
}

/// Why a revision that was sent could not be looked for to the end.
enum Unfound {
    Ended(Ended),
    Failed(EcsError),
}

impl Registration<'_> {
    /// Registers, or adopts what is there already.
    pub(super) async fn carry_out(self) -> Result<Registered, Diagnostics> {
        let turn = self.ctx.patience.for_the_end_of(self.client.turn_of_family(self.family)).await;
        let _turn = turn.map_err(|ended| one(self.ctx.ended_before_sending(ended, &self.doing())))?;
        let newest = match self.described(self.family).await {
            // Whoever may register and not read gets no look at what is there.
            Err(error) if error.kind == ErrorKind::AccessDenied => None,
            Err(error) => return Err(one(self.ctx.failed(&error, &self.doing()))),
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
            return Ok(Registered::new(newest.arn.clone(), is_own));
        }
        let told = self.unplanned(newest.as_ref().and_then(Option::as_ref))?;
        let before = newest.map(|newest| newest.map_or(0, |newest| newest.arn.revision()));
        let (mut lost, mut sent) = (None, 0);
        for _ in 0..MOST_REGISTRATIONS {
            let open = match self.client.register_task_definition(&self.body, &self.ctx.patience).await {
                Ok(answer) => {
                    if let Some(revision) = Revision::of(answer).filter(|it| it.arn.family() == self.family) {
                        return Ok(Registered { told, ..self.only_one(before, revision).await? });
                    }
                    lost = Some(one(say::answer_without_arn(self.family)));
                    None
                }
                Err(mut error) => {
                    sent += error.sent;
                    error.sent = sent;
                    let failed = one(self.failed(&error));
                    if error.kind != ErrorKind::Ambiguous || error.ended.is_some() {
                        return Err(failed);
                    }
                    lost = Some(failed);
                    Some(error)
                }
            };
            let Some(before) = before else { break };
            match self.found_again(before).await {
                Ok(None) => {}
                Ok(Some(revision)) => {
                    tracing::info!(arn = revision.arn.as_str(), "found the revision whose answer was lost");
                    return Ok(Registered { told, ..Registered::new(revision.arn, true) });
                }
                Err(unfound) => return Err(one(self.not_found_again(open, unfound))),
            }
        }
        Err(lost.unwrap_or_default())
    }

    fn doing(&self) -> String {
        format!("registering a revision of {}", self.family)
    }

    /// What is told of the newest revision where somebody else registered it since the plan. The error where that stops what was
    /// planned: nobody saw in the plan what is taken back.
    fn unplanned(&self, newest: Option<&Revision>) -> Result<Option<Diagnostic>, Diagnostics> {
        let (Some(newest), Some(watch)) = (newest, &self.watch) else { return Ok(None) };
        let is_planned = watch.planned.is_some_and(|planned| newest.arn.revision() <= planned);
        if is_planned || !foreign::is_foreign(&newest.arn, watch.of_state, self.owned) {
            return Ok(None);
        }
        let before = before::registered(newest.task_definition.clone());
        let changes = before.map(|before| ecs::differences(&before, self.content)).unwrap_or_default();
        match watch.on {
            OnForeign::Ignore => Ok(None),
            OnForeign::Warn => Ok(Some(say::foreign_since_the_plan(newest, &changes))),
            OnForeign::Error => Err(one(say::foreign_since_the_plan_stops(newest, &changes))),
        }
    }

    /// A revision; none where ECS does not have it.
    async fn described(&self, id: &str) -> Result<Option<Revision>, EcsError> {
        match self.client.describe_task_definition(id, &self.ctx.patience).await {
            Ok(answer) => Ok(Revision::of(answer).filter(|it| it.arn.family() == self.family)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_what_is_wanted(&self, revision: &Revision) -> bool {
        let content = ecs::read(revision.task_definition.clone())
            .ok()
            .and_then(|reading| Content::of(reading.document));
        revision.is_active() && content.is_some_and(|content| content.canonical == *self.content)
    }

    fn is_the_same(&self, revision: &Revision) -> bool {
        revision.tags == self.tags && self.is_what_is_wanted(revision)
    }

    /// The revision that a registration made whose answer was lost; none where it made none.
    async fn found_again(&self, before: i64) -> Result<Option<Revision>, Unfound> {
        for _ in 0..=LAG.as_secs() {
            let newest = self.described(self.family).await.map_err(Unfound::Failed)?;
            let newest_number = newest.as_ref().map_or(0, |newest| newest.arn.revision());
            if let Some(newest) = newest.filter(|it| it.arn.revision() > before && self.is_the_same(it)) {
                return Ok(Some(newest));
            }
            for number in (before + 1..newest_number).rev().take(MOST_LOOKED_AT as usize) {
                let id = format!("{}:{number}", self.family);
                let revision = self.described(&id).await.map_err(Unfound::Failed)?;
                if let Some(revision) = revision.filter(|it| self.is_the_same(it)) {
                    return Ok(Some(revision));
                }
            }
            let again = self.client.on_its_clock(LOOK_EVERY);
            log_another_look(self.family, "the answer to a registration was lost, and reads may lag", again);
            self.ctx.patience.wait(again).await.map_err(Unfound::Ended)?;
        }
        Ok(None)
    }

    /// The error of a registration.
    fn failed(&self, error: &EcsError) -> Diagnostic {
        match error.ended {
            Some(_) => {
                let next = say::after_an_open_registration(error, self.adopts);
                self.ctx.failed_after(error, &self.doing(), next)
            }
            None => rejection(error, self.family, self.client.region(), &self.body),
        }
    }

    /// The error of a registration whose answer was lost, and which could not be looked for to the end. What stands in the way
    /// of looking does not say whether it was done.
    fn not_found_again(&self, open: Option<EcsError>, unfound: Unfound) -> Diagnostic {
        let (ended, failed) = match &unfound {
            Unfound::Ended(ended) => (Some(*ended), None),
            Unfound::Failed(error) => (error.ended, Some(error)),
        };
        match (open, ended, failed) {
            (Some(open), Some(ended), _) => self.failed(&EcsError { ended: Some(ended), ..open }),
            (_, _, Some(error)) => {
                say::not_known_whether_registered(error, self.family, self.client.region())
            }
            (None, ..) | (_, None, None) => say::answer_without_arn(self.family),
        }
    }

    /// The revision that was registered, unless one that could not be seen before is the same: one of a command that was killed
    /// after it registered. Then that one stays, and the new one goes.
    async fn only_one(&self, before: Option<i64>, revision: Revision) -> Result<Registered, Diagnostics> {
        let number = revision.arn.revision();
        let own = Registered::new(revision.arn, true);
        if !self.adopts || before.is_none_or(|before| number <= before + 1) {
            return Ok(own);
        }
        let id = format!("{}:{}", self.family, number - 1);
        let mut hidden = None;
        for _ in 0..=LAG.as_secs() {
            // What was registered is told to Terraform, whatever stands in the way of a look at another one.
            hidden = self.described(&id).await.unwrap_or_default();
            let again = self.client.on_its_clock(LOOK_EVERY);
            if hidden.is_some() {
                break;
            }
            log_another_look(&id, "another apply may have registered it, and reads may lag", again);
            if self.ctx.patience.wait(again).await.is_err() {
                break;
            }
        }
        let Some(hidden) = hidden.filter(|hidden| self.is_the_same(hidden)) else { return Ok(own) };
        match self.client.deregister_task_definition(own.arn.as_str(), &self.ctx.patience).await {
            Ok(_) => {
                let is_own = self.owned.contains(hidden.arn.revision());
                Ok(Registered::new(hidden.arn, is_own))
            }
            Err(_) => Ok(own),
        }
    }
}
