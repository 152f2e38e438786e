//! `mount-hides-agent-files`

use super::prelude::*;

/// A volume that hides the Agent's programs or the files that its image needs to start.
pub(super) static RULE: Rule = Rule {
    name: "mount-hides-agent-files",
    topic: Topic::Agent,
    summary: "A volume hides files of the Agent's image",
    severity: Severity::Error,
    judges: Judges::Workload,
    platform: Platform::Linux,
    control: None,
    checks: "No volume and no tmpfs of a Datadog Agent container is mounted at /, /etc, /opt or \
             /opt/datadog-agent. At /var and /var/run that is a warning.",
    matters: "A mount hides everything the image has below it. With one at /opt/datadog-agent the Agent's programs \
              are gone and the container cannot start; with one at /etc it has no users and no certificates. With one at \
              /var/run the start scripts in /var/run/s6 may be gone.",
    evidence: Evidence {
        source: "Datadog-agent issue 30819: a volume at /opt/datadog-agent ended in missing programs; \
                 datadog-agent Dockerfile.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: AgentExample(
        r#"{
  "volumes": [{ "name": "dd-opt" }],
  "containerDefinitions": [
    {
      "name": "datadog-agent",
      "mountPoints": [
        { "sourceVolume": "dd-config", "containerPath": "/etc/datadog-agent" },
        { "sourceVolume": "dd-run", "containerPath": "/opt/datadog-agent/run" },
        { "sourceVolume": "dd-sockets", "containerPath": "/var/run/datadog" },
        { "sourceVolume": "dd-opt", "containerPath": "/opt/datadog-agent" }
      ]
    }
  ]
}"#,
    ),
    passing: AgentExample("{}"),
    undecided: Undecided::Passing("containerDefinitions[1].mountPoints"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete {
            found.undecided();
        }
        for mount in &mounts.known {
            let hidden = match &*mount.path {
                "/" => "the whole image",
                "/etc" => "the image's users, certificates and the Agent's configuration",
                "/opt" | "/opt/datadog-agent" => "the Agent's programs",
                "/var" | "/var/run" => "what the image's start scripts need in /var/run/s6",
                _ => continue,
            };
            let path = &*mount.path;
            let called = format!("the mount at {path}");
            let finding = found.in_container(
                agent,
                mount.place().key("containerPath"),
                format!("has a mount at {path}. It hides {hidden}."),
                Fix::from(Edit::without(mount.place()).of(agent).called(called)).and(
                    "Mount volumes at /etc/datadog-agent, /opt/datadog-agent/run and /var/run/datadog, not above them.",
                ),
            );
            // Nobody has seen yet that the image's own volume at /var/run/s6 is lost below such a mount.
            if path.starts_with("/var") {
                finding.severity = Severity::Warning;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn what_is_only_believed_is_a_warning() {
        for (path, severity) in [("/opt/", Severity::Error), ("/var/run", Severity::Warning)] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "dd", "image": "datadog/agent:7.81.1",
                    "mountPoints": [{{"sourceVolume": "v", "containerPath": "{path}"}}]}}]}}"#
            );
            let findings = findings_of("mount-hides-agent-files", &document);
            assert_eq!(findings.len(), 1);
            assert_eq!(findings[0].severity, severity, "{path}");
        }
    }
}
