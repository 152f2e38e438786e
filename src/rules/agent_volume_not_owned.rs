//! `agent-volume-not-owned`

use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::writable_path::{CONFIG, RUN, SOCKETS};
use crate::task::{Content, Source, Variable, normalized};

/// Directories of root under an Agent that is not root.
pub(super) static RULE: Rule = Rule {
    name: "agent-volume-not-owned",
    topic: Topic::Agent,
    summary: "The Agent's user cannot write to its volumes",
    severity: Severity::Warning,
    platform: Platform::Fargate,
    control: None,
    checks: "A Datadog Agent container that runs as user 100 has no empty volume at /etc/datadog-agent, /opt/datadog-agent/run \
             (or where DD_RUN_PATH points) or /var/run/datadog that no container hands over. One that is not essential, or \
             has the Agent's image, and mounts the volume writable is taken to do so.",
    matters: "On Fargate an empty volume belongs to root, with mode 0755, unless the image declares a VOLUME at exactly that \
              path, which the Agent's image does for none of the three. User 100 cannot write there: the container stops at \
              start, or runs without Remote Configuration and without sockets.",
    evidence: Evidence {
        source: "Bind mounts in the Amazon ECS developer guide; datadog-agent Dockerfile and pull request 44357.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-init",
      "command": ["sh", "-c", "cp -RPpf /etc/datadog-agent/. /config/ && chown -R 100:0 /config /sockets"],
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/config" },
        { "sourceVolume": "dd-sockets", "containerPath": "/sockets" }
      ]
    },
    { "name": "datadog-agent", "user": "100" }
  ]
}"#,
    ),
    passing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "100" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[1].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(user) = found.text(agent.get("user")) else { continue };
        if agent.get("image").is_unknown() {
            found.undecided();
        }
        // Another image may declare the volumes.
        if runs_as(Some(&user.into())) != RunsAs::DatadogAgent || !agent.has_agent_image() {
            continue;
        }
        let run = match agent.variable("DD_RUN_PATH") {
            Variable::Absent | Variable::Known("") => Some(RUN.into()),
            Variable::Known(path) => Some(normalized(path)),
            Variable::Unknown => None,
        };
        if run.is_none() {
            found.undecided();
        }
        let mut volumes: Vec<&str> = Vec::new();
        for path in [Some(CONFIG), run.as_deref(), Some(SOCKETS)].into_iter().flatten() {
            volumes.extend(not_owned(task, agent, path, found));
        }
        if !volumes.is_empty() {
            let volumes: Vec<String> = volumes.into_iter().map(quoted).collect();
            let volumes = volumes.join(", ");
            found.in_container(
                agent,
                agent.path().key("user"),
format!("runs as user {} and mounts {volumes}. Such a volume belongs to root when the task starts, and nothing \
                     hands it over, so the Agent cannot write to it.", quoted(user)),
                format!(
                    "Let a container with \"user\": \"0\" and \"essential\": false mount {volumes} and run chown -R 100:0 over \
                     them, and wait here for its SUCCESS."
                ));
        }
    }
}

/// The volume at a path that is root's for all that the task definition does about it.
fn not_owned<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    path: &str,
    found: &mut Found,
) -> Option<&'a str> {
    let mounts = task.mounts(agent);
    // What is not known yet may be mounted at the same path.
    if !mounts.complete {
        found.undecided();
        return None;
    }
    let mount = mounts.at(path).next()?;
    let volume = match mount.source {
        Source::Volume(volume) => volume,
        Source::UnknownVolume => {
            found.undecided();
            return None;
        }
        // Its owner is set by its options.
        Source::Tmpfs => return None,
    };
    // That a volume may only be read is for the rule writable-path-not-mounted.
    if mount.read_only != Some(false) || found.known(task.content(volume)) != Some(Content::Nothing) {
        return None;
    }
    let writers = task.writers(volume, agent).unwrap_or_default();
    let hands_over = |writer: &Container<'a>| writer.may_prepare_the_agent();
    if writers.iter().any(|writer| hands_over(writer) == Some(true)) {
        return None;
    }
    if !task.knows_all_writers(volume, agent) || writers.iter().any(|writer| hands_over(writer).is_none()) {
        found.undecided();
        return None;
    }
    // A configuration that nobody fills is for the rule config-volume-not-seeded.
    (path != CONFIG || !writers.is_empty()).then_some(volume)
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(user: &str, writer: &str, volume: &str) -> usize {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "r"{volume}}}], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", "user": "{user}", "mountPoints": [
                {{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}}]}},
                {{"name": "w", "image": "w:1"{writer}, "mountPoints": [{{"sourceVolume": "r", "containerPath": "/r"}}]}}]}}"#
        );
        findings_of("agent-volume-not-owned", &document).len()
    }

    #[test]
    fn root_needs_nothing_and_user_100_a_container_that_hands_over() {
        for (user, writer, volume, expected) in [
            ("100", "", "", 1),
            ("dd-agent:root", "", "", 1),
            ("0", "", "", 0),
            ("100", r#", "essential": false"#, "", 0),
            ("100", r#", "essential": "<unknown>""#, "", 0),
            ("100", r#", "volumesFrom": "<unknown>""#, "", 0),
            ("100", "", r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#, 0),
        ] {
            assert_eq!(count(user, writer, volume), expected, "{user} {writer} {volume}");
        }
    }
}
