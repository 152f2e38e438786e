//! `fargate-size-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::fargate_sizes;
use crate::ecs::units::{self, UnitProblem};

/// CPU and memory that Fargate does not offer together.
pub(super) static RULE: Rule = Rule {
    name: "fargate-size-invalid",
    topic: Topic::Size,
    summary: "Fargate does not offer this size",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "The task's cpu and memory, in any spelling that ECS accepts (256, \".25 vCPU\", 512, \"0.5 GB\"), \
             are a pair that Fargate offers. Sizes that it offers to Linux but not to Windows are checked by \
             fargate-windows-size-invalid.",
    matters: "ECS rejects a task definition for Fargate with another pair.",
    evidence: Evidence {
        source: "Fargate task sizes in the Amazon ECS developer guide; schema of cfn-lint's rule E3047; RegisterTaskDefinition's \
                 answer recorded in cdk-preflight 1.9.1, rule pf-ecs-fargate-windows-cpu-under-1vcpu.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
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
    let cpu = amount(task, "cpu", units::cpu, found);
    let memory = amount(task, "memory", units::memory, found);
    let (Some(cpu), Some(memory)) = (cpu, memory) else { return };
    // Every size for Windows is one for Linux.
    if fargate_sizes::offers(cpu, memory, false) {
        return;
    }
    let mut fix = Fix::write(size_edits(task, 0));
    if let Some(mebibytes) = nearest_memory(cpu, memory, task.windows.unwrap_or(false)) {
        fix = fix
            .and(format!("With {cpu} CPU units, the nearest size that Fargate offers is {mebibytes} MiB."));
    }
    found.in_task(
        Path::default().key(if fargate_sizes::size(cpu).is_some() { "memory" } else { "cpu" }),
        format!(
            "The task asks for {cpu} CPU units and {memory} MiB, which Fargate does not offer together.{}",
            would_answer("No Fargate configuration exists for given values")
        ),
        fix,
    );
}

/// The amount behind a value; a finding where it is none. A placeholder is for another rule.
fn amount(
    task: &TaskDefinition<'_>,
    key: &str,
    read: fn(&Node) -> Result<Option<i64>, UnitProblem>,
    found: &mut Found,
) -> Option<i64> {
    let node = task.document.get(key);
    match read(node) {
        Ok(amount) => amount,
        Err(_) if node.as_str().is_none_or(|text| text.contains('<')) => None,
        Err(problem) => {
            let (cpu, memory) = fitting(task, 0);
            let fix = match key {
                "cpu" => Edit::set_in_task(key, cpu.to_string()),
                _ => Edit::set_in_task(key, memory.to_string()),
            };
            found.in_task(Path::default().key(key), format!("The task's {key} is {problem}."), fix);
            None
        }
    }
}

/// The memory nearest to what is asked for that Fargate offers with so many CPU units, where it offers any.
fn nearest_memory(cpu: i64, memory: i64, windows: bool) -> Option<i64> {
    let size = fargate_sizes::size(cpu).filter(|size| size.windows || !windows)?;
    size.memory.iter().copied().min_by_key(|mebibytes| mebibytes.abs_diff(memory))
}

/// The smallest size that Fargate offers with room for what the task and its containers ask for, or else the largest: CPU
/// units and MiB. What cannot be read asks for nothing; so many MiB are needed at least.
pub(super) fn fitting(task: &TaskDefinition<'_>, needed: i64) -> (i64, i64) {
    let of_containers = |key: &str| {
        let amounts = task.containers().known.iter().filter_map(|container| container.get(key).as_i64());
        amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.max(0)))
    };
    let largest_limit =
        task.containers().known.iter().filter_map(|container| container.get("memory").as_i64()).max();
    let cpu = units::cpu(task.document.get("cpu")).ok().flatten();
    let memory = meant_memory(task.document.get("memory"));
    let cpu = cpu.unwrap_or(0).max(of_containers("cpu"));
    let memory = memory
        .unwrap_or(0)
        .max(needed)
        .max(of_containers("memoryReservation"))
        .max(largest_limit.unwrap_or(0));
    let windows = task.windows.unwrap_or(false);
    let largest = || {
        let size = fargate_sizes::SIZES.iter().rfind(|size| size.windows || !windows)?;
        Some((size.cpu, *size.memory.last()?))
    };
    fargate_sizes::smallest_with(cpu, memory, windows)
        .or_else(largest)
        .expect("Fargate offers sizes to every operating system")
}

/// The task's cpu and memory of the size that fits, as far as they are not there already.
pub(super) fn size_edits(task: &TaskDefinition<'_>, needed: i64) -> Vec<Edit> {
    let (cpu, memory) = fitting(task, needed);
    let is_there = [
        units::cpu(task.document.get("cpu")) == Ok(Some(cpu)),
        units::memory(task.document.get("memory")) == Ok(Some(memory)),
    ];
    let edits = [Edit::set_in_task("cpu", cpu.to_string()), Edit::set_in_task("memory", memory.to_string())];
    edits.into_iter().zip(is_there).filter(|(_, is_there)| !is_there).map(|(edit, _)| edit).collect()
}

/// The amount that was probably meant by a value of the task's `memory` or `cpu` that is none to ECS.
pub(super) fn meant_amount(key: &str, node: &Node) -> Option<i64> {
    (key == "memory").then(|| meant_memory(node)).flatten()
}

/// The MiB of a value, in units that ECS does not know as well.
fn meant_memory(node: &Node) -> Option<i64> {
    if let Ok(amount) = units::memory(node) {
        return amount;
    }
    let text = node.as_str()?.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number: i64 = number.parse().ok()?;
    match unit.trim().to_ascii_lowercase().as_str() {
        "m" | "mb" | "mib" => Some(number),
        "g" | "gib" => number.checked_mul(1024),
        _ => None,
    }
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
        let expected =
            r#"Write "cpu": "512". With 256 CPU units, the nearest size that Fargate offers is 2048 MiB."#;
        assert_eq!(fixes(r#""256""#, r#""3 GB""#, ""), [("memory".to_owned(), expected.to_owned())]);
        let expected = r#"Write "cpu": "512", and write "memory": "1024"."#;
        assert_eq!(fixes(r#""300""#, r#""512""#, ""), [("cpu".to_owned(), expected.to_owned())]);
        let largest = r#"Write "cpu": "32768", and write "memory": "249856"."#;
        assert_eq!(fixes(r#""99999""#, r#""512""#, "")[0].1, largest);
    }

    #[test]
    fn windows_gets_sizes_of_its_own() {
        let windows = r#", "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}"#;
        let expected = r#"Write "cpu": "1024", and write "memory": "2048"."#;
        assert_eq!(fixes(r#""300""#, r#""512""#, windows), [("cpu".to_owned(), expected.to_owned())]);
        assert_eq!(fixes(r#""512""#, r#""1024""#, windows), []);
    }

    #[test]
    fn what_is_no_amount_is_found_where_it_stands() {
        for (memory, fix) in [
            ("512 MiB", r#"Write "memory": "512"."#),
            ("1g", r#"Write "memory": "1024"."#),
            ("1500 MB", r#"Write "memory": "2048"."#),
            ("much", r#"Write "memory": "512"."#),
        ] {
            let expected = [("memory".to_owned(), fix.to_owned())];
            assert_eq!(fixes(r#""256""#, &format!("\"{memory}\""), ""), expected, "{memory}");
        }
        let vcpu = fixes(r#""half""#, r#""3 GB""#, "");
        assert_eq!(vcpu, [("cpu".to_owned(), r#"Write "cpu": "512"."#.to_owned())]);
        assert_eq!(fixes(r#""<CPU>""#, r#""512""#, ""), []);
    }
}
