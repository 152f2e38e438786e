//! `log-configuration-missing`

use super::prelude::*;

/// A container whose output is not kept.
pub(super) static RULE: Rule = Rule {
    name: "log-configuration-missing",
    topic: Topic::Logging,
    summary: "A container has no log configuration",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.9"),
    checks: "Every container of the task has a logConfiguration with a logDriver: application, Agent, init containers \
             and log routers alike.",
    matters: "On Fargate the output of a container without a log configuration is lost; elsewhere it stays on the host. \
              When the container fails to start, only that output says why. Security Hub's control \
              ECS.9 fails for the task definition as soon as one of its containers has none.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.9 (Config rule \
                 ecs-task-definition-log-configuration).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "logConfiguration": null }] }"#),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": { "awslogs-group": "/shop", "awslogs-stream-prefix": "app" }
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        if log.is_null() {
            found.in_container(
                container,
                container.path().key("logConfiguration"),
                "has no log configuration, so nobody can read what it wrote when it failed. Security Hub's control ECS.9 fails \
                 for the whole task definition.",
                awslogs(task, container),
            );
            continue;
        }
        match log.get("logDriver") {
            Node::Unknown => found.undecided(),
            Node::String(driver) if !driver.is_empty() => {}
            // A required key that is missing or has the wrong type has a finding of its own.
            _ => found
                .control_fails(container.path().key("logConfiguration").key("logDriver"), Some(container)),
        }
    }
}

/// Logging to CloudWatch Logs, and the role that it needs on Fargate.
fn awslogs(task: &TaskDefinition<'_>, container: &Container<'_>) -> Fix {
    let options = Node::from([
        ("awslogs-group", "/ecs/shop".into()),
        ("awslogs-region", "eu-central-1".into()),
        ("awslogs-stream-prefix", container.name.unwrap_or("shop").into()),
        ("mode", "non-blocking".into()),
    ]);
    let log = Node::from([("logDriver", "awslogs".into()), ("options", options)]);
    let mut edits = vec![Edit::set(container, "logConfiguration", log)];
    if task.fargate == Some(true) && task.has_execution_role() == Some(false) {
        edits.push(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE));
        return Fix::write(edits).and("The group, the region and the role are examples: write your own.");
    }
    Fix::write(edits).and("The group and the region are examples: write your own.")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, findings_of};
    use super::super::{Severity, Subject, judge};

    #[test]
    fn on_fargate_the_role_that_awslogs_needs_is_written_with_it() {
        let text = r#"{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{"name": "app"}]}"#;
        let (mut document, finding) =
            (document(text), findings_of("log-configuration-missing", text).remove(0));
        finding.fix.apply(&mut document);
        let left = judge(&Subject::of(&document)).findings;
        let is_new = |rule: &str| rule.starts_with("log") || rule.starts_with("awslogs");
        let left: Vec<_> = left.iter().map(|finding| finding.rule).filter(|rule| is_new(rule)).collect();
        assert_eq!((left, finding.severity), (vec![], Severity::Note));
    }
}
