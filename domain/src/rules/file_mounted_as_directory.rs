//! `file-mounted-as-directory`

use super::prelude::*;
use crate::rofs::writable_path::CONFIG;
use crate::task::{Mount, Source};

/// A directory where the Agent looks for a file.
pub(super) static RULE: Rule = Rule {
    name: "file-mounted-as-directory",
    topic: Topic::Agent,
    summary: "A directory is mounted where the Agent reads a file",
    severity: Severity::Error,
    judges: Judges::Kubernetes,
    platform: Platform::Any,
    control: None,
    checks: "Where a Datadog Agent container mounts a ConfigMap, a Secret, a projected volume or one of the downward API at the path \
             of a file that the Agent reads, such as /etc/datadog-agent/datadog.yaml or /etc/datadog-agent/conf.d/redisdb.d/conf.yaml, \
             it says with subPath which file of the volume that is.",
    matters: "Without subPath the whole volume is mounted, and that is a directory: it is called like the file, and the file is in it. An \
              Agent whose datadog.yaml is a directory does not start, and a check whose conf.yaml is one does not run, without an \
              error.",
    evidence: Evidence {
        source: "Kubernetes' documentation on volumes, using subPath; datadog-agent, comp/core/config/setup.go (02c263b6), in which any \
                 error of reading datadog.yaml ends the start, and Dockerfiles/agent/cont-init.d/89-copy-customfiles.sh.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: KubernetesExample(
        r#"{
  "spec": {
    "containers": [
      {
        "name": "datadog-agent",
        "volumeMounts": [{ "name": "files", "mountPath": "/etc/datadog-agent/conf.d/redisdb.d/conf.yaml" }]
      }
    ],
    "volumes": [{ "name": "files", "configMap": { "name": "redisdb" } }]
  }
}"#,
    ),
    passing: KubernetesExample(
        r#"{
  "spec": {
    "containers": [
      {
        "name": "datadog-agent",
        "volumeMounts": [
          {
            "name": "files",
            "mountPath": "/etc/datadog-agent/conf.d/redisdb.d/conf.yaml",
            "subPath": "conf.yaml"
          }
        ]
      }
    ],
    "volumes": [{ "name": "files", "configMap": { "name": "redisdb" } }]
  }
}"#,
    ),
    undecided: Undecided::Failing("spec.volumes"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in &mounts.known {
            let Some(file) = read_as_a_file(&mount.path) else { continue };
            let written = task.document.at(&mount.place());
            if !written.get("subPath").is_null() || !is_configuration(task, mount, written, found) {
                continue;
            }
            let consequence = match &*mount.path == MAIN_FILE {
                true => "the Agent cannot read its configuration and does not start",
                false => "the Agent does not read it",
            };
            found.in_container(
                agent,
                mount.place(),
                format!(
                    "mounts the whole of volume {} at {}. That is a directory with the volume's files in it and no file, so {consequence}.",
                    quoted(volume_of(mount)),
                    mount.path
                ),
                Fix::from(Edit::at(mount.place().key("subPath"), file).of(agent))
                    .and("That is the name of the entry in the volume; where it has another one, write that."),
            );
        }
    }
}

/// The file that the Agent does not start without.
const MAIN_FILE: &str = "/etc/datadog-agent/datadog.yaml";

/// The last part of a path at which the Agent, or the script that copies files for it, reads a file.
fn read_as_a_file(path: &str) -> Option<&str> {
    let (directory, file) = path.rsplit_once('/')?;
    let is_in = |root: &str| {
        directory.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_read = match file.rsplit_once('.')?.1 {
        "yaml" => is_in(CONFIG) || is_in("/conf.d"),
        "py" => is_in("/etc/datadog-agent/checks.d") || is_in("/checks.d"),
        _ => false,
    };
    is_read.then_some(file)
}

fn volume_of<'a>(mount: &Mount<'a>) -> &'a str {
    match mount.source {
        Source::Volume(name) => name,
        Source::UnknownVolume | Source::Tmpfs => "",
    }
}

/// Whether the entries of what is mounted are files of a directory.
fn is_configuration(task: &TaskDefinition<'_>, mount: &Mount<'_>, written: &Node, found: &mut Found) -> bool {
    if !written.get("holds").is_null() {
        return true;
    }
    match mount.source {
        Source::Volume(name) => {
            found.known(task.volume(name));
        }
        Source::UnknownVolume => found.undecided(),
        Source::Tmpfs => {}
    }
    false
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rules::{DocumentKind, form_of, judge_document};

    /// What is said of an Agent with this mount of a volume with this source, or that the rule is undecided.
    fn said(mount: &str, source: &str) -> String {
        let manifest = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {{
                "containers": [{{"name": "agent", "image": "datadog/agent:7.81.1", "volumeMounts": [{{"name": "v", {mount}}}]}}],
                "volumes": [{{"name": "v", {source}}}]}}}}"#
        );
        let mut manifest = parse(&manifest).unwrap();
        crate::rules::tests::fill_in(&mut manifest);
        let judgement = judge_document(DocumentKind::Kubernetes, &manifest, None);
        if judgement.undecided.contains(&RULE.name) {
            return "undecided".to_owned();
        }
        let of_rule = judgement.findings.iter().find(|finding| finding.rule == RULE.name);
        of_rule.map_or(String::new(), |finding| {
            format!("{} {}", finding.detail(), finding.fix_in(form_of(DocumentKind::Kubernetes)))
        })
    }

    const MAP: &str = r#""configMap": {"name": "files"}"#;

    #[test]
    fn configuration_at_the_path_of_a_file_needs_to_say_which() {
        let main = said(r#""mountPath": "/etc/datadog-agent/datadog.yaml""#, MAP);
        assert!(main.contains("does not start") && main.contains("Write subPath: datadog.yaml"), "{main}");
        for (path, source) in [
            ("/etc/datadog-agent/conf.d/redisdb.d/conf.yaml", MAP),
            ("/conf.d/redisdb.yaml", MAP),
            ("/checks.d/mine.py", MAP),
            ("/etc/datadog-agent/system-probe.yaml/", r#""secret": {"secretName": "files"}"#),
            ("/etc/datadog-agent/security-agent.yaml", r#""projected": {"sources": []}"#),
        ] {
            let told = said(&format!(r#""mountPath": "{path}""#), source);
            assert!(told.contains("does not read it"), "{path}: {told}");
        }
    }

    #[test]
    fn directories_parts_and_volumes_that_may_be_a_file_are_left_alone() {
        for (mount, source) in [
            (r#""mountPath": "/etc/datadog-agent/datadog.yaml", "subPath": "datadog.yaml""#, MAP),
            (r#""mountPath": "/etc/datadog-agent/datadog.yaml", "subPathExpr": "$(POD).yaml""#, MAP),
            (r#""mountPath": "/etc/datadog-agent/conf.d/redisdb.d""#, MAP),
            (r#""mountPath": "/conf.d""#, MAP),
            (r#""mountPath": "/srv/app.yaml""#, MAP),
            (r#""mountPath": "/etc/datadog-agentless/x.yaml""#, MAP),
            (
                r#""mountPath": "/etc/datadog-agent/datadog.yaml""#,
                r#""hostPath": {"path": "/srv/datadog.yaml"}"#,
            ),
        ] {
            assert_eq!(said(mount, source), "", "{mount} {source}");
        }
    }

    #[test]
    fn a_path_that_is_not_known_yet_is_undecided() {
        assert_eq!(said(r#""mountPath": "<unknown>""#, MAP), "undecided");
        assert_eq!(said(r#""mountPath": "/srv""#, MAP), "");
    }
}
