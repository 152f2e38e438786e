//! `tags-missing`

use super::prelude::*;
use crate::document::Path;

/// A task definition whose owner nobody can tell.
pub(super) static RULE: Rule = Rule {
    name: "tags-missing",
    topic: Topic::Security,
    summary: "The task definition has no tags",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.15"),
    checks: "The task definition has at least one tag. Tags whose key starts with aws: belong to AWS and do not count.",
    matters: "Without tags nobody can tell whose task definition it is, what it costs, or which policy governs it. \
              Security Hub's control ECS.15 fails. If the account requires certain keys, the control looks for those as well, \
              which cannot be seen here.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.15 (Security Hub's own rule \
                 tagged-ecs-taskdefinition).",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(r#"{ "tags": null }"#),
    passing: Example(r#"{ "tags": [{ "key": "team", "value": "shop" }] }"#),
    undecided: Undecided::Failing("tags"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let tags = task.document.get("tags");
    let keys = || tags.items().iter().map(|tag| tag.get("key"));
    let counts = |key: &Node| key.as_str().is_some_and(|key| !key.is_empty() && !key.starts_with("aws:"));
    if keys().any(counts) {
        return;
    }
    if tags.is_unknown() || keys().any(Node::is_unknown) {
        found.undecided();
        return;
    }
    if !tags.items().is_empty() {
        // ECS accepts none of these tags, which `tag-invalid` reports.
        found.control_fails(Path::default().key("tags"), None);
        return;
    }
    found.in_task(
        Path::default().key("tags"),
        "The task definition has no tags. Security Hub's control ECS.15 fails.",
        Fix::from(Edit::set_in_task(
            "tags",
            vec![Node::from([("key", "team".into()), ("value", "shop".into())])],
        ))
        .and("Any tag counts. One that names the owner is the most useful."),
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn tags_that_ecs_does_not_accept_are_told_of_by_another_rule() {
        let count = |rule: &str, tags: &str| findings_of(rule, &format!(r#"{{"tags": {tags}}}"#)).len();
        assert_eq!(count("tags-missing", "[]"), 1);
        let of_aws = r#"[{"key": "aws:cloudformation:stack-name", "value": "x"}]"#;
        assert_eq!((count("tags-missing", of_aws), count("tag-invalid", of_aws)), (0, 1));
    }
}
