//! Compose files, made by the pattern and its renderer out of settings, and read from their YAML.

use ddrofs::document::{Node, parse, to_json, yaml};
use ddrofs::render::{self, compose};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{Settings, Store};
use serde_json::{Map, Value};

use super::mutilations::{Mutilation, of_a_command, shared_word, take_apart};
use super::sandbox::{Holds, Task, means};
use super::starts::every_variant_starts;
use super::{APPLICATION, OLDER, Runtime, Variant, consequences, run};
use crate::scenarios::{self, key, of_user_100_with_every_directory};

/// Compose.
pub(super) const RUNTIME: Runtime = Runtime {
    platform: Platform::Compose,
    listener: "docker",
    front: |plain| {
        let upgrade = |name, settings| Variant { is_upgrade: true, ..Variant::of(name, settings) };
        vec![
            upgrade("an upgrade", plain.clone()),
            upgrade("an upgrade to user 100", of_user_100_with_every_directory(plain)),
        ]
    },
    back: |plain| {
        let settings = Settings { api_key: Some(key(Store::File)), ..plain };
        vec![Variant::of("an API key in a file", settings)]
    },
    taken_apart: &["an upgrade"],
    document,
    task,
    parts: of_a_compose_file,
    facts: |_| {
        vec!["check docker is scheduled", "check network is scheduled", "check telemetry is scheduled"]
    },
    rows: consequences::compose::ROWS,
};

/// Reads a variant's document, over the volume that it has.
fn task(variant: &Variant, document: &Value) -> Result<Task, String> {
    Ok(upgraded(variant, Task::from_compose(document)?))
}

/// With the volume that an older image has filled, where it is an upgrade.
pub(super) fn upgraded(variant: &Variant, mut task: Task) -> Task {
    if let Some(volume) = task.volumes.get_mut("datadog-config").filter(|_| variant.is_upgrade) {
        volume.holds = Holds::Older { image: OLDER, path: "/etc/datadog-agent" };
    }
    task
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

/// Every part of every service, and every volume and secret that the file declares, taken away alone.
fn of_a_compose_file(document: &Value) -> Vec<Mutilation> {
    let mut mutilations = Vec::new();
    for list in ["volumes", "secrets"] {
        for name in keys(&document[list]) {
            let mut document = document.clone();
            document[list].as_object_mut().expect("a map").remove(name);
            mutilations.push(Mutilation { part: format!("file: {list} {name}"), document });
        }
    }
    for name in keys(&document["services"]) {
        let service = document["services"][name].as_object().expect("a service");
        for (part, service) in of_a_service(service) {
            let mut document = document.clone();
            document["services"][name] = service.into();
            mutilations.push(Mutilation { part: format!("{name}: {part}"), document });
        }
    }
    mutilations
}

/// What every platform has, by the words of the tables.
const WORDS: [(&str, &str); 9] = [
    ("volumes", "mount"),
    ("tmpfs", "mount"),
    ("secrets", "secret"),
    ("depends_on", "waits for"),
    ("read_only", "read-only root"),
    ("healthcheck", "health check"),
    ("mem_limit", "memory"),
    ("mem_reservation", "memory reservation"),
    ("stop_grace_period", "stop timeout"),
];

fn word(key: &str) -> &str {
    shared_word(&WORDS, key)
}

fn of_a_service(service: &Map<String, Value>) -> Vec<(String, Map<String, Value>)> {
    let mut parts = Vec::new();
    let mut add = |part: String, key: &str, value: Option<Value>| {
        let mut service = service.clone();
        match value {
            Some(value) => service.insert(key.to_owned(), value),
            None => service.remove(key),
        };
        parts.push((part, service));
    };
    for (key, value) in service {
        match key.as_str() {
            "image" => {}
            "environment" | "depends_on" => {
                for name in keys(value) {
                    let mut rest = value.clone();
                    rest.as_object_mut().expect("a map").remove(name);
                    add(format!("{} {name}", word(key)), key, Some(rest));
                }
            }
            "volumes" | "tmpfs" | "secrets" => {
                let members = value.as_array().expect("a list");
                for (at, member) in members.iter().map(|member| member.as_str().expect("a text")).enumerate()
                {
                    let words: Vec<_> = member.split(':').collect();
                    let path = words[usize::from(key == "volumes")].trim_end_matches('/');
                    let rest = [&members[..at], &members[at + 1..]].concat();
                    add(format!("{} {path}", word(key)), key, Some(rest.into()));
                    for (option, part) in [(":ro", "read-only"), (":exec", "exec")] {
                        if let Some(without) = member.strip_suffix(option) {
                            let mut members = value.clone();
                            members[at] = without.into();
                            add(format!("{part} {path}"), key, Some(members));
                        }
                    }
                }
            }
            "command" => {
                for (part, command) in of_a_command(value) {
                    // What would be a variable of Compose's is written with two signs.
                    add(part.replace("$$", "$"), key, Some(command));
                }
            }
            _ => add(word(key).to_owned(), key, None),
        }
    }
    parts
}

fn keys(map: &Value) -> impl Iterator<Item = &String> {
    map.as_object().into_iter().flat_map(Map::keys)
}

#[test]
fn every_variant_for_compose_starts() {
    every_variant_starts(&RUNTIME);
}

#[test]
fn every_part_of_every_variant_for_compose_has_its_consequence() {
    take_apart(&RUNTIME);
}

/// The published guide's way, without what makes it work on a root that is read-only.
#[test]
fn without_its_volumes_the_same_agent_does_not_start() {
    let Some(means) = means() else { return };
    let mut document = document(&scenarios::minimal(Platform::Compose));
    let service = document["services"]["datadog-agent"].as_object_mut().unwrap();
    service["volumes"].as_array_mut().unwrap().retain(|mount| mount.as_str().unwrap().starts_with('/'));
    let seen = run(&Task::from_compose(&document).unwrap(), means);
    assert_eq!(seen.of("datadog-agent").ended, Some(1), "{}", seen.told());
    assert!(seen.of("datadog-agent").log.contains("51-docker.sh: exited 1."), "{}", seen.told());
}
