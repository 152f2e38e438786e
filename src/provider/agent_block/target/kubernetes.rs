//! Kubernetes.

use super::{Foreign, InBlock, Platform, Target};
use crate::rofs::settings::Store;

/// Where Kubernetes has secrets of its own.
const NOTHING_OF_AWS: &str = "Kubernetes fetches nothing from AWS. Write api_key_secret = { name = \"datadog-secret\", key = \
                              \"api-key\" }, the Secret of the Pod's namespace that holds it.";

pub(super) const KUBERNETES: Platform = Platform {
    target: Target::Kubernetes,
    checks_health: true,
    api_keys: &[("api_key_secret", Store::Secrets)],
    foreign: &[
        Foreign { setting: "api_key_secret_arn", here: NOTHING_OF_AWS },
        Foreign { setting: "api_key_parameter_arn", here: NOTHING_OF_AWS },
        Foreign {
            setting: "api_key_environment",
            here: "A Pod has no variables of a machine. Write api_key_secret.",
        },
        Foreign { setting: "api_key_file", here: "A Pod reads no file of a machine. Write api_key_secret." },
        Foreign {
            setting: "repository_credentials_arn",
            here: "A Pod pulls with the imagePullSecrets of its manifest or of its service account.",
        },
        Foreign { setting: "essential", here: "A Pod goes on when one of its containers is started again." },
        Foreign { setting: "launch_type", here: "For Pods on AWS Fargate write eks_fargate = true." },
        Foreign {
            setting: "docker_labels",
            here: "A container of a Pod has no labels. Write them into the metadata of the manifest's Pod.",
        },
        Foreign {
            setting: "stop_timeout",
            here: "A Pod has one time for all its containers, terminationGracePeriodSeconds of the manifest.",
        },
        Foreign {
            setting: "existing_container",
            here: "The Agent is added as containers of its own. Write existing_container = \"\" to say that no container with the \
                   Agent's image is an Agent.",
        },
    ],
    of_ecs_in_the_fleet: &[
        // References of AWS, and a name of a Compose secret.
        "secrets",
        "api_key_secret",
        "seeding",
        "restart_policy",
        "log_configuration",
    ],
    here: &HERE,
    blocks: &[&BLOCKS],
};

/// What attributes mean here.
const HERE: [(&str, &str); 12] = [
    (
        "api_key_secret",
        "The entry of a Secret with the Datadog API key, in the namespace of the Pod, as in `{ name = \"datadog-secret\", key = \"api-key\" }`, which is the default and what Datadog's own installation calls it. A Pod that does not find it is not started. There is no argument for the key itself.",
    ),
    ("cluster_name", "Name of the cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
    (
        "cpu",
        "CPU that the Agent's container asks for, in units of which 1024 are one CPU (`resources.requests.cpu`). Defaults to 200m: without a request nothing scales a Pod by its CPU.",
    ),
    ("memory", "Memory limit of the Agent's container in MiB (`resources.limits.memory`)."),
    (
        "memory_reservation",
        "Memory that the Agent's container asks for in MiB (`resources.requests.memory`). Defaults to 256 where no limit is set.",
    ),
    (
        "secrets",
        "Further variables of the Agent's container whose value is taken from a Secret: name to the Secret and the key of its entry, as in `{ DD_APP_KEY = \"datadog-secret/app-key\" }`. Those of the provider's `agent` block, which name secrets of AWS, are left out here.",
    ),
    (
        "user",
        "User of the Agent's container: `0` (the image's default) or `100`, the image's `dd-agent`. With `100` the init container, as root, gives it the volumes. Written, it counts before what the `securityContext` of the Pod says, also for the init container; otherwise that counts.",
    ),
    (
        "seeding",
        "`init_copy`, the default and the only way here: an init container copies the image's own directory into the configuration volume. No runtime fills a volume of a Pod from the image.",
    ),
    (
        "config_files",
        "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. They become a ConfigMap that is called after what is in it, and are mounted one by one where the Agent reads them. The contents are part of the document, so a secret belongs elsewhere. Merged by path with those of the provider's `agent` block.",
    ),
    (
        "wait_until_healthy",
        "Whether the containers of the application start only when the Agent is healthy (`startupProbe`), which needs native sidecars. Defaults to `false`.",
    ),
    ("container_name", "Name of the Agent's container. Defaults to `datadog-agent`."),
    (
        "init_container_name",
        "Name of the container that copies the configuration. Defaults to `datadog-init`.",
    ),
];

/// The same inside blocks; without an attribute it is the block itself.
const BLOCKS: [InBlock; 13] = [
    (
        "health_check",
        "",
        "Health check of the Agent's container (`livenessProbe`). Defaults to the Agent's `agent health`. There is no `readinessProbe`: an Agent that is not well would take the application out of its Service.",
    ),
    ("health_check", "interval", "Seconds between two checks (`periodSeconds`)."),
    ("health_check", "timeout", "Seconds that one check may take (`timeoutSeconds`)."),
    (
        "health_check",
        "retries",
        "Failures in a row before the container is started again (`failureThreshold`).",
    ),
    (
        "health_check",
        "start_period",
        "Seconds after the start before the first check (`initialDelaySeconds`).",
    ),
    ("restart_policy", "", "An error here: a Pod has one `restartPolicy` for all its containers."),
    ("restart_policy", "enabled", "An error here."),
    ("restart_policy", "ignored_exit_codes", "An error here."),
    ("restart_policy", "restart_attempt_period", "An error here."),
    ("log_configuration", "", "An error here: what containers print is kept by the node."),
    ("log_configuration", "log_driver", "An error here."),
    ("log_configuration", "options", "An error here."),
    ("log_configuration", "secret_options", "An error here."),
];
