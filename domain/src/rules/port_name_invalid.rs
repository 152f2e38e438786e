//! `port-name-invalid`

use super::prelude::*;
use crate::ecs::shapes::limits::{PORT_NAME_LENGTH, is_port_name};

/// A port mapping with a name that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "port-name-invalid",
    topic: Topic::Network,
    summary: "ECS does not accept the name of a port mapping",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The name of a port mapping has at most 64 characters, all of them lowercase letters, digits, `_` and `-`, and \
             does not start with `-`.",
    matters: "Service Connect and VPC Lattice find a port by this name. ECS documents no other names.",
    evidence: Evidence {
        source: "PortMapping in the API reference of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "name": "HTTP", "containerPort": 8080 }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "portMappings": [{ "name": "http", "containerPort": 8080 }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings[0].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for (index, mapping) in found.items(container.get("portMappings")) {
            let Some(name) = found.text(mapping.get("name")) else { continue };
            if name.is_empty() || is_port_name(name) {
                continue;
            }
            let path = container.path().key("portMappings").index(index).key("name");
            let fix = match proposal(name, mapping, task) {
                Some(name) => Fix::from(Edit::at(path.clone(), name).of(container)),
                None => Fix::from("Write a shorter name that no other port mapping has."),
            };
            let says = format!(
                "has a port mapping with the name {}. ECS accepts up to {PORT_NAME_LENGTH} lowercase letters, digits, _ \
                 and -, and no - at the start.",
                quoted(name)
            );
            found.in_container(container, path, says, fix);
        }
    }
}

/// The same name in letters that ECS accepts, or else one made from the port: the first that no other mapping has.
fn proposal(name: &str, mapping: &Node, task: &TaskDefinition<'_>) -> Option<String> {
    let lower: String = (name.chars())
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let of_port = mapping.get("containerPort").as_i64().map(|port| format!("port-{port}"));
    let proposals = [Some(lower.trim_matches('-').to_owned()), of_port, Some("http".to_owned())];
    let is_taken = |name: &str| {
        let names = |mapping: &Node| mapping.get("name").as_str() == Some(name);
        task.some_container(|container| container.get("portMappings").items().iter().any(names))
    };
    proposals.into_iter().flatten().find(|name| is_port_name(name) && !is_taken(name))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_better_name_is_proposed() {
        let port = "a".repeat(65);
        for (name, expected) in [
            ("-web", Some("web")),
            ("Web API", Some("web-api")),
            ("テスト", Some("port-8080")),
            (&port, Some("port-8080")),
            ("HTTPS", Some("port-8080")),
            ("a-1_b", None),
            ("<PORT_NAME>", None),
            ("", None),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "a", "portMappings": [
                    {{"name": "{name}", "containerPort": 8080}}, {{"name": "https", "containerPort": 8443}}]}}]}}"#
            );
            let fixes: Vec<String> = findings_of("port-name-invalid", &document)
                .iter()
                .map(|finding| finding.fix_text())
                .collect();
            let expected: Vec<String> = (expected.iter())
                .map(|name| format!("Write \"name\": \"{name}\" in portMappings[0]."))
                .collect();
            assert_eq!(fixes, expected, "{name}");
        }
    }
}
