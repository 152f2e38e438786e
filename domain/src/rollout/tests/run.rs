//! Carries a rollout out against the fleet, with calls that fail and take time, and watches what it does to the fleet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::super::{Action, DeploymentStatus, Event, Ledger, Machine, OnFailure, Outcome, Plan};
use super::fleet::{By, Fleet};

/// How a call of UpdateService goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Works,
    Refused,
    NotSent,
    LostBefore,
    LostAfter,
}

/// A deployment of somebody else.
#[derive(Debug, Clone)]
pub(super) struct Foreign {
    pub(super) at: Duration,
    pub(super) key: String,
    pub(super) to: String,
}

/// What surrounds the rollout.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    pub(super) fleet: Fleet,
    pub(super) now: Duration,
    /// How calls go, one after another, and then they work.
    pub(super) calls: Vec<Call>,
    /// How long answers take, in seconds, again and again.
    pub(super) latencies: Vec<u64>,
    pub(super) foreign: Vec<Foreign>,
    pub(super) inactive: BTreeSet<String>,
    pub(super) count: usize,
}

/// What one process did.
#[derive(Debug, Clone)]
pub(super) struct Ran {
    pub(super) machine: Machine,
    /// Calls that went out, in order: when, who, whereto.
    pub(super) calls: Vec<(Duration, String, String)>,
    pub(super) is_over: bool,
    /// Every key that the machine was told to have failed, before the rollout turned around.
    pub(super) failed: BTreeSet<String>,
}

impl Ran {
    pub(super) fn outcomes(&self) -> BTreeMap<String, Outcome> {
        self.machine.outcomes()
    }
}

/// Steps after which a rollout that has not ended is stuck.
const MOST_STEPS: usize = 20_000;

impl World {
    fn latency(&mut self) -> Duration {
        self.count += 1;
        let latencies = &self.latencies;
        Duration::from_secs(if latencies.is_empty() { 0 } else { latencies[self.count % latencies.len()] })
    }

    fn answer(&mut self, action: &Action) -> Event {
        match action {
            Action::Survey(key) | Action::Look { key, .. } => {
                self.fleet.look(key, self.now).map_or(Event::Missing, Event::Seen)
            }
            Action::Check { arn, .. } => Event::Revision(Ok(!self.inactive.contains(arn))),
            Action::Start { key, to, force } => {
                let call = if self.calls.is_empty() { Call::Works } else { self.calls.remove(0) };
                if matches!(call, Call::Works | Call::LostAfter) {
                    self.fleet.update(key, to, *force, By::Rollout, self.now);
                }
                match call {
                    Call::Works => Event::Accepted,
                    Call::Refused => Event::Refused("refused in this test".to_owned()),
                    Call::NotSent => Event::NotSent,
                    Call::LostBefore | Call::LostAfter => Event::Lost,
                }
            }
        }
    }

    /// Runs a rollout until it is over or `steps` events were told, and checks at each call what must hold.
    pub(super) fn run(&mut self, plan: &Plan, ledger: BTreeMap<String, Ledger>, steps: usize) -> Ran {
        let machine = Machine::new(plan, ledger).expect("all task definitions are known");
        let mut ran = Ran { machine, calls: Vec::new(), is_over: false, failed: BTreeSet::new() };
        let begun = self.now;
        let mut answers: Vec<(Duration, String, Event)> = Vec::new();
        for step in 0..MOST_STEPS {
            self.let_others_deploy();
            let next = ran.machine.next(self.now);
            for action in next.actions {
                if let Action::Start { key, to, .. } = &action {
                    let is_tolerated =
                        plan.on_failure == OnFailure::Continue || ran.failed.len() <= plan.max_failures;
                    assert!(*to != plan.target(key) || is_tolerated, "{key} was started past max_failures");
                    assert!(!self.fleet.is_somebodys(key), "{key} was taken from somebody else");
                    ran.calls.push((self.now, key.clone(), to.clone()));
                }
                let event = self.answer(&action);
                let at = self.now + self.latency();
                answers.push((at, key_of(&action).to_owned(), event));
                check_places(&self.fleet, plan, begun);
            }
            if next.is_over || step >= steps {
                ran.is_over = next.is_over;
                return ran;
            }
            let soonest = answers.iter().enumerate().min_by_key(|(_, (at, ..))| *at).map(|(index, _)| index);
            let soonest_at = soonest.map(|index| answers[index].0);
            let waits = [soonest_at, next.until].into_iter().flatten().min();
            let wake = waits.unwrap_or_else(|| panic!("stuck: {:#?}", ran.machine));
            self.now = self.now.max(wake);
            if let Some(index) = soonest.filter(|index| answers[*index].0 <= self.now) {
                let (_, key, event) = answers.remove(index);
                if self.shows_a_failure(&key, &event, begun) {
                    ran.failed.insert(key.clone());
                }
                ran.machine.tell(&key, event, self.now);
            }
        }
        panic!("never over: {:#?}", ran.machine);
    }

    /// Whether the rollout is told of a deployment that it began since then, and that did not end well.
    fn shows_a_failure(&self, key: &str, event: &Event, begun: Duration) -> bool {
        match event {
            Event::Refused(_) => true,
            Event::Seen(sight) => self.fleet.services[key].by_rollout().any(|one| {
                let shown = sight.deployments.iter().find(|shown| shown.id == one.shown.id);
                shown.is_some_and(|shown| {
                    shown.created_at >= begun
                        && shown.status.is_over()
                        && shown.status != DeploymentStatus::Successful
                })
            }),
            _ => false,
        }
    }

    fn let_others_deploy(&mut self) {
        let now = self.now;
        let (due, later) = std::mem::take(&mut self.foreign).into_iter().partition(|one| one.at <= now);
        self.foreign = later;
        let due: Vec<Foreign> = due;
        for one in due {
            self.fleet.update(&one.key, &one.to, false, By::Somebody, one.at.max(Duration::ZERO));
        }
    }
}

/// Deployments of the rollout that go on are never more than there are places. A way back that an earlier process left
/// behind is waited for as somebody else's.
fn check_places(fleet: &Fleet, plan: &Plan, begun: Duration) {
    let going_on = fleet.services.iter().filter(|(key, kept)| {
        kept.by_rollout().any(|one| {
            let is_forward = one.shown.target.as_ref() == Some(&plan.target(key));
            !one.shown.status.is_over() && (is_forward || one.shown.created_at >= begun)
        })
    });
    assert!(going_on.count() <= plan.max_concurrent, "more than max_concurrent");
}

fn key_of(action: &Action) -> &str {
    match action {
        Action::Survey(key)
        | Action::Look { key, .. }
        | Action::Start { key, .. }
        | Action::Check { key, .. } => key,
    }
}

impl Plan {
    /// Whereto a service is to be moved.
    pub(super) fn target(&self, key: &str) -> String {
        self.moves[key].target.clone().expect("known in tests")
    }
}
