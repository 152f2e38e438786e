//! `volumes-from-container-missing`

use super::prelude::*;

/// A `volumesFrom` that names no container of the task.
pub(super) static RULE: Rule = Rule {
    name: "volumes-from-container-missing",
    topic: Topic::Volumes,
    summary: "A container takes volumes from one that does not exist",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every sourceContainer in volumesFrom names a container of the task definition.",
    matters: "ECS rejects a task definition in which a container takes the volumes of one that it does not define.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-volumesfrom-source-container-missing.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "uploads" },
    { "name": "app", "volumesFrom": [{ "sourceContainer": "upload" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "uploads" },
    { "name": "app", "volumesFrom": [{ "sourceContainer": "uploads" }] }
  ]
}"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[0].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for source in found.entries(container.volumes_from()) {
            let Some(name) = found.text(source.container) else { continue };
            if !found.is_missing(task.container(name)) {
                continue;
            }
            let entry = container.path().key("volumesFrom").index(source.index);
            let place = entry.clone().key("sourceContainer");
            let fix = match nearest(name, task.names_besides(container).into_iter()) {
                Some(meant) => Fix::from(Edit::at(place.clone(), meant).of(container)),
                None => Fix::from(Edit::without(entry).of(container).called(quoted(name)))
                    .and("Or write the name of a container of this task definition."),
            };
            let answer = format!("Invalid 'volumesFrom' setting. Unknown container: '{}'.", shortened(name));
            let says = format!(
                "takes the volumes of container {}, which the task definition does not have.{}",
                quoted(name),
                would_answer(&answer)
            );
            found.in_container(container, place, says, fix);
        }
    }
}
