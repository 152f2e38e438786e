//! Decoding the Agent's settings, the nearer layer over the fleet's.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::merge::MARK_LABEL;
use crate::render::{self, ecs};
use crate::rofs::platform::{KubernetesKind, LaunchType, Platform};
use crate::rofs::settings::{
    HealthCheck, LogConfiguration, RestartPolicy, Secret, Seeding, Settings, Store, Text,
};
use crate::rofs::variables::DD_API_KEY;
use crate::rofs::{self, Written};
use crate::value::{AttributePath, Given, Value};

use super::super::diagnostics as say;
use super::target::{Foreign, Target};

/// What was decoded.
pub(in crate::provider) struct Decoded {
    /// The settings; `None` where something that decides the shape of the result is not known yet.
    pub(in crate::provider) settings: Option<Settings>,
    /// What is wrong with them.
    pub(in crate::provider) diagnostics: Diagnostics,
    /// That nothing says where the API key comes from, which is wrong unless the Agent is there and has one.
    pub(in crate::provider) no_key: Option<Diagnostic>,
}

/// A block's own values and, behind them, those of the provider's `agent` block.
#[derive(Clone, Copy)]
pub(in crate::provider) struct Layers<'a> {
    /// The nearer values.
    pub(in crate::provider) own: &'a Value,
    /// The provider's `agent` block; null where there is none.
    pub(in crate::provider) fleet: &'a Value,
    /// Whether the provider is configured, so that what is absent in both is really absent.
    pub(in crate::provider) configured: bool,
}

impl<'a> Layers<'a> {
    /// The nearer value of a setting, unless it is null. One of a nested block has the block's name before it: `apm.port`.
    fn get(&self, setting: &str) -> &'a Value {
        if let Some((block, name)) = setting.split_once('.') {
            return self.block(block).get(name);
        }
        let own = self.own.get(setting);
        if own.is_null() { self.fleet.get(setting) } else { own }
    }

    /// The layers of a nested block.
    fn block(&self, name: &str) -> Layers<'a> {
        Layers { own: self.own.block(name), fleet: self.fleet.block(name), configured: self.configured }
    }

    fn is_given(&self) -> bool {
        !self.own.is_null() || !self.fleet.is_null()
    }
}

/// Reads the settings. `at` is where the nearer values stand: empty for a body, `agent[0]` for a block.
pub(in crate::provider) fn decode(layers: Layers<'_>, at: &AttributePath, target: Target) -> Decoded {
    let mut diagnostics = Diagnostics::default();
    for Foreign { setting, here } in target.foreign_in(layers.own) {
        diagnostics.push(say::setting_of_another_platform(setting, here, at.clone().attribute(setting)));
    }
    let (own, fleet) = (target.own(layers.own), target.fleet(layers.fleet));
    let layers = Layers { own: &own, fleet: &fleet, ..layers };
    let mut reader =
        Reader { at: at.clone(), target, shape_unknown: false, diagnostics: Diagnostics::default() };
    let settings = reader.settings(layers);
    diagnostics.extend(reader.diagnostics);
    let settings = (!reader.shape_unknown).then_some(settings);
    let mut no_key = None;
    if let Some(settings) = &settings {
        // Whether a key is missing shows only when the fleet's settings are known, and two of them are not none.
        let key_is_open = !layers.configured || diagnostics.has_errors();
        for problem in
            rofs::problems(settings).into_iter().chain(render::of(settings.platform).problems(settings))
        {
            let said = say::setting_problem(&problem, at);
            match settings.api_key.is_none() && problem.setting == target.api_keys()[0].0 {
                true => no_key = (!key_is_open).then_some(said),
                false => diagnostics.push(said),
            }
        }
    }
    if settings.as_ref().is_some_and(|settings| settings.docker_labels.contains_key(MARK_LABEL)) {
        diagnostics.push(say::label_of_the_mark(MARK_LABEL, at.clone().attribute("docker_labels")));
    }
    Decoded { settings, diagnostics, no_key }
}

/// Reads layered values, noting what is not known and what is wrong.
struct Reader {
    at: AttributePath,
    target: Target,
    shape_unknown: bool,
    diagnostics: Diagnostics,
}

impl Reader {
    fn settings(&mut self, layers: Layers<'_>) -> Settings {
        let base = Settings::default();
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
            health_check: self.health_check(layers, base.health_check),
            restart_policy: self.restart_policy(layers),
            wait_until_healthy: self.flag(layers, "wait_until_healthy").unwrap_or(base.wait_until_healthy),
            platform: match self.target {
                Target::Ecs => self
                    .one_of(layers, "launch_type", &LaunchType::NAMED)
                    .map_or(base.platform, Platform::Ecs),
                Target::Compose => Platform::Compose,
                Target::Docker => Platform::Docker,
                Target::Nomad => Platform::Nomad,
                Target::Kubernetes => Platform::Kubernetes(self.kubernetes(layers)),
            },
            seeding: self
                .one_of(
                    layers,
                    "seeding",
                    &[("init_copy", Seeding::InitCopy), ("image_volumes", Seeding::ImageVolumes)],
                )
                .unwrap_or(base.seeding),
            flares: self.flag(layers, "flares").unwrap_or(base.flares),
            file_logging: self.flag(layers, "file_logging").unwrap_or(base.file_logging),
            config_files: self.texts(layers, "config_files"),
            volume_prefix: self.shape_text(layers, "volume_prefix").unwrap_or(base.volume_prefix),
            container_name: self.shape_text(layers, "container_name").unwrap_or(base.container_name),
            init_container_name: self
                .shape_text(layers, "init_container_name")
                .unwrap_or(base.init_container_name),
            existing_container: self.shape_text(layers, "existing_container"),
            apm: crate::rofs::settings::Apm {
                enabled: self.flag(layers, "apm.enabled").unwrap_or(base.apm.enabled),
                socket: self.flag(layers, "apm.socket").unwrap_or(base.apm.socket),
                port: self.number(layers, "apm.port"),
                profiling: self.flag(layers, "apm.profiling"),
                data_streams: self.flag(layers, "apm.data_streams"),
                trace_inferred_proxy_services: self.flag(layers, "apm.trace_inferred_proxy_services"),
            },
            dogstatsd: crate::rofs::settings::Dogstatsd {
                enabled: self.flag(layers, "dogstatsd.enabled").unwrap_or(base.dogstatsd.enabled),
                socket: self.flag(layers, "dogstatsd.socket").unwrap_or(base.dogstatsd.socket),
                port: self.number(layers, "dogstatsd.port"),
                origin_detection: self.flag(layers, "dogstatsd.origin_detection"),
                cardinality: self.text(layers, "dogstatsd.cardinality"),
            },
            log_configuration: self.log_configuration(layers),
            written: written(layers),
        }
    }

    fn kubernetes(&mut self, layers: Layers<'_>) -> KubernetesKind {
        let base = KubernetesKind::default();
        KubernetesKind {
            per_node: self.one_of(layers, "mode", &MODES).unwrap_or(base.per_node),
            fargate: self.flag(layers, "eks_fargate").unwrap_or(base.fargate),
            native_sidecars: self.flag(layers, "native_sidecar").unwrap_or(base.native_sidecars),
        }
    }

    /// Exactly one of the places, from the nearer layer that names any.
    fn api_key(&mut self, layers: Layers<'_>) -> Option<Secret> {
        let settings = self.target.api_keys();
        let is_named = |value: &Value| settings.iter().any(|(name, _)| !value.get(name).is_null());
        let layer = if is_named(layers.own) { layers.own } else { layers.fleet };
        if layer.is_unknown() {
            self.shape_unknown = true;
            return None;
        }
        let mut named = settings.iter().filter(|(name, _)| !layer.get(name).is_null());
        match (named.next(), named.next()) {
            (Some((one, _)), Some((other, _))) => {
                self.diagnostics.push(say::two_api_keys(one, other, self.place(other)));
                None
            }
            (Some((name, store)), None) => stored(*store, layer.get(name)),
            (None, _) => self.usual_api_key(layers),
        }
    }

    /// Where the key is when nobody says it: where the Agent itself, or Datadog's own installation, has it.
    fn usual_api_key(&self, layers: Layers<'_>) -> Option<Secret> {
        let is_a_secret = layers.own.get("secrets").get(DD_API_KEY);
        let usual = match self.target {
            // Nomad has a variable for each job, and only the job knows its path.
            Target::Ecs | Target::Nomad => return None,
            Target::Compose | Target::Docker => {
                Secret { store: Store::Environment, reference: DD_API_KEY.into() }
            }
            Target::Kubernetes => Secret::stored(USUAL_SECRET.into()),
        };
        is_a_secret.is_null().then_some(usual)
    }

    fn health_check(&mut self, layers: Layers<'_>, base: Option<HealthCheck>) -> Option<HealthCheck> {
        if self.flag(layers, "health_check.enabled") == Some(false) {
            return None;
        }
        let base = base
            .filter(|_| layers.block("health_check").is_given() || self.target.checks_health_by_itself())?;
        let command = layers.get("health_check.command");
        if !command.is_wholly_known() {
            self.shape_unknown = true;
        }
        let command: Vec<String> =
            command.elements().iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
        let probe = if command.is_empty() { Some(base.probe.clone()) } else { ecs::probe(&command) };
        if probe.is_none() {
            self.diagnostics.push(say::not_a_health_check(self.place("health_check.command")));
        }
        Some(HealthCheck {
            probe: probe.unwrap_or(base.probe),
            interval: self.number(layers, "health_check.interval").unwrap_or(base.interval),
            timeout: self.number(layers, "health_check.timeout").unwrap_or(base.timeout),
            retries: self.number(layers, "health_check.retries").unwrap_or(base.retries),
            start_period: self.number(layers, "health_check.start_period").unwrap_or(base.start_period),
        })
    }

    fn restart_policy(&mut self, layers: Layers<'_>) -> Option<RestartPolicy> {
        if !layers.block("restart_policy").is_given() {
            return None;
        }
        let codes = layers.get("restart_policy.ignored_exit_codes");
        if !codes.is_wholly_known() {
            self.shape_unknown = true;
        }
        for (index, code) in (0..).zip(codes.elements()) {
            if matches!(code.undynamic(), Value::Number(_)) && whole_number(code).is_none() {
                let setting = "restart_policy.ignored_exit_codes";
                self.diagnostics.push(say::not_a_whole_number(setting, self.place(setting).index(index)));
            }
        }
        Some(RestartPolicy {
            enabled: self.flag(layers, "restart_policy.enabled").unwrap_or(true),
            ignored_exit_codes: codes.elements().iter().filter_map(whole_number).collect(),
            restart_attempt_period: self.number(layers, "restart_policy.restart_attempt_period"),
        })
    }

    fn log_configuration(&mut self, layers: Layers<'_>) -> Option<LogConfiguration> {
        let block = layers.block("log_configuration");
        if !block.is_given() {
            return None;
        }
        Some(LogConfiguration {
            log_driver: self.text(block, "log_driver")?,
            options: self.texts(block, "options"),
            secret_options: self.texts(block, "secret_options"),
        })
    }

    fn place(&self, setting: &str) -> AttributePath {
        say::place_of(setting, &self.at)
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
                    self.diagnostics.push(say::not_a_whole_number(name, self.place(name)));
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
            self.diagnostics.push(say::not_one_of(name, &given, &spellings, self.place(name)));
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

/// Which settings are written, and in which layer.
fn written(layers: Layers<'_>) -> Written {
    let mut written = Written::default();
    each_written(layers.own, &mut |name| written.add_here(name));
    each_written(layers.fleet, &mut |name| written.add_shared(name));
    written
}

/// The names of the attributes that are not null, and of those in nested blocks with the block's name before them.
fn each_written(layer: &Value, found: &mut dyn FnMut(String)) {
    let Value::Map(attributes) = layer else { return };
    for (name, value) in attributes {
        if value.is_null() || matches!(value, Value::List(blocks) if blocks.is_empty()) {
            continue;
        }
        let inner = if matches!(value, Value::Map(_)) { value } else { layer.block(name) };
        if let Value::Map(inner) = inner {
            inner
                .iter()
                .filter(|(_, value)| !value.is_null())
                .for_each(|(inner, _)| found(format!("{name}.{inner}")));
        }
        found(name.clone());
    }
}

/// How the Agent runs in a cluster, and whether that is once for each node.
const MODES: [(&str, bool); 2] = [("sidecar", false), ("daemonset", true)];

/// The Secret of Kubernetes and its entry that Datadog's Helm chart and admission controller ask for (read 2026-11).
const USUAL_SECRET: &str = "datadog-secret/api-key";

/// A reference that is a text, or an object of a name and a key.
fn stored(store: Store, reference: &Value) -> Option<Secret> {
    let reference = match reference.undynamic() {
        Value::Map(parts) => {
            let part = |name: &str| parts.get(name).and_then(text_of).unwrap_or_else(|| "".into());
            match (part("name"), part("key")) {
                (Text::Known(name), Text::Known(key)) => Text::Known(format!("{name}/{key}")),
                _ => Text::Unknown,
            }
        }
        text => text_of(text)?,
    };
    Some(Secret { store, reference })
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
