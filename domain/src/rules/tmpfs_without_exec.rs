//! `tmpfs-without-exec`

use super::prelude::*;
use crate::task::Source;

/// Memory on which nothing can be run, where the supervisor runs its scripts.
pub(super) static RULE: Rule = Rule {
    name: "tmpfs-without-exec",
    topic: Topic::Agent,
    summary: "The Agent's supervisor cannot run its scripts",
    severity: Severity::Error,
    judges: Judges::Engine,
    platform: Platform::Any,
    control: None,
    checks: "A Datadog Agent of a Compose file or of Docker alone that mounts memory at /var/run/s6 has exec among its options. The long \
             form of a mount has no way to say so.",
    matters: "The supervisor of the Agent's image copies its scripts to /var/run/s6 and runs them there. Docker mounts memory with noexec \
              unless told otherwise, so the container stops at its start. Without a mount the image has a volume there by itself.",
    evidence: Evidence {
        source: "README of s6-overlay 2.2.0.3 on read-only roots; moby, daemon/oci_linux.go, the options of a tmpfs.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: ComposeExample(r#"{ "services": { "datadog-agent": { "tmpfs": ["/var/run/s6"] } } }"#),
    passing: ComposeExample(r#"{ "services": { "datadog-agent": { "tmpfs": ["/var/run/s6:exec"] } } }"#),
    undecided: Undecided::Failing("services.datadog-agent.tmpfs[0]"),
    check,
};

/// Where the supervisor runs what it has copied.
const SUPERVISOR: &str = "/var/run/s6";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in mounts.at(SUPERVISOR).filter(|mount| mount.source == Source::Tmpfs) {
            let options = task.document.at(&mount.place()).get("mountOptions");
            let is_said = options.items().iter().any(|option| option.as_str() == Some("exec"));
            if is_said || !options.is_wholly_known() {
                if !is_said {
                    found.undecided();
                }
                continue;
            }
            let says = format!(
                "has memory at {SUPERVISOR} on which no program can be run, which is Docker's default. The supervisor of the Agent's \
                 image runs its scripts there, so the container stops at its start."
            );
            let removed = Edit::without(mount.place()).of(agent).called(format!("the tmpfs at {SUPERVISOR}"));
            found.in_container(
                agent,
                mount.place(),
                says,
                Fix::from(removed).and(format!(
                    "The image has a volume there by itself. Or write exec among the options of the tmpfs, as in {SUPERVISOR}:exec."
                )),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, judge_document};

    #[test]
    fn exec_has_to_be_among_the_options() {
        for (members, is_found) in [
            (r#""tmpfs": "/var/run/s6""#, true),
            (r#""tmpfs": ["/var/run/s6/:size=64m"]"#, true),
            (r#""volumes": [{"type": "tmpfs", "target": "/var/run/s6"}]"#, true),
            (r#""tmpfs": ["/var/run/s6:size=64m,exec"]"#, false),
            (r#""tmpfs": ["/var/run/s6:$OPTIONS"]"#, false),
            (r#""tmpfs": ["/run/s6", "/tmp"]"#, false),
        ] {
            let file =
                format!(r#"{{"services": {{"agent": {{"image": "datadog/agent:7.81.1", {members}}}}}}}"#);
            let findings = judge_document(DocumentKind::Compose, &parse(&file).unwrap(), None).findings;
            let found = findings.iter().any(|finding| finding.rule == "tmpfs-without-exec");
            assert_eq!(found, is_found, "{members}");
        }
    }
}
