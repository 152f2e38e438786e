//! `agent-not-listening`

use std::cell::OnceCell;

use super::prelude::*;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::task::{
    DocumentKind, Given, Off, Partial, Receiver, Sender, SenderForm, SentPort, Signal, Target, is_local,
    target,
};

/// An application that sends what its Agent does not take.
pub(super) static RULE: Rule = Rule {
    name: "agent-not-listening",
    topic: Topic::Sockets,
    summary: "The Agent does not receive what the application sends",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "Where a container has a variable for sending traces, the Agent of the task has not turned them off \
             (DD_APM_ENABLED), and the same holds for custom metrics and DD_USE_DOGSTATSD. Where it sends to a socket, the \
             Agent makes one: its variable for the socket is a path and not empty (a warning if it is not), and it is Agent 7.57.0 or \
             newer unless the variable is set. A container with DD_TRACE_ENABLED=false does not send traces. DD_AGENT_HOST \
             alone counts for neither, but counts for traces, as a warning, beside DD_PROFILING_ENABLED or a variable of \
             tracing. In the network mode awsvpc, a port of localhost to which a container sends is the Agent's: that of its \
             DD_APM_RECEIVER_PORT or DD_DOGSTATSD_PORT, or else 8126 or 8125. In a Compose file the same holds for a port under \
             the name of the Agent's service. A port without a URL (DD_TRACE_AGENT_PORT, \
             DD_DOGSTATSD_PORT) is a warning, and so is OpenTelemetry's usual port (4317 or 4318, by \
             OTEL_EXPORTER_OTLP_ENDPOINT) where the Agent has not turned its receiver on. A port on which another container \
             may listen is not checked.",
    matters: "Nothing receives what the application sends: its traces or its metrics are lost.",
    evidence: Evidence {
        source: "Datadog's page on the Docker Agent for APM; datadog-agent CHANGELOG 7.57.0 and config_template.yaml; for ports \
                 Datadog's pages on the configuration of the tracing libraries and on OTLP ingestion by the Agent, which is off \
                 by default.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
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
    if let ([agent], true) = (agents.known, agents.complete) {
        check_ports(task, agent, found);
    }
}

/// The host on which the ports of an Agent are.
enum Host<'a> {
    /// In the network mode awsvpc, localhost is the task's.
    Own,
    /// On Compose, the name of its service. `alone`: whether no other service has the same address, once somebody asked.
    Named { name: &'a str, alone: OnceCell<Option<bool>> },
}

impl<'a> Host<'a> {
    fn of(task: &TaskDefinition<'a>, agent: &Container<'a>) -> Self {
        match agent.name {
            Some(name) if task.kind == DocumentKind::Compose => Host::Named { name, alone: OnceCell::new() },
            _ => Host::Own,
        }
    }

    fn is(&self, host: &str) -> bool {
        match self {
            Host::Own => is_local(host),
            Host::Named { name, .. } => *name == host,
        }
    }

    /// In a sentence.
    fn called(&self) -> &str {
        match self {
            Host::Own => "localhost",
            Host::Named { name, .. } => name,
        }
    }

    /// In a URL.
    fn written(&self) -> &str {
        match self {
            Host::Own => "127.0.0.1",
            Host::Named { name, .. } => name,
        }
    }

    /// Whether nobody but the Agent can listen on a port of it to which that container sends.
    fn is_the_agents_alone<'t>(
        &self,
        task: &TaskDefinition<'t>,
        container: &Container<'t>,
        port: u16,
        found: &mut Found,
    ) -> bool {
        match self {
            Host::Own => {
                found.known(task.network()) == Some(Network::Awsvpc)
                    && found.known(task.may_listen(container, port)) == Some(false)
            }
            Host::Named { name, alone } => {
                found.known(*alone.get_or_init(|| has_its_address_alone(task, name))) == Some(true)
            }
        }
    }
}

/// Whether a service has an address under its name, and no other service has the same one. `None` if not yet known.
fn has_its_address_alone(task: &TaskDefinition<'_>, name: &str) -> Option<bool> {
    let shared = format!("service:{name}");
    let Partial { known, complete } = task.containers();
    let modes = known.iter().map(|container| match container.get("networkMode") {
        Node::Unknown => None,
        mode if container.name == Some(name) => Some(mode.is_null()),
        mode => Some(mode.as_str() != Some(&shared)),
    });
    let modes: Vec<Option<bool>> = modes.collect();
    match modes.contains(&Some(false)) {
        true => Some(false),
        false => (complete && !modes.contains(&None)).then_some(true),
    }
}

fn check_ports<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, found: &mut Found) {
    let host = Host::of(task, agent);
    for container in found.all(task.containers()) {
        if container.index == agent.index || task.is_agent(container) != Some(false) {
            continue;
        }
        let (ports, complete) = task.sent_ports(container, |name| host.is(name));
        if !complete {
            found.undecided();
        }
        for sent in ports {
            if sent.signal == Signal::Traces && found.known(container.may_trace()) != Some(true) {
                continue;
            }
            // What is turned off is told above.
            let is_off = matches!(task.receiver(agent, sent.signal), Receiver::Off(Off::Switch(_)));
            if is_off || !host.is_the_agents_alone(task, container, sent.port, found) {
                continue;
            }
            match found.known(task.port(agent, sent.signal)) {
                Some(port) if port != sent.port => report_port(agent, &host, container, &sent, port, found),
                _ => {}
            }
        }
        check_otlp(task, agent, &host, container, found);
    }
}

fn report_port(
    agent: &Container<'_>,
    host: &Host<'_>,
    container: &Container<'_>,
    sent: &SentPort,
    port: u16,
    found: &mut Found,
) {
    let value = match (sent.is_url, sent.signal) {
        (true, Signal::Traces) => format!("http://{}:{port}", host.written()),
        (true, Signal::Metrics) => format!("udp://{}:{port}", host.written()),
        (false, _) => port.to_string(),
    };
    let SentPort { variable, index, signal, port: sent_to, is_url } = *sent;
    let finding = found.in_container(
        container,
        container.variable_path(index),
        format!(
            "sends {} to port {sent_to} of {}, by {variable}, and {} receives them on port {port}. What it sends is lost.",
            signal.name(),
            host.called(),
            agent.called_inside()
        ),
        Fix::from(Edit::at(container.variable_path(index), value).of(container)).and(format!(
            "Or let the Agent listen on port {sent_to}, with {} in {}.",
            signal.port_variable(),
            agent.called_inside()
        )),
    );
    if !is_url {
        finding.severity = Severity::Warning;
    }
}

/// The variables by which OpenTelemetry's libraries find a receiver.
const OTLP: [&str; 4] = [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
];

/// The Agent's variables that turn its receivers for OpenTelemetry on, and the usual port of each.
const OTLP_RECEIVERS: [(u16, &str); 2] = [
    (4317, "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT"),
    (4318, "DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT"),
];

fn check_otlp<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    host: &Host<'_>,
    container: &Container<'a>,
    found: &mut Found,
) {
    let mut names = container.get("environment").items().iter().map(|item| item.get("name"));
    if !names.any(|name| name.as_str().is_none_or(|name| name.starts_with("OTEL_"))) {
        return;
    }
    let mut told: Option<u16> = None;
    for variable in OTLP {
        let (value, index) = match container.given(variable) {
            Given::Text(value, index) => (value, index),
            Given::Unknown => {
                found.undecided();
                continue;
            }
            Given::Absent | Given::Secret | Given::PerhapsByFile => continue,
        };
        let Some((port, receiver)) = port_of(value, host)
            .and_then(|port| OTLP_RECEIVERS.into_iter().find(|(usual, _)| *usual == port))
        else {
            continue;
        };
        if told == Some(port)
            || may_be_turned_off(container)
            || !host.is_the_agents_alone(task, container, port, found)
            || found.known(may_take_otlp(agent, receiver)) != Some(false)
        {
            continue;
        }
        told = Some(port);
        let endpoint = [("name", receiver.into()), ("value", format!("0.0.0.0:{port}").into())];
        let finding = found.in_container(
            container,
            container.variable_path(index),
            format!(
                "sends to OpenTelemetry's port {port} of {}, by {variable}, and {} receives nothing there unless \
                 {receiver} turns that on. What it sends is lost.",
                host.called(),
                agent.called_inside()
            ),
            Edit::add(agent, "environment", Node::from(endpoint)),
        );
        finding.severity = Severity::Warning;
    }
}

/// The port of a URL with that host.
fn port_of(url: &str, wanted: &Host<'_>) -> Option<u16> {
    match target(url, SenderForm::Url) {
        Target::Host(host, port) if url.contains("://") && wanted.is(host) => port,
        _ => None,
    }
}

/// Whether a variable may keep OpenTelemetry's libraries from sending by OTLP.
fn may_be_turned_off(container: &Container<'_>) -> bool {
    let names = container.get("environment").items().iter().filter_map(|item| item.get("name").as_str());
    names
        .into_iter()
        .any(|name| name == "OTEL_SDK_DISABLED" || (name.starts_with("OTEL_") && name.ends_with("_EXPORTER")))
}

/// Whether an Agent may take what OpenTelemetry's libraries send: by this variable, or another way to turn it on. `None` if
/// not known.
fn may_take_otlp(agent: &Container<'_>, receiver: &str) -> Option<bool> {
    // The full image and the one with the collector of Datadog bring receivers of their own.
    let image = agent.get("image").as_str()?;
    if !agent.has_datadogs_image() {
        return None;
    }
    let is_other = |name: &str| OTLP_RECEIVERS.iter().all(|(_, known)| name != *known);
    let names = agent.get("environment").items().iter().filter_map(|item| item.get("name").as_str());
    let by_another = names
        .into_iter()
        .any(|name| is_other(name) && ["OTLP", "OTEL"].iter().any(|part| name.contains(part)));
    match agent.given(receiver) {
        Given::Absent => Some(by_another || ["full", "ddot", "otel"].iter().any(|part| image.contains(part))),
        Given::Text(..) => Some(true),
        Given::Secret | Given::PerhapsByFile | Given::Unknown => None,
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
                "makes no socket for {}: its {} is not a path that begins with a slash",
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
    use crate::document::parse;
    use crate::rules::{form_of, judge_document};

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
    /// A task with the network mode awsvpc: the Agent's variables, the application's, and what else is in the task.
    fn in_awsvpc(agent: &[(&str, &str)], app: &[(&str, &str)], members: &str, others: &str) -> String {
        let variables = |variables: &[(&str, &str)]| {
            let items =
                variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value}));
            serde_json::Value::from_iter(items).to_string()
        };
        format!(
            r#"{{"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", "environment": {}}},
                {{"name": "app", "image": "shop:1", "environment": {}{members}}}{others}]}}"#,
            variables(agent),
            variables(app)
        )
    }

    fn found_in(document: &str) -> Vec<Severity> {
        let findings = findings_of(RULE.name, document);
        assert_eq!(mended(RULE.name, document), (findings.len(), vec![]), "{document}");
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn the_port_of_localhost_has_to_be_the_agents() {
        const MOVED: (&str, &str) = ("DD_APM_RECEIVER_PORT", "9126");
        const TO_9126: (&str, &str) = ("DD_TRACE_AGENT_URL", "http://localhost:9126");
        const PORT: (&str, &str) = ("DD_TRACE_AGENT_PORT", "9126");
        const DSD: (&str, &str) = ("DD_DOGSTATSD_PORT", "8135");
        for (agent, app, expected) in [
            (&[][..], &[TO_9126][..], &[Severity::Error][..]),
            (&[], &[("DD_TRACE_AGENT_URL", "http://127.0.0.1:8126")], &[]),
            (&[MOVED], &[TO_9126], &[]),
            (&[MOVED], &[("DD_TRACE_AGENT_URL", "http://[::1]:8126/")], &[Severity::Error]),
            (&[], &[("DD_DOGSTATSD_URL", "udp://localhost:8135")], &[Severity::Error]),
            (&[DSD], &[("DD_DOGSTATSD_URL", "udp://localhost:8135")], &[]),
            (&[], &[("STATSD_URL", "localhost:8126")], &[Severity::Error]),
            (&[], &[PORT], &[Severity::Warning]),
            (&[], &[DSD], &[Severity::Warning]),
            (&[], &[PORT, ("DD_AGENT_HOST", "localhost")], &[Severity::Warning]),
            // Another host, a URL that counts instead, tracing that is off, no port, and values that nobody knows.
            (&[], &[PORT, ("DD_AGENT_HOST", "10.0.0.1")], &[]),
            (&[], &[PORT, ("DD_TRACE_AGENT_URL", "http://localhost:8126")], &[]),
            (&[], &[PORT, ("DD_TRACE_ENABLED", "false")], &[]),
            (&[], &[("DD_TRACE_AGENT_URL", "http://agent.example.com:9126")], &[]),
            (&[], &[("DD_TRACE_AGENT_URL", "http://localhost")], &[]),
            (&[], &[("DD_TRACE_AGENT_PORT", "0")], &[]),
            (&[], &[PORT, ("DD_AGENT_HOST", "<unknown>")], &[]),
            (&[("DD_APM_RECEIVER_PORT", "<unknown>")], &[TO_9126], &[]),
            (&[("DD_APM_RECEIVER_PORT", "$PORT")], &[TO_9126], &[]),
            (&[("DD_APM_RECEIVER_PORT", "0")], &[TO_9126], &[]),
            (&[("DD_RECEIVER_PORT", "9126")], &[TO_9126], &[]),
        ] {
            assert_eq!(found_in(&in_awsvpc(agent, app, "", "")), expected, "{agent:?} {app:?}");
        }
        assert_eq!(found_in(&in_awsvpc(&[], &[TO_9126], "", "").replace("datadog/agent", "shop/agent")), []);
        // What is turned off is one finding.
        let off = in_awsvpc(&[("DD_APM_ENABLED", "false")], &[TO_9126], "", "");
        assert_eq!(findings_of(RULE.name, &off).len(), 1);
        let elsewhere = in_awsvpc(&[], &[TO_9126], "", "").replace(r#""awsvpc""#, r#""bridge""#);
        assert_eq!(found_in(&elsewhere.replace("FARGATE", "EC2")), []);
    }

    #[test]
    fn a_port_on_which_another_container_may_listen_is_not_judged() {
        const TO_9126: (&str, &str) = ("DD_TRACE_AGENT_URL", "http://localhost:9126");
        const SENDS: &str =
            r#", "environment": [{"name": "DD_TRACE_AGENT_URL", "value": "http://localhost:9126"}]"#;
        let mapped = |port: u16| format!(r#", "portMappings": [{{"containerPort": {port}}}]"#);
        let other = |members: &str| format!(r#", {{"name": "other", "image": "proxy:1"{members}}}"#);
        let waits = r#", "dependsOn": [{"containerName": "other", "condition": "SUCCESS"}]"#;
        for (members, others, count) in [
            ("", String::new(), 1),
            ("", other(""), 0),
            ("", other(r#", "essential": false"#), 0),
            ("", other(&mapped(9126)), 0),
            // Both send there.
            ("", other(SENDS), 2),
            ("", other(&(SENDS.to_owned() + &mapped(9126))), 0),
            (mapped(9126).as_str(), String::new(), 0),
            (mapped(8080).as_str(), String::new(), 1),
            // It has ended.
            (waits, other(r#", "essential": false"#), 1),
            ("", r#", "<unknown>""#.to_owned(), 0),
        ] {
            let document = in_awsvpc(&[], &[TO_9126], members, &others);
            assert_eq!(found_in(&document).len(), count, "{members} {others}");
        }
    }

    #[test]
    fn the_receiver_for_open_telemetry_has_to_be_on() {
        const GRPC: (&str, &str) = ("DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT", "0.0.0.0:4317");
        const HTTP: (&str, &str) = ("DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT", "0.0.0.0:4318");
        const TO_GRPC: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317");
        const TO_HTTP: (&str, &str) =
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318/v1/traces");
        let collector = r#", {"name": "collector", "image": "otel/collector:1"}"#;
        for (agent, app, others, count) in [
            (&[][..], &[TO_GRPC][..], "", 1),
            (&[], &[TO_HTTP], "", 1),
            (&[], &[TO_GRPC, TO_HTTP], "", 2),
            (&[GRPC], &[TO_GRPC], "", 0),
            (&[HTTP], &[TO_HTTP], "", 0),
            (&[GRPC], &[TO_HTTP], "", 1),
            (&[("DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT", "<unknown>")], &[TO_GRPC], "", 0),
            (&[("DD_OTELCOLLECTOR_ENABLED", "true")], &[TO_GRPC], "", 0),
            (&[], &[TO_GRPC], collector, 0),
            (&[], &[TO_GRPC, ("OTEL_SDK_DISABLED", "true")], "", 0),
            (&[], &[TO_GRPC, ("OTEL_TRACES_EXPORTER", "none")], "", 0),
            (&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com:4317")], "", 0),
            (&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:55681")], "", 0),
            (&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", "<unknown>")], "", 0),
        ] {
            let document = in_awsvpc(agent, app, "", others);
            assert_eq!(found_in(&document), vec![Severity::Warning; count], "{agent:?} {app:?} {others}");
        }
        let full = in_awsvpc(&[], &[TO_GRPC], "", "").replace(":7.81.1", ":7.81.1-full");
        assert_eq!(found_in(&full), []);
    }
    /// On Compose the port is one of the name of the Agent's service.
    #[test]
    fn the_port_of_the_agents_service_has_to_be_the_agents() {
        let said = |agent: &str, app: &str, others: &str| {
            let file = format!(
                r#"{{"services": {{"dd": {{"image": "datadog/agent:7.81.1"{agent}}}, "app": {{"image": "shop:1.0"{app}}}{others}}}}}"#
            );
            let judgement = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None);
            let of_rule = judgement.findings.iter().filter(|finding| finding.rule == RULE.name);
            let said: Vec<_> = of_rule
                .map(|finding| {
                    format!("{} {}", finding.detail(), finding.fix_in(form_of(DocumentKind::Compose)))
                })
                .collect();
            (said.join("; "), judgement.undecided.contains(&RULE.name))
        };
        let with = |variables: &str| format!(r#", "environment": {{{variables}}}"#);
        let url = with(r#""DD_TRACE_AGENT_URL": "http://dd:9126""#);
        assert_eq!(
            said("", &url, "").0,
            "Service \"app\" sends traces to port 9126 of dd, by DD_TRACE_AGENT_URL, and service \"dd\" receives them on port \
             8126. What it sends is lost. Write DD_TRACE_AGENT_URL: http://dd:8126 in environment. Or let the Agent listen on port \
             9126, with DD_APM_RECEIVER_PORT in service \"dd\"."
        );
        let moved = with(r#""DD_APM_RECEIVER_PORT": "9126""#);
        let by_host = with(r#""DD_AGENT_HOST": "dd", "DD_TRACE_AGENT_PORT": "9126""#);
        let metrics = with(r#""DD_DOGSTATSD_URL": "udp://dd:8126""#);
        let otlp = with(r#""OTEL_EXPORTER_OTLP_ENDPOINT": "http://dd:4317""#);
        let receives = with(r#""DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_GRPC_ENDPOINT": "0.0.0.0:4317""#);
        let beside = |mode: &str| format!(r#", "proxy": {{"image": "proxy:1", "network_mode": "{mode}"}}"#);
        for (agent, app, others, is_found, is_undecided) in [
            ("", url.as_str(), "", true, false),
            ("", &by_host, "", true, false),
            ("", &metrics, "", true, false),
            ("", &otlp, "", true, false),
            ("", &url, &beside("service:app"), true, false),
            (&receives, &otlp, "", false, false),
            (&moved, &url, "", false, false),
            (&moved, &by_host, "", false, false),
            ("", &with(r#""DD_TRACE_AGENT_URL": "http://dd:8126""#), "", false, false),
            ("", &with(r#""DD_TRACE_AGENT_URL": "http://other:9126""#), "", false, false),
            ("", &with(r#""DD_TRACE_AGENT_PORT": "9126""#), "", false, false),
            // Somebody else may listen under that name, or nobody has it.
            ("", &url, &beside("service:dd"), false, false),
            (r#", "network_mode": "host""#, &url, "", false, false),
            ("", &url, &beside("$MODE"), false, true),
            (r#", "environment": {"DD_APM_RECEIVER_PORT": "$PORT"}"#, &url, "", false, true),
        ] {
            let (said, undecided) = said(agent, app, others);
            assert_eq!(
                (!said.is_empty(), undecided),
                (is_found, is_undecided),
                "{agent} {app} {others}: {said}"
            );
        }
    }
}
