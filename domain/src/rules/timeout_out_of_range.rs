//! `timeout-out-of-range`

use super::prelude::*;

/// A start or stop timeout that Fargate does not accept.
pub(super) static RULE: Rule = Rule {
    name: "timeout-out-of-range",
    topic: Topic::Size,
    summary: "Fargate does not accept a timeout",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "On Fargate, the startTimeout and the stopTimeout of a container are 2 to 120 seconds.",
    matters: "Fargate accepts no other values. A container that needs more than two minutes to stop has to be told earlier, \
              or has to run on EC2.",
    evidence: Evidence {
        source: "API model of Amazon ECS in botocore 1.44.5, startTimeout and stopTimeout of ContainerDefinition.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(r#"{ "containerDefinitions": [{ "stopTimeout": 300 }] }"#),
    passing: Example(r#"{ "containerDefinitions": [{ "stopTimeout": 120 }] }"#),
    undecided: Undecided::Failing("containerDefinitions[0].stopTimeout"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        for key in ["startTimeout", "stopTimeout"] {
            let Some((seconds, range)) = found.out_of_range(container.get(key), key) else { continue };
            let (least, most) = (range.start(), range.end());
            found.in_container(
                container,
                container.path().key(key),
                format!("has a {key} of {seconds} seconds. Fargate accepts {least} to {most}."),
                Fix::from(Edit::set(container, key, seconds.clamp(*least, *most))).and("Or remove it."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn both_timeouts_have_both_ends_on_fargate_and_none_elsewhere() {
        let timeouts = r#""containerDefinitions": [{"name": "a", "startTimeout": 1, "stopTimeout": 121}]"#;
        let count = |platform| {
            findings_of(RULE.name, &format!(r#"{{"requiresCompatibilities": ["{platform}"], {timeouts}}}"#))
                .len()
        };
        assert_eq!((count("FARGATE"), count("EC2")), (2, 0));
    }
}
