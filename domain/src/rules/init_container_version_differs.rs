//! `init-container-version-differs`

use super::prelude::*;
use crate::rofs::AgentVersion;
use crate::rofs::agent_version::agent_image;
use crate::task::Configuration;

/// An init container of another version than the Agent that gets its files.
pub(super) static RULE: Rule = Rule {
    name: "init-container-version-differs",
    topic: Topic::Agent,
    summary: "The init container has another version than the Agent",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A container that copies the configuration of its image for a Datadog Agent container has an image of the same \
             version as the Agent. Tags that move, digests and images in repositories of your own are not compared.",
    matters: "The copy hides the files of the Agent's own image, so the Agent runs with the checks and the defaults of another \
              release. Some of them may not exist there yet, and others are not there any more.",
    evidence: Evidence {
        source: "Datadog-agent Dockerfile and cont-init.d scripts, which read /etc/datadog-agent of the same release.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Certain(
        "The container that copies the configuration gets the Agent's image, which the task pulls anyway.",
    ),
    failing: AgentExample(
        r#"{ "containerDefinitions": [{ "name": "datadog-init", "image": "public.ecr.aws/datadog/agent:7.60.0" }] }"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[1].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(Configuration::Volume(volume)) = found.known(task.configuration(agent)) else { continue };
        let Some(Some(init)) = found.known(task.init_container(agent, volume)) else { continue };
        let (Some(image), Some(own)) = (found.text(agent.get("image")), found.text(init.get("image"))) else {
            continue;
        };
        if !are_of_two_versions(image, own) {
            continue;
        }
        let says = format!(
            "copies the configuration of its image, {}, for {}, which has {}. The copy hides what the Agent's own image has \
             there.",
            quoted(own),
            agent.called_inside(),
            quoted(image)
        );
        let fix = Fix::from(Edit::set(init, "image", image)).certain();
        found.in_container(init, init.path().key("image"), says, fix);
    }
}

/// Whether two images of the Agent have versions that differ for certain.
pub(super) fn are_of_two_versions(one: &str, other: &str) -> bool {
    let (one, other) = (version(one), version(other));
    differ(one, other) || differ(other, one)
}

fn version(image: &str) -> AgentVersion {
    agent_image(&image.into(), None).version
}

/// Whether no Agent is of both versions, as far as the first one tells.
fn differ(one: AgentVersion, other: AgentVersion) -> bool {
    match (one, other) {
        (AgentVersion::Release(one), AgentVersion::Release(other)) => one != other,
        (AgentVersion::Release(one), AgentVersion::Series { major, minor }) => {
            one.major != major || minor.is_some_and(|minor| minor != one.minor)
        }
        (AgentVersion::Series { major, minor }, AgentVersion::Series { major: other, minor: others }) => {
            major != other || matches!((minor, others), (Some(one), Some(other)) if one != other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    const NAME: &str = "init-container-version-differs";

    #[test]
    fn versions_that_differ_for_certain_are_found() {
        for (init, agent, count) in [
            ("datadog/agent:7.60.0", "datadog/agent:7.81.1", 1),
            ("gcr.io/datadoghq/agent:7.81.0", "public.ecr.aws/datadog/agent:7.81.1", 1),
            ("datadog/agent:7.60", "datadog/agent:7.81.1", 1),
            ("datadog/agent:6", "datadog/agent:7.81.1", 1),
            ("datadog/agent:7.81.1", "datadog/agent:7.60", 1),
            ("datadog/agent:6", "datadog/agent:7", 1),
            ("gcr.io/datadoghq/agent:7.81.1", "public.ecr.aws/datadog/agent:7.81.1", 0),
            ("datadog/agent:7.81.1-jmx", "datadog/agent:7.81.1", 0),
            ("datadog/agent:7", "datadog/agent:7.81.1", 0),
            ("datadog/agent:latest", "datadog/agent:7.81.1", 0),
            ("datadog/agent@sha256:ab", "datadog/agent:7.81.1", 0),
            ("example.com/datadog-agent:7.60.0", "datadog/agent:7.81.1", 0),
        ] {
            let document = format!(
                r#"{{"volumes": [{{"name": "c"}}], "containerDefinitions": [
                    {{"name": "init", "image": "{init}", "essential": false, "command": ["cp", "-r", "/etc/datadog-agent/.", "/config"],
                      "mountPoints": [{{"sourceVolume": "c", "containerPath": "/config"}}]}},
                    {{"name": "dd", "image": "{agent}", "mountPoints": [
                      {{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}}]}}]}}"#
            );
            assert_eq!(findings_of(NAME, &document).len(), count, "{init} {agent}");
            assert_eq!(mended(NAME, &document), (count, vec![]), "{init} {agent}");
        }
    }
}
