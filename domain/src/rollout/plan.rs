//! Who moves where, in which wave.

use std::collections::BTreeMap;
use std::time::Duration;

use super::identity::ServiceId;

use crate::ordered::ordered;

/// Calls of UpdateService that ECS accepts at once, and how many a second after that (request throttling of the API,
/// read 2026-11).
const UPDATE_BURST: usize = 50;
const UPDATES_PER_SECOND: f64 = 5.0;

/// A rollout that can be carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every service by its key.
    pub moves: BTreeMap<String, Move>,
    /// The waves in order. Every key is in exactly one.
    pub waves: Vec<Wave>,
    /// Deployments at a time, at most.
    pub max_concurrent: usize,
    /// Failures that are tolerated over the whole rollout.
    pub max_failures: usize,
    /// What happens after more failures than that.
    pub on_failure: OnFailure,
}

/// The move of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The service.
    pub service: ServiceId,
    /// ARN of the task definition to move it to, where that is known already.
    pub target: Option<String>,
}

/// Services that move together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Keys of its services, in order.
    pub keys: Vec<String>,
    /// How long it is left alone before it is looked at again and the next wave begins.
    pub bake_time: Duration,
}

/// What happens after more failures than are tolerated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Nothing more is started.
    Stop,
    /// The same, and the services of that wave go back.
    Rollback,
    /// It goes on.
    Continue,
}

impl OnFailure {
    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "stop" => Some(Self::Stop),
            "rollback" => Some(Self::Rollback),
            "continue" => Some(Self::Continue),
            _ => None,
        }
    }
}

impl Plan {
    /// The least time that it takes if these many services are to be started: what ECS's rate for UpdateService and the
    /// bake times ask for. Deployments take the time they take on top of it.
    pub fn least_duration(&self, starts: usize) -> Duration {
        let bake_times = self.waves.iter().map(|wave| wave.bake_time);
        let baking = bake_times.fold(Duration::ZERO, Duration::saturating_add);
        let queued = starts.saturating_sub(UPDATE_BURST) as f64 / UPDATES_PER_SECOND;
        baking.saturating_add(Duration::from_secs_f64(queued))
    }

    /// The wave of each key, the first is 0.
    pub(super) fn waves_of_keys(&self) -> BTreeMap<&str, usize> {
        let numbered = self.waves.iter().enumerate();
        ordered(numbered.flat_map(|(number, wave)| wave.keys.iter().map(move |key| (key.as_str(), number))))
    }
}
