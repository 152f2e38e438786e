//! A task definition of ECS's, read into a task. A key that would change what runs and is not read is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::task::{
    Condition, Container, Filled, HealthCheck, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume,
    Wait,
};

/// Keys of a container definition that nothing in a sandbox depends on.
const OF_NO_EFFECT: [&str; 14] = [
    "cpu",
    "dockerLabels",
    "linuxParameters",
    "logConfiguration",
    "memory",
    "memoryReservation",
    "portMappings",
    "repositoryCredentials",
    "restartPolicy",
    "startTimeout",
    "stopTimeout",
    "systemControls",
    "ulimits",
    "volumesFrom",
];

impl Task {
    /// Reads `containerDefinitions` and `volumes`, and `requiresCompatibilities` for what Fargate itself sets.
    pub(crate) fn from_ecs(document: &Value) -> Task {
        let is_on_fargate = items(&document["requiresCompatibilities"]).contains(&Value::from("FARGATE"));
        let mut task = Task {
            containers: items(&document["containerDefinitions"]).iter().map(container).collect(),
            volumes: items(&document["volumes"]).iter().map(volume).collect(),
            image_volumes: ImageVolumes::Writable,
            network: Network::Shared,
        };
        for container in task.containers.iter_mut().filter(|_| is_on_fargate) {
            container.environment.insert("AWS_EXECUTION_ENV".to_owned(), "AWS_ECS_FARGATE".to_owned());
        }
        task
    }
}

fn container(definition: &Value) -> Container {
    let Value::Object(mut rest) = definition.clone() else { panic!("no container definition: {definition}") };
    let container = Container {
        name: text(&rest.remove("name").unwrap_or_default()),
        image: text(&rest.remove("image").unwrap_or_default()),
        entry_point: words(&mut rest, "entryPoint"),
        command: words(&mut rest, "command"),
        user: rest.remove("user").map(|user| text(&user)),
        environment: environment(&mut rest),
        mounts: items(&rest.remove("mountPoints").unwrap_or_default()).iter().map(mount).collect(),
        tmpfs: Vec::new(),
        waits: items(&rest.remove("dependsOn").unwrap_or_default()).iter().map(wait).collect(),
        health_check: rest.remove("healthCheck").map(|check| health_check(&check)),
        read_only_root: rest.remove("readonlyRootFilesystem") == Some(Value::Bool(true)),
        capabilities: None,
        essential: rest.remove("essential") != Some(Value::Bool(false)),
    };
    rest.retain(|key, _| !OF_NO_EFFECT.contains(&key.as_str()));
    assert!(rest.is_empty(), "a sandbox does not know what to do with {rest:?}");
    container
}

fn words(definition: &mut Map<String, Value>, key: &str) -> Option<Vec<String>> {
    definition.remove(key).map(|words| items(&words).iter().map(text).collect())
}

fn environment(definition: &mut Map<String, Value>) -> BTreeMap<String, String> {
    let variables = definition.remove("environment").unwrap_or_default();
    let secrets = definition.remove("secrets").unwrap_or_default();
    let variables = items(&variables).iter().map(|entry| (text(&entry["name"]), text(&entry["value"])));
    let secrets = items(&secrets).iter().map(|entry| (text(&entry["name"]), SECRET.to_owned()));
    variables.chain(secrets).collect()
}

fn mount(point: &Value) -> Mount {
    Mount {
        volume: text(&point["sourceVolume"]),
        path: text(&point["containerPath"]),
        read_only: point["readOnly"] == true,
    }
}

fn wait(dependency: &Value) -> Wait {
    let condition = match text(&dependency["condition"]).as_str() {
        "START" => Condition::Started,
        "COMPLETE" => Condition::Completed,
        "SUCCESS" => Condition::Succeeded,
        "HEALTHY" => Condition::Healthy,
        other => panic!("ECS has no condition {other}"),
    };
    Wait { container: text(&dependency["containerName"]), condition }
}

/// ECS tries three times unless told otherwise.
fn health_check(check: &Value) -> HealthCheck {
    let words: Vec<_> = items(&check["command"]).iter().map(text).collect();
    let words = match words.split_first() {
        Some((first, program)) if first == "CMD" => program.to_vec(),
        Some((first, [line])) if first == "CMD-SHELL" => {
            vec!["/bin/sh".to_owned(), "-c".to_owned(), line.clone()]
        }
        _ => panic!("ECS does not understand the health check {check}"),
    };
    HealthCheck { words, retries: check["retries"].as_u64().unwrap_or(3).try_into().expect("a few retries") }
}

fn volume(volume: &Value) -> (String, Volume) {
    let host = volume.get("host").and_then(Value::as_object);
    let is_empty = host.is_none_or(Map::is_empty) && volume.as_object().is_some_and(|keys| keys.len() <= 2);
    assert!(is_empty, "a sandbox has empty volumes only: {volume}");
    (text(&volume["name"]), Volume { mode: 0o755, filled: Filled::AtImageVolumes, holds: Holds::Nothing })
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text belongs where {value} is")).to_owned()
}
