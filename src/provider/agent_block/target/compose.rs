//! Docker Compose.

use super::{Foreign, InBlock, LIFE_ON_DOCKER, LOGS_OF_DOCKER, Platform, Target};
use crate::rofs::settings::Store;

pub(super) const COMPOSE: Platform = Platform {
    target: Target::Compose,
    api_keys: &[("api_key_environment", Store::Environment), ("api_key_secret", Store::File)],
    checks_health: true,
    foreign: &[
        Foreign {
            setting: "api_key_secret_arn",
            here: "Compose fetches nothing from AWS. Write api_key_environment, the name of a variable of the machine, or \
               api_key_secret, the name of a secret of the document.",
        },
        Foreign {
            setting: "api_key_parameter_arn",
            here: "Compose fetches nothing from AWS. Write api_key_environment, the name of a variable of the machine, or \
               api_key_secret, the name of a secret of the document.",
        },
        Foreign {
            setting: "api_key_file",
            here: "Compose has secrets for it. Write api_key_environment, the name of a variable of the machine, or \
               api_key_secret, the name of a secret of the document.",
        },
        Foreign {
            setting: "repository_credentials_arn",
            here: "Docker pulls with what `docker login` has stored on the machine.",
        },
        Foreign { setting: "essential", here: "A service of Compose does not end with another one." },
        Foreign { setting: "launch_type", here: "Compose starts services on the machine it runs on." },
        Foreign {
            setting: "existing_container",
            here: "The Agent is added as services of its own. Write existing_container = \"\" to say that no service with the \
               Agent's image is an Agent.",
        },
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
        "api_key_file",
        "Of Docker, and an error here. Compose has secrets for it: write `api_key_environment` or `api_key_secret`.",
    ),
    (
        "api_key_environment",
        "Name of the variable of the machine that holds the Datadog API key, from the shell or from the file `.env` beside the document. Nothing is started while it is empty. Defaults to `DD_API_KEY`. There is no argument for the key itself.",
    ),
    (
        "api_key_secret",
        "Name of the Compose secret with the Datadog API key, in place of `api_key_environment`. A secret that `services` declares is kept. Otherwise one is written whose file on the machine the variable `DD_API_KEY_FILE` names: a service with a read-only root accepts a secret from a file only.",
    ),
    ("cluster_name", "Name of the cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
    ("cpu", "CPU that the Agent's service may use, in units of which 1024 are one CPU (`cpus`)."),
    ("memory", "Memory limit of the Agent's service in MiB (`mem_limit`)."),
    ("memory_reservation", "Memory reservation of the Agent's service in MiB (`mem_reservation`)."),
    (
        "secrets",
        "Further variables of the Agent's service whose value is taken from the machine: name to the name of the variable there. Those of the provider's `agent` block, which name secrets of AWS, are left out here.",
    ),
    (
        "seeding",
        "How the configuration volume gets its content: `init_copy` (the default), a service that copies the image's own directory at every start; or `image_volumes`, without that service. Docker then fills the volume from the image while it is new, so the volume is called after the image's tag or digest, and another image fills another one. That of an older image stays until `docker volume rm`.",
    ),
    (
        "config_files",
        "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. The service that copies the configuration writes them over the image's own before the Agent starts. The contents are part of the document, so a secret belongs elsewhere. A `datadog.yaml` takes the place of the image's `datadog-docker.yaml`. Merged by path with those of the provider's `agent` block.",
    ),
    ("stop_timeout", "Seconds between the stop signal and the kill (`stop_grace_period`)."),
    (
        "wait_until_healthy",
        "Whether the services of the application start only when the Agent is healthy. Defaults to `false`.",
    ),
    ("container_name", "Name of the Agent's service. Defaults to `datadog-agent`."),
    ("init_container_name", "Name of the service that copies the configuration. Defaults to `datadog-init`."),
];

/// The same inside blocks; without an attribute it is the block itself.
const BLOCKS: [InBlock; 5] = [
    ("health_check", "", "Health check of the Agent's service. Defaults to the Agent's `agent health`."),
    ("health_check", "retries", "Failures in a row before the service is unhealthy."),
    ("health_check", "start_period", "Seconds after the start in which failures do not count."),
    (
        "restart_policy",
        "",
        "Whether Docker starts the Agent again by itself, which it does by default (`restart`).",
    ),
    (
        "log_configuration",
        "",
        "Where the output of the added services themselves goes (`logging`). A configuration of the provider's `agent` block with `awslogs` or `awsfirelens` is left out here.",
    ),
];
