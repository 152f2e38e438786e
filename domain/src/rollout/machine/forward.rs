//! The way forward of one service: what follows from a look or an answer.

use std::time::Duration;

use super::super::identity::TaskDefinitionArn;
use super::super::outcome::Status;
use super::super::sight::{Deployment, DeploymentStatus, Sight};
use super::service::{Heading, Service, Stage};
use super::{APPEARS, Event, SETTLE};

impl Service {
    /// Takes in what happened on the way forward.
    pub(super) fn forward(&mut self, event: Event, now: Duration) {
        match event {
            Event::Seen(sight) => {
                self.note(&sight);
                self.seen(&sight, now);
            }
            Event::Missing => self.end(Status::Failed, "the service is not there any more"),
            Event::Unmovable(why) => self.end(Status::Failed, why),
            Event::Accepted => {
                self.was_moved = true;
                self.stage = Stage::Appearing(now);
                self.next_look = now;
            }
            Event::Refused(why) => self.end(Status::Failed, why),
            Event::NotSent => {
                self.stage = Stage::Due;
                self.look_later(now);
            }
            Event::Lost => {
                self.was_moved = true;
                self.reason = "the answer to its UpdateService was lost".to_owned();
                self.stage = Stage::Unclear(now);
                self.next_look = now;
            }
            Event::Unseen(_) | Event::Revision(_) => {}
        }
    }

    fn seen(&mut self, sight: &Sight, now: Duration) {
        match self.stage {
            Stage::Due => self.decide(sight, now),
            Stage::Blocked => match sight.in_progress() {
                Some(other) if !self.is_joined(other) => self.wait_for(other, now),
                _ => self.stage = Stage::Due,
            },
            Stage::Unclear(since) | Stage::Appearing(since) => self.look_for_own(sight, since, now),
            Stage::Running => self.follow(sight, now),
            Stage::SecondLook => self.second_look(sight),
            _ => {}
        }
    }

    /// Whether the deployment leads where this one wants, so that it is waited for as its own.
    fn is_joined(&self, deployment: &Deployment) -> bool {
        let is_known = self.prior.as_ref().is_some_and(|prior| {
            prior.status.is_under_way() && prior.deployment.as_deref() == Some(deployment.id.as_str())
        });
        deployment.target.as_deref() == Some(self.target.as_str()) && (!self.force || is_known)
    }

    /// What is done with a service whose turn it is.
    fn decide(&mut self, sight: &Sight, now: Duration) {
        let was_on_its_way = std::mem::take(&mut self.is_on_its_way);
        if self.resumes_an_unclear_call(sight, now) {
            return;
        }
        let joined = sight.in_progress().filter(|deployment| self.is_joined(deployment));
        if joined.is_none() && (was_on_its_way || self.is_early) {
            match sight.in_progress() {
                None if sight.task_definition == self.target && !self.force => self.is_there(sight, now),
                _ => self.again(),
            }
            return;
        }
        if let Some(deployment) = sight.in_progress() {
            if joined.is_none() {
                self.wait_for(deployment, now);
                return;
            }
            self.force = false;
            self.was_moved = true;
            self.join(deployment);
            self.stage = Stage::Running;
            self.follow(sight, now);
            return;
        }
        if sight.task_definition == self.target && !self.force {
            self.is_there(sight, now);
        } else if self.is_overtaken(&sight.task_definition) {
            let reason = format!(
                "it runs {}, which is newer and which no refresh has shown before this apply",
                sight.task_definition
            );
            self.end(Status::Overtaken, reason);
        } else {
            if sight.task_definition != self.target {
                self.previous = Some(sight.task_definition.clone());
            }
            self.ready(sight);
        }
    }

    /// A forced deployment whose call an earlier apply did not see answered is looked for before it is asked for again.
    fn resumes_an_unclear_call(&mut self, sight: &Sight, now: Duration) -> bool {
        let unclear = self
            .prior
            .take_if(|prior| prior.status == Status::Unknown && prior.is_force_pending && self.force);
        let Some(prior) = unclear else { return false };
        self.was_moved = true;
        self.before = prior.before;
        self.deployment = None;
        self.stage = Stage::Unclear(now);
        self.look_for_own(sight, now, now);
        true
    }

    fn wait_for(&mut self, deployment: &Deployment, now: Duration) {
        let target = deployment.target.as_deref().unwrap_or("a task definition that is not known");
        self.reason =
            format!("a deployment of {target} that this rollout did not start goes on: {}", deployment.id);
        self.stage = Stage::Blocked;
        self.look_later(now);
    }

    /// The deployment is the one that counts. What the service had before it is remembered, unless it is known already.
    fn join(&mut self, deployment: &Deployment) {
        self.deployment = Some(deployment.id.clone());
        let source = deployment.source.as_ref().filter(|source| **source != self.target);
        if self.previous.is_none() && self.heading == Heading::Forward {
            self.previous = source.cloned();
        }
    }

    /// The service has its task definition and nothing goes on: how did it come there?
    fn is_there(&mut self, sight: &Sight, now: Duration) {
        let prior = self.prior.as_ref().filter(|prior| prior.status.is_under_way());
        let was_under_way = prior.is_some();
        self.was_moved = was_under_way;
        self.lands_as = if was_under_way { Status::Succeeded } else { Status::Unchanged };
        let Some(latest) = sight.latest().cloned() else {
            self.reason = "ECS has no deployment of it on record".to_owned();
            self.stage = Stage::Landed(Duration::ZERO);
            return;
        };
        self.join(&latest);
        match latest.status {
            DeploymentStatus::Successful => {
                // The rest of its bake time is waited for; one that ended long ago has baked.
                self.stage = Stage::Landed(latest.finished_at.unwrap_or(now).min(now));
            }
            _ => {
                let how = ended(&latest);
                self.end(Status::Failed, format!("the service has it, but its last deployment {how}. The same task definition is deployed again when `triggers` change"));
            }
        }
    }

    /// Whether it began to run a newer revision of the family since the plan.
    fn is_overtaken(&self, runs: &str) -> bool {
        if self.seen_at_plan.as_deref() == Some(runs) {
            return false;
        }
        match (TaskDefinitionArn::parse(&self.target), TaskDefinitionArn::parse(runs)) {
            (Some(target), Some(runs)) => target.is_older_than(&runs),
            _ => false,
        }
    }

    /// After a call, until its deployment shows.
    pub(super) fn look_for_own(&mut self, sight: &Sight, since: Duration, now: Duration) {
        if let Some(own) = self.own(sight) {
            self.deployment = Some(own.id.clone());
            self.stage = Stage::Running;
            self.follow(sight, now);
            return;
        }
        self.look_later(now);
        let waited = now.saturating_sub(since);
        match self.stage {
            Stage::Unclear(_) if waited >= SETTLE => {
                self.was_moved = self.heading == Heading::Back;
                self.again();
                self.next_look = now;
            }
            Stage::Unclear(_) => self.reason = "the answer to its UpdateService was lost".to_owned(),
            _ if waited >= APPEARS => {
                let status = match self.heading {
                    Heading::Forward => Status::Unknown,
                    Heading::Back => Status::RollbackFailed,
                };
                self.end(status, "ECS took the call and shows no deployment of it");
            }
            _ => {}
        }
    }

    /// Follows the deployment to its end.
    pub(super) fn follow(&mut self, sight: &Sight, now: Duration) {
        let own = sight.deployments.iter().find(|one| Some(&one.id) == self.deployment.as_ref());
        let Some(own) = own.filter(|own| own.status.is_over()) else {
            self.look_later(now);
            return;
        };
        let is_good = own.status == DeploymentStatus::Successful;
        let has_it = self.wanted() == Some(sight.task_definition.as_str());
        match (self.heading, is_good && has_it) {
            (Heading::Forward, true) => self.stage = Stage::Landed(now),
            (Heading::Back, true) => self.end(Status::RolledBack, ""),
            (heading, false) => {
                let status = match heading {
                    Heading::Forward => Status::Failed,
                    Heading::Back => Status::RollbackFailed,
                };
                let reason = match is_good {
                    true => format!(
                        "its deployment was successful, but the service has {} now",
                        sight.task_definition
                    ),
                    false => format!("its deployment {}", ended(own)),
                };
                self.end(status, reason);
            }
        }
    }

    /// After the bake time: is it still as it was?
    fn second_look(&mut self, sight: &Sight) {
        let own = sight.deployments.iter().find(|one| Some(&one.id) == self.deployment.as_ref());
        if sight.task_definition != self.target {
            self.end(Status::Failed, format!("after baking the service has {}", sight.task_definition));
        } else if let Some(own) = own.filter(|own| own.status != DeploymentStatus::Successful) {
            self.end(Status::Failed, format!("after baking its deployment {}", ended(own)));
        } else if let Some(own) = own.filter(|own| !own.alarms.is_empty()) {
            let reason = format!("after baking ECS reports alarms of it: {}", own.alarms.join(", "));
            self.end(Status::Failed, reason);
        } else {
            let (status, reason) = (self.lands_as, std::mem::take(&mut self.reason));
            self.end(status, reason);
        }
    }
}

/// How a deployment ended, in words that follow its name.
pub(super) fn ended(deployment: &Deployment) -> String {
    match deployment.reason.as_str() {
        "" => format!("is {}", deployment.status.name()),
        reason => format!("is {}: {reason}", deployment.status.name()),
    }
}
