//! `port-out-of-range`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::PORT;

/// A number that is no port.
pub(super) static RULE: Rule = Rule {
    name: "port-out-of-range",
    topic: Topic::Network,
    summary: "A port mapping has a number that is not a port",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A containerPort is a number from 1 to 65535, and a hostPort one from 0 to 65535: 0 leaves it to the instance. \
             Beside a containerPortRange, a containerPort of 0 is none.",
    matters: "TCP and UDP have no other ports. ECS rejects the task definition.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer in the issue aws/aws-cli 7288; PortMapping in the API reference of Amazon ECS; \
                 RFC 768 and RFC 9293 for the 16 bits of a port.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPort": 0 }] }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPort": 8080 }] }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings[0].containerPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let place = container.path().key("portMappings").index(index);
            container_port(container, mapping, &place, found);
            host_port(task, container, mapping, &place, found);
        }
    }
}

fn container_port(container: &Container<'_>, mapping: &Node, place: &Path, found: &mut Found) {
    let (port, range) = (mapping.get("containerPort"), mapping.get("containerPortRange"));
    if port.is_unknown() {
        found.undecided();
    }
    let Some(port) = port.as_i64().filter(|port| !PORT.contains(port)) else { return };
    if port == 0 && !range.is_null() {
        if range.is_unknown() {
            found.undecided();
        }
        return;
    }
    let answer = container.name.map(|name| {
        would_answer(&format!("Invalid 'containerPort' setting for container '{}'", shortened(name)))
    });
    let host = mapping.get("hostPort").as_i64().filter(|port| PORT.contains(port));
    let says = format!(
        "maps the port {port}. Ports are numbers from {} to {}.{}",
        PORT.start(),
        PORT.end(),
        answer.unwrap_or_default()
    );
    let again = mapping.get("hostPort").as_i64() == Some(port) && port != 0;
    let edits = [Edit::at(place.clone().key("containerPort"), host.unwrap_or(8080)).of(container)];
    let without = again.then(|| Edit::without(place.clone().key("hostPort")).of(container));
    let fix = Fix::write(edits.into_iter().chain(without))
        .and("Replace the number by that of the port on which the program listens.");
    found.in_container(container, place.clone().key("containerPort"), says, fix);
}

fn host_port(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    mapping: &Node,
    place: &Path,
    found: &mut Found,
) {
    let (host, port) = (mapping.get("hostPort"), mapping.get("containerPort"));
    if host.is_unknown() {
        found.undecided();
    }
    let Some(host) = host.as_i64().filter(|host| *host != 0 && !PORT.contains(host)) else { return };
    // The same number twice is one mistake, and where both have to be equal, it is that of host-port-differs.
    let is_told = match (port, task.network()) {
        (port, _) if port.as_i64() == Some(host) => true,
        (Node::Unknown, _) | (_, None) => {
            found.undecided();
            true
        }
        (port, Some(Network::Awsvpc | Network::Host)) => {
            port.as_i64().is_some_and(|port| PORT.contains(&port))
        }
        _ => false,
    };
    if is_told {
        return;
    }
    let says = format!(
        "maps a port to port {host} of the host. Ports are numbers from {} to {}, and 0 leaves the choice to the instance.",
        PORT.start(),
        PORT.end()
    );
    let fix = Fix::from(Edit::without(place.clone().key("hostPort")).of(container))
        .and("The instance then chooses a port. Or write the port of the host that is meant.");
    found.in_container(container, place.clone().key("hostPort"), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::judge;
    use super::super::tests::{document, mended};
    use super::super::{Finding, Subject};
    use super::*;

    fn text(mode: &str, mapping: &str) -> String {
        format!(
            r#"{{"networkMode": "{mode}", "containerDefinitions": [{{"name": "a", "portMappings": [{mapping}]}}]}}"#
        )
    }

    /// Where a rule about ports finds something.
    fn found(mode: &str, mapping: &str) -> Vec<(&'static str, String)> {
        let document = document(&text(mode, mapping));
        let about_ports = |finding: &Finding| finding.path.to_string().contains("portMappings");
        let findings = judge(&Subject::of(&document)).findings;
        let found = findings.into_iter().filter(about_ports);
        found
            .map(|finding| (finding.rule, finding.path.to_string().rsplit('.').next().unwrap().to_owned()))
            .collect()
    }

    #[test]
    fn what_is_no_port_is_one_finding() {
        for mode in ["awsvpc", "bridge", "host"] {
            for port in ["0", "-1", "70000", "65536"] {
                let mapping = format!(r#"{{"containerPort": {port}}}"#);
                assert_eq!(found(mode, &mapping), [(RULE.name, "containerPort".to_owned())], "{mapping}");
                let mapping = format!(r#"{{"containerPort": {port}, "hostPort": {port}}}"#);
                assert_eq!(found(mode, &mapping).len(), 1, "{mapping}");
                assert_eq!(mended(RULE.name, &text(mode, &mapping)).1, []);
                let mapping = format!(r#"{{"containerPort": {port}, "hostPort": 80}}"#);
                assert_eq!(found(mode, &mapping), [(RULE.name, "containerPort".to_owned())], "{mapping}");
            }
            for host in ["-1", "70000"] {
                let mapping = format!(r#"{{"containerPort": 80, "hostPort": {host}}}"#);
                assert_eq!(found(mode, &mapping).len(), 1, "{mode} {mapping}");
            }
        }
    }

    #[test]
    fn a_host_port_of_the_instances_choice_and_the_ends_are_ports() {
        for (mode, mapping) in [
            ("bridge", r#"{"containerPort": 80, "hostPort": 0}"#),
            ("awsvpc", r#"{"containerPort": 80, "hostPort": 0}"#),
            ("bridge", r#"{"containerPort": 1}, {"containerPort": 65535, "hostPort": 65535}"#),
            ("awsvpc", r#"{"containerPort": 0, "containerPortRange": "80-90"}"#),
            ("awsvpc", r#"{"containerPort": "<unknown>"}"#),
            ("awsvpc", r#"{"containerPort": 0, "containerPortRange": "<unknown>"}"#),
        ] {
            assert_eq!(found(mode, mapping), [], "{mapping}");
        }
    }
}
