//! A Compose file, read into a task. A key that would change what runs and is not read is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::task::{
    Condition, Container, Filled, HealthCheck, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume,
    Wait,
};

/// Keys of a service that nothing in a sandbox depends on.
const OF_NO_EFFECT: [&str; 10] = [
    "cpus",
    "labels",
    "logging",
    "mem_limit",
    "mem_reservation",
    "pid",
    "ports",
    "restart",
    "stop_grace_period",
    "deploy",
];

/// A named volume of Docker's.
const NAMED: Volume = Volume { mode: 0o755, filled: Filled::Everywhere, holds: Holds::Nothing };

impl Task {
    /// Reads `services`. Compose starts at once what waits for nothing, in no order; here it is the one of the names, the first
    /// one last, which starts an application and an Agent before what prepares for them. The error is why Compose refuses the file.
    pub(crate) fn from_compose(document: &Value) -> Result<Task, String> {
        let services = document["services"].as_object().expect("there are services");
        let mut task = Task {
            containers: Vec::new(),
            volumes: BTreeMap::new(),
            image_volumes: ImageVolumes::Writable,
            network: Network::ByName,
        };
        for (name, service) in services.iter().rev() {
            let container = container(name, service, &mut task.volumes);
            task.containers.push(container);
        }
        for (name, volume) in task.volumes.iter().filter(|(name, _)| !name.starts_with("machine-")) {
            let (list, name) = match volume.holds {
                Holds::Secret => ("secrets", name.trim_start_matches("secret-")),
                _ => ("volumes", name.as_str()),
            };
            if document[list].get(name).is_none() {
                return Err(format!("{list} has no {name}"));
            }
        }
        Ok(task)
    }
}

fn container(name: &str, service: &Value, volumes: &mut BTreeMap<String, Volume>) -> Container {
    let Value::Object(mut rest) = service.clone() else { panic!("no service: {service}") };
    let mut mounts = Vec::new();
    for mount in items(&rest.remove("volumes").unwrap_or_default()) {
        let (mount, volume) = mounted(&text(mount));
        volumes.insert(mount.volume.clone(), volume);
        mounts.push(mount);
    }
    for secret in items(&rest.remove("secrets").unwrap_or_default()) {
        let (name, path) = (format!("secret-{}", text(secret)), format!("/run/secrets/{}", text(secret)));
        volumes.insert(name.clone(), Volume { filled: Filled::Never, holds: Holds::Secret, ..NAMED });
        mounts.push(Mount { volume: name, path, read_only: true });
    }
    let container = Container {
        name: name.to_owned(),
        image: text(&rest.remove("image").unwrap_or_default()),
        entry_point: words(&mut rest, "entrypoint"),
        command: words(&mut rest, "command"),
        user: rest.remove("user").map(|user| text(&user)),
        environment: texts(&rest.remove("environment").unwrap_or_default()),
        mounts,
        tmpfs: items(&rest.remove("tmpfs").unwrap_or_default()).iter().map(text).collect(),
        waits: waits(&rest.remove("depends_on").unwrap_or_default()),
        health_check: rest.remove("healthcheck").and_then(|check| health_check(&check)),
        read_only_root: rest.remove("read_only") == Some(Value::Bool(true)),
        capabilities: None,
        essential: false,
    };
    rest.retain(|key, _| !OF_NO_EFFECT.contains(&key.as_str()));
    assert!(rest.is_empty(), "a sandbox does not know what to do with {rest:?}");
    container
}

/// `SOURCE:PATH` or `SOURCE:PATH:ro`. What is of the machine is made up: its directories are empty, and Docker's socket is one.
fn mounted(text: &str) -> (Mount, Volume) {
    let parts: Vec<_> = text.split(':').collect();
    let (source, path, read_only) = match parts.as_slice() {
        [source, path] => (*source, *path, false),
        [source, path, "ro"] => (*source, *path, true),
        _ => panic!("no mount: {text}"),
    };
    let (volume, kind) = match source.strip_prefix('/') {
        None => (source.to_owned(), NAMED),
        Some(inside) => {
            let holds = if inside.ends_with(".sock") { Holds::Socket } else { Holds::Nothing };
            let name = inside.trim_end_matches('/').replace('/', "-");
            (format!("machine-{name}"), Volume { filled: Filled::Never, holds, ..NAMED })
        }
    };
    (Mount { volume, path: path.trim_end_matches('/').to_owned(), read_only }, kind)
}

fn waits(depends_on: &Value) -> Vec<Wait> {
    let wait = |(container, dependency): (&String, &Value)| {
        let condition = match text(&dependency["condition"]).as_str() {
            "service_started" => Condition::Started,
            "service_healthy" => Condition::Healthy,
            "service_completed_successfully" => Condition::Succeeded,
            other => panic!("Compose has no condition {other}"),
        };
        Wait { container: container.clone(), condition }
    };
    depends_on.as_object().into_iter().flatten().map(wait).collect()
}

/// Docker tries three times unless told otherwise.
fn health_check(check: &Value) -> Option<HealthCheck> {
    if check["disable"] == true {
        return None;
    }
    let words: Vec<_> = items(&check["test"]).iter().map(text).collect();
    let words = match words.split_first() {
        Some((first, program)) if first == "CMD" => program.to_vec(),
        Some((first, [line])) if first == "CMD-SHELL" => {
            vec!["/bin/sh".to_owned(), "-c".to_owned(), line.clone()]
        }
        _ => panic!("Compose does not understand the health check {check}"),
    };
    Some(HealthCheck {
        words,
        retries: check["retries"].as_u64().unwrap_or(3).try_into().expect("a few retries"),
    })
}

fn words(service: &mut Map<String, Value>, key: &str) -> Option<Vec<String>> {
    service.remove(key).map(|words| items(&words).iter().map(text).collect())
}

fn texts(texts: &Value) -> BTreeMap<String, String> {
    texts.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// A text with what Compose puts into it: `$$` is a dollar sign, `${NAME:?...}` a variable of the machine.
fn text(value: &Value) -> String {
    let written = value.as_str().unwrap_or_else(|| panic!("a text belongs where {value} is"));
    let mut read = String::new();
    let mut parts = written.split('$');
    read.push_str(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        match part.strip_prefix('{').and_then(|part| part.split_once('}')) {
            Some((_, rest)) => read.push_str(&format!("{SECRET}{rest}")),
            None => {
                assert!(part.is_empty(), "Compose would put a variable into {written}");
                read.push('$');
                read.push_str(parts.next().unwrap_or_default());
            }
        }
    }
    read
}
