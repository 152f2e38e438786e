//! `agent-user-unsupported`

use super::prelude::*;
use crate::rofs::Gate;
use crate::rofs::agent_version::GateKind;
use crate::rofs::settings::DEFAULT_IMAGE;
use crate::rofs::writable_path::RUN;
use crate::task::{Given, Mount, Source, normalized};

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
             before 7.75.0 with a writable root filesystem and no volume at /opt/datadog-agent/run, that is a warning; with seeding = \
             \"image_volumes\" it is one as well where a volume is there, which is filled from the image.",
    matters: "The supervisor in the Agent's image changes the owner of its scripts when it starts. That fails for \
              every other user, and the container stops. Before 7.75.0 the run directory of the image belongs to root: as \
              user 100 the Agent runs without Remote Configuration and without log positions.",
    evidence: Evidence {
        source: "Datadog-agent issues 11131 and 50235, pull requests 44357, 46822 and 47637.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
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
    if is_moved {
        return;
    }
    let (why, fix) = match found.known(task.mounts(agent).seen_at(RUN)) {
        Some(None) if found.known(agent.read_only_root()) == Some(false) => {
            ("", Fix::from(Edit::set(agent, "image", DEFAULT_IMAGE)))
        }
        Some(Some(mount)) if is_filled_as_it_is(task, agent, mount, found) => (
            ", and so does the volume that is filled from it",
            Fix::from(
                "Give the directory away before its VOLUME is declared: RUN chown -R 100:0 /opt/datadog-agent/run.",
            ),
        ),
        _ => return,
    };
    let finding = found.in_container(
        agent,
        agent.path().key("user"),
        format!(
            "runs as user {}, and in its image the run directory {RUN} belongs to root{why}. The Agent cannot keep its state \
             there: Remote Configuration is off, and log positions are lost.",
            quoted(user)
        ),
        fix.and("An Agent of 7.75.0 or newer will do, and so will one that runs as root, without a user."),
    );
    finding.severity = Severity::Warning;
}

/// Whether the volume at the run directory has the image's directory in it, with its owner.
fn is_filled_as_it_is<'a>(
    task: &TaskDefinition<'a>,
    agent: &Container<'a>,
    mount: &Mount<'a>,
    found: &mut Found,
) -> bool {
    let Source::Volume(volume) = mount.source else { return false };
    mount.path == RUN
        && task.is_filled_by_its_image(agent)
        // Who writes there as well may give it away.
        && found.known(task.writers(volume, agent)).is_some_and(|writers| writers.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;
    use crate::document::parse;
    use crate::rofs::settings::{Seeding, Settings};
    use crate::rules::{Subject, judge};

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

    /// What fills a volume from the image leaves its owner.
    #[test]
    fn a_volume_that_is_filled_from_an_older_image_belongs_to_root() {
        let found = |version: &str, user: &str, seeding: Seeding, others: &str| {
            let settings = Settings {
                image: "example.com/agent:4".into(),
                image_version: Some(version.to_owned()),
                seeding,
                ..Settings::default()
            };
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "datadog-agent", "image": "example.com/agent:4", "user": "{user}",
                    "readonlyRootFilesystem": true, "mountPoints": [{{"sourceVolume": "r", "containerPath": "/opt/datadog-agent/run"}}]
                    }}{others}], "volumes": [{{"name": "r"}}]}}"#
            );
            let document = parse(&document).unwrap();
            let judgement = judge(&Subject { agent: Some(&settings), ..Subject::of(&document) });
            let of_rule = judgement.findings.iter().find(|finding| finding.rule == RULE.name);
            of_rule.map(|finding| (finding.severity, finding.detail().contains("is filled from it")))
        };
        let told = Some((Severity::Warning, true));
        let other = r#", {"name": "other", "image": "b:1", "mountPoints": [{"sourceVolume": "r", "containerPath": "/r"}]}"#;
        for (version, user, seeding, others, expected) in [
            ("7.70.0", "100", Seeding::ImageVolumes, "", told),
            ("7.75.0", "100", Seeding::ImageVolumes, "", None),
            ("7.70.0", "0", Seeding::ImageVolumes, "", None),
            ("7.70.0", "100", Seeding::InitCopy, "", None),
            ("7.70.0", "100", Seeding::ImageVolumes, other, None),
        ] {
            assert_eq!(found(version, user, seeding, others), expected, "{version} {user} {others}");
        }
    }
}
