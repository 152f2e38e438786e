//! `duplicate-variable`

use super::prelude::*;

/// A variable that is set twice in the environment of a container.
pub(super) static RULE: Rule = Rule {
    name: "duplicate-variable",
    topic: Topic::Form,
    summary: "A variable is set twice",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No variable is set twice in the environment of a container.",
    matters: "ECS accepts such a list, and only one of the values reaches the container. Which one depends on the order of \
              the list, so sorting it can change what the application does.",
    evidence: Evidence {
        source: "Behavior of the ECS API, which keeps both entries; which of the values wins was not tried on Fargate.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("The second of two entries that are the same in everything goes."),
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "environment": [
        { "name": "LOG_LEVEL", "value": "info" },
        { "name": "LOG_LEVEL", "value": "debug" }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "environment": [{ "name": "LOG_LEVEL", "value": "info" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environment[1].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let variables = found.items(container.get("environment"));
        let names = variables
            .filter_map(|(index, variable)| Some((index, found.text(variable.get("name"))?)))
            .filter(|(_, name)| !name.is_empty())
            // By length first: names seldom have the same, and then nobody looks at their letters.
            .map(|(index, name)| (index, (name.len(), name)));
        for Repetition { first, again, what: (_, what) } in repetitions(names) {
            let variable = container.path().key("environment").index(again);
            let entries = container.get("environment").items();
            let is_the_same = entries[again].is_wholly_known() && entries[again] == entries[first];
            found.in_container(
                container,
                variable.clone().key("name"),
                format!(
                    "sets {} in environment[{first}] and again in environment[{again}]. One of the values is lost.",
                    quoted(what)
                ),
                Fix::from(Edit::without(variable).of(container))
                    .certain_if(is_the_same)
                    .and(format!("If its value is the right one, remove environment[{first}] instead.")),
            );
        }
    }
}
