//! `firelens-router-unused`

use super::prelude::*;

/// A FireLens router that no container logs to.
pub(super) static RULE: Rule = Rule {
    name: "firelens-router-unused",
    topic: Topic::Logging,
    summary: "No container logs through the FireLens router",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "If a container has a firelensConfiguration, a container of the task definition has the log driver \
             awsfirelens.",
    matters: "If nobody sends logs to the router, a log driver was most likely forgotten. ECS rejects the task \
              definition.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer in the issues aws/amazon-cloudwatch-logs-for-fluent-bit 20, \
                 cloudposse/terraform-aws-ecs-container-definition 47 and pulumi/pulumi-awsx 552.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "When a firelensConfiguration object is specified, at least one container has to be configured with the \
         awsfirelens log driver.",
    ),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app" },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } }
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
    undecided: Undecided::Passing("containerDefinitions[0].logConfiguration.logDriver"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.some_container(|container| driver_of(container).as_str() == Some(Container::FIRELENS)) {
        return;
    }
    let mut may_have_sender = !task.knows_all_containers();
    for container in found.all(task.containers()) {
        may_have_sender |= driver_of(container).is_unknown();
        if container.get("firelensConfiguration").is_unknown() {
            found.undecided();
        }
    }
    let Some(router) = task.log_router() else { return };
    if may_have_sender {
        found.undecided();
        return;
    }
    found.in_container(
        router,
        router.path().key("firelensConfiguration"),
        "is a FireLens router, but no container has the log driver awsfirelens.",
        Fix::from(Edit::remove(router, "firelensConfiguration"))
            .and("Or use the log driver awsfirelens in the containers whose logs it is to receive."),
    );
}

fn driver_of<'n>(container: &Container<'n>) -> &'n Node {
    container.get("logConfiguration").get("logDriver")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, findings_of};
    use super::super::{Subject, judge};
    use super::*;

    #[test]
    fn a_log_driver_in_the_wrong_case_is_no_awsfirelens() {
        let found = findings_of(
            RULE.name,
            r#"{"containerDefinitions": [
                {"name": "app", "logConfiguration": {"logDriver": "AwsFireLens"}},
                {"name": "router", "firelensConfiguration": {"type": "fluentbit"}}]}"#,
        );
        let paths: Vec<_> = found.iter().map(|finding| finding.path.to_string()).collect();
        assert_eq!(paths, ["containerDefinitions[1].firelensConfiguration"]);
    }

    #[test]
    fn a_container_that_is_not_known_yet_may_be_the_one_that_logs() {
        let document = document(
            r#"{"containerDefinitions": [
                "<unknown>", {"name": "router", "firelensConfiguration": {"type": "fluentbit"}}]}"#,
        );
        let judgement = judge(&Subject::of(&document));
        assert!(judgement.findings.iter().all(|finding| finding.rule != RULE.name));
        assert!(judgement.undecided.contains(&RULE.name));
    }
}
