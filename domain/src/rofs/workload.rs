//! The platform-neutral result: containers, volumes and the order of start.

use std::collections::BTreeMap;
use std::fmt;

use super::settings::{HealthCheck, LogConfiguration, RestartPolicy, Text};

/// What runs: sidecars in start order and the volumes they share.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// The init container (where seeding needs one) and then the Agent.
    pub containers: Vec<Container>,
    /// What the containers mount.
    pub volumes: Vec<Volume>,
    /// The files of the volumes that are kept as configuration.
    pub files: Vec<File>,
    /// What an application container needs to reach the Agent.
    pub wiring: Wiring,
}

/// A file of a volume that is kept as configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name of the volume.
    pub volume: String,
    /// Its name there.
    pub name: String,
    /// What is in it.
    pub content: Text,
}

/// A sidecar container. Its root filesystem is always read-only.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Name within the workload.
    pub name: String,
    /// What it is there for.
    pub role: Role,
    /// Image reference.
    pub image: Text,
    /// Reference to the registry's credentials.
    pub repository_credentials: Option<Text>,
    /// Command that replaces the image's own.
    pub command: Option<Vec<String>>,
    /// User it runs as.
    pub user: Option<Text>,
    /// Variables.
    pub environment: BTreeMap<String, Text>,
    /// Variables whose value the platform fetches: name to reference.
    pub secrets: BTreeMap<String, Text>,
    /// Variables whose value the platform fills in: name to what the platform calls the value.
    pub filled_in: BTreeMap<String, &'static str>,
    /// Labels.
    pub docker_labels: BTreeMap<String, Text>,
    /// Mounted volumes.
    pub mounts: Vec<Mount>,
    /// Ports it listens on.
    pub ports: Vec<Port>,
    /// Containers that have to get somewhere first.
    pub dependencies: Vec<Dependency>,
    /// Whether the workload stops when it does.
    pub essential: bool,
    /// CPU units.
    pub cpu: Option<i64>,
    /// Hard memory limit in MiB.
    pub memory: Option<i64>,
    /// Soft memory limit in MiB.
    pub memory_reservation: Option<i64>,
    /// Seconds that what waits for it waits at most.
    pub start_timeout: Option<i64>,
    /// Seconds between the stop signal and the kill.
    pub stop_timeout: Option<i64>,
    /// Health check.
    pub health_check: Option<HealthCheck>,
    /// Restart policy.
    pub restart_policy: Option<RestartPolicy>,
    /// Where its own output goes.
    pub log_configuration: Option<LogConfiguration>,
    /// Names of the secrets that the platform puts into the container as files.
    pub secret_files: Vec<Text>,
    /// Whether it sees the processes of the machine.
    pub sees_the_machines_processes: bool,
}

/// What a container is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Populates the configuration volume and ends.
    Init,
    /// Runs the Agent.
    Agent,
}

/// What containers mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Name within the workload.
    pub name: String,
    /// What it is.
    pub kind: VolumeKind,
    /// MiB that are enough, where the platform bounds it.
    pub size: Option<i64>,
}

/// What a volume is. Not every platform has each kind; a renderer refuses what its platform has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeKind {
    /// An empty directory that lives as long as the workload.
    Empty,
    /// A file, socket or directory of the machine, by its absolute path there.
    HostPath(&'static str),
    /// A file system in the memory of the one container that mounts it. Programs in it may be run.
    Tmpfs,
    /// A directory that the platform keeps under the volume's name when the workload is gone.
    Named,
    /// Files that the platform keeps as configuration under the volume's name, which containers only read.
    Configuration,
}

impl VolumeKind {
    /// What it is, in a sentence that refuses it.
    pub fn described(self) -> &'static str {
        match self {
            VolumeKind::Empty => "an empty directory that lives as long as the workload",
            VolumeKind::HostPath(_) => "a path of the machine",
            VolumeKind::Tmpfs => "a file system in memory",
            VolumeKind::Named => "a directory that outlives the workload",
            VolumeKind::Configuration => "files kept as configuration",
        }
    }
}

/// A volume at a place in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Name of the volume.
    pub volume: String,
    /// Absolute path in the container.
    pub path: String,
    /// Whether the container may only read.
    pub read_only: bool,
    /// The one file of the volume that is mounted; none for the whole of it.
    pub file: Option<String>,
}

/// A port a container listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// Number.
    pub number: i64,
    /// Transport.
    pub protocol: Transport,
}

/// Transport of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.protocol.name())
    }
}

/// Start only after another container got somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Name of the other container.
    pub container: String,
    /// How far it must have got.
    pub condition: Condition,
}

/// How far a container must have got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Started.
    Started,
    /// Healthy by its health check.
    Healthy,
    /// Ended without an error.
    Succeeded,
}

/// What an application container needs to reach the Agent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wiring {
    /// Variables.
    pub environment: BTreeMap<String, Text>,
    /// Variables whose value the platform fills in: name to what the platform calls the value.
    pub filled_in: BTreeMap<String, &'static str>,
    /// Mounted volumes.
    pub mounts: Vec<Mount>,
    /// Containers it waits for.
    pub dependencies: Vec<Dependency>,
    /// Labels.
    pub docker_labels: BTreeMap<String, Text>,
}
