//! `agent-not-listening`

use super::prelude::*;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::task::{Off, Receiver, Sender, SenderForm, Signal, Target};

/// An application that sends what its Agent does not take.
pub(super) static RULE: Rule = Rule {
    name: "agent-not-listening",
    topic: Topic::Sockets,
    summary: "The Agent does not take what the application sends",
    severity: Severity::Error,
    platform: Platform::Linux,
    control: None,
    checks: "Where a container has a variable for sending traces, the Agent of the task has not turned them off \
             (DD_APM_ENABLED), and the same holds for custom metrics and DD_USE_DOGSTATSD. Where it sends to a socket, the \
             Agent makes one: its variable for the socket is a path, and not empty, which are warnings, and it is Agent 7.57.0 or \
             newer unless the variable is set. A container with DD_TRACE_ENABLED=false does not send traces. DD_AGENT_HOST \
             alone counts for neither, but counts for traces, as a warning, beside DD_PROFILING_ENABLED or a variable of \
             tracing.",
    matters: "Nobody takes what the application sends: its traces or its metrics are lost.",
    evidence: Evidence {
        source: "Datadog's page on the Docker Agent for APM; datadog-agent CHANGELOG 7.57.0 and config_template.yaml.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_APM_ENABLED", "value": "false" }
      ]
    },
    {
      "name": "app",
      "environment": [{ "name": "DD_TRACE_AGENT_URL", "value": "unix:///var/run/datadog/apm.socket" }],
      "mountPoints": [{ "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }]
    }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_APM_ENABLED", "value": "true" }
      ]
    },
    {
      "name": "app",
      "environment": [{ "name": "DD_TRACE_AGENT_URL", "value": "unix:///var/run/datadog/apm.socket" }],
      "mountPoints": [{ "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].environment[1].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = task.agents();
    if agents.known.is_empty() && agents.complete {
        return;
    }
    for signal in Signal::ALL {
        let Some((sender, is_certain)) = first_sender(task, signal, found) else { continue };
        // Of several Agents another one may take it.
        let [agent] = agents.known else {
            if !agents.complete {
                found.undecided();
            }
            continue;
        };
        match task.receiver(agent, signal) {
            Receiver::Socket(..) => {}
            Receiver::Unknown => found.undecided(),
            Receiver::Off(_) if !agents.complete => found.undecided(),
            Receiver::Off(off) => report(agent, signal, off, &sender, is_certain, found),
        }
    }
}

/// Who sends, by which variable, and whether over a socket.
struct Sends<'t, 'a> {
    container: &'t Container<'a>,
    variable: &'static str,
    over_a_socket: bool,
}

/// The first container that sends this for certain, or else seems to.
fn first_sender<'t, 'a>(
    task: &'t TaskDefinition<'a>,
    signal: Signal,
    found: &mut Found,
) -> Option<(Sends<'t, 'a>, bool)> {
    let mut first: Option<(Sends<'t, 'a>, bool)> = None;
    for container in found.all(task.containers()) {
        match found.known(task.is_agent(container)) {
            Some(false) => {}
            Some(true) | None => continue,
        }
        let senders = found.all(task.senders(container));
        if signal == Signal::Traces && !found.known(container.may_trace()).unwrap_or(false) {
            continue;
        }
        for sender in senders {
            let Some(is_certain) = says_that_it_sends(container, sender, signal) else { continue };
            let over_a_socket = matches!(sender.target, Target::Socket(_));
            let is_better = first.as_ref().is_none_or(|(known, was_certain)| {
                (is_certain, over_a_socket) > (*was_certain, known.over_a_socket)
            });
            if is_better {
                first = Some((Sends { container, variable: sender.variable, over_a_socket }, is_certain));
            }
        }
    }
    first
}

/// Whether a variable says that the container sends this, and whether for certain.
fn says_that_it_sends(container: &Container<'_>, sender: &Sender<'_>, signal: Signal) -> Option<bool> {
    match sender.signal {
        Some(own) if own == signal && sender.form == SenderForm::Url => Some(true),
        Some(own) if own == signal && sender.form == SenderForm::Host => Some(false),
        None if signal == Signal::Traces && container.seems_to_trace() => Some(false),
        _ => None,
    }
}

fn report(
    agent: &Container<'_>,
    signal: Signal,
    off: Off,
    sends: &Sends<'_, '_>,
    is_certain: bool,
    found: &mut Found,
) {
    let (path, why, fix, is_sure) = match off {
        Off::Switch(index) => (
            agent.variable_path(index),
            format!("has {} turned off by {}", signal.name(), signal.switch()),
            Fix::from(Edit::at(agent.variable_path(index), "true").of(agent)),
            true,
        ),
        Off::NoSocket(_) | Off::NoPath(_) | Off::TooOld if !sends.over_a_socket => return,
        Off::NoSocket(index) => (
            agent.variable_path(index),
            format!("makes no socket for {}: its {} is empty", signal.name(), signal.socket_variable()),
            Fix::from(Edit::at(agent.variable_path(index), signal.usual_socket()).of(agent)),
            false,
        ),
        Off::NoPath(index) => (
            agent.variable_path(index),
            format!(
                "makes no socket for {}: its {} is no path that begins with a slash",
                signal.name(),
                signal.socket_variable()
            ),
            Fix::from(Edit::at(agent.variable_path(index), signal.usual_socket()).of(agent)),
            false,
        ),
        Off::TooOld => {
            let told = [("name", signal.socket_variable().into()), ("value", signal.usual_socket().into())];
            (
                agent.path().key("environment"),
                format!(
                    "is older than 7.57.0, and makes no socket for {} unless {} names one",
                    signal.name(),
                    signal.socket_variable()
                ),
                Fix::from(Edit::add(agent, "environment", Node::from(told)))
                    .and(format!("A newer Agent, such as {DEFAULT_IMAGE}, makes it by itself.")),
                true,
            )
        }
    };
    let finding = found.in_container(
        agent,
        path,
        format!(
            "{why}, and {} sends them to it, by {}. What it sends is lost.",
            sends.container.called_inside(),
            sends.variable
        ),
        fix.and(format!("Or remove {} from {}.", sends.variable, sends.container.called_inside())),
    );
    if !is_sure || !is_certain {
        finding.severity = Severity::Warning;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn severities(image: &str, agent: &[(&str, &str)], app: &[(&str, &str)]) -> Vec<Severity> {
        let variables = |variables: &[(&str, &str)]| {
            let items =
                variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value}));
            serde_json::Value::from_iter(items)
        };
        let document = serde_json::json!({"containerDefinitions": [
            {"name": "dd", "image": image, "environment": variables(agent)},
            {"name": "app", "image": "shop:1", "environment": variables(app)},
        ]})
        .to_string();
        let findings = findings_of(RULE.name, &document);
        assert_eq!(mended(RULE.name, &document), (findings.len(), vec![]), "{document}");
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn what_is_off_is_found_only_where_somebody_sends_it() {
        const NEW: &str = "datadog/agent:7.81.1";
        const SOCKET: (&str, &str) = ("DD_TRACE_AGENT_URL", "unix:///var/run/datadog/apm.socket");
        const PORT: (&str, &str) = ("DD_TRACE_AGENT_URL", "http://127.0.0.1:8126");
        const METRICS: (&str, &str) = ("DD_DOGSTATSD_URL", "unix:///var/run/datadog/dsd.socket");
        const HOST: (&str, &str) = ("DD_AGENT_HOST", "127.0.0.1");
        const NO_APM: (&str, &str) = ("DD_APM_ENABLED", "false");
        for (image, agent, app, expected) in [
            (NEW, &[NO_APM][..], &[SOCKET][..], &[Severity::Error][..]),
            (NEW, &[NO_APM], &[PORT], &[Severity::Error]),
            (NEW, &[NO_APM], &[METRICS], &[]),
            (NEW, &[NO_APM], &[SOCKET, ("DD_TRACE_ENABLED", "false")], &[]),
            (NEW, &[NO_APM], &[HOST], &[]),
            (NEW, &[NO_APM], &[HOST, ("DD_TRACE_ENABLED", "true")], &[Severity::Warning]),
            (NEW, &[NO_APM], &[HOST, ("DD_PROFILING_ENABLED", "true")], &[Severity::Warning]),
            (NEW, &[("DD_APM_ENABLED", "true")], &[SOCKET], &[]),
            (NEW, &[("DD_USE_DOGSTATSD", "false")], &[METRICS], &[Severity::Error]),
            (NEW, &[("DD_USE_DOGSTATSD", "false")], &[SOCKET], &[]),
            (NEW, &[("DD_APM_RECEIVER_SOCKET", "")], &[SOCKET], &[Severity::Warning]),
            (NEW, &[("DD_APM_RECEIVER_SOCKET", "")], &[PORT], &[]),
            (
                NEW,
                &[("DD_APM_RECEIVER_SOCKET", "unix:///var/run/datadog/apm.socket")],
                &[SOCKET],
                &[Severity::Warning],
            ),
            (NEW, &[], &[SOCKET, METRICS], &[]),
            ("datadog/agent:7.50.0", &[], &[SOCKET], &[Severity::Error]),
            ("datadog/agent:7.50.0", &[], &[PORT], &[]),
            ("datadog/agent:7.50.0", &[("DD_APM_RECEIVER_SOCKET", "/s/apm.socket")], &[SOCKET], &[]),
        ] {
            assert_eq!(severities(image, agent, app), expected, "{image} {agent:?} {app:?}");
        }
    }
}
