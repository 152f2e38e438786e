//! `hostname-set-on-fargate`

use super::prelude::*;
use crate::rofs::variables::DD_HOSTNAME;
use crate::task::Given;

/// A host name for an Agent that runs on no host.
pub(super) static RULE: Rule = Rule {
    name: "hostname-set-on-fargate",
    topic: Topic::Agent,
    summary: "The Agent has a host name on Fargate",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "No Datadog Agent container of a task on Fargate sets DD_HOSTNAME.",
    matters: "On Fargate there is no host: the Agent tags what it sends with the task. With a host name all tasks of the \
              service report as one host that does not exist, which mixes up their data and is billed as a host.",
    evidence: Evidence {
        source: "Integrations-core issue 4138; Datadog's page on ECS Fargate.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_HOSTNAME", "value": "shop" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[1].environment[1].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        match agent.given(DD_HOSTNAME) {
            Given::Text("", _) | Given::Absent | Given::Secret | Given::PerhapsByFile => {}
            Given::Unknown => found.undecided(),
            Given::Text(_, index) => {
                found.in_container(
                    agent,
                    agent.variable_path(index),
                    "runs on Fargate and sets DD_HOSTNAME. All tasks would report as one host that does not exist.",
                    Edit::without(agent.path().key("environment").index(index)).of(agent).called(DD_HOSTNAME),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn an_application_and_an_instance_may_have_a_host_name() {
        for (launch_type, image, value, count) in [
            ("FARGATE", "datadog/agent:7.81.1", "shop", 1),
            ("FARGATE", "datadog/agent:7.81.1", "", 0),
            ("FARGATE", "shop:1", "shop", 0),
            ("EC2", "datadog/agent:7.81.1", "shop", 0),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{launch_type}"], "containerDefinitions": [{{"name": "a",
                    "image": "{image}", "environment": [{{"name": "DD_HOSTNAME", "value": "{value}"}}]}}]}}"#
            );
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{launch_type} {image}");
        }
    }
}
