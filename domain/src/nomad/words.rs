//! What a job is called in its two forms: HCL, and the JSON of Nomad's HTTP API.
//!
//! Sources: `jobspec2` and `api` of hashicorp/nomad (aa026cc, 2026-08), read 2026-11.

use crate::document::hcl::Layout;
use crate::document::{Node, Object};

/// How the HCL of a job is written.
pub const LAYOUT: Layout = Layout {
    blocks: &[
        ("job", 1),
        ("group", 1),
        ("task", 1),
        ("network", 0),
        ("volume", 1),
        ("lifecycle", 0),
        ("config", 0),
        ("mount", 0),
        ("tmpfs_options", 0),
        ("logging", 0),
        ("env", 0),
        ("template", 0),
        ("vault", 0),
        ("resources", 0),
        ("restart", 0),
        ("service", 0),
        ("check", 0),
        ("volume_mount", 0),
    ],
    first: &[
        "type",
        "network",
        "driver",
        "user",
        "lifecycle",
        "image",
        "readonly_rootfs",
        "command",
        "hook",
        "name",
        "config",
        "env",
        "destination",
        "template",
    ],
};

/// Whether a reference is left in a value for the client to fill in: all but Nomad's own variables and locals.
pub fn is_left_for_the_client(first: &str) -> bool {
    !["var", "local"].contains(&first)
}

/// How the value of a key is written in the other form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The same.
    Value,
    /// A text such as `30s`, or nanoseconds.
    Duration,
    /// The members of a block, whose keys are the user's own.
    Map,
    /// One block, whose keys are those of a context.
    One(&'static str),
    /// Several blocks.
    Many(&'static str),
    /// Several blocks with a label, which is the member `Name`.
    Labelled(&'static str),
}

use Shape::{Duration, Labelled, Many, Map, One, Value};

/// In which context which key of HCL is which of the API.
const KEYS: &[(&str, &str, &str, Shape)] = &[
    ("job", "type", "Type", Value),
    ("job", "id", "ID", Value),
    ("job", "constraint", "Constraints", Value),
    ("job", "group", "TaskGroups", Labelled("group")),
    ("group", "constraint", "Constraints", Value),
    ("group", "ephemeral_disk", "EphemeralDisk", Value),
    ("group", "network", "Networks", Many("network")),
    ("group", "volume", "Volumes", Value),
    ("group", "vault", "Vault", Value),
    ("group", "task", "Tasks", Labelled("task")),
    ("network", "mode", "Mode", Value),
    ("constraint", "attribute", "LTarget", Value),
    ("constraint", "value", "RTarget", Value),
    ("ephemeral_disk", "sticky", "Sticky", Value),
    ("task", "driver", "Driver", Value),
    ("task", "user", "User", Value),
    ("task", "artifact", "Artifacts", Value),
    ("task", "constraint", "Constraints", Value),
    ("task", "kill_timeout", "KillTimeout", Duration),
    ("task", "lifecycle", "Lifecycle", One("lifecycle")),
    ("task", "config", "Config", Map),
    ("task", "env", "Env", Map),
    ("task", "template", "Templates", Many("template")),
    ("task", "vault", "Vault", One("vault")),
    ("task", "resources", "Resources", One("resources")),
    ("task", "restart", "RestartPolicy", One("restart")),
    ("task", "service", "Services", Many("service")),
    ("task", "volume_mount", "VolumeMounts", Many("volume_mount")),
    ("lifecycle", "hook", "Hook", Value),
    ("lifecycle", "sidecar", "Sidecar", Value),
    ("artifact", "destination", "RelativeDest", Value),
    ("template", "data", "EmbeddedTmpl", Value),
    ("template", "destination", "DestPath", Value),
    ("template", "env", "Envvars", Value),
    ("template", "change_mode", "ChangeMode", Value),
    ("template", "error_on_missing_key", "ErrMissingKey", Value),
    ("template", "left_delimiter", "LeftDelim", Value),
    ("template", "right_delimiter", "RightDelim", Value),
    ("vault", "env", "Env", Value),
    ("vault", "disable_file", "DisableFile", Value),
    ("resources", "cpu", "CPU", Value),
    ("resources", "memory", "MemoryMB", Value),
    ("restart", "attempts", "Attempts", Value),
    ("restart", "interval", "Interval", Duration),
    ("restart", "delay", "Delay", Duration),
    ("restart", "mode", "Mode", Value),
    ("service", "name", "Name", Value),
    ("service", "provider", "Provider", Value),
    ("service", "check", "Checks", Many("check")),
    ("check", "name", "Name", Value),
    ("check", "type", "Type", Value),
    ("check", "command", "Command", Value),
    ("check", "args", "Args", Value),
    ("check", "interval", "Interval", Duration),
    ("check", "timeout", "Timeout", Duration),
    ("volume_mount", "volume", "Volume", Value),
    ("volume_mount", "destination", "Destination", Value),
    ("volume_mount", "read_only", "ReadOnly", Value),
];

/// The API's key for one of HCL, with its shape.
pub(super) fn in_api(context: &str, key: &str) -> Option<(&'static str, Shape)> {
    KEYS.iter().find(|(of, hcl, ..)| *of == context && *hcl == key).map(|(_, _, api, shape)| (*api, *shape))
}

/// What the HCL of a context says, as the API has it. Only for what is written here: all of it has a word there.
pub fn to_api(context: &str, node: &Node) -> Node {
    let Node::Object(members) = node else { return node.clone() };
    members
        .iter()
        .map(|(key, value)| match in_api(context, key) {
            Some((api, shape)) => (api.to_owned(), shaped(shape, value)),
            None => (key.clone(), value.clone()),
        })
        .collect()
}

fn shaped(shape: Shape, value: &Node) -> Node {
    match shape {
        Value => value.clone(),
        Duration => value.as_str().and_then(nanoseconds).map_or_else(|| value.clone(), Node::from),
        Map => value.items().first().unwrap_or(value).clone(),
        One(context) => to_api(context, value.items().first().unwrap_or(value)),
        Many(context) => value.items().iter().map(|item| to_api(context, item)).collect::<Vec<_>>().into(),
        Labelled(context) => {
            value.items().iter().filter_map(|item| named(context, item)).collect::<Vec<_>>().into()
        }
    }
}

/// A block with a label as the API has it, with its name.
pub fn named(context: &str, labelled: &Node) -> Option<Node> {
    let Node::Object(labelled) = labelled else { return None };
    let (name, inside) = labelled.iter().next()?;
    let Node::Object(mut members) = to_api(context, inside) else { return None };
    members.insert("Name".to_owned(), name.as_str().into());
    Some(Node::Object(members))
}

/// The API's document for a job with a label.
pub fn job_of_api(labelled: &Node) -> Option<Node> {
    let Node::Object(mut job) = named("job", labelled)? else { return None };
    let name = job.get("Name").cloned().unwrap_or_default();
    job.insert("ID".to_owned(), name);
    Some(Node::Object(Object::from_iter([("Job".to_owned(), Node::Object(job))])))
}

/// Nanoseconds of a duration in either form; none of what is none.
pub fn nanoseconds_of(node: &Node) -> Option<i64> {
    node.as_i64().or_else(|| node.as_str().and_then(nanoseconds))
}

/// Nanoseconds of a duration as Go writes it, of whole hours, minutes, seconds and milliseconds.
pub(super) fn nanoseconds(duration: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 4] =
        [("ms", 1_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000)];
    let mut rest = duration.trim();
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let (unit, factor) = UNITS.into_iter().find(|(unit, _)| behind.starts_with(unit))?;
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(factor)?)?;
        rest = &behind[unit.len()..];
    }
    (!duration.trim().is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_as_go_writes_it() {
        for (text, nanoseconds) in [
            ("30s", Some(30_000_000_000)),
            ("1m30s", Some(90_000_000_000)),
            ("500ms", Some(500_000_000)),
            ("2h", Some(7_200_000_000_000)),
            ("", None),
            ("30", None),
            ("s", None),
            ("1.5s", None),
            ("99999999999h", None),
        ] {
            assert_eq!(super::nanoseconds(text), nanoseconds, "{text}");
        }
    }

    #[test]
    fn every_block_of_the_table_is_one_of_the_layout() {
        for (_, key, _, shape) in KEYS {
            let is_block = LAYOUT.blocks.iter().any(|(block, _)| block == key);
            // A flag of a template has the name of a block of its task.
            assert!(is_block || *shape == Value || *shape == Duration, "{key}");
        }
    }
}
