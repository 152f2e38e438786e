//! `fargate-windows-size-invalid`

use super::fargate_size_invalid::size_edits;
use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::fargate_sizes;
use crate::ecs::units;

/// A size or a processor that Fargate offers to Linux but not to Windows.
pub(super) static RULE: Rule = Rule {
    name: "fargate-windows-size-invalid",
    topic: Topic::Size,
    summary: "Fargate does not offer this to Windows tasks",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "A Windows task on Fargate has 1024, 2048 or 4096 CPU units and the architecture X86_64. Sizes that Fargate \
             does not offer at all are checked by fargate-size-invalid.",
    matters: "ECS rejects a task definition for Fargate with a size that is not offered to its operating system.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules \
                 pf-ecs-fargate-windows-cpu-under-1vcpu and pf-ecs-windows-arm64; RuntimePlatform in the API reference \
                 of Amazon ECS for the architecture.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "cpu": "512",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": null, "user": "ContainerUser" }]
}"#,
    ),
    passing: Example(
        r#"{
  "cpu": "1024",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" },
  "containerDefinitions": [{ "name": "app", "readonlyRootFilesystem": null, "user": "ContainerUser" }]
}"#,
    ),
    undecided: Undecided::Other(Example(
        r#"{
  "cpu": "512",
  "memory": "2048",
  "runtimePlatform": { "operatingSystemFamily": "<unknown>" }
}"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.windows == Some(false) {
        return;
    }
    let architecture = task.document.get("runtimePlatform").get("cpuArchitecture");
    let on_arm = found.text(architecture) == Some("ARM64");
    let size = size_for_linux_alone(task, found);
    if task.windows.is_none() {
        if on_arm || size.is_some() {
            found.undecided();
        }
        return;
    }
    if on_arm {
        found.in_task(
            Path::default().key("runtimePlatform").key("cpuArchitecture"),
            "The task is for Windows on ARM64. Fargate runs Windows on X86_64 only.",
            Edit::set_in_task("runtimePlatform.cpuArchitecture", "X86_64"),
        );
    }
    if let Some((cpu, memory)) = size {
        wrong_size(task, cpu, memory, found);
    }
}

/// The CPU units and MiB of the task, where Fargate offers them to Linux and not to Windows.
fn size_for_linux_alone(task: &TaskDefinition<'_>, found: &mut Found) -> Option<(i64, i64)> {
    let (cpu, memory) = (task.document.get("cpu"), task.document.get("memory"));
    if cpu.is_unknown() || memory.is_unknown() {
        found.undecided();
    }
    let (cpu, memory) = (units::cpu(cpu).ok()??, units::memory(memory).ok()??);
    let offered_to = |windows| fargate_sizes::offers(cpu, memory, windows);
    (offered_to(false) && !offered_to(true)).then_some((cpu, memory))
}

fn wrong_size(task: &TaskDefinition<'_>, cpu: i64, memory: i64, found: &mut Found) {
    found.in_task(
        Path::default().key("cpu"),
        format!(
            "The Windows task asks for {cpu} CPU units and {memory} MiB, which Fargate offers only to Linux.{}",
            would_answer(&format!(
                "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS \
                 documentation for the valid values."
            ))
        ),
        Fix::write(size_edits(task, 0)),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn fixes(cpu: i64, memory: i64, platform: &str) -> Vec<String> {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "cpu": "{cpu}", "memory": "{memory}",
                "runtimePlatform": {{"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"{platform}}}}}"#
        );
        findings_of("fargate-windows-size-invalid", &document)
            .into_iter()
            .map(|finding| finding.fix_text())
            .collect()
    }

    #[test]
    fn the_smallest_size_with_room_is_named_or_else_the_largest() {
        assert_eq!(fixes(512, 2048, ""), [r#"Write "cpu": "1024"."#]);
        assert_eq!(fixes(8192, 61_440, ""), [r#"Write "cpu": "4096", and write "memory": "30720"."#]);
        assert_eq!(fixes(4096, 8192, ""), [""; 0]);
        assert_eq!(fixes(300, 2048, ""), [""; 0]);
    }

    #[test]
    fn there_is_no_windows_on_arm() {
        let arm = r#", "cpuArchitecture": "ARM64""#;
        assert_eq!(fixes(1024, 2048, arm), [r#"Write "cpuArchitecture": "X86_64" in runtimePlatform."#]);
    }
}
