//! `port-under-two-protocols`

use super::prelude::*;
use crate::task::shared;

/// One port under TCP and UDP where all containers share the ports.
pub(super) static RULE: Rule = Rule {
    name: "port-under-two-protocols",
    topic: Topic::Network,
    summary: "A port is mapped under two protocols",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc no port is mapped under tcp and under udp.",
    matters: "ECS counts ports by protocol, so the task definition is taken. A service was seen to be refused for it: \
              \"Container port 53 is used in more than one port mapping for container\".",
    evidence: Evidence {
        source: "Service refused in the issue terraform-aws-modules/terraform-aws-ecs 89. The sentence that called it an \
                 error was taken out of the developer guide in awsdocs/amazon-ecs-developer-guide 128.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "portMappings": [
        { "containerPort": 53, "protocol": "tcp" },
        { "containerPort": 53, "protocol": "udp" }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "portMappings": [
        { "containerPort": 53, "protocol": "tcp" },
        { "containerPort": 54, "protocol": "udp" }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].portMappings[1].protocol"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.network().is_some_and(|network| network != Network::Awsvpc) {
        return;
    }
    for (port, other) in shared(found.all(task.ports()).iter(), false) {
        if task.network().is_none() {
            found.undecided();
            continue;
        }
        found.in_container(
            &port.container,
            port.place(),
format!("maps {}, and {} maps {}. A service that finds its container by the number of the port may be \
                 refused.", port.called(), other.container.called(), other.called()),
            "Keep the protocol that is needed. Where both are, give one of them another port if a service is refused.");
    }
}
