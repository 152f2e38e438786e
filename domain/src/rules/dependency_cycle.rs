//! `dependency-cycle`

use super::prelude::*;
use crate::task::{Cause, Wait};

/// Containers that wait for each other.
pub(super) static RULE: Rule = Rule {
    name: "dependency-cycle",
    topic: Topic::Order,
    summary: "Containers wait for each other",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No container waits for one that waits for it: by way of dependsOn, of volumesFrom or, outside the network mode \
             awsvpc, of links. None takes its own volumes or links to itself. Containers that log through FireLens count as \
             waiting for the router, because ECS makes them wait.",
    matters: "Containers that wait for each other never start, and the ECS agent stops such a task. Where a FireLens router \
              waits for a container that logs through it, ECS breaks the circle by letting no container of the task wait for \
              the router, and what they log before it runs may be lost: that is a warning.",
    evidence: Evidence {
        source: "ValidDependencies and initializeContainerOrdering of amazon-ecs-agent, and its pull requests 2145 and 2147 \
                 for FireLens; RegisterTaskDefinition's answer to a circle of links in Shippable/support issue 4194. Of \
                 dependsOn no answer of it is on record.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
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
    let nobody_waits = |container: &Container<'_>| container.waits_for_nobody() == Some(true);
    // Without a written wait there is no circle: nobody waits for a container that does not wait itself.
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
            // An entry of dependsOn that names its own container is for the rule dependency-target-missing.
            None if circle.len() == 1 && matches!(circle[0].cause, Cause::Written(_)) => {}
            None => written_circle(&circle, found),
            // The last one of several routers is the one that counts.
            Some(_) if !is_router_known => found.undecided(),
            Some(wait) => circle_over_router(&circle, wait, found),
        }
    }
}

fn written_circle(circle: &[Wait<'_>], found: &mut Found) {
    let closing = circle[circle.len() - 1];
    let says = match closing.cause {
        Cause::VolumesFrom(_) if circle.len() == 1 => {
            "takes the volumes of itself, so that it waits for itself and never starts.".to_owned()
        }
        Cause::Link(_) if circle.len() == 1 => {
            "links to itself, so that it waits for itself and never starts.".to_owned()
        }
        _ => {
            format!(
                "waits in a circle, so that none of these {}s ever starts: {}.",
                found.container(),
                in_words(circle)
            )
        }
    };
    let all_links = circle.iter().all(|wait| matches!(wait.cause, Cause::Link(_)));
    let answer = all_links.then(|| would_answer("Container links should not have a cycle"));
    let advice = if circle.len() > 1 { "Or remove another dependency of the circle." } else { "" };
    found.in_container(
        &closing.container,
        closing.place(),
        says + &answer.unwrap_or_default(),
        Fix::from(without(&closing)).and(advice),
    );
}

fn circle_over_router(circle: &[Wait<'_>], logging: &Wait<'_>, found: &mut Found) {
    let of_router = circle.iter().find(|wait| {
        wait.container.index == logging.awaited.index && matches!(wait.cause, Cause::Written(_))
    });
    let driver =
        format!("Or give {} another log driver, such as awslogs.", logging.container.called_inside());
    let finding = found.in_container(
        &logging.container,
        logging.place(),
        format!(
            "logs through FireLens, but the router waits for it: {}. In such a task ECS lets no container wait for the \
             router, and what they log before it runs may be lost.",
            in_words(circle)
        ),
        Fix::write(of_router.map(without)).and(driver),
    );
    finding.severity = Severity::Warning;
}

fn without(wait: &Wait<'_>) -> Edit {
    let what = match wait.cause {
        Cause::VolumesFrom(_) => "the entry of",
        Cause::Link(_) => "the link to",
        Cause::Written(_) | Cause::LogRouter => "the dependency on",
    };
    let called = format!("{what} {}", wait.awaited.called_inside());
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
    use super::Severity;

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
    fn volumes_from_and_links_make_circles_as_dependencies_do() {
        let from = |name: &str| format!(r#""volumesFrom": [{{"sourceContainer": "{name}"}}]"#);
        let on =
            |name: &str| format!(r#""dependsOn": [{{"containerName": "{name}", "condition": "START"}}]"#);
        let links = |name: &str| format!(r#""links": ["{name}"]"#);
        for (a, b, place, says) in [
            (from("a"), String::new(), "[0].volumesFrom[0]", "takes the volumes of itself"),
            (links("a:self"), String::new(), "[0].links[0]", "links to itself"),
            (from("b"), from("a"), "[1].volumesFrom[0]", "a -> b -> a"),
            (from("b"), on("a"), "[1].dependsOn[0]", "a -> b -> a"),
            (links("b:db"), links("a"), "[1].links[0]", "Container links should not have a cycle"),
        ] {
            let comma = if b.is_empty() { "" } else { "," };
            let document =
                format!(r#"{{"containerDefinitions": [{{"name": "a", {a}}}, {{"name": "b"{comma} {b}}}]}}"#);
            let found = findings_of("dependency-cycle", &document);
            assert_eq!(found.len(), 1, "{document}");
            assert_eq!(found[0].path.to_string(), format!("containerDefinitions{place}"));
            assert!(found[0].detail().contains(says), "{}", found[0].detail());
            assert_eq!(found[0].severity, Severity::Error);
            assert_eq!(mended("dependency-cycle", &document), (1, vec![]), "{document}");
        }
    }

    #[test]
    fn a_chain_is_no_circle_and_awsvpc_has_no_links() {
        let chain = r#""containerDefinitions": [
            {"name": "a", "volumesFrom": [{"sourceContainer": "b"}], "links": ["b"]},
            {"name": "b", "dependsOn": [{"containerName": "c", "condition": "START"}]}, {"name": "c"}]"#;
        let linked =
            r#""containerDefinitions": [{"name": "a", "links": ["b"]}, {"name": "b", "links": ["a"]}]"#;
        for document in [
            format!("{{{chain}}}"),
            format!(r#"{{"networkMode": "awsvpc", {linked}}}"#),
            format!(r#"{{"networkMode": "<unknown>", {linked}}}"#),
        ] {
            assert_eq!(findings_of("dependency-cycle", &document), [], "{document}");
        }
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
