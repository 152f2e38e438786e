//! What stands in the way of putting the Agent into objects of Kubernetes.

use std::fmt;

use crate::document::Path;
use crate::ecs::shapes::nearest;

/// Something of the user's in the pattern's place, or something asked for that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// What the Pod is in: `Deployment shop`.
    pub called: String,
    /// The container it is about.
    pub container: Option<String>,
    /// Where in the user's document; empty for what was asked for beside it.
    pub path: Path,
    /// What it is.
    pub kind: CollisionKind,
}

/// Kinds of collisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollisionKind {
    /// No object has a Pod in it.
    NoPod {
        /// Objects whose kind has one in another version of the API, each with that version.
        meant: Vec<(String, String)>,
    },
    /// There is no container that the Agent would be beside.
    NoContainers,
    /// The object has no specification of a Pod where its kind has one.
    NotAPod,
    /// A part is of another type than Kubernetes has there.
    OtherType,
    /// A container has the name of one of the Agent's and is another one.
    ContainerName {
        /// The setting that names the Agent's.
        setting: &'static str,
    },
    /// A volume has the name of one of the Agent's and is another one.
    VolumeName {
        /// The name.
        name: String,
    },
    /// A ConfigMap has the name of the Agent's and is another one.
    ConfigMapName,
    /// An object has the name of one of the Agent's and is another one.
    ObjectName,
    /// A container has the Agent's image.
    SecondAgent,
    /// What is to end would not, because the Agent goes on running.
    NeverEnds,
    /// Another volume stands where the Agent's sockets have to be.
    SocketsCovered {
        /// The path.
        at: String,
    },
    /// No container of that name.
    NoSuchContainer {
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
    /// A size that is none.
    TmpfsSize,
}

impl Collision {
    /// One that is in no Pod.
    pub(super) fn of_the_whole(kind: CollisionKind) -> Self {
        Self { called: String::new(), container: None, path: Path::default(), kind }
    }

    /// What is wrong, in a few words.
    pub fn summary(&self) -> &'static str {
        match self.kind {
            CollisionKind::NoPod { .. } => "No Pod to put the Agent into",
            CollisionKind::NoContainers => "A Pod without containers",
            CollisionKind::NotAPod | CollisionKind::OtherType => "Not an object of Kubernetes",
            CollisionKind::ContainerName { .. } => "Name of a container is taken",
            CollisionKind::VolumeName { .. } => "Name of a volume is taken",
            CollisionKind::ConfigMapName => "Name of a ConfigMap is taken",
            CollisionKind::ObjectName => "Name of an object is taken",
            CollisionKind::SecondAgent => "Two Agents",
            CollisionKind::NeverEnds => "A Job that would never end",
            CollisionKind::SocketsCovered { .. } => "Sockets cannot be mounted",
            CollisionKind::NoSuchContainer { .. } => "No such container",
            CollisionKind::NotAWritablePath { .. } | CollisionKind::MountedReadOnly { .. } => {
                "Path cannot be made writable"
            }
            CollisionKind::TmpfsSize => "Not a size of tmpfs",
        }
    }

    /// Whether it is about what was asked for beside the document.
    pub fn is_in_what_was_asked_for(&self) -> bool {
        matches!(
            self.kind,
            CollisionKind::NoSuchContainer { .. }
                | CollisionKind::NotAWritablePath { .. }
                | CollisionKind::MountedReadOnly { .. }
                | CollisionKind::TmpfsSize
        )
    }
}

impl fmt::Display for Collision {
    /// What is where, and how to resolve it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let container = self.container.as_deref().unwrap_or_default();
        let called = &self.called;
        match &self.kind {
            CollisionKind::NoPod { meant } if meant.is_empty() => write!(
                out,
                "Nothing in the manifest has a Pod in it that is known here: Pod, PodTemplate, ReplicationController, Deployment, \
                 ReplicaSet, StatefulSet, DaemonSet, Job and CronJob, each with its apiVersion, alone, in a List or beside others. \
                 A custom resource is kept as it is. Write what it makes of itself, or put the parts of `wiring` into it."
            ),
            CollisionKind::NoPod { meant } => {
                writeln!(out, "Kubernetes has these kinds in another version of its API. Write:")?;
                meant
                    .iter()
                    .try_for_each(|(called, version)| write!(out, "\n  apiVersion: {version}    # {called}"))
            }
            CollisionKind::NoContainers => write!(
                out,
                "{called} has no containers in {}, and Kubernetes accepts no Pod without one. The Agent alone is none of them.",
                self.path
            ),
            CollisionKind::NotAPod => write!(
                out,
                "{called} has no {} with `spec`, where its kind has the Pod.",
                if self.path == Path::default() { "mapping".to_owned() } else { format!("`{}`", self.path) }
            ),
            CollisionKind::OtherType => {
                write!(out, "{} of {called} has another type than Kubernetes accepts there.", self.path)
            }
            CollisionKind::ContainerName { setting } => write!(
                out,
                "Container {container} of {called} has the name of one that is added for the Agent, and is another one. Rename it, \
                 or name the added one differently:\n\n  {setting} = \"{container}-2\""
            ),
            CollisionKind::VolumeName { name } => write!(
                out,
                "Volume {name} of {called} has the name of one of the Agent's volumes and is another one. Rename it, or begin the \
                 names of the Agent's volumes differently:\n\n  volume_prefix = \"dd-\""
            ),
            CollisionKind::ConfigMapName => write!(
                out,
                "The ConfigMap at {} has the name of the one with `config_files` and says something else. Remove it, or rename it.",
                self.path
            ),
            CollisionKind::ObjectName => write!(
                out,
                "{called} has the kind, name and namespace of an object that is added for the Agent, and is another one. Remove it, \
                 rename it, or name the Agent's differently:\n\n  container_name = \"datadog-node-agent\""
            ),
            CollisionKind::SecondAgent => write!(
                out,
                "Container {container} of {called} has an image of the Datadog Agent, and one is added: both would open the same \
                 sockets. Remove the container, its init container too where it has one. If it is no Agent that listens, \
                 write:\n\n  existing_container = \"\""
            ),
            CollisionKind::NeverEnds => write!(
                out,
                "{called} ends when its containers have ended, and the Agent does not end by itself. Leave native_sidecar out: an \
                 init container that goes on running keeps no Job from its end."
            ),
            CollisionKind::SocketsCovered { at } => write!(
                out,
                "Container {container} of {called} mounts something of its own at {at}, where the Agent's sockets have to be. Mount \
                 it elsewhere, or write application {{ wire = false }}."
            ),
            CollisionKind::NoSuchContainer { known } => {
                write!(out, "writable_paths names container {container}, and there is none of that name.")?;
                match nearest(container, known.iter().map(String::as_str)) {
                    Some(meant) => write!(out, " Did you mean {meant}?"),
                    None => write!(out, " Write the name of one of the containers."),
                }
            }
            CollisionKind::NotAWritablePath { path, why } => {
                write!(out, "`{}` of container {container} {why}.", path.escape_debug())
            }
            CollisionKind::MountedReadOnly { path } => write!(
                out,
                "Container {container} of {called} mounts something read-only at {path}, which writable_paths says it writes to. \
                 Take `readOnly` out there, or the path out of writable_paths."
            ),
            CollisionKind::TmpfsSize => write!(out, "tmpfs_size has to be 1 or more MiB."),
        }
    }
}
