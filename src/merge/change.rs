//! What wiring did to the user's document, in sentences. Values are never part of them.

use std::fmt;

use crate::document::{Path, Step};
use crate::rofs::workload::{Container, Role};

/// One thing that was added, or kept although the pattern would say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the container, where it is known and the change is in one.
    pub container: Option<String>,
    /// Where in the user's document; empty for what was put before it.
    pub path: Path,
    /// What.
    pub kind: ChangeKind,
}

/// What was added or kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// A sidecar was put before the application.
    AddedSidecar(Role),
    /// A volume was added.
    AddedVolume(String),
    /// A variable was added.
    AddedVariable(String),
    /// A variable is the user's and differs from what the pattern would set.
    KeptVariable(String),
    /// A volume was mounted.
    AddedMount {
        /// Name of the volume.
        volume: String,
        /// Where.
        path: String,
    },
    /// The container now waits for another.
    AddedDependency {
        /// Name of the other container.
        container: String,
        /// Whether until it is healthy.
        healthy: bool,
    },
    /// The container waited for the Agent already, on another condition.
    KeptDependency(String),
    /// A label was added.
    AddedLabel(String),
    /// A label is the user's and differs from what the pattern would set.
    KeptLabel(String),
    /// A FireLens log router was not wired.
    RouterLeftAlone,
}

impl Change {
    pub(super) fn sidecar(container: &Container) -> Self {
        Change {
            container: Some(container.name.clone()),
            path: Path::default(),
            kind: ChangeKind::AddedSidecar(container.role),
        }
    }

    /// Whether something of the user's was kept although the pattern would say otherwise.
    pub fn is_kept(&self) -> bool {
        matches!(
            self.kind,
            ChangeKind::KeptVariable(_)
                | ChangeKind::KeptDependency(_)
                | ChangeKind::KeptLabel(_)
                | ChangeKind::RouterLeftAlone
        )
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.container, self.path.0.first()) {
            (Some(container), _) => write!(out, "{container}: ")?,
            (None, Some(Step::Index(index))) => write!(out, "container [{index}]: ")?,
            (None, _) => {}
        }
        match &self.kind {
            ChangeKind::AddedSidecar(Role::Init) => out.write_str("+ init container"),
            ChangeKind::AddedSidecar(Role::Agent) => out.write_str("+ Datadog Agent"),
            ChangeKind::AddedVolume(volume) => write!(out, "+ volume {volume}"),
            ChangeKind::AddedVariable(name) => write!(out, "+ variable {name}"),
            ChangeKind::KeptVariable(name) => write!(out, "keeps its own value of variable {name}"),
            ChangeKind::AddedMount { volume, path } => write!(out, "+ mount {path} from volume {volume}"),
            ChangeKind::AddedDependency { container, healthy: true } => {
                write!(out, "+ waits until {container} is healthy")
            }
            ChangeKind::AddedDependency { container, healthy: false } => {
                write!(out, "+ waits for {container}")
            }
            ChangeKind::KeptDependency(container) => {
                write!(out, "keeps its own condition of waiting for {container}")
            }
            ChangeKind::AddedLabel(label) => write!(out, "+ label {label}"),
            ChangeKind::KeptLabel(label) => write!(out, "keeps its own value of label {label}"),
            ChangeKind::RouterLeftAlone => out.write_str("is the FireLens log router and is not wired"),
        }
    }
}
