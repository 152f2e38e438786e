//! `duplicate-volume-name`

use super::prelude::*;
use crate::document::Path;

/// Two volumes of one task with the same name.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-volume-name",
    topic: Topic::Volumes,
    summary: "Two volumes have the same name",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "Every volume of a task definition has a name of its own.",
    matters: "Containers mount a volume by its name. With two of that name nobody can tell which one they get, and ECS \
              may reject the task definition.",
    evidence: Evidence {
        source: "Task definition parameters page of Amazon ECS, by which mount points refer to a volume by name; no \
                 answer of RegisterTaskDefinition is on record.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    failing: Example(r#"{ "volumes": [{ "name": "uploads" }, { "name": "cache" }, { "name": "uploads" }] }"#),
    passing: Example(r#"{ "volumes": [{ "name": "uploads" }, { "name": "cache" }] }"#),
    undecided: Undecided::Passing("volumes[1].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let volumes = found.items(task.document.get("volumes"));
    let names = volumes.filter_map(|(index, volume)| Some((index, found.text(volume.get("name"))?)));
    for Repetition { first, again, what } in repetitions(names) {
        let name = quoted(what);
        found.in_task(
            Path::default().key("volumes").index(again).key("name"),
            format!("The volume at volumes[{first}] is named {name} as well."),
            format!(
                "Rename one of the two volumes {name} and the mount points that mean it, or take it out."
            ),
        );
    }
}
