//! `agent-start-bypassed`

use super::prelude::*;
use crate::task::Signal;

/// An Agent that is started past the start scripts of its image.
pub(super) static RULE: Rule = Rule {
    name: "agent-start-bypassed",
    topic: Topic::Agent,
    summary: "The Agent is started past the start scripts of its image",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container that has a command or an entry point of its own still ends up in the start of its \
             image, /init or /bin/entrypoint.sh. One that starts the program of the core Agent itself is a warning, and an \
             error where a container of the task sends traces. Where another container starts the trace Agent, it passes: so do \
             Datadog's Helm chart and its operator.",
    matters: "The image's command starts a supervisor, which runs the start scripts and then the core Agent, the trace Agent \
              and the process Agent. Started directly, the core Agent runs alone: its checks and DogStatsD work, nobody \
              takes traces, and the configuration for ECS is not loaded.",
    evidence: Evidence {
        source: "Dockerfile, entrypoint.sh and s6-services of the datadog-agent image.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{ "containerDefinitions": [{ "name": "datadog-agent", "command": ["agent", "run"] }] }"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "datadog-agent", "command": ["sh", "-c", "echo starting && exec /init"] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].command"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        if found.known(agent.bypasses_the_start_scripts()) != Some(true) {
            continue;
        }
        let sends = task.some_container(|container| sends_traces(task, container));
        match are_apart(task, agent, sends) {
            Some(true) => continue,
            Some(false) => {}
            None => {
                found.undecided();
                continue;
            }
        }
        let mut words =
            ["command", "entryPoint"].into_iter().filter(|key| !agent.get(key).items().is_empty());
        let edits: Vec<Edit> = words.clone().map(|key| Edit::remove(agent, key)).collect();
        let place = words.next_back().unwrap_or("command");
        let says = "starts the program of the Agent itself, past the image's supervisor and start scripts. The core Agent \
                    runs alone, and nothing receives traces.";
        let finding = found.in_container(
            agent,
            agent.path().key(place),
            says,
            Fix::write(edits)
                .and("A command that has to do something first ends with exec /init, which starts all of the Agent."),
        );
        if !sends {
            finding.severity = Severity::Warning;
        }
    }
}

/// Whether the Agent's programs are meant to run in containers of their own, as Datadog's chart and operator have them: one takes
/// traces, or one prepares the configuration and nothing sends any. None while not known.
fn are_apart<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, sends: bool) -> Option<bool> {
    let mut all_known = true;
    for container in task.containers().known.iter().filter(|one| one.index != agent.index) {
        let prepares = if sends { Some(false) } else { container.prepares_the_configuration() };
        match (container.is_a_trace_agent(), prepares) {
            (Some(true), _) | (_, Some(true)) => return Some(true),
            (Some(false), Some(false)) => {}
            _ => all_known = false,
        }
    }
    all_known.then_some(false)
}

fn sends_traces<'a>(task: &TaskDefinition<'a>, container: &Container<'a>) -> bool {
    task.senders(container).known.iter().any(|sender| sender.signal == Some(Signal::Traces))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    #[test]
    fn what_ends_in_the_images_start_passes() {
        let severities = |members: &str, application: &str| -> Vec<Severity> {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1", {members}}},
                    {{"name": "app", "image": "shop:1"{application}}}]}}"#
            );
            let findings = findings_of(RULE.name, &document);
            assert_eq!(mended(RULE.name, &document), (findings.len(), vec![]), "{document}");
            findings.iter().map(|finding| finding.severity).collect()
        };
        let traces = r#", "environment": [{"name": "DD_TRACE_AGENT_URL", "value": "unix:///var/run/datadog/apm.socket"}]"#;
        for (members, application, expected) in [
            (r#""command": ["agent", "run"]"#, "", &[Severity::Warning][..]),
            (r#""command": ["agent", "run"]"#, traces, &[Severity::Error]),
            (r#""command": ["/opt/datadog-agent/bin/agent/agent", "run"]"#, traces, &[Severity::Error]),
            (r#""entryPoint": ["agent"], "command": ["run"]"#, "", &[Severity::Warning]),
            (r#""command": ["sh", "-c", "sleep 1; exec agent run"]"#, "", &[Severity::Warning]),
            (r#""command": ["sh", "-c", "sleep 1; exec /init"]"#, traces, &[]),
            (r#""entryPoint": ["/bin/entrypoint.sh"]"#, traces, &[]),
            (r#""command": ["trace-agent"]"#, traces, &[]),
            (r#""essential": true"#, traces, &[]),
        ] {
            assert_eq!(severities(members, application), expected, "{members}");
        }
    }

    #[test]
    fn programs_of_the_agent_in_containers_of_their_own_are_meant_so() {
        let traces = r#", {"name": "app", "image": "shop:1", "environment": [{"name": "DD_TRACE_AGENT_URL", "value": "unix:///a"}]}"#;
        let trace_agent = r#", {"name": "t", "image": "datadog/agent:7.81.1", "command": ["trace-loader", "/etc/datadog-agent/datadog.yaml", "trace-agent"]}"#;
        let prepares = r#", {"name": "i", "image": "datadog/agent:7.81.1", "essential": false,
            "command": ["bash", "-c", "for script in $(find /etc/cont-init.d/ -type f -name '*.sh') ; do bash $script ; done"]}"#;
        for (others, expected) in [
            (trace_agent.to_owned(), 0),
            (format!("{trace_agent}{traces}"), 0),
            (prepares.to_owned(), 0),
            (format!("{prepares}{traces}"), 1),
            (r#", {"name": "t", "image": "own:1", "command": ["trace-agent"]}"#.to_owned(), 1),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1", "command": ["agent", "run"]}}{others}]}}"#
            );
            assert_eq!(findings_of(RULE.name, &document).len(), expected, "{document}");
        }
    }
}
