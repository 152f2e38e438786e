//! `agent-user-unsupported`

use super::prelude::*;
use crate::rofs::Gate;
use crate::rofs::agent_version::GateKind;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::rofs::writable_path::RUN;
use crate::task::{Given, normalized};

/// An Agent that runs as a user that its image does not support.
pub(super) static RULE: Rule = Rule {
    name: "agent-user-unsupported",
    topic: Topic::Agent,
    summary: "The Agent's image cannot run as this user",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "A Datadog Agent container that sets a user sets root (0) or dd-agent (100). Where user 100 runs an Agent \
             before 7.75.0 with a writable root filesystem and no volume at /opt/datadog-agent/run, that is a warning.",
    matters: "The supervisor in the Agent's image changes the owner of its scripts when it starts. That fails for \
              every other user, and the container stops. Before 7.75.0 the run directory of the image belongs to root: as \
              user 100 the Agent runs without Remote Configuration and without log positions.",
    evidence: Evidence {
        source: "Datadog-agent issues 11131 and 50235, pull requests 44357, 46822 and 47637.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    failing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "1000" }] }"#),
    passing: AgentExample(r#"{ "containerDefinitions": [{ "name": "datadog-agent", "user": "100" }] }"#),
    undecided: Undecided::Failing("containerDefinitions[1].user"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let Some(user) = found.text(agent.get("user")) else { continue };
        let gates = task.gates(agent);
        let gate = |kind| gates.iter().find(|gate: &&Gate| gate.kind == kind);
        if gate(GateKind::ForeignUser).is_some() {
            let files =
                gate(GateKind::UnreadableFiles).map_or(String::new(), |gate| format!(" {}", gate.detail));
            found.in_container(
                agent,
                agent.path().key("user"),
                format!(
                    "runs as user {}. The Agent's image can only start as root or as user 100.{files}",
                    quoted(user)
                ),
                Fix::from(Edit::set(agent, "user", "100"))
                    .and("Without a user the Agent runs as root, which works as well."),
            );
        } else if gate(GateKind::RunDirectoryOfRoot).is_some() {
            judge_run_directory(task, agent, user, found);
        } else if agent.get("image").is_unknown() {
            found.undecided();
        }
    }
}

/// The run directory of an older image, where no volume is in its place. On a read-only root nobody can write there anyway.
fn judge_run_directory<'a>(task: &TaskDefinition<'a>, agent: &Container<'a>, user: &str, found: &mut Found) {
    let is_moved = match agent.given("DD_RUN_PATH") {
        Given::Absent | Given::Text("", _) => false,
        Given::Text(path, _) => normalized(path) != RUN,
        Given::Secret | Given::PerhapsByFile => true,
        Given::Unknown => return found.undecided(),
    };
    let is_of_the_image = found.known(task.mounts(agent).seen_at(RUN)).is_some_and(|mount| mount.is_none());
    if is_moved || !is_of_the_image || found.known(agent.read_only_root()) != Some(false) {
        return;
    }
    let finding = found.in_container(
        agent,
        agent.path().key("user"),
        format!(
            "runs as user {}, and in its image the run directory {RUN} belongs to root. The Agent cannot keep its state \
             there: Remote Configuration is off, and log positions are lost.",
            quoted(user)
        ),
        Fix::from(Edit::set(agent, "image", DEFAULT_IMAGE))
            .and("An Agent of 7.75.0 or newer will do, and so will one that runs as root, without a user."),
    );
    finding.severity = Severity::Warning;
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn found(image: &str, user: &str, members: &str) -> Vec<(Severity, bool)> {
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "dd", "image": "{image}", "user": "{user}"{members}}}]}}"#
        );
        let findings = findings_of(RULE.name, &document);
        assert_eq!(mended(RULE.name, &document), (findings.len(), vec![]), "{document}");
        findings.iter().map(|finding| (finding.severity, finding.detail().contains("In 7.78"))).collect()
    }

    #[test]
    fn users_that_the_image_does_not_know_and_files_that_they_cannot_read() {
        assert_eq!(found("datadog/agent:7.81.1", "1000", ""), [(Severity::Error, false)]);
        assert_eq!(found("datadog/agent:7.78.2", "1000", ""), [(Severity::Error, true)]);
        assert_eq!(found("datadog/agent:7.78.2", "100", ""), []);
        assert_eq!(found("datadog/agent:7.78.2", "0", ""), []);
    }

    #[test]
    fn the_run_directory_of_an_older_image_belongs_to_root() {
        const VOLUME: &str =
            r#", "mountPoints": [{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}]"#;
        const MOVED: &str = r#", "environment": [{"name": "DD_RUN_PATH", "value": "/tmp/run"}]"#;
        for (image, user, members, expected) in [
            ("datadog/agent:7.70.0", "100", "", &[(Severity::Warning, false)][..]),
            ("datadog/agent:7.75.0", "100", "", &[]),
            ("datadog/agent:7.70.0", "0", "", &[]),
            ("datadog/agent:7.70.0", "100", VOLUME, &[]),
            ("datadog/agent:7.70.0", "100", MOVED, &[]),
            ("datadog/agent:7.70.0", "100", r#", "readonlyRootFilesystem": true"#, &[]),
        ] {
            assert_eq!(found(image, user, members), expected, "{image} {user} {members}");
        }
    }
}
