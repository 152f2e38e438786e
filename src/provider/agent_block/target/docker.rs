//! Docker alone.

use super::{Foreign, InBlock, LIFE_ON_DOCKER, LOGS_OF_DOCKER, Platform, Target};
use crate::rofs::settings::Store;

/// What there is in place of a key that is elsewhere.
const NO_KEY_FROM_AWS: &str = "Docker fetches nothing from AWS. Write api_key_environment, the name of a variable of the machine, or \
                               api_key_file, the path of a file of the machine.";

pub(super) const DOCKER: Platform = Platform {
    target: Target::Docker,
    checks_health: true,
    api_keys: &[("api_key_environment", Store::Environment), ("api_key_file", Store::File)],
    foreign: &[
        Foreign { setting: "api_key_secret_arn", here: NO_KEY_FROM_AWS },
        Foreign { setting: "api_key_parameter_arn", here: NO_KEY_FROM_AWS },
        Foreign {
            setting: "api_key_secret",
            here: "Docker has no secrets without a swarm. Write api_key_environment, the name of a variable of the machine, or \
               api_key_file, the path of a file of the machine.",
        },
        Foreign {
            setting: "repository_credentials_arn",
            here: "Docker pulls with what `docker login` has stored on the machine.",
        },
        Foreign { setting: "essential", here: "A container of Docker does not end with another one." },
        Foreign { setting: "launch_type", here: "Docker starts containers on the machine it runs on." },
        Foreign { setting: "existing_container", here: "The Agent is a container of its own here." },
    ],
    of_ecs_in_the_fleet: &[
        // References of AWS.
        "secrets",
        "restart_policy.ignored_exit_codes",
        "restart_policy.restart_attempt_period",
        "log_configuration.secret_options",
    ],
    here: &HERE,
    blocks: &[&BLOCKS, &LOGS_OF_DOCKER, &LIFE_ON_DOCKER],
};

/// What attributes mean here.
const HERE: [(&str, &str); 14] = [
    (
        "api_key_environment",
        "Name of the variable of the machine that holds the Datadog API key where the script runs. Nothing is started while it is empty, and another key there replaces the container. Defaults to `DD_API_KEY`. There is no argument for the key itself.",
    ),
    (
        "api_key_file",
        "Path of the file of the machine that holds the Datadog API key, in place of `api_key_environment`. It is mounted read-only, and the Agent reads it there. The Agent's user has to be allowed to read it.",
    ),
    (
        "api_key_secret",
        "Of Compose, and an error here. Docker has no secrets without a swarm: write `api_key_environment` or `api_key_file`.",
    ),
    ("cluster_name", "Name of the cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
    ("cpu", "CPU that the Agent's container may use, in units of which 1024 are one CPU (`--cpus`)."),
    ("memory", "Memory limit of the Agent's container in MiB (`--memory`)."),
    ("memory_reservation", "Memory reservation of the Agent's container in MiB (`--memory-reservation`)."),
    (
        "secrets",
        "Further variables of the Agent's container whose value is taken from the machine: name to the name of the variable there. Those of the provider's `agent` block, which name secrets of AWS, are left out here.",
    ),
    (
        "seeding",
        "How the configuration volume gets its content: `init_copy` (the default), a container that copies the image's own directory before the Agent starts; or `image_volumes`, without that container, for which `image` names an image built from `dockerfile`. Docker then fills the volume from the image while it is new, so the volume is called after the image's tag or digest, and another image fills another one. That of an older image stays until `docker volume rm`.",
    ),
    (
        "config_files",
        "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. The container that copies the configuration writes them over the image's own before the Agent starts. The contents are part of `commands` and `containers`, so a secret belongs elsewhere; `config_dockerfile` is the way to have them in an image instead. A `datadog.yaml` takes the place of the image's `datadog-docker.yaml`. Merged by path with those of the provider's `agent` block.",
    ),
    ("stop_timeout", "Seconds between the stop signal and the kill (`--stop-timeout`)."),
    (
        "wait_until_healthy",
        "Whether the script ends only when the Agent is healthy, and `docker_container` waits for that (`wait`). Defaults to `false`.",
    ),
    (
        "container_name",
        "Name of the Agent's container, and of the network in which others find it where it listens on ports. Defaults to `datadog-agent`.",
    ),
    (
        "init_container_name",
        "Name of the container that copies the configuration. Defaults to `datadog-init`.",
    ),
];

/// The same inside blocks; without an attribute it is the block itself.
const BLOCKS: [InBlock; 5] = [
    ("health_check", "", "Health check of the Agent's container. Defaults to the Agent's `agent health`."),
    ("health_check", "retries", "Failures in a row before the container is unhealthy."),
    ("health_check", "start_period", "Seconds after the start in which failures do not count."),
    (
        "restart_policy",
        "",
        "Whether Docker starts the Agent again by itself, which it does by default (`--restart`).",
    ),
    (
        "log_configuration",
        "",
        "Where the output of the added containers themselves goes (`--log-driver`). A configuration of the provider's `agent` block with `awslogs` or `awsfirelens` is left out here.",
    ),
];
