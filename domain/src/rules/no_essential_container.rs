//! `no-essential-container`

use super::prelude::*;
use crate::document::Path;

/// A task without a container that keeps it running.
pub(super) static RULE: Rule = Rule {
    name: "no-essential-container",
    topic: Topic::Order,
    summary: "No container is essential",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "At least one container of the task is essential. Containers are essential unless they say otherwise.",
    matters: "ECS rejects a task definition in which every container says \"essential\": false.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-essential-container; cfn-lint E3042.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Answered("Task definition doesn't have any essential container"),
    mends: Mends::Certain(
        "The only container of a task becomes essential. Which one of several it is, you know.",
    ),
    failing: Example(r#"{ "containerDefinitions": [{ "name": "app", "essential": false }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "name": "app" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].essential"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let containers = found.all(task.containers());
    if containers.iter().any(|container| container.essential() == Some(true)) || containers.is_empty() {
        return;
    }
    let one_may_be = containers.iter().any(|container| container.essential().is_none());
    if one_may_be || !task.knows_all_containers() || are_sidecars_alone(task, containers) {
        found.undecided();
        return;
    }
    found.in_task(
        Path::default().key("containerDefinitions"),
        "Every container says \"essential\": false.",
        main_container(task, containers).map_or_else(Fix::default, |main| Edit::remove(main, "essential").into()).certain_if(containers.len() == 1).and(
            "The essential container is the one that the task runs for. If that is another one, remove it there instead.",
        ),
    );
}

/// The first container that runs beside the others and is not of the Agent's image.
fn main_container<'t, 'a>(
    task: &TaskDefinition<'a>,
    containers: &'t [Container<'a>],
) -> Option<&'t Container<'a>> {
    let mut beside =
        containers.iter().filter(|container| task.ends_before_another_starts(container) == Some(false));
    beside.clone().find(|container| !container.has_agent_image()).or(beside.next())
}

/// Whether these are the sidecars that were asked for and nothing else: the application is added to them later.
fn are_sidecars_alone(task: &TaskDefinition<'_>, containers: &[Container<'_>]) -> bool {
    task.agent.is_some_and(|settings| {
        let names = [settings.container_name.as_str(), settings.init_container_name.as_str()];
        containers.iter().all(|container| container.name.is_some_and(|name| names.contains(&name)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_container_that_another_one_waits_for_to_end_stays_as_it_is() {
        let document = r#"{"containerDefinitions": [{"name": "migrate", "essential": false},
            {"name": "app", "essential": false,
                "dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}]}]}"#;
        let fix = findings_of("no-essential-container", document)[0].fix_text();
        assert!(fix.starts_with("Remove \"essential\" from container \"app\"."), "{fix}");
    }

    #[test]
    fn a_container_that_is_not_known_may_be_the_essential_one() {
        let alone = r#"{"name": "a", "essential": false}"#;
        for (containers, count) in [(alone.to_owned(), 1), (format!(r#"{alone}, "<unknown>""#), 0)] {
            let document = format!(r#"{{"containerDefinitions": [{containers}]}}"#);
            assert_eq!(findings_of("no-essential-container", &document).len(), count, "{containers}");
        }
    }
}
