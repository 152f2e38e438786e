//! `agent-image-for-windows`

use super::prelude::*;
use crate::rofs::agent_version::GateKind;
use crate::rofs::settings::DEFAULT_IMAGE;

/// A Windows image of the Agent in a task for Linux.
pub(super) static RULE: Rule = Rule {
    name: "agent-image-for-windows",
    topic: Topic::Agent,
    summary: "The Agent's image is made for Windows, the task for Linux",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "In a task that names Linux as its operating system, or runs on Fargate, no Datadog Agent container has an \
             image whose tag names a variant of Windows, such as servercore or ltsc2022. On EC2 a task that names no \
             operating system may be meant for Windows and is not checked.",
    matters: "A Windows image cannot be pulled on Linux, so the task does not start.",
    evidence: Evidence {
        source: "Tags in datadog-agent deploy_mutable_image_tags.yml; Docker's answer \"image operating system windows cannot \
                 be used on this platform\" in docker/for-win issue 4116.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.81.1-servercore" }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[1].image"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if found.known(task.is_surely_for_linux()) != Some(true) {
        return;
    }
    for agent in found.all(task.agents()) {
        let Some(image) = found.text(agent.get("image")) else { continue };
        let gates = task.gates(agent);
        let Some(gate) = gates.iter().find(|gate| gate.kind == GateKind::Windows) else { continue };
        found.in_container(
            agent,
            agent.path().key("image"),
            format!(
                "has the image {}, and the task is for Linux. A Windows image cannot be pulled there.",
                quoted(image)
            ),
            Fix::from(Edit::set(agent, "image", DEFAULT_IMAGE)).and(&gate.fix),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn variants_of_windows_are_found_where_the_task_says_linux() {
        const LINUX: &str = r#""runtimePlatform": {"operatingSystemFamily": "LINUX"},"#;
        for (members, tag, count) in [
            (LINUX, "7.81.1-servercore", 1),
            (LINUX, "7-ltsc2022", 1),
            (LINUX, "7.81.1", 0),
            (LINUX, "7.81.1-jmx", 0),
            (r#""requiresCompatibilities": ["FARGATE"],"#, "7.81.1-servercore", 1),
            (r#""requiresCompatibilities": ["EC2"],"#, "7.81.1-servercore", 0),
            (
                r#""runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},"#,
                "7.81.1-servercore",
                0,
            ),
        ] {
            let document = format!(
                r#"{{{members} "containerDefinitions": [{{"name": "dd", "image": "datadog/agent:{tag}"}}]}}"#
            );
            assert_eq!(findings_of(RULE.name, &document).len(), count, "{members} {tag}");
        }
    }
}
