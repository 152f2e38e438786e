//! Compose files, made by the pattern and its renderer out of settings, and read from their YAML.

use ddrofs::document::{Node, parse, to_json, yaml};
use ddrofs::render::{self, compose};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Apm, Dogstatsd, Secret, Seeding, Settings, Store};
use serde_json::Value;

use super::sandbox::{Holds, Task, has_users, means};
use super::{APPLICATION, CHECK, OLDER, Variant, WITH_VOLUMES, missing, run};

/// A main configuration file with the listener of the one in whose place it stands.
const LISTENS: &str = "listeners:\n  - name: docker\n";

/// Every way to start that the settings give on Compose.
pub(super) fn variants() -> Vec<Variant> {
    let key = |store, reference: &str| Some(Secret { store, reference: reference.into() });
    let plain = || Settings {
        platform: Platform::Compose,
        api_key: key(Store::Environment, "DD_API_KEY"),
        ..Settings::default()
    };
    let of_user_100 = || Settings { user: Some("100".into()), file_logging: true, ..plain() };
    let upgrade = |name, settings| Variant { is_upgrade: true, ..Variant::of(name, settings) };
    let other = Variant::of;
    vec![
        Variant { is_taken_apart: true, ..upgrade("an upgrade", plain()) },
        upgrade("an upgrade to user 100", of_user_100()),
        other("plain", plain()),
        other("user 100", of_user_100()),
        other("no flares", Settings { flares: false, ..plain() }),
        other("waits until healthy", Settings { wait_until_healthy: true, ..plain() }),
        other("no health check", Settings { health_check: None, ..plain() }),
        other(
            "nothing listens",
            Settings {
                apm: Apm { enabled: false, ..Apm::default() },
                dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
                ..plain()
            },
        ),
        other(
            "ports instead of sockets",
            Settings {
                apm: Apm { socket: false, port: Some(8127), ..Apm::default() },
                dogstatsd: Dogstatsd { socket: false, port: Some(8135), ..Dogstatsd::default() },
                ..plain()
            },
        ),
        other("an API key in a file", Settings { api_key: key(Store::File, "datadog_api_key"), ..plain() }),
        other(
            "files",
            Settings {
                config_files: [
                    (CHECK.0.to_owned(), CHECK.1.into()),
                    ("datadog.yaml".to_owned(), LISTENS.into()),
                ]
                .into(),
                ..plain()
            },
        ),
        other(
            "an image with volumes",
            Settings { seeding: Seeding::ImageVolumes, image: WITH_VOLUMES.into(), ..plain() },
        ),
    ]
}

/// Reads a variant's document, over the volume that it has.
pub(super) fn task(variant: &Variant, document: &Value) -> Result<Task, String> {
    let mut task = Task::from_compose(document)?;
    if let Some(volume) = task.volumes.get_mut("datadog-config").filter(|_| variant.is_upgrade) {
        volume.holds = Holds::Older { image: OLDER, path: "/etc/datadog-agent" };
    }
    Ok(task)
}

/// The file of an application and the services that it is wired to, as somebody else reads it.
pub(super) fn document(settings: &Settings) -> Value {
    let workload = assemble(settings);
    let value = |node: &Node| -> Value { serde_json::from_str(&to_json(node).unwrap()).unwrap() };
    let mut application = value(&compose::wiring(&workload.wiring));
    application["image"] = APPLICATION.into();
    application["read_only"] = true.into();
    let mut document = value(&render::of(settings.platform).document(&workload).unwrap());
    document["services"]["app"] = application;
    let document = parse(&document.to_string()).unwrap();
    let text = yaml::write(&document, &["services"]).unwrap();
    let read = yaml::read(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    value(&read.node)
}

#[test]
fn every_variant_for_compose_starts() {
    let Some(means) = means() else { return };
    let mut problems = Vec::new();
    for variant in variants() {
        let Variant { name, settings, .. } = &variant;
        if settings.user.is_some() && !has_users(means) {
            continue;
        }
        assert_eq!(ddrofs::rofs::problems(settings), [], "{name}");
        let seen = run(&task(&variant, &document(settings)).unwrap(), means);
        let mut wanted = vec![
            "datadog-agent is up",
            "app is up",
            "the root of datadog-agent is read-only",
            "the root of app is read-only",
            "check docker is scheduled",
            "check network is scheduled",
            "check telemetry is scheduled",
            "has an API key",
            "Remote Configuration is on",
            "offsets of logs are kept",
            if settings.user.is_some() { "runs as user 100" } else { "runs as user 0" },
        ];
        let mut add = |is_on: bool, facts: &[&'static str]| wanted.extend(facts.iter().filter(|_| is_on));
        let (apm, dogstatsd, copies) =
            (&settings.apm, &settings.dogstatsd, settings.seeding == Seeding::InitCopy);
        add(
            copies,
            &[
                "datadog-init ends with 0",
                "datadog-init ends before datadog-agent starts",
                "the root of datadog-init is read-only",
            ],
        );
        add(!copies || !settings.config_files.is_empty(), &["check http_check is scheduled"]);
        add(settings.flares, &["a flare is made"]);
        add(settings.health_check.is_some(), &["datadog-agent is healthy"]);
        add(apm.enabled && apm.socket, &["traces reach unix:///var/run/datadog/apm.socket"]);
        add(apm.enabled && !apm.socket, &["traces reach http://datadog-agent:8127"]);
        add(dogstatsd.enabled && dogstatsd.socket, &["metrics reach unix:///var/run/datadog/dsd.socket"]);
        add(dogstatsd.enabled && !dogstatsd.socket, &["metrics reach udp://datadog-agent:8135"]);
        add(settings.wait_until_healthy, &["datadog-agent starts before app"]);
        let mut missing = missing(&seen.facts(), &wanted);
        missing.extend(seen.facts().take("check retired is scheduled").map(|fact| format!("no {fact}")));
        if !missing.is_empty() {
            problems.push(format!("{name}: {missing:?}\n{}", seen.told()));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// The published guide's way, without what makes it work on a root that is read-only.
#[test]
fn without_its_volumes_the_same_agent_does_not_start() {
    let Some(means) = means() else { return };
    let mut document = document(&variants().remove(0).settings);
    let service = document["services"]["datadog-agent"].as_object_mut().unwrap();
    service["volumes"].as_array_mut().unwrap().retain(|mount| mount.as_str().unwrap().starts_with('/'));
    let seen = run(&Task::from_compose(&document).unwrap(), means);
    assert_eq!(seen.of("datadog-agent").ended, Some(1), "{}", seen.told());
    assert!(seen.of("datadog-agent").log.contains("51-docker.sh: exited 1."), "{}", seen.told());
}
