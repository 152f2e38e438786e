//! One service on its way.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::outcome::{Outcome, Status};
use super::super::sight::{Deployment, Sight};
use super::{Ledger, MOST_BLIND, POLL};

use crate::ordered::ordered;

/// Which way a service goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rollout) enum Heading {
    Forward,
    Back,
}

/// Where a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rollout) enum Stage {
    /// Not looked at yet.
    Unseen,
    /// Its wave has not begun.
    Waiting,
    /// To be looked at as soon as there is room for its deployment.
    Due,
    /// A deployment of somebody else goes on.
    Blocked,
    /// The task definition to go back to is to be looked at.
    Checking,
    /// To be started now.
    Ready,
    /// The call is under way.
    Starting,
    /// The answer to the call of this time was lost.
    Unclear(Duration),
    /// ECS took the call of this time, and its deployment does not show yet.
    Appearing(Duration),
    /// The deployment goes on.
    Running,
    /// The deployment ended well at this time.
    Landed(Duration),
    /// The second look, after the bake time.
    SecondLook,
    /// Nothing more happens.
    Done(Status),
}

#[derive(Debug, Clone)]
pub(in crate::rollout) struct Service {
    pub(super) wave: usize,
    pub(super) target: String,
    pub(super) force: bool,
    pub(super) prior: Option<Outcome>,
    pub(super) seen_at_plan: Option<String>,
    pub(super) heading: Heading,
    pub(super) stage: Stage,
    /// The task definition that it had at the last look.
    pub(super) runs: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) deployment: Option<String>,
    pub(super) reason: String,
    /// Why it failed, once it goes back for that.
    pub(super) failure: String,
    /// Why nothing can move while this service is among them.
    pub(super) obstacle: Option<String>,
    /// Deployments that there were before the call.
    pub(super) before: BTreeSet<String>,
    pub(super) next_look: Duration,
    pub(super) is_looking: bool,
    /// Whether its deployment seems to go on already, so that it has a place before it is looked at.
    pub(super) is_on_its_way: bool,
    /// Whether its wave has not begun.
    pub(super) is_early: bool,
    /// Whether this rollout has looked at its deployments itself.
    was_seen: bool,
    /// Looks that failed one after another.
    blind: u32,
    /// Whether this rollout started its deployment, or an earlier apply of it.
    pub(super) was_moved: bool,
    /// Whether this rollout let the service have the task definition, or found it so without a deployment of its own.
    pub(super) lands_as: Status,
}

impl Service {
    pub(super) fn new(wave: usize, target: String, ledger: Ledger) -> Self {
        let prior = ledger.prior;
        Self {
            wave,
            target,
            force: ledger.force,
            seen_at_plan: ledger.seen_at_plan,
            heading: Heading::Forward,
            stage: Stage::Unseen,
            runs: prior.as_ref().and_then(|prior| prior.task_definition.clone()),
            previous: prior.as_ref().and_then(|prior| prior.previous.clone()),
            deployment: prior.as_ref().and_then(|prior| prior.deployment.clone()),
            reason: String::new(),
            failure: String::new(),
            obstacle: None,
            before: BTreeSet::new(),
            next_look: Duration::ZERO,
            is_looking: false,
            is_on_its_way: false,
            is_early: false,
            was_seen: false,
            blind: 0,
            was_moved: false,
            lands_as: Status::Succeeded,
            prior,
        }
    }

    /// The task definition that its deployment leads to.
    pub(super) fn wanted(&self) -> Option<&str> {
        match self.heading {
            Heading::Forward => Some(&self.target),
            Heading::Back => self.previous.as_deref(),
        }
    }

    /// Whether it counts as a failure of the rollout.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self.stage, Stage::Done(Status::Failed | Status::Unknown))
    }

    /// Whether it holds one of the places for deployments at a time.
    pub(super) fn has_a_place(&self) -> bool {
        match self.stage {
            Stage::Due => self.is_looking || self.is_on_its_way,
            Stage::Checking
            | Stage::Ready
            | Stage::Starting
            | Stage::Unclear(_)
            | Stage::Appearing(_)
            | Stage::Running => true,
            _ => false,
        }
    }

    /// Whether it is looked at again and again until something comes of it.
    pub(super) fn is_watched(&self) -> bool {
        matches!(
            self.stage,
            Stage::Blocked
                | Stage::Unclear(_)
                | Stage::Appearing(_)
                | Stage::Running
                | Stage::SecondLook
                | Stage::Checking
        )
    }

    /// Whether something is under way at ECS that this rollout waits for.
    pub(super) fn is_under_way(&self) -> bool {
        match self.stage {
            Stage::Due => self.is_looking || self.is_on_its_way,
            Stage::Waiting | Stage::Blocked | Stage::Ready | Stage::Landed(_) | Stage::Done(_) => false,
            _ => true,
        }
    }

    /// Why it goes back is told with how it came back.
    pub(super) fn end(&mut self, status: Status, reason: impl Into<String>) {
        self.stage = Stage::Done(status);
        let reason = reason.into();
        self.reason = match (self.failure.is_empty(), reason.is_empty()) {
            (true, _) => reason,
            (false, true) => self.failure.clone(),
            (false, false) => format!("{}; {reason}", self.failure),
        };
    }

    /// Looked at anew, once it is its turn.
    pub(super) fn again(&mut self) {
        self.stage = if self.is_early { Stage::Waiting } else { Stage::Due };
    }

    /// At a moment that all services have in common.
    pub(super) fn look_later(&mut self, now: Duration) {
        let (poll, earliest) = (POLL.as_secs(), now + POLL / 2);
        self.next_look = Duration::from_secs((earliest.as_secs() / poll + 1) * poll);
    }

    /// A look that failed says nothing of the service. One that is on its way is given up after many of them.
    pub(super) fn blinded(&mut self, why: &str, now: Duration) {
        self.look_later(now);
        self.blind += 1;
        self.reason = format!("it could not be looked at: {why}");
        if self.blind > MOST_BLIND {
            let status = match (self.heading, self.was_moved) {
                (Heading::Back, _) => Status::RollbackFailed,
                (Heading::Forward, true) => Status::Unknown,
                (Heading::Forward, false) => Status::Failed,
            };
            self.end(status, format!("it could not be looked at {MOST_BLIND} times: {why}"));
        }
    }

    /// Notes what a look showed.
    pub(super) fn note(&mut self, sight: &Sight) {
        self.blind = 0;
        self.was_seen = true;
        self.reason.clear();
        self.runs = Some(sight.task_definition.clone());
    }

    /// The deployment that the call started: one that was not there before and leads where the call wanted.
    pub(super) fn own<'a>(&self, sight: &'a Sight) -> Option<&'a Deployment> {
        let is_own = |deployment: &&Deployment| {
            !self.before.contains(&deployment.id) && deployment.target.as_deref() == self.wanted()
        };
        sight.deployments.iter().filter(is_own).min_by_key(|deployment| deployment.created_at)
    }

    /// What is to be remembered of the moment before the call.
    pub(super) fn ready(&mut self, sight: &Sight) {
        self.before = ordered(sight.deployments.iter().map(|deployment| deployment.id.clone()));
        self.deployment = None;
        self.stage = Stage::Ready;
    }

    pub(super) fn outcome(&self) -> Outcome {
        Outcome {
            status: self.status(),
            task_definition: self.runs.clone(),
            previous: self.previous.clone(),
            deployment: self.deployment.clone(),
            reason: self.reason.clone(),
            wave: self.wave + 1,
            is_force_pending: self.force && (!self.was_moved || self.is_call_unclear()),
            before: if self.is_call_unclear() { self.before.clone() } else { BTreeSet::new() },
        }
    }

    /// Whether a call was sent of which nobody knows whether ECS carried it out.
    fn is_call_unclear(&self) -> bool {
        matches!(self.stage, Stage::Starting | Stage::Unclear(_))
    }

    pub(super) fn status(&self) -> Status {
        match (self.stage, self.heading) {
            (Stage::Done(status), _) => status,
            (_, Heading::Back) => Status::RollingBack,
            (Stage::Unseen | Stage::Waiting | Stage::Due | Stage::Checking | Stage::Ready, _) => {
                // What an earlier apply started is on its way, looked at again or not.
                let prior = self.prior.as_ref().filter(|_| !self.was_seen).map(|prior| prior.status);
                prior.filter(|status| status.is_under_way()).unwrap_or(Status::NotStarted)
            }
            (Stage::Blocked, _) => Status::Waiting,
            (Stage::Starting | Stage::Unclear(_), _) => Status::Unknown,
            (Stage::Appearing(_) | Stage::Running, _) => Status::InProgress,
            (Stage::Landed(_) | Stage::SecondLook, _) => Status::Baking,
        }
    }
}
