//! `task-size-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::TASK_CPU;
use crate::ecs::units::{self, UnitProblem};

/// A size of a task outside Fargate that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "task-size-invalid",
    topic: Topic::Size,
    summary: "ECS does not accept the size of the task",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "Outside of Fargate, the cpu of a task is 128 to 196608 CPU units, as a number or in vCPU, and its memory is a number \
             of MiB or of GB. Both may be left out. Fargate's own sizes are for the rule fargate-size-invalid.",
    matters: "ECS rejects the task definition.",
    evidence: Evidence {
        source: "RegisterTaskDefinition in the API reference of Amazon ECS, cpu and memory; the developer guide's page on invalid \
                 CPU or memory values, which quotes the answer.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(r#"{ "requiresCompatibilities": ["EC2"], "cpu": "64" }"#),
    passing: Example(r#"{ "requiresCompatibilities": ["EC2"], "cpu": "128" }"#),
    undecided: Undecided::Failing("cpu"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    if task.fargate == Some(true) {
        return;
    }
    amount(task, "cpu", units::cpu, found);
    amount(task, "memory", units::memory, found);
}

fn amount(
    task: &TaskDefinition<'_>,
    key: &str,
    read: fn(&Node) -> Result<Option<i64>, UnitProblem>,
    found: &mut Found,
) {
    let node = task.document.get(key);
    if node.is_unknown() {
        found.undecided();
    }
    // A value of another type is for the rule about types.
    if !matches!(node, Node::String(_) | Node::Number(_)) || node.as_str() == Some("") {
        return;
    }
    let (what, meant) = match read(node) {
        Ok(Some(units)) if key == "cpu" && !TASK_CPU.contains(&units) => (
            format!("{units} CPU units. ECS accepts {} to {}", TASK_CPU.start(), TASK_CPU.end()),
            Some(units.clamp(*TASK_CPU.start(), *TASK_CPU.end())),
        ),
        Ok(_) => return,
        Err(problem) => (problem.to_string(), super::fargate_size_invalid::meant_amount(key, node)),
    };
    if task.fargate.is_none() {
        found.undecided();
        return;
    }
    let says =
        format!("The task's {key} is {what}.{}", would_answer(&format!("Invalid '{key}' setting for task.")));
    let fix = match meant {
        Some(meant) => Fix::from(Edit::set_in_task(key, meant.to_string())).and("Or leave it out."),
        None => Fix::from(Edit::remove_in_task(key))
            .and("Each container then needs a memory or a memoryReservation of its own. Or write a number."),
    };
    found.in_task(Path::default().key(key), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(platform: &str, size: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["{platform}"], {size}, "containerDefinitions": [{{"name": "a", "memory": 64}}]}}"#
        )
    }

    #[test]
    fn a_size_that_is_none_is_mended() {
        for (size, written) in [
            (r#""cpu": "64""#, r#"Write "cpu": "128"."#),
            (r#""cpu": 64"#, r#"Write "cpu": "128"."#),
            (r#""cpu": "0.1 vCPU""#, r#"Remove "cpu""#),
            (r#""cpu": "200000""#, r#"Write "cpu": "196608"."#),
            (r#""memory": "512MB""#, r#"Write "memory": "512"."#),
            (r#""memory": "2 GiB""#, r#"Write "memory": "2048"."#),
            (r#""memory": "much""#, r#"Remove "memory""#),
            (r#""cpu": "-1""#, r#"Remove "cpu""#),
        ] {
            let found = findings_of(RULE.name, &text("EC2", size));
            assert_eq!(found.len(), 1, "{size}");
            assert!(found[0].fix_text().starts_with(written), "{size}: {}", found[0].fix_text());
            assert_eq!(mended(RULE.name, &text("EC2", size)), (1, vec![]), "{size}");
        }
    }

    #[test]
    fn sizes_in_every_spelling_are_fine_and_those_of_fargate_are_for_another_rule() {
        for (platform, size) in [
            ("EC2", r#""cpu": "128", "memory": "4""#),
            ("EC2", r#""cpu": "1 vCPU", "memory": "0.5 GB""#),
            ("EC2", r#""cpu": null, "memory": """#),
            ("EC2", r#""cpu": "<CPU>", "memory": "{{memory}}""#),
            ("EC2", r#""cpu": "<unknown>""#),
            ("FARGATE", r#""cpu": "64", "memory": "512MB""#),
            ("<unknown>", r#""cpu": "64""#),
        ] {
            assert_eq!(findings_of(RULE.name, &text(platform, size)), [], "{size}");
        }
    }
}
