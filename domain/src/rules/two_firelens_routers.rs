//! `two-firelens-routers`

use super::prelude::*;

/// More than one FireLens router in a task.
pub(super) static RULE: Rule = Rule {
    name: "two-firelens-routers",
    topic: Topic::Logging,
    summary: "The task has more than one FireLens router",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "At most one container of a task has a firelensConfiguration.",
    matters: "ECS gives the logs of a task to one router. The configuration that it writes, the socket and the order of start \
              are made for one, so the other gets no logs, and what it was to send elsewhere is lost.",
    evidence: Evidence {
        source: "GetFirelensContainer and addFirelensContainerDependency in agent/api/task/task.go of amazon-ecs-agent; ECS \
                 registers such a task definition.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } },
    { "name": "audit-router", "firelensConfiguration": { "type": "fluentbit" } }
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
    undecided: Undecided::Failing("containerDefinitions[2].firelensConfiguration"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let mut first = None::<&Container<'_>>;
    for container in found.all(task.containers()) {
        match container.get("firelensConfiguration") {
            Node::Unknown => found.undecided(),
            Node::Object(_) => match first {
                None => first = Some(container),
                Some(first) => report(container, first, found),
            },
            _ => {}
        }
    }
}

fn report(container: &Container<'_>, first: &Container<'_>, found: &mut Found) {
    found.in_container(
        container,
        container.path().key("firelensConfiguration"),
        format!(
            "is a FireLens router, and so is {}. ECS uses one router in a task, so the other gets no logs.",
            first.called_inside()
        ),
        Fix::from(Edit::remove(container, "firelensConfiguration")).and(
            "Keep the router that has to send the logs. One router can send to several outputs by a configuration file of its \
             own.",
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn each_router_after_the_first_is_found_and_none_while_one_is_not_known() {
        let router = r#"{"firelensConfiguration": {"type": "fluentbit"}}"#;
        for (containers, count) in [
            (format!("{router}, {router}, {router}"), 2),
            (format!("{router}, {{}}"), 0),
            (format!(r#"{router}, {{"firelensConfiguration": "<unknown>"}}"#), 0),
            (format!(r#"{router}, "<unknown>", {router}"#), 1),
        ] {
            let document = format!(r#"{{"containerDefinitions": [{containers}]}}"#);
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{containers}");
        }
    }
}
