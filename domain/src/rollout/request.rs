//! What somebody asked for, and everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::identity::{Home, ServiceId, TaskDefinitionArn};
use super::plan::{Move, OnFailure, Plan, Wave};
use crate::ordered::ordered;

/// A rollout as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Key to the ARN of a task definition; none where that is not known yet. A key is `service`, `cluster/service` or the
    /// ARN of a service.
    pub services: BTreeMap<String, Option<String>>,
    /// Cluster of the services whose key names none: a name or an ARN.
    pub cluster: Option<String>,
    /// The waves in order; none is one wave of all.
    pub waves: Vec<WaveRequest>,
    /// Deployments at a time, at most.
    pub max_concurrent: i64,
    /// Failures that are tolerated.
    pub max_failures: i64,
    /// What happens after more than that.
    pub on_failure: OnFailure,
    /// How long all of it may take.
    pub timeout: Duration,
    /// Where it is carried out.
    pub home: Home,
}

/// A wave as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaveRequest {
    /// Keys of services.
    pub services: Option<Vec<String>>,
    /// How many of all services have been moved when it ends.
    pub percent: Option<i64>,
    /// How long it bakes.
    pub bake_time: Duration,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How much it matters.
    pub weight: Weight,
    /// Where it is.
    pub place: Place,
    /// What it is, in a few words.
    pub summary: String,
    /// Why it matters and what to write.
    pub detail: String,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It should be known.
    Warning,
    /// Nothing is done with it.
    Error,
}

/// A place in a request. Waves are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All services.
    Services,
    /// The one of this key.
    Service(String),
    /// A wave as a whole.
    Wave(usize),
    /// The keys of a wave.
    WaveServices(usize),
    /// The percentage of a wave.
    Percent(usize),
    /// The bake time of a wave.
    BakeTime(usize),
    /// `max_concurrent`.
    MaxConcurrent,
    /// `max_failures`.
    MaxFailures,
}

impl Problem {
    fn error(place: Place, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { weight: Weight::Error, place, summary: summary.into(), detail: detail.into() }
    }

    fn warning(place: Place, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(place, summary, detail) }
    }
}

impl Request {
    /// The plan, unless something is an error, and everything that is to be said of the request.
    pub fn plan(&self) -> (Option<Plan>, Vec<Problem>) {
        let mut problems = Vec::new();
        let moves = self.moves(&mut problems);
        let waves = self.waves(&mut problems);
        let max_concurrent = self.number(self.max_concurrent, 1, Place::MaxConcurrent, &mut problems);
        let max_failures = self.number(self.max_failures, 0, Place::MaxFailures, &mut problems);
        let plan = Plan { moves, waves, max_concurrent, max_failures, on_failure: self.on_failure };
        self.check_time(&plan, &mut problems);
        let is_sound = problems.iter().all(|problem| problem.weight < Weight::Error);
        (is_sound.then_some(plan), problems)
    }

    fn number(&self, given: i64, least: i64, place: Place, problems: &mut Vec<Problem>) -> usize {
        if given >= least {
            return usize::try_from(given).unwrap_or(usize::MAX);
        }
        let name = if place == Place::MaxConcurrent { "max_concurrent" } else { "max_failures" };
        problems.push(Problem::error(
            place,
            format!("{name} is {given}"),
            format!("It has to be at least {least}."),
        ));
        0
    }

    fn moves(&self, problems: &mut Vec<Problem>) -> BTreeMap<String, Move> {
        if self.services.is_empty() {
            problems.push(Problem::error(
                Place::Services,
                "No service to move",
                "`services` is empty. Name each service and the ARN of its task definition: `services = { orders = ddrofs_ecs_task_definition.orders.arn }`.",
            ));
        }
        let mut moves: BTreeMap<String, Move> = BTreeMap::new();
        let mut keys: BTreeMap<ServiceId, &str> = BTreeMap::new();
        for (key, target) in &self.services {
            let place = || Place::Service(key.clone());
            self.check_target(key, target.as_deref(), problems);
            let (service, home) = match ServiceId::parse(key, self.cluster.as_deref()) {
                Ok(found) => found,
                Err(why) => {
                    let detail = format!("`{key}` {why}.");
                    problems.push(Problem::error(place(), "Not a service", detail));
                    continue;
                }
            };
            if let Some(difference) = self.home.difference(&home) {
                let detail = format!(
                    "`{key}` is of {difference}, where this rollout calls ECS. Give it to a rollout with a provider for that place."
                );
                problems.push(Problem::error(place(), "A service of another place", detail));
            }
            if let Some(other) = keys.insert(service.clone(), key) {
                let detail = format!(
                    "`{other}` and `{key}` both name the service `{service}`, which can be moved to one task definition only. Leave one of them out."
                );
                problems.push(Problem::error(place(), "One service under two keys", detail));
            }
            moves.insert(key.clone(), Move { service, target: target.clone() });
        }
        moves
    }

    fn check_target(&self, key: &str, target: Option<&str>, problems: &mut Vec<Problem>) {
        let Some(target) = target else { return };
        let place = || Place::Service(key.to_owned());
        let Some(arn) = TaskDefinitionArn::parse(target) else {
            let detail = format!(
                "`{key}` is to be moved to `{target}`. Write the ARN of a revision, `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`: a family alone would be whatever is its newest revision at that moment."
            );
            problems.push(Problem::error(place(), "Not the ARN of a task definition", detail));
            return;
        };
        if let Some(difference) = self.home.difference(&arn.home) {
            let detail = format!(
                "`{target}` for `{key}` is of {difference}, where this rollout calls ECS. A service runs task definitions of its own account and region only."
            );
            problems.push(Problem::error(place(), "A task definition of another place", detail));
        }
    }

    /// The waves with the keys of each. Services that any wave names are left to that wave.
    fn waves(&self, problems: &mut Vec<Problem>) -> Vec<Wave> {
        let all = || self.services.keys().cloned().collect::<Vec<_>>();
        if self.waves.is_empty() {
            return vec![Wave { keys: all(), bake_time: Duration::ZERO }];
        }
        let named = self.named(problems);
        let mut free = self.services.keys().filter(|key| !named.contains(key.as_str()));
        let (mut waves, mut covered, mut before) = (Vec::new(), 0, 0);
        for (number, wave) in self.waves.iter().enumerate() {
            let keys: Vec<String> = match (&wave.services, wave.percent) {
                (Some(keys), None) => self.keys_of(number, keys, problems),
                (None, Some(percent)) => {
                    let is_sound = check_percent(number, percent, before, problems);
                    before = before.max(percent);
                    let wanted = self.share(percent).saturating_sub(covered);
                    let keys: Vec<String> = free.by_ref().take(wanted).cloned().collect();
                    if is_sound {
                        self.check_share(number, percent, wanted, &keys, problems);
                    }
                    keys
                }
                _ => {
                    problems.push(Problem::error(
                        Place::Wave(number),
                        format!("Wave {} does not say whom it moves", number + 1),
                        "Write either `services`, keys of the map, or `percent`, how many of all services have been moved when the wave ends.",
                    ));
                    Vec::new()
                }
            };
            covered += keys.len();
            waves.push(Wave { keys, bake_time: wave.bake_time });
        }
        let left: Vec<&str> = free.map(String::as_str).collect();
        let is_whole = problems.iter().all(|problem| problem.weight < Weight::Error);
        if !left.is_empty() && is_whole {
            let detail = format!(
                "{} would stay where they are: {}. End with `wave {{ percent = 100 }}`, or name them in a wave.",
                left.len(),
                first_of(&left)
            );
            problems.push(Problem::error(Place::Services, "Services that no wave reaches", detail));
        }
        waves
    }

    /// Every key that a wave names, each once.
    fn named(&self, problems: &mut Vec<Problem>) -> BTreeSet<&str> {
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, wave) in self.waves.iter().enumerate() {
            for key in wave.services.iter().flatten() {
                if let Some(other) = named.insert(key, number) {
                    let detail = format!(
                        "`{key}` is in wave {} and again in wave {}. A service moves once: leave it out of one of them.",
                        other + 1,
                        number + 1
                    );
                    problems.push(Problem::error(
                        Place::WaveServices(number),
                        "A service in two waves",
                        detail,
                    ));
                }
            }
        }
        ordered(named.into_keys())
    }

    fn keys_of(&self, number: usize, keys: &[String], problems: &mut Vec<Problem>) -> Vec<String> {
        if keys.is_empty() {
            problems.push(Problem::error(
                Place::WaveServices(number),
                format!("Wave {} reaches nobody", number + 1),
                "Its `services` are empty. Name keys of the map `services`, or leave the wave out.",
            ));
        }
        for key in keys.iter().filter(|key| !self.services.contains_key(*key)) {
            let detail = format!("Wave {} names `{key}`, which is not a key of `services`.", number + 1);
            problems.push(Problem::error(Place::WaveServices(number), "Not a key of `services`", detail));
        }
        let mut seen = BTreeSet::new();
        keys.iter().filter(|key| self.services.contains_key(*key) && seen.insert(*key)).cloned().collect()
    }

    /// How many services these are, rounded up so that no percentage is nobody.
    fn share(&self, percent: i64) -> usize {
        let percent = usize::try_from(percent.clamp(0, 100)).unwrap_or_default();
        (self.services.len() * percent).div_ceil(100)
    }

    fn check_share(
        &self,
        number: usize,
        percent: i64,
        wanted: usize,
        keys: &[String],
        problems: &mut Vec<Problem>,
    ) {
        let place = Place::Percent(number);
        if keys.len() < wanted {
            let detail = format!(
                "Wave {} is to end with {percent} % of all services moved, which are {}. {} of them are named by a later wave. Give it a smaller `percent`, or put that wave before it.",
                number + 1,
                self.share(percent),
                wanted - keys.len()
            );
            problems.push(Problem::error(place, "A percentage that is never reached", detail));
        } else if wanted == 0 {
            let detail = format!(
                "{percent} % of {} services are {}, and that many have been moved before it.",
                self.services.len(),
                self.share(percent)
            );
            problems.push(Problem::warning(place, format!("Wave {} reaches nobody", number + 1), detail));
        }
    }

    fn check_time(&self, plan: &Plan, problems: &mut Vec<Problem>) {
        let least = plan.least_duration(self.services.len());
        if least <= self.timeout {
            return;
        }
        let longest = plan.waves.iter().enumerate().max_by_key(|(_, wave)| wave.bake_time);
        let place = match longest {
            Some((number, wave)) if !wave.bake_time.is_zero() => Place::BakeTime(number),
            _ => Place::Services,
        };
        let detail = format!(
            "It takes at least {} seconds: the bake times together, and ECS's rate for {} calls of UpdateService. Its `timeouts` allow {}. Make them longer or the bake times shorter.",
            least.as_secs(),
            self.services.len(),
            self.timeout.as_secs()
        );
        problems.push(Problem::error(place, "The rollout cannot end in its time", detail));
    }
}

/// Whether a wave's percentage is one and does not fall.
fn check_percent(number: usize, percent: i64, before: i64, problems: &mut Vec<Problem>) -> bool {
    let found = problems.len();
    if !(1..=100).contains(&percent) {
        let detail = format!("Wave {} says {percent}. It is a whole number from 1 to 100.", number + 1);
        problems.push(Problem::error(Place::Percent(number), "Not a percentage", detail));
    } else if percent < before {
        let detail = format!(
            "Wave {} says {percent} after {before}. `percent` counts the services of all waves so far, so it never falls.",
            number + 1
        );
        problems.push(Problem::error(Place::Percent(number), "A percentage that falls", detail));
    }
    problems.len() == found
}

/// The first few, and how many follow.
fn first_of(keys: &[&str]) -> String {
    let named: Vec<String> = keys.iter().take(5).map(|key| format!("`{key}`")).collect();
    match keys.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
