//! `ports-without-network`

use super::prelude::*;
use crate::task::is_set;

/// Port mappings where there is no network.
pub(super) static RULE: Rule = Rule {
    name: "ports-without-network",
    topic: Topic::Network,
    summary: "Ports are mapped in a task without a network",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "No container of a task with the network mode none has port mappings.",
    matters: "ECS documents that port mappings are not allowed in that mode: the containers have no connection to the \
              outside, so nothing can reach the port.",
    evidence: Evidence {
        source: "API model of Amazon ECS in botocore 1.44.5, networkMode of RegisterTaskDefinition.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "none",
  "containerDefinitions": [{ "portMappings": [{ "containerPort": 8080 }] }]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "none",
  "containerDefinitions": [{ "portMappings": [] }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    if network.is_some_and(|network| network != Network::Disabled) {
        return;
    }
    for container in found.all(task.containers()) {
        match is_set(container.get("portMappings")) {
            Some(false) => {}
            Some(true) if network.is_some() => {
                found.in_container(
                    container,
                    container.path().key("portMappings"),
                    "maps ports, which ECS does not allow in a task with the network mode none.",
                    Fix::from(Edit::remove(container, "portMappings")).and(
                        "Or use another network mode, such as awsvpc, if something has to reach the container.",
                    ),
                );
            }
            _ => found.undecided(),
        }
    }
}
