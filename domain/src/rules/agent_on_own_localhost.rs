//! `agent-on-own-localhost`

use super::prelude::*;
use crate::task::{SenderForm, Signal, Target, is_local};

/// An application that looks for the Agent in its own container.
pub(super) static RULE: Rule = Rule {
    name: "agent-on-own-localhost",
    topic: Topic::Sockets,
    summary: "The Agent is not on the localhost of this service",
    severity: Severity::Warning,
    judges: Judges::Compose,
    platform: Platform::Any,
    control: None,
    checks: "No service of a Compose file looks for the Agent of another service on localhost, by a variable from which Datadog's libraries and clients of \
             StatsD take the Agent's host. Services that share a network (network_mode) are not judged.",
    matters: "Each service has a network of its own, and a localhost that only its own container sees: the traces and metrics are lost. The Agent is \
              found under the name of its service.",
    evidence: Evidence {
        source: "Docker's documentation, networking in Compose.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: ComposeExample(
        r#"{
  "services": {
    "app": { "image": "example.com/shop:1.4.2", "read_only": true, "environment": { "DD_AGENT_HOST": "localhost" } }
  }
}"#,
    ),
    passing: ComposeExample(
        r#"{
  "services": {
    "app": { "image": "example.com/shop:1.4.2", "read_only": true, "environment": { "DD_AGENT_HOST": "datadog-agent" } }
  }
}"#,
    ),
    undecided: Undecided::Failing("services.app.environment.DD_AGENT_HOST"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = task.agents();
    let Some(agent) = agents.known.first() else {
        if !agents.complete {
            found.undecided();
        }
        return;
    };
    for container in found.all(task.containers()) {
        if found.known(task.is_agent(container)) != Some(false) {
            continue;
        }
        for sender in found.all(task.senders(container)) {
            let Target::Host(host, port) = sender.target else { continue };
            if !is_local(host) || !are_apart(task, container, found) {
                continue;
            }
            let name = agent.name.unwrap_or_default();
            let value = match (sender.form, sender.signal) {
                (SenderForm::Url, Some(Signal::Metrics)) => format!("udp://{name}:{}", port.unwrap_or(8125)),
                (SenderForm::Url, _) => format!("http://{name}:{}", port.unwrap_or(8126)),
                _ => name.to_owned(),
            };
            found.in_container(
                container,
                container.variable_path(sender.index),
                format!(
                    "looks for the Agent on localhost, by {}. Each service has a localhost of its own, and the Agent is {}. What is \
                     sent there is lost.",
                    sender.variable,
                    agent.called_inside()
                ),
                Fix::from(Edit::at(container.variable_path(sender.index), value).of(container)).and(
                    "Or let the service use the Agent's sockets, in a volume that both mount, with DD_TRACE_AGENT_URL and \
                     DD_DOGSTATSD_URL.",
                ),
            );
        }
    }
}

/// Whether a service and every Agent have networks of their own.
fn are_apart(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) -> bool {
    let shares = |container: &Container<'_>| match container.get("networkMode") {
        Node::Unknown => None,
        mode => Some(mode.as_str().is_some_and(|mode| {
            mode == "host" || mode.starts_with("service:") || mode.starts_with("container:")
        })),
    };
    let agents = task.agents();
    let all = std::iter::once(container).chain(agents.known);
    all.into_iter().all(|container| found.known(shares(container)) == Some(false))
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, form_of, judge_document};

    #[test]
    fn localhost_is_the_services_own_unless_it_shares_a_network() {
        let said = |app: &str, agent: &str| {
            let file = format!(
                r#"{{"services": {{"dd": {{"image": "datadog/agent:7.81.1"{agent}}}, "app": {{"image": "shop:1.0"{app}}}}}}}"#
            );
            let findings = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None).findings;
            let of_rule = findings.iter().filter(|finding| finding.rule == "agent-on-own-localhost");
            of_rule
                .map(|finding| finding.fix_in(form_of(DocumentKind::Compose)))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let sends = |variable: &str| format!(r#", "environment": {{{variable}}}"#);
        let url = sends(r#""DD_TRACE_AGENT_URL": "http://127.0.0.1:8126""#);
        assert!(
            said(&url, "").starts_with("Write DD_TRACE_AGENT_URL: http://dd:8126 in environment."),
            "{}",
            said(&url, "")
        );
        let listed = r#", "environment": ["DD_AGENT_HOST=localhost"]"#;
        assert!(
            said(listed, "").starts_with("Write - DD_AGENT_HOST=dd in environment[0]."),
            "{}",
            said(listed, "")
        );
        for (app, agent) in [
            (sends(r#""DD_AGENT_HOST": "dd""#), ""),
            (sends(r#""DD_AGENT_HOST": "$HOST""#), ""),
            (format!(r#"{url}, "network_mode": "host""#), ""),
            (format!(r#"{url}, "network_mode": "service:dd""#), ""),
            (format!(r#"{url}, "network_mode": "$MODE""#), ""),
            (url.clone(), r#", "network_mode": "service:app""#),
        ] {
            assert_eq!(said(&app, agent), "", "{app} {agent}");
        }
    }
}
