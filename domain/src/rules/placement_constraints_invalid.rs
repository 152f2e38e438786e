//! `placement-constraints-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::shapes::limits::PLACEMENT_CONSTRAINTS;

/// More placement constraints than a task definition may have.
pub(super) static RULE: Rule = Rule {
    name: "placement-constraints-invalid",
    topic: Topic::Form,
    summary: "Too many placement constraints",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition has at most 10 placement constraints.",
    matters: "ECS documents this limit for the list, so the registration is expected to fail.",
    evidence: Evidence {
        source: "API reference of RegisterTaskDefinition, placementConstraints.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "placementConstraints": [
    { "type": "memberOf", "expression": "attribute:a == 1" },
    { "type": "memberOf", "expression": "attribute:b == 1" },
    { "type": "memberOf", "expression": "attribute:c == 1" },
    { "type": "memberOf", "expression": "attribute:d == 1" },
    { "type": "memberOf", "expression": "attribute:e == 1" },
    { "type": "memberOf", "expression": "attribute:f == 1" },
    { "type": "memberOf", "expression": "attribute:g == 1" },
    { "type": "memberOf", "expression": "attribute:h == 1" },
    { "type": "memberOf", "expression": "attribute:i == 1" },
    { "type": "memberOf", "expression": "attribute:j == 1" },
    { "type": "memberOf", "expression": "attribute:k == 1" }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "placementConstraints": [{ "type": "memberOf", "expression": "attribute:a == 1 and attribute:b == 1" }]
}"#,
    ),
    undecided: Undecided::Failing("placementConstraints"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let constraints = task.document.get("placementConstraints");
    if constraints.is_unknown() {
        found.undecided();
    }
    let count = constraints.items().len();
    if count > PLACEMENT_CONSTRAINTS {
        let path = Path::default().key("placementConstraints");
        // Those that hold on Fargate are none, whatever their number: the rule unsupported-on-fargate tells of it.
        if found.known(task.fargate) != Some(false) {
            return;
        }
        let beyond = (PLACEMENT_CONSTRAINTS..count).map(|index| Edit::without(path.clone().index(index)));
        found.in_task(
            path.clone(),
            format!("There are {count} placement constraints, and ECS allows {PLACEMENT_CONSTRAINTS}."),
            Fix::write(beyond)
                .and("Or combine several of them in one expression, with the word and between them."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn the_limit_itself_passes() {
        let constraint = r#"{"type": "memberOf", "expression": "attribute:a == 1"}"#;
        for (count, expected) in [(10, 0), (11, 1)] {
            let list = vec![constraint; count].join(",");
            let document =
                format!(r#"{{"requiresCompatibilities": ["EC2"], "placementConstraints": [{list}]}}"#);
            assert_eq!(findings_of(RULE.name, &document).len(), expected, "{count}");
        }
    }
}
