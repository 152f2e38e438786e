//! `port-under-two-protocols`

use super::port_range_invalid::parted;
use super::prelude::*;
use crate::task::shared;

/// One port mapped for TCP and UDP where all containers share the ports.
pub(super) static RULE: Rule = Rule {
    name: "port-under-two-protocols",
    topic: Topic::Network,
    summary: "A port is mapped for two protocols",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "In the network mode awsvpc, no port is mapped both for tcp and for udp.",
    matters: "ECS counts ports by protocol, so it registers the task definition. A service was seen to be rejected for it: \
              \"Container port 53 is used in more than one port mapping for container\".",
    evidence: Evidence {
        source: "Service rejected in the issue terraform-aws-modules/terraform-aws-ecs 89. The sentence that called it an \
                 error was removed from the developer guide in awsdocs/amazon-ecs-developer-guide 128.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
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
        let both = if port.container.index == other.container.index {
            format!("maps {} and {}", port.called(), other.called())
        } else {
            format!("maps {}, and {} maps {}", port.called(), other.container.called_inside(), other.called())
        };
        found.in_container(
            &port.container,
            port.place(),
            format!("{both}. ECS may reject a service that finds its container by the number of the port."),
            parted(port, other).and(
                "That is right if nothing uses it. If both are used, keep both, and give one of them another \
                 port only if a service is rejected.",
            ),
        );
    }
}
