//! `ecs-fargate-variable-wrong`

use super::prelude::*;
use crate::document::Path;
use crate::rofs::known_names;
use crate::rofs::platform::ECS_FARGATE;
use crate::task::Given;

/// An Agent that is not told right whether it runs on Fargate.
pub(super) static RULE: Rule = Rule {
    name: "ecs-fargate-variable-wrong",
    topic: Topic::Agent,
    summary: "ECS_FARGATE does not say where the Agent runs",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container has ECS_FARGATE=true on Fargate, in exactly this spelling, and does not have the \
             variable in a task that requires other launch types and not Fargate. Where it has an environment file, or its \
             start command names the variable, the value may come from there.",
    matters: "On Fargate the Agent's start script prepares the configuration for ECS only where the variable is set, and \
              other parts of the Agent ask whether it is exactly true. On an EC2 instance the variable makes the Agent \
              ask for the task metadata of Fargate, again and again, and it does not start to collect.",
    evidence: Evidence {
        source: "Start script 50-ecs.sh of datadog-agent, its issue 2146, and Datadog's page on ECS Fargate.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "ECS_FARGATE becomes \"true\" on Fargate, where the Agent knows no other value, and goes elsewhere.",
    ),
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "environment": [] }] }"#),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("containerDefinitions[1].environment"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let given = agent.given(ECS_FARGATE);
        if matches!(given, Given::Unknown | Given::PerhapsByFile) {
            found.undecided();
            continue;
        }
        match found.known(task.fargate) {
            Some(true) => on_fargate(agent, given, found),
            Some(false) if names_other_launch_types(task) => elsewhere(agent, given, found),
            _ => {}
        }
    }
}

fn on_fargate(agent: &Container<'_>, given: Given<'_>, found: &mut Found) {
    let write = |index| Edit::at(agent.variable_path(index), "true").of(agent);
    match given {
        Given::Text("true", _) | Given::Secret | Given::PerhapsByFile | Given::Unknown => {}
        Given::Text("", index) => missing(agent, agent.variable_path(index), "an empty", write(index), found),
        Given::Text(_, index) => {
            found.in_container(
                agent,
                agent.variable_path(index),
                "sets ECS_FARGATE to something other than true. The start script takes every value for a yes, even false, \
                 and other parts of the Agent take nothing but true for one.",
                Fix::from(write(index)).certain(),
            );
        }
        Given::Absent => absent(agent, found),
    }
}

fn absent(agent: &Container<'_>, found: &mut Found) {
    let variables = agent.path().key("environment");
    if let Some(index) = misspelt(agent) {
        let name = variables.index(index).key("name");
        return missing(agent, name.clone(), "no", Edit::at(name, ECS_FARGATE).of(agent), found);
    }
    // An image of somebody's own may bring it along.
    let image = agent.get("image");
    if image.is_unknown() {
        found.undecided();
    }
    let is_datadogs = image.as_str().and_then(Image::parse).is_some_and(|image| image.is_datadog_agent());
    if is_datadogs && found.known(agent.its_start_names(ECS_FARGATE)) == Some(false) {
        let variable = Node::from([("name", ECS_FARGATE.into()), ("value", "true".into())]);
        missing(agent, variables, "no", Edit::add(agent, "environment", variable), found);
    }
}

fn missing(agent: &Container<'_>, path: Path, what: &str, fix: Edit, found: &mut Found) {
    let says = format!(
        "runs on Fargate and has {what} ECS_FARGATE. Without it the Agent does not load its configuration for ECS."
    );
    found.in_container(agent, path, says, Fix::from(fix).certain());
}

/// A variable whose name is nearly the right one.
fn misspelt(agent: &Container<'_>) -> Option<usize> {
    let names = agent.get("environment").items().iter().map(|variable| variable.get("name").as_str());
    names
        .into_iter()
        .position(|name| name.is_some_and(|name| known_names::meant_variable(name) == Some(ECS_FARGATE)))
}

/// Whether the task says where it runs. Without `requiresCompatibilities` ECS registers it for whatever it fits.
fn names_other_launch_types(task: &TaskDefinition<'_>) -> bool {
    !task.document.get("requiresCompatibilities").items().is_empty()
}

fn elsewhere(agent: &Container<'_>, given: Given<'_>, found: &mut Found) {
    if let Given::Text(value, index) = given
        && !value.is_empty()
    {
        found.in_container(
            agent,
            agent.variable_path(index),
            "has ECS_FARGATE, and the task does not run on Fargate. The Agent looks for the task metadata of Fargate, does \
             not find it and collects nothing.",
            Fix::from(Edit::without(agent.path().key("environment").index(index)).of(agent).called(ECS_FARGATE))
                .certain(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn count(launch_types: &str, members: &str) -> usize {
        let document = format!(
            r#"{{{launch_types} "containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1"{members}}}]}}"#
        );
        let count = findings_of(RULE.name, &document).len();
        assert_eq!(mended(RULE.name, &document), (count, vec![]), "{document}");
        count
    }

    #[test]
    fn on_fargate_it_is_true_and_elsewhere_it_is_not_there() {
        const FARGATE: &str = r#""requiresCompatibilities": ["FARGATE"],"#;
        const EC2: &str = r#""requiresCompatibilities": ["EC2"],"#;
        let set =
            |value: &str| format!(r#", "environment": [{{"name": "ECS_FARGATE", "value": "{value}"}}]"#);
        for (launch_types, members, expected) in [
            (FARGATE, set("true"), 0),
            (FARGATE, set("True"), 1),
            (FARGATE, set("false"), 1),
            (FARGATE, set("1"), 1),
            (FARGATE, set(""), 1),
            (FARGATE, String::new(), 1),
            (FARGATE, set("true").replace("ECS_FARGATE", "ECS_FARGTE"), 1),
            (FARGATE, r#", "environmentFiles": [{"type": "s3", "value": "arn"}]"#.to_owned(), 0),
            (FARGATE, r#", "command": ["sh", "-c", "ECS_FARGATE=true exec /init"]"#.to_owned(), 0),
            (EC2, set("true"), 1),
            (EC2, set(""), 0),
            (EC2, String::new(), 0),
            (r#""requiresCompatibilities": ["EC2", "FARGATE"],"#, set("true"), 0),
            // It may be started on Fargate.
            ("", set("true"), 0),
            ("", String::new(), 0),
        ] {
            assert_eq!(count(launch_types, &members), expected, "{launch_types} {members}");
        }
    }

    #[test]
    fn an_image_of_ones_own_may_bring_it_along() {
        let document = r#"{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [
            {"name": "datadog-agent", "image": "example.com/datadog-agent:3"}]}"#;
        assert_eq!(findings_of(RULE.name, document), []);
    }
}
