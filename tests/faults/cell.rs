//! One run: prepare, disturb or kill, apply once more, compare.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::endings::{restore_state, settle, wait_for_end, wait_until};
use crate::harness::local_ecs::{Disturbance, Fault, Lag, LocalEcs, When};
use crate::harness::{Backend, Outcome, Workspace};
use crate::kills::{Kill, providers_in};
use crate::operations::{Operation, SERVICES, endpoint};
use crate::table::Row;
use crate::troubles::Trouble;
use crate::verdict::{Found, compare};

/// Makes the provider's clock go as fast as the endpoint's.
const PACE_VARIABLE: &str = "DDROFS_ECS_PACE";

/// How long a call takes that is under way when its apply is killed.
const CALL: Duration = Duration::from_millis(400);

/// No file may grow beyond so many blocks of 512 bytes: part of a state of 20 task definitions fits in.
const BLOCKS: u32 = 16;

/// What is tried in one run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell {
    Disturbed { operation: Operation, trouble: Trouble, round: u32 },
    Killed { kill: Kill, moment: u32, of: u32 },
    MoveKilled { kill: Kill, moment: u32, of: u32 },
    DiskFull,
}

/// A workspace with its own endpoint.
struct Run {
    place: Backend,
    workspace: Workspace,
    operation: Operation,
    speed: f64,
}

impl Cell {
    /// What `--only` looks into.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.operation().name(), self.fault())
    }

    fn fault(&self) -> String {
        match self {
            Self::Disturbed { trouble, .. } => trouble.name(),
            Self::Killed { kill, .. } | Self::MoveKilled { kill, .. } => kill.name.to_owned(),
            Self::DiskFull => "disk full for the state".to_owned(),
        }
    }

    /// Whether it is run without `--all`: of each fault one, and of a rollout what can double a deployment or lose one.
    pub(crate) fn is_of_every_day(&self) -> bool {
        match self {
            Self::Disturbed { operation: Operation::Register, .. } => true,
            Self::Disturbed { operation: Operation::Move | Operation::MoveAgain, trouble, .. } => {
                matches!(trouble, Trouble::Fault(_, Fault::LostAnswer | Fault::Reset))
            }
            Self::Disturbed { operation: Operation::LookAtDeployments, trouble, .. } => {
                matches!(trouble, Trouble::Storm)
            }
            Self::Disturbed { .. } => false,
            _ => true,
        }
    }

    /// Creates and updates are killed by turns.
    fn operation(&self) -> Operation {
        match self {
            Self::Disturbed { operation, .. } => *operation,
            Self::Killed { moment, .. } if moment % 2 == 1 => Operation::RegisterAgain,
            Self::Killed { .. } | Self::DiskFull => Operation::Register,
            Self::MoveKilled { .. } => Operation::Move,
        }
    }

    /// Runs it with clocks this fast.
    pub(crate) fn run(&self, speed: f64) -> Row {
        let begin = Instant::now();
        let mut run = Run::prepared(self.operation(), speed);
        run.server().forget_requests();
        let (failed, mut found) = match self {
            Self::Disturbed { trouble, round, .. } => {
                run.set_speed(speed.min(trouble.fastest()));
                run.disturbed(*trouble, *round)
            }
            Self::Killed { kill, moment, of } => run.registration_killed(*kill, *moment, *of),
            Self::MoveKilled { kill, moment, of } => run.move_killed(*kill, *moment, *of),
            Self::DiskFull => run.on_a_full_disk(),
        };
        let struck = run.server().requests().iter().filter(|request| request.fault.is_some()).count();
        run.finish(&mut found);
        Row {
            operation: self.operation().name(),
            fault: self.fault(),
            runs: 1,
            struck,
            failed: usize::from(failed),
            found,
            seconds: begin.elapsed().as_secs_f64(),
        }
    }
}

impl Run {
    fn prepared(operation: Operation, speed: f64) -> Self {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let place = Backend::local();
        let mut workspace = Workspace::new(&format!("run-{number:03}"));
        // A trace of every run would be gigabytes.
        workspace.set("TF_LOG", "");
        let mut run = Self { place, workspace, operation, speed };
        run.set_speed(speed);
        operation.prepare(&run.workspace, run.server());
        run
    }

    fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
        self.workspace.set(PACE_VARIABLE, &speed.to_string());
        self.server().set_speed(speed);
    }

    fn server(&self) -> &LocalEcs {
        endpoint(&self.place)
    }

    fn command(&self) -> Outcome {
        self.workspace.run(&self.operation.arguments())
    }

    fn disturbed(&self, trouble: Trouble, round: u32) -> (bool, Found) {
        trouble.begin(self.server(), self.operation.calls(), round);
        let failed = !self.command().succeeded();
        trouble.end(self.server());
        (failed, Found::default())
    }

    /// The calls of one half of the moments have had their effect when they are cut off, those of the other have it later.
    fn registration_killed(&mut self, kill: Kill, moment: u32, of: u32) -> (bool, Found) {
        self.set_speed(1.0);
        let slow = if (moment / 2).is_multiple_of(2) { Fault::SlowAnswer(CALL) } else { Fault::Slow(CALL) };
        self.server().disturb(Disturbance::new("RegisterTaskDefinition", slow, When::Always));
        let sent = 1 + moment as usize * (SERVICES - 1) / (of as usize).saturating_sub(1).max(1);
        let sent = if of == 1 { SERVICES / 2 } else { sent };
        self.killed(kill, "RegisterTaskDefinition", sent, None)
    }

    /// By turns, for every kind of killing, a call is cut off after its effect, before it, and when the deployments are looked at
    /// that follow.
    fn move_killed(&mut self, kill: Kill, moment: u32, of: u32) -> (bool, Found) {
        let call = CALL.mul_f64(self.speed);
        let kinds = Kill::SIX.len() as u32;
        let (slow, then) = match (moment / kinds + moment) % 3 {
            0 => (Some(Fault::SlowAnswer(call)), None),
            1 => (Some(Fault::Slow(call)), None),
            _ => (None, Some("DescribeServiceDeployments")),
        };
        if let Some(slow) = slow {
            self.server().disturb(Disturbance::new("UpdateService", slow, When::Always));
        }
        let sent = 1 + (moment as usize * SERVICES) / of as usize;
        self.killed(kill, "UpdateService", sent, then)
    }

    /// Kills when so many calls of an operation have been sent and, after them, another one is.
    fn killed(&mut self, kill: Kill, operation: &str, sent: usize, then: Option<&str>) -> (bool, Found) {
        let mut found = Found::default();
        let mut core = self.workspace.spawn_group(&self.operation.arguments());
        let mut is_sent = |operation: &str, count: usize| {
            wait_until(|| {
                self.server().requests_of(operation).len() >= count
                    || core.try_wait().is_ok_and(|ended| ended.is_some())
            })
        };
        let reached = is_sent(operation, sent)
            && then.is_none_or(|then| is_sent(then, self.server().requests_of(then).len() + 1));
        if !reached {
            found.add_wrong(format!("{sent} calls of {operation} were never sent"));
        }
        kill.strike(&core, self.workspace.folder(), || {
            wait_until(|| {
                self.workspace.spawned_said("nterrupt received")
                    || providers_in(self.workspace.folder()).is_empty()
            });
        });
        if let Err(problem) = wait_for_end(&mut core, self.workspace.folder()) {
            found.add_wrong(problem);
        }
        if !settle(self.server()) {
            found.add_wrong("a call never ended".to_owned());
        }
        let failed = core.try_wait().ok().flatten().is_none_or(|status| !status.success());
        self.server().clear_faults();
        (failed, found)
    }

    fn on_a_full_disk(&self) -> (bool, Found) {
        let mut found = Found::default();
        let failed = !self.workspace.run_on_a_full_disk(BLOCKS, &self.operation.arguments()).succeeded();
        if let Err(error) = restore_state(self.workspace.folder()) {
            found.add_wrong(format!("the state cannot be restored: {error}"));
        }
        (failed, found)
    }

    /// Runs the command once more, lets reads catch up, and looks at everything.
    fn finish(&self, found: &mut Found) {
        let again = self.command();
        if !again.succeeded() {
            found.add_wrong(format!("the second {}: {}", self.operation.arguments()[0], again.first_error()));
        }
        self.server().set_lag(Lag::default());
        found.add(&compare(&self.workspace, self.server(), self.operation));
        let plan = match self.operation {
            Operation::Deregister => {
                self.workspace.run(&["plan", "-input=false", "-detailed-exitcode", "-destroy"])
            }
            _ => self.workspace.plan(),
        };
        if !plan.succeeded() {
            found.add_wrong(format!("the plan in the end is not empty: {}", plan.first_error()));
        }
    }
}
