//! A task definition as a person would write it: what a container is comes first, what it needs follows, and what fits in
//! a line stands in one.
//!
//! For reading only, in the demo. Knows the order of keys and nothing of what they mean.

use serde_json::Value;

/// Keys in the order of writing. Others follow, sorted by name.
const ORDER: [&str; 54] = [
    // The task, and what names a thing anywhere in it.
    "family",
    "name",
    "key",
    "image",
    "essential",
    "requiresCompatibilities",
    "runtimePlatform",
    "operatingSystemFamily",
    "cpuArchitecture",
    "networkMode",
    "cpu",
    "memory",
    "memoryReservation",
    "executionRoleArn",
    "taskRoleArn",
    "containerDefinitions",
    "volumes",
    "tags",
    // A container: what it runs and how, what it reaches, what it waits for, where its output goes.
    "readonlyRootFilesystem",
    "user",
    "entryPoint",
    "command",
    "workingDirectory",
    "environment",
    "environmentFiles",
    "secrets",
    "mountPoints",
    "volumesFrom",
    "portMappings",
    "dependsOn",
    "healthCheck",
    "restartPolicy",
    "startTimeout",
    "stopTimeout",
    "linuxParameters",
    "logConfiguration",
    "dockerLabels",
    // Inside of these.
    "value",
    "valueFrom",
    "sourceVolume",
    "containerPath",
    "readOnly",
    "containerName",
    "condition",
    "containerPort",
    "hostPort",
    "protocol",
    "logDriver",
    "options",
    "secretOptions",
    "interval",
    "timeout",
    "retries",
    "startPeriod",
];

/// The longest line that holds a whole object or list.
const WIDTH: usize = 110;

/// The text of a task definition, indented by two spaces and ended by a line break.
pub(super) fn text(definition: &Value) -> String {
    let mut text = String::new();
    write(&mut text, definition, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, indent: usize) {
    let line = one_line(value);
    // A task and a container are written out however short they are.
    let is_written_out = value.get("containerDefinitions").is_some() || value.get("image").is_some();
    if !is_written_out && indent + line.len() <= WIDTH {
        text.push_str(&line);
        return;
    }
    match value {
        Value::Array(items) => write_all(text, ['[', ']'], indent, items.iter().map(|item| (None, item))),
        Value::Object(_) => {
            let members = members(value).into_iter().map(|(key, value)| (Some(key), value));
            write_all(text, ['{', '}'], indent, members);
        }
        _ => text.push_str(&line),
    }
}

fn write_all<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    indent: usize,
    parts: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
) {
    text.push(open);
    for (index, (key, value)) in parts.enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        if let Some(key) = key {
            text.push_str(&format!("\"{key}\": "));
        }
        write(text, value, indent + 2);
    }
    text.push_str(&format!("\n{}{close}", " ".repeat(indent)));
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        Value::Object(_) => {
            let members = members(value).into_iter();
            let members = members.map(|(key, value)| format!("\"{key}\": {}", one_line(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        leaf => leaf.to_string(),
    }
}

/// The members of an object in the order of writing.
fn members(value: &Value) -> Vec<(&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    let mut members: Vec<_> = members.map(|(key, value)| (key.as_str(), value)).collect();
    members
        .sort_by_key(|(key, _)| (ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len()), *key));
    members
}

#[test]
fn what_a_container_is_comes_first_and_short_things_stand_in_one_line() {
    let definition = serde_json::json!({
        "containerDefinitions": [{
            "environment": [{ "value": "1", "name": "A" }], "essential": true, "image": "example.com/app:1",
            "mountPoints": [{ "containerPath": "/tmp", "readOnly": false, "sourceVolume": "tmp" }],
            "name": "app", "unheardOf": {},
        }],
        "cpu": "256", "family": "app", "tags": [], "volumes": [{ "name": "tmp" }],
    });
    let expected = r#"{
  "family": "app",
  "cpu": "256",
  "containerDefinitions": [
    {
      "name": "app",
      "image": "example.com/app:1",
      "essential": true,
      "environment": [{ "name": "A", "value": "1" }],
      "mountPoints": [{ "sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": false }],
      "unheardOf": {  }
    }
  ],
  "volumes": [{ "name": "tmp" }],
  "tags": []
}
"#;
    assert_eq!(text(&definition), expected);
}
