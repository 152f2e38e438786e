//! A task as a sandbox runs it, whichever platform's document it was read from.

use std::collections::BTreeMap;

/// Containers in the order of the document, and the volumes that they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) containers: Vec<Container>,
    /// By name.
    pub(crate) volumes: BTreeMap<String, Volume>,
    /// Which directories of an image the platform keeps in a volume of its own where the task mounts none there.
    pub(crate) image_volumes: ImageVolumes,
    pub(crate) network: Network,
}

/// How containers reach each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Network {
    /// They have one loopback, as in a task on Fargate or a pod.
    Shared,
    /// Each has an address and a name that the others know, as services of Compose have.
    ByName,
    /// Each has an address, and these know each other by their names, as containers in one network of Docker's do.
    Joined(Vec<String>),
    /// Each has its own, and no name of another.
    Apart,
}

/// A container: what the document says, and what it says nothing of is the image's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) entry_point: Option<Vec<String>>,
    pub(crate) command: Option<Vec<String>>,
    pub(crate) user: Option<String>,
    /// Secrets among them, whose values are made up.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) mounts: Vec<Mount>,
    /// `PATH` or `PATH:OPTIONS`, as Docker has it: nothing in them is executable unless an option says so.
    pub(crate) tmpfs: Vec<String>,
    pub(crate) waits: Vec<Wait>,
    pub(crate) health_check: Option<HealthCheck>,
    pub(crate) read_only_root: bool,
    /// The capabilities that root has, by their numbers; `None` for all of them.
    pub(crate) capabilities: Option<Vec<u32>>,
    /// Whether the task stops when it ends.
    pub(crate) essential: bool,
}

/// A volume at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) volume: String,
    pub(crate) path: String,
    pub(crate) read_only: bool,
}

/// What has to have become of another container before this one starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) container: String,
    pub(crate) condition: Condition,
}

/// How far another container has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Started,
    Healthy,
    /// Ended, however.
    Completed,
    /// Ended with 0.
    Succeeded,
}

/// A command that says whether a container is healthy. The sandbox does not wait between two tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HealthCheck {
    pub(crate) words: Vec<String>,
    pub(crate) retries: u32,
}

/// What every secret is resolved to: it has the form of an API key.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A volume that begins empty and root's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Volume {
    /// 0755 on ECS and for a named volume of Docker's, 0777 for Kubernetes' emptyDir.
    pub(crate) mode: u32,
    pub(crate) filled: Filled,
    pub(crate) holds: Holds,
}

/// What is in a volume before anything starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holds {
    Nothing,
    /// What an image of this reference has at a path: it was filled before the image was upgraded.
    Older {
        image: &'static str,
        path: &'static str,
    },
    /// Files with their contents, by name.
    Files(BTreeMap<String, String>),
    /// It is no directory: a socket of the machine, on which somebody listens.
    Socket,
    /// It is no directory: a file with this content.
    File(String),
    /// It is no directory: a file with a secret, whose value is made up.
    Secret,
}

/// Whether an empty volume gets what the image has where it is mounted, with owner and mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Never, as Kubernetes' emptyDir.
    Never,
    /// Where the image declares a volume at exactly that path, as ECS on Fargate does (Amazon ECS developer guide, bind mounts).
    AtImageVolumes,
    /// Wherever the image has a directory, as a named volume of Docker's, when a container is created. Compose creates all of them
    /// before it starts one.
    Everywhere,
}

/// What becomes of the volumes that an image declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageVolumes {
    /// They are writable and begin as the image has them, as with Docker and on ECS.
    Writable,
    /// Nothing: they are part of the root.
    Ignored,
}
