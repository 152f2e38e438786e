//! What a user decides about the Agent, with the default of each decision and its reason.
//!
//! Does not know how a user writes it down.

use std::collections::BTreeMap;

use super::platform::Platform;
use super::written::Written;

/// A piece of text that may be known only at apply. Renderers carry it through; nothing is decided on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Text {
    /// The text.
    Known(String),
    /// Known at apply.
    Unknown,
}

impl Text {
    /// Whether it is this text, as far as is known.
    pub fn is(&self, text: &str) -> bool {
        matches!(self, Text::Known(known) if known == text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::Known(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Known(text)
    }
}

/// Where the platform finds a value that nobody may see. The value itself is never here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// What keeps it.
    pub store: Store,
    /// How the platform refers to it there.
    pub reference: Text,
}

impl Secret {
    /// One in a store of secrets.
    pub fn stored(reference: Text) -> Self {
        Self { store: Store::Secrets, reference }
    }

    /// One in a store of parameters.
    pub fn parameter(reference: Text) -> Self {
        Self { store: Store::Parameters, reference }
    }
}

/// What keeps a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// A store of secrets.
    Secrets,
    /// A store of parameters.
    Parameters,
    /// The environment of the machine: the reference is the name of a variable.
    Environment,
    /// A secret that the platform puts into the container as a file: the reference is its name.
    File,
}

/// Every decision about one Agent sidecar.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Image reference with tag or digest.
    pub image: Text,
    /// Version of the Agent inside, where the image reference does not say it.
    pub image_version: Option<String>,
    /// Reference to the secret with the registry's credentials.
    pub repository_credentials: Option<Text>,
    /// Where the API key comes from; `None` while nobody has said it (a finding, not an error of this type).
    pub api_key: Option<Secret>,
    /// Datadog site, such as `datadoghq.com`.
    pub site: Option<Text>,
    /// Unified service tag `service`.
    pub service: Option<Text>,
    /// Unified service tag `env`.
    pub env: Option<Text>,
    /// Unified service tag `version`.
    pub version: Option<Text>,
    /// Further tags on everything the Agent sends.
    pub tags: BTreeMap<String, Text>,
    /// Name of the cluster for the Agent's own tags.
    pub cluster_name: Option<Text>,
    /// Labels on the Agent container.
    pub docker_labels: BTreeMap<String, Text>,
    /// Further variables of the Agent container.
    pub environment: BTreeMap<String, Text>,
    /// Further secrets of the Agent container: variable name to reference.
    pub secrets: BTreeMap<String, Text>,
    /// `DD_LOG_LEVEL`.
    pub log_level: Option<Text>,
    /// `DD_CHECKS_TAG_CARDINALITY`.
    pub checks_cardinality: Option<Text>,
    /// CPU units of the Agent container.
    pub cpu: Option<i64>,
    /// Hard memory limit of the Agent container in MiB.
    pub memory: Option<i64>,
    /// Soft memory limit of the Agent container in MiB.
    pub memory_reservation: Option<i64>,
    /// Whether the task stops when the Agent does.
    pub essential: bool,
    /// User of the Agent container.
    pub user: Option<Text>,
    /// Seconds between the stop signal and the kill.
    pub stop_timeout: Option<i64>,
    /// Health check of the Agent container; `None` for none.
    pub health_check: Option<HealthCheck>,
    /// Restart policy of the Agent container.
    pub restart_policy: Option<RestartPolicy>,
    /// Whether the application waits for a healthy Agent.
    pub wait_until_healthy: bool,
    /// Where the workload runs.
    pub platform: Platform,
    /// How the configuration volume gets its content.
    pub seeding: Seeding,
    /// Whether `/tmp` is writable, which flares need.
    pub flares: bool,
    /// Whether the Agent logs to files below `/var/log/datadog`.
    pub file_logging: bool,
    /// Further files of the configuration: path below `/etc/datadog-agent` to content. Written by the init container.
    pub config_files: BTreeMap<String, Text>,
    /// Beginning of every volume name of the pattern.
    pub volume_prefix: String,
    /// Name of the Agent container.
    pub container_name: String,
    /// Name of the init container.
    pub init_container_name: String,
    /// Name of the container that is the Agent, where one is there already; empty where none of them is, whatever it looks
    /// like. With `None` it is recognized.
    pub existing_container: Option<String>,
    /// Trace collection.
    pub apm: Apm,
    /// Custom metrics.
    pub dogstatsd: Dogstatsd,
    /// Where the sidecars' own output goes; `None` for the platform's default.
    pub log_configuration: Option<LogConfiguration>,
    /// Which of all these somebody wrote.
    pub written: Written,
}

/// Image of the Agent that this version of the pattern was written for: pinned, so that a new task does not start
/// another Agent than the one before it, and from a registry that does not limit who pulls.
pub const DEFAULT_IMAGE: &str = "public.ecr.aws/datadog/agent:7.81.1";

impl Default for Settings {
    fn default() -> Self {
        Settings {
            image: DEFAULT_IMAGE.into(),
            image_version: None,
            repository_credentials: None,
            api_key: None,
            // The Agent's own default, said aloud.
            site: Some("datadoghq.com".into()),
            service: None,
            env: None,
            version: None,
            tags: BTreeMap::new(),
            cluster_name: None,
            docker_labels: BTreeMap::new(),
            environment: BTreeMap::new(),
            secrets: BTreeMap::new(),
            log_level: None,
            checks_cardinality: None,
            // Containers of a task share what nobody reserved; `assemble` reserves memory where neither is set.
            cpu: None,
            memory: None,
            memory_reservation: None,
            // If the init container fails, the Agent never starts. Were the Agent not essential, the application
            // would go on running unmonitored and nobody would notice; so it is, until the user says otherwise.
            essential: true,
            // The image's own user, root. An empty volume is root's.
            user: None,
            // What platforms do by themselves, said aloud. The application stops first (the order of start reversed), so
            // the Agent has these seconds for the last traces.
            stop_timeout: Some(30),
            health_check: Some(HealthCheck::default()),
            restart_policy: None,
            // An Agent that does not get healthy must not keep an application from starting; losing the first seconds
            // of traces is the smaller harm. Who wants it the other way round says so.
            wait_until_healthy: false,
            platform: Platform::default(),
            seeding: Seeding::InitCopy,
            // Support asks for a flare when something is wrong, which is too late to mount `/tmp`.
            flares: true,
            // The console has the same lines, and files would fill the task's disk.
            file_logging: false,
            config_files: BTreeMap::new(),
            volume_prefix: "datadog-".to_owned(),
            container_name: "datadog-agent".to_owned(),
            init_container_name: "datadog-init".to_owned(),
            existing_container: None,
            apm: Apm::default(),
            dogstatsd: Dogstatsd::default(),
            log_configuration: None,
            written: Written::default(),
        }
    }
}

impl Settings {
    /// The name that the Agent has in the task, as far as the settings say it.
    pub fn name_in_the_task(&self) -> &str {
        self.existing_container.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.container_name)
    }

    /// Whether somebody said that no container of the task is the Agent.
    pub fn says_that_none_is_there(&self) -> bool {
        self.existing_container.as_deref() == Some("")
    }
}

impl Default for HealthCheck {
    /// The Agent's own `agent health`, as the image's HEALTHCHECK runs it, which not every platform does. Standard error is
    /// dropped because a platform may take a check that writes there for failed, whatever its exit status (ECS developer
    /// guide, read 2026-11).
    fn default() -> Self {
        HealthCheck {
            probe: Probe::Shell("agent health 2>/dev/null".to_owned()),
            // The first check runs after one interval, and the application waits for it.
            interval: 15,
            timeout: 5,
            retries: 3,
            start_period: 60,
        }
    }
}

impl Default for Apm {
    /// On, over the socket only: a socket needs no port and no address.
    fn default() -> Self {
        Apm {
            enabled: true,
            socket: true,
            port: None,
            profiling: None,
            data_streams: None,
            trace_inferred_proxy_services: None,
        }
    }
}

impl Default for Dogstatsd {
    /// On, over the socket only: a socket needs no port and no address.
    fn default() -> Self {
        Dogstatsd { enabled: true, socket: true, port: None, origin_detection: None, cardinality: None }
    }
}

/// A command that tells whether a container is healthy. Times in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// What runs: status 0 is healthy.
    pub probe: Probe,
    /// Seconds between two checks.
    pub interval: i64,
    /// Seconds one check may take.
    pub timeout: i64,
    /// Failures in a row before the container is unhealthy.
    pub retries: i64,
    /// Seconds after the start in which failures do not count.
    pub start_period: i64,
}

/// What a health check runs inside the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// A line for the container's shell.
    Shell(String),
    /// A program with its arguments.
    Program(Vec<String>),
}

/// Whether the platform starts a container again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartPolicy {
    /// Whether restarts are on.
    pub enabled: bool,
    /// Exit codes after which it is not restarted.
    pub ignored_exit_codes: Vec<i64>,
    /// Seconds the container must have run before it is restarted.
    pub restart_attempt_period: Option<i64>,
}

/// How the configuration volume gets its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeding {
    /// An init container copies the image's own directory.
    InitCopy,
    /// The platform copies what the image has at a path that it declares as a volume; see
    /// [`dockerfile`](crate::rofs::dockerfile()).
    ImageVolumes,
}

/// Trace collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apm {
    /// Whether the trace Agent listens.
    pub enabled: bool,
    /// Whether it listens on its socket below `/var/run/datadog`.
    pub socket: bool,
    /// TCP port it listens on, where asked for.
    pub port: Option<i64>,
    /// `DD_PROFILING_ENABLED` of the application.
    pub profiling: Option<bool>,
    /// `DD_DATA_STREAMS_ENABLED` of the application.
    pub data_streams: Option<bool>,
    /// `DD_TRACE_INFERRED_PROXY_SERVICES_ENABLED` of the application.
    pub trace_inferred_proxy_services: Option<bool>,
}

/// Custom metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dogstatsd {
    /// Whether DogStatsD listens.
    pub enabled: bool,
    /// Whether it listens on its socket below `/var/run/datadog`.
    pub socket: bool,
    /// UDP port it listens on, where asked for.
    pub port: Option<i64>,
    /// `DD_DOGSTATSD_ORIGIN_DETECTION` and its client.
    pub origin_detection: Option<bool>,
    /// `DD_DOGSTATSD_TAG_CARDINALITY`.
    pub cardinality: Option<Text>,
}

/// Where a container's own output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfiguration {
    /// Log driver of the platform.
    pub log_driver: Text,
    /// Options of the driver.
    pub options: BTreeMap<String, Text>,
    /// Options of the driver that are secrets: name to reference.
    pub secret_options: BTreeMap<String, Text>,
}
