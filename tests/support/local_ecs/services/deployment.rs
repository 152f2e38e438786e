//! A service deployment: how it goes is decided when it starts, and it goes on with the endpoint's time.
//!
//! Statuses are those of the API reference (ServiceDeployment, read November 2026). The reason of a rollback by the circuit
//! breaker and the one of a rollback without a candidate are quoted in public reports (hashicorp/aws acceptance tests and
//! others); the other reasons are in words of ours.

use std::time::Duration;

use serde_json::Value;

use super::{EcsService, ServiceRevision};

/// What becomes of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeds,
    /// Tasks go on failing. The circuit breaker ends it where the service has one, and nothing does where not.
    TasksFail,
    /// An alarm goes off. It ends the deployment where the service watches alarms, and nobody looks where not.
    Alarm,
    /// It is successful, and after as long again the deployment says that an alarm that it watches went off. Whether ECS goes
    /// on looking at alarms after a success is not on record.
    AlarmLater,
    /// Tasks neither start nor fail.
    Hangs,
    /// As `TasksFail`, and the tasks of the rollback fail as well.
    RollbackFails,
}

/// What becomes of a deployment, and after how much of the endpoint's time. A rollback takes as long again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) ending: Ending,
    pub(crate) after: Duration,
}

impl Outcome {
    pub(crate) const fn new(ending: Ending, after: Duration) -> Self {
        Self { ending, after }
    }

    /// From the control URL: `outcome` and `seconds`.
    pub(crate) fn read(body: &Value) -> Result<Self, String> {
        let ending = match body.get("outcome").and_then(Value::as_str) {
            Some("succeeds") => Ending::Succeeds,
            Some("tasks-fail") => Ending::TasksFail,
            Some("alarm") => Ending::Alarm,
            Some("alarm-later") => Ending::AlarmLater,
            Some("hangs") => Ending::Hangs,
            Some("rollback-fails") => Ending::RollbackFails,
            _ => {
                let known = "succeeds, tasks-fail, alarm, alarm-later, hangs or rollback-fails";
                return Err(format!("`outcome` is {known}"));
            }
        };
        let seconds = body.get("seconds").map_or(Some(USUALLY.as_secs_f64()), Value::as_f64);
        let after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Ok(Self { ending, after: after.ok_or("`seconds` is a number from 0")? })
    }
}

/// How long a deployment takes of which nothing else was said.
const USUALLY: Duration = Duration::from_secs(3);

/// What an outcome was chosen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The name of a service, in any cluster.
    Service(String),
    /// The ARN of a revision, in any service.
    TaskDefinition(String),
    All,
}

/// How deployments go: what was said last counts.
#[derive(Debug, Default)]
pub(in super::super) struct Outcomes(Vec<(Subject, Outcome)>);

impl Outcomes {
    pub(crate) fn set(&mut self, subject: Subject, outcome: Outcome) {
        self.0.push((subject, outcome));
    }

    fn of(&self, service: &str, task_definition: &str) -> Outcome {
        let fits = |subject: &Subject| match subject {
            Subject::Service(name) => name == service,
            Subject::TaskDefinition(arn) => arn == task_definition,
            Subject::All => true,
        };
        let said = self.0.iter().rev().find(|(subject, _)| fits(subject));
        said.map_or(Outcome::new(Ending::Succeeds, USUALLY), |(_, outcome)| *outcome)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Pending,
    InProgress,
    Successful,
    StopRequested,
    Stopped,
    RollbackRequested,
    RollbackInProgress,
    RollbackSuccessful,
    RollbackFailed,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::Successful => "SUCCESSFUL",
            Self::StopRequested => "STOP_REQUESTED",
            Self::Stopped => "STOPPED",
            Self::RollbackRequested => "ROLLBACK_REQUESTED",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Self::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    pub(super) fn is_final(self) -> bool {
        use Status::{RollbackFailed, RollbackSuccessful, Stopped, Successful};
        matches!(self, Successful | Stopped | RollbackSuccessful | RollbackFailed)
    }
}

#[derive(Debug)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    /// Ids of the service revisions that ran when it began.
    pub(super) sources: Vec<String>,
    /// Id of the service revision that it brings.
    pub(super) target: String,
    outcome: Outcome,
    /// The endpoint's time at its beginning.
    began: f64,
    /// The endpoint's time at the beginning of its rollback.
    rolls_back_since: Option<f64>,
    pub(super) created_at: f64,
    pub(super) started_at: Option<f64>,
    pub(super) finished_at: Option<f64>,
    pub(super) stopped_at: Option<f64>,
    pub(super) updated_at: f64,
    pub(super) rollback: Option<Rollback>,
    pub(super) failed_tasks: u64,
    pub(super) alarm_went_off: bool,
    pub(super) breaker_tripped: bool,
}

#[derive(Debug)]
pub(super) struct Rollback {
    pub(super) reason: String,
    pub(super) started_at: f64,
    /// Id of the service revision that it goes back to.
    pub(super) to: String,
}

/// For so much of a deployment's time it is pending, and its rollback requested.
const AT_FIRST: f64 = 0.1;

/// Why a deployment ends before its time.
enum Failure {
    Breaker,
    Alarm,
}

impl EcsService {
    /// Begins to deploy a revision: the deployments that were under way are over, and their revisions among the sources.
    pub(super) fn deploy(
        &mut self,
        [deployment, revision]: [String; 2],
        task_definition: &str,
        outcomes: &Outcomes,
        clock: f64,
        now: f64,
    ) {
        let mut sources: Vec<String> = self.running_revision().into_iter().collect();
        for other in self.deployments.iter_mut().filter(|other| !other.status.is_final()) {
            sources.push(other.target.clone());
            other.ends(Status::Stopped, now, Some("Stopped: another deployment of the service began."));
        }
        self.revisions.push(ServiceRevision {
            id: revision.clone(),
            task_definition: task_definition.to_owned(),
            created_at: now,
        });
        self.task_definition = task_definition.to_owned();
        self.deployments.push(Deployment {
            id: deployment,
            status: Status::Pending,
            reason: None,
            sources,
            target: revision,
            outcome: outcomes.of(&self.name, task_definition),
            began: clock,
            rolls_back_since: None,
            created_at: now,
            started_at: None,
            finished_at: None,
            stopped_at: None,
            updated_at: now,
            rollback: None,
            failed_tasks: 0,
            alarm_went_off: false,
            breaker_tripped: false,
        });
        self.advance(clock, now);
    }

    /// Id of the service revision that was deployed completely last.
    pub(super) fn running_revision(&self) -> Option<String> {
        self.deployments.iter().rev().find_map(|deployment| match deployment.status {
            Status::Successful => Some(deployment.target.clone()),
            Status::RollbackSuccessful => deployment.rollback.as_ref().map(|rollback| rollback.to.clone()),
            _ => None,
        })
    }

    /// The task definition of a service revision.
    pub(super) fn revision(&self, id: &str) -> &str {
        let found = self.revisions.iter().find(|revision| revision.id == id);
        found.map_or("", |revision| revision.task_definition.as_str())
    }

    /// Lets happen what has happened by now.
    pub(super) fn advance(&mut self, clock: f64, now: f64) {
        let breaker = self.guard(&["deploymentConfiguration", "deploymentCircuitBreaker"]);
        let alarms = self.guard(&["deploymentConfiguration", "alarms"]);
        let Some(deployment) = self.deployments.last_mut() else { return };
        deployment.alarm_went_off |= alarms.is_some() && deployment.has_alarm_later(clock);
        if deployment.status.is_final() {
            return;
        }
        let failure = deployment.advance(clock, now, breaker.is_some(), alarms.is_some());
        if deployment.status == Status::Successful {
            self.events.push((now, format!("(service {}) has reached a steady state.", self.name)));
        }
        match failure {
            Some(Failure::Breaker) => self.fail(clock, now, breaker == Some(true), Failure::Breaker),
            Some(Failure::Alarm) => self.fail(clock, now, alarms == Some(true), Failure::Alarm),
            None => {}
        }
    }

    /// Whether this guard of deployments rolls back; none where it is not on.
    fn guard(&self, path: &[&str; 2]) -> Option<bool> {
        let is_on = |key: &str| self.setting(&[path[0], path[1], key]).and_then(Value::as_bool) == Some(true);
        is_on("enable").then(|| is_on("rollback"))
    }

    fn fail(&mut self, clock: f64, now: f64, rolls_back: bool, failure: Failure) {
        let (rolled_back, stopped) = match failure {
            Failure::Breaker => (
                "Service deployment rolled back because the circuit breaker threshold was exceeded.",
                "Service deployment stopped because the circuit breaker threshold was exceeded.",
            ),
            Failure::Alarm => (
                "Service deployment rolled back because of a triggered alarm.",
                "Service deployment stopped because of a triggered alarm.",
            ),
        };
        self.events.push((now, format!("(service {}) deployment failed: tasks failed to start.", self.name)));
        match rolls_back {
            true => self.roll_back(clock, now, rolled_back),
            false => self.last().ends(Status::Stopped, now, Some(stopped)),
        }
    }

    /// Goes back to what ran before, if there was something.
    pub(super) fn roll_back(&mut self, clock: f64, now: f64, reason: &str) {
        let to = self.running_revision();
        let Some(to) = to else {
            let failed = "No rollback candidate was found to run the rollback.";
            return self.last().ends(Status::RollbackFailed, now, Some(failed));
        };
        self.task_definition = self.revision(&to).to_owned();
        let deployment = self.last();
        deployment.status = Status::RollbackRequested;
        deployment.reason = Some(reason.to_owned());
        deployment.rolls_back_since = Some(clock);
        deployment.updated_at = now;
        deployment.rollback = Some(Rollback { reason: reason.to_owned(), started_at: now, to });
        self.advance(clock, now);
    }

    /// Ends what is under way without a rollback.
    pub(super) fn abort(&mut self, now: f64) {
        self.last().ends(Status::StopRequested, now, Some("Stopped on request."));
    }

    fn last(&mut self) -> &mut Deployment {
        self.deployments.last_mut().expect("only a service with a deployment gets here")
    }
}

impl Deployment {
    fn advance(&mut self, clock: f64, now: f64, has_breaker: bool, has_alarms: bool) -> Option<Failure> {
        let lasts = self.outcome.after.as_secs_f64();
        if self.status == Status::StopRequested {
            self.ends(Status::Stopped, now, None);
        } else if let Some(since) = self.rolls_back_since {
            let passed = clock - since;
            match self.outcome.ending {
                Ending::RollbackFails if passed >= lasts => self.ends(Status::RollbackFailed, now, None),
                _ if passed >= lasts => self.ends(Status::RollbackSuccessful, now, None),
                _ if passed >= lasts * AT_FIRST => self.turns(Status::RollbackInProgress, now),
                _ => {}
            }
        } else {
            let passed = clock - self.began;
            if passed >= lasts * AT_FIRST && self.status == Status::Pending {
                self.started_at = Some(now);
                self.turns(Status::InProgress, now);
            }
            let is_over = passed >= lasts;
            match self.outcome.ending {
                Ending::Succeeds | Ending::AlarmLater if is_over => self.ends(Status::Successful, now, None),
                Ending::Alarm if is_over && !has_alarms => self.ends(Status::Successful, now, None),
                Ending::Alarm if is_over => {
                    self.alarm_went_off = true;
                    return Some(Failure::Alarm);
                }
                Ending::TasksFail | Ending::RollbackFails => {
                    // Of ten failing tasks each takes as long as the next; more are never counted here.
                    self.failed_tasks =
                        (1..=10).filter(|task| passed * 10.0 >= lasts * f64::from(*task)).count() as u64;
                    self.breaker_tripped = is_over && has_breaker;
                    return self.breaker_tripped.then_some(Failure::Breaker);
                }
                _ => {}
            }
        }
        None
    }

    /// Whether an alarm goes off after the success.
    fn has_alarm_later(&self, clock: f64) -> bool {
        let lasts = self.outcome.after.as_secs_f64();
        self.status == Status::Successful
            && self.outcome.ending == Ending::AlarmLater
            && clock - self.began >= 2.0 * lasts
    }

    fn turns(&mut self, status: Status, now: f64) {
        if self.status != status {
            self.status = status;
            self.updated_at = now;
        }
    }

    fn ends(&mut self, status: Status, now: f64, reason: Option<&str>) {
        self.turns(status, now);
        self.reason = reason.map(str::to_owned).or(self.reason.take());
        match status {
            Status::StopRequested => {}
            Status::Stopped => self.stopped_at = Some(now),
            _ => self.finished_at = Some(now),
        }
    }
}
