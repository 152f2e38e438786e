//! `agent-on-localhost-outside-awsvpc`

use super::prelude::*;
use crate::task::Variable;

/// An application that looks for the Agent where it is not.
pub(super) static RULE: Rule = Rule {
    name: "agent-on-localhost-outside-awsvpc",
    topic: Topic::Sockets,
    summary: "The Agent is not on localhost in this network mode",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode bridge, ECS's default on EC2, no container looks for the Agent of the task on localhost. \
             The rule reads DD_AGENT_HOST, DD_DOGSTATSD_HOST, DD_TRACE_AGENT_URL, DD_DOGSTATSD_URL, STATSD_HOST and \
             STATSD_URL. The Agent's own container is not checked.",
    matters: "In the network mode bridge each container has a localhost of its own, so the application's traces and metrics \
              are lost. In the network modes awsvpc and host the containers share it.",
    evidence: Evidence {
        source: "Network modes in the Amazon ECS developer guide: host lets containers connect to the loopback of the host, \
                 bridge is a network that containers are connected to one by one.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "bridge",
  "containerDefinitions": [
    { "name": "datadog-agent", "environment": null },
    { "name": "app", "environment": [{ "name": "DD_AGENT_HOST", "value": "localhost" }] }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "awsvpc",
  "containerDefinitions": [
    { "name": "datadog-agent", "environment": null },
    { "name": "app", "environment": [{ "name": "DD_AGENT_HOST", "value": "localhost" }] }
  ]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "bridge",
  "containerDefinitions": [
    { "environment": [{ "name": "DD_AGENT_HOST", "value": "localhost" }] },
    { "name": "sidecar", "image": "<unknown>" }
  ]
}"#,
    )),
    check,
};

/// Variables by which libraries of Datadog and StatsD clients find the Agent.
const VARIABLES: [&str; 6] = [
    "DD_AGENT_HOST",
    "DD_DOGSTATSD_HOST",
    "DD_DOGSTATSD_URL",
    "DD_TRACE_AGENT_URL",
    "STATSD_HOST",
    "STATSD_URL",
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    if network.is_some_and(|network| network != Network::Bridge) {
        return;
    }
    // None are the Agent's where all agents are known and there is none.
    let agents = task.agents();
    if agents.known.is_empty() && agents.complete {
        return;
    }
    for container in found.all(task.containers()) {
        if agents.known.iter().any(|agent| agent.index == container.index) {
            continue;
        }
        for name in VARIABLES {
            match container.variable(name) {
                Variable::Known(value) if is_localhost(value) => {
                    if agents.known.is_empty() || network.is_none() {
                        found.undecided();
                    } else {
                        report(container, name, found);
                    }
                }
                Variable::Unknown => found.undecided(),
                Variable::Known(_) | Variable::Absent => {}
            }
        }
    }
}

fn report(container: &Container<'_>, name: &str, found: &mut Found) {
    let variables = container.get("environment").items();
    let index = variables.iter().position(|variable| variable.get("name").as_str() == Some(name));
    let path = container.path().key("environment");
    found.in_container(
        container,
        index.map_or(path.clone(), |index| path.index(index).key("value")),
        format!(
            "looks for the Agent on localhost, by {name}. In the network mode bridge every container has a localhost of \
             its own, and the Agent is in another container."
        ),
        Fix::from(Edit::set_in_task("networkMode", "awsvpc")).and(
            "Or let the application use the Agent's sockets, in a volume that both containers mount, with \
             DD_TRACE_AGENT_URL and DD_DOGSTATSD_URL.",
        ),
    );
}

/// Whether a host or the host of a URL is the container itself.
fn is_localhost(value: &str) -> bool {
    let host = value.split_once("://").map_or(value, |(_, rest)| rest);
    ["localhost", "127.0.0.1", "[::1]", "::1"].into_iter().any(|name| {
        host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn hosts_and_urls_are_recognized() {
        for value in ["localhost", "127.0.0.1", "::1", "http://localhost:8126", "udp://127.0.0.1:8125/"] {
            assert!(is_localhost(value), "{value}");
        }
        for value in [
            "",
            "localhost.example.com",
            "unix:///var/run/datadog/apm.socket",
            "169.254.169.254",
            "127.0.0.10",
        ] {
            assert!(!is_localhost(value), "{value}");
        }
    }

    #[test]
    fn only_behind_a_bridge_and_beside_an_agent() {
        let agent = r#", {"name": "dd", "image": "datadog/agent:7.81.1"}"#;
        for (mode, agent, count) in [
            (r#""networkMode": "bridge","#, agent, 1),
            ("", agent, 1),
            (r#""networkMode": "host","#, agent, 0),
            (r#""networkMode": "awsvpc","#, agent, 0),
            (r#""networkMode": "bridge","#, "", 0),
        ] {
            let document = format!(
                r#"{{{mode} "containerDefinitions": [{{"name": "a", "image": "x:1",
                    "environment": [{{"name": "STATSD_URL", "value": "localhost:8125"}}]}} {agent}]}}"#
            );
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{mode} {agent}");
        }
    }
}
