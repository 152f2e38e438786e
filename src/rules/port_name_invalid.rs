//! `port-name-invalid`

use super::prelude::*;
use crate::document::shapes::limits::{PORT_NAME_LENGTH, is_port_name};

/// A port mapping under a name that ECS does not take.
pub(super) static RULE: Rule = Rule {
    name: "port-name-invalid",
    topic: Topic::Network,
    summary: "ECS does not take this name of a port mapping",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "The name of a port mapping has at most 64 characters, all of them small letters, digits, `_` and `-`, and does \
             not start with `-`.",
    matters: "Service Connect and VPC Lattice find a port by this name. ECS documents no other names.",
    evidence: Evidence {
        source: "PortMapping in the API reference of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
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
            if name.is_empty() || is_port_name(name) || placeholder_in(name).is_some() {
                continue;
            }
            found.in_container(
                container,
                container.path().key("portMappings").index(index).key("name"),
format!("names a port mapping {}. ECS takes up to {PORT_NAME_LENGTH} small letters, digits, _ and -, the \
                     first of them no -.", quoted(name)),
                match proposal(name) {
                    Some(proposal) => format!("Write \"name\": \"{proposal}\"."),
                    None => "Write a shorter name, such as \"name\": \"http\".".to_owned(),
                });
        }
    }
}

/// The same name in letters that ECS takes.
fn proposal(name: &str) -> Option<String> {
    let small: String = (name.chars())
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let proposal = small.trim_matches('-');
    is_port_name(proposal).then(|| proposal.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_better_name_is_proposed() {
        let fixes: Vec<String> = ["-web", "Web API", "テスト", &"a".repeat(65), "a-1_b", "<PORT_NAME>", ""]
            .iter()
            .flat_map(|name| {
                let document = format!(
                    r#"{{"containerDefinitions": [{{"name": "a", "portMappings": [{{"name": "{name}"}}]}}]}}"#
                );
                findings_of("port-name-invalid", &document)
            })
            .map(|finding| finding.fix_text())
            .collect();
        let shorter = "Write a shorter name, such as \"name\": \"http\".";
        assert_eq!(fixes, ["Write \"name\": \"web\".", "Write \"name\": \"web-api\".", shorter, shorter]);
    }
}
