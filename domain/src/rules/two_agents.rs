//! `two-agents`

use super::prelude::*;

/// More than one Agent in a task.
pub(super) static RULE: Rule = Rule {
    name: "two-agents",
    topic: Topic::Agent,
    summary: "Two Datadog Agents run in one task",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "At most one container of a task runs the Datadog Agent. A container whose end others wait for does not count.",
    matters: "The containers of a task share one network with awsvpc, so the second Agent finds ports 8125 and 8126 taken. \
              What both collect arrives twice and is billed twice.",
    evidence: Evidence {
        source: "Ports that the datadog-agent Dockerfile exposes; task networking in the Amazon ECS developer guide.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent-2",
      "image": "public.ecr.aws/datadog/agent:7.81.1",
      "environment": [{ "name": "ECS_FARGATE", "value": "true" }],
      "secrets": [
        {
          "name": "DD_API_KEY",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:datadog-api-key-AbCdEf"
        }
      ],
      "dependsOn": [{ "containerName": "datadog-init", "condition": "SUCCESS" }],
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/etc/datadog-agent" },
        { "sourceVolume": "dd-run", "containerPath": "/opt/datadog-agent/run" },
        { "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[2].dependsOn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = found.all(task.agents());
    let mut running = agents.iter().filter(|agent| task.ends_before_another_starts(agent) != Some(true));
    let Some(first) = running.next() else { return };
    // Two with the same name are for the rule duplicate-container-name. Names that are not known yet may differ.
    let differs = |agent: &&Container<'_>| agent.name != first.name || agent.get("name").is_unknown();
    let Some(second) = running.find(differs) else { return };
    if [first, second].iter().any(|agent| agent.get("name").is_unknown()) {
        found.undecided();
        return;
    }
    if first.name.is_none() {
        return;
    }
    if [first, second].iter().any(|agent| task.ends_before_another_starts(agent).is_none()) {
        found.undecided();
        return;
    }
    // Of services with profiles nobody knows which are started.
    if [first, second].iter().any(|agent| !agent.get("profiles").is_null()) {
        found.undecided();
        return;
    }
    found.in_container(
        second,
        second.path(),
        format!("runs the Datadog Agent, as {} already does.", first.called_inside()),
        Fix::from(Edit::without(second.path()).called(second.called_inside())).and(format!(
            "Give {} the settings of both, and let the {}s that wait for the one that you remove wait for it.",
            first.called_inside(),
            task.words().container
        )),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(first: &str, second: &str) -> usize {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "a", "image": "datadog/agent:7.81.1"{first}}},
                {{"name": "b", "image": "datadog/agent:7.81.1"{second}}}]}}"#
        );
        findings_of("two-agents", &document).len()
    }

    #[test]
    fn a_container_that_prepares_the_other_is_no_second_agent() {
        assert_eq!(count("", ""), 1);
        assert_eq!(count(r#", "command": ["cp", "-r", "/etc/datadog-agent", "/config"]"#, ""), 0);
        let waits = r#", "dependsOn": [{"containerName": "a", "condition": "SUCCESS"}]"#;
        assert_eq!(count(r#", "environment": [{"name": "ENTRYPOINT", "value": "init-config"}]"#, waits), 0);
    }

    #[test]
    fn a_repeated_container_is_for_another_rule() {
        let document = r#"{"containerDefinitions": [{"name": "a", "image": "datadog/agent:7.81.1"},
            {"name": "a", "image": "datadog/agent:7.81.1"}]}"#;
        assert_eq!(findings_of("two-agents", document), []);
    }
}
