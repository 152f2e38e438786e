//! `port-used-twice`

use super::port_range_invalid::parted;
use super::prelude::*;
use crate::task::{Port, shared};

/// Two port mappings of one port where all containers share the ports.
pub(super) static RULE: Rule = Rule {
    name: "port-used-twice",
    topic: Topic::Network,
    summary: "A port is mapped twice",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc no two port mappings of the task have a port and a protocol in common, whether they \
             belong to one container or to two. Ranges count too.",
    matters: "The containers of such a task share one network interface, so a port can belong to one of them only. ECS \
              rejects the task definition. The Datadog Agent listens on 8125/udp and 8126/tcp.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-port-range-overlap.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
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
        let again = if port.container.index == other.container.index {
            format!("and {} in another mapping", other.called())
        } else {
            format!("and {} maps {}", other.container.called_inside(), other.called())
        };
        let answer = would_answer(&format!(
            "{} container port '{}' is used multiple times in task when networkMode=awsvpc",
            port.protocol.name().to_ascii_uppercase(),
            port.first
        ));
        found.in_container(
            &port.container,
            port.place(),
            format!("maps {}, {again}.{answer}", port.called()),
            way_out(task, port, other),
        );
    }
}

/// A mapping that its own container has already is not needed. Two programs cannot listen on one port, so the second one
/// gets another.
fn way_out(task: &TaskDefinition<'_>, port: &Port<'_>, other: &Port<'_>) -> Fix {
    let is_of_another = port.container.index != other.container.index;
    match task.free_port_above(port.last) {
        Some(free) if is_of_another && !port.is_range() => {
            let at = |key: &str| Edit::at(port.mapping_place().key(key), free).of(&port.container);
            let has_host_port = !port.mapping().get("hostPort").is_null();
            let host_port = has_host_port.then(|| at("hostPort"));
            Fix::write([at("containerPort")].into_iter().chain(host_port)).and(
                "The program has to listen on that port as well. Or remove the mapping that is not needed: containers of \
                 one task reach each other without any.",
            )
        }
        _ => parted(port, other).and(
            "Containers of one task reach each other without any mapping, but no two can listen on one port.",
        ),
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

    #[test]
    fn another_program_gets_another_port_and_a_second_mapping_goes() {
        let fix = |containers: &str| {
            let document = format!(r#"{{"networkMode": "awsvpc", "containerDefinitions": [{containers}]}}"#);
            findings_of(RULE.name, &document).remove(0).fix_text()
        };
        let app = r#"{"name": "a", "portMappings": [{"containerPort": 80}, {"containerPort": 81}]}"#;
        let other = r#"{"name": "b", "portMappings": [{"containerPort": 80, "hostPort": 80}]}"#;
        let text = fix(&format!("{app}, {other}"));
        let expected =
            "Write \"containerPort\": 82 in portMappings[0], and write \"hostPort\": 82 in portMappings[0].";
        assert!(text.starts_with(expected), "{text}");
        let text = fix(r#"{"name": "a", "portMappings": [{"containerPort": 80}, {"containerPort": 80}]}"#);
        assert!(text.starts_with("Remove the mapping of 80/tcp from portMappings."), "{text}");
    }
}
