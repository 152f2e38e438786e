//! What RegisterTaskDefinition refuses, one problem per call, as the service does.
//!
//! Every text in double quotes after "recorded" was the answer of a real deployment or registration; where only
//! the fact of a refusal is known, the words are this file's own. Checks that no deployment is known to fail
//! (a repeated environment name, an ordinary volume nobody mounts) are left out on purpose.

mod containers;
mod fargate;
mod networking;
mod volumes;

use serde_json::{Map, Value};

use super::echo::{cpu_units, memory_mib, objects, text};
use super::wire::Refusal;

type Object = Map<String, Value>;
type Verdict = Result<(), Refusal>;

/// The request as the checks look at it.
struct Definition<'a> {
    request: &'a Object,
    containers: Vec<&'a Object>,
    fargate: bool,
    network_mode: Option<&'a str>,
    cpu: Option<u64>,
    memory: Option<u64>,
}

/// The first problem of the request, if it has one.
pub(super) fn check(request: &Object) -> Verdict {
    let definition = Definition {
        request,
        containers: objects(request, "containerDefinitions").collect(),
        fargate: requires(request, "FARGATE"),
        network_mode: text(request, "networkMode"),
        cpu: text(request, "cpu").and_then(cpu_units),
        memory: text(request, "memory").and_then(memory_mib),
    };
    task(&definition)?;
    containers::check(&definition)?;
    networking::check(&definition)?;
    volumes::check(&definition)?;
    if definition.fargate {
        fargate::check(&definition)?;
    }
    Ok(())
}

/// The launch types the definition fits, as the answer's `compatibilities` lists them.
pub(super) fn compatibilities(request: &Object) -> Vec<&'static str> {
    let mut with_fargate = request.clone();
    with_fargate.insert("requiresCompatibilities".to_owned(), serde_json::json!(["FARGATE"]));
    let mut fits = Vec::new();
    if text(request, "networkMode") != Some("awsvpc") {
        fits.push("EXTERNAL");
    }
    fits.push("EC2");
    if check(&with_fargate).is_ok() {
        fits.push("FARGATE");
    }
    fits
}

fn requires(request: &Object, launch_type: &str) -> bool {
    request
        .get("requiresCompatibilities")
        .and_then(Value::as_array)
        .is_some_and(|types| types.iter().any(|value| value.as_str() == Some(launch_type)))
}

fn task(definition: &Definition<'_>) -> Verdict {
    let request = definition.request;
    let family = text(request, "family").unwrap_or_default();
    let legal = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    if family.is_empty() || family.len() > 255 || !family.chars().all(legal) {
        return Err(Refusal::client(
            "Invalid family name: letters, numbers, hyphens and underscores, at most 255 characters.",
        ));
    }
    for key in ["cpu", "memory"] {
        let parse = if key == "cpu" { cpu_units } else { memory_mib };
        if text(request, key).is_some_and(|value| parse(value).is_none()) {
            // Recorded for cpu in 2017.
            return Err(Refusal::parameter(format!("Invalid '{key}' setting for task.")));
        }
    }
    for key in ["taskRoleArn", "executionRoleArn"] {
        if text(request, key) == Some("") {
            // Recorded since August 2024 (fabfuel/ecs-deploy 231), and for text that is no role's ARN before.
            return Err(Refusal::client("Role is not valid"));
        }
    }
    let size = serde_json::to_string(request).map_or(0, |text| text.len());
    if size > 64 * 1024 {
        return Err(Refusal::client(format!("The task definition is {size} bytes; the limit is 65536.")));
    }
    if request.get("inferenceAccelerators").and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
        return Err(Refusal::client("Unsupported field 'inferenceAccelerators'."));
    }
    if let Some(storage) = request.get("ephemeralStorage") {
        let size = storage.get("sizeInGiB").and_then(Value::as_i64).unwrap_or(0);
        if !(21..=200).contains(&size) {
            return Err(Refusal::client("The ephemeral storage size must be between 21 and 200 GiB."));
        }
        let any_launch_type =
            request.get("requiresCompatibilities").and_then(Value::as_array).is_none_or(Vec::is_empty);
        if !definition.fargate && !any_launch_type {
            return Err(Refusal::client("Tasks using the EC2 launch type do not support EphemeralStorage."));
        }
    }
    proxy(definition)
}

fn proxy(definition: &Definition<'_>) -> Verdict {
    let Some(proxy) = definition.request.get("proxyConfiguration").and_then(Value::as_object) else {
        return Ok(());
    };
    if definition.network_mode != Some("awsvpc") {
        return Err(Refusal::client("APPMESH proxy configuration is only supported in networkMode=awsvpc."));
    }
    let name = text(proxy, "containerName").unwrap_or_default();
    if !definition.has_container(name) {
        return Err(Refusal::client(format!("Proxy container [{name}] does not exist.")));
    }
    // Only the first text is recorded; the service has one like it for every key.
    for (key, what) in [
        ("ProxyIngressPort", "Ingress port"),
        ("ProxyEgressPort", "Egress port"),
        ("AppPorts", "App ports"),
        ("EgressIgnoredIPs", "Egress ignored IPs"),
    ] {
        if !objects(proxy, "properties").any(|property| text(property, "name") == Some(key)) {
            return Err(Refusal::client(format!("{what} not found")));
        }
    }
    Ok(())
}

impl Definition<'_> {
    fn has_container(&self, name: &str) -> bool {
        self.container(name).is_some()
    }

    fn container(&self, name: &str) -> Option<&Object> {
        self.containers.iter().copied().find(|container| text(container, "name") == Some(name))
    }

    fn windows(&self) -> bool {
        self.platform("operatingSystemFamily").is_some_and(|family| family.starts_with("WINDOWS"))
    }

    fn platform(&self, key: &str) -> Option<&str> {
        self.request.get("runtimePlatform")?.get(key)?.as_str()
    }
}

fn number(object: &Object, key: &str) -> Option<i64> {
    object.get(key).and_then(Value::as_i64)
}

fn flag(object: &Object, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// Whether the key holds anything: a non-empty list, map or text, a number, or true.
fn filled(object: &Object, key: &str) -> bool {
    match object.get(key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(_) | Value::Bool(true)) => true,
    }
}

fn essential(container: &Object) -> bool {
    container.get("essential").and_then(Value::as_bool).unwrap_or(true)
}
