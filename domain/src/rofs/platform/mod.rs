//! The platforms: what tells them apart for the Agent's image, and what they call things in sentences about settings.
//!
//! The only room of the pattern that names one. What differs is a value for each, in `facts.rs` and `words.rs`.

mod facts;
mod words;

use super::seed::Sentinel;
use super::settings::Settings;
use super::workload::VolumeKind;
use super::writable_path::{SOCKETS, TMP};
use facts::Facts;

pub use words::Words;

/// Where a workload runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Amazon ECS.
    Ecs(LaunchType),
    /// Docker Compose, on one machine.
    Compose,
    /// Kubernetes.
    Kubernetes(KubernetesKind),
    /// Docker alone, on one machine.
    Docker,
    /// HashiCorp Nomad, with its driver for Docker.
    Nomad,
}

/// What a cluster of Kubernetes is, as far as the Agent's Pod depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KubernetesKind {
    /// Whether its Pods run on AWS Fargate, each on a node of its own.
    pub fargate: bool,
    /// Whether one Agent serves all Pods of a node, from a Pod of its own.
    pub per_node: bool,
    /// Whether an init container may go on running beside the others, which Kubernetes has from 1.29 (its page on sidecar
    /// containers, read 2026-11).
    pub native_sidecars: bool,
}

impl Default for KubernetesKind {
    /// A cluster of a version that is still maintained.
    fn default() -> Self {
        Self { fargate: false, per_node: false, native_sidecars: true }
    }
}

/// On what ECS starts a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaunchType {
    /// AWS Fargate.
    #[default]
    Fargate,
    /// EC2 instances of the user.
    Ec2,
    /// Machines outside AWS.
    External,
    /// EC2 instances that ECS manages.
    ManagedInstances,
}

/// Marks a task on Fargate. The start script tests that it is not empty, telemetry that it is exactly `true`.
pub const ECS_FARGATE: &str = "ECS_FARGATE";

impl Default for Platform {
    /// Where there is no host that somebody could put an Agent on.
    fn default() -> Self {
        Platform::Ecs(LaunchType::Fargate)
    }
}

impl Platform {
    /// All of them.
    pub(crate) const EACH: [Platform; 10] = [
        Platform::Ecs(LaunchType::Fargate),
        Platform::Ecs(LaunchType::Ec2),
        Platform::Ecs(LaunchType::External),
        Platform::Ecs(LaunchType::ManagedInstances),
        Platform::Compose,
        Platform::Docker,
        Platform::Nomad,
        Platform::Kubernetes(KubernetesKind { fargate: false, per_node: false, native_sidecars: true }),
        Platform::Kubernetes(KubernetesKind { fargate: true, per_node: false, native_sidecars: true }),
        Platform::Kubernetes(KubernetesKind { fargate: false, per_node: true, native_sidecars: true }),
    ];

    /// What is true of it.
    fn facts(self) -> &'static Facts {
        match self {
            Platform::Ecs(LaunchType::Fargate) => &facts::FARGATE,
            Platform::Ecs(_) => &facts::ECS_WITH_A_HOST,
            Platform::Compose => &facts::COMPOSE,
            Platform::Docker => &facts::DOCKER,
            Platform::Nomad => &facts::NOMAD,
            Platform::Kubernetes(KubernetesKind { fargate: true, .. }) => &facts::KUBERNETES_ON_FARGATE,
            Platform::Kubernetes(KubernetesKind { per_node: true, .. }) => &facts::KUBERNETES_PER_NODE,
            Platform::Kubernetes(_) => &facts::KUBERNETES,
        }
    }

    /// The variables by which the image's start scripts and the Agent know the platform, with the setting each follows from.
    pub fn markers(self) -> &'static [Marker] {
        self.facts().markers
    }

    /// Whether a setting that it has decides about a marker.
    pub fn decides(self, marker: &Marker) -> bool {
        let is_alike = |other: &Platform| std::mem::discriminant(other) == std::mem::discriminant(&self);
        Platform::EACH.into_iter().filter(is_alike).any(|alike| alike.markers().contains(marker))
    }

    /// What it needs in the configuration directory. Each accepts what a custom image may have put in place of the
    /// stock file.
    pub fn sentinels(self) -> &'static [Sentinel] {
        self.facts().sentinels
    }

    /// What the volume of a writable path is.
    pub fn volume_kind(self, path: &str) -> VolumeKind {
        let facts = self.facts();
        // What is left of a flare is of no use to the next container. The other directories are either shared with another
        // container or keep what a restart would lose.
        match path {
            TMP => facts.volume_of_tmp,
            SOCKETS => facts.volume_of_sockets.unwrap_or(facts.volume),
            _ => facts.volume,
        }
    }

    /// Whether a volume still holds what an earlier workload, perhaps of another image, has put there.
    pub fn keeps_volumes(self) -> bool {
        self.facts().volume == VolumeKind::Named
    }

    /// What of the machine the Agent looks at.
    pub fn of_the_machine(self) -> &'static [OfTheMachine] {
        self.facts().of_the_machine
    }

    /// Whether the Agent sees the processes of the machine.
    pub fn shows_the_machines_processes(self) -> bool {
        self.facts().shows_the_machines_processes
    }

    /// What the platform calls the address of the machine, where that is how the Agent is reached.
    pub fn address_of_the_machine(self) -> Option<&'static str> {
        self.facts().address_of_the_machine
    }

    /// Whether the containers of a workload share their loopback, or else reach each other by name.
    pub fn shares_a_loopback(self) -> bool {
        self.facts().shares_a_loopback
    }

    /// Whether the Agent is started again where nobody says otherwise. Not where the platform replaces the whole workload.
    pub fn restarts_the_agent(self) -> bool {
        self.facts().restarts_the_agent
    }

    /// Whether what an image declares as volumes can be written in a read-only root without a mount.
    pub fn gives_declared_volumes(self) -> bool {
        self.facts().gives_declared_volumes
    }

    /// Whether the Agent's token has a volume of its own.
    pub fn keeps_the_token_apart(self) -> bool {
        self.facts().keeps_the_token_apart
    }

    /// Whether files of the configuration are mounted in the Agent's container. Elsewhere the init container writes them.
    pub fn mounts_files(self) -> bool {
        self.facts().mounts_files
    }

    /// The variables whose values the platform fills in when the workload starts.
    pub fn filled_in(self) -> &'static [FilledIn] {
        self.facts().filled_in
    }

    /// CPU units that the sidecars ask for where nobody says how many; none where the platform needs no number.
    pub fn cpu(self) -> Option<i64> {
        self.facts().cpu
    }

    /// MiB reserved for the Agent where neither a limit nor a reservation is set.
    pub fn memory_of_the_agent(self) -> i64 {
        self.facts().memory_of_the_agent
    }

    /// The label of an application with a unified service tag.
    pub fn label_of_tag(self, tag: &str) -> String {
        format!("{}{tag}", self.facts().labels_of_tags)
    }

    /// Where the platform puts a secret of that name, or in a file of that path, into a container as a file.
    pub fn secret_file(self, name: &str) -> String {
        let name = name.rsplit('/').next().unwrap_or_default();
        format!("{}/{name}", self.facts().secret_files)
    }

    /// Whether the image's start scripts remove a file below `conf.d` at every start.
    pub(crate) fn removes_at_start(self, path: &str, content: &str) -> bool {
        let is_a_default =
            path.starts_with("conf.d/") && path.to_ascii_lowercase().ends_with(".yaml.default");
        self.facts().removes_defaults && is_a_default && !content.contains("ad_identifiers")
    }

    /// The listener that finds the containers beside the Agent. The image's main configuration file names it; one in its place
    /// need not, because the Agent notices where it runs, unless that is turned off (datadog-agent, autodiscovery.go in
    /// cmd/agent/common and in pkg/config/autodiscovery, read 2026-11).
    pub(crate) fn listener(self) -> Option<&'static str> {
        self.facts().listener
    }

    /// How sentences about settings name what it has.
    pub fn words(self) -> &'static Words {
        &self.facts().words
    }

    /// On what ECS starts the task, where it is one.
    pub fn launch_type(self) -> Option<LaunchType> {
        match self {
            Platform::Ecs(launch_type) => Some(launch_type),
            _ => None,
        }
    }
}

/// Something of the machine that the Agent reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfTheMachine {
    /// Where it is on the machine.
    pub source: &'static str,
    /// Where the Agent looks for it.
    pub path: &'static str,
    /// What its volume is called behind the prefix.
    pub suffix: &'static str,
}

/// A variable of the Agent whose value only the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilledIn {
    /// Its name.
    pub variable: &'static str,
    /// What the platform calls the value.
    pub field: &'static str,
}

/// A variable that marks a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// Its name.
    pub variable: &'static str,
    /// The one value that every part of the Agent understands.
    pub value: &'static str,
    /// The setting it follows from.
    pub setting: &'static str,
    /// What another value leads to.
    pub otherwise: &'static str,
}

/// Where the socket of the Docker engine is, on the machine and in the Agent's container.
pub(crate) const DOCKER_SOCKET: &str = "/var/run/docker.sock";

/// The variable of this name where it marks a platform, whichever the workload is for.
pub fn marker(variable: &str) -> Option<&'static Marker> {
    Platform::EACH.into_iter().flat_map(Platform::markers).find(|marker| marker.variable == variable)
}

impl LaunchType {
    /// All of them, by the names that ECS has for them (RegisterTaskDefinition's requiresCompatibilities, read 2026-11).
    pub const NAMED: [(&'static str, LaunchType); 4] = [
        ("FARGATE", LaunchType::Fargate),
        ("EC2", LaunchType::Ec2),
        ("EXTERNAL", LaunchType::External),
        ("MANAGED_INSTANCES", LaunchType::ManagedInstances),
    ];

    /// The one that ECS calls so.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(named, _)| *named == name).map(|(_, launch_type)| launch_type)
    }

    /// ECS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            LaunchType::Fargate => "FARGATE",
            LaunchType::Ec2 => "EC2",
            LaunchType::External => "EXTERNAL",
            LaunchType::ManagedInstances => "MANAGED_INSTANCES",
        }
    }
}

impl Settings {
    /// These settings for a task that ECS starts so.
    #[must_use]
    pub fn on(self, launch_type: LaunchType) -> Self {
        Self { platform: Platform::Ecs(launch_type), ..self }
    }
}
