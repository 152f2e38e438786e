//! `container-name-as-agent-host`

use super::prelude::*;
use crate::task::{Sender, SenderForm, Signal, Target};

/// An application that looks for the Agent under the name of a container.
pub(super) static RULE: Rule = Rule {
    name: "container-name-as-agent-host",
    topic: Topic::Sockets,
    summary: "A container's name is taken for a host name",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "No variable by which Datadog's libraries or clients of StatsD find the Agent names another container of the \
             task as its host. In the network mode bridge a container of links may be named; there, and in the network \
             mode host, a name is a warning.",
    matters: "ECS gives containers no names in a network. With awsvpc the containers of a task share localhost, and their \
              names lead nowhere, so traces and metrics are lost.",
    evidence: Evidence {
        source: "Task networking in the Amazon ECS developer guide: containers of a task communicate over localhost.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "DD_AGENT_HOST", "value": "datadog-agent" }] }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "DD_AGENT_HOST", "value": "127.0.0.1" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[2].environment[0].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    if matches!(network, Some(Network::Disabled | Network::Other)) {
        return;
    }
    for container in found.all(task.containers()) {
        for sender in found.all(task.senders(container)) {
            let Target::Host(host, port) = sender.target else { continue };
            let Some(named) = task.named(host) else {
                if !task.knows_all_names() {
                    found.undecided();
                }
                continue;
            };
            if found.known(network).is_none()
                || found.known(resolves(container, network, host)) != Some(false)
            {
                continue;
            }
            let finding = found.in_container(
                container,
                container.variable_path(sender.index),
                format!(
                    "looks for the Agent under the name of {}, by {}. Container names are no host names on ECS, so what is \
                     sent there is lost.",
                    named.called_inside(),
                    sender.variable
                ),
                way_out(container, network, sender, (host, port)),
            );
            if network != Some(Network::Awsvpc) {
                finding.severity = Severity::Warning;
            }
        }
    }
}

/// Whether something makes the name known in the container. `None` if not yet known.
fn resolves(container: &Container<'_>, network: Option<Network>, host: &str) -> Option<bool> {
    // In the network mode awsvpc ECS accepts neither.
    if network == Some(Network::Awsvpc) {
        return Some(false);
    }
    let (links, hosts) = (container.get("links"), container.get("extraHosts"));
    let linked = |link: &Node| link.as_str().is_some_and(|link| link.split(':').any(|name| name == host));
    let named = |entry: &Node| entry.get("hostname").as_str() == Some(host);
    if links.items().iter().any(linked) || hosts.items().iter().any(named) {
        return Some(true);
    }
    (links.is_wholly_known() && hosts.is_wholly_known()).then_some(false)
}

fn way_out(
    container: &Container<'_>,
    network: Option<Network>,
    sender: &Sender<'_>,
    (host, port): (&str, Option<u16>),
) -> Fix {
    const LOCALHOST: &str = "127.0.0.1";
    if network == Some(Network::Bridge) {
        return Edit::add(container, "links", host).into();
    }
    let value = match (sender.form, sender.signal) {
        (SenderForm::Url, Some(Signal::Metrics)) => format!("udp://{LOCALHOST}:{}", port.unwrap_or(8125)),
        (SenderForm::Url, _) => format!("http://{LOCALHOST}:{}", port.unwrap_or(8126)),
        _ => LOCALHOST.to_owned(),
    };
    Edit::at(container.variable_path(sender.index), value).of(container).into()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn severities(mode: &str, variable: &str, value: &str, members: &str) -> Vec<Severity> {
        let document = format!(
            r#"{{{mode} "containerDefinitions": [{{"name": "datadog-agent", "image": "datadog/agent:7.81.1"}},
                {{"name": "app", "image": "shop:1"{members},
                    "environment": [{{"name": "{variable}", "value": "{value}"}}]}}]}}"#
        );
        let findings = findings_of(RULE.name, &document);
        assert_eq!(mended(RULE.name, &document), (findings.len(), vec![]), "{document}");
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn names_of_containers_are_no_hosts_but_linked_ones() {
        const AWSVPC: &str = r#""networkMode": "awsvpc","#;
        const BRIDGE: &str = r#""networkMode": "bridge","#;
        let links = r#", "links": ["datadog-agent"]"#;
        for (mode, variable, value, members, expected) in [
            (AWSVPC, "DD_AGENT_HOST", "datadog-agent", "", &[Severity::Error][..]),
            (AWSVPC, "DD_TRACE_AGENT_URL", "http://datadog-agent:8126", "", &[Severity::Error]),
            (AWSVPC, "DD_DOGSTATSD_URL", "udp://datadog-agent:8125", "", &[Severity::Error]),
            (AWSVPC, "STATSD_URL", "datadog-agent:8125", "", &[Severity::Error]),
            (AWSVPC, "DD_AGENT_HOST", "localhost", "", &[]),
            (AWSVPC, "DD_AGENT_HOST", "datadog-agent.internal", "", &[]),
            (AWSVPC, "DD_AGENT_HOST", "", "", &[]),
            (AWSVPC, "DB_HOST", "datadog-agent", "", &[]),
            (AWSVPC, "DD_TRACE_AGENT_URL", "unix:///datadog-agent", "", &[]),
            (BRIDGE, "DD_AGENT_HOST", "datadog-agent", "", &[Severity::Warning]),
            (BRIDGE, "DD_AGENT_HOST", "datadog-agent", links, &[]),
            (r#""networkMode": "host","#, "DD_AGENT_HOST", "datadog-agent", "", &[Severity::Warning]),
            (r#""networkMode": "none","#, "DD_AGENT_HOST", "datadog-agent", "", &[]),
        ] {
            assert_eq!(severities(mode, variable, value, members), expected, "{mode} {variable} {value}");
        }
    }
}
