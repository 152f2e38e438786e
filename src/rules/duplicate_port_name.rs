//! `duplicate-port-name`

use super::prelude::*;

/// Two port mappings of one task with the same name.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-port-name",
    topic: Topic::Network,
    summary: "Two port mappings have the same name",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc every port mapping with a name has one of its own, over all containers of the \
             task definition.",
    matters: "Service Connect and VPC Lattice find a port by this name, so ECS rejects a task definition that has it \
              twice.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-port-mapping-duplicate-name.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("When networkMode=awsvpc, port mapping name is already used"),
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "name": "http", "containerPort": 8080 }] },
    { "name": "admin", "portMappings": [{ "name": "http", "containerPort": 8081 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "name": "http", "containerPort": 8080 }] },
    { "name": "admin", "portMappings": [{ "name": "admin", "containerPort": 8081 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("networkMode"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let mode = task.document.get("networkMode");
    if !mode.is_unknown() && mode.as_str() != Some("awsvpc") {
        return;
    }
    let containers = found.all(task.containers());
    let mut names = Vec::new();
    for (position, container) in containers.iter().enumerate() {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let name = found.text(mapping.get("name")).filter(|name| !name.is_empty());
            names.extend(name.map(|name| ((position, index), name)));
        }
    }
    for Repetition { first, again, what } in repetitions(names.into_iter()) {
        if mode.is_unknown() {
            found.undecided();
            return;
        }
        let (first, container) = (&containers[first.0], &containers[again.0]);
        let name = quoted(what);
        let other = if first.index == container.index { "the same one" } else { &first.called_inside() };
        found.in_container(
            container,
            container.path().key("portMappings").index(again.1).key("name"),
            format!("names a port mapping {name}, and {other} has another one of that name."),
            format!("Rename one of the port mappings {name}."),
        );
    }
}
