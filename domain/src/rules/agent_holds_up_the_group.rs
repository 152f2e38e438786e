//! `agent-holds-up-the-group`

use super::prelude::*;

/// An Agent for whose end the other tasks wait.
pub(super) static RULE: Rule = Rule {
    name: "agent-holds-up-the-group",
    topic: Topic::Order,
    summary: "The group waits for the Agent to end",
    severity: Severity::Error,
    judges: Judges::Nomad,
    platform: Platform::Any,
    control: None,
    checks: "The Datadog Agent is not a task with the hook prestart and without sidecar = true, unless its group has no other task.",
    matters: "Nomad starts the other tasks of the group when such a task has ended with success. The Agent never ends, so none of \
              them ever starts.",
    evidence: Evidence {
        source: "Client/allocrunner/tasklifecycle/coordinator.go of hashicorp/nomad (aa026cc, 2026-08): isPrestartDone.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: NomadExample(
        r#"{ "datadog-init": null, "datadog-agent": {
  "lifecycle": [{ "hook": "prestart", "sidecar": false }],
  "config": [{
    "image": "public.ecr.aws/datadog/agent:7.81.1",
    "readonly_rootfs": true,
    "volumes": [
      "/srv/datadog-config:/etc/datadog-agent",
      "../alloc/datadog-run:/opt/datadog-agent/run",
      "../alloc/datadog-sockets:/var/run/datadog"
    ]
  }]
} }"#,
    ),
    passing: NomadExample("{}"),
    undecided: Undecided::Failing("job[0].shop.group[0].web.task[0].datadog-agent.lifecycle[0].sidecar"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(name) = agent.name else { continue };
        for container in found.all(task.containers()) {
            let dependencies = container.dependencies();
            if !dependencies.are_wholly_known() {
                found.undecided();
            }
            let waits = dependencies.known().find(|wait| {
                wait.awaited.as_str() == Some(name) && wait.condition.as_str() == Some("SUCCESS")
            });
            let Some(wait) = waits else { continue };
            let place = container.path().key("dependsOn").index(wait.index).key("condition");
            found.in_container(
                agent,
                agent.path().key("dependsOn"),
                format!(
                    "runs before the other tasks of its group, which wait for its success. The Agent goes on for as long as the \
                     allocation, so {} never starts.",
                    container.called_inside()
                ),
                Fix::from(Edit::at(place, "START").of(agent))
                    .and("Or leave `lifecycle` out, and it starts together with them."),
            );
            break;
        }
    }
}
