//! `tmpfs-on-fargate`

use super::prelude::*;

/// Memory in the place of a volume.
pub(super) static RULE: Rule = Rule {
    name: "tmpfs-on-fargate",
    topic: Topic::ReadOnlyRoot,
    summary: "A tmpfs takes its space from the memory of the task",
    severity: Severity::Note,
    platform: Platform::Fargate,
    control: None,
    checks: "No container of a Fargate task has a tmpfs.",
    matters: "What is written to a tmpfs counts as memory of the container, so a container that fills it is killed. Fargate \
              takes tmpfs since January 2026 only, and older tools and documents still refuse it. A volume without any \
              configuration lies on the disk of the task, 20 GiB of which cost nothing.",
    evidence: Evidence {
        source: "Containers-roadmap issue 736, shipped in January 2026; that it counts as memory is how Docker describes tmpfs.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "linuxParameters": { "tmpfs": [{ "containerPath": "/tmp", "size": 64 }] } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "tmp" }],
  "containerDefinitions": [
    { "name": "app", "mountPoints": [{ "sourceVolume": "tmp", "containerPath": "/tmp" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters.tmpfs"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    // There is no such thing on Windows, of which `unsupported-on-windows` tells.
    if task.windows == Some(true) {
        return;
    }
    for container in found.all(task.containers()) {
        let tmpfs = container.get("linuxParameters").get("tmpfs");
        if tmpfs.is_unknown() {
            found.undecided();
        }
        if tmpfs.items().is_empty() {
            continue;
        }
        let mut sizes = tmpfs.items().iter().map(|tmpfs| tmpfs.get("size").as_i64());
        let size = sizes.try_fold(0_i64, |sum, size| Some(sum.saturating_add(size?)));
        let size = size.map_or(String::new(), |size| format!(" of together {size} MiB"));
        found.in_container(
            container,
            container.path().key("linuxParameters").key("tmpfs"),
format!("has tmpfs{size}. What is written there counts as its memory, and a container without memory left is killed."),
            "Mount a volume without configuration instead, or leave the size of the tmpfs free in the memory of the container.");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_of;

    #[test]
    fn sizes_of_which_no_sum_can_be_told_are_no_crash() {
        let findings = findings_of(
            "tmpfs-on-fargate",
            r#"{ "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{ "name": "app", "linuxParameters": {
                "tmpfs": [{ "containerPath": "/a", "size": 9223372036854775807 }, { "containerPath": "/b", "size": 64 }]
            } }] }"#,
        );
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0].detail().contains("together 9223372036854775807 MiB"),
            "{}",
            findings[0].detail()
        );
    }
}
