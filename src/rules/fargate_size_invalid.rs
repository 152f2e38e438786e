//! `fargate-size-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::document::shapes::fargate_sizes;
use crate::document::units::{self, UnitProblem};

/// CPU and memory that Fargate does not offer together.
pub(super) static RULE: Rule = Rule {
    name: "fargate-size-invalid",
    topic: Topic::Size,
    summary: "Fargate does not offer this size",
    severity: Severity::Error,
    platform: Platform::Fargate,
    control: None,
    checks: "The task's cpu and memory, in any spelling that ECS takes (256, \".25 vCPU\", 512, \"0.5 GB\"), \
             are a pair that Fargate offers. What it offers to Linux and not to Windows is for the rule \
             fargate-windows-size-invalid.",
    matters: "ECS rejects a task definition for Fargate with another pair.",
    evidence: Evidence {
        source: "Fargate task sizes in the Amazon ECS developer guide; schema of cfn-lint's rule E3047; RegisterTaskDefinition's \
                 answer recorded in cdk-preflight 1.9.1, rule pf-ecs-fargate-windows-cpu-under-1vcpu.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    failing: Example(r#"{ "memory": "3072", "containerDefinitions": [{ "name": "app" }] }"#),
    passing: Example(
        r#"{ "cpu": ".25 vCPU", "memory": "1 GB", "containerDefinitions": [{ "name": "app" }] }"#,
    ),
    undecided: Undecided::Failing("memory"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let (cpu, memory) = (task.document.get("cpu"), task.document.get("memory"));
    if cpu.is_unknown() || memory.is_unknown() {
        found.undecided();
    }
    let cpu = amount("cpu", cpu, units::cpu, found);
    let memory = amount("memory", memory, units::memory, found);
    let (Some(cpu), Some(memory)) = (cpu, memory) else { return };
    // Every size for Windows is one for Linux.
    if fargate_sizes::offers(cpu, memory, false) {
        return;
    }
    let windows = task.windows.unwrap_or(false);
    let sizes: Vec<String> = (nearest_sizes(cpu, memory, windows).iter())
        .map(|(cpu, memory)| format!("\"cpu\": \"{cpu}\", \"memory\": \"{memory}\""))
        .collect();
    found.in_task(
        Path::default().key(if fargate_sizes::size(cpu).is_some() { "memory" } else { "cpu" }),
        format!(
            "The task asks for {cpu} CPU units and {memory} MiB, which Fargate does not offer together.{}",
            would_answer("No Fargate configuration exists for given values")
        ),
        format!("Write {}.", sizes.join(" or ")),
    );
}

/// The amount behind a value; a finding where it is none. A placeholder is for another rule.
fn amount(
    key: &str,
    node: &Node,
    read: fn(&Node) -> Result<Option<i64>, UnitProblem>,
    found: &mut Found,
) -> Option<i64> {
    match read(node) {
        Ok(amount) => amount,
        Err(_) if node.as_str().is_none_or(|text| text.contains('<')) => None,
        Err(problem) => {
            found.in_task(
                Path::default().key(key),
                format!("The task's {key} is {problem}."),
                format!("Write \"{key}\": \"{}\", for example.", if key == "cpu" { 256 } else { 512 }),
            );
            None
        }
    }
}

/// The smallest offered size with room for both, and the nearest memory with the same CPU.
fn nearest_sizes(cpu: i64, memory: i64, windows: bool) -> Vec<(i64, i64)> {
    let offered: Vec<(i64, i64)> = (fargate_sizes::SIZES.iter())
        .filter(|size| size.windows || !windows)
        .flat_map(|size| size.memory.iter().map(|memory| (size.cpu, *memory)))
        .collect();
    let with_room = offered.iter().copied().find(|(units, mebibytes)| *units >= cpu && *mebibytes >= memory);
    let same_cpu = (offered.iter().copied())
        .filter(|(units, _)| *units == cpu)
        .min_by_key(|(_, mebibytes)| (mebibytes - memory).unsigned_abs());
    let mut sizes: Vec<(i64, i64)> = same_cpu.into_iter().chain(with_room).collect();
    sizes.dedup();
    if sizes.is_empty() {
        sizes.extend(offered.last());
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn fixes(cpu: &str, memory: &str, more: &str) -> Vec<(String, String)> {
        let document = format!(
            r#"{{"requiresCompatibilities": ["FARGATE"], "cpu": {cpu}, "memory": {memory}{more},
                "containerDefinitions": [{{"name": "a", "image": "i:1"}}]}}"#
        );
        let findings = findings_of("fargate-size-invalid", &document);
        findings.into_iter().map(|finding| (finding.path.to_string(), finding.fix_text())).collect()
    }

    #[test]
    fn the_nearest_sizes_are_named() {
        let expected = r#"Write "cpu": "256", "memory": "2048" or "cpu": "512", "memory": "3072"."#;
        assert_eq!(fixes(r#""256""#, r#""3 GB""#, ""), [("memory".to_owned(), expected.to_owned())]);
        let expected = r#"Write "cpu": "512", "memory": "1024"."#;
        assert_eq!(fixes(r#""300""#, r#""512""#, ""), [("cpu".to_owned(), expected.to_owned())]);
        let largest = r#"Write "cpu": "32768", "memory": "249856"."#;
        assert_eq!(fixes(r#""99999""#, r#""512""#, "")[0].1, largest);
    }

    #[test]
    fn windows_gets_sizes_of_its_own() {
        let windows = r#", "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}"#;
        let expected = r#"Write "cpu": "1024", "memory": "2048"."#;
        assert_eq!(fixes(r#""300""#, r#""512""#, windows), [("cpu".to_owned(), expected.to_owned())]);
        assert_eq!(fixes(r#""512""#, r#""1024""#, windows), []);
    }

    #[test]
    fn what_is_no_amount_is_found_where_it_stands() {
        assert_eq!(fixes(r#""256""#, r#""512 MiB""#, "")[0].0, "memory");
        assert_eq!(fixes(r#""<CPU>""#, r#""512""#, ""), []);
    }
}
