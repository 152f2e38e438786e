//! `host-port-differs`

use super::prelude::*;
use crate::ecs::shapes::limits::PORT;

/// A different port on the host, in a network mode where container and host have the same ports.
pub(super) static RULE: Rule = Rule {
    name: "host-port-differs",
    topic: Topic::Network,
    summary: "The host port differs from the container port",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network modes awsvpc and host the hostPort of a port mapping is absent, 0 or the same as its \
             containerPort.",
    matters: "These modes do not translate ports. ECS rejects a task definition that asks for it.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers: for host recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-host-network-host-port-mismatch; for awsvpc in the issue pulumi/pulumi-awsx 935.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPort": 8080, "hostPort": 80 }] }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPort": 8080, "hostPort": 8080 }] }] }"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[0].portMappings[0].containerPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let mode = match task.network() {
        Some(Network::Awsvpc) => Some("awsvpc"),
        Some(Network::Host) => Some("host"),
        None => None,
        Some(Network::Bridge | Network::Disabled | Network::Other) => return,
    };
    for container in found.all(task.containers()) {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let (host, port) = (mapping.get("hostPort"), mapping.get("containerPort"));
            // ECS fills in a port for 0 as it does for none.
            if host.is_null() || host.as_i64() == Some(0) {
                continue;
            }
            if host.is_unknown() || port.is_unknown() {
                found.undecided();
            }
            let (Some(host), Some(port)) = (host.as_i64(), port.as_i64()) else { continue };
            // What is no port of the container is for the rule port-out-of-range.
            if !PORT.contains(&port) {
                continue;
            }
            let Some(mode) = mode else {
                if host != port {
                    found.undecided();
                }
                continue;
            };
            if host != port {
                let place = container.path().key("portMappings").index(index).key("hostPort");
                let answer = would_answer(&format!(
                    "When networkMode={mode}, the host ports and container ports in port mappings must match"
                ));
                let says = format!(
                    "maps its port {port} to port {host} of the host, which the network mode {mode} does not support.{answer}"
                );
                let fix = Fix::from(Edit::without(place.clone()).of(container)).and(format!(
                    "The port is then {port}. Or let the program listen on port {host}, and make that the containerPort."
                ));
                found.in_container(container, place, says, fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn only_a_bridge_translates_ports() {
        for (task, count) in [
            (r#""networkMode": "host""#, 1),
            (r#""networkMode": "awsvpc""#, 1),
            (r#""requiresCompatibilities": ["FARGATE"]"#, 1),
            (r#""networkMode": "bridge""#, 0),
            (r#""requiresCompatibilities": ["EC2"]"#, 0),
        ] {
            let document = format!(
                r#"{{{task}, "containerDefinitions": [{{"name": "a", "portMappings": [
                    {{"containerPort": 8080, "hostPort": 80}}, {{"containerPort": 9090, "hostPort": 0}}]}}]}}"#
            );
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{task}");
        }
    }
}
