//! What a script told Docker, read into a task. An option that would change what runs and is not read is an error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::task::{
    Condition, Container, Filled, HealthCheck, Holds, ImageVolumes, Mount, Network, SECRET, Task, Volume,
    Wait,
};

/// Options that nothing in a sandbox depends on.
const OF_NO_EFFECT: [&str; 14] = [
    "cpus",
    "health-interval",
    "health-start-period",
    "health-timeout",
    "label",
    "log-driver",
    "log-opt",
    "memory",
    "memory-reservation",
    "pid",
    "publish",
    "restart",
    "stop-timeout",
    "no-healthcheck",
];

/// Options without a value.
const FLAGS: [&str; 4] = ["detach", "no-healthcheck", "read-only", "rm"];

/// An option with its value, which is empty for a flag.
pub(crate) type Option_ = (String, String);

/// The options of a call of `docker run`, and the image with the words behind it.
pub(crate) fn options(call: &[String]) -> (Vec<Option_>, &[String]) {
    let (mut options, mut at) = (Vec::new(), 1);
    while let Some(name) = call.get(at).and_then(|word| word.strip_prefix("--")) {
        let is_flag = FLAGS.contains(&name);
        let value = if is_flag { String::new() } else { call[at + 1].clone() };
        options.push((name.to_owned(), value));
        at += if is_flag { 1 } else { 2 };
    }
    (options, &call[at..])
}

impl Task {
    /// Reads `runs`: the calls in the order of the script, each `args`, and `healthy`, the containers whose health the script waited
    /// for before. A sandbox starts what is last in the list first, where nothing has to be waited for.
    pub(crate) fn from_docker(document: &Value) -> Task {
        let mut volumes = BTreeMap::new();
        let (mut containers, mut waits, mut networked) = (Vec::new(), Vec::new(), Vec::new());
        for run in document["runs"].as_array().expect("calls") {
            for name in run["healthy"].as_array().into_iter().flatten() {
                waits.push(Wait { container: text(name), condition: Condition::Healthy });
            }
            let call: Vec<String> = run["args"].as_array().expect("arguments").iter().map(text).collect();
            let (options, image) = options(&call);
            let (mut container, network) = container(&options, image, &mut volumes);
            networked.extend(network.map(|_| container.name.clone()));
            let ends = options.iter().any(|(name, _)| name == "rm");
            container.waits.clone_from(&waits);
            // Of what runs beside the script nobody knows how far it has got.
            waits.extend(
                ends.then(|| Wait { container: container.name.clone(), condition: Condition::Succeeded }),
            );
            containers.push(container);
        }
        Task {
            containers,
            volumes,
            image_volumes: ImageVolumes::Writable,
            network: Network::Joined(networked),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A container, and the network that it joins.
fn container(
    options: &[Option_],
    image: &[String],
    volumes: &mut BTreeMap<String, Volume>,
) -> (Container, Option<String>) {
    let mut container = Container {
        name: String::new(),
        image: image[0].clone(),
        entry_point: None,
        command: Some(image[1..].to_vec()).filter(|words| !words.is_empty()),
        user: None,
        environment: BTreeMap::new(),
        mounts: Vec::new(),
        tmpfs: Vec::new(),
        waits: Vec::new(),
        health_check: None,
        read_only_root: false,
        essential: false,
        capabilities: None,
    };
    let mut network = None;
    for (name, value) in options {
        match name.as_str() {
            "name" => container.name.clone_from(value),
            "read-only" => container.read_only_root = true,
            "user" => container.user = Some(value.clone()),
            "network" => network = Some(value.clone()),
            "tmpfs" => container.tmpfs.push(value.clone()),
            "env" => {
                let (name, value) = value.split_once('=').unwrap_or((value, SECRET));
                container.environment.insert(name.to_owned(), value.to_owned());
            }
            "mount" => {
                let (mount, volume) = mounted(value);
                volumes.insert(mount.volume.clone(), volume);
                container.mounts.push(mount);
            }
            "health-cmd" => {
                let words = ["/bin/sh", "-c", value.as_str()].map(str::to_owned).to_vec();
                container.health_check = Some(HealthCheck { words, retries: 3 });
            }
            "health-retries" => {
                if let Some(check) = &mut container.health_check {
                    check.retries = value.parse().expect("a number");
                }
            }
            "rm" | "detach" => {}
            name => assert!(OF_NO_EFFECT.contains(&name), "a sandbox does not know what to do with {name}"),
        }
    }
    (container, network)
}

/// `type=volume,source=...,target=...,readonly`. What is of the machine is made up: a directory is empty, Docker's socket is one, and
/// a file that ends in `key` has a secret in it.
fn mounted(value: &str) -> (Mount, Volume) {
    let fields: BTreeMap<&str, &str> =
        value.split(',').map(|field| field.split_once('=').unwrap_or((field, ""))).collect();
    let (source, target) = (fields["source"], fields["target"].trim_end_matches('/').to_owned());
    let read_only = fields.contains_key("readonly");
    let new = |filled, holds| Volume { mode: 0o755, filled, holds };
    let (volume, kind) = match fields["type"] {
        "volume" => (source.to_owned(), new(Filled::Everywhere, Holds::Nothing)),
        _ => {
            let holds = match source {
                _ if source.ends_with(".sock") => Holds::Socket,
                _ if source.ends_with("key") => Holds::Secret,
                _ => Holds::Nothing,
            };
            let name = format!("machine{}", source.trim_end_matches('/').replace('/', "-"));
            (name, new(Filled::Never, holds))
        }
    };
    (Mount { volume, path: target, read_only }, kind)
}
