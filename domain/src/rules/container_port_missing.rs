//! `container-port-missing`

use super::prelude::*;

/// A port mapping that names no port of the container.
pub(super) static RULE: Rule = Rule {
    name: "container-port-missing",
    topic: Topic::Network,
    summary: "A port mapping names no port of the container",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every port mapping has a containerPort or a containerPortRange.",
    matters: "A hostPort or a protocol alone does not say which port of the container is meant. ECS rejects the task \
              definition. The usual cause is a list in which the parts of one mapping are mappings of their own.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers in the issues aws/aws-cdk 8762 and aws/aws-cli 7288.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "portMappings": [{ "hostPort": 8080 }] }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "portMappings": [{ "containerPort": 8080 }] }] }"#),
    undecided: Undecided::Passing("containerDefinitions[0].portMappings[0].containerPort"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let ports = [mapping.get("containerPort"), mapping.get("containerPortRange")];
            // What is not an object is for the rule wrong-type.
            if !matches!(mapping, Node::Object(_)) || ports.iter().any(|port| is_known_port(port)) {
                continue;
            }
            if ports.iter().any(|port| port.is_unknown()) {
                found.undecided();
                continue;
            }
            let place = container.path().key("portMappings").index(index);
            let port = mapping.get("hostPort").as_i64().filter(|port| *port > 0).unwrap_or(8080);
            found.in_container(
                container,
                place.clone(),
                says(container, index),
                Fix::from(Edit::at(place.key("containerPort"), port).of(container)).and(
                    "Replace the number by that of the port on which the program listens. Or remove the mapping, if it is \
                     a part of another one.",
                ),
            );
        }
    }
}

fn is_known_port(port: &Node) -> bool {
    !port.is_null() && !port.is_unknown()
}

fn says(container: &Container<'_>, index: usize) -> String {
    let answer = |name: &str| {
        would_answer(&format!("Invalid 'containerPort' setting for container '{}'", shortened(name)))
    };
    format!(
        "has neither containerPort nor containerPortRange in its port mapping at position {}.{}",
        index + 1,
        container.name.map_or(String::new(), answer)
    )
}

#[cfg(test)]
mod tests {
    use super::super::Finding;
    use super::super::tests::findings_of;
    use super::*;

    fn findings(mappings: &str) -> Vec<Finding> {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "container_1", "portMappings": [{mappings}]}}]}}"#
        );
        findings_of(RULE.name, &document)
    }

    #[test]
    fn one_mapping_written_as_three_has_two_without_a_port() {
        let found = findings(r#"{"containerPort": 3000}, {"hostPort": 7000}, {"protocol": "tcp"}"#);
        let paths: Vec<_> = found.iter().map(|finding| finding.path.to_string()).collect();
        assert_eq!(
            paths,
            ["containerDefinitions[0].portMappings[1]", "containerDefinitions[0].portMappings[2]"]
        );
        assert!(
            found[0].detail().contains("\"Invalid 'containerPort' setting for container 'container_1'\"."),
            "{}",
            found[0].detail()
        );
    }

    #[test]
    fn a_range_and_a_port_of_the_wrong_type_are_ports() {
        for mapping in [
            r#"{"containerPortRange": "8000-8010"}"#,
            r#"{"containerPort": "8080"}"#,
            r#"{"containerPort": "<unknown>", "containerPortRange": "8000-8010"}"#,
            r#"{"containerPort": null, "containerPortRange": "<unknown>"}"#,
            "8080",
        ] {
            assert_eq!(findings(mapping), [], "{mapping}");
        }
    }
}
