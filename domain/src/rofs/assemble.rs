//! Builds the workload from the settings and the table of writable paths.
//!
//! Never fails: settings that contradict each other are listed by `problems`, and what is built from them is
//! still without repeated names.

use std::collections::BTreeMap;

use super::agent_version::{RunsAs, runs_as};
use super::config_file::{config_files, written_files};
use super::seed::{self, Seed};
use super::settings::{RestartPolicy, Secret, Seeding, Settings, Store, Text};
use super::variables::{
    DD_AGENT_HOST, DD_API_KEY, DD_APM_NON_LOCAL_TRAFFIC, DD_AUTH_TOKEN_FILE_PATH, DD_DISABLE_FILE_LOGGING,
    DD_DOGSTATSD_NON_LOCAL_TRAFFIC, DD_DOGSTATSD_PORT, DD_DOGSTATSD_URL, DD_SECRET_BACKEND_COMMAND,
    DD_TRACE_AGENT_PORT, DD_TRACE_AGENT_URL, ENTRYPOINT, named_setting, owning_setting,
};
use super::workload::{
    Condition, Container, Dependency, File, Mount, Port, Role, Transport, Volume, VolumeKind, Wiring,
    Workload,
};
use super::writable_path::{
    APM_SOCKET, CONFIG, DOGSTATSD_SOCKET, SOCKETS, TOKEN_FILE, WritablePath, writable_paths,
};

use crate::ordered::ordered;

/// MiB of the init container, which runs a shell and `cp`.
const INIT_MEMORY: i64 = 128;
/// Seconds in which the copy must be done. It takes about one; the bound turns a stuck volume into a stopped task.
const INIT_START_TIMEOUT: i64 = 60;
/// Seconds in which the Agent must be healthy before those who wait give up: the most that every platform accepts.
const AGENT_START_TIMEOUT: i64 = 120;
/// Port of the trace Agent unless told otherwise.
const APM_PORT: i64 = 8126;
/// Port of DogStatsD unless told otherwise.
const DOGSTATSD_PORT: i64 = 8125;

/// The containers, volumes and wiring that run the Agent on a read-only root filesystem as these settings say.
pub fn assemble(settings: &Settings) -> Workload {
    let writable = writable_paths(settings);
    let mut containers = Vec::with_capacity(2);
    let mut awaited = Vec::new();
    match settings.seeding {
        Seeding::InitCopy => {
            containers.push(init_container(settings, &writable));
            awaited.push(Dependency {
                container: settings.init_container_name.clone(),
                condition: Condition::Succeeded,
            });
        }
        Seeding::ImageVolumes => {}
    }
    containers.push(agent_container(settings, &writable, awaited));
    Workload {
        containers,
        wiring: wiring(settings, &writable),
        volumes: volumes(settings, writable),
        files: files(settings).map(|(_, file)| file).collect(),
    }
}

/// The files of the configuration that the platform keeps and mounts, each with its path below the configuration directory.
fn files(settings: &Settings) -> impl Iterator<Item = (String, File)> {
    let files = if settings.platform.mounts_files() { config_files(settings) } else { Vec::new() };
    let volume = files_volume(settings);
    files.into_iter().map(move |(file, content)| {
        let kept = File { volume: volume.clone(), name: file.variable, content: content.clone() };
        (file.path, kept)
    })
}

/// The volume with the files of the configuration.
fn files_volume(settings: &Settings) -> String {
    format!("{}files", settings.volume_prefix)
}

fn volumes(settings: &Settings, writable: Vec<WritablePath>) -> Vec<Volume> {
    let platform = settings.platform;
    let machine = platform.of_the_machine().iter().map(|part| Volume {
        name: format!("{}{}", settings.volume_prefix, part.suffix),
        kind: VolumeKind::HostPath(part.source),
        size: None,
    });
    let writable = writable.into_iter().map(|writable| Volume {
        kind: platform.volume_kind(writable.path),
        name: writable.volume,
        size: Some(writable.size),
    });
    let has_files = files(settings).next().is_some();
    let files = has_files.then(|| Volume {
        name: files_volume(settings),
        kind: VolumeKind::Configuration,
        size: None,
    });
    writable.chain(machine).chain(files).collect()
}

/// Copies the configuration and ends. It waits for nothing, has no secrets and no variables but the contents of files that it
/// writes, and its own root is read-only like every other: it writes into mounted volumes only.
fn init_container(settings: &Settings, writable: &[WritablePath]) -> Container {
    // A volume starts as root:root 0755, so an Agent that is not root needs its directories handed over.
    let hands_over = runs_as(settings.user.as_ref()) == RunsAs::DatadogAgent;
    let mut mounts = Vec::new();
    let mut hand_over = Vec::new();
    for entry in writable {
        if entry.path == CONFIG {
            mounts.push(mount(&entry.volume, seed::STAGING));
        } else if hands_over && settings.platform.volume_kind(entry.path) != VolumeKind::Tmpfs {
            mounts.push(mount(&entry.volume, entry.path));
            hand_over.push(entry.path);
        }
    }
    Container {
        name: settings.init_container_name.clone(),
        role: Role::Init,
        image: settings.image.clone(),
        repository_credentials: settings.repository_credentials.clone(),
        command: Some(Seed::of(settings, &hand_over).command()),
        user: hands_over.then(|| Text::from("0")),
        environment: ordered(
            written_files(settings).into_iter().map(|(file, content)| (file.variable, content.clone())),
        ),
        secrets: BTreeMap::new(),
        filled_in: BTreeMap::new(),
        docker_labels: BTreeMap::new(),
        mounts,
        ports: Vec::new(),
        dependencies: Vec::new(),
        // It ends, and the end of an essential container ends the task.
        essential: false,
        cpu: settings.platform.cpu(),
        memory: Some(INIT_MEMORY),
        memory_reservation: None,
        start_timeout: Some(INIT_START_TIMEOUT),
        stop_timeout: None,
        health_check: None,
        restart_policy: None,
        log_configuration: settings.log_configuration.clone(),
        secret_files: Vec::new(),
        sees_the_machines_processes: false,
    }
}

fn agent_container(
    settings: &Settings,
    writable: &[WritablePath],
    dependencies: Vec<Dependency>,
) -> Container {
    let secrets = secrets(settings);
    let unsized_memory = settings.memory.is_none() && settings.memory_reservation.is_none();
    Container {
        name: settings.container_name.clone(),
        role: Role::Agent,
        image: settings.image.clone(),
        repository_credentials: settings.repository_credentials.clone(),
        // The image's own command starts its supervisor and the scripts that prepare the configuration.
        command: None,
        user: settings.user.clone(),
        filled_in: filled_in(settings, &secrets),
        environment: environment(settings, &secrets),
        secrets,
        docker_labels: settings.docker_labels.clone(),
        mounts: mounts(settings, writable),
        ports: ports(settings),
        dependencies,
        essential: settings.essential,
        cpu: settings.cpu.or(settings.platform.cpu()),
        memory: settings.memory,
        memory_reservation: settings
            .memory_reservation
            .or(unsized_memory.then_some(settings.platform.memory_of_the_agent())),
        start_timeout: waits_until_healthy(settings).then_some(AGENT_START_TIMEOUT),
        stop_timeout: settings.stop_timeout,
        health_check: settings.health_check.clone(),
        restart_policy: settings.restart_policy.clone().or_else(|| restart_policy(settings)),
        log_configuration: settings.log_configuration.clone(),
        secret_files: secret_file(settings).into_iter().cloned().collect(),
        sees_the_machines_processes: settings.platform.shows_the_machines_processes(),
    }
}

/// The writable directories and what of the machine the Agent reads.
fn mounts(settings: &Settings, writable: &[WritablePath]) -> Vec<Mount> {
    let machine = settings.platform.of_the_machine().iter().map(|part| Mount {
        volume: format!("{}{}", settings.volume_prefix, part.suffix),
        path: part.path.to_owned(),
        read_only: true,
        file: None,
    });
    let files = files(settings).map(|(path, file)| Mount {
        volume: file.volume,
        path: format!("{CONFIG}/{path}"),
        read_only: true,
        file: Some(file.name),
    });
    writable.iter().map(|entry| mount(&entry.volume, entry.path)).chain(machine).chain(files).collect()
}

/// The variables whose values the platform knows, unless somebody has another one for them.
fn filled_in(settings: &Settings, secrets: &BTreeMap<String, Text>) -> BTreeMap<String, &'static str> {
    let is_free = |name: &str| !settings.environment.contains_key(name) && !secrets.contains_key(name);
    let variables = settings.platform.filled_in().iter().filter(|one| is_free(one.variable));
    ordered(variables.map(|one| (one.variable.to_owned(), one.field)))
}

fn restart_policy(settings: &Settings) -> Option<RestartPolicy> {
    settings.platform.restarts_the_agent().then(|| RestartPolicy {
        enabled: true,
        ignored_exit_codes: Vec::new(),
        restart_attempt_period: None,
    })
}

/// The name of the secret with the API key, where the platform puts it into the container as a file.
fn secret_file(settings: &Settings) -> Option<&Text> {
    settings.api_key.as_ref().filter(|key| key.store == Store::File).map(|key| &key.reference)
}

fn mount(volume: &str, path: &str) -> Mount {
    Mount { volume: volume.to_owned(), path: path.to_owned(), read_only: false, file: None }
}

/// The Agent's secrets: what `api_key` says wins over a secret of the same name.
fn secrets(settings: &Settings) -> BTreeMap<String, Text> {
    let mut secrets: BTreeMap<_, _> = ordered(
        settings
            .secrets
            .iter()
            .filter(|(name, _)| name.as_str() == DD_API_KEY || !is_refused(name))
            .filter(|(name, _)| !yields(settings, "secrets", name))
            .map(|(name, reference)| (name.clone(), reference.clone())),
    );
    if let Some(Secret { reference, store }) = &settings.api_key
        && *store != Store::File
    {
        secrets.insert(DD_API_KEY.to_owned(), reference.clone());
    }
    secrets
}

/// The Agent's variables. What the user wrote wins, except over variables that a setting owns; a secret of the
/// same name wins over both.
fn environment(settings: &Settings, secrets: &BTreeMap<String, Text>) -> BTreeMap<String, Text> {
    let mut environment = pattern_environment(settings);
    for (name, value) in &settings.environment {
        if !is_refused(name) && !yields(settings, "environment", name) {
            environment.insert(name.clone(), value.clone());
        }
    }
    environment.retain(|name, _| !secrets.contains_key(name));
    if let Some(name) = secret_file(settings) {
        environment.insert(DD_API_KEY.to_owned(), handle_of_file(settings, name));
        environment.insert(DD_SECRET_BACKEND_COMMAND.to_owned(), READS_FILES.into());
    }
    environment
}

/// The image's own program that reads secrets from files, from 7.32 (Datadog's page on secrets, read 2026-11).
const READS_FILES: &str = "/readsecret_multiple_providers.sh";

/// What that program takes for a file's content. The start scripts only ask for a key that is not empty.
fn handle_of_file(settings: &Settings, name: &Text) -> Text {
    match name {
        Text::Known(name) => format!("ENC[file@{}]", settings.platform.secret_file(name)).into(),
        Text::Unknown => Text::Unknown,
    }
}

/// Whether a variable that is set for all tasks yields to the setting of this one that it is another way to write.
fn yields(settings: &Settings, list: &str, variable: &str) -> bool {
    named_setting(variable)
        .is_some_and(|setting| settings.written.is_overridden_by(&format!("{list}.{variable}"), setting))
}

fn is_refused(variable: &str) -> bool {
    [ENTRYPOINT, DD_API_KEY].contains(&variable) || owning_setting(variable).is_some()
}

fn pattern_environment(settings: &Settings) -> BTreeMap<String, Text> {
    let mut environment = BTreeMap::new();
    let mut set = |name: &str, value: Text| {
        environment.insert(name.to_owned(), value);
    };
    for marker in settings.platform.markers() {
        set(marker.variable, marker.value.into());
    }
    for (name, value) in [
        ("DD_SITE", &settings.site),
        ("DD_SERVICE", &settings.service),
        ("DD_ENV", &settings.env),
        ("DD_VERSION", &settings.version),
        ("DD_CLUSTER_NAME", &settings.cluster_name),
        ("DD_LOG_LEVEL", &settings.log_level),
        ("DD_CHECKS_TAG_CARDINALITY", &settings.checks_cardinality),
        ("DD_DOGSTATSD_TAG_CARDINALITY", &settings.dogstatsd.cardinality),
    ] {
        if let Some(value) = value {
            set(name, value.clone());
        }
    }
    if !settings.tags.is_empty() {
        set("DD_TAGS", joined_tags(&settings.tags));
    }
    if settings.platform.keeps_the_token_apart() {
        set(DD_AUTH_TOKEN_FILE_PATH, TOKEN_FILE.into());
    }
    if !settings.file_logging {
        // One variable that every process reads; the console gets the same lines by default.
        set(DD_DISABLE_FILE_LOGGING, "true".into());
    }

    // A configuration file that the image links says off for traces, the Agent's code says on: be explicit.
    let (apm, dogstatsd) = (&settings.apm, &settings.dogstatsd);
    set("DD_APM_ENABLED", flag(apm.enabled));
    set("DD_APM_RECEIVER_SOCKET", if apm.enabled && apm.socket { APM_SOCKET } else { "" }.into());
    set("DD_USE_DOGSTATSD", flag(dogstatsd.enabled));
    set(
        "DD_DOGSTATSD_SOCKET",
        if dogstatsd.enabled && dogstatsd.socket { DOGSTATSD_SOCKET } else { "" }.into(),
    );
    if let (true, Some(port)) = (apm.enabled, apm.port) {
        set("DD_APM_RECEIVER_PORT", port.to_string().into());
    }
    if let (true, Some(port)) = (dogstatsd.enabled, dogstatsd.port) {
        set(DD_DOGSTATSD_PORT, port.to_string().into());
    }
    if !settings.platform.shares_a_loopback() {
        // Whoever has no socket comes from another address.
        if apm.enabled && (!apm.socket || apm.port.is_some()) {
            set(DD_APM_NON_LOCAL_TRAFFIC, flag(true));
        }
        if dogstatsd.enabled && (!dogstatsd.socket || dogstatsd.port.is_some()) {
            set(DD_DOGSTATSD_NON_LOCAL_TRAFFIC, flag(true));
        }
    }
    if let Some(origin_detection) = dogstatsd.origin_detection {
        set("DD_DOGSTATSD_ORIGIN_DETECTION", flag(origin_detection));
        set("DD_DOGSTATSD_ORIGIN_DETECTION_CLIENT", flag(origin_detection));
    }
    environment
}

fn flag(on: bool) -> Text {
    if on { "true" } else { "false" }.into()
}

/// Tags as the Agent reads them from a variable: `key:value` separated by spaces.
fn joined_tags(tags: &BTreeMap<String, Text>) -> Text {
    let mut joined = String::new();
    for (key, value) in tags {
        let Text::Known(value) = value else { return Text::Unknown };
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(key);
        joined.push(':');
        joined.push_str(value);
    }
    Text::Known(joined)
}

fn ports(settings: &Settings) -> Vec<Port> {
    // Who reaches the Agent at the machine's address finds only what is opened there.
    let is_opened = |socket: bool| !socket && settings.platform.address_of_the_machine().is_some();
    let (apm, dogstatsd) = (&settings.apm, &settings.dogstatsd);
    let apm = apm.port.or(is_opened(apm.socket).then_some(APM_PORT)).filter(|_| apm.enabled);
    let dogstatsd = dogstatsd
        .port
        .or(is_opened(dogstatsd.socket).then_some(DOGSTATSD_PORT))
        .filter(|_| dogstatsd.enabled);
    let udp = dogstatsd.map(|number| Port { number, protocol: Transport::Udp });
    let tcp = apm.map(|number| Port { number, protocol: Transport::Tcp });
    udp.into_iter().chain(tcp).collect()
}

fn waits_until_healthy(settings: &Settings) -> bool {
    settings.wait_until_healthy && settings.health_check.is_some()
}

fn wiring(settings: &Settings, writable: &[WritablePath]) -> Wiring {
    let (apm, dogstatsd) = (&settings.apm, &settings.dogstatsd);
    let mut wiring = Wiring::default();
    let mut set = |name: &str, value: Text| {
        wiring.environment.insert(name.to_owned(), value);
    };
    // On a shared loopback the address is numeric because `localhost` may mean ::1 in an application's image, where the Agent
    // does not listen.
    let host = if settings.platform.shares_a_loopback() { "127.0.0.1" } else { &settings.container_name };
    // Only the platform knows the address of the machine, so there is no address to write: libraries put it together themselves.
    let machine = settings.platform.address_of_the_machine();
    let (apm_port, dogstatsd_port) = (apm.port.unwrap_or(APM_PORT), dogstatsd.port.unwrap_or(DOGSTATSD_PORT));
    if apm.enabled {
        match (apm.socket, machine) {
            (true, _) => set(DD_TRACE_AGENT_URL, format!("unix://{APM_SOCKET}").into()),
            (false, None) => set(DD_TRACE_AGENT_URL, format!("http://{host}:{apm_port}").into()),
            (false, Some(_)) => set(DD_TRACE_AGENT_PORT, apm_port.to_string().into()),
        }
    }
    if dogstatsd.enabled {
        match (dogstatsd.socket, machine) {
            (true, _) => set(DD_DOGSTATSD_URL, format!("unix://{DOGSTATSD_SOCKET}").into()),
            (false, None) => set(DD_DOGSTATSD_URL, format!("udp://{host}:{dogstatsd_port}").into()),
            (false, Some(_)) => set(DD_DOGSTATSD_PORT, dogstatsd_port.to_string().into()),
        }
    }
    let is_by_address = (apm.enabled && !apm.socket) || (dogstatsd.enabled && !dogstatsd.socket);
    if let Some(address) = machine.filter(|_| is_by_address) {
        wiring.filled_in.insert(DD_AGENT_HOST.to_owned(), address);
    }
    let mut set = |name: &str, value: Text| {
        wiring.environment.insert(name.to_owned(), value);
    };
    for (name, value) in [
        ("DD_PROFILING_ENABLED", apm.profiling),
        ("DD_DATA_STREAMS_ENABLED", apm.data_streams),
        ("DD_TRACE_INFERRED_PROXY_SERVICES_ENABLED", apm.trace_inferred_proxy_services),
    ] {
        if let (true, Some(on)) = (apm.enabled, value) {
            set(name, flag(on));
        }
    }
    for (name, value) in
        [("service", &settings.service), ("env", &settings.env), ("version", &settings.version)]
    {
        if let Some(value) = value {
            wiring.environment.insert(format!("DD_{}", name.to_uppercase()), value.clone());
            wiring.docker_labels.insert(settings.platform.label_of_tag(name), value.clone());
        }
    }
    if (apm.enabled && apm.socket) || (dogstatsd.enabled && dogstatsd.socket) {
        // Read-only: an application connects, which needs write permission on the socket itself and none on the
        // mount (Linux checks no read-only mount for sockets), and so cannot remove or replace the Agent's sockets.
        wiring.mounts.extend(
            writable
                .iter()
                .filter(|entry| entry.path == SOCKETS)
                .map(|entry| Mount { read_only: true, ..mount(&entry.volume, entry.path) }),
        );
    }
    if waits_until_healthy(settings) {
        wiring
            .dependencies
            .push(Dependency { container: settings.container_name.clone(), condition: Condition::Healthy });
    }
    wiring
}
