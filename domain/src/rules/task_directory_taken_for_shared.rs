//! `task-directory-taken-for-shared`

use super::prelude::*;
use crate::rofs::writable_path::{CONFIG, SOCKETS};

/// A directory of one task, which another one is meant to see.
pub(super) static RULE: Rule = Rule {
    name: "task-directory-taken-for-shared",
    topic: Topic::Volumes,
    summary: "Tasks mount a directory of their own as if they shared it",
    severity: Severity::Error,
    judges: Judges::Nomad,
    platform: Platform::Any,
    control: None,
    checks: "What the Datadog Agent's task mounts at /etc/datadog-agent or /var/run/datadog is not a directory of the task alone, such as \
             local/config, that another task of the group mounts under the same name.",
    matters: "A relative path in `volumes` begins at the directory of the task, and each task has its own. So these are two \
              directories: the Agent does not find the configuration that was copied for it, and nobody finds its sockets. What tasks \
              share is ../alloc.",
    evidence: Evidence {
        source: "Drivers/docker/driver.go (containerBinds) and client/allocdir/alloc_dir.go of hashicorp/nomad (aa026cc, 2026-08).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: NomadExample(
        r#"{
  "datadog-init": { "config": [{
    "image": "public.ecr.aws/datadog/agent:7.81.1",
    "readonly_rootfs": true,
    "command": "sh",
    "args": ["-c", "cp -RPpf /etc/datadog-agent/. /config/"],
    "volumes": ["local/config:/config"]
  }] },
  "datadog-agent": { "config": [{
    "image": "public.ecr.aws/datadog/agent:7.81.1",
    "readonly_rootfs": true,
    "volumes": [
      "local/config:/etc/datadog-agent",
      "../alloc/datadog-run:/opt/datadog-agent/run",
      "../alloc/datadog-sockets:/var/run/datadog"
    ]
  }] }
}"#,
    ),
    passing: NomadExample("{}"),
    undecided: Undecided::Failing("job[0].shop.group[0].web.task[0].datadog-agent.config[0].volumes[0]"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for agent in found.all(task.agents()) {
        let mounts = task.mounts(agent);
        if !mounts.complete || !task.knows_all_containers() {
            found.undecided();
        }
        for path in [CONFIG, SOCKETS] {
            for mount in mounts.at(path) {
                let (Some(own), Some((other, its))) = (mount.own, task.means_the_same(mount, agent)) else {
                    continue;
                };
                let shared = format!("../alloc/{}", own.rsplit('/').next().unwrap_or(own));
                found.in_container(
                    agent,
                    mount.place().key("sourceVolume"),
                    format!(
                        "mounts {own} at {path}, as {} does. That is a directory of each task alone, so neither sees what is in that \
                         of the other.",
                        other.called_inside()
                    ),
                    Fix::write([
                        Edit::at(mount.place().key("sourceVolume"), shared.as_str()).of(agent),
                        Edit::at(its.place().key("sourceVolume"), shared.as_str()).of(&other),
                    ]),
                );
            }
        }
    }
}
