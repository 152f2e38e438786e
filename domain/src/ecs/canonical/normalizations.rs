//! The table of normalizations, structure by structure.
//!
//! Three kinds: a default that ECS fills in or that means the same as absence, a list whose order means nothing, and a
//! step for what depends on more than one value. Beyond them the canonical form knows, for every structure: null is
//! absent, empty lists and maps are absent, empty optional text is absent (variables excepted), numbers and booleans
//! written as text are what the API asks for, amounts of CPU and memory are plain numbers.
//!
//! "Echo" in a reason: ECS adds it when it gives the task definition back. Sources: the API reference and the task
//! definition parameters of the Amazon ECS developer guide; what `DescribeTaskDefinition` gave back after a registration,
//! as recorded in issues of hashicorp/terraform-provider-aws, hashicorp/consul-ecs and aws-actions; all as of 2026-11.

use super::Literal::{Boolean, Number, Text};
use super::{Context, Literal, Step};
use crate::document::{Node, Object};
use crate::ecs::shapes::RESPONSE_ONLY;

/// What is normalized in one structure.
pub(super) struct Normalization {
    pub(super) structure: &'static str,
    /// Values that say no more than absence.
    pub(super) defaults: &'static [Default],
    /// Lists whose order means nothing.
    pub(super) lists: &'static [List],
    /// Everything else.
    pub(super) steps: &'static [Step],
    /// Whether an empty object says no more than absence.
    pub(super) empty_means_absent: bool,
}

/// A value that says no more than absence.
pub(super) struct Default {
    pub(super) member: &'static str,
    pub(super) value: Literal,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold every row to having a reason"))]
    pub(super) reason: &'static str,
}

/// A list whose order means nothing.
pub(super) struct List {
    pub(super) member: &'static str,
    /// The members that order its items; none where the items order themselves.
    pub(super) by: &'static [&'static str],
    /// Items that say no more than their absence.
    pub(super) meaningless: Option<fn(&Node) -> bool>,
}

const fn default(member: &'static str, value: Literal, reason: &'static str) -> Default {
    Default { member, value, reason }
}

const fn list(member: &'static str, by: &'static [&'static str]) -> List {
    List { member, by, meaningless: None }
}

/// The normalization of the structure of that name.
pub(super) fn normalization_of(structure: &str) -> Option<&'static Normalization> {
    NORMALIZATIONS.iter().find(|normalization| normalization.structure == structure)
}

const NONE: Normalization =
    Normalization { structure: "", defaults: &[], lists: &[], steps: &[], empty_means_absent: false };

/// hashicorp/aws: `internal/service/ecs/task_definition.go`, schema and expanders of version 6 (2026-11).
const AWS_PROVIDER_WRITES: &str = "hashicorp/aws writes it where nothing is set";

const AWS_PROVIDER_HASHES: &str = "hashicorp/aws takes an absent one for it when it compares volumes";

const UNSET_IS_FALSE: &str = "the API reference gives false as what holds when it is not set";

pub(super) static NORMALIZATIONS: &[Normalization] = &[
    Normalization {
        structure: "RegisterTaskDefinitionRequest",
        defaults: &[default("enableFaultInjection", Boolean(false), UNSET_IS_FALSE)],
        lists: &[
            list("containerDefinitions", &["name"]),
            list("volumes", &["name"]),
            list("placementConstraints", &["type", "expression"]),
            list("requiresCompatibilities", &[]),
            list("inferenceAccelerators", &["deviceName", "deviceType"]),
            list("tags", &["key"]),
        ],
        steps: &[
            Step {
                reason: "ECS sets these and does not accept them in a request",
                apply: drop_response_only,
            },
            Step {
                reason: "bridge is what Linux containers have when nothing is written",
                apply: drop_bridge,
            },
            Step {
                reason: "the API reference names SHARED as the default isolation mode (2026-11)",
                apply: drop_shared_isolation,
            },
        ],
        ..NONE
    },
    Normalization {
        structure: "ContainerDefinition",
        defaults: &[
            default("cpu", Number(0), "echo: 0 where none was sent"),
            default("essential", Boolean(true), "echo: true where none was sent"),
            default("versionConsistency", Text("enabled"), "the default; pipelines and the service add it"),
            default("readonlyRootFilesystem", Boolean(false), UNSET_IS_FALSE),
            default("privileged", Boolean(false), UNSET_IS_FALSE),
            default("interactive", Boolean(false), UNSET_IS_FALSE),
            default("pseudoTerminal", Boolean(false), UNSET_IS_FALSE),
            default("disableNetworking", Boolean(false), UNSET_IS_FALSE),
        ],
        lists: &[
            List { member: "environment", by: &["name"], meaningless: Some(is_variable_without_value) },
            list("secrets", &["name"]),
            list("mountPoints", &["containerPath", "sourceVolume", "readOnly"]),
            list(
                "portMappings",
                &["containerPort", "containerPortRange", "protocol", "hostPort", "name", "appProtocol"],
            ),
            list("dependsOn", &["containerName", "condition"]),
            list("ulimits", &["name"]),
            list("volumesFrom", &["sourceContainer", "readOnly"]),
            list("resourceRequirements", &["type", "value"]),
            list("systemControls", &["namespace"]),
            // The first of two addresses of one host wins, and items of one name keep their order.
            list("extraHosts", &["hostname"]),
        ],
        steps: &[Step {
            reason: "a restart policy that is not enabled restarts nothing",
            apply: drop_disabled_restart_policy,
        }],
        ..NONE
    },
    Normalization {
        structure: "PortMapping",
        defaults: &[
            default("protocol", Text("tcp"), "echo: tcp where none was sent"),
            default(
                "hostPort",
                Number(0),
                "echo with bridge: 0 where none was sent, a port of the host's choice",
            ),
        ],
        steps: &[Step {
            reason: "echo with awsvpc and host: the container's port where none was sent",
            apply: drop_equal_host_port,
        }],
        ..NONE
    },
    Normalization {
        structure: "MountPoint",
        defaults: &[default("readOnly", Boolean(false), UNSET_IS_FALSE)],
        ..NONE
    },
    Normalization {
        structure: "VolumeFrom",
        defaults: &[default("readOnly", Boolean(false), UNSET_IS_FALSE)],
        ..NONE
    },
    Normalization {
        structure: "HealthCheck",
        defaults: &[
            default("interval", Number(30), "the default; ECS adds it"),
            default("timeout", Number(5), "the default; ECS adds it"),
            default("retries", Number(3), "the default; ECS adds it"),
            default("startPeriod", Number(0), "the start period is off when it is not set"),
        ],
        ..NONE
    },
    Normalization {
        structure: "ContainerRestartPolicy",
        defaults: &[default("restartAttemptPeriod", Number(300), "the default")],
        lists: &[list("ignoredExitCodes", &[])],
        ..NONE
    },
    Normalization {
        structure: "LinuxParameters",
        defaults: &[default("initProcessEnabled", Boolean(false), UNSET_IS_FALSE)],
        lists: &[list("devices", &["hostPath", "containerPath"]), list("tmpfs", &["containerPath"])],
        // Only what was empty itself can be left: ECS adds nothing to it.
        empty_means_absent: true,
        ..NONE
    },
    Normalization {
        structure: "KernelCapabilities",
        lists: &[list("add", &[]), list("drop", &[])],
        empty_means_absent: true,
        ..NONE
    },
    Normalization {
        structure: "Device",
        lists: &[list("permissions", &[])],
        steps: &[Step {
            reason: "a device is readable, writable and can be made anew when nothing is written",
            apply: drop_all_permissions,
        }],
        ..NONE
    },
    Normalization { structure: "LogConfiguration", lists: &[list("secretOptions", &["name"])], ..NONE },
    Normalization {
        structure: "ProxyConfiguration",
        defaults: &[default("type", Text("APPMESH"), AWS_PROVIDER_WRITES)],
        lists: &[List { member: "properties", by: &["name"], meaningless: Some(is_variable_without_value) }],
        ..NONE
    },
    Normalization { structure: "RuntimePlatform", empty_means_absent: true, ..NONE },
    Normalization {
        structure: "Volume",
        defaults: &[default("configuredAtLaunch", Boolean(false), UNSET_IS_FALSE)],
        ..NONE
    },
    // An empty host is what ECS gives back for a volume that was sent with nothing but its name.
    Normalization { structure: "HostVolumeProperties", empty_means_absent: true, ..NONE },
    Normalization {
        structure: "DockerVolumeConfiguration",
        defaults: &[
            default("autoprovision", Boolean(false), UNSET_IS_FALSE),
            default("scope", Text("task"), AWS_PROVIDER_HASHES),
            default("driver", Text("local"), AWS_PROVIDER_HASHES),
        ],
        ..NONE
    },
    Normalization {
        structure: "EFSVolumeConfiguration",
        defaults: &[
            default("rootDirectory", Text("/"), "the API reference: the same as leaving it out"),
            default("transitEncryption", Text("DISABLED"), "the default"),
            default("transitEncryptionPort", Number(0), "hashicorp/aws keeps 0 for a port that is not set"),
        ],
        ..NONE
    },
    Normalization {
        structure: "S3FilesVolumeConfiguration",
        defaults: &[
            default("rootDirectory", Text("/"), AWS_PROVIDER_WRITES),
            default("transitEncryptionPort", Number(0), "hashicorp/aws keeps 0 for a port that is not set"),
        ],
        ..NONE
    },
    Normalization {
        structure: "EFSAuthorizationConfig",
        defaults: &[default("iam", Text("DISABLED"), "the default")],
        empty_means_absent: true,
        ..NONE
    },
];

fn drop_response_only(members: &mut Object, _: &Context) {
    for key in RESPONSE_ONLY {
        members.remove(*key);
    }
}

fn drop_bridge(members: &mut Object, context: &Context) {
    if context.linux && members.get("networkMode").and_then(Node::as_str) == Some("bridge") {
        members.remove("networkMode");
    }
}

fn drop_shared_isolation(members: &mut Object, _: &Context) {
    let is_shared = |configuration: &Node| {
        matches!(configuration, Node::Object(members)
        if members.len() == 1 && configuration.get("isolationMode").as_str() == Some("SHARED"))
    };
    if members.get("trustedExecutionConfiguration").is_some_and(is_shared) {
        members.remove("trustedExecutionConfiguration");
    }
}

fn drop_disabled_restart_policy(members: &mut Object, _: &Context) {
    if members.get("restartPolicy").is_some_and(|policy| policy.get("enabled").as_bool() == Some(false)) {
        members.remove("restartPolicy");
    }
}

fn drop_equal_host_port(members: &mut Object, context: &Context) {
    if matches!(context.network_mode.as_str(), Some("awsvpc" | "host"))
        && let Some(host @ Node::Number(_)) = members.get("hostPort")
        && members.get("containerPort") == Some(host)
    {
        members.remove("hostPort");
    }
}

fn drop_all_permissions(members: &mut Object, _: &Context) {
    // The list is sorted already, its order means nothing.
    let all = ["mknod", "read", "write"];
    if members.get("permissions").is_some_and(|p| p.items().iter().map(Node::as_str).eq(all.map(Some))) {
        members.remove("permissions");
    }
}

/// ECS leaves a variable out that comes without a value (aws-actions/amazon-ecs-deploy-task-definition, pull request 224);
/// one whose value is empty is kept.
fn is_variable_without_value(item: &Node) -> bool {
    matches!(item, Node::Object(members) if members.len() == 1 && members.contains_key("name"))
}
