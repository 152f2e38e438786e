//! What the settings say of an Agent that is there: applied where it says nothing; where it says otherwise, its own stays
//! and is told.
//!
//! Defaults of the pattern are no settings, because nobody wrote them. How the container is made (its image, name, size,
//! user, life and logs) may differ from what is set for all tasks without a word: it is nearer, as the settings of one task
//! are. What goes where and under which tags is told whoever set it.

use super::ChangeKind;
use super::joiner::{Joiner, Lookup, look_up};
use super::own_sidecar::is_same;
use crate::document::{Node, Object};
use crate::render::ecs;
use crate::rofs::agent_version::{AgentVersion, agent_image};
use crate::rofs::settings::{Seeding, Settings, Text};
use crate::rofs::variables::DD_DISABLE_FILE_LOGGING;
use crate::rofs::workload::{Container, Transport};
use crate::rofs::writable_path::{LOGS, TMP};

/// A setting, and the key of the definition that it is written in.
const PARTS: [(&str, &str); 10] = [
    ("repository_credentials_arn", "repositoryCredentials"),
    ("user", "user"),
    ("cpu", "cpu"),
    ("memory", "memory"),
    ("memory_reservation", "memoryReservation"),
    ("essential", "essential"),
    ("stop_timeout", "stopTimeout"),
    ("health_check", "healthCheck"),
    ("restart_policy", "restartPolicy"),
    ("log_configuration", "logConfiguration"),
];

/// The settings inside a block, and the keys inside its part.
const INSIDE: [(&str, &str); 11] = [
    ("health_check.command", "command"),
    ("health_check.interval", "interval"),
    ("health_check.timeout", "timeout"),
    ("health_check.retries", "retries"),
    ("health_check.start_period", "startPeriod"),
    ("restart_policy.enabled", "enabled"),
    ("restart_policy.ignored_exit_codes", "ignoredExitCodes"),
    ("restart_policy.restart_attempt_period", "restartAttemptPeriod"),
    ("log_configuration.log_driver", "logDriver"),
    ("log_configuration.options", "options"),
    ("log_configuration.secret_options", "secretOptions"),
];

/// What is there already, as far as it decides about settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct AlreadyThere {
    /// Something is mounted at `/tmp`.
    pub(super) tmp: bool,
    /// Something is mounted where log files go.
    pub(super) logs: bool,
    /// An init container of the user, or a volume with content.
    pub(super) configuration: bool,
    /// A configuration that nobody copies from the image.
    pub(super) other_seeding: bool,
    /// The task says another launch type.
    pub(super) launch_type: bool,
}

/// The settings for an Agent of the user, with what it says itself.
pub(super) fn adapted(agent: &Node, settings: Settings) -> Settings {
    let text = |node: &Node| match node {
        Node::String(text) if !text.is_empty() => Some(Text::Known(text.clone())),
        Node::Unknown => Some(Text::Unknown),
        _ => None,
    };
    let written = &settings.written;
    let image = text(agent.get("image")).unwrap_or(Text::Unknown);
    // What is declared of an image, or opens its registry, belongs to that image.
    let is_its_own = |setting: &str| written.is_here(setting) || image == settings.image;
    let version_is_open = !matches!(agent_image(&image, None).version, AgentVersion::Release(_));
    let image_version =
        settings.image_version.clone().filter(|_| version_is_open && is_its_own("image_version"));
    let of_registry = settings.repository_credentials.clone().filter(|_| {
        is_its_own("repository_credentials_arn")
            || registry(&image).is_some_and(|_| registry(&image) == registry(&settings.image))
    });
    let credentials = text(agent.get("repositoryCredentials").get("credentialsParameter"));
    Settings {
        container_name: agent.get("name").as_str().unwrap_or_default().to_owned(),
        user: text(agent.get("user"))
            .or_else(|| settings.user.clone().filter(|_| written.is_anywhere("user"))),
        repository_credentials: credentials.or(of_registry),
        image_version,
        image,
        ..settings
    }
}

fn registry(image: &Text) -> Option<&str> {
    let Text::Known(image) = image else { return None };
    image.split_once('/').map(|(registry, _)| registry)
}

/// Applies to an Agent what is written of it. `settings` are as they were written, `agent` is as they make it here.
pub(super) fn apply(
    joiner: &mut Joiner<'_>,
    settings: &Settings,
    agent: &Container,
    there: AlreadyThere,
    around: &Node,
) {
    names(joiner, settings, agent);
    let rendered = ecs::container_definition(agent);
    for (setting, key) in PARTS {
        if settings.written.is_anywhere(setting) {
            part(joiner, settings, setting, key, rendered.get(key), around);
        }
    }
    for port in &agent.ports {
        let variable = match port.protocol {
            Transport::Tcp => "DD_APM_RECEIVER_PORT",
            Transport::Udp => "DD_DOGSTATSD_PORT",
        };
        // An Agent that listens on a port of its own keeps that one.
        match look_up(joiner.members.get("environment"), "name", variable) {
            Lookup::Found(entry) if entry.get("value").as_str() == Some(&port.number.to_string()) => {
                joiner.port(port);
            }
            Lookup::Found(_) | Lookup::Absent => {}
            Lookup::Undecided => joiner.make_unknown("portMappings"),
        }
    }
    directories(joiner, settings, there);
}

/// What only an Agent that is added is called.
fn names(joiner: &mut Joiner<'_>, settings: &Settings, agent: &Container) {
    let written = &settings.written;
    let image = joiner.members.get("image").cloned().unwrap_or_default();
    if written.is_here("image") && is_other(&image, &ecs::text(&settings.image)) {
        joiner.change("image", ChangeKind::KeptImage);
    }
    if let (true, Node::String(image), Some(declared)) =
        (written.is_here("image_version"), &image, &settings.image_version)
    {
        let image = Text::Known(image.clone());
        let (own, declared) =
            (agent_image(&image, None).version, agent_image(&image, Some(declared)).version);
        if matches!(own, AgentVersion::Release(_)) && own != declared {
            joiner.kept_setting("image", "image_version");
        }
    }
    if written.is_here("container_name") && settings.container_name != agent.name {
        joiner.kept_setting("name", "container_name");
    }
    let is_prefixed = |volume: &str| volume.starts_with(&settings.volume_prefix);
    if written.is_here("volume_prefix") && !agent.mounts.iter().all(|mount| is_prefixed(&mount.volume)) {
        joiner.kept_setting("mountPoints", "volume_prefix");
    }
}

fn is_other(one: &Node, other: &Node) -> bool {
    one != other && !one.is_unknown() && !other.is_unknown()
}

/// One part of the definition.
fn part(
    joiner: &mut Joiner<'_>,
    settings: &Settings,
    setting: &str,
    key: &'static str,
    wanted: &Node,
    around: &Node,
) {
    let found = joiner.members.get(key).cloned().unwrap_or_default();
    let says_otherwise = if says_nothing(key, &found) {
        let fits = fits(joiner.members, key, wanted);
        if fits && !wanted.is_null() {
            joiner.members.remove(key);
            joiner.member(key, wanted);
        }
        !fits
    } else if key == "healthCheck" && wanted.is_null() {
        true
    } else {
        let inside = |node: &Node| {
            Node::from([("name", "agent".into()), (key, only_written(settings, setting, node))])
        };
        is_same(&inside(&found), &inside(&asked_for(settings, setting, wanted)), around) == Some(false)
    };
    if says_otherwise && settings.written.is_here(setting) {
        joiner.kept_setting(key, setting);
    }
}

/// Whether a part says nothing: no size and no name are what ECS writes where nobody set one.
pub(super) fn says_nothing(key: &str, value: &Node) -> bool {
    match (key, value) {
        (_, Node::Null) => true,
        ("cpu", size) => size.as_i64() == Some(0),
        ("user", name) => name.as_str() == Some(""),
        _ => false,
    }
}

/// What a setting asks for; what is rendered has the Agent's own user and credentials where it says them.
fn asked_for(settings: &Settings, setting: &str, rendered: &Node) -> Node {
    let text = |text: &Option<Text>| text.as_ref().map(ecs::text).unwrap_or_default();
    match setting {
        "user" => text(&settings.user),
        "repository_credentials_arn" => {
            Node::from([("credentialsParameter", text(&settings.repository_credentials))])
        }
        _ => rendered.clone(),
    }
}

/// Whether a size goes together with the other one that is there: ECS accepts no reservation above the limit.
fn fits(members: &Object, key: &str, wanted: &Node) -> bool {
    let size = |key: &str| members.get(key).and_then(Node::as_i64).filter(|size| *size > 0);
    match (key, wanted.as_i64()) {
        ("memory", Some(limit)) => size("memoryReservation").is_none_or(|reservation| reservation <= limit),
        ("memoryReservation", Some(reservation)) => size("memory").is_none_or(|limit| reservation <= limit),
        _ => true,
    }
}

/// The members of a block that are written; another value as it is.
fn only_written(settings: &Settings, setting: &str, value: &Node) -> Node {
    let Node::Object(members) = value else { return value.clone() };
    let block = format!("{setting}.");
    let mut inside = INSIDE.iter().filter(|(name, _)| name.starts_with(&block)).peekable();
    if inside.peek().is_none() {
        return value.clone();
    }
    let written = inside.filter(|(name, _)| settings.written.is_anywhere(name));
    written.filter_map(|(_, key)| Some(((*key).to_owned(), members.get(*key)?.clone()))).collect()
}

/// What the Agent's own directories say otherwise.
fn directories(joiner: &mut Joiner<'_>, settings: &Settings, there: AlreadyThere) {
    let is_here = |setting: &str| settings.written.is_here(setting);
    if is_here("flares") && !settings.flares && there.tmp {
        joiner.change("mountPoints", ChangeKind::KeptMount(TMP.to_owned()));
    }
    if is_here("file_logging") && !settings.file_logging && there.logs {
        joiner.change("mountPoints", ChangeKind::KeptMount(LOGS.to_owned()));
    }
    if is_here("file_logging") && settings.file_logging {
        for list in ["environment", "secrets"] {
            let off = look_up(joiner.members.get(list), "name", DD_DISABLE_FILE_LOGGING);
            if matches!(off, Lookup::Found(entry) if entry.get("value").as_str() != Some("false")) {
                joiner.change(list, ChangeKind::KeptVariable(DD_DISABLE_FILE_LOGGING.to_owned()));
            }
        }
    }
    if there.configuration && !settings.config_files.is_empty() {
        joiner.change("mountPoints", ChangeKind::KeptConfiguration);
    }
    let is_prepared =
        settings.seeding == Seeding::ImageVolumes && there.configuration && !there.other_seeding;
    for (setting, key, kept) in [
        ("seeding", "dependsOn", is_prepared),
        ("init_container_name", "dependsOn", there.configuration),
        ("seeding", "mountPoints", there.other_seeding),
        ("launch_type", "", there.launch_type),
    ] {
        if kept && is_here(setting) {
            joiner.kept_setting(key, setting);
        }
    }
}
