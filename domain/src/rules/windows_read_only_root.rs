//! `windows-read-only-root`

use super::prelude::*;
use crate::rofs::agent_version::agent_image;

/// A read-only root filesystem, which Windows does not have.
pub(super) static RULE: Rule = Rule {
    name: "windows-read-only-root",
    topic: Topic::ReadOnlyRoot,
    summary: "Windows containers have no read-only root filesystem",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "No container of a Windows task definition, and no container with a Windows image of the Datadog \
             Agent, says \"readonlyRootFilesystem\": true.",
    matters: "ECS does not support the setting for Windows containers, so there cannot be the read-only root \
              that was asked for. Security Hub's control ECS.5 does not apply to Windows.",
    evidence: Evidence {
        source: "Task definition parameters in the Amazon ECS developer guide; Security Hub user guide, \
                 ECS.5.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Certain("The key goes in a task that names Windows, because Windows has no such roots."),
    failing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": true }]
}"#,
    ),
    passing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": null }]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{
  "runtimePlatform": { "operatingSystemFamily": "<unknown>" },
  "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": true }]
}"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        if container.read_only_root() == Some(false) {
            continue;
        }
        let image = container.get("image").as_str().filter(|_| container.has_agent_image());
        let windows_image = image.is_some_and(|image| agent_image(&image.into(), None).windows);
        let why = match task.windows {
            Some(true) => "is in a task for Windows",
            // In a task for Linux the image itself is what is wrong: agent-image-for-windows.
            Some(false) if windows_image && task.is_surely_for_linux() == Some(true) => continue,
            _ if windows_image && task.is_surely_for_linux().is_none() => {
                found.undecided();
                continue;
            }
            _ if windows_image => "has a Windows image",
            Some(false) => continue,
            None => {
                found.undecided();
                continue;
            }
        };
        if container.read_only_root().is_none() {
            found.undecided();
            continue;
        }
        found.in_container(
            container,
            container.path().key("readonlyRootFilesystem"),
            format!("{why} and asks for a read-only root filesystem, which Windows containers do not have."),
            Fix::from(Edit::remove(container, "readonlyRootFilesystem"))
                .certain_if(task.windows == Some(true))
                .and("Or run the container on Linux."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn a_windows_image_of_the_agent_tells_by_its_tag() {
        let document = r#"{"containerDefinitions": [{"name": "dd", "image": "datadog/agent:7.81.1-ltsc2022",
            "readonlyRootFilesystem": true}]}"#;
        assert_eq!(findings_of("windows-read-only-root", document).len(), 1);
    }
}
