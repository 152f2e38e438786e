//! `link-target-missing`

use super::prelude::*;
use crate::task::linked;

/// A link to a container that the task does not have.
pub(super) static RULE: Rule = Rule {
    name: "link-target-missing",
    topic: Topic::Network,
    summary: "A container links to one that does not exist",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Outside of the network mode awsvpc, every link names a container of the task definition, as in db or \
             db:database.",
    matters: "The ECS agent does not start a task in which a container links to one that is not there, or in which a link has \
              more than two parts.",
    evidence: Evidence {
        source: "InitializeContainerOrdering in agent/api/task/task.go of amazon-ecs-agent (\"could not find container for \
                 link\", \"Invalid link format\"). No answer of RegisterTaskDefinition is on record.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "bridge",
  "containerDefinitions": [{ "name": "database" }, { "name": "app", "links": ["databse:db"] }]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "networkMode": "bridge",
  "containerDefinitions": [{ "name": "database" }, { "name": "app", "links": ["database:db"] }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let network = task.network();
    // Links that the network mode does not support at all are for the rule unsupported-in-awsvpc.
    if network == Some(Network::Awsvpc) {
        return;
    }
    for container in found.all(task.containers()) {
        for (index, link) in found.items(container.get("links")) {
            let Some(link) = link.as_str() else { continue };
            let (name, has_three_parts) = (linked(link), link.matches(':').count() > 1);
            if network.is_none() {
                found.undecided();
                continue;
            }
            if !has_three_parts && !found.is_missing(task.container(name)) {
                continue;
            }
            let what = if has_three_parts {
                "which has more than a name and an alias"
            } else {
                "but the task definition has no container of that name"
            };
            let place = container.path().key("links").index(index);
            let alias = link.split(':').nth(1).map_or(String::new(), |alias| format!(":{alias}"));
            let meant = match task.container(name).flatten() {
                Some(_) => Some(name),
                None => nearest(name, task.names_besides(container).into_iter()),
            };
            let fix = match meant {
                Some(meant) => {
                    let mut links: Vec<Node> = container.get("links").items().to_vec();
                    links[index] = format!("{meant}{alias}").into();
                    Edit::set(container, "links", links).into()
                }
                None => Fix::from(
                    Edit::without(place.clone()).of(container).called(format!("the link {}", quoted(link))),
                )
                .and("Or write the name of a container of this task definition."),
            };
            found.in_container(container, place, format!("links to {}, {what}.", quoted(link)), fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(mode: &str, links: &str) -> String {
        format!(
            r#"{{"networkMode": "{mode}", "containerDefinitions": [{{"name": "db"}}, {{"name": "app", "links": {links}}}]}}"#
        )
    }

    #[test]
    fn a_link_to_nothing_and_one_of_three_parts_are_mended() {
        for links in [r#"["dbb"]"#, r#"["cache:c"]"#, r#"["db:a:b"]"#] {
            assert_eq!(mended(RULE.name, &text("bridge", links)), (1, vec![]), "{links}");
        }
    }

    #[test]
    fn a_link_to_a_container_of_the_task_is_fine() {
        for (mode, links) in [
            ("bridge", r#"["db", "db:database"]"#),
            ("bridge", "[]"),
            ("bridge", "\"<unknown>\""),
            ("awsvpc", r#"["nothing"]"#),
        ] {
            assert_eq!(findings_of(RULE.name, &text(mode, links)), [], "{links}");
        }
    }
}
