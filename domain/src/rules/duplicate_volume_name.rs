//! `duplicate-volume-name`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::NAME_LENGTH;

/// Two volumes of one task with the same name.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-volume-name",
    topic: Topic::Volumes,
    summary: "Two volumes have the same name",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every volume of a task definition has a name of its own.",
    matters: "Containers mount a volume by its name. If two volumes have that name, nobody can tell which one they get, and ECS \
              may reject the task definition.",
    evidence: Evidence {
        source: "Task definition parameters page of Amazon ECS, by which mount points refer to a volume by name; no \
                 answer of RegisterTaskDefinition is on record.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("The second of two volumes that are the same in everything goes."),
    failing: Example(
        r#"{
  "volumes": [
    { "name": "uploads" },
    {
      "name": "uploads",
      "efsVolumeConfiguration": { "fileSystemId": "fs-0123456789abcdef0", "transitEncryption": "ENABLED" }
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [
    { "name": "cache" },
    {
      "name": "uploads",
      "efsVolumeConfiguration": { "fileSystemId": "fs-0123456789abcdef0", "transitEncryption": "ENABLED" }
    }
  ]
}"#,
    ),
    undecided: Undecided::Passing("volumes[1].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let volumes = task.document.get("volumes");
    let named = found.items(volumes);
    let names: Vec<(usize, &str)> =
        named.filter_map(|(index, volume)| Some((index, found.text(volume.get("name"))?))).collect();
    let taken: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
    for Repetition { first, again, what } in repetitions(names.into_iter()) {
        let place = Path::default().key("volumes").index(again);
        let volume = &volumes.items()[again];
        let fix = if volume.is_wholly_known() && *volume == volumes.items()[first] {
            Fix::from(Edit::without(place.clone())).certain().and("The two are the same in everything else.")
        } else {
            let name = another_name(what, again + 1, NAME_LENGTH, &taken);
            Fix::from(Edit::at(place.clone().key("name"), name))
                .and("Write the new name in the mount points that mean this volume as well. Or remove one of the two.")
        };
        found.in_task(
            place.key("name"),
            format!("The volumes at volumes[{first}] and volumes[{again}] are both named {}.", quoted(what)),
            fix,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_volume_that_is_there_twice_is_removed_and_another_one_gets_another_name() {
        for (other, fix) in [
            (r#"{"name": "a"}"#, "Remove volumes[2]."),
            (r#"{"name": "a", "configuredAtLaunch": true}"#, r#"Write "name": "a-4" in volumes[2]."#),
        ] {
            let document = format!(r#"{{"volumes": [{{"name": "a"}}, {{"name": "a-3"}}, {other}]}}"#);
            let findings = findings_of("duplicate-volume-name", &document);
            assert_eq!(findings.len(), 1);
            assert!(findings[0].fix_text().starts_with(fix), "{}", findings[0].fix_text());
        }
    }
}
