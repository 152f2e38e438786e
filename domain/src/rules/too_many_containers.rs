//! `too-many-containers`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::CONTAINERS;

/// More containers than a task can have.
pub(super) static RULE: Rule = Rule {
    name: "too-many-containers",
    topic: Topic::Size,
    summary: "The task has too many containers",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition has at most ten containers, those of the Datadog Agent included.",
    matters: "ECS rejects a task definition with more. The quota cannot be raised.",
    evidence: Evidence {
        source: "Service quotas of Amazon ECS; RegisterTaskDefinition's answer quoted in amazon-ecs-cli issues 184 and 951.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Too many containers"),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "worker-1" },
    { "name": "worker-2" },
    { "name": "worker-3" },
    { "name": "worker-4" },
    { "name": "worker-5" },
    { "name": "worker-6" },
    { "name": "worker-7" },
    { "name": "worker-8" },
    { "name": "worker-9" },
    { "name": "worker-10" },
    { "name": "worker-11" }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "worker-1" },
    { "name": "worker-2" },
    { "name": "worker-3" },
    { "name": "worker-4" },
    { "name": "worker-5" },
    { "name": "worker-6" },
    { "name": "worker-7" },
    { "name": "worker-8" }
  ]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{ "containerDefinitions": [{ "name": "worker-1" }, { "name": "worker-2" }, "<unknown>"] }"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let definitions = task.document.get("containerDefinitions");
    let count = definitions.items().len();
    if count <= CONTAINERS {
        if !task.knows_all_containers() {
            found.undecided();
        }
        return;
    }
    found.in_task(
        Path::default().key("containerDefinitions"),
        format!("The task definition has {count} containers{}. ECS allows {CONTAINERS}.", of_the_agent(task)),
        "Move containers that do not have to run side by side to a task definition of their own.",
    );
}

/// How many of them are there for the Agent that was asked for.
fn of_the_agent(task: &TaskDefinition<'_>) -> String {
    let count = task.containers().known.iter().filter(|container| container.has_agent_image()).count();
    match (task.agent, count) {
        (None, _) | (_, 0) => String::new(),
        (Some(_), count) => format!(", {count} of them the Datadog Agent's"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn ten_are_allowed() {
        for (count, findings) in [(10, 0), (11, 1)] {
            let containers = vec![r#"{"name": "a", "image": "a:1"}"#; count].join(", ");
            let document = format!(r#"{{"containerDefinitions": [{containers}]}}"#);
            assert_eq!(findings_of("too-many-containers", &document).len(), findings, "{count}");
        }
    }
}
