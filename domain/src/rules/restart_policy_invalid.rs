//! `restart-policy-invalid`

use super::prelude::*;
use crate::ecs::shapes::limits::IGNORED_EXIT_CODES;

/// A restart policy that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "restart-policy-invalid",
    topic: Topic::Order,
    summary: "A restart policy is outside what ECS allows",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The restartAttemptPeriod of a restart policy is 60 to 1800 seconds, and the policy ignores at most 50 exit codes.",
    matters: "ECS rejects a task definition with another period, and documents a limit of 50 exit codes for a container.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule \
                 pf-ecs-restart-policy-attempt-period-range. Exit codes: API model of Amazon ECS in botocore 1.44.5.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [{ "restartPolicy": { "enabled": true, "restartAttemptPeriod": 30 } }]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [{ "restartPolicy": { "enabled": true, "restartAttemptPeriod": 60 } }]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].restartPolicy.restartAttemptPeriod"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let policy = container.get("restartPolicy");
        let period = policy.get("restartAttemptPeriod");
        if let Some((seconds, range)) = found.out_of_range(period, "restartPolicy.restartAttemptPeriod") {
            let (least, most) = (range.start(), range.end());
            let mut says = format!(
                "has a restart policy with a restartAttemptPeriod of {seconds} seconds. ECS accepts {least} to {most}."
            );
            if let Some(name) = container.name {
                says.push_str(&would_answer(&format!(
                    "The 'restartAttemptPeriod' setting for container '{}' must be between {least} and \
                     {most}",
                    shortened(name)
                )));
            }
            let key = "restartPolicy.restartAttemptPeriod";
            found.in_container(
                container,
                container.path().key("restartPolicy").key("restartAttemptPeriod"),
                says,
                Edit::set(container, key, seconds.clamp(*least, *most)),
            );
        }
        check_exit_codes(container, policy.get("ignoredExitCodes"), found);
    }
}

fn check_exit_codes(container: &Container<'_>, codes: &Node, found: &mut Found) {
    if codes.is_unknown() {
        found.undecided();
    }
    let count = codes.items().len();
    if count > IGNORED_EXIT_CODES {
        found.in_container(
            container,
            container.path().key("restartPolicy").key("ignoredExitCodes"),
            format!("has a restart policy that ignores {count} exit codes. ECS allows {IGNORED_EXIT_CODES}."),
            format!("Keep the {IGNORED_EXIT_CODES} with which the program really exits."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn fifty_exit_codes_are_allowed_and_no_more() {
        for (count, findings) in [(50, 0), (51, 1)] {
            let codes: Vec<String> = (1..=count).map(|code| code.to_string()).collect();
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "a", "restartPolicy": {{"ignoredExitCodes": [{}]}}}}]}}"#,
                codes.join(",")
            );
            assert_eq!(findings_of(RULE.name, &document).len(), findings, "{count}");
        }
    }
}
