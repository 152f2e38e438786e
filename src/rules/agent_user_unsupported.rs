//! `agent-user-unsupported`

use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};

/// An Agent that runs as a user that its image does not support.
pub(super) static RULE: Rule = Rule {
    name: "agent-user-unsupported",
    topic: Topic::Agent,
    summary: "The Agent's image cannot run as this user",
    severity: Severity::Error,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container that sets a user sets root (0) or dd-agent (100).",
    matters: "The supervisor in the Agent's image changes the owner of its scripts when it starts. That fails for \
              every other user, and the container stops.",
    evidence: Evidence { source: "Datadog-agent issue 11131.", seen: "2026-11", status: Status::Verified },
    rejection: Rejection::None,
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "1000" }] }"#),
    passing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "100" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[1].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(user) = found.text(agent.get("user")) else { continue };
        if runs_as(Some(&user.into())) == RunsAs::Other {
            found.in_container(
                agent,
                agent.path().key("user"),
                format!(
                    "runs as user {}. The Agent's image can only start as root or as user 100.",
                    quoted(user)
                ),
                Fix::from(Edit::set(agent, "user", "100"))
                    .and("Without a user the Agent runs as root, which works as well."),
            );
        }
    }
}
