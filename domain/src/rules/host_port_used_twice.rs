//! `host-port-used-twice`

use std::collections::BTreeSet;

use super::prelude::*;

use crate::ordered::ordered;

/// Two port mappings that use the same port of the host.
pub(super) static RULE: Rule = Rule {
    name: "host-port-used-twice",
    topic: Topic::Network,
    summary: "A port of the host is mapped twice",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Except in the network mode awsvpc, no two port mappings of the task have the same hostPort and protocol. \
             A mapping without hostPort, or with 0, gets a free port and is never found.",
    matters: "Only one program at a time can use a port of the host. ECS rejects the task definition. Its answer is on \
              record for a TCP port in the network mode bridge, so anything else is a warning. In awsvpc the rule \
              port-used-twice looks at the ports of the containers instead.",
    evidence: Evidence {
        source: "ECS's answer to a task of two containers with a port of the host in common, in the issue \
                 aws/amazon-ecs-agent 1220.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
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
    // A task without a network is left to ports-without-network.
    if matches!(network, Some(Network::Awsvpc | Network::Disabled)) {
        return;
    }
    let mapped = mapped(task, found);
    let taken: BTreeSet<i64> = ordered(mapped.iter().map(|mapped| mapped.port));
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
                "maps port {port}/{protocol} of the host, and {} already maps it.{}",
                first.container.called_inside(),
                if is_on_record { answer() } else { String::new() }
            ),
            way_out(network, again, &taken),
        );
        if !is_on_record {
            finding.severity = Severity::Warning;
        }
    }
}

/// Behind a bridge the host has a free port to give; in its own network both have to listen on different ports.
fn way_out(network: Network, mapped: &Mapped<'_, '_>, taken: &BTreeSet<i64>) -> Fix {
    let mapping = mapped.container.path().key("portMappings").index(mapped.index);
    if network == Network::Bridge {
        return Fix::from(Edit::without(mapping.key("hostPort")).of(mapped.container))
            .and("It then gets a free port of the host. Or give it another port.");
    }
    let free = (mapped.port + 1..=65_535).chain(1024..mapped.port).find(|port| !taken.contains(port));
    let port = free.unwrap_or(mapped.port);
    let edits = ["containerPort", "hostPort"]
        .map(|key| Edit::at(mapping.clone().key(key), port).of(mapped.container));
    Fix::write(edits).and("The program has to listen on that port. Any other free port will do.")
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
            // For ECS, 0 is the same as no port.
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
    fn in_the_network_of_the_host_both_ports_change() {
        let document = r#"{"networkMode": "host", "requiresCompatibilities": ["EC2"], "containerDefinitions": [
            {"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81, "hostPort": 81},
                {"containerPort": 80, "hostPort": 80}]}]}"#;
        let fix = findings_of(RULE.name, document)[0].fix_text();
        let lines =
            "Write \"containerPort\": 82 in portMappings[2], and write \"hostPort\": 82 in portMappings[2].";
        assert!(fix.starts_with(lines), "{fix}");
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
