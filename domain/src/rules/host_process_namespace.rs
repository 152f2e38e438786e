//! `host-process-namespace`

use super::prelude::*;
use super::unsupported_on_fargate;
use crate::document::Path;

/// A task that shares the processes of its host.
pub(super) static RULE: Rule = Rule {
    name: "host-process-namespace",
    topic: Topic::Security,
    summary: "The task shares the host's processes",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.3"),
    checks: "The task definition does not say \"pidMode\": \"host\".",
    matters: "Containers in the host's process namespace see every process of the host and of its other tasks, can \
              send them signals, and can read their command lines and environments. Security Hub's control \
              ECS.3 fails.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.3 (Config rule \
                 ecs-task-definition-pid-mode-check).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(r#"{ "requiresCompatibilities": ["EC2"], "pidMode": "host" }"#),
    passing: Example(r#"{ "requiresCompatibilities": ["EC2"], "pidMode": "task" }"#),
    undecided: Undecided::Failing("pidMode"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if found.text(task.document.get("pidMode")) != Some("host") {
        return;
    }
    let path = Path::default().key("pidMode");
    if is_told_elsewhere("pidMode", task.document, task, found) {
        found.control_fails(path, None);
        return;
    }
    found.in_task(
        path,
        "The containers of the task share the process namespace of the host, so they see every other process there and can \
         send it signals. Security Hub's control ECS.3 fails.",
        Fix::from(Edit::remove_in_task("pidMode"))
            .and("If the containers of the task have to see each other's processes, use the pidMode task."),
    );
}

/// Whether `unsupported-on-windows` or `unsupported-on-fargate` reports a setting of the host, because it does not exist
/// there. Undecided while nobody knows, because then either of them may have to.
pub(super) fn is_told_elsewhere(
    key: &str,
    owner: &Node,
    task: &TaskDefinition<'_>,
    found: &mut Found,
) -> bool {
    if task.windows == Some(true) || unsupported_on_fargate::speaks_of(key, owner, task) {
        return true;
    }
    let is_open = task.windows.is_none() || task.fargate.is_none();
    if is_open {
        found.undecided();
    }
    is_open
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn where_the_setting_does_not_exist_another_rule_tells_of_it() {
        for (platform, rule) in [
            (r#""requiresCompatibilities": ["EC2"]"#, "host-process-namespace"),
            (r#""requiresCompatibilities": ["FARGATE"]"#, "unsupported-on-fargate"),
            (
                r#""runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}"#,
                "unsupported-on-windows",
            ),
            (r#""requiresCompatibilities": "<unknown>""#, "nobody yet"),
        ] {
            let document = format!(r#"{{{platform}, "networkMode": "awsvpc", "pidMode": "host"}}"#);
            for other in ["host-process-namespace", "unsupported-on-fargate", "unsupported-on-windows"] {
                let count = findings_of(other, &document).len();
                assert_eq!(count, usize::from(other == rule), "{other}: {platform}");
            }
        }
    }
}
