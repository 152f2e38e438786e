//! `port-used-twice`

use super::prelude::*;
use crate::task::shared;

/// Two port mappings of one port where all containers share the ports.
pub(super) static RULE: Rule = Rule {
    name: "port-used-twice",
    topic: Topic::Network,
    summary: "A port is mapped twice",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc no two port mappings of the task have a port and a protocol in common, be they \
             of one container or of two, ranges included.",
    matters: "The containers of such a task share one network interface, so a port can belong to one of them only. ECS \
              rejects the task definition. The Datadog Agent listens on 8125/udp and 8126/tcp.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-port-range-overlap.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080 }] },
    { "name": "admin", "portMappings": [{ "containerPort": 8080 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080 }] },
    { "name": "admin", "portMappings": [{ "containerPort": 8081 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].portMappings[0].containerPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.network().is_some_and(|network| network != Network::Awsvpc) {
        return;
    }
    for (port, other) in shared(found.all(task.ports()).iter(), true) {
        if task.network().is_none() {
            found.undecided();
            continue;
        }
        found.in_container(
            &port.container,
            port.place(),
format!("maps {}, and {} maps {}.{}", port.called(), other.container.called(), other.called(), would_answer(&format!(
                    "{} container port '{}' is used multiple times in task when networkMode=awsvpc",
                    port.protocol.name().to_ascii_uppercase(),
                    port.first
                ))),
            "Let one of the two listen on another port, or take out the mapping that is not needed: containers of one \
             task reach each other without any.");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn paths(mode: &str, mappings: &str) -> Vec<String> {
        let document = format!(
            r#"{{"networkMode": "{mode}", "containerDefinitions": [{{"name": "a", "portMappings": [{mappings}]}}]}}"#
        );
        findings_of(RULE.name, &document).iter().map(|finding| finding.path.to_string()).collect()
    }

    #[test]
    fn a_protocol_is_tcp_unless_it_is_udp() {
        let [tcp, udp, none] = [r#", "protocol": "tcp""#, r#", "protocol": "udp""#, ""]
            .map(|protocol| format!(r#"{{"containerPort": 8125{protocol}}}"#));
        assert_eq!(paths("awsvpc", &format!("{tcp}, {udp}")), [""; 0]);
        let second = "containerDefinitions[0].portMappings[1].containerPort";
        assert_eq!(paths("awsvpc", &format!("{none}, {tcp}")), [second]);
        assert_eq!(paths("awsvpc", &format!("{udp}, {udp}")), [second]);
    }

    #[test]
    fn a_port_within_a_range_is_used_twice() {
        let mappings = r#"{"containerPort": 8085}, {"containerPortRange": "8080-8090"}"#;
        let expected = "containerDefinitions[0].portMappings[0].containerPort";
        assert_eq!(paths("awsvpc", mappings), [expected]);
        assert_eq!(paths("bridge", mappings), [""; 0]);
    }
}
