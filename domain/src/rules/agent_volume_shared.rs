//! `agent-volume-shared`

use super::prelude::*;
use crate::rofs::writable_path::{CONFIG, RUN, SOCKETS, TMP};
use crate::task::{Mount, Source};

/// An application that can write where the Agent keeps its configuration or its state.
pub(super) static RULE: Rule = Rule {
    name: "agent-volume-shared",
    topic: Topic::Agent,
    summary: "A container can write to a volume of the Agent",
    severity: Severity::Warning,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "No essential container other than an Agent mounts a volume writable that a Datadog Agent container mounts at \
             /etc/datadog-agent or /opt/datadog-agent/run. The volumes of the sockets and of /tmp are meant to be shared, a \
             container that ends may prepare a volume, and reading does no harm.",
    matters: "The other container writes among the Agent's own files: it can change what the Agent runs and read its \
              authentication token. In turn the Agent's files hide what the other image has at that path.",
    evidence: Evidence {
        source: "Files of the two directories in the datadog-agent repository (auth_token, conf.d, run path).",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "app", "mountPoints": [{ "sourceVolume": "dd-run", "containerPath": "/srv/state" }] }
  ]
}"#,
    ),
    passing: AgentExample(
        r#"{
  "containerDefinitions": [
    { "name": "app", "mountPoints": [{ "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" }] }
  ]
}"#,
    ),
    undecided: Undecided::Passing("containerDefinitions[2].mountPoints[0].sourceVolume"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let agents = found.all(task.agents());
    for agent in agents {
        let mounts = task.mounts(agent);
        let sockets = [SOCKETS, TMP];
        let is_unknown = |path| mounts.at(path).any(|mount| mount.source == Source::UnknownVolume);
        if !mounts.complete || sockets.into_iter().any(is_unknown) {
            found.undecided();
            continue;
        }
        for (path, kept) in [(CONFIG, "configuration"), (RUN, "state")] {
            for mount in mounts.at(path) {
                let volume = match mount.source {
                    Source::Volume(volume) => volume,
                    Source::UnknownVolume => {
                        found.undecided();
                        continue;
                    }
                    Source::Tmpfs => continue,
                };
                if sockets.iter().any(|path| mounts.at(path).any(|other| other.source == mount.source)) {
                    continue;
                }
                for other in found.all(task.containers()) {
                    if !agents.iter().any(|agent| agent.index == other.index) {
                        judge_other(task, agent, other, volume, kept, found);
                    }
                }
            }
        }
    }
}

fn judge_other<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'_>,
    other: &Container<'a>,
    volume: &str,
    kept: &str,
    found: &mut Found,
) {
    let may_prepare = other.may_prepare_the_agent();
    if may_prepare == Some(true) {
        return;
    }
    let mounts = task.mounts(other);
    if !mounts.complete {
        found.undecided();
    }
    // What every task of a group has, nobody can take from it.
    for mount in mounts.known.iter().filter(|mount| !mount.is_implied) {
        let certain = match mount.source {
            Source::Volume(name) if name == volume => may_prepare == Some(false),
            Source::UnknownVolume => false,
            _ => continue,
        };
        match mount.read_only {
            Some(true) => {}
            Some(false) if certain => {
                found.in_container(
                    other,
                    mount.place().key("sourceVolume"),
                    format!(
                        "can write to volume {} at {}, where {} keeps its {kept}.",
                        quoted(volume),
                        mount.path,
                        agent.called_inside()
                    ),
                    way_out(other, mount, task.words().container),
                );
            }
            _ => found.undecided(),
        }
    }
}

fn way_out(other: &Container<'_>, mount: &Mount<'_>, container: &str) -> Fix {
    // Where it is written it is a mount of a third container, which may well have to write.
    if mount.is_taken_over(other) {
        return "Mount a volume of its own there instead of taking this one over.".into();
    }
    Fix::from(Edit::at(mount.place().key("readOnly"), true).of(other))
        .and(format!("If the {container} has to write there, mount another volume instead."))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn count(app: &str, more: &str) -> usize {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1", "mountPoints": [
                {{"sourceVolume": "c", "containerPath": "/etc/datadog-agent"}},
                {{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}},
                {{"sourceVolume": "s", "containerPath": "/var/run/datadog"}}{more}]}},
                {{"name": "app", {app}}}]}}"#
        );
        findings_of("agent-volume-shared", &document).len()
    }

    #[test]
    fn sockets_are_shared_and_reading_and_preparing_are_no_harm() {
        let at = |volume: &str| {
            format!(r#""mountPoints": [{{"sourceVolume": "{volume}", "containerPath": "/x"}}]"#)
        };
        assert_eq!(count(&at("s"), ""), 0);
        assert_eq!(count(&at("c"), ""), 1);
        assert_eq!(count(&at("r"), ""), 1);
        assert_eq!(count(&at("r"), r#", {"sourceVolume": "r", "containerPath": "/tmp"}"#), 0);
        assert_eq!(count(&format!(r#"{}, "essential": false"#, at("c")), ""), 0);
        for unknown in [r#", "essential": "<unknown>""#, r#", "image": "<unknown>""#] {
            assert_eq!(count(&format!("{}{unknown}", at("c")), ""), 0, "{unknown}");
        }
        let reads = r#""mountPoints": [{"sourceVolume": "c", "containerPath": "/x", "readOnly": true}]"#;
        assert_eq!(count(reads, ""), 0);
    }
}
