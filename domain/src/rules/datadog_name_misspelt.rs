//! `datadog-name-misspelt`

use super::prelude::*;
use crate::document::Path;
use crate::rofs::known_names::{meant_label, meant_variable};
use crate::rofs::platform::ECS_FARGATE;
use crate::rofs::variables::DD_API_KEY;
use crate::task::Given;

/// A variable or a label whose name is a slip of the pen.
pub(super) static RULE: Rule = Rule {
    name: "datadog-name-misspelt",
    topic: Topic::Agent,
    summary: "A name that Datadog reads is misspelt",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Any,
    control: None,
    checks: "No variable, secret or Docker label has a name that is only a slip away from one that the Datadog Agent or \
             Datadog's libraries read, such as DD_LOG_ENABLED or com.datadoghq.tag.env. A name that is not like any of \
             them is nobody's mistake. Kubernetes' labels for unified service tagging are found as well, because \
             nobody reads them on ECS. A misspelt DD_API_KEY or ECS_FARGATE of an Agent that lacks it is for the rules \
             about these variables.",
    matters: "Nobody reads a misspelt name, and nobody complains: what it says is not done.",
    evidence: Evidence {
        source: "Names in Datadog's documentation and in datadog-agent; datadog-cdk-constructs issue 433 on labels.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "A name that is one of Datadog's in everything but case and signs between words gets Datadog's spelling, where that is free.",
    ),
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_LOG_ENABLED", "value": "true" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "DD_LOGS_ENABLED", "value": "true" }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].environment[1].name"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for list in ["environment", "secrets"] {
            for (index, item) in found.items(container.get(list)) {
                let Some(name) = found.text(item.get("name")) else { continue };
                let Some(meant) = meant_variable(name) else { continue };
                if !is_for_another_rule(task, container, meant, found) {
                    let path = container.path().key(list).index(index);
                    variable(container, path, name, meant, found);
                }
            }
        }
        labels(task, container, found);
    }
}

/// What an Agent lacks is told by the rules about it, which name the misspelt variable.
fn is_for_another_rule<'a>(
    task: &TaskDefinition<'a>,
    container: &Container<'a>,
    meant: &str,
    found: &mut Found,
) -> bool {
    if ![DD_API_KEY, ECS_FARGATE].contains(&meant) {
        return false;
    }
    match found.known(task.is_agent(container)) {
        Some(false) => return false,
        Some(true) => {}
        None => return true,
    }
    match container.given(meant) {
        Given::Text("", _) | Given::Absent => {
            meant == DD_API_KEY || found.known(task.fargate).is_none_or(|fargate| fargate)
        }
        Given::Unknown | Given::PerhapsByFile => {
            found.undecided();
            true
        }
        Given::Text(..) | Given::Secret => false,
    }
}

fn variable(container: &Container<'_>, path: Path, name: &str, meant: &'static str, found: &mut Found) {
    let is_there = ["environment", "secrets"]
        .iter()
        .any(|list| container.get(list).items().iter().any(|item| item.get("name").as_str() == Some(meant)));
    let fix = match is_there {
        true => Fix::from(Edit::without(path.clone()).of(container).called(quoted(name)))
            .and(format!("{meant} is set already.")),
        false => Fix::from(Edit::at(path.clone().key("name"), meant).of(container))
            .certain_if(are_alike(name, meant)),
    };
    found.in_container(
        container,
        path.key("name"),
        format!("has a variable {}, which nobody reads. Did you mean {meant}?", quoted(name)),
        fix,
    );
}

fn labels(task: &TaskDefinition<'_>, container: &Container<'_>, found: &mut Found) {
    let labels = container.get("dockerLabels");
    if labels.is_unknown() {
        found.undecided();
    }
    let Node::Object(members) = labels else { return };
    for (label, _) in members.iter() {
        let Some(meant) = meant_label(label) else { continue };
        let path = container.path().key("dockerLabels");
        let (written, target) = (path.clone().key(label), path.key(meant));
        let fix = match task.document.at(&target).is_null() {
            true => Fix::from(Edit::moved(written.clone(), target)).certain_if(are_alike(label, meant)),
            false => Fix::from(Edit::without(written.clone())).and(format!("{meant} is set already.")),
        };
        let says = format!(
            "has a Docker label {}, which nobody reads {}. Did you mean {}?",
            quoted(label),
            task.words().place,
            quoted(meant)
        );
        found.in_container(container, written, says, fix);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn count(image: &str, members: &str) -> usize {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [
                {{"name": "a", "image": "{image}", {members}}}]}}"#
        );
        let count = findings_of(RULE.name, &document).len();
        assert_eq!(mended(RULE.name, &document), (count, vec![]), "{document}");
        count
    }

    #[test]
    fn slips_are_found_in_every_list_and_other_names_are_not() {
        const AGENT: &str = "datadog/agent:7.81.1";
        let variable = |name: &str| format!(r#""environment": [{{"name": "{name}", "value": "x"}}]"#);
        let secret = |name: &str| format!(r#""secrets": [{{"name": "{name}", "valueFrom": "arn"}}]"#);
        let label = |name: &str| format!(r#""dockerLabels": {{"{name}": "x"}}"#);
        for (image, members, expected) in [
            (AGENT, variable("DD_STIE"), 1),
            (AGENT, variable("DD_SITE"), 0),
            (AGENT, variable("DD_MY_TEAM"), 0),
            // The rules about what the Agent lacks tell of these.
            (AGENT, variable("DD_APIKEY"), 0),
            (AGENT, variable("ECS_FARGTE"), 0),
            (AGENT, format!("{}, {}", variable("DD_APIKEY"), secret("DD_API_KEY")), 1),
            ("shop:1", variable("DD_APIKEY"), 1),
            ("shop:1", secret("DD_APP_KYE"), 1),
            ("shop:1", variable("DD_TRACE_ENABLE"), 1),
            ("shop:1", variable("DD_TRACE_PG_ENABLED"), 0),
            ("shop:1", label("tags.datadoghq.com/env"), 1),
            ("shop:1", label("com.datadoghq.tag.env"), 1),
            ("shop:1", label("com.datadoghq.tags.env"), 0),
            ("shop:1", label("com.example.tags.env"), 0),
            (
                "shop:1",
                r#""dockerLabels": {"com.datadoghq.tags.evn": "x", "com.datadoghq.tags.env": "x"}"#
                    .to_owned(),
                1,
            ),
        ] {
            assert_eq!(count(image, &members), expected, "{image} {members}");
        }
    }
}
