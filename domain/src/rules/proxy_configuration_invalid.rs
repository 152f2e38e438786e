//! `proxy-configuration-invalid`

use super::prelude::*;
use crate::document::Path;

/// A proxy configuration that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "proxy-configuration-invalid",
    topic: Topic::Network,
    summary: "The proxy configuration does not work",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition with a proxyConfiguration has the network mode awsvpc, a container with the name that the \
             configuration gives, and values for ProxyIngressPort, ProxyEgressPort and AppPorts. EgressIgnoredIPs is \
             documented as required too, but no rejection is on record, so a missing one is a warning.",
    matters: "ECS rejects the task definition otherwise.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules \
                 pf-ecs-proxy-configuration-awsvpc-required, -container-missing and -missing-required-props, and in \
                 aws-app-mesh-roadmap issue 467.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "proxyConfiguration": {
    "type": "APPMESH",
    "containerName": "envoy",
    "properties": [
      { "name": "ProxyEgressPort", "value": "15001" },
      { "name": "AppPorts", "value": "8080" },
      { "name": "EgressIgnoredIPs", "value": "169.254.170.2,169.254.169.254" }
    ]
  },
  "containerDefinitions": [{ "name": "app" }, { "name": "envoy" }]
}"#,
    ),
    passing: Example(
        r#"{
  "proxyConfiguration": {
    "type": "APPMESH",
    "containerName": "envoy",
    "properties": [
      { "name": "ProxyIngressPort", "value": "15000" },
      { "name": "ProxyEgressPort", "value": "15001" },
      { "name": "AppPorts", "value": "8080" },
      { "name": "EgressIgnoredIPs", "value": "169.254.170.2,169.254.169.254" }
    ]
  },
  "containerDefinitions": [{ "name": "app" }, { "name": "envoy" }]
}"#,
    ),
    undecided: Undecided::Failing("proxyConfiguration.properties"),
    check,
};

/// A property that has to be there, and what ECS answers without it.
struct Property {
    name: &'static str,
    /// What is usual in App Mesh.
    usual: &'static str,
    answer: Option<&'static str>,
    may_be_empty: bool,
}

/// The properties, in the order in which ECS is thought to look for them.
static PROPERTIES: [Property; 4] = [
    Property {
        name: "ProxyIngressPort",
        usual: "15000",
        answer: Some("Ingress port not found"),
        may_be_empty: false,
    },
    Property { name: "ProxyEgressPort", usual: "15001", answer: None, may_be_empty: false },
    Property { name: "AppPorts", usual: "8080", answer: Some("App ports not found"), may_be_empty: false },
    Property {
        name: IGNORED_ADDRESSES,
        usual: "169.254.170.2,169.254.169.254",
        answer: None,
        may_be_empty: true,
    },
];

const IGNORED_ADDRESSES: &str = "EgressIgnoredIPs";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    match task.document.get("proxyConfiguration") {
        Node::Unknown => found.undecided(),
        proxy @ Node::Object(_) => {
            let path = Path::default().key("proxyConfiguration");
            network_mode(task, &path, found);
            container(task, proxy, &path, found);
            properties(proxy, &path, found);
        }
        _ => {}
    }
}

fn network_mode(task: &TaskDefinition<'_>, path: &Path, found: &mut Found) {
    // Fargate has no other network mode, which is for the rule unsupported-on-fargate.
    if task.fargate == Some(true) {
        return;
    }
    let mode = task.document.get("networkMode");
    let written = match found.text(mode) {
        Some("awsvpc") => return,
        Some(mode) => format!("has the network mode {}", quoted(mode)),
        None if mode.is_null() => "names no network mode".to_owned(),
        None => return,
    };
    found.in_task(
        path.clone(),
        format!(
            "The task definition {written}, but a proxy works in the network mode awsvpc only.{}",
            would_answer("APPMESH proxy configuration is only supported in networkMode=awsvpc")
        ),
        Fix::from(Edit::set_in_task("networkMode", "awsvpc")).and("Or remove proxyConfiguration."),
    );
}

fn container(task: &TaskDefinition<'_>, proxy: &Node, path: &Path, found: &mut Found) {
    let Some(name) = found.text(proxy.get("containerName")).filter(|name| !name.is_empty()) else { return };
    if !found.is_missing(task.container(name)) {
        return;
    }
    let names = found.all(task.containers()).iter().filter_map(|container| container.name);
    found.in_task(
        path.clone().key("containerName"),
        format!(
            "The proxy configuration names container {}, which the task definition does not have.{}",
            quoted(name),
            would_answer(&format!("Proxy container [{}] does not exist.", shortened(name)))
        ),
        match nearest(name, names) {
            Some(meant) => Fix::from(Edit::set_in_task("proxyConfiguration.containerName", meant)),
            None => Fix::from("Write the name of the container that runs the proxy."),
        },
    );
}

fn properties(proxy: &Node, path: &Path, found: &mut Found) {
    let list = proxy.get("properties");
    let items = list.items();
    if list.is_unknown() || items.iter().any(|property| property.get("name").is_unknown()) {
        found.undecided();
        return;
    }
    let mut missing = Vec::new();
    for property in &PROPERTIES {
        let written = items.iter().position(|item| item.get("name").as_str() == Some(property.name));
        let is_there = match written.map(|index| items[index].get("value")) {
            Some(Node::Unknown) => {
                if !property.may_be_empty {
                    found.undecided();
                }
                true
            }
            Some(value) => property.may_be_empty || value.as_str().is_none_or(|text| !text.is_empty()),
            None => false,
        };
        if !is_there {
            missing.push((property, written));
        }
    }
    let Some((first, _)) = missing.first() else { return };
    let names = missing.iter().map(|(property, _)| property.name).collect::<Vec<_>>().join(", ");
    let finding = found.in_task(
        path.clone().key("properties"),
        format!("The proxy needs a value for {names}.{}", first.answer.map(would_answer).unwrap_or_default()),
        usual_values(&missing, items.len(), &path.clone().key("properties")),
    );
    if first.name == IGNORED_ADDRESSES {
        finding.severity = Severity::Warning;
    }
}

/// What to write for the properties without a value, each with its place in the list where it has one.
fn usual_values(missing: &[(&Property, Option<usize>)], end: usize, list: &Path) -> Fix {
    let mut added = 0..;
    let edits = missing.iter().map(|(property, written)| match written {
        Some(index) => Edit::at(list.clone().index(*index).key("value"), property.usual),
        None => {
            let item = Node::from([("name", property.name.into()), ("value", property.usual.into())]);
            Edit::at(list.clone().index(end), item).behind(added.next().unwrap_or_default())
        }
    });
    Fix::write(edits).and(
        "These are the usual values in App Mesh: write the ports that your proxy listens on, and as AppPorts those of your \
         application.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::Severity;

    fn found(proxy: &str, mode: &str) -> Vec<(String, Severity, String)> {
        found_on("EC2", proxy, mode)
    }

    fn found_on(compatibility: &str, proxy: &str, mode: &str) -> Vec<(String, Severity, String)> {
        let document = format!(
            r#"{{"requiresCompatibilities": ["{compatibility}"], "networkMode": "{mode}", "proxyConfiguration": {proxy}, "containerDefinitions": [{{"name": "envoy"}}]}}"#
        );
        let findings = findings_of("proxy-configuration-invalid", &document);
        findings
            .into_iter()
            .map(|finding| (finding.path.to_string(), finding.severity, finding.detail()))
            .collect()
    }

    fn property(name: &str, value: &str) -> String {
        format!(r#"{{"name": "{name}", "value": "{value}"}}"#)
    }

    #[test]
    fn each_part_is_judged_by_itself() {
        let findings = found(r#"{"containerName": "envoi", "properties": []}"#, "bridge");
        let paths: Vec<_> = findings.iter().map(|(path, ..)| path.as_str()).collect();
        assert_eq!(
            paths,
            ["proxyConfiguration", "proxyConfiguration.containerName", "proxyConfiguration.properties"]
        );
        assert!(findings[1].2.ends_with("\"Proxy container [envoi] does not exist.\"."), "{findings:?}");
        assert_eq!(found_on("FARGATE", r#"{"containerName": "envoi", "properties": []}"#, "bridge").len(), 2);
        let all = "ProxyIngressPort, ProxyEgressPort, AppPorts, EgressIgnoredIPs";
        assert!(findings[2].2.contains(all), "{findings:?}");
    }

    #[test]
    fn an_empty_value_is_a_missing_one_and_the_ignored_addresses_alone_are_a_warning() {
        let ports = [property("ProxyIngressPort", "1"), property("ProxyEgressPort", "2")].join(",");
        let proxy = |more: &str| format!(r#"{{"containerName": "envoy", "properties": [{ports}, {more}]}}"#);
        let apps = found(&proxy(&property("AppPorts", "")), "awsvpc");
        assert_eq!(apps[0].1, Severity::Error);
        assert!(apps[0].2.contains("AppPorts, EgressIgnoredIPs. ECS would answer: \"App ports"), "{apps:?}");
        let addresses = found(&proxy(&property("AppPorts", "80")), "awsvpc");
        assert_eq!(
            addresses.iter().map(|(_, severity, _)| *severity).collect::<Vec<_>>(),
            [Severity::Warning]
        );
        let full = [property("AppPorts", "80"), property("EgressIgnoredIPs", "")].join(",");
        assert_eq!(found(&proxy(&full), "awsvpc"), []);
    }
}
