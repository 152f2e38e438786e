//! `host-port-used-twice`

use super::prelude::*;

/// Two port mappings that want one port of the host.
pub(super) static RULE: Rule = Rule {
    name: "host-port-used-twice",
    topic: Topic::Network,
    summary: "A port of the host is mapped twice",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "Outside the network mode awsvpc no two port mappings of the task have a hostPort and a protocol in common. \
             A mapping without hostPort, or with 0, gets a port of its own and is never found.",
    matters: "A port of the host belongs to one program at a time. ECS rejects the task definition. Its answer is on \
              record for a TCP port, so anything but TCP behind Docker's bridge is a warning. In awsvpc the rule \
              port-used-twice looks at the ports of the containers instead.",
    evidence: Evidence {
        source: "ECS's answer to a task of two containers with a port of the host in common, in the issue \
                 aws/amazon-ecs-agent 1220.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "networkMode": "bridge",
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080, "hostPort": 80 }] },
    { "name": "admin", "portMappings": [{ "containerPort": 9090, "hostPort": 80 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "networkMode": "bridge",
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "containerPort": 8080, "hostPort": 80 }] },
    { "name": "admin", "portMappings": [{ "containerPort": 9090, "hostPort": 81 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].portMappings[0].hostPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    // A task without a network is for the rule ports-without-network.
    if matches!(network, Some(Network::Awsvpc | Network::Disabled)) {
        return;
    }
    let mapped = mapped(task, found);
    let all = mapped.iter().enumerate().map(|(index, mapped)| (index, (mapped.port, mapped.protocol)));
    for Repetition { first, again, what: (port, protocol) } in repetitions(all) {
        let Some(network) = network else {
            found.undecided();
            continue;
        };
        let (first, again) = (&mapped[first], &mapped[again]);
        let is_on_record = network == Network::Bridge && protocol == "tcp";
        let answer = || would_answer(&format!("TCP host port '{port}' is mapped multiple times in task"));
        let finding = found.in_container(
            again.container,
            again.container.path().key("portMappings").index(again.index).key("hostPort"),
            format!(
                "maps port {port}/{protocol} of the host, and {} maps it already.{}",
                first.container.called_inside(),
                if is_on_record { answer() } else { String::new() }
            ),
            "Take \"hostPort\" out of one of the two, so that it gets a free port, or write another port.",
        );
        if !is_on_record {
            finding.severity = Severity::Warning;
        }
    }
}

/// A port of the host that a mapping asks for.
struct Mapped<'t, 'a> {
    port: i64,
    protocol: &'static str,
    container: &'t Container<'a>,
    index: usize,
}

fn mapped<'t, 'a>(task: &'t TaskDefinition<'a>, found: &mut Found) -> Vec<Mapped<'t, 'a>> {
    let mut mapped = Vec::new();
    for container in found.all(task.containers()) {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let (port, protocol) = (mapping.get("hostPort"), mapping.get("protocol"));
            // ECS takes 0 for an absent port.
            if port.is_null() || port.as_i64() == Some(0) {
                continue;
            }
            if port.is_unknown() || protocol.is_unknown() {
                found.undecided();
                continue;
            }
            let Some(port) = port.as_i64() else { continue };
            let protocol = if protocol.as_str() == Some("udp") { "udp" } else { "tcp" };
            mapped.push(Mapped { port, protocol, container, index });
        }
    }
    mapped
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn severities(mode: &str, mappings: &str) -> Vec<Severity> {
        let document = format!(
            r#"{{"networkMode": "{mode}", "requiresCompatibilities": ["EC2"],
                "containerDefinitions": [{{"name": "a", "portMappings": [{mappings}]}}]}}"#
        );
        findings_of(RULE.name, &document).iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn only_tcp_behind_the_bridge_is_an_error() {
        let [tcp, udp] = ["tcp", "udp"]
            .map(|protocol| format!(r#"{{"containerPort": 53, "hostPort": 53, "protocol": "{protocol}"}}"#));
        let without = r#"{"containerPort": 53, "hostPort": 53}"#;
        assert_eq!(severities("bridge", &format!("{tcp}, {without}")), [Severity::Error]);
        assert_eq!(severities("bridge", &format!("{udp}, {udp}")), [Severity::Warning]);
        assert_eq!(severities("host", &format!("{tcp}, {tcp}")), [Severity::Warning]);
        assert_eq!(severities("bridge", &format!("{tcp}, {udp}")), []);
        assert_eq!(severities("awsvpc", &format!("{tcp}, {tcp}")), []);
        assert_eq!(severities("none", &format!("{tcp}, {tcp}")), []);
    }

    #[test]
    fn a_port_that_docker_chooses_is_never_used_twice() {
        let mappings = r#"{"containerPort": 80}, {"containerPort": 80}, {"containerPort": 80, "hostPort": 0},
            {"containerPort": 81, "hostPort": 0}, {"containerPort": 80, "hostPort": 80}"#;
        assert_eq!(severities("bridge", mappings), []);
    }

    #[test]
    fn the_answer_is_quoted_with_the_port() {
        let findings = findings_of(RULE.name, &crate::document::to_json(&RULE.failing.document()).unwrap());
        assert!(
            findings[0].detail().contains("\"TCP host port '80' is mapped multiple times in task\"."),
            "{}",
            findings[0].detail()
        );
    }
}
