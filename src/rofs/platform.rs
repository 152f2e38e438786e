//! The platforms: what tells them apart for the Agent's image, and what they call things in sentences about settings.
//!
//! The only file of the pattern that names one.

use super::seed::Sentinel;
use super::settings::{Settings, Store};
use super::variables::DD_HOSTNAME;
use super::workload::VolumeKind;
use super::writable_path::{SOCKETS, TMP};

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
    /// Machines outside of AWS.
    External,
    /// EC2 instances that ECS manages.
    ManagedInstances,
}

/// Marks a task on Fargate. The start script tests that it is not empty, telemetry that it is exactly `true`.
pub const ECS_FARGATE: &str = "ECS_FARGATE";

/// How sentences about settings name what a platform has.
#[derive(Debug)]
pub struct Words {
    /// The setting that names the API key in each store, the usual one first.
    pub api_keys: &'static [(Store, &'static str)],
    /// What to write where no API key is named.
    pub api_key_lines: &'static str,
    /// What is wrong with a key where its reference belongs, in a few words.
    pub key_in_place: &'static str,
    /// Where a key is stored and how it is referred to.
    pub key_is_stored: &'static str,
    /// What to do with a key that stands in plain text.
    pub key_is_moved: &'static str,
    /// What an entry of `secrets` holds.
    pub secret: &'static str,
    /// Who can read what stands in plain text.
    pub readers: &'static str,
}

impl Default for Platform {
    /// Where there is no host that somebody could put an Agent on.
    fn default() -> Self {
        Platform::Ecs(LaunchType::Fargate)
    }
}

impl Words {
    /// The setting that names an API key of this store, or the usual one.
    pub fn api_key(&self, store: Option<Store>) -> &'static str {
        let named = self.api_keys.iter().find(|(of, _)| store.is_none_or(|store| store == *of));
        named.or(self.api_keys.first()).map_or("", |(_, setting)| setting)
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
            Platform::Ecs(LaunchType::Fargate) => &FARGATE,
            Platform::Ecs(_) => &ECS_WITH_A_HOST,
            Platform::Compose => &COMPOSE,
            Platform::Docker => &DOCKER,
            Platform::Nomad => &NOMAD,
            Platform::Kubernetes(KubernetesKind { fargate: true, .. }) => &KUBERNETES_ON_FARGATE,
            Platform::Kubernetes(KubernetesKind { per_node: true, .. }) => &KUBERNETES_PER_NODE,
            Platform::Kubernetes(_) => &KUBERNETES,
        }
    }

    /// The variables by which the image's start scripts and the Agent know the platform, with the setting each follows from.
    pub fn markers(self) -> &'static [Marker] {
        self.facts().markers
    }

    /// What it needs in the configuration directory. Each accepts what a custom image may have put in the place of the
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

const MARKER_OF_FARGATE: Marker = Marker {
    variable: ECS_FARGATE,
    value: "true",
    setting: "launch_type",
    otherwise: "the image's start scripts test whether it is set at all and other parts whether it is exactly `true`, so any \
                other value gives an Agent that believes both",
};

const MARKER_OF_EKS: Marker = Marker {
    variable: "DD_EKS_FARGATE",
    value: "true",
    setting: "eks_fargate",
    otherwise: "the image's start scripts test whether it is set at all and the Agent whether it is true, so any other value gives \
                an Agent that believes both",
};

const MARKER_OF_KUBERNETES: Marker = Marker {
    variable: "KUBERNETES",
    value: "yes",
    setting: "mode",
    otherwise: "the image's start scripts test whether it is set at all, so any other value means the same",
};

/// The variable of this name where it marks a platform, whichever the workload is for.
pub fn marker(variable: &str) -> Option<&'static Marker> {
    [&MARKER_OF_FARGATE, &MARKER_OF_EKS].into_iter().find(|marker| marker.variable == variable)
}

/// What is true of a platform.
#[derive(Debug)]
struct Facts {
    markers: &'static [Marker],
    sentinels: &'static [Sentinel],
    /// What the volume of a writable path is.
    volume: VolumeKind,
    /// The same for `/tmp`.
    volume_of_tmp: VolumeKind,
    /// The same for the directory of the sockets, where that is something else.
    volume_of_sockets: Option<VolumeKind>,
    of_the_machine: &'static [OfTheMachine],
    address_of_the_machine: Option<&'static str>,
    shows_the_machines_processes: bool,
    shares_a_loopback: bool,
    restarts_the_agent: bool,
    /// The directory in a container with the secrets that are files.
    secret_files: &'static str,
    /// Whether the image's start scripts remove what ends in `.yaml.default` and names no `ad_identifiers`.
    removes_defaults: bool,
    listener: Option<&'static str>,
    gives_declared_volumes: bool,
    keeps_the_token_apart: bool,
    mounts_files: bool,
    filled_in: &'static [FilledIn],
    /// CPU units that the sidecars ask for by default.
    cpu: Option<i64>,
    memory_of_the_agent: i64,
    /// How the labels with unified service tags begin.
    labels_of_tags: &'static str,
    words: Words,
}

const FARGATE: Facts = Facts {
    markers: &[MARKER_OF_FARGATE],
    sentinels: &[
        // 50-ecs.sh links datadog.yaml to datadog-ecs.yaml unless datadog.yaml exists.
        Sentinel { any_of: &["datadog-ecs.yaml", "datadog.yaml"], without: "the Agent has no ECS listener" },
        // The only thing that enables the check on Fargate (datadog-agent issue 15127).
        Sentinel {
            any_of: &["conf.d/ecs_fargate.d/conf.yaml.default", "conf.d/ecs_fargate.d/conf.yaml"],
            without: "no ecs.fargate metrics are collected",
        },
    ],
    // 50-ecs.sh (datadog-agent, read 2026-11).
    removes_defaults: true,
    listener: Some("ecs"),
    ..ECS_WITH_A_HOST
};

const ECS_WITH_A_HOST: Facts = Facts {
    markers: &[],
    // The scripts that link and remove files look for Fargate. What an Agent needs elsewhere, the image's directory has for
    // every platform.
    sentinels: &[],
    volume: VolumeKind::Empty,
    volume_of_tmp: VolumeKind::Empty,
    volume_of_sockets: None,
    of_the_machine: &[],
    address_of_the_machine: None,
    shows_the_machines_processes: false,
    shares_a_loopback: true,
    restarts_the_agent: false,
    secret_files: "/run/secrets",
    removes_defaults: false,
    listener: None,
    gives_declared_volumes: true,
    keeps_the_token_apart: false,
    mounts_files: false,
    filled_in: &[],
    cpu: None,
    // What Datadog's own injected sidecar asks for. A reservation and not a limit, so that a busy Agent is not killed for it.
    memory_of_the_agent: 256,
    labels_of_tags: "com.datadoghq.tags.",
    words: WORDS_OF_ECS,
};

/// Where the socket of the Docker engine is, on the machine and in the Agent's container.
pub(crate) const DOCKER_SOCKET: &str = "/var/run/docker.sock";

const COMPOSE: Facts = Facts {
    // The image knows Docker by its socket.
    markers: &[],
    // 51-docker.sh links datadog.yaml to datadog-docker.yaml unless datadog.yaml exists.
    sentinels: &[Sentinel {
        any_of: &["datadog-docker.yaml", "datadog.yaml"],
        without: "the Agent has no listener for containers",
    }],
    volume: VolumeKind::Named,
    volume_of_tmp: VolumeKind::Tmpfs,
    volume_of_sockets: None,
    address_of_the_machine: None,
    // As in Datadog's guide to read-only root filesystems (read 2026-11).
    of_the_machine: &[
        OfTheMachine { source: DOCKER_SOCKET, path: DOCKER_SOCKET, suffix: "docker-socket" },
        OfTheMachine { source: "/proc/", path: "/host/proc/", suffix: "proc" },
        OfTheMachine { source: "/sys/fs/cgroup/", path: "/host/sys/fs/cgroup", suffix: "cgroup" },
    ],
    shows_the_machines_processes: true,
    shares_a_loopback: false,
    restarts_the_agent: true,
    // The Compose specification, services, secrets, short syntax (read 2026-11).
    secret_files: "/run/secrets",
    removes_defaults: false,
    listener: Some("docker"),
    gives_declared_volumes: true,
    keeps_the_token_apart: false,
    mounts_files: false,
    filled_in: &[],
    cpu: None,
    memory_of_the_agent: 256,
    labels_of_tags: "com.datadoghq.tags.",
    words: WORDS_OF_COMPOSE,
};

// The same engine as Compose's.
const DOCKER: Facts = Facts { words: WORDS_OF_DOCKER, ..COMPOSE };

const NOMAD: Facts = Facts {
    // The image knows nothing of Nomad, and without Docker's socket nothing of Docker.
    markers: &[],
    sentinels: &[],
    volume: VolumeKind::Empty,
    // The tmpfs of Nomad's driver for Docker allows no programs (its page, mount, read 2026-11).
    volume_of_tmp: VolumeKind::Empty,
    volume_of_sockets: None,
    address_of_the_machine: None,
    // Paths of the machine need a setting of every client (plugin docker, volumes.enabled; read 2026-11).
    of_the_machine: &[],
    shows_the_machines_processes: false,
    // The tasks of a group share its network where it has one.
    shares_a_loopback: true,
    restarts_the_agent: true,
    secret_files: "/secrets",
    removes_defaults: false,
    listener: None,
    // Docker gives them, other drivers that take the same task may not.
    gives_declared_volumes: false,
    keeps_the_token_apart: false,
    mounts_files: true,
    // Without Docker's socket the Agent finds no name of the machine and does not start (datadog-agent pull request 14569, read
    // 2026-11).
    filled_in: &[FilledIn { variable: DD_HOSTNAME, field: "node.unique.name" }],
    cpu: None,
    // What is reserved is the limit as well.
    memory_of_the_agent: 512,
    labels_of_tags: "com.datadoghq.tags.",
    words: WORDS_OF_NOMAD,
};

const KUBERNETES: Facts = Facts {
    // 50-kubernetes.sh would enable the check of the kubelet, and with an Agent in each Pod every Pod of a node would be counted
    // once for each of them (datadog-agent, kubelet.d, read 2026-11).
    markers: &[],
    sentinels: &[],
    volume: VolumeKind::Empty,
    volume_of_tmp: VolumeKind::Empty,
    volume_of_sockets: None,
    of_the_machine: &[],
    address_of_the_machine: None,
    shows_the_machines_processes: false,
    shares_a_loopback: true,
    // The Pod says when its containers are started again.
    restarts_the_agent: false,
    secret_files: "/var/run/secrets",
    removes_defaults: false,
    listener: None,
    // Runtimes may ignore what an image declares: CRI-O's image_volumes (crio.conf.5, read 2026-11).
    gives_declared_volumes: false,
    // As in Datadog's Helm chart (3.240.0, read 2026-11).
    keeps_the_token_apart: true,
    mounts_files: true,
    // Without the kubelet's permission the Agent finds no name of the machine and does not start.
    filled_in: &[FilledIn { variable: DD_HOSTNAME, field: "spec.nodeName" }],
    // 200m, as of the sidecar that Datadog's admission controller adds (agent_sidecar.go, read 2026-11). Without a request nothing
    // scales the Pod by its CPU, and a quota refuses it.
    cpu: Some(205),
    memory_of_the_agent: 256,
    // Datadog's page on unified service tagging (read 2026-11).
    labels_of_tags: "tags.datadoghq.com/",
    words: WORDS_OF_KUBERNETES,
};

const KUBERNETES_ON_FARGATE: Facts = Facts {
    markers: &[MARKER_OF_EKS],
    sentinels: &[
        // 50-eks.sh links datadog.yaml to datadog-kubernetes.yaml unless datadog.yaml exists, and takes both checks from here.
        Sentinel {
            any_of: &["datadog-kubernetes.yaml", "datadog.yaml"],
            without: "the Agent has no listener for Pods",
        },
    ],
    removes_defaults: true,
    listener: Some("kubelet"),
    // The node is the Pod's own, and its kubelet is asked by this name (datadog-agent, agent_sidecar.go of the admission
    // controller, read 2026-11).
    filled_in: &[FilledIn { variable: "DD_KUBERNETES_KUBELET_NODENAME", field: "spec.nodeName" }],
    ..KUBERNETES
};

const KUBERNETES_PER_NODE: Facts = Facts {
    markers: &[MARKER_OF_KUBERNETES],
    sentinels: &[
        // 50-kubernetes.sh links datadog.yaml to datadog-kubernetes.yaml unless datadog.yaml exists, and takes the check from here.
        Sentinel {
            any_of: &["datadog-kubernetes.yaml", "datadog.yaml"],
            without: "the Agent has no listener for Pods",
        },
        Sentinel {
            any_of: &[
                "conf.d/kubelet.d/conf.yaml.example",
                "conf.d/kubelet.d/conf.yaml.default",
                "conf.d/kubelet.d/conf.yaml",
            ],
            without: "nothing is collected of the node's Pods",
        },
    ],
    // Containers of other Pods find the sockets on the node, at the path that Datadog's chart and operator have as well.
    volume_of_sockets: Some(VolumeKind::HostPath(SOCKETS)),
    // As in Datadog's chart: whichever runtime the node has, its socket is below /var/run, and the Agent looks for all of them below
    // /host (helm-charts 3.240.0, volume runtimesocketdir, and datadog-agent, pkg/config/env, read 2026-11).
    of_the_machine: &[
        OfTheMachine { source: "/proc", path: "/host/proc", suffix: "proc" },
        OfTheMachine { source: "/sys/fs/cgroup", path: "/host/sys/fs/cgroup", suffix: "cgroup" },
        OfTheMachine { source: "/var/run", path: "/host/var/run", suffix: "runtime" },
    ],
    address_of_the_machine: Some(HOST_IP),
    shows_the_machines_processes: true,
    shares_a_loopback: false,
    listener: Some("kubelet"),
    filled_in: &[FilledIn { variable: "DD_KUBERNETES_KUBELET_HOST", field: HOST_IP }],
    ..KUBERNETES
};

/// What Kubernetes calls the address of a Pod's node.
const HOST_IP: &str = "status.hostIP";

const WORDS_OF_ECS: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret_arn"), (Store::Parameters, "api_key_parameter_arn")],
    api_key_lines: "Write api_key_secret_arn = \"arn:aws:secretsmanager:...\" or api_key_parameter_arn = \"arn:aws:ssm:...\", \
                    here or in the provider's `agent` block.",
    key_in_place: "API key in place of its ARN",
    key_is_stored: "Store a new key in Secrets Manager or Parameter Store and write its ARN.",
    key_is_moved: "Remove it, store the key in Secrets Manager or Parameter Store and write api_key_secret_arn or \
                   api_key_parameter_arn.",
    secret: "the ARN of where it is stored",
    readers: "Everybody who may describe the task definition",
};

const WORDS_OF_COMPOSE: Words = Words {
    api_keys: &[(Store::Environment, "api_key_environment"), (Store::File, "api_key_secret")],
    api_key_lines: "Write api_key_environment = \"DD_API_KEY\", the name of a variable of the machine, or api_key_secret = \
                    \"datadog_api_key\", the name of a secret of the document.",
    key_in_place: "API key in place of its name",
    key_is_stored: "Put a new key into the environment or a file of the machine, and write the name of the variable or of the \
                    secret.",
    key_is_moved: "Remove it, put the key into the environment or a file of the machine and write api_key_environment or \
                   api_key_secret.",
    secret: "the name of a variable of the machine that holds it",
    readers: "Everybody who may read the document or inspect the container",
};

const WORDS_OF_DOCKER: Words = Words {
    api_keys: &[(Store::Environment, "api_key_environment"), (Store::File, "api_key_file")],
    api_key_lines: "Write api_key_environment = \"DD_API_KEY\", the name of a variable of the machine, or api_key_file = \
                    \"/etc/datadog/api_key\", the path of a file of the machine.",
    key_in_place: "API key in place of where it is",
    key_is_stored: "Put a new key into the environment or a file of the machine, and write the name of the variable or the path of \
                    the file.",
    key_is_moved: "Remove it, put the key into the environment or a file of the machine and write api_key_environment or \
                   api_key_file.",
    secret: "the name of a variable of the machine that holds it",
    readers: "Everybody who may read the script or inspect the container",
};

const WORDS_OF_NOMAD: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret")],
    api_key_lines: "Write api_key_secret = \"nomad/jobs/datadog-agent\", the path of a Nomad variable, or api_key_secret = \
                    \"secret/data/datadog\", the path of a secret in Vault. The item is api_key, or what stands behind a #.",
    key_in_place: "API key in place of its path",
    key_is_stored: "Put a new key into a Nomad variable or into Vault, and write its path.",
    key_is_moved: "Remove it, put the key into a Nomad variable or into Vault and write api_key_secret.",
    secret: "the path of a Nomad variable or of a secret in Vault, with # and the item behind it",
    readers: "Everybody who may read the job",
};

const WORDS_OF_KUBERNETES: Words = Words {
    api_keys: &[(Store::Secrets, "api_key_secret")],
    api_key_lines: "Write api_key_secret = { name = \"datadog-secret\", key = \"api-key\" }, the Secret of the Pod's namespace that \
                    holds it.",
    key_in_place: "API key in place of its Secret",
    key_is_stored: "Put a new key into a Secret of the cluster and write its name and the key of its entry.",
    key_is_moved: "Remove it, put the key into a Secret of the cluster and write api_key_secret.",
    secret: "a Secret of the Pod's namespace and the key of its entry, as in \"datadog-secret/app-key\"",
    readers: "Everybody who may read the workload",
};

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
