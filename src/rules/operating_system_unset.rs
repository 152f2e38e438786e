//! `operating-system-unset`

use super::prelude::*;
use crate::document::Path;

/// A task definition that leaves open what it runs on.
pub(super) static RULE: Rule = Rule {
    name: "operating-system-unset",
    topic: Topic::Security,
    summary: "The task definition names no operating system",
    severity: Severity::Note,
    platform: Platform::Any,
    control: None,
    checks: "The task definition names its operating system in runtimePlatform.operatingSystemFamily.",
    matters: "ECS takes an absent family for Linux. Security Hub does not: it looks at the users of the containers twice, \
              as Linux containers (ECS.20) and as Windows containers (ECS.21), and a missing user fails both.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, notes of ECS.20 and ECS.21.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: Example(r#"{ "runtimePlatform": { "operatingSystemFamily": null } }"#),
    passing: Example(r#"{ "runtimePlatform": { "operatingSystemFamily": "LINUX" } }"#),
    undecided: Undecided::Failing("runtimePlatform.operatingSystemFamily"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    match task.names_operating_system() {
        None => found.undecided(),
        Some(true) => {}
        Some(false) => {
            found.in_task(
                Path::default().key("runtimePlatform").key("operatingSystemFamily"),
                "The task definition does not name its operating system. ECS takes it for Linux, while Security Hub \
                 judges it by its controls for Linux (ECS.20) and for Windows (ECS.21).",
                "Write \"runtimePlatform\": { \"operatingSystemFamily\": \"LINUX\" }.",
            );
        }
    }
}
