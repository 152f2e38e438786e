//! Task definitions as ECS gets them, made by the pattern and its renderer out of settings.

use ddrofs::document::{Node, json::to_json};
use ddrofs::render::{self, ecs};
use ddrofs::rofs::assemble;
use ddrofs::rofs::platform::{LaunchType, Platform};
use ddrofs::rofs::settings::Settings;
use serde_json::Value;

use super::mutilations::{Mutilation, of_a_command, shared_word, take_apart};
use super::sandbox::Task;
use super::starts::every_variant_starts;
use super::{APPLICATION, Runtime, Variant, consequences};

/// ECS.
pub(super) const RUNTIME: Runtime = Runtime {
    platform: Platform::Ecs(LaunchType::Fargate),
    listener: "ecs",
    front: |_| Vec::new(),
    back: |plain| {
        vec![
            Variant::of("an Agent that may end", Settings { essential: false, ..plain.clone() }),
            Variant::of("on EC2", plain.clone().on(LaunchType::Ec2)),
            Variant::of("on managed instances", plain.on(LaunchType::ManagedInstances)),
        ]
    },
    taken_apart: &["plain", "user 100 with every directory"],
    document,
    task: |_, document| Ok(Task::from_ecs(document)),
    parts: of_a_task_definition,
    // The start scripts leave the checks of a machine out where it is not the user's.
    facts: |settings| match settings.platform {
        Platform::Ecs(LaunchType::Fargate) => vec!["check ecs_fargate is scheduled"],
        _ => vec!["check cpu is scheduled"],
    },
    rows: consequences::ecs::ROWS,
};

/// The task definition of an application and the sidecars that it is wired to.
pub(super) fn document(settings: &Settings) -> Value {
    let workload = assemble(settings);
    let value = |node: &Node| -> Value { serde_json::from_str(&to_json(node).unwrap()).unwrap() };
    let mut application = value(&ecs::wiring(&workload.wiring));
    application["name"] = "app".into();
    application["image"] = APPLICATION.into();
    application["readonlyRootFilesystem"] = true.into();
    let mut document = value(&render::of(settings.platform).document(&workload).unwrap());
    document["containerDefinitions"].as_array_mut().expect("containers").push(application);
    document["requiresCompatibilities"] =
        settings.platform.launch_type().map(LaunchType::name).into_iter().collect();
    document
}

/// Lists whose members are taken away one by one, with the key that names a member.
const LISTS: [(&str, &str); 4] = [
    ("mountPoints", "containerPath"),
    ("dependsOn", "containerName"),
    ("environment", "name"),
    ("secrets", "name"),
];

/// What every platform has, by the words of the tables.
const WORDS: [(&str, &str); 11] = [
    ("mountPoints", "mount"),
    ("dependsOn", "waits for"),
    ("secrets", "environment"),
    ("readonlyRootFilesystem", "read-only root"),
    ("healthCheck", "health check"),
    ("memoryReservation", "memory reservation"),
    ("startTimeout", "start timeout"),
    ("stopTimeout", "stop timeout"),
    ("dockerLabels", "labels"),
    ("portMappings", "ports"),
    ("restartPolicy", "restart"),
];

fn word(key: &str) -> &str {
    shared_word(&WORDS, key)
}

/// Every part of every container, taken away alone.
fn of_a_task_definition(document: &Value) -> Vec<Mutilation> {
    let containers = document["containerDefinitions"].as_array().expect("containers");
    let mut mutilations = Vec::new();
    for (index, container) in containers.iter().enumerate() {
        let name = container["name"].as_str().expect("a name");
        let mut add = |part: String, change: &dyn Fn(&mut Value)| {
            let mut document = document.clone();
            change(&mut document["containerDefinitions"][index]);
            mutilations.push(Mutilation { part: format!("{name}: {part}"), document });
        };
        for (key, value) in container.as_object().expect("a container") {
            match (key.as_str(), LISTS.iter().find(|(list, _)| list == key)) {
                ("name" | "image", _) => {}
                (_, Some((_, name))) => {
                    for (at, member) in value.as_array().expect("a list").iter().enumerate() {
                        let member_name = member[name].as_str().expect("a name");
                        add(format!("{} {member_name}", word(key)), &|container| {
                            container[key].as_array_mut().expect("a list").remove(at);
                        });
                        if member["readOnly"] == true {
                            add(format!("read-only {member_name}"), &|container| {
                                container[key][at]["readOnly"] = false.into()
                            });
                        }
                    }
                }
                ("command", _) => {
                    for (part, command) in of_a_command(value) {
                        add(part, &|container| container[key] = command.clone());
                    }
                }
                _ => add(word(key).to_owned(), &|container| {
                    container.as_object_mut().expect("a container").remove(key);
                }),
            }
        }
    }
    mutilations
}

#[test]
fn every_variant_for_ecs_starts() {
    every_variant_starts(&RUNTIME);
}

#[test]
fn every_part_of_every_variant_for_ecs_has_its_consequence() {
    take_apart(&RUNTIME);
}
