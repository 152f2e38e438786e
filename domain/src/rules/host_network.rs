//! `host-network`

use super::prelude::*;
use super::unsupported_on_fargate;
use crate::document::Path;

/// A task that uses the network of its host.
pub(super) static RULE: Rule = Rule {
    name: "host-network",
    topic: Topic::Network,
    summary: "The task shares the host's network",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.17"),
    checks: "The task definition does not say \"networkMode\": \"host\".",
    matters: "In the host's network the containers can reach everything that listens on the host's loopback address, the \
              task has no security group of its own, and each port can be used only once per host. Security Hub's control \
              ECS.17 fails.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.17 (Config rule \
                 ecs-task-definition-network-mode-not-host).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(r#"{ "requiresCompatibilities": ["EC2"], "networkMode": "host" }"#),
    passing: Example(r#"{ "requiresCompatibilities": ["EC2"], "networkMode": "awsvpc" }"#),
    undecided: Undecided::Failing("networkMode"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if found.text(task.document.get("networkMode")) != Some("host") {
        return;
    }
    let path = Path::default().key("networkMode");
    // Fargate does not have this mode, which another rule reports.
    if task.fargate.is_none() || unsupported_on_fargate::speaks_of("networkMode", task.document, task) {
        if task.fargate.is_none() {
            found.undecided();
        }
        found.control_fails(path, None);
        return;
    }
    found.in_task(
        path,
        "The containers of the task use the network of the host, so they can reach whatever listens there, and no security \
         group protects it. Security Hub's control ECS.17 fails.",
        Fix::from(Edit::set_in_task("networkMode", "awsvpc"))
            .and("It gives each task its own network interface and security groups."),
    );
}
