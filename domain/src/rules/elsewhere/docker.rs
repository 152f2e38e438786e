//! Containers of Docker alone, as the arguments of Terraform's resources.

use super::{Dialect, Read};
use crate::docker;
use crate::document::{Change, Node, Origins, Path};
use crate::rules::fix::Form;

/// The dialect.
pub(super) struct Docker;

impl Dialect for Docker {
    fn workloads(&self, document: &Node) -> Vec<(Node, Origins)> {
        vec![docker::workload(document)]
    }

    fn rewritten(&self, read: &Read<'_>, path: &Path, value: Option<&Node>) -> Option<Vec<Change>> {
        docker::rewritten(read.document, read.tree, read.origins, path, value)
    }

    fn form(&self, _: &Node) -> &'static dyn Form {
        &crate::rules::Json
    }

    fn summary(&self, rule: &str) -> Option<&'static str> {
        Some(match rule {
            "init-service-restarts" => "A container that has to end is started again",
            "two-agents" => "Two Datadog Agents run on one machine",
            _ => return None,
        })
    }

    fn advice(&self, rule: &str) -> Option<&'static str> {
        // A container more is no line, and neither is another order: who waits for the end of another stands behind it.
        Some(match rule {
            "config-volume-stale" => {
                "Let a container of the Agent's image copy its configuration over what is there before the Agent starts, as with \
                 seeding = \"init_copy\". Or call the volume after the image's tag or digest."
            }
            "init-container-not-awaited" => {
                "Put the container that fills the volume before the Agent, with `attach = true` and `must_run = false`: what comes \
                 behind it is started when it has ended."
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::rules::{DocumentKind, judge_document};

    const AGENT: &str = r#""name": "agent", "image": "datadog/agent:7.81.1", "read_only": true, "secrets": {"DD_API_KEY": "KEY"}"#;
    const VOLUMES: &str = r#""volumes": [
        {"volume_name": "config", "container_path": "/etc/datadog-agent"},
        {"volume_name": "run", "container_path": "/opt/datadog-agent/run"},
        {"volume_name": "sockets", "container_path": "/var/run/datadog"}]"#;

    /// What holds for the engine of a Compose file holds for it without one: rule and place of what is found, and whether it is
    /// mended by what is to be written.
    #[test]
    fn what_the_engine_does_it_does_without_compose() {
        let copies = |command: &str, more: &str| {
            format!(
                r#"{{"name": "init", "image": "datadog/agent:7.81.1", "read_only": true, "attach": true, "command": ["sh", "-c", "{command}"]{more},
                    "volumes": [{{"volume_name": "config", "container_path": "/config"}}]}}, "#
            )
        };
        let sound = copies("cp -Rf /etc/datadog-agent/. /config/", "");
        for (before, more, expected, has_a_line) in [
            (sound.clone(), "", &[][..], true),
            (String::new(), "", &["config-volume-stale containers[0].volumes[0]"], false),
            (
                copies("cp -Rn /etc/datadog-agent/. /config/", ""),
                "",
                &["config-volume-stale containers[0].command"],
                true,
            ),
            (
                copies("cp -Rf /etc/datadog-agent/. /config/", r#", "restart": "always""#),
                "",
                &["init-service-restarts containers[0].restart"],
                true,
            ),
            (
                sound.clone(),
                r#", "tmpfs": {"/var/run/s6": ""}"#,
                &["tmpfs-without-exec containers[1].tmpfs"],
                true,
            ),
            (sound.clone(), r#", "tmpfs": {"/var/run/s6": "exec,size=64m"}"#, &[], true),
            (sound.clone(), r#", "tmpfs": {"/tmp": ""}"#, &[], true),
            (
                sound.replace(r#""attach": true, "#, ""),
                "",
                &["init-container-not-awaited containers[1]"],
                true,
            ),
        ] {
            let document = format!(
                r#"{{"containers": [{before}{{{AGENT}, {VOLUMES}{more}}}], "volumes": [{{"name": "config"}}, {{"name": "run"}}, {{"name": "sockets"}}]}}"#
            );
            let mut document = parse(&document).unwrap();
            let findings = judge_document(DocumentKind::Docker, &document, None).findings;
            let told: Vec<String> =
                findings.iter().map(|finding| format!("{} {}", finding.rule, finding.path)).collect();
            assert_eq!(told, expected, "{before} {more}");
            for finding in findings {
                assert_ne!(finding.fix_text(), "", "{told:?}");
                assert_eq!(!finding.fix.edits().is_empty(), has_a_line, "{told:?}: {}", finding.fix_text());
                finding.fix.apply(&mut document);
            }
            if has_a_line {
                assert_eq!(judge_document(DocumentKind::Docker, &document, None).findings, [], "{told:?}");
            }
        }
    }

    /// A line cannot put one container before another.
    #[test]
    fn what_has_to_stand_elsewhere_is_said_in_words() {
        let init = r#"{"name": "init", "image": "datadog/agent:7.81.1", "read_only": true, "attach": true,
            "command": ["sh", "-c", "cp -Rf /etc/datadog-agent/. /config/"], "volumes": [{"volume_name": "config", "container_path": "/config"}]}"#;
        let document = parse(&format!(
            r#"{{"containers": [{{{AGENT}, {VOLUMES}}}, {init}], "volumes": [{{"name": "config"}}, {{"name": "run"}}, {{"name": "sockets"}}]}}"#
        ));
        let findings = judge_document(DocumentKind::Docker, &document.unwrap(), None).findings;
        let found = findings.iter().find(|finding| finding.rule == "init-container-not-awaited");
        let fix = &found.unwrap_or_else(|| panic!("{findings:?}")).fix;
        assert!(fix.edits().is_empty(), "{fix:?}");
        let text = found.unwrap().fix_text();
        assert!(text.contains("before the Agent, with `attach = true`"), "{text}");
    }
}
