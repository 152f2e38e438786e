//! `mount-never-refreshed`

use super::prelude::*;
use crate::task::{Given, Mount};

/// A file that the Agent reads again and again, and that stays what it was when the container started.
pub(super) static RULE: Rule = Rule {
    name: "mount-never-refreshed",
    topic: Topic::Agent,
    summary: "A file that the Agent reads again never changes",
    severity: Severity::Warning,
    judges: Judges::Kubernetes,
    platform: Platform::Any,
    control: None,
    checks: "An Agent that looks for changes mounts nothing by subPath of what it looks at: with DD_AUTOCONF_CONFIG_FILES_POLL=true no file \
             below /etc/datadog-agent/conf.d of a ConfigMap, a Secret, a projected volume or one of the downward API, and with \
             DD_SECRET_REFRESH_INTERVAL no Secret. An Agent that reads its files at its start alone is not judged: it needs a new \
             container for another configuration anyway.",
    matters: "The kubelet refreshes the files of a volume, and a mount by subPath shows for ever the file that was there when the container \
              was created. The Agent finds no change: it goes on with the old configuration, or with a key that has been revoked.",
    evidence: Evidence {
        source: "Kubernetes' documentation on volumes and on Secrets, notes on subPath; datadog-agent release notes on \
                 autoconf_config_files_poll; Datadog's documentation on secrets management, secret_refresh_interval.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: KubernetesExample(
        r#"{
  "spec": {
    "containers": [
      {
        "name": "datadog-agent",
        "env": [{ "name": "DD_AUTOCONF_CONFIG_FILES_POLL", "value": "true" }],
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
    passing: KubernetesExample(
        r#"{
  "spec": {
    "containers": [
      {
        "name": "datadog-agent",
        "env": [{ "name": "DD_AUTOCONF_CONFIG_FILES_POLL", "value": "true" }],
        "volumeMounts": [{ "name": "files", "mountPath": "/etc/datadog-agent/conf.d/redisdb.d" }]
      }
    ],
    "volumes": [{ "name": "files", "configMap": { "name": "redisdb" } }]
  }
}"#,
    ),
    undecided: Undecided::Failing("spec.containers[0].env[1].value"),
    check,
};

const POLLS: &str = "DD_AUTOCONF_CONFIG_FILES_POLL";
const REFRESHES: &str = "DD_SECRET_REFRESH_INTERVAL";

/// Where the files are that are looked at again.
const POLLED: &str = "/etc/datadog-agent/conf.d/";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in &mounts.known {
            let written = task.document.at(&mount.place());
            let (kind, part) = (written.get("holds").as_str(), written.get("subPath"));
            if part.is_null() {
                continue;
            }
            match kind {
                Some(_) if mount.path.starts_with(POLLED) && is_on(agent, POLLS, found) => {
                    report(agent, mount, POLLS, of_a_directory(agent, mount), found);
                }
                Some("secret") if is_on(agent, REFRESHES, found) => {
                    let fix = "Mount the Secret at a directory of its own, without subPath, and let the Agent read the file there.";
                    report(agent, mount, REFRESHES, fix.into(), found);
                }
                _ => {}
            }
        }
    }
}

/// Whether a variable asks for it: a flag, or a number of seconds.
fn is_on(agent: &Container<'_>, variable: &str, found: &mut Found) -> bool {
    match agent.given(variable) {
        Given::Text(value, _) => {
            value.eq_ignore_ascii_case("true") || value.parse().is_ok_and(|seconds: i64| seconds > 0)
        }
        Given::Absent => false,
        Given::Secret | Given::PerhapsByFile | Given::Unknown => {
            found.undecided();
            false
        }
    }
}

fn report(agent: &Container<'_>, mount: &Mount<'_>, variable: &str, fix: Fix, found: &mut Found) {
    let says = format!(
        "mounts {} by subPath. The kubelet never refreshes what is mounted so, and the Agent, which looks for changes by {variable}, \
         never finds one.",
        mount.path
    );
    found.in_container(agent, mount.place().key("subPath"), says, fix);
}

/// The whole volume at the directory of the check, whose files all belong to it.
fn of_a_directory(agent: &Container<'_>, mount: &Mount<'_>) -> Fix {
    let (directory, file) = mount.path.rsplit_once('/').unwrap_or_default();
    let is_of_a_check = directory.len() > POLLED.len() && directory.ends_with(".d");
    let at = match is_of_a_check {
        true => directory.to_owned(),
        false => format!("{POLLED}{}.d", file.split('.').next().unwrap_or_default()),
    };
    let place = mount.place();
    Fix::write([
        Edit::at(place.clone().key("containerPath"), at).of(agent),
        Edit::without(place.key("subPath")).of(agent),
    ])
    .and("All entries of the volume are in the directory then, in place of the files that the image has there.")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::document::parse;
    use crate::rules::{DocumentKind, form_of, judge_document};

    const MAP: &str = r#""configMap": {"name": "files"}"#;
    const SECRET: &str = r#""secret": {"secretName": "keys"}"#;
    const POLLS: &str = r#"{"name": "DD_AUTOCONF_CONFIG_FILES_POLL", "value": "true"}"#;
    const REFRESHES: &str = r#"{"name": "DD_SECRET_REFRESH_INTERVAL", "value": "3600"}"#;
    const CHECK: &str = "/etc/datadog-agent/conf.d/redisdb.d/conf.yaml";

    /// What to write of an Agent with this variable that mounts a part of a volume with this source; or that the rule is undecided.
    fn said(variable: &str, path: &str, source: &str) -> String {
        let manifest = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "shop"}}, "spec": {{
                "containers": [{{"name": "agent", "image": "datadog/agent:7.81.1", "env": [{variable}],
                    "volumeMounts": [{{"name": "v", "mountPath": "{path}", "subPath": "file"}}]}}],
                "volumes": [{{"name": "v", {source}}}]}}}}"#
        );
        let mut manifest = parse(&manifest).unwrap();
        crate::rules::tests::fill_in(&mut manifest);
        let judgement = judge_document(DocumentKind::Kubernetes, &manifest, None);
        if judgement.undecided.contains(&RULE.name) {
            return "undecided".to_owned();
        }
        let of_rule = judgement.findings.iter().find(|finding| finding.rule == RULE.name);
        of_rule.map_or(String::new(), |finding| finding.fix_in(form_of(DocumentKind::Kubernetes)))
    }

    #[test]
    fn who_looks_for_changes_needs_the_whole_volume() {
        let told = said(POLLS, CHECK, MAP);
        assert!(told.contains("mountPath: /etc/datadog-agent/conf.d/redisdb.d"), "{told}");
        let beside = said(POLLS, "/etc/datadog-agent/conf.d/redisdb.yaml", SECRET);
        assert!(beside.contains("mountPath: /etc/datadog-agent/conf.d/redisdb.d"), "{beside}");
        assert!(said(REFRESHES, "/etc/keys/api-key", SECRET).starts_with("Mount the Secret at a directory"));
    }

    #[test]
    fn who_does_not_look_or_looks_elsewhere_is_left_alone() {
        for (variable, path, source) in [
            ("", CHECK, MAP),
            (r#"{"name": "DD_AUTOCONF_CONFIG_FILES_POLL", "value": "false"}"#, CHECK, MAP),
            (r#"{"name": "DD_SECRET_REFRESH_INTERVAL", "value": "0"}"#, "/etc/keys/api-key", SECRET),
            (REFRESHES, "/etc/keys/api-key", MAP),
            (POLLS, "/etc/datadog-agent/datadog.yaml", MAP),
            (POLLS, CHECK, r#""hostPath": {"path": "/srv"}"#),
        ] {
            assert_eq!(said(variable, path, source), "", "{variable} {path} {source}");
        }
        assert_eq!(said(&POLLS.replace("true", "<unknown>"), CHECK, MAP), "undecided");
    }
}
