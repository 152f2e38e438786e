//! What stands in the way of hardening, in sentences that say how to get past it. Values are never part of them.

use std::fmt;

use crate::document::Path;
use crate::rofs::platform::LaunchType;
use crate::rofs::workload::Role;

/// Something that cannot be joined with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Name of the user's container, where it is known and the collision is in one.
    pub container: Option<String>,
    /// Where in the user's document.
    pub path: Path,
    /// What.
    pub kind: CollisionKind,
}

/// What cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollisionKind {
    /// A container has the name of a sidecar and is another.
    ContainerName {
        /// The name.
        name: String,
        /// The sidecar.
        role: Role,
    },
    /// A volume has the name of one of the pattern's and is another.
    VolumeName {
        /// The name.
        name: String,
    },
    /// Something else is mounted where the pattern mounts its own.
    MountPath {
        /// Where.
        path: String,
        /// The pattern's volume.
        volume: String,
        /// The user's volume, where it says one.
        taken_by: Option<String>,
    },
    /// The Agent has a tmpfs where another container has to reach its files.
    AgentTmpfs {
        /// Where.
        path: String,
    },
    /// Two containers run the Agent.
    TwoAgents {
        /// Name of the first.
        first: String,
    },
    /// A container is probably the Agent, and an Agent was asked for.
    LikelyAgent {
        /// What speaks for the Agent.
        why: String,
    },
    /// The container that is said to be the Agent is not there.
    NoSuchAgent {
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// An added dependency would close a circle.
    Circle {
        /// Names of the containers, each waiting for the next; the first again at the end.
        circle: Vec<String>,
    },
    /// A label has the mark's name and is no mark.
    ForeignMark,
    /// An Agent was to be added to a task that does not run on Fargate.
    LaunchType {
        /// Where it runs.
        launch_type: LaunchType,
        /// Whether the setting says so, and not the task.
        is_setting: bool,
    },
    /// The Agent was asked for in a task for Windows.
    Windows,
    /// Writable paths name a container that is not there.
    NoSuchContainer {
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A path cannot be made writable.
    NotAWritablePath {
        /// The path as it was written.
        path: String,
        /// Why not.
        why: &'static str,
    },
    /// What is mounted at a path that was to be writable is read-only.
    MountedReadOnly {
        /// The path.
        path: String,
        /// Where it is mounted: there, or above.
        at: String,
    },
    /// The size of tmpfs is none.
    TmpfsSize {
        /// The size as it was written.
        size: i64,
    },
}

impl Collision {
    /// Whether it is in what was asked for, and not in the document.
    pub fn is_in_what_was_asked_for(&self) -> bool {
        matches!(
            self.kind,
            CollisionKind::NoSuchContainer { .. }
                | CollisionKind::NoSuchAgent { .. }
                | CollisionKind::NotAWritablePath { .. }
                | CollisionKind::TmpfsSize { .. }
                | CollisionKind::LaunchType { is_setting: true, .. }
        )
    }

    /// What is wrong, in a few words.
    pub fn summary(&self) -> &'static str {
        match self.kind {
            CollisionKind::ContainerName { .. } => "Container name already taken",
            CollisionKind::VolumeName { .. } => "Volume name already taken",
            CollisionKind::MountPath { .. } => "Mount path already taken",
            CollisionKind::AgentTmpfs { .. } => "The Agent's files are in a tmpfs",
            CollisionKind::TwoAgents { .. } => "Two Datadog Agents in one task",
            CollisionKind::LikelyAgent { .. } => "Container is probably the Datadog Agent",
            CollisionKind::NoSuchAgent { .. } => "No such container",
            CollisionKind::Circle { .. } => "Containers would wait for each other",
            CollisionKind::ForeignMark => "Label of the hardening's mark already taken",
            CollisionKind::LaunchType { .. } => "An Agent for this launch type is not supported yet",
            CollisionKind::Windows => "The Agent's pattern is for Linux",
            CollisionKind::NoSuchContainer { .. } => "No such container",
            CollisionKind::NotAWritablePath { .. } => "Path cannot be made writable",
            CollisionKind::MountedReadOnly { .. } => "Writable path is mounted read-only",
            CollisionKind::TmpfsSize { .. } => "Size of tmpfs is not positive",
        }
    }

    /// What to write instead.
    pub fn fix(&self) -> String {
        match &self.kind {
            CollisionKind::ContainerName { name, role } => {
                let setting = match role {
                    Role::Init => "init_container_name",
                    Role::Agent => "container_name",
                };
                format!("Rename the container, or name the sidecar otherwise: {setting} = \"{name}-rofs\".")
            }
            CollisionKind::VolumeName { .. } => {
                "Rename the volume and its mount points, or name the pattern's volumes otherwise: volume_prefix = \
                 \"datadog-rofs-\"."
                    .to_owned()
            }
            CollisionKind::MountPath { path, volume, .. } => format!(
                "Mount your own at another path than {path}, or remove it and let volume {volume} take its place."
            ),
            CollisionKind::AgentTmpfs { path } => format!(
                "Remove the tmpfs at {path} from linuxParameters; a volume takes its place."
            ),
            CollisionKind::TwoAgents { .. } => {
                "One Agent serves the whole task: remove one of the two containers.".to_owned()
            }
            CollisionKind::LikelyAgent { .. } => {
                let name = self.container.as_deref().unwrap_or("...");
                format!(
                    "If it is the Agent, write existing_container = \"{name}\", and it is brought up to the pattern. If it \
                     is not, write existing_container = \"\", and an Agent is added."
                )
            }
            CollisionKind::NoSuchAgent { meant: Some(meant) } => {
                format!("Did you mean existing_container = \"{meant}\"?")
            }
            CollisionKind::NoSuchAgent { meant: None } => {
                "Write the name of the container that is the Agent, or take existing_container out to have one added."
                    .to_owned()
            }
            CollisionKind::Circle { circle } => match circle.as_slice() {
                [waiting, awaited, ..] => format!(
                    "Let one of the containers on the way from {awaited} to {waiting} wait no more, or do not let the \
                     application wait for the Agent: wait_until_healthy = false, or application {{ wire = false }}."
                ),
                _ => String::new(),
            },
            CollisionKind::ForeignMark => {
                format!("Remove the label {} from dockerLabels, or give it another name.", super::MARK_LABEL)
            }
            CollisionKind::LaunchType { .. } => {
                "Leave the Agent's settings out here: root filesystems and writable paths are hardened without them. An \
                 Agent that is among the containers already is brought up to the pattern on every launch type."
                    .to_owned()
            }
            CollisionKind::Windows => {
                "Leave the Agent out of this task, or run the task on Linux.".to_owned()
            }
            CollisionKind::NoSuchContainer { meant: Some(meant) } => {
                format!("Did you mean \"{meant}\"?")
            }
            CollisionKind::NoSuchContainer { meant: None } => {
                "Write the name of a container of the application.".to_owned()
            }
            CollisionKind::NotAWritablePath { .. } => {
                "Write the absolute path of a directory, such as \"/tmp\".".to_owned()
            }
            CollisionKind::MountedReadOnly { path, at } => format!(
                "Remove readOnly from what is mounted at {at}, or remove {path} from the writable paths."
            ),
            CollisionKind::TmpfsSize { .. } => {
                "Write how many MiB each tmpfs may hold: tmpfs_size = 64.".to_owned()
            }
        }
    }
}

impl fmt::Display for Collision {
    /// What is where, and how to resolve it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let container = self.container.as_deref().unwrap_or("whose name is not known");
        let path = &self.path;
        match &self.kind {
            CollisionKind::ContainerName { name, role } => {
                let sidecar = match role {
                    Role::Init => "the init container that populates the Agent's configuration",
                    Role::Agent => "the Datadog Agent",
                };
                write!(out, "Container {name} ({path}) has the name of {sidecar} and is another container.")?;
            }
            CollisionKind::VolumeName { name } => write!(
                out,
                "Volume {name} ({path}) has the name of one of the Agent's volumes and is another one."
            )?,
            CollisionKind::MountPath { path: mounted, volume, taken_by } => {
                write!(out, "Container {container} ({path}) mounts ")?;
                match taken_by {
                    Some(taken_by) => write!(out, "volume {taken_by}")?,
                    None => out.write_str("something else")?,
                }
                write!(out, " at {mounted}, where the Agent's sockets have to be (volume {volume}).")?;
            }
            CollisionKind::AgentTmpfs { path: mounted } => write!(
                out,
                "The Agent, container {container} ({path}), has a tmpfs at {mounted}. A tmpfs belongs to one container, \
                 and another one has to reach what is there."
            )?,
            CollisionKind::TwoAgents { first } => write!(
                out,
                "Container {container} ({path}) runs the Datadog Agent, and so does container {first}. Nobody can say \
                 which of them the task is to use."
            )?,
            CollisionKind::LikelyAgent { why } => write!(
                out,
                "Container {container} ({path}) is probably the Datadog Agent, because {why}. A second one beside it would \
                 take its sockets and ports, so none is added."
            )?,
            CollisionKind::NoSuchAgent { .. } => {
                write!(
                    out,
                    "Container \"{container}\" is said to be the Datadog Agent, and none has this name."
                )?;
            }
            CollisionKind::Circle { circle } => {
                let waiting = circle.first().map_or(container, String::as_str);
                write!(
                    out,
                    "Container {waiting} would wait for itself: {}. ECS would start neither.",
                    circle.join(" → ")
                )?;
            }
            CollisionKind::ForeignMark => write!(
                out,
                "Container {container} ({path}) has a label {}, which is where hardening notes what it added, and it \
                 holds something else.",
                super::MARK_LABEL
            )?,
            CollisionKind::LaunchType { launch_type, is_setting } => {
                let name = launch_type.name();
                match is_setting {
                    true => write!(out, "launch_type is {name}, and an Agent was to be added.")?,
                    false => write!(out, "The task is for {name} ({path}), and an Agent was to be added.")?,
                }
                out.write_str(
                    " The one that this version adds is made for Fargate: elsewhere it looks for a platform that is not \
                     there and collects nothing.",
                )?;
            }
            CollisionKind::Windows => write!(
                out,
                "The task is for Windows ({path}), where there is no read-only root filesystem, and the Agent was asked \
                 for as it runs on one."
            )?,
            CollisionKind::NoSuchContainer { .. } => {
                write!(
                    out,
                    "Writable paths are given for container \"{container}\", and none has this name."
                )?;
            }
            CollisionKind::NotAWritablePath { path, why } => {
                write!(out, "The writable path \"{path}\" of container {container} {why}.")?;
            }
            CollisionKind::MountedReadOnly { path: wanted, at } => write!(
                out,
                "Container {container} ({path}) is to write to {wanted}, and what is mounted at {at} is read-only."
            )?,
            CollisionKind::TmpfsSize { size } => {
                write!(out, "A tmpfs of {size} MiB was asked for, which holds nothing.")?;
            }
        }
        write!(out, " {}", self.fix())
    }
}
