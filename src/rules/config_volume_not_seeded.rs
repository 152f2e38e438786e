//! `config-volume-not-seeded`

use super::prelude::*;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Content, Source};

/// An empty volume in the place of the Agent's configuration.
pub(super) static RULE: Rule = Rule {
    name: "config-volume-not-seeded",
    topic: Topic::Agent,
    summary: "The Agent's configuration volume stays empty",
    severity: Severity::Error,
    platform: Platform::Fargate,
    control: None,
    checks: "An empty volume that a Datadog Agent container mounts at /etc/datadog-agent is also mounted, \
             writable, by another container that fills it; a tmpfs is never there, because nobody else can \
             fill it. A container of the Agent's image that is to fill it mounts it at another path, so that the \
             volume does not hide what it copies; otherwise that is a warning. An Agent that gets the ecs_fargate check \
             through its Docker labels passes.",
    matters: "The volume hides the configuration and the integration checks that the image has in this \
              directory. The Agent starts, reports itself healthy and collects no ecs.fargate metric: the \
              data is lost without an error. A new volume on Fargate is always empty.",
    evidence: Evidence {
        source: "Datadog-agent issue 15127 and its comments; bind mounts in the Amazon ECS developer guide.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    {
      "name": "datadog-init",
      "command": ["sh", "-c", "chown -R 100:0 /state /sockets"],
      "mountPoints": [
        { "sourceVolume": "dd-run", "containerPath": "/state" },
        { "sourceVolume": "dd-sockets", "containerPath": "/sockets" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("volumes"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in mounts.at(CONFIG) {
            let detail = match mount.source {
                Source::UnknownVolume => {
                    found.undecided();
                    continue;
                }
                Source::Tmpfs => {
                    format!("{} has a tmpfs at {CONFIG}, which is empty at every start.", agent.called())
                }
                Source::Volume(volume) => {
                    if found.known(task.content(volume)) != Some(Content::Nothing) {
                        continue;
                    }
                    match task.writers(volume, agent) {
                        None => {
                            found.undecided();
                            continue;
                        }
                        Some(writers) if !writers.is_empty() => {
                            judge_staging(task, agent, &writers, volume, found);
                            continue;
                        }
                        Some(_) => format!(
                            "{} mounts volume {} at {CONFIG}. The volume is empty when the task starts, and no \
                             other container writes to it.",
                            agent.called(),
                            quoted(volume)
                        ),
                    }
                }
            };
            if found.known(agent.declares_the_check()) != Some(false) {
                continue;
            }
            found.inside_container(
                agent,
                mount.place().key("containerPath"),
                format!("{detail} The Agent would start and collect no ecs.fargate metrics."),
                format!(
                    "Add a container of the same image with \"essential\": false that mounts a volume at another path and \
                     copies {CONFIG} into it, mount that volume here, and let this container wait for its SUCCESS."
                ),
            );
        }
    }
}

/// Whoever is to copy the image's directory into the volume must see both, so the volume cannot lie over the directory.
/// That all of them have it there is a warning only: one of them may fill it from somewhere else.
fn judge_staging<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    writers: &[Container<'a>],
    volume: &str,
    found: &mut Found,
) {
    let lies_over = |writer: &Container<'a>| {
        let mut at_config = task.mounts(writer).at(CONFIG);
        writer.has_agent_image() && at_config.any(|mount| mount.source == Source::Volume(volume))
    };
    let Some(first) = writers.first().filter(|_| writers.iter().all(lies_over)) else { return };
    if !task.knows_all_writers(volume, agent) {
        found.undecided();
        return;
    }
    if found.known(agent.declares_the_check()) != Some(false) {
        return;
    }
    let volume = quoted(volume);
    let finding = found.in_container(
        first,
        first.path().key("mountPoints"),
format!("mounts volume {volume} at {CONFIG}, as {} does. The volume is empty when the task starts and hides what the \
             image has there, so there is nothing to copy into it.", agent.called().replacen("Container", "container", 1)),
        format!("Mount {volume} at another path here, and copy {CONFIG} to that path."));
    finding.severity = Severity::Warning;
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::Severity;

    fn task(agent: &str, volume: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{volume}], "containerDefinitions": [
                {{"name": "dd", "image": "datadog/agent:7.81.1", {agent}}}]}}"#
        )
    }

    const MOUNT: &str = r#""mountPoints": [{"sourceVolume": "c", "containerPath": "/etc/datadog-agent/"}]"#;

    #[test]
    fn an_empty_volume_and_a_tmpfs_are_found() {
        let tmpfs = r#""linuxParameters": {"tmpfs": [{"containerPath": "/etc/datadog-agent", "size": 64}]}"#;
        for (agent, volume) in
            [(MOUNT, r#"{"name": "c"}"#), (MOUNT, r#"{"name": "c", "host": {}}"#), (tmpfs, "")]
        {
            assert_eq!(
                findings_of("config-volume-not-seeded", &task(agent, volume)).len(),
                1,
                "{agent} {volume}"
            );
        }
    }

    #[test]
    fn who_is_to_fill_the_volume_mounts_it_at_another_path() {
        for (image, path, count) in [
            ("datadog/agent:7.81.1", "/config", 0),
            ("datadog/agent:7.81.1", "/etc/datadog-agent", 1),
            ("example.com/seed:1", "/etc/datadog-agent", 0),
        ] {
            let agent = format!(
                r#"{MOUNT}}}, {{"name": "init", "image": "{image}", "essential": false, "command": ["sh", "-c", "cp"],
                    "mountPoints": [{{"sourceVolume": "c", "containerPath": "{path}"}}]"#
            );
            let findings = findings_of("config-volume-not-seeded", &task(&agent, r#"{"name": "c"}"#));
            assert_eq!(findings.len(), count, "{image} {path}");
            assert!(findings.iter().all(|finding| finding.severity == Severity::Warning));
        }
    }

    #[test]
    fn a_volume_with_content_of_its_own_is_not_found() {
        let volume = r#"{"name": "c", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}"#;
        assert_eq!(findings_of("config-volume-not-seeded", &task(MOUNT, volume)), []);
    }

    #[test]
    fn labels_that_declare_the_check_are_enough() {
        let agent =
            format!(r#"{MOUNT}, "dockerLabels": {{"com.datadoghq.ad.checks": "{{\"ecs_fargate\": {{}}}}"}}"#);
        assert_eq!(findings_of("config-volume-not-seeded", &task(&agent, r#"{"name": "c"}"#)), []);
    }
}
