//! `fargate-size-missing`

use super::fargate_size_invalid::fitting;
use super::prelude::*;
use crate::document::Path;

/// A Fargate task without a size.
pub(super) static RULE: Rule = Rule {
    name: "fargate-size-missing",
    topic: Topic::Size,
    summary: "Fargate needs the task's cpu and memory",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "A task definition that requires Fargate sets cpu and memory for the task as a whole.",
    matters: "ECS rejects a task definition for Fargate without them. The sizes of the containers do not \
              replace them.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-fargate-task-cpu-memory.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(r#"{ "memory": null, "containerDefinitions": [{ "name": "app", "memory": 512 }] }"#),
    passing: Example(r#"{ "memory": "512", "containerDefinitions": [{ "name": "app", "memory": 512 }] }"#),
    undecided: Undecided::Other(Example(
        r#"{ "memory": "<unknown>", "containerDefinitions": [{ "name": "app" }] }"#,
    )),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let (cpu, memory) = fitting(task, 0);
    for (key, amount) in [("cpu", cpu), ("memory", memory)] {
        let value = task.document.get(key);
        if value.is_unknown() {
            found.undecided();
        } else if value.is_null() {
            found.in_task(
                Path::default().key(key),
                format!(
                    "The task requires Fargate and has no {key} of its own.{}",
                    would_answer(&format!("Fargate requires that '{key}' be defined at the task level"))
                ),
                Fix::from(Edit::set_in_task(key, amount.to_string()))
                    .and("This is the smallest size with room for what the containers ask for. Fargate offers larger ones."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn the_size_to_write_has_room_for_the_containers() {
        for (task, container, fixes) in [
            ("", "", vec![r#"Write "cpu": "256"."#, r#"Write "memory": "512"."#]),
            (r#", "cpu": "1 vCPU""#, "", vec![r#"Write "memory": "2048"."#]),
            (r#", "memory": "3 GB""#, "", vec![r#"Write "cpu": "512"."#]),
            (r#", "cpu": "256""#, r#", "memory": 1500"#, vec![r#"Write "memory": "2048"."#]),
            (r#", "memory": "2048""#, r#", "cpu": 700"#, vec![r#"Write "cpu": "1024"."#]),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["FARGATE"]{task}, "containerDefinitions": [{{"name": "a"{container}}}]}}"#
            );
            let findings = findings_of("fargate-size-missing", &document);
            assert_eq!(findings.len(), fixes.len(), "{document}");
            for (finding, fix) in findings.iter().zip(fixes) {
                assert!(finding.fix_text().starts_with(fix), "{document}: {}", finding.fix_text());
            }
        }
    }
}
