//! `success-on-essential-container`

use super::prelude::*;

/// A container that waits for the end of one whose end stops the task.
pub(super) static RULE: Rule = Rule {
    name: "success-on-essential-container",
    topic: Topic::Order,
    summary: "A container waits for the end of an essential one",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A dependency with the condition SUCCESS or COMPLETE points at a container that says \"essential\": false. \
             A container that does not set it is essential.",
    matters: "The task stops when an essential container ends, so it makes no sense to wait for that, and ECS \
              rejects the task definition.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-dependson-complete-on-essential.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
    ),
    mends: Mends::Certain(
        "A container that prepares the Agent becomes one that is not essential. Of any other the condition may be what is wrong.",
    ),
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "migrate", "command": ["migrate"] },
    { "name": "app", "dependsOn": [{ "containerName": "migrate", "condition": "SUCCESS" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "migrate", "command": ["migrate"], "essential": false },
    { "name": "app", "dependsOn": [{ "containerName": "migrate", "condition": "SUCCESS" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].essential"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for dependency in found.entries(container.dependencies()) {
            let Some(condition @ ("SUCCESS" | "COMPLETE")) = found.text(dependency.condition) else {
                continue;
            };
            let Some(target) = found.text(dependency.awaited) else { continue };
            let Some(Some(awaited)) = found.known(task.container(target)) else { continue };
            match awaited.essential() {
                None => found.undecided(),
                Some(false) => {}
                Some(true) => {
                    let said = if awaited.get("essential").is_null() {
                        "does not set essential, so it is essential"
                    } else {
                        "is essential"
                    };
                    found.in_container(
                        container,
                        container.path().key("dependsOn").index(dependency.index).key("condition"),
                        format!(
                            "waits for {condition} of {}, which {said}. The task stops when an essential container ends.",
                            awaited.called_inside()
                        ),
                        Fix::from(Edit::set(awaited, "essential", false))
                            .certain_if(task.copies_to_volumes_alone(awaited) == Some(true)),
                    );
                }
            }
        }
    }
}
