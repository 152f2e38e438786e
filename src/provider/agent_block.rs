//! What a practitioner says about the Agent: one schema and one decoder for the provider's `agent` block, the
//! resource's `agent` block and the body of the data source.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::rofs::settings::{
    ApiKey, HealthCheck, LaunchType, LogConfiguration, RestartPolicy, Seeding, Settings, Text,
};
use crate::schema::{Attribute, Block, Mode, NestedBlock};
use crate::value::{AttributePath, Given, Type, Value};

use super::diagnostics as say;
use super::provider_block::first;
use super::task::Agent;

/// The attributes of the Agent's settings.
pub(super) fn attributes() -> Vec<Attribute> {
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
        text("launch_type", "Where the task runs: `FARGATE` (the default)."),
        text(
            "seeding",
            "How the configuration volume gets its content: `init_copy` (the default), an init container that copies the image's own directory.",
        ),
        flag("flares", "Whether `/tmp` is writable, which flares and diagnostics need. Defaults to `true`."),
        flag(
            "file_logging",
            "Whether the Agent logs to files below `/var/log/datadog`, which is then mounted. Defaults to `false`: `DD_DISABLE_FILE_LOGGING=true`, nothing is lost, the Agent logs to its output as well.",
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
    ]
}

/// The nested blocks of the Agent's settings.
pub(super) fn blocks() -> Vec<NestedBlock> {
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
pub(super) fn agent_block(description: &str) -> NestedBlock {
    NestedBlock::at_most_one(
        "agent",
        Block { description: description.to_owned(), attributes: attributes(), blocks: blocks() },
    )
}

/// The `application` block of the data source and of the resource.
pub(super) fn application_block() -> NestedBlock {
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
            attributes: vec![wire],
            blocks: Vec::new(),
        },
    )
}

/// Whether the application's containers are wired to the Agent.
pub(super) fn wires(config: &Value) -> bool {
    first(config, "application").bool("wire").known() != Some(false)
}

/// What was decoded.
pub(super) struct Decoded {
    /// The settings; `None` where something that decides the shape of the result is not known yet.
    pub(super) settings: Option<Settings>,
    /// What is wrong with them.
    pub(super) diagnostics: Diagnostics,
}

impl Decoded {
    /// The Agent that the settings ask for.
    pub(super) fn agent(&self) -> Agent<'_> {
        self.settings.as_ref().map_or(Agent::Unknown, Agent::Settings)
    }
}

/// A block's own values and, behind them, those of the provider's `agent` block.
#[derive(Clone, Copy)]
pub(super) struct Layers<'a> {
    /// The nearer values.
    pub(super) own: &'a Value,
    /// The provider's `agent` block; null where there is none.
    pub(super) fleet: &'a Value,
    /// Whether the provider is configured, so that what is absent in both is really absent.
    pub(super) configured: bool,
}

impl<'a> Layers<'a> {
    /// The nearer value of that name, unless it is null.
    fn get(&self, name: &str) -> &'a Value {
        let own = self.own.get(name);
        if own.is_null() { self.fleet.get(name) } else { own }
    }

    /// The layers of a nested block.
    fn block(&self, name: &str) -> Layers<'a> {
        Layers { own: first(self.own, name), fleet: first(self.fleet, name), configured: self.configured }
    }

    fn is_given(&self) -> bool {
        !self.own.is_null() || !self.fleet.is_null()
    }
}

/// Reads the settings. `at` is where the nearer values stand: empty for a body, `agent[0]` for a block.
pub(super) fn decode(layers: Layers<'_>, at: &AttributePath) -> Decoded {
    let mut reader = Reader { at: at.clone(), shape_unknown: false, diagnostics: Diagnostics::default() };
    let settings = reader.settings(layers);
    let mut diagnostics = reader.diagnostics;
    let settings = (!reader.shape_unknown).then_some(settings);
    if let Some(settings) = &settings {
        // Whether a key is missing shows only when the fleet's settings are known, and two of them are not none.
        let key_is_open = settings.api_key.is_none() && (!layers.configured || diagnostics.has_errors());
        for problem in crate::rofs::problems(settings) {
            if !(key_is_open && problem.setting == "api_key_secret_arn") {
                diagnostics.push(say::setting_problem(&problem, at));
            }
        }
    }
    Decoded { settings, diagnostics }
}

/// Reads layered values, noting what is not known and what is wrong.
struct Reader {
    at: AttributePath,
    shape_unknown: bool,
    diagnostics: Diagnostics,
}

impl Reader {
    fn settings(&mut self, layers: Layers<'_>) -> Settings {
        let base = Settings::default();
        let apm = layers.block("apm");
        let dogstatsd = layers.block("dogstatsd");
        Settings {
            image: self.text(layers, "image").unwrap_or(base.image),
            image_version: self.shape_text(layers, "image_version"),
            repository_credentials: self.text(layers, "repository_credentials_arn"),
            api_key: self.api_key(layers),
            site: self.text(layers, "site").or(base.site),
            service: self.text(layers, "service"),
            env: self.text(layers, "env"),
            version: self.text(layers, "version"),
            tags: self.texts(layers, "tags"),
            cluster_name: self.text(layers, "cluster_name"),
            docker_labels: self.texts(layers, "docker_labels"),
            environment: self.texts(layers, "environment"),
            secrets: self.texts(layers, "secrets"),
            log_level: self.text(layers, "log_level"),
            checks_cardinality: self.text(layers, "checks_cardinality"),
            cpu: self.number(layers, "cpu").or(base.cpu),
            memory: self.number(layers, "memory").or(base.memory),
            memory_reservation: self.number(layers, "memory_reservation").or(base.memory_reservation),
            essential: self.flag(layers, "essential").unwrap_or(base.essential),
            user: self.text(layers, "user").or(base.user),
            stop_timeout: self.number(layers, "stop_timeout").or(base.stop_timeout),
            health_check: self.health_check(layers.block("health_check"), base.health_check),
            restart_policy: self.restart_policy(layers.block("restart_policy")),
            wait_until_healthy: self.flag(layers, "wait_until_healthy").unwrap_or(base.wait_until_healthy),
            launch_type: self
                .one_of(layers, "launch_type", &[("FARGATE", LaunchType::Fargate)])
                .unwrap_or(base.launch_type),
            seeding: self
                .one_of(layers, "seeding", &[("init_copy", Seeding::InitCopy)])
                .unwrap_or(base.seeding),
            flares: self.flag(layers, "flares").unwrap_or(base.flares),
            file_logging: self.flag(layers, "file_logging").unwrap_or(base.file_logging),
            volume_prefix: self.shape_text(layers, "volume_prefix").unwrap_or(base.volume_prefix),
            container_name: self.shape_text(layers, "container_name").unwrap_or(base.container_name),
            init_container_name: self
                .shape_text(layers, "init_container_name")
                .unwrap_or(base.init_container_name),
            apm: crate::rofs::settings::Apm {
                enabled: self.flag(apm, "enabled").unwrap_or(base.apm.enabled),
                socket: self.flag(apm, "socket").unwrap_or(base.apm.socket),
                port: self.number(apm, "port"),
                profiling: self.flag(apm, "profiling"),
                data_streams: self.flag(apm, "data_streams"),
                trace_inferred_proxy_services: self.flag(apm, "trace_inferred_proxy_services"),
            },
            dogstatsd: crate::rofs::settings::Dogstatsd {
                enabled: self.flag(dogstatsd, "enabled").unwrap_or(base.dogstatsd.enabled),
                socket: self.flag(dogstatsd, "socket").unwrap_or(base.dogstatsd.socket),
                port: self.number(dogstatsd, "port"),
                origin_detection: self.flag(dogstatsd, "origin_detection"),
                cardinality: self.text(dogstatsd, "cardinality"),
            },
            log_configuration: self.log_configuration(layers.block("log_configuration")),
        }
    }

    /// Exactly one of the two places, from the nearer layer that names any.
    fn api_key(&mut self, layers: Layers<'_>) -> Option<ApiKey> {
        let named = |value: &Value| {
            (!value.get("api_key_secret_arn").is_null(), !value.get("api_key_parameter_arn").is_null())
        };
        let layer = match named(layers.own) {
            (false, false) => layers.fleet,
            _ => layers.own,
        };
        if layer.is_unknown() {
            self.shape_unknown = true;
            return None;
        }
        match named(layer) {
            (true, true) => {
                self.diagnostics.push(say::two_api_keys(self.at.clone().attribute("api_key_parameter_arn")));
                None
            }
            (true, false) => text_of(layer.get("api_key_secret_arn")).map(ApiKey::SecretsManager),
            (false, true) => text_of(layer.get("api_key_parameter_arn")).map(ApiKey::Parameter),
            (false, false) => None,
        }
    }

    fn health_check(&mut self, layers: Layers<'_>, base: Option<HealthCheck>) -> Option<HealthCheck> {
        if self.flag(layers, "enabled") == Some(false) {
            return None;
        }
        let base = base?;
        let command = layers.get("command");
        if !command.is_wholly_known() {
            self.shape_unknown = true;
        }
        let command: Vec<String> =
            command.elements().iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
        Some(HealthCheck {
            command: if command.is_empty() { base.command } else { command },
            interval: self.number(layers, "interval").unwrap_or(base.interval),
            timeout: self.number(layers, "timeout").unwrap_or(base.timeout),
            retries: self.number(layers, "retries").unwrap_or(base.retries),
            start_period: self.number(layers, "start_period").unwrap_or(base.start_period),
        })
    }

    fn restart_policy(&mut self, layers: Layers<'_>) -> Option<RestartPolicy> {
        if !layers.is_given() {
            return None;
        }
        let codes = layers.get("ignored_exit_codes");
        if !codes.is_wholly_known() {
            self.shape_unknown = true;
        }
        Some(RestartPolicy {
            enabled: self.flag(layers, "enabled").unwrap_or(true),
            ignored_exit_codes: codes.elements().iter().filter_map(whole_number).collect(),
            restart_attempt_period: self.number(layers, "restart_attempt_period"),
        })
    }

    fn log_configuration(&mut self, layers: Layers<'_>) -> Option<LogConfiguration> {
        if !layers.is_given() {
            return None;
        }
        Some(LogConfiguration {
            log_driver: self.text(layers, "log_driver")?,
            options: self.texts(layers, "options"),
            secret_options: self.texts(layers, "secret_options"),
        })
    }

    /// A text that only passes through: it may be unknown.
    fn text(&mut self, layers: Layers<'_>, name: &str) -> Option<Text> {
        text_of(layers.get(name))
    }

    /// A text that decides the shape of the result.
    fn shape_text(&mut self, layers: Layers<'_>, name: &str) -> Option<String> {
        match given_str(layers.get(name)) {
            Given::Known(text) => Some(text.to_owned()),
            Given::Absent => None,
            Given::Unknown => {
                self.shape_unknown = true;
                None
            }
        }
    }

    fn flag(&mut self, layers: Layers<'_>, name: &str) -> Option<bool> {
        match layers.get(name).undynamic() {
            Value::Bool(flag) => Some(*flag),
            Value::Unknown(_) => {
                self.shape_unknown = true;
                None
            }
            _ => None,
        }
    }

    fn number(&mut self, layers: Layers<'_>, name: &str) -> Option<i64> {
        let value = layers.get(name);
        match value.undynamic() {
            Value::Number(number) => {
                let whole = number.as_i64();
                if whole.is_none() {
                    self.diagnostics.push(say::not_a_whole_number(name, self.at.clone().attribute(name)));
                }
                whole
            }
            Value::Unknown(_) => {
                self.shape_unknown = true;
                None
            }
            _ => None,
        }
    }

    fn one_of<T: Copy>(&mut self, layers: Layers<'_>, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let given = self.shape_text(layers, name)?;
        let chosen = choices.iter().find(|(spelling, _)| *spelling == given).map(|(_, choice)| *choice);
        if chosen.is_none() {
            let spellings: Vec<&str> = choices.iter().map(|(spelling, _)| *spelling).collect();
            self.diagnostics.push(say::not_one_of(name, &given, &spellings, self.at.clone().attribute(name)));
        }
        chosen
    }

    /// A map of texts, the nearer layer winning key by key. A map that is unknown as a whole decides the shape.
    fn texts(&mut self, layers: Layers<'_>, name: &str) -> BTreeMap<String, Text> {
        let mut texts = BTreeMap::new();
        for layer in [layers.fleet, layers.own] {
            match layer.get(name).undynamic() {
                Value::Map(entries) => {
                    texts.extend(
                        entries.iter().filter_map(|(key, value)| Some((key.clone(), text_of(value)?))),
                    );
                }
                Value::Unknown(_) => self.shape_unknown = true,
                _ => {}
            }
        }
        texts
    }
}

fn text_of(value: &Value) -> Option<Text> {
    match given_str(value) {
        Given::Known(text) => Some(Text::Known(text.to_owned())),
        Given::Unknown => Some(Text::Unknown),
        Given::Absent => None,
    }
}

fn given_str(value: &Value) -> Given<&str> {
    match value.undynamic() {
        Value::String(text) => Given::Known(text),
        Value::Unknown(_) => Given::Unknown,
        _ => Given::Absent,
    }
}

fn whole_number(value: &Value) -> Option<i64> {
    match value.undynamic() {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::document_value::object;

    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Dd-AbCdEf";

    fn read(own: &Value, fleet: &Value) -> Decoded {
        decode(Layers { own, fleet, configured: true }, &AttributePath::default())
    }

    fn texts(entries: &[(&str, &str)]) -> Value {
        Value::Map(entries.iter().map(|(key, text)| ((*key).to_owned(), Value::from(*text))).collect())
    }

    fn summaries(decoded: &Decoded) -> Vec<&str> {
        decoded.diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
    }

    #[test]
    fn the_nearer_layer_wins_field_by_field_and_key_by_key() {
        let apm = |name: &str, value: Value| Value::List(vec![object([(name, value)])]);
        let fleet = object([
            ("api_key_secret_arn", Value::from(ARN)),
            ("env", Value::from("prod")),
            ("site", Value::from("datadoghq.eu")),
            ("tags", texts(&[("team", "platform"), ("cost", "1")])),
            ("apm", apm("port", Value::from(8126))),
        ]);
        let own = object([
            ("env", Value::from("staging")),
            ("tags", texts(&[("team", "orders")])),
            ("apm", apm("profiling", Value::from(true))),
        ]);
        let decoded = read(&own, &fleet);
        assert_eq!(summaries(&decoded), Vec::<&str>::new());
        let settings = decoded.settings.unwrap();
        assert_eq!(settings.env, Some("staging".into()));
        assert_eq!(settings.site, Some("datadoghq.eu".into()));
        assert_eq!(
            settings.tags,
            [("cost".to_owned(), "1".into()), ("team".to_owned(), "orders".into())].into()
        );
        assert_eq!((settings.apm.port, settings.apm.profiling), (Some(8126), Some(true)));
    }

    #[test]
    fn a_key_named_nearer_replaces_the_fleets_of_the_other_kind() {
        let fleet = object([("api_key_secret_arn", Value::from(ARN))]);
        let own = object([(
            "api_key_parameter_arn",
            Value::from("arn:aws:ssm:eu-west-1:123456789012:parameter/dd"),
        )]);
        let decoded = read(&own, &fleet);
        assert!(matches!(decoded.settings.unwrap().api_key, Some(ApiKey::Parameter(_))));
        assert!(decoded.diagnostics.is_empty());
    }

    #[test]
    fn two_keys_on_one_level_are_one_error_and_none_is_another() {
        let both =
            object([("api_key_secret_arn", Value::from(ARN)), ("api_key_parameter_arn", Value::from(ARN))]);
        assert_eq!(summaries(&read(&both, &Value::Null)), ["Two sources for the Datadog API key"]);
        assert_eq!(summaries(&read(&Value::Null, &Value::Null)), ["No API key"]);
    }

    #[test]
    fn a_missing_key_is_no_finding_while_the_fleets_settings_are_not_known() {
        let layers = Layers { own: &Value::Null, fleet: &Value::Null, configured: false };
        assert!(decode(layers, &AttributePath::default()).diagnostics.is_empty());
        let decoded = read(&Value::Null, &Value::UNKNOWN);
        assert!(decoded.diagnostics.is_empty() && decoded.settings.is_none());
    }

    #[test]
    fn what_only_passes_through_may_be_unknown_and_what_decides_the_shape_leaves_it_open() {
        let with = |name: &str| {
            let own = object([("api_key_secret_arn", Value::from(ARN)), (name, Value::UNKNOWN)]);
            read(&own, &Value::Null).settings.is_some()
        };
        for name in ["image", "service", "env", "version", "site", "user", "log_level"] {
            assert!(with(name), "{name}");
        }
        for name in ["flares", "file_logging", "volume_prefix", "container_name", "memory", "tags", "apm"] {
            assert!(!with(name), "{name}");
        }
    }

    #[test]
    fn a_choice_that_does_not_exist_names_those_that_do() {
        let own = object([("api_key_secret_arn", Value::from(ARN)), ("launch_type", Value::from("EC2"))]);
        let decoded = read(&own, &Value::Null);
        let diagnostic = decoded.diagnostics.iter().next().unwrap();
        assert!(diagnostic.detail.contains("launch_type = \"FARGATE\""), "{}", diagnostic.detail);
        assert_eq!(diagnostic.path, AttributePath::root("launch_type"));
    }
}
