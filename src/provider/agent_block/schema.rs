//! The schema of the Agent's settings. Defaults are those of the pattern, so that the pages cannot disagree with it.

use crate::rofs::settings::{Settings, Text};
use crate::schema::{Attribute, Block, Mode, NestedBlock};
use crate::value::Type;

/// The attributes of the Agent's settings.
pub(in crate::provider) fn attributes() -> Vec<Attribute> {
    let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Optional, about);
    let number = |name: &str, about: &str| Attribute::new(name, Type::Number, Mode::Optional, about);
    let flag = |name: &str, about: &str| Attribute::new(name, Type::Bool, Mode::Optional, about);
    let map = |name: &str, about: &str| Attribute::new(name, Type::map(Type::String), Mode::Optional, about);
    let defaults = Settings::default();
    let Text::Known(image) = &defaults.image else { unreachable!("the default image is a constant") };
    vec![
        text(
            "image",
            &format!(
                "Image of the Agent, `registry/name:tag` or `registry/name@digest`. The init container runs the same image. Defaults to `{image}`."
            ),
        ),
        text(
            "image_version",
            "Version of the Agent in the image, such as `7.81.1`, where the image reference does not say it (a digest, a tag of your own). Version gates are judged with it.",
        ),
        text(
            "repository_credentials_arn",
            "ARN of the Secrets Manager secret with the credentials of a private registry.",
        ),
        text(
            "api_key_secret_arn",
            "ARN of the Secrets Manager secret that holds the Datadog API key; a JSON-key suffix (`:key::`) is allowed. Exactly one of `api_key_secret_arn` and `api_key_parameter_arn` is needed, here or in the provider's `agent` block. There is no argument for the key itself.",
        ),
        text("api_key_parameter_arn", "ARN of the SSM parameter that holds the Datadog API key."),
        text(
            "api_key_environment",
            "Of Compose and Docker: name of the variable of the machine that holds the Datadog API key. For ECS it has no meaning: it is left out of the provider's `agent` block there, and an error anywhere else.",
        ),
        text(
            "api_key_secret",
            "Of Compose: name of the Compose secret that holds the Datadog API key. Of Nomad: path of the Nomad variable or of the secret in Vault that holds it, such as `nomad/jobs/datadog-agent`. In the provider's `agent` block a text with a slash is Nomad's, and any other is Compose's. For ECS it has no meaning: it is left out of the provider's `agent` block there, and an error anywhere else.",
        ),
        text(
            "api_key_file",
            "Of Docker: path of the file of the machine that holds the Datadog API key. For ECS it has no meaning: it is left out of the provider's `agent` block there, and an error anywhere else.",
        ),
        text("site", "Datadog site, such as `datadoghq.com` or `datadoghq.eu` (`DD_SITE`)."),
        text("service", "Unified service tag `service` of the application (`DD_SERVICE`)."),
        text("env", "Unified service tag `env` (`DD_ENV`)."),
        text("version", "Unified service tag `version` of the application (`DD_VERSION`)."),
        map(
            "tags",
            "Tags on everything the Agent sends (`DD_TAGS`). Merged by key with those of the provider's `agent` block; the nearer value wins.",
        ),
        text("cluster_name", "Name of the ECS cluster, for the Agent's own tags (`DD_CLUSTER_NAME`)."),
        map(
            "docker_labels",
            "Labels on the Agent container. Merged by key with those of the provider's `agent` block.",
        ),
        map(
            "environment",
            "Further variables of the Agent container. Merged by name with those of the provider's `agent` block. A variable that the pattern depends on cannot be changed.",
        ),
        map(
            "secrets",
            "Further variables of the Agent container whose value ECS fetches: name to ARN of a Secrets Manager secret or SSM parameter. Merged by name with those of the provider's `agent` block.",
        ),
        text(
            "log_level",
            "Log level of the Agent: `trace`, `debug`, `info`, `warn`, `error`, `critical` or `off` (`DD_LOG_LEVEL`).",
        ),
        text(
            "checks_cardinality",
            "Cardinality of the tags on check metrics: `low`, `orchestrator` or `high` (`DD_CHECKS_TAG_CARDINALITY`).",
        ),
        number("cpu", "CPU units of the Agent container (1024 = 1 vCPU). ECS takes them from the task's."),
        number("memory", "Hard memory limit of the Agent container in MiB."),
        number("memory_reservation", "Soft memory limit of the Agent container in MiB."),
        flag(
            "essential",
            &format!("Whether the task stops when the Agent does. Defaults to `{}`.", defaults.essential),
        ),
        text(
            "user",
            "User of the Agent container. The image knows `root` (its default) and `dd-agent` (uid 100).",
        ),
        number("stop_timeout", "Seconds between the stop signal and the kill, at most 120 on Fargate."),
        flag(
            "wait_until_healthy",
            &format!(
                "Whether application containers start only when the Agent is healthy, which needs its health check. Defaults to `{}`.",
                defaults.wait_until_healthy
            ),
        ),
        text(
            "launch_type",
            "Where the task runs: `FARGATE` (the default), `EC2`, `EXTERNAL` or `MANAGED_INSTANCES`. What the task itself names in `requires_compatibilities` decides where it names one. An Agent is added on Fargate only; elsewhere one that is among the containers is brought up to the pattern.",
        ),
        text(
            "seeding",
            "How the configuration volume gets its content: `init_copy` (the default), an init container that copies the image's own directory; or `image_volumes`, nothing but an image of your own that declares the directories as `VOLUME`, without an init container. The page of `ddrofs_agent_sidecar` shows its Dockerfile. Datadog's own image declares none of them and does not work with `image_volumes`.",
        ),
        flag("flares", "Whether `/tmp` is writable, which flares and diagnostics need. Defaults to `true`."),
        flag(
            "file_logging",
            "Whether the Agent logs to files below `/var/log/datadog`, which is then mounted. Defaults to `false`: `DD_DISABLE_FILE_LOGGING=true`, nothing is lost, the Agent logs to its output as well.",
        ),
        map(
            "config_files",
            "Further files of the Agent's configuration: path below `/etc/datadog-agent` to content, as in `{ \"conf.d/redisdb.d/conf.yaml\" = file(\"redis.yaml\") }`. The init container writes them over the image's own before the Agent starts. The contents are part of the task definition: everybody who may describe it can read them, and all of it has at most 64 KiB, so a secret or a large file belongs elsewhere. A `datadog.yaml` takes the place of the image's `datadog-ecs.yaml`, with its `jmx_use_container_support` and the listener `ecs`; the Agent finds the task's containers without that listener, unless `autoconfig_from_environment` is off. Merged by path with those of the provider's `agent` block.",
        ),
        text(
            "volume_prefix",
            &format!(
                "Beginning of the names of the pattern's volumes. Defaults to `{}`.",
                defaults.volume_prefix
            ),
        ),
        text(
            "container_name",
            &format!("Name of the Agent container. Defaults to `{}`.", defaults.container_name),
        ),
        text(
            "init_container_name",
            &format!("Name of the init container. Defaults to `{}`.", defaults.init_container_name),
        ),
        text(
            "existing_container",
            "Name of the container that is the Agent, where one is there already and is not recognized by itself: it is brought up to the pattern instead of adding another one. An empty text says that none of the containers is the Agent, whatever it looks like.",
        ),
    ]
}

/// The nested blocks of the Agent's settings.
pub(in crate::provider) fn blocks() -> Vec<NestedBlock> {
    let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Optional, about);
    let number = |name: &str, about: &str| Attribute::new(name, Type::Number, Mode::Optional, about);
    let flag = |name: &str, about: &str| Attribute::new(name, Type::Bool, Mode::Optional, about);
    let block = |description: &str, attributes| Block {
        description: description.to_owned(),
        attributes,
        blocks: Vec::new(),
    };
    vec![
        NestedBlock::at_most_one(
            "health_check",
            block(
                "Health check of the Agent container. ECS ignores the image's own, so there is one by default: the Agent's `agent health`.",
                vec![
                    flag("enabled", "Whether there is a health check. Defaults to `true`."),
                    Attribute::new(
                        "command",
                        Type::list(Type::String),
                        Mode::Optional,
                        "Command whose first word is `CMD` or `CMD-SHELL`.",
                    ),
                    number("interval", "Seconds between two checks, 5 to 300."),
                    number("timeout", "Seconds that one check may take, 2 to 60."),
                    number("retries", "Failures in a row before the container is unhealthy, 1 to 10."),
                    number(
                        "start_period",
                        "Seconds after the start in which failures do not count, 0 to 300.",
                    ),
                ],
            ),
        ),
        NestedBlock::at_most_one(
            "restart_policy",
            block(
                "Whether ECS starts the Agent container again by itself, without stopping the task.",
                vec![
                    Attribute::new("enabled", Type::Bool, Mode::Required, "Whether restarts are on."),
                    Attribute::new(
                        "ignored_exit_codes",
                        Type::list(Type::Number),
                        Mode::Optional,
                        "Exit codes after which the container is not restarted, at most 50.",
                    ),
                    number(
                        "restart_attempt_period",
                        "Seconds the container must have run before it is restarted, 60 to 1800.",
                    ),
                ],
            ),
        ),
        NestedBlock::at_most_one(
            "apm",
            block(
                "Trace collection.",
                vec![
                    flag("enabled", "Whether the trace Agent listens. Defaults to `true`."),
                    flag(
                        "socket",
                        "Whether it listens on the socket `/var/run/datadog/apm.socket`. Defaults to `true`.",
                    ),
                    number("port", "TCP port it listens on. Not set: no port, the socket only."),
                    flag("profiling", "`DD_PROFILING_ENABLED` of the application."),
                    flag("data_streams", "`DD_DATA_STREAMS_ENABLED` of the application."),
                    flag(
                        "trace_inferred_proxy_services",
                        "`DD_TRACE_INFERRED_PROXY_SERVICES_ENABLED` of the application.",
                    ),
                ],
            ),
        ),
        NestedBlock::at_most_one(
            "dogstatsd",
            block(
                "Custom metrics.",
                vec![
                    flag("enabled", "Whether DogStatsD listens. Defaults to `true`."),
                    flag(
                        "socket",
                        "Whether it listens on the socket `/var/run/datadog/dsd.socket`. Defaults to `true`.",
                    ),
                    number("port", "UDP port it listens on. Not set: no port, the socket only."),
                    flag(
                        "origin_detection",
                        "Whether metrics are tagged with the container they come from (`DD_DOGSTATSD_ORIGIN_DETECTION`).",
                    ),
                    text(
                        "cardinality",
                        "Cardinality of those tags: `low`, `orchestrator` or `high` (`DD_DOGSTATSD_TAG_CARDINALITY`).",
                    ),
                ],
            ),
        ),
        NestedBlock::at_most_one(
            "log_configuration",
            block(
                "Where the output of the sidecars themselves goes, the init container's included. Without it Security Hub's ECS.9 fails.",
                vec![
                    Attribute::new(
                        "log_driver",
                        Type::String,
                        Mode::Required,
                        "Log driver: `awslogs`, `splunk` or `awsfirelens` on Fargate.",
                    ),
                    Attribute::new(
                        "options",
                        Type::map(Type::String),
                        Mode::Optional,
                        "Options of the driver, such as `awslogs-group`.",
                    ),
                    Attribute::new(
                        "secret_options",
                        Type::map(Type::String),
                        Mode::Optional,
                        "Options of the driver whose value ECS fetches: name to ARN.",
                    ),
                ],
            ),
        ),
    ]
}

/// The `agent` block of the provider and of the resource.
pub(in crate::provider) fn agent_block(description: &str) -> NestedBlock {
    NestedBlock::at_most_one(
        "agent",
        Block { description: description.to_owned(), attributes: attributes(), blocks: blocks() },
    )
}

/// The `application` block of the data source and of the resource.
pub(in crate::provider) fn application_block() -> NestedBlock {
    let wire = Attribute::new(
        "wire",
        Type::Bool,
        Mode::Optional,
        "Whether the application's containers are wired to the Agent: sockets, variables, order of start. Defaults to `true`.",
    );
    NestedBlock::at_most_one(
        "application",
        Block {
            description: "What is done to the application's own containers.".to_owned(),
            attributes: vec![
                wire,
                Attribute::new(
                    "read_only_root_filesystem",
                    Type::Bool,
                    Mode::Optional,
                    "Whether each Linux container that does not say otherwise gets a read-only root filesystem. An image that writes to its own root fails with one: name what it writes in `writable_paths`. Defaults to `false`.",
                ),
                Attribute::new(
                    "writable_paths",
                    Type::map(Type::list(Type::String)),
                    Mode::Optional,
                    "The absolute paths that a container has to write to, by the container's name. Each becomes an empty volume called after container and path, unless something is mounted there. Such a volume belongs to root at first: where the program runs as another user, let the image or an init container hand it over, or set `tmpfs_size`.",
                ),
                Attribute::new(
                    "tmpfs_size",
                    Type::Number,
                    Mode::Optional,
                    "MiB that each writable path may hold. Given, the paths become tmpfs, in the container's memory, instead of volumes. Needs `writable_paths`.",
                ),
            ],
            blocks: Vec::new(),
        },
    )
}
