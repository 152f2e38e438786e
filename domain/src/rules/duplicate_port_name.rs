//! `duplicate-port-name`

use super::prelude::*;
use crate::ecs::shapes::limits::PORT_NAME_LENGTH;

/// Two port mappings of one task with the same name.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-port-name",
    topic: Topic::Network,
    summary: "Two port mappings have the same name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc no two named port mappings of the task definition have the same name, even in different \
             containers.",
    matters: "Service Connect and VPC Lattice find a port by its name, so ECS rejects a task definition that uses a name \
              twice.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-port-mapping-duplicate-name.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("When networkMode=awsvpc, port mapping name is already used"),
    mends: Mends::Choice,
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
    let taken: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
    for Repetition { first, again, what } in repetitions(names.into_iter()) {
        if mode.is_unknown() {
            found.undecided();
            return;
        }
        let (first, container) = (&containers[first.0], &containers[again.0]);
        let name = quoted(what);
        let says = if first.index == container.index {
            format!("has two port mappings named {name}.")
        } else {
            format!("has a port mapping named {name}, and so does {}.", first.called_inside())
        };
        let place = container.path().key("portMappings").index(again.1).key("name");
        let other = another_name(what, 2, PORT_NAME_LENGTH, &taken);
        found.in_container(
            container,
            place.clone(),
            says,
            Fix::from(Edit::at(place, other).of(container))
                .and("Any other free name will do. Use the new name in the service, too, if the service refers to this port."),
        );
    }
}
