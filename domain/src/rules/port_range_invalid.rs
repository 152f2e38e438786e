//! `port-range-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::{PORT, PORT_RANGES};
use crate::task::{Port, port_range, shared};

/// A range of ports that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "port-range-invalid",
    topic: Topic::Network,
    summary: "A range of ports is outside what ECS allows",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A containerPortRange is two ports from 1 to 65535 such as 8000-8010, the lower one first. Its mapping has no \
             containerPort or hostPort, and the network mode is bridge or awsvpc. A container has at most 100 ranges, \
             and they do not overlap.",
    matters: "ECS rejects a task definition with a range whose higher port comes first, or with a range and a single port in \
              one mapping. It documents the rest as its limits.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-port-range-reversed and \
                 pf-ecs-port-range-with-host-port. The rest: API model of Amazon ECS in botocore 1.44.5, \
                 containerPortRange.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
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
            let place = container.path().key("portMappings").index(index);
            if let Some((what, fix)) = beside_a_port(container, mapping, &place, found)
                .or_else(|| badly_written(container, range, &place))
                .or_else(|| without_network(task, range, &place, found))
            {
                let says = format!("maps the port range {}, which {what}.", quoted(range));
                found.in_container(container, place.key("containerPortRange"), says, fix);
            }
        }
        if ranges > PORT_RANGES {
            found.in_container(
                container,
                container.path().key("portMappings"),
                format!("maps {ranges} port ranges. ECS allows {PORT_RANGES}."),
                "Join adjacent ranges.",
            );
        }
        if ranges > 0 {
            check_overlaps(task, container, found);
        }
    }
}

/// What is wrong with a range, as the rest of a sentence about it, and what to do.
type Fault = Option<(String, Fix)>;

fn beside_a_port(container: &Container<'_>, mapping: &Node, place: &Path, found: &mut Found) -> Fault {
    if ["containerPort", "hostPort"].iter().any(|key| mapping.get(key).is_unknown()) {
        found.undecided();
        return None;
    }
    // ECS treats 0 as an absent port.
    let is_given = |key: &&str| !mapping.get(key).is_null() && mapping.get(key).as_i64() != Some(0);
    let given: Vec<&str> = ["containerPort", "hostPort"].into_iter().filter(is_given).collect();
    if given.is_empty() {
        return None;
    }
    let answer = answer(
        container,
        "Invalid port mapping for container '{}', cannot specify both single port and port range",
    );
    let fix = Fix::write(given.iter().map(|key| Edit::without(place.clone().key(key))));
    Some((
        format!("shares its mapping with a single port{answer}"),
        fix.and("Or keep the single port, and remove containerPortRange."),
    ))
}

fn badly_written(container: &Container<'_>, range: &str, place: &Path) -> Fault {
    const YOURS: &str = "That is an example: write the first and the last of your ports.";
    let write = |first: i64, last: i64| Fix::write(mapped_as(place, first, last));
    match port_range(range) {
        None => {
            Some(("is not two ports with a hyphen between them".to_owned(), write(8000, 8010).and(YOURS)))
        }
        Some((first, last)) if !PORT.contains(&first) || !PORT.contains(&last) => {
            let [first, last] =
                [first.min(last), first.max(last)].map(|port| port.clamp(*PORT.start(), *PORT.end()));
            let fix = if first < last { write(first, last) } else { write(8000, 8010).and(YOURS) };
            Some((format!("goes beyond the ports from {} to {}", PORT.start(), PORT.end()), fix))
        }
        Some((first, last)) if first == last => Some(("is a single port".to_owned(), write(first, last))),
        Some((first, last)) if first > last => {
            let answer = answer(container, "Invalid 'containerPortRange' setting for container '{}'");
            Some((format!("begins with the higher port{answer}"), write(last, first)))
        }
        Some(_) => None,
    }
}

/// The changes after which a mapping is of these ports.
fn mapped_as(mapping: &Path, first: i64, last: i64) -> Vec<Edit> {
    let range = mapping.clone().key("containerPortRange");
    if first == last {
        vec![Edit::at(mapping.clone().key("containerPort"), first), Edit::without(range)]
    } else {
        vec![Edit::at(range, format!("{first}-{last}"))]
    }
}

/// How a mapping no longer overlaps with one that begins at or below its first port: it is removed where the other one
/// covers it, and shortened otherwise.
pub(super) fn parted(port: &Port<'_>, other: &Port<'_>) -> Fix {
    let mapping = port.mapping_place();
    if port.last <= other.last {
        let called = format!("the mapping of {}", port.called());
        return Fix::from(Edit::without(mapping).of(&port.container).called(called));
    }
    Fix::write(
        mapped_as(&mapping, other.last + 1, port.last).into_iter().map(|edit| edit.of(&port.container)),
    )
}

fn without_network(task: &TaskDefinition<'_>, range: &str, place: &Path, found: &mut Found) -> Fault {
    if found.known(task.network())? != Network::Host {
        return None;
    }
    let fix = Fix::from(Edit::without(place.clone()).called(format!("the mapping of {range}")));
    Some((
        "the network mode host does not support".to_owned(),
        fix.and(
            "In that mode the container has the ports of the instance without any mapping. A load balancer or service \
             discovery needs a mapping of the one port that it uses. Or use the network mode awsvpc.",
        ),
    ))
}

/// The sentence that quotes ECS, between the sentence before and its full stop.
fn answer(container: &Container<'_>, text: &str) -> String {
    let quote = |name: &str| {
        format!(".{}", would_answer(&text.replace("{}", &shortened(name))).trim_end_matches('.'))
    };
    container.name.map_or(String::new(), quote)
}

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
        let says = format!(
            "maps {} and {}, which overlap. Where ranges are used, ECS allows a port in one mapping of a container only.",
            other.called(),
            port.called()
        );
        found.in_container(container, port.place(), says, parted(port, other));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;
    use crate::document::{parse, to_json};

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
            ("host", r#"{"containerPortRange": "3-9"}"#, "network mode host does not support"),
            ("bridge", r#"{"containerPortRange": "3-9"}, {"containerPort": 5}"#, "overlap"),
        ] {
            let found = details(mode, mapping);
            assert!(found.len() == 1 && found[0].contains(expected), "{mapping}: {found:?}");
            assert!(found[0].ends_with('.') && !found[0].contains(".."), "{found:?}");
        }
    }

    #[test]
    fn what_is_to_be_written_mends_each_of_them() {
        for (mode, mappings, expected) in [
            ("awsvpc", r#"{"containerPortRange": "8000"}"#, r#"[{"containerPortRange":"8000-8010"}]"#),
            ("awsvpc", r#"{"containerPortRange": "0-10"}"#, r#"[{"containerPortRange":"1-10"}]"#),
            ("awsvpc", r#"{"containerPortRange": "70000-1"}"#, r#"[{"containerPortRange":"1-65535"}]"#),
            ("awsvpc", r#"{"containerPortRange": "5-5"}"#, r#"[{"containerPort":5}]"#),
            (
                "awsvpc",
                r#"{"containerPortRange": "3-9", "hostPort": 3}"#,
                r#"[{"containerPortRange":"3-9"}]"#,
            ),
            ("host", r#"{"containerPortRange": "3-9"}"#, "[]"),
            (
                "bridge",
                r#"{"containerPortRange": "3-9"}, {"containerPort": 5}"#,
                r#"[{"containerPortRange":"3-9"}]"#,
            ),
            (
                "bridge",
                r#"{"containerPortRange": "3-9"}, {"containerPortRange": "8-10"}"#,
                r#"[{"containerPortRange":"3-9"},{"containerPort":10}]"#,
            ),
        ] {
            let text = format!(
                r#"{{"networkMode": "{mode}", "containerDefinitions": [{{"name": "a", "portMappings": [{mappings}]}}]}}"#
            );
            let fix = findings_of(RULE.name, &text).remove(0).fix;
            let mut document = parse(&text).unwrap();
            fix.apply(&mut document);
            let written = document.get("containerDefinitions").items()[0].get("portMappings");
            assert_eq!(to_json(written).unwrap(), expected, "{mappings}");
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
