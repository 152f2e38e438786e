//! `agent-version-too-old`

use super::prelude::*;
use crate::rofs::agent_version::GateKind;
use crate::rofs::settings::DEFAULT_IMAGE;

/// An Agent that crashes on a read-only root filesystem.
pub(super) static RULE: Rule = Rule {
    name: "agent-version-too-old",
    topic: Topic::Agent,
    summary: "The Agent is too old for a read-only root filesystem",
    severity: Severity::Error,
    platform: Platform::Linux,
    control: None,
    checks: "The image tag of a Datadog Agent container with a read-only root filesystem is 7.57.2 or \
             newer.",
    matters: "In Agent 7.57.0 the trace Agent exits when the socket directory is not writable, and up to 7.57.1 \
              the core Agent panics in its log launcher on a read-only filesystem.",
    evidence: Evidence {
        source: "Datadog-agent CHANGELOG 7.57.1 and 7.57.2 and issue 29320.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "datadog-init", "image": "public.ecr.aws/datadog/agent:7.57.1" },
    { "name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.57.1" }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.81.1" }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(image) = found.text(agent.get("image")) else { continue };
        let too_old = task.gates(agent).into_iter().find(|gate| gate.kind == GateKind::TooOld);
        match (too_old, agent.read_only_root()) {
            (Some(_), None) => found.undecided(),
            (Some(gate), Some(true)) => {
                found.in_container(
                    agent,
                    agent.path().key("image"),
                    format!("runs {} on a read-only root filesystem. {}", quoted(image), gate.detail),
                    Fix::from(Edit::set(agent, "image", DEFAULT_IMAGE))
                        .and("Any newer release will do, and so will a copy of it in your own registry."),
                );
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn the_version_counts_with_a_read_only_root_only() {
        for (tag, read_only, count) in [
            ("7.57.1", true, 1),
            ("7.57.1", false, 0),
            ("7.57.2", true, 0),
            ("6", true, 1),
            ("7", true, 0),
            ("latest", true, 0),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:{tag}",
                    "readonlyRootFilesystem": {read_only}}}]}}"#
            );
            assert_eq!(findings_of("agent-version-too-old", &document).len(), count, "{tag}");
        }
    }
}
