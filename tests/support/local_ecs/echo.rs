//! What ECS gives back is not what it was sent: the defaults it adds, the units it turns into integers, and the
//! fields only the service sets.
//!
//! Seen in issues of public tools and in recorded answers (collected November 2026): `cpu` 0, `essential` true
//! and five empty lists on every container, `hostPort` where the network mode implies it, both capability lists
//! when one was sent, health check numbers, an empty `host` on a plain volume, environment and secrets in an
//! order of the service's own, and environment entries without a value gone.

use serde_json::{Map, Value, json};

/// The registered definition as answers show it, without what depends on the revision.
pub(super) fn with_defaults(request: &Map<String, Value>) -> Map<String, Value> {
    let mut echo = request.clone();
    echo.remove("tags");
    if let Some(cpu) = text(request, "cpu").and_then(cpu_units) {
        echo.insert("cpu".to_owned(), json!(cpu.to_string()));
    }
    if let Some(memory) = text(request, "memory").and_then(memory_mib) {
        echo.insert("memory".to_owned(), json!(memory.to_string()));
    }
    for key in ["volumes", "placementConstraints"] {
        echo.entry(key).or_insert_with(|| json!([]));
    }
    let network_mode = text(request, "networkMode").unwrap_or("bridge").to_owned();
    for container in objects_mut(&mut echo, "containerDefinitions") {
        container_defaults(container, &network_mode);
    }
    for volume in objects_mut(&mut echo, "volumes") {
        let plain = volume.keys().all(|key| key == "name" || key == "host");
        if plain {
            volume.entry("host").or_insert_with(|| json!({}));
        }
    }
    echo
}

fn container_defaults(container: &mut Map<String, Value>, network_mode: &str) {
    container.entry("cpu").or_insert(json!(0));
    container.entry("essential").or_insert(json!(true));
    for key in ["portMappings", "environment", "mountPoints", "volumesFrom", "systemControls"] {
        container.entry(key).or_insert_with(|| json!([]));
    }
    for mapping in objects_mut(container, "portMappings") {
        mapping.entry("protocol").or_insert(json!("tcp"));
        if let Some(port) = mapping.get("containerPort").cloned() {
            let implied = if matches!(network_mode, "awsvpc" | "host") { port } else { json!(0) };
            mapping.entry("hostPort").or_insert(implied);
        }
    }
    for key in ["environment", "secrets"] {
        if let Some(Value::Array(entries)) = container.get_mut(key) {
            entries.retain(|entry| key != "environment" || entry.get("value").is_some());
            entries.sort_by(|left, right| name_of(left).cmp(name_of(right)));
        }
    }
    if let Some(Value::Object(capabilities)) =
        container.get_mut("linuxParameters").and_then(|parameters| parameters.get_mut("capabilities"))
    {
        for key in ["add", "drop"] {
            capabilities.entry(key).or_insert_with(|| json!([]));
        }
    }
    if let Some(Value::Object(health_check)) = container.get_mut("healthCheck") {
        for (key, default) in [("interval", 30), ("timeout", 5), ("retries", 3)] {
            health_check.entry(key).or_insert(json!(default));
        }
    }
}

/// The fields the service sets on a new revision and refuses to be sent.
pub(super) fn set_by_service(
    echo: &mut Map<String, Value>,
    arn: &str,
    number: u64,
    compatibilities: &[&str],
) {
    echo.insert("taskDefinitionArn".to_owned(), json!(arn));
    echo.insert("revision".to_owned(), json!(number));
    echo.insert("compatibilities".to_owned(), json!(compatibilities));
    let attributes: Vec<Value> = required_attributes(echo).iter().map(|name| json!({"name": name})).collect();
    echo.insert("requiresAttributes".to_owned(), Value::Array(attributes));
}

fn required_attributes(echo: &Map<String, Value>) -> Vec<String> {
    let mut attributes = vec!["com.amazonaws.ecs.capability.docker-remote-api.1.18".to_owned()];
    if text(echo, "networkMode") == Some("awsvpc") {
        attributes.push("ecs.capability.task-eni".to_owned());
    }
    if echo.contains_key("taskRoleArn") {
        attributes.push("com.amazonaws.ecs.capability.task-iam-role".to_owned());
    }
    for container in objects(echo, "containerDefinitions") {
        if let Some(driver) = container.get("logConfiguration").and_then(|log| log.get("logDriver")?.as_str())
        {
            attributes.push(format!("com.amazonaws.ecs.capability.logging-driver.{driver}"));
        }
        if container.contains_key("secrets") {
            attributes.push("ecs.capability.secrets.asm.environment-variables".to_owned());
        }
    }
    attributes.sort();
    attributes.dedup();
    attributes
}

/// CPU units of `"1024"`, `"1 vCPU"`, `".25 vcpu"`.
pub(super) fn cpu_units(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(units) = text.parse() {
        return Some(units);
    }
    scaled(text, "vcpu")
}

/// MiB of `"2048"`, `"2GB"`, `"0.5 GB"`.
pub(super) fn memory_mib(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(mib) = text.parse() {
        return Some(mib);
    }
    scaled(text, "gb")
}

fn scaled(text: &str, unit: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let amount: f64 = lower.strip_suffix(unit)?.trim().parse().ok()?;
    let units = amount * 1024.0;
    let in_range = units.is_finite() && (0.0..1e9).contains(&units) && units.fract() == 0.0;
    // The range was just checked, so the text of the whole number is a u64.
    if in_range { format!("{units:.0}").parse().ok() } else { None }
}

pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

pub(super) fn objects<'a>(
    object: &'a Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    object.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn objects_mut<'a>(
    object: &'a mut Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    object.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

fn name_of(entry: &Value) -> &str {
    entry.get("name").and_then(Value::as_str).unwrap_or_default()
}
