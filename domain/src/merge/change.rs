//! What hardening did to the user's document, in sentences. Values are never part of them.

use std::fmt;

use crate::document::{Path, Step};
use crate::rofs::workload::Role;

/// One thing that was added or changed, or kept although the pattern would say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the container, where it is known and the change is in one.
    pub container: Option<String>,
    /// Where in the user's document; empty for what was put beside it.
    pub path: Path,
    /// What.
    pub kind: ChangeKind,
}

/// What was added, changed or kept.
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
    /// A secret was added.
    AddedSecret(String),
    /// A variable comes from a secret of the user, which the pattern would set otherwise.
    KeptSecret(String),
    /// A volume was mounted.
    AddedMount {
        /// Name of the volume.
        volume: String,
        /// Where.
        path: String,
    },
    /// Something is mounted already, there, at a path that was to be made writable or above it.
    KeptMount(String),
    /// A tmpfs was mounted.
    AddedTmpfs {
        /// Where.
        path: String,
        /// MiB it may hold.
        size: i64,
    },
    /// The container now waits for another.
    AddedDependency {
        /// Name of the other container.
        container: String,
        /// Whether until it is healthy.
        healthy: bool,
    },
    /// The container waited for another already, and now waits for its success.
    WaitsForSuccess(String),
    /// The container waited for the other already, on another condition.
    KeptDependency(String),
    /// A label was added.
    AddedLabel(String),
    /// A label is the user's and differs from what the pattern would set.
    KeptLabel(String),
    /// A key of the container definition was added.
    AddedMember(String),
    /// A port was mapped.
    AddedPort(String),
    /// A part of the container is the user's and differs from what a setting says.
    KeptSetting {
        /// The key of the container definition; empty for the task's own.
        key: String,
        /// The setting.
        setting: String,
    },
    /// Somebody else fills the Agent's configuration volume, so the files of the settings are not written to it.
    KeptConfiguration,
    /// The user that a setting names would not own the directories that the container writes to.
    KeptUser,
    /// The root filesystem became read-only; nothing was said of it.
    AddedReadOnlyRoot,
    /// The root filesystem became read-only; it was said to be writable.
    ClosedRoot,
    /// The root filesystem is said to be writable and stays so.
    KeptWritableRoot,
    /// The Agent that is there runs another image than the one that was asked for.
    KeptImage,
    /// The Agent works on Fargate only, and the task may be started on these as well.
    FargateOnly(Vec<String>),
    /// A container that is probably the Agent keeps its root filesystem: without the volumes of the pattern the Agent would
    /// not start on a read-only one.
    LikelyAgentLeftAlone {
        /// What speaks for the Agent.
        why: String,
    },
    /// A FireLens log router was not wired.
    RouterLeftAlone,
    /// An init container of the user that fills the Agent's configuration volume was not wired.
    InitLeftAlone,
    /// A container of the Agent's image that runs something else was not wired.
    AgentImageLeftAlone,
    /// The task is for Windows and was not touched.
    WindowsLeftAlone,
}

impl Change {
    /// Whether something of the user was kept although the pattern, or what was asked for, would say otherwise.
    pub fn is_kept(&self) -> bool {
        matches!(
            self.kind,
            ChangeKind::KeptVariable(_)
                | ChangeKind::KeptSecret(_)
                | ChangeKind::KeptMount(_)
                | ChangeKind::KeptDependency(_)
                | ChangeKind::KeptLabel(_)
                | ChangeKind::KeptWritableRoot
                | ChangeKind::KeptImage
                | ChangeKind::KeptSetting { .. }
                | ChangeKind::KeptUser
                | ChangeKind::KeptConfiguration
                | ChangeKind::WindowsLeftAlone
        )
    }

    /// Whether something that the user wrote is otherwise now.
    pub fn is_of_what_was_written(&self) -> bool {
        matches!(self.kind, ChangeKind::WaitsForSuccess(_) | ChangeKind::ClosedRoot)
    }

    /// Whether nobody could tell what the container is, so that it was left alone.
    pub fn is_open_question(&self) -> bool {
        matches!(self.kind, ChangeKind::LikelyAgentLeftAlone { .. })
    }

    /// Whether the document is as it was, as far as this goes: something was kept, or is nothing to be wired.
    pub fn changes_nothing(&self) -> bool {
        self.is_kept()
            || self.is_open_question()
            || matches!(
                self.kind,
                ChangeKind::RouterLeftAlone
                    | ChangeKind::InitLeftAlone
                    | ChangeKind::AgentImageLeftAlone
                    | ChangeKind::FargateOnly(_)
            )
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.container, self.path.0.get(1)) {
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
            ChangeKind::AddedSecret(name) => write!(out, "+ secret {name}"),
            ChangeKind::KeptSecret(name) => write!(out, "keeps taking variable {name} from its own secret"),
            ChangeKind::AddedMount { volume, path } => write!(out, "+ mount {path} (volume {volume})"),
            ChangeKind::KeptMount(path) => write!(out, "keeps its own mount at {path}"),
            ChangeKind::AddedTmpfs { path, size } => write!(out, "+ tmpfs {path} ({size} MiB)"),
            ChangeKind::AddedDependency { container, healthy: true } => {
                write!(out, "+ waits until {container} is healthy")
            }
            ChangeKind::AddedDependency { container, healthy: false } => {
                write!(out, "+ waits for {container}")
            }
            ChangeKind::WaitsForSuccess(container) => {
                write!(out, "now waits for SUCCESS of {container}")
            }
            ChangeKind::KeptDependency(container) => {
                write!(out, "keeps its own condition of waiting for {container}")
            }
            ChangeKind::AddedLabel(label) => write!(out, "+ label {label}"),
            ChangeKind::KeptLabel(label) => write!(out, "keeps its own value of label {label}"),
            ChangeKind::AddedMember(key) => write!(out, "+ {key}"),
            ChangeKind::AddedPort(port) => write!(out, "+ port {port}"),
            ChangeKind::KeptSetting { key, setting } if key.is_empty() => {
                write!(out, "keeps what the task says (setting {setting})")
            }
            ChangeKind::KeptSetting { key, setting } => {
                write!(out, "keeps its own {key} (setting {setting})")
            }
            ChangeKind::KeptUser => out
                .write_str("keeps its user, because no init container hands its volumes over (setting user)"),
            ChangeKind::KeptConfiguration => out.write_str(
                "keeps its own configuration, because no init container of the provider's fills it (setting config_files)",
            ),
            ChangeKind::AddedReadOnlyRoot => out.write_str("+ readonlyRootFilesystem true"),
            ChangeKind::ClosedRoot => out.write_str("readonlyRootFilesystem false → true"),
            ChangeKind::KeptWritableRoot => out.write_str("keeps its writable root filesystem"),
            ChangeKind::KeptImage => out.write_str("keeps its own image of the Datadog Agent"),
            ChangeKind::FargateOnly(besides) => write!(
                out,
                "the Datadog Agent works on Fargate only, and the task may be started on {} as well",
                besides.join(" and ")
            ),
            ChangeKind::LikelyAgentLeftAlone { why } => {
                let name = self.container.as_deref().unwrap_or("...");
                write!(
                    out,
                    "is probably the Datadog Agent, because {why}, and keeps its root filesystem: the Agent would not start \
                     on a read-only one without its volumes. If it is, say so in the Agent's settings, existing_container = \
                     \"{name}\"; if it is not, write \"readonlyRootFilesystem\": true in it"
                )
            }
            ChangeKind::RouterLeftAlone => out.write_str("is the FireLens log router and is not wired"),
            ChangeKind::InitLeftAlone => out.write_str("fills the Agent's configuration and is not wired"),
            ChangeKind::AgentImageLeftAlone => {
                out.write_str("has the Agent's image, runs something else and is not wired")
            }
            ChangeKind::WindowsLeftAlone => out.write_str(
                "the task is for Windows, where there is no read-only root filesystem, and stays as it is",
            ),
        }
    }
}
