//! `dependency-cycle`

use super::prelude::*;
use crate::task::{Cause, Wait};

/// Containers that wait for each other.
pub(super) static RULE: Rule = Rule {
    name: "dependency-cycle",
    topic: Topic::Order,
    summary: "Containers wait for each other",
    severity: Severity::Warning,
    platform: Platform::Any,
    control: None,
    checks: "No container waits, by way of dependsOn, for one that waits for it. Containers that log through FireLens \
             count as waiting for the router, because ECS makes them wait.",
    matters: "Containers that wait for each other never start, and neither does the task. Where a FireLens router waits \
              for a container that logs through it, ECS breaks the circle by letting no container of the task wait for \
              the router, and what they log before it runs may be lost.",
    evidence: Evidence {
        source: "Container dependencies in the Amazon ECS developer guide; pull requests 2145 and 2147 of \
                 amazon-ecs-agent for FireLens. No answer of RegisterTaskDefinition is on record.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "dependsOn": [{ "containerName": "proxy", "condition": "START" }] },
    { "name": "proxy", "dependsOn": [{ "containerName": "app", "condition": "START" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "dependsOn": [{ "containerName": "proxy", "condition": "START" }] },
    { "name": "proxy" }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].dependsOn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let nobody_waits = |container: &Container<'_>| container.dependencies().are_none() == Some(true);
    // Without a written dependency there is no circle: nobody waits for a container that does not wait itself.
    if found.all(task.containers()).iter().all(nobody_waits) {
        return;
    }
    let waits = task.waits();
    if !waits.complete {
        found.undecided();
    }
    let is_router_known = task.knows_all_containers()
        && !task
            .containers()
            .known
            .iter()
            .any(|container| container.get("firelensConfiguration").is_unknown());
    for circle in waits.circles() {
        match circle.iter().find(|wait| wait.cause == Cause::LogRouter) {
            // A container that waits for itself is for the rule dependency-target-missing.
            None if circle.len() > 1 => written_circle(&circle, found),
            None => {}
            // The last one of several routers is the one that counts.
            Some(_) if !is_router_known => found.undecided(),
            Some(wait) => circle_over_router(&circle, wait, found),
        }
    }
}

fn written_circle(circle: &[Wait<'_>], found: &mut Found) {
    let closing = circle[circle.len() - 1];
    found.in_container(
        &closing.container,
        closing.place(),
        format!("waits in a circle, so that none of these containers ever starts: {}.", in_words(circle)),
        Fix::from(without(&closing)).and("Or remove another dependency of the circle."),
    );
}

fn circle_over_router(circle: &[Wait<'_>], logging: &Wait<'_>, found: &mut Found) {
    let of_router = circle.iter().find(|wait| {
        wait.container.index == logging.awaited.index && matches!(wait.cause, Cause::Written(_))
    });
    let driver =
        format!("Or give {} another log driver, such as awslogs.", logging.container.called_inside());
    found.in_container(
        &logging.container,
        logging.place(),
        format!(
            "logs through FireLens, but the router waits for it: {}. In such a task ECS lets no container wait for the \
             router, and what they log before it runs may be lost.",
            in_words(circle)
        ),
        Fix::write(of_router.map(without)).and(driver),
    );
}

fn without(wait: &Wait<'_>) -> Edit {
    let called = format!("the dependency on {}", wait.awaited.called_inside());
    Edit::without(wait.place()).of(&wait.container).called(called)
}

/// `app -> proxy -> app`, with the middle of a long circle left out.
fn in_words(circle: &[Wait<'_>]) -> String {
    const SHOWN: usize = 6;
    let name = |wait: &Wait<'_>| wait.container.name.map_or("?".into(), shortened).into_owned();
    let mut names: Vec<String> = circle.iter().take(SHOWN).map(name).collect();
    if circle.len() > SHOWN {
        names.push("...".to_owned());
    }
    names.extend(circle.first().map(name));
    names.join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    #[test]
    fn the_circle_is_printed() {
        let document = r#"{"containerDefinitions": [
            {"name": "a", "dependsOn": [{"containerName": "b", "condition": "START"}]},
            {"name": "b", "dependsOn": [{"containerName": "c", "condition": "HEALTHY"}]},
            {"name": "c", "dependsOn": [{"containerName": "b", "condition": "START"}]}]}"#;
        let findings = findings_of("dependency-cycle", document);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.to_string(), "containerDefinitions[2].dependsOn[0]");
        assert!(findings[0].detail().ends_with(": b -> c -> b."), "{}", findings[0].detail());
        assert_eq!(
            findings[0].fix_text(),
            "Remove the dependency on container \"b\" from dependsOn. Or remove another dependency of the circle."
        );
    }

    #[test]
    fn a_container_that_waits_for_itself_is_left_to_its_own_rule() {
        let document = r#"{"containerDefinitions": [
            {"name": "a", "dependsOn": [{"containerName": "a", "condition": "START"}]}]}"#;
        assert_eq!(findings_of("dependency-cycle", document), []);
    }

    #[test]
    fn a_router_that_waits_for_a_container_whose_logs_it_takes_is_found() {
        let document = r#"{"containerDefinitions": [
            {"name": "router", "firelensConfiguration": {"type": "fluentbit"},
             "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}]},
            {"name": "init", "essential": false, "logConfiguration": {"logDriver": "awsfirelens"}},
            {"name": "app", "logConfiguration": {"logDriver": "awsfirelens"}}]}"#;
        let findings = findings_of("dependency-cycle", document);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.to_string(), "containerDefinitions[1].logConfiguration.logDriver");
        assert!(findings[0].detail().contains("router -> init -> router"), "{}", findings[0].detail());
        assert_eq!(
            findings[0].fix_text(),
            "Remove the dependency on container \"init\" from dependsOn in container \"router\". Or give container \"init\" \
             another log driver, such as awslogs."
        );
        assert_eq!(mended("dependency-cycle", document), (1, vec![]));
    }
}
