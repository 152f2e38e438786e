//! `entrypoint-variable-set`

use super::prelude::*;
use crate::rofs::variables::ENTRYPOINT;
use crate::task::Given;

/// A variable that makes the Agent's image start something else.
pub(super) static RULE: Rule = Rule {
    name: "entrypoint-variable-set",
    topic: Topic::Agent,
    summary: "A variable ENTRYPOINT changes what the Agent's image starts",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "No Datadog Agent container that starts as its image does has a variable ENTRYPOINT. A container that \
             prepares the Agent with one of the image's init scripts is not checked, and neither is the value _default, \
             which changes nothing.",
    matters: "The image's own start script runs the script of that name below /opt/entrypoints. With agent the core Agent \
              runs alone, without its start scripts and without the trace Agent; with a name that is not there the \
              container stops.",
    evidence: Evidence {
        source: "Files entrypoint.sh and entrypoint.d of the datadog-agent image.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "environment": [
        { "name": "ECS_FARGATE", "value": "true" },
        { "name": "ENTRYPOINT", "value": "agent" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[1].environment[1].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        // Whoever replaces the command runs the script only by its name.
        let Some(runs_the_script) = found.known(agent.runs_the_images_start_script()) else { continue };
        if !runs_the_script {
            continue;
        }
        let (path, item) = match agent.given(ENTRYPOINT) {
            Given::Text("" | "_default", _) | Given::Absent => continue,
            Given::PerhapsByFile | Given::Unknown => {
                found.undecided();
                continue;
            }
            Given::Text(_, index) => {
                (agent.variable_path(index), agent.path().key("environment").index(index))
            }
            Given::Secret => {
                let secrets = agent.get("secrets").items();
                let named = |secret: &Node| secret.get("name").as_str() == Some(ENTRYPOINT);
                let Some(index) = secrets.iter().position(named) else { continue };
                let item = agent.path().key("secrets").index(index);
                (item.clone(), item)
            }
        };
        found.in_container(
            agent,
            path,
            "has a variable ENTRYPOINT. The Agent's image runs the script that it names instead of its usual start, so the \
             Agent does not run as it should.",
            Edit::without(item).of(agent).called(ENTRYPOINT),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn count(members: &str) -> usize {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1", {members}}}]}}"#
        );
        let count = findings_of(RULE.name, &document).len();
        assert_eq!(mended(RULE.name, &document), (count, vec![]), "{document}");
        count
    }

    #[test]
    fn it_matters_where_the_images_script_runs() {
        let set = |value: &str| format!(r#""environment": [{{"name": "ENTRYPOINT", "value": "{value}"}}]"#);
        for (members, expected) in [
            (set("agent"), 1),
            (set("trace-agent"), 1),
            (set("/my/start.sh"), 1),
            (r#""secrets": [{"name": "ENTRYPOINT", "valueFrom": "arn"}]"#.to_owned(), 1),
            (format!(r#"{}, "command": ["/bin/entrypoint.sh"]"#, set("agent")), 1),
            (format!(r#"{}, "command": ["/init"]"#, set("agent")), 0),
            (set(""), 0),
            (set("_default"), 0),
            (set("init-config"), 0),
            (set("agent").replace("ENTRYPOINT", "ENTRY_POINT"), 0),
        ] {
            assert_eq!(count(&members), expected, "{members}");
        }
    }
}
