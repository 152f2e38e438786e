//! The table: every structure that `RegisterTaskDefinition` can reach, key by key.
//!
//! Read from the API model of Amazon ECS, version 2014-11-13, as of botocore 1.44.5 (2026-11). "Required" means what the
//! model marks so; the service asks for more (a container's `name` and `image`, for instance), which is the rules' affair.
//! Members stand in the order of their keys, because they are looked up by binary search.

use super::Kind::{self, Boolean, Integer, List, Map, String, Structure as Of};
use super::{Member, Structure};

const fn optional(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, required: false, values: &[] }
}

const fn required(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, required: true, values: &[] }
}

/// A member that takes only some values; in a list of strings they are those of its items.
const fn one_of(member: Member, values: &'static [&'static str]) -> Member {
    Member { values, ..member }
}

/// Every structure, in the order of first mention.
pub(super) static ALL: [&Structure; 39] = [
    &REGISTER_TASK_DEFINITION_REQUEST,
    &CONTAINER_DEFINITION,
    &REPOSITORY_CREDENTIALS,
    &PORT_MAPPING,
    &CONTAINER_RESTART_POLICY,
    &KEY_VALUE_PAIR,
    &ENVIRONMENT_FILE,
    &MOUNT_POINT,
    &VOLUME_FROM,
    &LINUX_PARAMETERS,
    &KERNEL_CAPABILITIES,
    &DEVICE,
    &TMPFS,
    &SECRET,
    &CONTAINER_DEPENDENCY,
    &HOST_ENTRY,
    &ULIMIT,
    &LOG_CONFIGURATION,
    &HEALTH_CHECK,
    &SYSTEM_CONTROL,
    &RESOURCE_REQUIREMENT,
    &SHARING_STRATEGY,
    &NVIDIA_MPS_ALLOCATION,
    &FIRELENS_CONFIGURATION,
    &VOLUME,
    &HOST_VOLUME_PROPERTIES,
    &DOCKER_VOLUME_CONFIGURATION,
    &EFS_VOLUME_CONFIGURATION,
    &EFS_AUTHORIZATION_CONFIG,
    &S3_FILES_VOLUME_CONFIGURATION,
    &FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION,
    &FSX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG,
    &TASK_DEFINITION_PLACEMENT_CONSTRAINT,
    &TAG,
    &PROXY_CONFIGURATION,
    &INFERENCE_ACCELERATOR,
    &EPHEMERAL_STORAGE,
    &RUNTIME_PLATFORM,
    &TRUSTED_EXECUTION_CONFIGURATION,
];

pub(super) static REGISTER_TASK_DEFINITION_REQUEST: Structure = Structure {
    name: "RegisterTaskDefinitionRequest",
    members: &[
        required("containerDefinitions", List(&Of(&CONTAINER_DEFINITION))),
        optional("cpu", String),
        optional("enableFaultInjection", Boolean),
        optional("ephemeralStorage", Of(&EPHEMERAL_STORAGE)),
        optional("executionRoleArn", String),
        required("family", String),
        optional("inferenceAccelerators", List(&Of(&INFERENCE_ACCELERATOR))),
        one_of(optional("ipcMode", String), &["host", "task", "none"]),
        optional("memory", String),
        one_of(optional("networkMode", String), &["bridge", "host", "awsvpc", "none"]),
        one_of(optional("pidMode", String), &["host", "task"]),
        optional("placementConstraints", List(&Of(&TASK_DEFINITION_PLACEMENT_CONSTRAINT))),
        optional("proxyConfiguration", Of(&PROXY_CONFIGURATION)),
        one_of(
            optional("requiresCompatibilities", List(&String)),
            &["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"],
        ),
        optional("runtimePlatform", Of(&RUNTIME_PLATFORM)),
        optional("tags", List(&Of(&TAG))),
        optional("taskRoleArn", String),
        optional("trustedExecutionConfiguration", Of(&TRUSTED_EXECUTION_CONFIGURATION)),
        optional("volumes", List(&Of(&VOLUME))),
    ],
};

pub(super) static CONTAINER_DEFINITION: Structure = Structure {
    name: "ContainerDefinition",
    members: &[
        optional("command", List(&String)),
        optional("cpu", Integer),
        optional("credentialSpecs", List(&String)),
        optional("dependsOn", List(&Of(&CONTAINER_DEPENDENCY))),
        optional("disableNetworking", Boolean),
        optional("dnsSearchDomains", List(&String)),
        optional("dnsServers", List(&String)),
        optional("dockerLabels", Map(&String)),
        optional("dockerSecurityOptions", List(&String)),
        optional("entryPoint", List(&String)),
        optional("environment", List(&Of(&KEY_VALUE_PAIR))),
        optional("environmentFiles", List(&Of(&ENVIRONMENT_FILE))),
        optional("essential", Boolean),
        optional("extraHosts", List(&Of(&HOST_ENTRY))),
        optional("firelensConfiguration", Of(&FIRELENS_CONFIGURATION)),
        optional("healthCheck", Of(&HEALTH_CHECK)),
        optional("hostname", String),
        optional("image", String),
        optional("interactive", Boolean),
        optional("links", List(&String)),
        optional("linuxParameters", Of(&LINUX_PARAMETERS)),
        optional("logConfiguration", Of(&LOG_CONFIGURATION)),
        optional("memory", Integer),
        optional("memoryReservation", Integer),
        optional("mountPoints", List(&Of(&MOUNT_POINT))),
        optional("name", String),
        optional("portMappings", List(&Of(&PORT_MAPPING))),
        optional("privileged", Boolean),
        optional("pseudoTerminal", Boolean),
        optional("readonlyRootFilesystem", Boolean),
        optional("repositoryCredentials", Of(&REPOSITORY_CREDENTIALS)),
        optional("resourceRequirements", List(&Of(&RESOURCE_REQUIREMENT))),
        optional("restartPolicy", Of(&CONTAINER_RESTART_POLICY)),
        optional("secrets", List(&Of(&SECRET))),
        optional("startTimeout", Integer),
        optional("stopTimeout", Integer),
        optional("systemControls", List(&Of(&SYSTEM_CONTROL))),
        optional("ulimits", List(&Of(&ULIMIT))),
        optional("user", String),
        one_of(optional("versionConsistency", String), &["enabled", "disabled"]),
        optional("volumesFrom", List(&Of(&VOLUME_FROM))),
        optional("workingDirectory", String),
    ],
};

static REPOSITORY_CREDENTIALS: Structure =
    Structure { name: "RepositoryCredentials", members: &[required("credentialsParameter", String)] };

static PORT_MAPPING: Structure = Structure {
    name: "PortMapping",
    members: &[
        one_of(optional("appProtocol", String), &["http", "http2", "grpc"]),
        optional("containerPort", Integer),
        optional("containerPortRange", String),
        optional("hostPort", Integer),
        optional("name", String),
        one_of(optional("protocol", String), &["tcp", "udp"]),
    ],
};

static CONTAINER_RESTART_POLICY: Structure = Structure {
    name: "ContainerRestartPolicy",
    members: &[
        required("enabled", Boolean),
        optional("ignoredExitCodes", List(&Integer)),
        optional("restartAttemptPeriod", Integer),
    ],
};

static KEY_VALUE_PAIR: Structure =
    Structure { name: "KeyValuePair", members: &[optional("name", String), optional("value", String)] };

static ENVIRONMENT_FILE: Structure = Structure {
    name: "EnvironmentFile",
    members: &[one_of(required("type", String), &["s3"]), required("value", String)],
};

static MOUNT_POINT: Structure = Structure {
    name: "MountPoint",
    members: &[
        optional("containerPath", String),
        optional("readOnly", Boolean),
        optional("sourceVolume", String),
    ],
};

static VOLUME_FROM: Structure = Structure {
    name: "VolumeFrom",
    members: &[optional("readOnly", Boolean), optional("sourceContainer", String)],
};

static LINUX_PARAMETERS: Structure = Structure {
    name: "LinuxParameters",
    members: &[
        optional("capabilities", Of(&KERNEL_CAPABILITIES)),
        optional("devices", List(&Of(&DEVICE))),
        optional("initProcessEnabled", Boolean),
        optional("maxSwap", Integer),
        optional("sharedMemorySize", Integer),
        optional("swappiness", Integer),
        optional("tmpfs", List(&Of(&TMPFS))),
    ],
};

static KERNEL_CAPABILITIES: Structure = Structure {
    name: "KernelCapabilities",
    members: &[optional("add", List(&String)), optional("drop", List(&String))],
};

static DEVICE: Structure = Structure {
    name: "Device",
    members: &[
        optional("containerPath", String),
        required("hostPath", String),
        one_of(optional("permissions", List(&String)), &["read", "write", "mknod"]),
    ],
};

static TMPFS: Structure = Structure {
    name: "Tmpfs",
    members: &[
        required("containerPath", String),
        optional("mountOptions", List(&String)),
        required("size", Integer),
    ],
};

static SECRET: Structure =
    Structure { name: "Secret", members: &[required("name", String), required("valueFrom", String)] };

static CONTAINER_DEPENDENCY: Structure = Structure {
    name: "ContainerDependency",
    members: &[
        one_of(required("condition", String), &["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
        required("containerName", String),
    ],
};

static HOST_ENTRY: Structure =
    Structure { name: "HostEntry", members: &[required("hostname", String), required("ipAddress", String)] };

static ULIMIT: Structure = Structure {
    name: "Ulimit",
    members: &[
        required("hardLimit", Integer),
        one_of(
            required("name", String),
            &[
                "core",
                "cpu",
                "data",
                "fsize",
                "locks",
                "memlock",
                "msgqueue",
                "nice",
                "nofile",
                "nproc",
                "rss",
                "rtprio",
                "rttime",
                "sigpending",
                "stack",
            ],
        ),
        required("softLimit", Integer),
    ],
};

static LOG_CONFIGURATION: Structure = Structure {
    name: "LogConfiguration",
    members: &[
        one_of(
            required("logDriver", String),
            &["json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"],
        ),
        optional("options", Map(&String)),
        optional("secretOptions", List(&Of(&SECRET))),
    ],
};

static HEALTH_CHECK: Structure = Structure {
    name: "HealthCheck",
    members: &[
        required("command", List(&String)),
        optional("interval", Integer),
        optional("retries", Integer),
        optional("startPeriod", Integer),
        optional("timeout", Integer),
    ],
};

static SYSTEM_CONTROL: Structure =
    Structure { name: "SystemControl", members: &[optional("namespace", String), optional("value", String)] };

static RESOURCE_REQUIREMENT: Structure = Structure {
    name: "ResourceRequirement",
    members: &[
        optional("sharingStrategy", Of(&SHARING_STRATEGY)),
        one_of(required("type", String), &["GPU", "InferenceAccelerator", "NeuronDevice"]),
        optional("value", String),
    ],
};

static SHARING_STRATEGY: Structure =
    Structure { name: "SharingStrategy", members: &[optional("nvidiaMps", Of(&NVIDIA_MPS_ALLOCATION))] };

static NVIDIA_MPS_ALLOCATION: Structure = Structure {
    name: "NvidiaMpsAllocation",
    members: &[optional("maxComputePercent", Integer), required("memory", Integer)],
};

static FIRELENS_CONFIGURATION: Structure = Structure {
    name: "FirelensConfiguration",
    members: &[
        optional("options", Map(&String)),
        one_of(required("type", String), &["fluentd", "fluentbit"]),
    ],
};

static VOLUME: Structure = Structure {
    name: "Volume",
    members: &[
        optional("configuredAtLaunch", Boolean),
        optional("dockerVolumeConfiguration", Of(&DOCKER_VOLUME_CONFIGURATION)),
        optional("efsVolumeConfiguration", Of(&EFS_VOLUME_CONFIGURATION)),
        optional(
            "fsxWindowsFileServerVolumeConfiguration",
            Of(&FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION),
        ),
        optional("host", Of(&HOST_VOLUME_PROPERTIES)),
        optional("name", String),
        optional("s3filesVolumeConfiguration", Of(&S3_FILES_VOLUME_CONFIGURATION)),
    ],
};

static HOST_VOLUME_PROPERTIES: Structure =
    Structure { name: "HostVolumeProperties", members: &[optional("sourcePath", String)] };

static DOCKER_VOLUME_CONFIGURATION: Structure = Structure {
    name: "DockerVolumeConfiguration",
    members: &[
        optional("autoprovision", Boolean),
        optional("driver", String),
        optional("driverOpts", Map(&String)),
        optional("labels", Map(&String)),
        one_of(optional("scope", String), &["task", "shared"]),
    ],
};

static EFS_VOLUME_CONFIGURATION: Structure = Structure {
    name: "EFSVolumeConfiguration",
    members: &[
        optional("authorizationConfig", Of(&EFS_AUTHORIZATION_CONFIG)),
        required("fileSystemId", String),
        optional("rootDirectory", String),
        one_of(optional("transitEncryption", String), &["ENABLED", "DISABLED"]),
        optional("transitEncryptionPort", Integer),
    ],
};

static EFS_AUTHORIZATION_CONFIG: Structure = Structure {
    name: "EFSAuthorizationConfig",
    members: &[optional("accessPointId", String), one_of(optional("iam", String), &["ENABLED", "DISABLED"])],
};

static S3_FILES_VOLUME_CONFIGURATION: Structure = Structure {
    name: "S3FilesVolumeConfiguration",
    members: &[
        optional("accessPointArn", String),
        required("fileSystemArn", String),
        optional("rootDirectory", String),
        optional("transitEncryptionPort", Integer),
    ],
};

static FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION: Structure = Structure {
    name: "FSxWindowsFileServerVolumeConfiguration",
    members: &[
        required("authorizationConfig", Of(&FSX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG)),
        required("fileSystemId", String),
        required("rootDirectory", String),
    ],
};

static FSX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG: Structure = Structure {
    name: "FSxWindowsFileServerAuthorizationConfig",
    members: &[required("credentialsParameter", String), required("domain", String)],
};

static TASK_DEFINITION_PLACEMENT_CONSTRAINT: Structure = Structure {
    name: "TaskDefinitionPlacementConstraint",
    members: &[optional("expression", String), one_of(optional("type", String), &["memberOf"])],
};

static TAG: Structure =
    Structure { name: "Tag", members: &[optional("key", String), optional("value", String)] };

static PROXY_CONFIGURATION: Structure = Structure {
    name: "ProxyConfiguration",
    members: &[
        required("containerName", String),
        optional("properties", List(&Of(&KEY_VALUE_PAIR))),
        one_of(optional("type", String), &["APPMESH"]),
    ],
};

static INFERENCE_ACCELERATOR: Structure = Structure {
    name: "InferenceAccelerator",
    members: &[required("deviceName", String), required("deviceType", String)],
};

static EPHEMERAL_STORAGE: Structure =
    Structure { name: "EphemeralStorage", members: &[required("sizeInGiB", Integer)] };

static RUNTIME_PLATFORM: Structure = Structure {
    name: "RuntimePlatform",
    members: &[
        one_of(optional("cpuArchitecture", String), &["X86_64", "ARM64"]),
        one_of(
            optional("operatingSystemFamily", String),
            &[
                "WINDOWS_SERVER_2019_FULL",
                "WINDOWS_SERVER_2019_CORE",
                "WINDOWS_SERVER_2016_FULL",
                "WINDOWS_SERVER_2004_CORE",
                "WINDOWS_SERVER_2022_CORE",
                "WINDOWS_SERVER_2022_FULL",
                "WINDOWS_SERVER_2025_CORE",
                "WINDOWS_SERVER_2025_FULL",
                "WINDOWS_SERVER_20H2_CORE",
                "LINUX",
            ],
        ),
    ],
};

static TRUSTED_EXECUTION_CONFIGURATION: Structure = Structure {
    name: "TrustedExecutionConfiguration",
    members: &[
        optional("attestationPolicy", String),
        one_of(required("isolationMode", String), &["SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"]),
    ],
};
