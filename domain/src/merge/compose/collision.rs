//! What stands in the way of putting the Agent into a document of Compose.

use std::fmt;

use crate::document::Path;
use crate::ecs::shapes::nearest;

/// Something of the user's in the pattern's place, or something asked for that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The service it is about.
    pub service: Option<String>,
    /// Where in the user's document; empty for what was asked for beside it.
    pub path: Path,
    /// What it is.
    pub kind: CollisionKind,
}

/// Kinds of collisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollisionKind {
    /// `services` is no mapping.
    NotServices,
    /// A service is no mapping.
    NotAService,
    /// A part of the document is of another type than Compose has there.
    NotAMapping,
    /// A service has the name of one of the Agent's and is another one.
    ServiceName {
        /// The setting that names the Agent's.
        setting: &'static str,
    },
    /// A volume has the name of one of the Agent's and is another one.
    VolumeName {
        /// The name.
        name: String,
    },
    /// A secret that a read-only service does not accept.
    SecretNotFromAFile {
        /// The name.
        name: String,
        /// The variable that names the file of a secret that is added.
        variable: &'static str,
    },
    /// A service that has the Agent's image.
    SecondAgent,
    /// Another volume stands where the Agent's sockets have to be.
    SocketsCovered {
        /// The path.
        at: String,
    },
    /// The service is in no network in which the Agent could be called by name.
    NoNetwork,
    /// No service of that name.
    NoSuchService {
        /// Those that there are.
        known: Vec<String>,
    },
    /// A path that cannot be made writable.
    NotAWritablePath {
        /// The path.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// What is mounted there may only be read.
    MountedReadOnly {
        /// The path.
        path: String,
    },
    /// A size of tmpfs that is none.
    TmpfsSize,
    /// A volume for a writable path would have the name of one that there is.
    WritableVolumeName {
        /// The path.
        path: String,
        /// The name.
        name: String,
    },
}

impl Collision {
    /// What is wrong, in a few words.
    pub fn summary(&self) -> &'static str {
        match self.kind {
            CollisionKind::NotServices | CollisionKind::NotAService | CollisionKind::NotAMapping => {
                "Not a document of Compose"
            }
            CollisionKind::ServiceName { .. } => "Name of a service is taken",
            CollisionKind::VolumeName { .. } | CollisionKind::WritableVolumeName { .. } => {
                "Name of a volume is taken"
            }
            CollisionKind::SecretNotFromAFile { .. } => "Secret that a read-only service does not accept",
            CollisionKind::SecondAgent => "Two Agents",
            CollisionKind::SocketsCovered { .. } => "Sockets cannot be mounted",
            CollisionKind::NoNetwork => "Agent cannot be reached by name",
            CollisionKind::NoSuchService { .. } => "No such service",
            CollisionKind::NotAWritablePath { .. } | CollisionKind::MountedReadOnly { .. } => {
                "Path cannot be made writable"
            }
            CollisionKind::TmpfsSize => "Not a size of tmpfs",
        }
    }

    /// Whether it is about what was asked for beside the document.
    pub fn is_in_what_was_asked_for(&self) -> bool {
        self.path == Path::default()
    }
}

impl fmt::Display for Collision {
    /// What is where, and how to resolve it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.service.as_deref().unwrap_or_default();
        match &self.kind {
            CollisionKind::NotServices => write!(out, "`services` has to be a mapping of names to services."),
            CollisionKind::NotAService => write!(
                out,
                "Service {service} is not a mapping. Write what it is made of, such as {service} = {{ image = \"...\" }}."
            ),
            CollisionKind::NotAMapping => {
                write!(out, "{} has another type than Compose accepts there.", self.path)
            }
            CollisionKind::ServiceName { setting } => write!(
                out,
                "Service {service} has the name of one that is added for the Agent, and is another one. Rename it, or name the \
                 added one differently:\n\n  {setting} = \"{service}-2\""
            ),
            CollisionKind::VolumeName { name } => write!(
                out,
                "Volume {name} has the name of one of the Agent's volumes and is another one. Rename it, or begin the names of \
                 the Agent's volumes differently:\n\n  volume_prefix = \"dd-\""
            ),
            CollisionKind::SecretNotFromAFile { name, variable } => write!(
                out,
                "Secret {name} is not taken from a file. Compose starts no service with a read-only root that gets a secret \
                 from anything else. Write it with `file`, or leave it out: then one is written whose file the variable \
                 {variable} of the machine names."
            ),
            CollisionKind::SecondAgent => write!(
                out,
                "Service {service} has an image of the Datadog Agent, and one is added: both would open the same sockets. \
                 Remove the service, its init service too where it has one. If it is no Agent that listens, \
                 write:\n\n  existing_container = \"\""
            ),
            CollisionKind::SocketsCovered { at } => write!(
                out,
                "Service {service} mounts something of its own at {at}, where the Agent's sockets have to be. Mount it \
                 elsewhere, or write application {{ wire = false }}."
            ),
            CollisionKind::NoNetwork => write!(
                out,
                "Service {service} sets network_mode, and without sockets it reaches the Agent by its name in a network only. \
                 Leave apm.socket and dogstatsd.socket on, or take network_mode out."
            ),
            CollisionKind::NoSuchService { known } => {
                write!(out, "writable_paths names service {service}, and there is none of that name.")?;
                match nearest(service, known.iter().map(String::as_str)) {
                    Some(meant) => write!(out, " Did you mean {meant}?"),
                    None => write!(out, " Write the name of one of the services."),
                }
            }
            CollisionKind::NotAWritablePath { path, why } => {
                write!(out, "`{}` of service {service} {why}.", path.escape_debug())
            }
            CollisionKind::MountedReadOnly { path } => write!(
                out,
                "Service {service} mounts something read-only at {path}, which writable_paths says it writes to. Take `ro` out \
                 there, or the path out of writable_paths."
            ),
            CollisionKind::TmpfsSize => write!(out, "tmpfs_size has to be 1 or more MiB."),
            CollisionKind::WritableVolumeName { path, name } => write!(
                out,
                "Path {path} of service {service} is to become writable with volume {name}, and there is another volume of that \
                 name. Rename it, or mount it at {path} yourself."
            ),
        }
    }
}
