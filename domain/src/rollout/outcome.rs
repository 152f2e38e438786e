//! How it ended for each service, and for all of them in a sentence.

use std::collections::{BTreeMap, BTreeSet};

/// What became of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How its move ended or where it stands.
    pub status: Status,
    /// ARN of the task definition that the service had when it was last looked at.
    pub task_definition: Option<String>,
    /// ARN of the task definition that it had before the move.
    pub previous: Option<String>,
    /// ARN of the service deployment.
    pub deployment: Option<String>,
    /// Why, where there is something to say; empty otherwise.
    pub reason: String,
    /// Its wave, the first is 1.
    pub wave: usize,
    /// Whether a new deployment of the same task definition is still to be started.
    pub is_force_pending: bool,
    /// While nobody knows whether ECS carried a call out: the ARNs of the deployments that there were before it.
    pub before: BTreeSet<String>,
}

/// The ways a move ends, and the places where an interruption may leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Its deployment was successful, it baked, and the service has the task definition.
    Succeeded,
    /// The service had the task definition before anything was started.
    Unchanged,
    /// Deployed, and its wave has not baked to the end.
    Baking,
    /// Its deployment goes on.
    InProgress,
    /// A deployment of somebody else goes on and is waited for.
    Waiting,
    /// Nothing was started.
    NotStarted,
    /// It began to run a newer revision of the family after the plan, and was not moved.
    Overtaken,
    /// Its deployment failed, or could not be started.
    Failed,
    /// It was asked for, and what came of it could not be seen.
    Unknown,
    /// There is no such service.
    Missing,
    /// The move back goes on.
    RollingBack,
    /// It was moved back.
    RolledBack,
    /// It should have been moved back and was not.
    RollbackFailed,
}

/// Every status, in the order in which a summary counts them.
const STATUSES: [Status; 13] = [
    Status::Succeeded,
    Status::Unchanged,
    Status::Baking,
    Status::InProgress,
    Status::Waiting,
    Status::NotStarted,
    Status::Overtaken,
    Status::Failed,
    Status::Unknown,
    Status::Missing,
    Status::RollingBack,
    Status::RolledBack,
    Status::RollbackFailed,
];

/// The most services that a summary names for one status.
const MOST_NAMED: usize = 5;

impl Status {
    /// As it is written in a state.
    pub fn name(self) -> &'static str {
        match self {
            Status::Succeeded => "SUCCEEDED",
            Status::Unchanged => "UNCHANGED",
            Status::Baking => "BAKING",
            Status::InProgress => "IN_PROGRESS",
            Status::Waiting => "WAITING",
            Status::NotStarted => "NOT_STARTED",
            Status::Overtaken => "OVERTAKEN",
            Status::Failed => "FAILED",
            Status::Unknown => "UNKNOWN",
            Status::Missing => "MISSING",
            Status::RollingBack => "ROLLING_BACK",
            Status::RolledBack => "ROLLED_BACK",
            Status::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        STATUSES.into_iter().find(|status| status.name() == name)
    }

    /// Whether the service is where the plan wanted it.
    pub fn is_done(self) -> bool {
        matches!(self, Status::Succeeded | Status::Unchanged)
    }

    /// Whether the service was on its way when the outcome was written.
    pub fn is_under_way(self) -> bool {
        matches!(self, Status::Baking | Status::InProgress | Status::Unknown)
    }

    /// As a summary counts it.
    fn words(self) -> &'static str {
        match self {
            Status::Succeeded => "moved",
            Status::Unchanged => "there already",
            Status::Baking => "baking",
            Status::InProgress => "in progress",
            Status::Waiting => "waiting for a deployment of somebody else",
            Status::NotStarted => "not started",
            Status::Overtaken => "not moved because of a newer revision",
            Status::Failed => "failed",
            Status::Unknown => "started with an outcome that is not known",
            Status::Missing => "not found",
            Status::RollingBack => "on the way back",
            Status::RolledBack => "rolled back",
            Status::RollbackFailed => "not rolled back",
        }
    }
}

/// All outcomes in a sentence: how many services are done, and of the rest how many stand where, the first few by name.
pub fn summary(outcomes: &BTreeMap<String, Outcome>) -> String {
    let done = outcomes.values().filter(|outcome| outcome.status.is_done()).count();
    let mut parts = Vec::new();
    for status in STATUSES {
        let keys: Vec<&str> = outcomes
            .iter()
            .filter(|(_, outcome)| outcome.status == status)
            .map(|(key, _)| key.as_str())
            .collect();
        if keys.is_empty() {
            continue;
        }
        let named = if status.is_done() { String::new() } else { format!(" ({})", first_of(&keys)) };
        parts.push(format!("{} {}{named}", keys.len(), status.words()));
    }
    format!("{done} of {} services done: {}.", outcomes.len(), parts.join(", "))
}

/// The first few names, and how many follow.
fn first_of(keys: &[&str]) -> String {
    let named = keys[..keys.len().min(MOST_NAMED)].join(", ");
    match keys.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
