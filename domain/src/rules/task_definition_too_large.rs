//! `task-definition-too-large`

use super::prelude::*;
use crate::document::{Length, Path, json_length};
use crate::ecs::shapes::RESPONSE_ONLY;
use crate::ecs::shapes::limits::TASK_DEFINITION_BYTES;

/// More JSON than ECS accepts.
pub(super) static RULE: Rule = Rule {
    name: "task-definition-too-large",
    topic: Topic::Size,
    summary: "The task definition is too large",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The task definition as JSON without white space has at most 64 KiB, the containers of the Datadog Agent \
             included. Tags are not counted, because it is not on record whether ECS does. From 56 KiB on, the \
             finding is a warning.",
    matters: "ECS rejects a larger task definition. The quota cannot be raised.",
    evidence: Evidence {
        source: "Service quotas of Amazon ECS; answer of RegisterTaskDefinition in pull request 149 of \
                 awsdocs/amazon-ecs-developer-guide.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "SETTINGS", "value": "<66000 letters>" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "SETTINGS_FILE", "value": "/etc/shop/settings.json" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environment[0].value"),
    check,
};

/// Bytes from which on there is little room left: a tool that adds a container or a few labels may need it.
const NEARLY: usize = TASK_DEFINITION_BYTES / 8 * 7;

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let Length { bytes, complete } = sent_length(task.document);
    if !complete && bytes <= TASK_DEFINITION_BYTES {
        found.undecided();
    }
    if bytes <= NEARLY {
        return;
    }
    let so_far = if complete { "" } else { " without what is not known yet" };
    let mut detail = format!("The task definition is {bytes} bytes of JSON{so_far}");
    if let Some((container, bytes)) = largest(task, found) {
        detail.push_str(&format!(", of which {bytes} are in {}", container.called_inside()));
    }
    let is_too_large = bytes > TASK_DEFINITION_BYTES;
    if is_too_large {
        detail.push_str(&format!(". ECS accepts {TASK_DEFINITION_BYTES}."));
        detail.push_str(&would_answer(&format!(
            "Actual length: '{bytes}'. Max allowed length is '{TASK_DEFINITION_BYTES}' bytes."
        )));
    } else {
        detail.push_str(&format!(". There is little room left: ECS accepts {TASK_DEFINITION_BYTES}."));
    }
    let finding = found.in_task(
        Path::default().key("containerDefinitions"),
        detail,
        "Move long values out of the task definition: variables to environmentFiles or secrets, files and scripts to the \
         image or a volume.",
    );
    if !is_too_large {
        finding.severity = Severity::Warning;
    }
}

/// The length of what is sent to be registered: tags are sent beside the task definition, and what ECS adds to its
/// answers is not sent back.
fn sent_length(document: &Node) -> Length {
    let Node::Object(members) = document else { return json_length(document) };
    let mut sent = Length { bytes: "{}".len(), complete: true };
    let is_sent = |key: &str| key != "tags" && !RESPONSE_ONLY.contains(&key);
    for (key, value) in members.iter().filter(|(key, value)| is_sent(key) && !value.is_null()) {
        let length = json_length(value);
        sent.bytes += key.len() + "\"\":,".len() + length.bytes;
        sent.complete &= length.complete;
    }
    sent
}

/// The container with the longest text.
fn largest<'t, 'a>(task: &'t TaskDefinition<'a>, found: &mut Found) -> Option<(&'t Container<'a>, usize)> {
    let containers = found.all(task.containers()).iter();
    containers.map(|container| (container, json_length(container.node).bytes)).max_by_key(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    /// What is found in a task definition of about that many bytes.
    fn found(bytes: usize, more: &str) -> Vec<Severity> {
        let document = format!(
            r#"{{"family": "f", "containerDefinitions": [{{"name": "app", "command": ["{}"]}}]{more}}}"#,
            "x".repeat(bytes - 70)
        );
        let findings = findings_of("task-definition-too-large", &document);
        findings.into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn there_is_a_warning_before_it_is_too_late() {
        assert_eq!(found(57_000, ""), []);
        assert_eq!(found(58_000, ""), [Severity::Warning]);
        assert_eq!(found(65_500, ""), [Severity::Warning]);
        assert_eq!(found(65_700, ""), [Severity::Error]);
    }

    #[test]
    fn what_is_not_part_of_the_definition_does_not_count() {
        let long = "x".repeat(20_000);
        let more = format!(r#", "tags": [{{"key": "k", "value": "{long}"}}], "registeredBy": "{long}""#);
        assert_eq!(found(50_000, &more), []);
        assert_eq!(found(50_000, &format!(r#", "taskRoleArn": "{long}""#)), [Severity::Error]);
    }
}
