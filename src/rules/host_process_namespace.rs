//! `host-process-namespace`

use super::prelude::*;
use crate::document::Path;

/// A task that shares the processes of its host.
pub(super) static RULE: Rule = Rule {
    name: "host-process-namespace",
    summary: "The task shares the host's processes",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: Some("ECS.3"),
    checks: "The task definition does not say \"pidMode\": \"host\".",
    matters: "Containers in the host's process namespace see every process of the host and of its other tasks, can \
              signal them, and can read what stands in their command lines and environments. Security Hub's control \
              ECS.3 fails.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.3 (Config rule \
                 ecs-task-definition-pid-mode-check).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: None,
    failing: Example(r#"{ "requiresCompatibilities": ["EC2"], "pidMode": "host" }"#),
    passing: Example(r#"{ "requiresCompatibilities": ["EC2"], "pidMode": "task" }"#),
    undecided: Some(Example(r#"{ "requiresCompatibilities": ["EC2"], "pidMode": "<unknown>" }"#)),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if found.text(task.document.get("pidMode")) == Some("host") {
        found.in_task(
            Path::default().key("pidMode"),
            "The containers of the task share the process namespace of the host, so they see and can signal the \
             processes of everything else that runs there. Security Hub's control ECS.3 fails.",
            "Take \"pidMode\" out, or write \"pidMode\": \"task\" where the containers of the task have to see each \
             other's processes.",
        );
    }
}
