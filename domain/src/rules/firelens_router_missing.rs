//! `firelens-router-missing`

use super::prelude::*;
use crate::document::Object;
use crate::ecs::shapes::limits::NAME_LENGTH;

/// Logs for a FireLens router that the task does not have.
pub(super) static RULE: Rule = Rule {
    name: "firelens-router-missing",
    topic: Topic::Logging,
    summary: "The FireLens router is missing",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "If a container has the log driver awsfirelens, a container of the task definition has a \
             firelensConfiguration.",
    matters: "The driver hands the logs to a router container in the same task. ECS rejects a task definition that has \
              none.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-awsfirelens-without-router.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be \
         configured in one of the containers.",
    ),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } }
  ]
}"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[1].firelensConfiguration"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.log_router().is_some() {
        return;
    }
    let mut sender = None;
    let mut may_have_router = false;
    for container in found.all(task.containers()) {
        let driver = found.text(container.get("logConfiguration").get("logDriver"));
        if driver == Some(Container::FIRELENS) {
            sender = sender.or(Some(container));
        }
        may_have_router |= container.get("firelensConfiguration").is_unknown();
    }
    let Some(sender) = sender else { return };
    if may_have_router || !task.knows_all_containers() {
        found.undecided();
        return;
    }
    found.in_container(
        sender,
        sender.path().key("logConfiguration").key("logDriver"),
        "logs through FireLens, but no container of the task definition is the router.",
        Fix::from(Edit::add_to_task(task.document, "containerDefinitions", router(task)))
            .and("Or use another log driver."),
    );
}

/// A router of an image that is on record.
fn router(task: &TaskDefinition<'_>) -> Node {
    let taken: Vec<&str> = task.containers().known.iter().filter_map(|container| container.name).collect();
    let name = free_name("log-router", NAME_LENGTH, &taken);
    let mut router = Object::from_iter([
        ("name".to_owned(), name.into()),
        ("image".to_owned(), "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5".into()),
        ("firelensConfiguration".to_owned(), Node::from([("type", "fluentbit".into())])),
    ]);
    // Without the memory of the task, each container needs its own.
    if task.document.get("memory").is_null() {
        router.insert("memoryReservation".to_owned(), 64.into());
    }
    Node::Object(router)
}
