//! Compose files, made by the pattern and its renderer out of settings, and read from their YAML.

use ddrofs::document::{Node, parse, to_json, yaml};
use ddrofs::render::{self, compose};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Apm, Dogstatsd, Secret, Settings, Store};
use serde_json::Value;

use super::sandbox::{Task, has_users, means};
use super::{APPLICATION, missing, run};

/// Settings by what is special about them.
fn variants() -> Vec<(&'static str, Settings)> {
    let plain = || Settings {
        platform: Platform::Compose,
        api_key: Some(Secret { store: Store::Environment, reference: "DD_API_KEY".into() }),
        ..Settings::default()
    };
    vec![
        ("plain", plain()),
        ("user 100", Settings { user: Some("100".into()), file_logging: true, ..plain() }),
        ("no flares", Settings { flares: false, ..plain() }),
        ("waits until healthy", Settings { wait_until_healthy: true, ..plain() }),
        ("no health check", Settings { health_check: None, ..plain() }),
        (
            "nothing listens",
            Settings {
                apm: Apm { enabled: false, ..Apm::default() },
                dogstatsd: Dogstatsd { enabled: false, ..Dogstatsd::default() },
                ..plain()
            },
        ),
    ]
}

/// The file of an application and the services that it is wired to, as somebody else reads it.
fn document(settings: &Settings) -> Value {
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
    for (name, settings) in variants() {
        if settings.user.is_some() && !has_users(means) {
            continue;
        }
        assert_eq!(ddrofs::rofs::problems(&settings), [], "{name}");
        let seen = run(&Task::from_compose(&document(&settings)), means);
        let mut wanted = vec![
            "datadog-init ends with 0",
            "datadog-init ends before datadog-agent starts",
            "datadog-agent is up",
            "app is up",
            "the root of datadog-init is read-only",
            "the root of datadog-agent is read-only",
            "the root of app is read-only",
            "check docker is scheduled",
            "check network is scheduled",
            "Remote Configuration is on",
            "offsets of logs are kept",
            if settings.user.is_some() { "runs as user 100" } else { "runs as user 0" },
        ];
        let mut add = |is_on: bool, facts: &[&'static str]| wanted.extend(facts.iter().filter(|_| is_on));
        add(settings.flares, &["a flare is made"]);
        add(settings.health_check.is_some(), &["datadog-agent is healthy"]);
        add(settings.apm.enabled, &["traces reach unix:///var/run/datadog/apm.socket"]);
        add(settings.dogstatsd.enabled, &["metrics reach unix:///var/run/datadog/dsd.socket"]);
        add(settings.wait_until_healthy, &["datadog-agent starts before app"]);
        let missing = missing(&seen.facts(), &wanted);
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
    let (_, settings) = variants().remove(0);
    let mut document = document(&settings);
    let service = document["services"]["datadog-agent"].as_object_mut().unwrap();
    service["volumes"].as_array_mut().unwrap().retain(|mount| mount.as_str().unwrap().starts_with('/'));
    let seen = run(&Task::from_compose(&document), means);
    assert_eq!(seen.of("datadog-agent").ended, Some(1), "{}", seen.told());
    assert!(seen.of("datadog-agent").log.contains("51-docker.sh: exited 1."), "{}", seen.told());
}
