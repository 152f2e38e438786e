//! HashiCorp Nomad.

use super::{Foreign, InBlock, LOGS_OF_DOCKER, Platform, Target};
use crate::rofs::settings::Store;

const NO_KEYS_OF_AWS: &str = "Nomad fetches nothing from AWS. Write api_key_secret, the path of a Nomad variable or of a secret in Vault.";

pub(super) const NOMAD: Platform = Platform {
    target: Target::Nomad,
    api_keys: &[("api_key_secret", Store::Secrets)],
    checks_health: false,
    foreign: &[
        Foreign { setting: "api_key_secret_arn", here: NO_KEYS_OF_AWS },
        Foreign { setting: "api_key_parameter_arn", here: NO_KEYS_OF_AWS },
        Foreign {
            setting: "api_key_environment",
            here: "Nomad reads no variable of the machine. Write api_key_secret, the path of a Nomad variable or of a secret in Vault.",
        },
        Foreign {
            setting: "api_key_file",
            here: "Nomad reads no file of the machine. Write api_key_secret, the path of a Nomad variable or of a secret in Vault.",
        },
        Foreign {
            setting: "repository_credentials_arn",
            here: "Docker pulls with what the clients of Nomad are configured with.",
        },
        Foreign { setting: "essential", here: "A task of Nomad does not end with another one." },
        Foreign { setting: "launch_type", here: "Nomad starts tasks on its own clients." },
        Foreign {
            setting: "existing_container",
            here: "The Agent is added as tasks of its own. Write existing_container = \"\" to say that no task with the Agent's image \
                   is an Agent.",
        },
    ],
    of_ecs_in_the_fleet: &[
        // References of AWS.
        "secrets",
        // What no job can say, and a task of ECS can.
        "health_check",
        "wait_until_healthy",
        "restart_policy.ignored_exit_codes",
        "restart_policy.restart_attempt_period",
        "log_configuration.secret_options",
    ],
    here: &HERE,
    blocks: &[&BLOCKS, &LOGS_OF_DOCKER],
};

/// What attributes mean here.
const HERE: [(&str, &str); 13] = [
    (
        "api_key_secret",
        "Where the Datadog API key is: the path of a Nomad variable, such as `nomad/jobs/datadog-agent`, or of a secret in Vault, such as `secret/data/datadog`. A path that begins with `nomad/` is a variable's and every other one is Vault's; `nomad:` or `vault:` before it says so itself. Where Nomad has access control, a task may read the variables of its own job without a policy (`nomad/jobs`, `nomad/jobs/JOB` and below), so with `job` write the path of that job; any other needs a policy for it. The item is called `api_key`, or what stands behind a `#`. A template of Nomad fetches it when the Agent starts. There is no argument for the key itself.",
    ),
    ("cluster_name", "Name of the cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
    ("cpu", "MHz that are reserved for the Agent's task (`resources.cpu`)."),
    (
        "memory",
        "Memory of the Agent's task in MiB (`resources.memory`), which is its limit; with `memory_reservation` the limit alone (`memory_hard_limit` of the driver).",
    ),
    (
        "memory_reservation",
        "MiB that are reserved for the Agent's task (`resources.memory`). Without `memory` it is the limit as well. Defaults to 512 where neither is set.",
    ),
    (
        "secrets",
        "Further variables of the Agent's task whose value is fetched as that of `api_key_secret`: name to path, as in `{ DD_APP_KEY = \"nomad/jobs/datadog-agent#app_key\" }`. Those of the provider's `agent` block, which name secrets of AWS, are left out here.",
    ),
    (
        "seeding",
        "How the configuration volume gets its content: `init_copy` (the default), a task that copies the image's own directory before the others start. `image_volumes` is an error here: no driver fills a directory of the allocation from an image.",
    ),
    (
        "config_files",
        "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. A `template` of the Agent's task writes each as it is, and it is mounted in its place. The contents are part of the job, so a secret belongs elsewhere. Merged by path with those of the provider's `agent` block.",
    ),
    ("stop_timeout", "Seconds between the stop signal and the kill (`kill_timeout`)."),
    (
        "wait_until_healthy",
        "An error here. A task of Nomad waits for others to start or to end, not to be healthy.",
    ),
    ("container_name", "Name of the Agent's task. Defaults to `datadog-agent`."),
    ("init_container_name", "Name of the task that copies the configuration. Defaults to `datadog-init`."),
    (
        "volume_prefix",
        "How the names of the directories begin that are made for the Agent in the allocation. Defaults to `datadog-`.",
    ),
];

/// The same inside blocks; without an attribute it is the block itself.
const BLOCKS: [InBlock; 10] = [
    (
        "health_check",
        "",
        "A script check of the Agent in Consul, whose service it becomes. Needs Consul on the clients, so there is none unless this block is written; Docker runs the image's own health check either way. That of the provider's `agent` block is left out here.",
    ),
    ("health_check", "interval", "Seconds between two checks."),
    ("health_check", "timeout", "Seconds that one check may take."),
    (
        "health_check",
        "retries",
        "An error here. Nomad counts no failures of a check that runs a program: the first one is critical.",
    ),
    ("health_check", "start_period", "An error here. Consul knows no time in which failures do not count."),
    (
        "restart_policy",
        "",
        "Whether Nomad starts the Agent again by itself, which it does by default (`restart`), without an end and without taking another task with it.",
    ),
    (
        "restart_policy",
        "enabled",
        "Whether restarts are on. Without them an Agent that ends fails the whole allocation.",
    ),
    ("restart_policy", "ignored_exit_codes", "Of ECS, and an error here."),
    ("restart_policy", "restart_attempt_period", "Of ECS, and an error here."),
    (
        "log_configuration",
        "",
        "Where the output of the added tasks themselves goes (`logging` of the driver), in place of Nomad's own collection. A configuration of the provider's `agent` block with `awslogs` or `awsfirelens` is left out here.",
    ),
];
