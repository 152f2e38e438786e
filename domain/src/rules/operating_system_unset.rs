//! `operating-system-unset`

use super::prelude::*;
use crate::document::Path;

/// A task definition that does not say which operating system it is for.
pub(super) static RULE: Rule = Rule {
    name: "operating-system-unset",
    topic: Topic::Security,
    summary: "The task definition names no operating system",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The task definition names its operating system in runtimePlatform.operatingSystemFamily.",
    matters: "Without it, ECS assumes Linux. Security Hub does not: it checks the users of the containers twice, for Linux \
              (ECS.20) and for Windows (ECS.21), and a missing user fails both.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, notes of ECS.20 and ECS.21.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "runtimePlatform": { "operatingSystemFamily": null } }"#),
    passing: Example(r#"{ "runtimePlatform": { "operatingSystemFamily": "LINUX" } }"#),
    undecided: Undecided::Failing("runtimePlatform.operatingSystemFamily"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if found.known(task.names_operating_system()) != Some(false) {
        return;
    }
    let edit = match task.document.get("runtimePlatform") {
        Node::Object(_) => Edit::set_in_task("runtimePlatform.operatingSystemFamily", "LINUX"),
        _ => Edit::set_in_task("runtimePlatform", Node::from([("operatingSystemFamily", "LINUX".into())])),
    };
    found.in_task(
        Path::default().key("runtimePlatform").key("operatingSystemFamily"),
        "The task definition does not name its operating system. ECS assumes Linux, while Security Hub applies its \
         controls for Linux (ECS.20) and for Windows (ECS.21).",
        Fix::from(edit).and(
            "For Windows containers, write the version of Windows that they are built for, such as \
             WINDOWS_SERVER_2022_CORE.",
        ),
    );
}
