//! `agent-api-key-missing`

use super::API_KEY_MISSING;
use super::prelude::*;
use crate::rofs::known_names;
use crate::rofs::variables::DD_API_KEY;
use crate::task::Given;

/// An Agent without an API key.
pub(super) static RULE: Rule = Rule {
    name: API_KEY_MISSING,
    topic: Topic::Agent,
    summary: "The Agent has no API key",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container has a value for DD_API_KEY that is not empty, among its secrets or its variables. \
             Where it has an environment file, or its start command names the variable, the key may come from there, so \
             nothing is found. For an image that is not Datadog's own a missing key is a warning, because such an image \
             may bring it along.",
    matters: "The first start script of the Agent's image (01-check-apikey.sh) exits with 1 where the variable is empty, \
              and the container stops.",
    evidence: Evidence {
        source: "Start script 01-check-apikey.sh of datadog-agent.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "secrets": null }] }"#),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("containerDefinitions[1].secrets"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let empty = match agent.given(DD_API_KEY) {
            Given::Secret => continue,
            Given::Text(value, _) if !value.trim().is_empty() => continue,
            Given::Text(_, index) => Some(index),
            Given::Absent => None,
            Given::PerhapsByFile | Given::Unknown => {
                found.undecided();
                continue;
            }
        };
        if found.known(agent.its_start_names(DD_API_KEY)) == Some(false) {
            report(task, agent, empty, found);
        }
    }
}

fn report(task: &TaskDefinition<'_>, agent: &Container<'_>, empty: Option<usize>, found: &mut Found) {
    let variables = agent.path().key("environment");
    let misspelt = misspelt(agent);
    let (path, says) = match (empty, &misspelt) {
        (Some(index), _) => (variables.index(index).key("value"), "has an empty DD_API_KEY.".to_owned()),
        (None, Some((list, index, name))) => (
            agent.path().key(list).index(*index).key("name"),
            format!("has no DD_API_KEY; it has {}.", quoted(name)),
        ),
        (None, None) => (variables, "has no DD_API_KEY.".to_owned()),
    };
    let fix = match (empty, misspelt) {
        (None, Some(_)) => Edit::at(path.clone(), DD_API_KEY).of(agent).into(),
        (empty, _) => as_secret(task, agent, empty),
    };
    let finding = found.in_container(
        agent,
        path,
        format!("{says} The Agent's image does not start without an API key, and the container stops."),
        fix,
    );
    let is_datadogs = agent.get("image").as_str().and_then(Image::parse);
    if !is_datadogs.is_some_and(|image| image.is_datadog_agent()) {
        finding.severity = Severity::Warning;
    }
}

/// A variable or secret whose name is nearly that of the key: its list, its place and its name.
fn misspelt<'a>(container: &Container<'a>) -> Option<(&'static str, usize, &'a str)> {
    ["secrets", "environment"].into_iter().find_map(|list| {
        let named = container.get(list).items().iter().enumerate();
        let mut names = named.filter_map(|(index, item)| Some((index, item.get("name").as_str()?)));
        let is_meant = |name: &str| known_names::meant_variable(name) == Some(DD_API_KEY);
        names.find(|(_, name)| is_meant(name)).map(|(index, name)| (list, index, name))
    })
}

/// The key as a secret, and the role without which ECS rejects secrets.
fn as_secret(task: &TaskDefinition<'_>, agent: &Container<'_>, empty: Option<usize>) -> Fix {
    let secret = Node::from([("name", DD_API_KEY.into()), ("valueFrom", stand_in::SECRET.into())]);
    let taken_out = empty.map(|index| {
        Edit::without(agent.path().key("environment").index(index)).of(agent).called(DD_API_KEY)
    });
    let mut edits = Vec::from_iter(taken_out);
    edits.push(Edit::add(agent, "secrets", secret));
    if task.is_of_ecs() && task.has_execution_role() == Some(false) {
        edits.push(Edit::set_in_task("executionRoleArn", stand_in::EXECUTION_ROLE));
    }
    if !task.is_of_ecs() {
        let words = task.words();
        return Fix::write(edits)
            .and(format!("{} then takes the key from {}.", words.reader, words.secrets_come_from));
    }
    Fix::write(edits).and(
        "The ARN is an example. Write that of the Secrets Manager secret or SSM parameter that holds the key. The \
         execution role has to be allowed to read it.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn agent(image: &str, members: &str) -> String {
        format!(r#"{{"containerDefinitions": [{{"name": "datadog-agent", "image": "{image}"{members}}}]}}"#)
    }

    const IMAGE: &str = "datadog/agent:7.81.1";

    #[test]
    fn a_key_may_come_from_many_places() {
        for (members, count) in [
            ("", 1),
            (r#", "environment": [{"name": "DD_API_KEY", "value": ""}]"#, 1),
            (r#", "environment": [{"name": "DD_API_KEY", "value": " "}]"#, 1),
            (r#", "environment": [{"name": "DD_APP_KEY", "value": "x"}]"#, 1),
            (r#", "environment": [{"name": "DD_API_KEY", "value": "ENC[key]"}]"#, 0),
            (r#", "secrets": [{"name": "DD_API_KEY", "valueFrom": "arn"}]"#, 0),
            (r#", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/a.env"}]"#, 0),
            (r#", "command": ["sh", "-c", "export DD_API_KEY=$(cat /run/key); exec /init"]"#, 0),
            (r#", "command": ["sh", "-c", "cp -r /etc/datadog-agent/. /config/"]"#, 0),
        ] {
            let document = agent(IMAGE, members);
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{members}");
            assert_eq!(mended(RULE.name, &document), (count, vec![]), "{members}");
        }
    }

    #[test]
    fn an_image_of_ones_own_may_bring_the_key_along() {
        let finding = findings_of(RULE.name, &agent("example.com/datadog-agent:3", "")).remove(0);
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(findings_of(RULE.name, &agent(IMAGE, ""))[0].severity, Severity::Error);
    }

    #[test]
    fn a_misspelt_key_is_named_and_renamed() {
        let members = r#", "secrets": [{"name": "DD_APIKEY", "valueFrom": "arn"}]"#;
        let finding = findings_of(RULE.name, &agent(IMAGE, members)).remove(0);
        assert_eq!(finding.path.to_string(), "containerDefinitions[0].secrets[0].name");
        assert!(finding.detail().contains("\"DD_APIKEY\""), "{}", finding.detail());
        assert_eq!(mended(RULE.name, &agent(IMAGE, members)), (1, vec![]));
    }
}
