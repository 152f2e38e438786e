//! What is true of each platform, with where it was seen.

use super::{DOCKER_SOCKET, ECS_FARGATE, FilledIn, Marker, OfTheMachine, Words, words};
use crate::rofs::seed::Sentinel;
use crate::rofs::variables::DD_HOSTNAME;
use crate::rofs::workload::VolumeKind;
use crate::rofs::writable_path::SOCKETS;

/// What is true of a platform.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) markers: &'static [Marker],
    pub(super) sentinels: &'static [Sentinel],
    /// What the volume of a writable path is.
    pub(super) volume: VolumeKind,
    /// The same for `/tmp`.
    pub(super) volume_of_tmp: VolumeKind,
    /// The same for the directory of the sockets, where that is something else.
    pub(super) volume_of_sockets: Option<VolumeKind>,
    pub(super) of_the_machine: &'static [OfTheMachine],
    pub(super) address_of_the_machine: Option<&'static str>,
    pub(super) shows_the_machines_processes: bool,
    pub(super) shares_a_loopback: bool,
    pub(super) restarts_the_agent: bool,
    /// The directory in a container with the secrets that are files.
    pub(super) secret_files: &'static str,
    /// Whether the image's start scripts remove what ends in `.yaml.default` and names no `ad_identifiers`.
    pub(super) removes_defaults: bool,
    pub(super) listener: Option<&'static str>,
    pub(super) gives_declared_volumes: bool,
    pub(super) keeps_the_token_apart: bool,
    pub(super) mounts_files: bool,
    pub(super) filled_in: &'static [FilledIn],
    /// CPU units that the sidecars ask for by default.
    pub(super) cpu: Option<i64>,
    pub(super) memory_of_the_agent: i64,
    /// How the labels with unified service tags begin.
    pub(super) labels_of_tags: &'static str,
    pub(super) words: Words,
}

pub(super) const FARGATE: Facts = Facts {
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

pub(super) const ECS_WITH_A_HOST: Facts = Facts {
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
    words: words::ECS,
};

pub(super) const COMPOSE: Facts = Facts {
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
    words: words::COMPOSE,
};

// The same engine as Compose's.
pub(super) const DOCKER: Facts = Facts { words: words::DOCKER, ..COMPOSE };

pub(super) const NOMAD: Facts = Facts {
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
    words: words::NOMAD,
};

pub(super) const KUBERNETES: Facts = Facts {
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
    words: words::KUBERNETES,
};

pub(super) const KUBERNETES_ON_FARGATE: Facts = Facts {
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

pub(super) const KUBERNETES_PER_NODE: Facts = Facts {
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
    otherwise: "the image's start scripts test whether it is set at all: with it the Agent is that of a node and asks its kubelet, \
                whatever the value",
};
