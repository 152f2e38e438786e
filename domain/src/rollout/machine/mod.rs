//! Decides what is done next.
//!
//! Every service goes through stages. A look is told with [`Machine::tell`] and moves one service on; [`Machine::next`]
//! moves waves on and hands out what is to be done. Nothing is started on knowledge of another moment: a service is looked
//! at when there is room for its deployment, and what follows from that look is done at once.

mod back;
mod forward;
mod service;
mod waves;

use std::collections::BTreeMap;
use std::time::Duration;

use super::outcome::{Outcome, Status};
use super::plan::{OnFailure, Plan};
use super::sight::Sight;

use crate::ordered::ordered;

pub(super) use service::{Heading, Service, Stage};

/// How long it takes until something that goes on is looked at again, give or take half of it: looks are made at multiples of
/// this time, so that one call serves many services.
const POLL: Duration = Duration::from_secs(10);

/// How long reads may lag behind a call, with room to spare: so long a call whose answer was lost may still show.
const SETTLE: Duration = Duration::from_secs(60);

/// How long the deployment of a call that ECS accepted may take to show.
const APPEARS: Duration = Duration::from_secs(10 * 60);

/// Looks that may fail one after another before a service that is on its way is given up.
const MOST_BLIND: u32 = 30;

/// What is known of a service before this rollout looks at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What an earlier apply said of it, if that wanted the same task definition.
    pub prior: Option<Outcome>,
    /// ARN of the task definition that the plan saw it run.
    pub seen_at_plan: Option<String>,
    /// Whether it is to be deployed even where it has the task definition already.
    pub force: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A look showed the service.
    Seen(Sight),
    /// A look showed that there is no such service.
    Missing,
    /// The service cannot be moved this way, and why.
    Unmovable(String),
    /// A look failed, and why.
    Unseen(String),
    /// ECS took the call.
    Accepted,
    /// ECS refused the call, and why. Nothing was done.
    Refused(String),
    /// The call was not sent, or ECS did not look at it. Nothing was done.
    NotSent,
    /// The call was sent, and whether ECS carried it out is not known.
    Lost,
    /// Whether a service can be given the task definition that was asked about.
    Revision(Result<bool, String>),
}

/// What is to be done for the service of a key. Each is answered with events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Look whether the service is there and what it has. Deployments are not needed.
    Survey(String),
    /// Look at the service and its deployments. What `deployment` names has to be among them.
    Look {
        /// Key of the service.
        key: String,
        /// ARN of the deployment that matters.
        deployment: Option<String>,
    },
    /// Call UpdateService.
    Start {
        /// Key of the service.
        key: String,
        /// ARN of the task definition.
        to: String,
        /// Whether with `forceNewDeployment`; such a call is never repeated blindly.
        force: bool,
    },
    /// Look whether a task definition is ACTIVE.
    Check {
        /// Key of the service that should get it.
        key: String,
        /// Its ARN.
        arn: String,
    },
}

/// What is to be done now, and until when there is nothing more if nothing happens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// To be done at once.
    pub actions: Vec<Action>,
    /// When to ask again at the latest.
    pub until: Option<Duration>,
    /// Whether the rollout has ended. Nothing is left to be done then.
    pub is_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Every service is looked at before anything moves.
    Survey,
    Forward,
    Back,
    Over,
}

/// A rollout on its way.
#[derive(Debug, Clone)]
pub struct Machine {
    services: BTreeMap<String, Service>,
    waves: Vec<super::plan::Wave>,
    max_concurrent: usize,
    max_failures: usize,
    on_failure: OnFailure,
    phase: Phase,
    /// The wave that is moving or, once too much has failed, that of the failure; the first is 0.
    wave: usize,
    failures: usize,
    /// Until when the wave bakes, once all of it has ended.
    bakes_until: Option<Duration>,
}

impl Machine {
    /// Begins the rollout of a plan; none while a task definition in it is not known.
    pub fn new(plan: &Plan, mut ledger: BTreeMap<String, Ledger>) -> Option<Self> {
        let waves = plan.waves_of_keys();
        let mut services = BTreeMap::new();
        for (key, wanted) in &plan.moves {
            let known = ledger.remove(key).unwrap_or_default();
            let wave = waves.get(key.as_str()).copied()?;
            services.insert(key.clone(), Service::new(wave, wanted.target.clone()?, known));
        }
        Some(Self {
            services,
            waves: plan.waves.clone(),
            max_concurrent: plan.max_concurrent,
            max_failures: plan.max_failures,
            on_failure: plan.on_failure,
            phase: Phase::Survey,
            wave: 0,
            failures: 0,
            bakes_until: None,
        })
    }

    /// Takes in what happened to the service of a key.
    pub fn tell(&mut self, key: &str, event: Event, now: Duration) {
        let Some(service) = self.services.get_mut(key) else { return };
        service.is_looking = false;
        if self.phase == Phase::Survey {
            service.surveyed(event);
            return;
        }
        let failed_before = service.is_failure();
        match (service.heading, event) {
            (_, Event::Unseen(why)) => service.blinded(&why, now),
            (Heading::Forward, event) => service.forward(event, now),
            (Heading::Back, event) => service.back(event, now),
        }
        if !failed_before && service.is_failure() && service.heading == Heading::Forward {
            let wave = service.wave;
            let was_halted = self.is_halted();
            self.failures += 1;
            if self.is_halted() && !was_halted {
                self.wave = wave;
            }
        }
    }

    /// What is to be done now. Asked again whenever something was told, and at [`Next::until`].
    pub fn next(&mut self, now: Duration) -> Next {
        if self.phase == Phase::Survey {
            let actions = self.survey();
            if !actions.is_empty() || self.phase == Phase::Survey {
                return Next { actions, until: None, is_over: false };
            }
        }
        while self.settle(now) {}
        let mut actions = Vec::new();
        if self.phase == Phase::Forward || self.phase == Phase::Back {
            self.looks(now, &mut actions);
            self.starts(&mut actions);
        }
        Next { actions, until: self.until(), is_over: self.phase == Phase::Over }
    }

    /// How it stands with every service at this moment.
    pub fn outcomes(&self) -> BTreeMap<String, Outcome> {
        ordered(self.services.iter().map(|(key, service)| (key.clone(), service.outcome())))
    }

    /// Key, wave (the first is 1) and status of every service at this moment, in the order of the keys.
    pub fn statuses(&self) -> impl Iterator<Item = (&str, usize, Status)> {
        self.services.iter().map(|(key, service)| (key.as_str(), service.wave + 1, service.status()))
    }

    /// Whether something kept the rollout from moving anything: services that are missing or cannot be moved.
    pub fn was_refused(&self) -> bool {
        self.services.values().any(|service| service.obstacle.is_some())
    }

    /// Whether more failed than is tolerated, so that nothing more is started.
    pub fn is_halted(&self) -> bool {
        self.on_failure != OnFailure::Continue && self.failures > self.max_failures
    }

    /// The wave that is moving or was the last to move, the first is 1.
    pub fn wave(&self) -> usize {
        self.wave + 1
    }

    /// Asks for a look at whoever was not looked at; begins with the first wave once all are there.
    fn survey(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut is_known = true;
        for (key, service) in &mut self.services {
            if service.stage == Stage::Unseen && service.obstacle.is_none() {
                is_known = false;
                if !service.is_looking {
                    service.is_looking = true;
                    actions.push(Action::Survey(key.clone()));
                }
            }
        }
        if is_known {
            self.phase = if self.was_refused() { Phase::Over } else { Phase::Forward };
        }
        actions
    }
}

impl Service {
    /// What the look at the beginning showed.
    fn surveyed(&mut self, event: Event) {
        match event {
            Event::Seen(sight) => {
                let was_under_way = self.prior.as_ref().is_some_and(|prior| prior.status.is_under_way());
                self.is_on_its_way = was_under_way || sight.rolls_out.as_ref() == Some(&self.target);
                self.runs = Some(sight.task_definition);
                self.stage = match &self.prior {
                    Some(prior) if prior.status.is_done() && !self.force => Stage::Done(prior.status),
                    // Followed at once, whatever its wave is: it takes a place for a deployment.
                    _ if self.is_on_its_way => Stage::Due,
                    _ => Stage::Waiting,
                };
                self.is_early = true;
            }
            Event::Missing => {
                self.reason = "there is no such service".to_owned();
                self.stage = Stage::Done(Status::Missing);
                self.obstacle = Some(self.reason.clone());
            }
            Event::Unmovable(why) | Event::Unseen(why) => {
                self.reason = why.clone();
                self.obstacle = Some(why);
            }
            _ => {}
        }
    }
}
