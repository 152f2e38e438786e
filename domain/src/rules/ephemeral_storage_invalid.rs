//! `ephemeral-storage-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::range;

/// Ephemeral storage of a size that Fargate does not offer, or without Fargate.
pub(super) static RULE: Rule = Rule {
    name: "ephemeral-storage-invalid",
    topic: Topic::Size,
    summary: "ECS does not accept this ephemeral storage",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The ephemeralStorage is between 21 and 200 GiB, and only a task definition that requires Fargate has one. That \
             EC2 rejects it is on record; if neither EC2 nor Fargate is required, it is a warning.",
    matters: "ECS rejects the task definition otherwise. Every task on Fargate has 20 GiB without asking for it.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules \
                 pf-ecs-ephemeral-storage-range and pf-ecs-fargate-ephemeral-storage-ec2.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(r#"{ "ephemeralStorage": { "sizeInGiB": 20 } }"#),
    passing: Example(r#"{ "ephemeralStorage": { "sizeInGiB": 21 } }"#),
    undecided: Undecided::Failing("ephemeralStorage.sizeInGiB"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let storage = task.document.get("ephemeralStorage");
    match storage {
        Node::Unknown => found.undecided(),
        Node::Object(_) => match task.fargate {
            Some(false) => without_fargate(task, found),
            fargate => {
                if fargate.is_none() {
                    found.undecided();
                }
                size(storage.get("sizeInGiB"), found);
            }
        },
        _ => {}
    }
}

fn without_fargate(task: &TaskDefinition<'_>, found: &mut Found) {
    let requires = task.document.get("requiresCompatibilities").items();
    let on_ec2 = requires.iter().any(|item| item.as_str() == Some("EC2"));
    let answer = "Tasks using the EC2 launch type do not support EphemeralStorage.";
    let finding = found.in_task(
        Path::default().key("ephemeralStorage"),
        format!(
            "Only Fargate lets a task choose the size of its ephemeral storage, and the task definition does not require \
             Fargate.{}",
            if on_ec2 { would_answer(answer) } else { String::new() }
        ),
        Fix::from(Edit::remove_in_task("ephemeralStorage"))
            .and("Or, if the task is to run on Fargate, require FARGATE in requiresCompatibilities."),
    );
    if !on_ec2 {
        finding.severity = Severity::Warning;
    }
}

fn size(size: &Node, found: &mut Found) {
    if size.is_unknown() {
        found.undecided();
    }
    let Some(size) = size.as_i64() else { return };
    let offered = &range("/ephemeralStorage.sizeInGiB").expect("the table of ranges has it").range;
    let (bound, advice) = if size < *offered.start() {
        (
            format!("at least {}", offered.start()),
            "Or remove ephemeralStorage: every task on Fargate has 20 GiB without it.",
        )
    } else if size > *offered.end() {
        (format!("at most {}", offered.end()), "A volume of EFS or EBS can hold more.")
    } else {
        return;
    };
    found.in_task(
        Path::default().key("ephemeralStorage").key("sizeInGiB"),
        format!(
            "The task asks for {size} GiB of ephemeral storage.{}",
            would_answer(&format!("EphemeralStorage size should be {bound}"))
        ),
        Fix::from(Edit::set_in_task(
            "ephemeralStorage.sizeInGiB",
            size.clamp(*offered.start(), *offered.end()),
        ))
        .and(advice),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::Severity;

    fn found(size: i64, requires: &str) -> Vec<(Severity, String)> {
        let document = format!(
            r#"{{"requiresCompatibilities": {requires}, "ephemeralStorage": {{"sizeInGiB": {size}}}}}"#
        );
        let findings = findings_of("ephemeral-storage-invalid", &document);
        findings.into_iter().map(|finding| (finding.severity, finding.detail())).collect()
    }

    #[test]
    fn both_ends_of_the_range_are_checked() {
        for (size, answer) in [(20, "at least 21"), (201, "at most 200")] {
            let findings = found(size, r#"["FARGATE"]"#);
            assert!(findings[0].1.ends_with(&format!("should be {answer}\".")), "{findings:?}");
        }
        assert_eq!(found(200, r#"["EC2", "FARGATE"]"#), []);
    }

    #[test]
    fn without_fargate_the_size_does_not_count() {
        for (requires, severity) in [(r#"["EC2"]"#, Severity::Error), ("[]", Severity::Warning)] {
            let findings = found(7, requires);
            assert_eq!(findings.iter().map(|(severity, _)| *severity).collect::<Vec<_>>(), [severity]);
        }
    }
}
