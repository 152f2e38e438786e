//! `init-container-cannot-write`

use super::prelude::*;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::task::{Configuration, Filling};

/// An init container whose user cannot write to the volume that it fills.
pub(super) static RULE: Rule = Rule {
    name: "init-container-cannot-write",
    topic: Topic::Agent,
    summary: "The init container's user cannot write to the volume that it fills",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Fargate,
    control: None,
    checks: "A container that copies the configuration of Datadog's Agent image into an empty volume runs as root, as the image \
             does by itself, unless another container may have given the volume to its user.",
    matters: "On Fargate an empty volume belongs to root, with mode 0755, and the Agent's image declares no VOLUME that would \
              change that. Another user cannot write there or change the owner: the copy fails, and the Agent that waits for \
              it never starts.",
    evidence: Evidence {
        source: "Bind mounts in the Amazon ECS developer guide; datadog-agent Dockerfile.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-init", "user": "100" }] }"#),
    passing: AgentExample("{}"),
    undecided: Undecided::Failing("containerDefinitions[0].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(Configuration::Volume(volume)) = found.known(task.configuration(agent)) else { continue };
        let Some(writers) = found.known(task.writers(volume, agent)) else { continue };
        if !task.knows_all_writers(volume, agent) {
            found.undecided();
        }
        for init in &writers {
            let Some(user) = found.text(init.get("user")) else { continue };
            let is_datadogs =
                init.get("image").as_str().and_then(Image::parse).is_some_and(|it| it.is_datadog_agent());
            if init.get("image").is_unknown() {
                found.undecided();
            }
            if runs_as(Some(&user.into())) == RunsAs::Root
                || !is_datadogs
                || found.known(task.filling(init, volume)) != Some(Filling::Fills)
                || found.known(task.is_of_root(volume)) != Some(true)
                || others_may_hand_over(task, agent, init, &writers, volume, found)
            {
                continue;
            }
            let says = format!(
                "runs as user {} and copies the Agent's configuration to volume {}, which belongs to root {}. The copy fails, \
                 and {}, which needs it, does not start.",
                quoted(user),
                quoted(volume),
                task.words().at_first,
                agent.called_inside()
            );
            found.in_container(init, init.path().key("user"), says, Edit::set(init, "user", "0"));
        }
    }
}

/// Whether another container may give the volume to the user of this one first.
fn others_may_hand_over<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    init: &Container<'a>,
    writers: &[Container<'a>],
    volume: &str,
    found: &mut Found,
) -> bool {
    let others = writers.iter().filter(|writer| writer.index != init.index);
    for other in others {
        match task.may_hand_over(other, volume, |_| true) {
            Some(false) => {}
            Some(true) => return true,
            None => {
                found.undecided();
                return true;
            }
        }
    }
    !task.knows_all_writers(volume, agent)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    const NAME: &str = "init-container-cannot-write";

    fn task(user: &str, image: &str, command: &str, other: &str, volume: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "volumes": [{{"name": "c"{volume}}}], "containerDefinitions": [
                {{"name": "init", "image": "{image}", "essential": false, "user": "{user}",
                  "command": ["sh", "-c", "{command}"], "mountPoints": [{{"sourceVolume": "c", "containerPath": "/config"}}]}},
                {{"name": "dd", "image": "datadog/agent:7.81.1", "mountPoints": [
                  {{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}}]}}{other}]}}"#
        )
    }

    #[test]
    fn another_user_than_root_is_found_where_nobody_gives_it_the_volume() {
        const COPY: &str = "cp -r /etc/datadog-agent/. /config/";
        const AGENT: &str = "public.ecr.aws/datadog/agent:7.81.1";
        let gives = |command: &str| {
            format!(
                r#", {{"name": "own", "image": "busybox:1.37", "essential": false, "command": {command},
                    "mountPoints": [{{"sourceVolume": "c", "containerPath": "/c"}}]}}"#
            )
        };
        let efs = r#", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#;
        for (user, image, command, other, volume, count) in [
            ("100", AGENT, COPY, String::new(), "", 1),
            ("1000:1000", AGENT, COPY, String::new(), "", 1),
            ("dd-agent", AGENT, COPY, String::new(), "", 1),
            (
                "100:0",
                AGENT,
                "cp -a /etc/datadog-agent/. /config/ && chown -R 100 /config",
                String::new(),
                "",
                1,
            ),
            ("0", AGENT, COPY, String::new(), "", 0),
            ("root:root", AGENT, COPY, String::new(), "", 0),
            ("", AGENT, COPY, String::new(), "", 0),
            ("100", "ghcr.io/acme/datadog-agent-custom:1", COPY, String::new(), "", 0),
            ("100", AGENT, "/seed.sh", String::new(), "", 0),
            ("100", AGENT, COPY, String::new(), efs, 0),
            ("100", AGENT, COPY, gives(r#"["chown", "100", "/c"]"#), "", 0),
            ("100", AGENT, COPY, gives(r#"["chmod", "0777", "/c"]"#), "", 0),
            ("100", AGENT, COPY, gives(r#"["/own.sh"]"#), "", 0),
            ("100", AGENT, COPY, gives(r#"["true"]"#), "", 1),
        ] {
            let document = task(user, image, command, &other, volume);
            assert_eq!(
                findings_of(NAME, &document).len(),
                count,
                "{user} {image} {command} {other} {volume}"
            );
            assert_eq!(mended(NAME, &document), (count, vec![]), "{user}");
        }
    }
}
