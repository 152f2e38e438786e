//! Carries a rollout out: does what `rollout` says, and tells it what came of it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::ecs_client::{DEPLOYMENTS_OF_A_CALL, EcsClient, EcsError, Ended, SERVICES_OF_A_CALL};
use crate::rollout::{Action, Machine, Status};

use super::calls::{Calls, Told};

/// How a rollout was left.
pub(super) struct Driven {
    pub(super) machine: Machine,
    /// What ended it before it was over.
    pub(super) ended: Option<Ended>,
    /// An error that is about more than one service.
    pub(super) error: Option<EcsError>,
}

/// Time since 1970, at the speed of the client's clock.
struct Clock {
    started: Instant,
    from: Duration,
    second: Duration,
}

impl Clock {
    fn start(client: &EcsClient) -> Self {
        let from = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), from, second: client.on_its_clock(Duration::from_secs(1)) }
    }

    fn now(&self) -> Duration {
        let seconds = self.started.elapsed().as_secs_f64() / self.second.as_secs_f64().max(1e-9);
        self.from + Duration::from_secs_f64(seconds)
    }

    /// How long it really takes until then; a moment at least, so that nothing turns in circles.
    fn until(&self, then: Duration) -> Duration {
        let seconds = then.saturating_sub(self.now()).as_secs_f64() * self.second.as_secs_f64();
        Duration::from_secs_f64(seconds).max(Duration::from_millis(1))
    }
}

/// Runs a rollout until it is over or has to end.
pub(super) async fn drive(calls: Arc<Calls>, machine: Machine) -> Driven {
    let clock = Clock::start(&calls.client);
    let mut driven = Driven { machine, ended: None, error: None };
    let mut tasks: JoinSet<Told> = JoinSet::new();
    let mut progress = Progress::of(&driven.machine);
    loop {
        let mut until = None;
        if driven.ended.is_none() {
            let next = driven.machine.next(clock.now());
            progress.log(&driven.machine);
            if next.is_over {
                break;
            }
            spawn(&calls, next.actions, &mut tasks);
            until = next.until.map(|then| clock.until(then));
        }
        if tasks.is_empty() {
            let Some(wait) = until.filter(|_| driven.ended.is_none()) else { break };
            driven.ended = calls.patience.wait(wait).await.err();
            continue;
        }
        let wait = until.unwrap_or(Duration::from_secs(3600));
        tokio::select! {
            Some(mut joined) = tasks.join_next() => loop {
                if let Ok(told) = joined {
                    driven.tell(told, clock.now());
                }
                // Whatever else has come is told before anything is decided.
                match tasks.try_join_next() {
                    Some(another) => joined = another,
                    None => break,
                }
            },
            () = tokio::time::sleep(wait) => {}
        }
    }
    progress.log(&driven.machine);
    driven
}

impl Driven {
    fn tell(&mut self, told: Told, now: Duration) {
        for (key, event) in told.events {
            self.machine.tell(&key, event, now);
        }
        self.ended = self.ended.or(told.ended);
        self.error = told.error.or(self.error.take());
    }
}

/// Begins what is to be done, looks in batches.
fn spawn(calls: &Arc<Calls>, actions: Vec<Action>, tasks: &mut JoinSet<Told>) {
    let (mut surveys, mut looks) = (Vec::new(), Vec::new());
    for action in actions {
        let calls = Arc::clone(calls);
        match action {
            Action::Survey(key) => surveys.push(key),
            Action::Look { key, deployment } => looks.push((key, deployment)),
            Action::Start { key, to, force } => {
                tasks.spawn(async move { calls.start(key, to, force).await });
            }
            Action::Check { key, arn } => {
                tasks.spawn(async move { calls.check(key, arn).await });
            }
        }
    }
    for keys in surveys.chunks(SERVICES_OF_A_CALL) {
        let (calls, keys) = (Arc::clone(calls), keys.to_vec());
        tasks.spawn(async move { calls.survey(keys).await });
    }
    // A look is for as many services as one call can describe deployments.
    for looks in looks.chunks(DEPLOYMENTS_OF_A_CALL) {
        let (calls, looks) = (Arc::clone(calls), looks.to_vec());
        tasks.spawn(async move { calls.look(looks).await });
    }
}

/// What the log has said of each service, in the order of the keys.
struct Progress(Vec<Status>);

impl Progress {
    fn of(machine: &Machine) -> Self {
        Self(machine.statuses().map(|(_, _, status)| status).collect())
    }

    /// A line for each service whose status has changed, with how many are done.
    fn log(&mut self, machine: &Machine) {
        let done = machine.statuses().filter(|(_, _, status)| status.is_done()).count();
        let of = self.0.len();
        for ((key, wave, status), shown) in machine.statuses().zip(&mut self.0) {
            if *shown != status {
                *shown = status;
                let status = status.name();
                tracing::info!(service = key, wave, status, done, of, "a service of the rollout goes on");
            }
        }
    }
}
