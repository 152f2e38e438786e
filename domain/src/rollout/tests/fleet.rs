//! Services as ECS keeps them. Written from what ECS does, and knows nothing of a rollout:
//!
//! - UpdateService with the task definition that a service has does nothing, unless a new deployment is forced.
//! - Otherwise the service has the new one at once, and one service deployment from the old to the new begins. A
//!   deployment that was going on is stopped by that.
//! - A deployment ends successful, or is rolled back by its circuit breaker, which gives the service its old task
//!   definition, or is stopped, which leaves it the new one.
//! - Reads may lag: they show how it was a while ago.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::{Deployment, DeploymentStatus, Sight};

/// How a deployment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Success,
    RolledBack,
    Stopped,
}

/// Whose call began a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Rollout,
    Somebody,
}

#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) by: By,
    pub(super) shown: Deployment,
    pub(super) ends_at: Duration,
    fate: Fate,
}

#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) task_definition: String,
    pub(super) deployments: Vec<Begun>,
    /// What the next deployments come to and how long they take, the last one again and again.
    pub(super) fates: Vec<(Fate, Duration)>,
    history: Vec<(Duration, Sight)>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Fleet {
    pub(super) services: BTreeMap<String, Kept>,
    pub(super) lag: Duration,
}

impl Kept {
    fn sight(&self) -> Sight {
        let going_on = self.deployments.iter().find(|one| !one.shown.status.is_over());
        Sight {
            task_definition: self.task_definition.clone(),
            rolls_out: going_on.and_then(|one| one.shown.target.clone()),
            deployments: self.deployments.iter().map(|one| one.shown.clone()).collect(),
        }
    }

    fn remember(&mut self, now: Duration) {
        let sight = self.sight();
        self.history.push((now, sight));
    }

    fn end(&mut self, number: usize, status: DeploymentStatus, at: Duration) {
        let shown = &mut self.deployments[number].shown;
        shown.reason = format!("{} in this test", status.name());
        shown.status = status;
        shown.finished_at = Some(at);
    }

    pub(super) fn by_rollout(&self) -> impl DoubleEndedIterator<Item = &Begun> {
        self.deployments.iter().filter(|one| one.by == By::Rollout)
    }
}

impl Fleet {
    pub(super) fn add(&mut self, key: &str, task_definition: &str, fates: Vec<(Fate, Duration)>) {
        let mut kept = Kept {
            task_definition: task_definition.to_owned(),
            deployments: Vec::new(),
            fates,
            history: Vec::new(),
        };
        kept.remember(Duration::ZERO);
        self.services.insert(key.to_owned(), kept);
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, now: Duration) {
        for kept in self.services.values_mut() {
            for number in 0..kept.deployments.len() {
                let Begun { ends_at, fate, ref shown, .. } = kept.deployments[number];
                if shown.status.is_over() || ends_at > now {
                    continue;
                }
                let source = shown.source.clone();
                match fate {
                    Fate::Success => kept.end(number, DeploymentStatus::Successful, ends_at),
                    Fate::Stopped => kept.end(number, DeploymentStatus::Stopped, ends_at),
                    Fate::RolledBack => {
                        kept.end(number, DeploymentStatus::RollbackSuccessful, ends_at);
                        kept.task_definition = source.unwrap_or_default();
                    }
                }
                kept.remember(ends_at);
            }
        }
    }

    /// UpdateService.
    pub(super) fn update(&mut self, key: &str, to: &str, force: bool, by: By, now: Duration) {
        self.pass(now);
        let Some(kept) = self.services.get_mut(key) else { return };
        if kept.task_definition == to && !force {
            return;
        }
        for number in 0..kept.deployments.len() {
            if !kept.deployments[number].shown.status.is_over() {
                kept.end(number, DeploymentStatus::Stopped, now);
            }
        }
        let (fate, takes) = if kept.fates.len() > 1 { kept.fates.remove(0) } else { kept.fates[0] };
        let shown = Deployment {
            id: format!("{key}/{}", kept.deployments.len()),
            status: DeploymentStatus::InProgress,
            reason: String::new(),
            source: Some(kept.task_definition.clone()),
            target: Some(to.to_owned()),
            alarms: Vec::new(),
            created_at: now,
            finished_at: None,
        };
        kept.deployments.push(Begun { by, shown, ends_at: now + takes, fate });
        kept.task_definition = to.to_owned();
        kept.remember(now);
    }

    /// DescribeServices and the deployments, as they were a while ago.
    pub(super) fn look(&mut self, key: &str, now: Duration) -> Option<Sight> {
        self.pass(now);
        let kept = self.services.get(key)?;
        let seen = now.saturating_sub(self.lag);
        let shown = kept.history.iter().rev().find(|(at, _)| *at <= seen).or(kept.history.first());
        shown.map(|(_, sight)| sight.clone())
    }

    /// Whether a deployment of somebody else goes on.
    pub(super) fn is_somebodys(&self, key: &str) -> bool {
        let kept = self.services.get(key);
        kept.is_some_and(|kept| {
            kept.deployments.iter().any(|one| one.by == By::Somebody && !one.shown.status.is_over())
        })
    }
}
