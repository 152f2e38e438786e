//! What stands in the way of wiring, in sentences that say how to rename. Values are never part of them.

use std::fmt;

use crate::document::Path;
use crate::rofs::workload::{Container, Mount, Role};

/// Something of the user's that is in the pattern's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Name of the user's container, where it is known and the collision is in one.
    pub container: Option<String>,
    /// Where in the user's document.
    pub path: Path,
    /// What.
    pub kind: CollisionKind,
}

/// What is in the pattern's place.
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
    /// Another volume is mounted where the pattern mounts its own.
    MountPath {
        /// Where.
        path: String,
        /// The pattern's volume.
        volume: String,
        /// The user's volume, where it says one.
        taken_by: Option<String>,
    },
    /// A variable that the pattern sets is a secret.
    Secret {
        /// Name of the variable.
        name: String,
    },
}

impl Collision {
    pub(super) fn container_name(sidecar: &Container, path: Path) -> Self {
        Collision {
            container: Some(sidecar.name.clone()),
            path: path.key("name"),
            kind: CollisionKind::ContainerName { name: sidecar.name.clone(), role: sidecar.role },
        }
    }

    pub(super) fn volume_name(name: &str, path: Path) -> Self {
        Collision { container: None, path, kind: CollisionKind::VolumeName { name: name.to_owned() } }
    }

    pub(super) fn mount_path(
        container: Option<String>,
        path: Path,
        mount: &Mount,
        taken_by: Option<&str>,
    ) -> Self {
        let kind = CollisionKind::MountPath {
            path: mount.path.clone(),
            volume: mount.volume.clone(),
            taken_by: taken_by.map(str::to_owned),
        };
        Collision { container, path, kind }
    }

    pub(super) fn secret(container: Option<String>, path: Path, name: &str) -> Self {
        Collision { container, path, kind: CollisionKind::Secret { name: name.to_owned() } }
    }

    /// What is wrong, in a few words.
    pub fn summary(&self) -> &'static str {
        match self.kind {
            CollisionKind::ContainerName { .. } => "Container name already taken",
            CollisionKind::VolumeName { .. } => "Volume name already taken",
            CollisionKind::MountPath { .. } => "Mount path already taken",
            CollisionKind::Secret { .. } => "Variable already set as a secret",
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
                "Mount your volume at another path than {path}, or remove the mount point and let volume {volume} \
                 take its place."
            ),
            CollisionKind::Secret { name } => format!(
                "Remove {name} from `secrets`, or set it in `environment`, where your value is kept, or keep this \
                 application unwired: application {{ wire = false }}."
            ),
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
            CollisionKind::VolumeName { name } => {
                write!(
                    out,
                    "Volume {name} ({path}) has the name of one of the Agent's volumes and is another one."
                )?;
            }
            CollisionKind::MountPath { path: mounted, volume, taken_by } => {
                write!(out, "Container {container} ({path}) mounts ")?;
                match taken_by {
                    Some(taken_by) => write!(out, "volume {taken_by}")?,
                    None => out.write_str("something else")?,
                }
                write!(out, " at {mounted}, where the Agent's sockets have to be (volume {volume}).")?;
            }
            CollisionKind::Secret { name } => write!(
                out,
                "Container {container} ({path}) takes {name} from a secret; ECS refuses a name that is in both \
                 `secrets` and `environment`."
            )?,
        }
        write!(out, " {}", self.fix())
    }
}
