//! `no-room-for-agent`

use super::prelude::*;
use crate::document::Path;
use crate::document::shapes::limits::CONTAINERS;

/// A task so full that the Agent no longer fits in.
pub(super) static RULE: Rule = Rule {
    name: "no-room-for-agent",
    topic: Topic::Agent,
    summary: "No room is left for the Datadog Agent",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "A task definition without a Datadog Agent has at most eight containers.",
    matters: "ECS allows ten containers. On a read-only root filesystem the Agent takes two of them, its own and the one that \
              fills its configuration volume, and a log router takes a third.",
    evidence: Evidence { source: "Service quotas of Amazon ECS.", seen: "2026-11", status: Status::Verified },
    rejection: Rejection::None,
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
    { "name": "worker-9" }
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

/// Containers of the Agent: its own and the one that fills its configuration volume.
const OF_THE_AGENT: usize = 2;

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let count = task.document.get("containerDefinitions").items().len();
    // More than ECS allows is for the rule too-many-containers.
    if task.agent.is_some() || count > CONTAINERS {
        return;
    }
    if !task.knows_all_containers() {
        found.undecided();
        return;
    }
    if count <= CONTAINERS - OF_THE_AGENT {
        return;
    }
    let containers = found.all(task.containers());
    if containers.iter().any(is_datadogs) {
        return;
    }
    let may_be =
        |container: &Container<'_>| ["image", "name"].iter().any(|key| container.get(key).is_unknown());
    if containers.iter().any(may_be) {
        found.undecided();
        return;
    }
    found.in_task(
        Path::default().key("containerDefinitions"),
        format!(
            "The task definition has {count} containers and no Datadog Agent, which needs {OF_THE_AGENT} of the {CONTAINERS} \
             that ECS allows."
        ),
        "Move containers that need not run side by side to a task definition of their own before you add the Agent.",
    );
}

/// Whether a container is there for Datadog, by its image or its name: an image of one's own keeps the word as a rule.
fn is_datadogs(container: &Container<'_>) -> bool {
    container.has_agent_image()
        || [container.name, container.get("image").as_str()]
            .iter()
            .flatten()
            .any(|text| text.contains("datadog"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn an_agent_that_is_there_already_has_its_room() {
        let workers: Vec<String> =
            (1..=8).map(|number| format!(r#"{{"name": "worker-{number}", "image": "w:1"}}"#)).collect();
        let workers = workers.join(", ");
        for (ninth, count) in [
            (r#"{"name": "w", "image": "w:1"}"#, 1),
            (r#"{"name": "dd", "image": "public.ecr.aws/datadog/agent:7.81.1"}"#, 0),
            (r#"{"name": "dd", "image": "example.com/datadog-sidecar:7"}"#, 0),
            (r#"{"name": "w", "image": "<unknown>"}"#, 0),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{workers}, {ninth}]}}"#);
            assert_eq!(findings_of("no-room-for-agent", &document).len(), count, "{ninth}");
        }
    }
}
