//! `agent-version-too-old`

use super::init_container_version_differs::are_of_two_versions;
use super::prelude::*;
use crate::rofs::agent_version::GateKind;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::task::Configuration;

/// An Agent that crashes on a read-only root filesystem.
pub(super) static RULE: Rule = Rule {
    name: "agent-version-too-old",
    topic: Topic::Agent,
    summary: "The Agent is too old for a read-only root filesystem",
    severity: Severity::Error,
    judges: Judges::Workload,
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
    mends: Mends::Risk,
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
                    Fix::write(newer(task, agent))
                        .and("Any newer release will do, and so will a copy of it in your own registry."),
                );
            }
            _ => {}
        }
    }
}

/// A newer image for the Agent, and for the container that copies the configuration of the same one for it.
fn newer<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>) -> Vec<Edit> {
    let mut edits = vec![Edit::set(agent, "image", DEFAULT_IMAGE)];
    if let Some(Configuration::Volume(volume)) = task.configuration(agent)
        && let Some(Some(init)) = task.init_container(agent, volume)
        && init.get("image").as_str().is_some_and(|image| are_of_two_versions(image, DEFAULT_IMAGE))
    {
        edits.push(Edit::set(init, "image", DEFAULT_IMAGE));
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, findings_of};
    use super::super::{Subject, judge};

    #[test]
    fn the_init_container_gets_the_newer_image_as_well() {
        for (init, is_changed) in [
            ("datadog/agent:7.57.1", true),
            ("datadog/agent:7.57", true),
            ("datadog/agent:latest", false),
            ("example.com/datadog-agent:7.57.1", false),
        ] {
            let mut document = document(&format!(
                r#"{{"volumes": [{{"name": "c"}}], "containerDefinitions": [
                    {{"name": "init", "image": "{init}", "essential": false,
                      "command": ["cp", "-r", "/etc/datadog-agent/.", "/config"],
                      "mountPoints": [{{"sourceVolume": "c", "containerPath": "/config"}}]}},
                    {{"name": "dd", "image": "datadog/agent:7.57.1", "readonlyRootFilesystem": true,
                      "dependsOn": [{{"containerName": "init", "condition": "SUCCESS"}}],
                      "mountPoints": [{{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}}]}}]}}"#
            ));
            let findings = judge(&Subject::of(&document)).findings;
            let finding = findings.iter().find(|finding| finding.rule == "agent-version-too-old");
            finding.expect("the Agent is too old").fix.apply(&mut document);
            let left: Vec<&str> =
                judge(&Subject::of(&document)).findings.iter().map(|finding| finding.rule).collect();
            assert!(!left.contains(&"init-container-version-differs"), "{init} {left:?}");
            let of_init = document.get("containerDefinitions").items()[0].get("image").as_str();
            assert_eq!(of_init != Some(init), is_changed, "{init}");
        }
    }

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
