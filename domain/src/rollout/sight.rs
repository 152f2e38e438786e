//! What a look at a service shows.

use std::time::Duration;

/// A service as ECS shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// ARN of the task definition that the service has.
    pub task_definition: String,
    /// ARN of the task definition that the service's own list of deployments shows as being rolled out, if one is.
    pub rolls_out: Option<String>,
    /// Its service deployments, in any order; empty where the look did not ask for them.
    pub deployments: Vec<Deployment>,
}

impl Sight {
    /// The deployment that was created last.
    pub fn latest(&self) -> Option<&Deployment> {
        self.deployments.iter().max_by_key(|deployment| (deployment.created_at, &deployment.id))
    }

    /// A deployment that is still going on.
    pub fn in_progress(&self) -> Option<&Deployment> {
        let going_on = self.deployments.iter().filter(|deployment| !deployment.status.is_over());
        going_on.max_by_key(|deployment| (deployment.created_at, &deployment.id))
    }
}

/// A service deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its ARN.
    pub id: String,
    /// Where it stands.
    pub status: DeploymentStatus,
    /// Why, as ECS says it; empty where ECS says nothing.
    pub reason: String,
    /// ARN of the task definition of its source revision, where that is known.
    pub source: Option<String>,
    /// ARN of the task definition of its target revision, where that is known.
    pub target: Option<String>,
    /// Names of the alarms that ECS reports as triggered for it.
    pub alarms: Vec<String>,
    /// When it was created.
    pub created_at: Duration,
    /// When it ended, where it did.
    pub finished_at: Option<Duration>,
}

/// ServiceDeploymentStatus of the API model, read 2026-11.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeploymentStatus {
    /// Not begun.
    Pending,
    /// Tasks are being replaced, or it bakes.
    InProgress,
    /// Ended as it should.
    Successful,
    /// Somebody asked for its end.
    StopRequested,
    /// Ended where it was: by somebody, by another deployment, or by a circuit breaker that does not roll back.
    Stopped,
    /// It is about to go back.
    RollbackRequested,
    /// It goes back.
    RollbackInProgress,
    /// It went back.
    RollbackSuccessful,
    /// It could not go back.
    RollbackFailed,
    /// A word that is not known here, which is taken for one of a deployment that goes on.
    Other(String),
}

impl DeploymentStatus {
    /// The status of that name.
    pub fn parse(word: &str) -> Self {
        match word {
            "PENDING" => Self::Pending,
            "IN_PROGRESS" => Self::InProgress,
            "SUCCESSFUL" => Self::Successful,
            "STOP_REQUESTED" => Self::StopRequested,
            "STOPPED" => Self::Stopped,
            "ROLLBACK_REQUESTED" => Self::RollbackRequested,
            "ROLLBACK_IN_PROGRESS" => Self::RollbackInProgress,
            "ROLLBACK_SUCCESSFUL" => Self::RollbackSuccessful,
            "ROLLBACK_FAILED" => Self::RollbackFailed,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Its name at ECS.
    pub fn name(&self) -> &str {
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
            Self::Other(word) => word,
        }
    }

    /// Whether nothing more will come of it.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Successful | Self::Stopped | Self::RollbackSuccessful | Self::RollbackFailed)
    }
}
