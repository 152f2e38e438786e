//! What people decide about the Agent, by name and for any platform. Golden documents are rendered from these settings, and what is
//! rendered from them is started, so a platform that is added has both at once.

use std::collections::BTreeMap;

use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{
    Apm, Dogstatsd, HealthCheck, Probe, RestartPolicy, Secret, Seeding, Settings, Store, Text,
};

/// A name, and what it does to the least that has to be said.
pub(crate) type Scenario = (&'static str, fn(Settings) -> Settings);

/// The reference of an image that has the Agent's directories as volumes, and the configuration of a check.
pub(crate) const IMAGE_WITH_VOLUMES: &str = "example.com/shop/agent:7.81.1";

/// What every platform has a golden document of, by the name of its file.
pub(crate) const RECORDED: &[Scenario] = &[
    ("minimal", unchanged),
    ("no_flares", no_flares),
    ("file_logging", file_logging),
    ("ports", ports_in_place_of_sockets),
    ("listeners_off", nothing_listens),
    ("bare", bare),
    ("user", of_user_100_with_every_directory),
    ("waits", waits_until_healthy),
    ("config_files", config_files),
    ("image_volumes", image_with_volumes),
];

/// What is started on every platform. A configuration file's content depends on the platform, so files are not among them.
pub(crate) const STARTED: &[Scenario] = &[
    ("plain", unchanged),
    ("user 100", of_user_100),
    ("user 100 with every directory", of_user_100_with_every_directory),
    ("no flares", no_flares),
    ("log files", file_logging),
    ("ports in place of sockets", ports_in_place_of_sockets),
    ("nothing listens", nothing_listens),
    ("waits until healthy", waits_until_healthy),
    ("a health check of one's own", health_check_of_ones_own),
    ("no health check", no_health_check),
    ("an image with volumes", image_with_volumes),
    ("an image with volumes and user 100", |settings| of_user_100(image_with_volumes(settings))),
    ("names of one's own", names_of_ones_own),
];

/// What a user has to say at least.
pub(crate) fn minimal(platform: Platform) -> Settings {
    let (store, _) = platform.words().api_keys.first().expect("a platform has an API key").to_owned();
    let key = match platform {
        Platform::Kubernetes(_) => Secret::stored("datadog-secret/api-key".into()),
        Platform::Nomad => Secret::stored("nomad/jobs/datadog-agent".into()),
        _ => key(store),
    };
    Settings { platform, api_key: Some(key), ..Settings::default() }
}

/// An API key where this store keeps it.
pub(crate) fn key(store: Store) -> Secret {
    let reference = match store {
        Store::Secrets => "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf",
        Store::Parameters => "arn:aws:ssm:eu-west-1:123456789012:parameter/dd/key",
        Store::Environment => "DD_API_KEY",
        Store::File => "datadog_api_key",
    };
    Secret { store, reference: reference.into() }
}

/// An API key in the file of this name or path.
pub(crate) fn key_in_the_file(reference: &str) -> Secret {
    Secret { store: Store::File, reference: reference.into() }
}

/// Texts by name.
pub(crate) fn map(entries: &[(&str, &str)]) -> BTreeMap<String, Text> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), Text::from(*value))).collect()
}

/// As much as every platform has words for. What is a platform's own comes on top.
pub(crate) fn everything(settings: Settings) -> Settings {
    Settings {
        site: Some("datadoghq.eu".into()),
        service: Some("orders".into()),
        env: Some("prod".into()),
        version: Some("1.2.3".into()),
        tags: map(&[("team", "shop"), ("cost", "42")]),
        cluster_name: Some("main".into()),
        docker_labels: map(&[("owner", "platform")]),
        environment: map(&[("DD_LOG_FORMAT_JSON", "true"), ("DD_PROXY_HTTPS", "http://proxy:3128")]),
        log_level: Some("warn".into()),
        checks_cardinality: Some("orchestrator".into()),
        cpu: Some(128),
        memory: Some(512),
        memory_reservation: Some(384),
        wait_until_healthy: true,
        stop_timeout: Some(45),
        file_logging: true,
        apm: Apm {
            port: Some(8126),
            profiling: Some(true),
            data_streams: Some(true),
            trace_inferred_proxy_services: Some(false),
            ..Apm::default()
        },
        dogstatsd: Dogstatsd {
            port: Some(8125),
            origin_detection: Some(true),
            cardinality: Some("high".into()),
            ..Dogstatsd::default()
        },
        ..settings
    }
}

/// Values that are known only at apply, beside others that are known now.
pub(crate) fn unknown_parts(settings: Settings) -> Settings {
    let with_unknown = |mut known: BTreeMap<String, Text>, name: &str| {
        known.insert(name.to_owned(), Text::Unknown);
        known
    };
    Settings {
        service: Some(Text::Unknown),
        environment: with_unknown(map(&[("A", "a")]), "B"),
        tags: with_unknown(map(&[("team", "shop")]), "zone"),
        ..settings
    }
}

fn unchanged(settings: Settings) -> Settings {
    settings
}

fn no_flares(settings: Settings) -> Settings {
    Settings { flares: false, ..settings }
}

fn file_logging(settings: Settings) -> Settings {
    Settings { file_logging: true, ..settings }
}

/// At ports that are not the Agent's own.
pub(crate) fn ports_in_place_of_sockets(settings: Settings) -> Settings {
    Settings {
        apm: Apm { socket: false, port: Some(8127), ..Apm::default() },
        dogstatsd: Dogstatsd { socket: false, port: Some(8135), ..Dogstatsd::default() },
        ..settings
    }
}

fn nothing_listens(settings: Settings) -> Settings {
    Settings {
        apm: Apm { enabled: false, ..Apm::default() },
        dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
        ..settings
    }
}

fn no_health_check(settings: Settings) -> Settings {
    Settings { health_check: None, ..settings }
}

fn health_check_of_ones_own(settings: Settings) -> Settings {
    let program = Probe::Program(["agent", "health"].map(str::to_owned).into());
    Settings { health_check: Some(HealthCheck { probe: program, ..HealthCheck::default() }), ..settings }
}

/// Without what can be switched off around the Agent.
fn bare(settings: Settings) -> Settings {
    let never =
        RestartPolicy { enabled: false, ignored_exit_codes: Vec::new(), restart_attempt_period: None };
    Settings { flares: false, stop_timeout: None, restart_policy: Some(never), ..no_health_check(settings) }
}

fn of_user_100(settings: Settings) -> Settings {
    Settings { user: Some("100".into()), ..settings }
}

pub(crate) fn of_user_100_with_every_directory(settings: Settings) -> Settings {
    Settings { user: Some("100:0".into()), ..file_logging(settings) }
}

pub(crate) fn waits_until_healthy(settings: Settings) -> Settings {
    Settings { wait_until_healthy: true, ..settings }
}

/// Beside those of the image, in place of one, with names and contents that a shell or a platform could read otherwise.
fn config_files(settings: Settings) -> Settings {
    let files = map(&[
        ("conf.d/redisdb.d/conf.yaml", "init_config:\ninstances:\n  - host: $REDIS\n    port: 6379\n"),
        ("checks.d/it's mine.py", "from datadog_checks.base import AgentCheck\n"),
        ("./datadog.yaml", "jmx_use_container_support: true\n"),
    ]);
    Settings { config_files: files, ..settings }
}

/// Nothing has to be copied.
pub(crate) fn image_with_volumes(settings: Settings) -> Settings {
    Settings { seeding: Seeding::ImageVolumes, image: IMAGE_WITH_VOLUMES.into(), ..settings }
}

fn names_of_ones_own(settings: Settings) -> Settings {
    Settings { site: Some("datadoghq.eu".into()), volume_prefix: "dd_".to_owned(), ..settings }
}
