//! `port-range-invalid`

use super::prelude::*;
use crate::document::shapes::limits::{PORT, PORT_RANGES};
use crate::task::{port_range, shared};

/// A range of ports that ECS does not take.
pub(super) static RULE: Rule = Rule {
    name: "port-range-invalid",
    topic: Topic::Network,
    summary: "A range of ports is outside what ECS allows",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "A containerPortRange is two ports from 1 to 65535 such as 8000-8010, the lower one first. It stands without \
             containerPort and hostPort, in the network modes bridge and awsvpc only. The ranges of a container are 100 \
             at most and do not overlap.",
    matters: "ECS rejects a task definition with a range that is turned around or stands beside a single port, and \
              documents the rest as its limits.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-port-range-reversed and \
                 pf-ecs-port-range-with-host-port. The rest: API model of Amazon ECS in botocore 1.44.5, \
                 containerPortRange.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(
        r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPortRange": "8010-8000" }] }] }"#,
    ),
    passing: Example(
        r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPortRange": "8000-8010" }] }] }"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings[0].containerPortRange"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let mut ranges = 0;
        for (index, mapping) in found.items(container.get("portMappings")) {
            let Some(range) = found.text(mapping.get("containerPortRange")) else { continue };
            ranges += 1;
            if let Some((what, fix)) = beside_a_port(container, mapping, found)
                .or_else(|| badly_written(container, range))
                .or_else(|| without_network(task, found))
            {
                found.in_container(
                    container,
                    container.path().key("portMappings").index(index).key("containerPortRange"),
                    format!("maps the range of ports {}, which {what}.", quoted(range)),
                    fix,
                );
            }
        }
        if ranges > PORT_RANGES {
            found.in_container(
                container,
                container.path().key("portMappings"),
                format!("has {ranges} ranges of ports. ECS allows {PORT_RANGES}."),
                "Join ranges that lie side by side.",
            );
        }
        if ranges > 0 {
            check_overlaps(task, container, found);
        }
    }
}

/// What is wrong with a range, as the rest of a sentence about it, and what to do.
type Fault = Option<(String, String)>;

fn beside_a_port(container: &Container<'_>, mapping: &Node, found: &mut Found) -> Fault {
    let single = [mapping.get("containerPort"), mapping.get("hostPort")];
    if single.iter().any(|port| port.is_unknown()) {
        found.undecided();
        return None;
    }
    // ECS takes 0 for an absent port.
    let is_given = |port: &Node| !port.is_null() && port.as_i64() != Some(0);
    single.into_iter().any(is_given).then(|| {
        let answer = answer(
            container,
            "Invalid port mapping for container '{}', cannot specify both single port and port range",
        );
        (
            format!("stands beside a single port in one mapping{answer}"),
            "Keep \"containerPortRange\", or keep \"containerPort\" and \"hostPort\".".to_owned(),
        )
    })
}

fn badly_written(container: &Container<'_>, range: &str) -> Fault {
    match port_range(range) {
        None => Some(("is not two ports with a hyphen between".to_owned(), FORM.to_owned())),
        Some((first, last)) if !PORT.contains(&first) || !PORT.contains(&last) => {
            Some((format!("goes beyond the ports from {} to {}", PORT.start(), PORT.end()), FORM.to_owned()))
        }
        Some((first, last)) if first == last => {
            Some(("is a single port".to_owned(), format!("Write \"containerPort\": {first} instead.")))
        }
        Some((first, last)) if first > last => {
            let answer = answer(container, "Invalid 'containerPortRange' setting for container '{}'");
            Some((
                format!("begins with the higher port{answer}"),
                format!("Write \"containerPortRange\": \"{last}-{first}\"."),
            ))
        }
        Some(_) => None,
    }
}

fn without_network(task: &TaskDefinition<'_>, found: &mut Found) -> Fault {
    match task.network() {
        Some(Network::Host) => Some((
            "is in a task of the network mode host, which takes none".to_owned(),
            "Map every port by itself, or use the network mode awsvpc.".to_owned(),
        )),
        Some(_) => None,
        None => {
            found.undecided();
            None
        }
    }
}

/// The sentence that quotes ECS, between the sentence before and its full stop.
fn answer(container: &Container<'_>, text: &str) -> String {
    let quote = |name: &str| {
        format!(".{}", would_answer(&text.replace("{}", &shortened(name))).trim_end_matches('.'))
    };
    container.name.map_or(String::new(), quote)
}

const FORM: &str = "Write it as \"containerPortRange\": \"8000-8010\".";

/// In the network mode awsvpc an overlap is for the rule about ports that are used twice.
fn check_overlaps(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) {
    let network = task.network();
    if network == Some(Network::Awsvpc) {
        return;
    }
    let ports = found.all(task.ports()).iter().filter(|port| port.container.index == container.index);
    for (port, other) in shared(ports, true).filter(|(port, other)| port.is_range() || other.is_range()) {
        if network.is_none() {
            found.undecided();
            continue;
        }
        found.in_container(
            container,
            port.place(),
format!("maps {} and {}, which overlap. ECS allows a port in one mapping of a container only where ranges are \
                 used.", other.called(), port.called()),
            "Make the ranges end before the next one begins.");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn details(mode: &str, mappings: &str) -> Vec<String> {
        let document = format!(
            r#"{{"networkMode": "{mode}", "containerDefinitions": [{{"name": "a", "portMappings": [{mappings}]}}]}}"#
        );
        findings_of(RULE.name, &document).into_iter().map(|finding| finding.detail()).collect()
    }

    #[test]
    fn each_way_to_get_a_range_wrong_is_named() {
        for (mode, mapping, expected) in [
            ("awsvpc", r#"{"containerPortRange": "8000"}"#, "is not two ports"),
            ("awsvpc", r#"{"containerPortRange": "0-10"}"#, "goes beyond"),
            ("awsvpc", r#"{"containerPortRange": "1-65536"}"#, "goes beyond"),
            ("awsvpc", r#"{"containerPortRange": "5-5"}"#, "is a single port"),
            (
                "awsvpc",
                r#"{"containerPortRange": "9-3"}"#,
                "Invalid 'containerPortRange' setting for container 'a'",
            ),
            ("awsvpc", r#"{"containerPortRange": "3-9", "hostPort": 3}"#, "cannot specify both"),
            ("host", r#"{"containerPortRange": "3-9"}"#, "network mode host"),
            ("bridge", r#"{"containerPortRange": "3-9"}, {"containerPort": 5}"#, "overlap"),
        ] {
            let found = details(mode, mapping);
            assert!(found.len() == 1 && found[0].contains(expected), "{mapping}: {found:?}");
            assert!(found[0].ends_with('.') && !found[0].contains(".."), "{found:?}");
        }
    }

    #[test]
    fn what_is_meant_is_not_found() {
        for (mode, mapping) in [
            ("bridge", r#"{"containerPortRange": "3-9", "hostPort": 0}, {"containerPort": 10}"#),
            ("bridge", r#"{"containerPort": 5, "hostPort": 1}, {"containerPort": 5, "hostPort": 2}"#),
            ("awsvpc", r#"{"containerPortRange": "3-9"}, {"containerPortRange": "9-12"}"#),
        ] {
            assert_eq!(details(mode, mapping), [""; 0], "{mapping}");
        }
    }
}
