//! `health-check-invalid`

use super::prelude::*;

/// A health check with a number that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "health-check-invalid",
    topic: Topic::Order,
    summary: "ECS does not accept this health check",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "The numbers of a health check are in their ranges: interval 5 to 300 seconds, timeout 2 to 60 seconds, \
             retries 1 to 10, startPeriod 0 to 300 seconds.",
    matters: "ECS rejects a task definition with a number outside its range. What its command has to look like is for the \
              rule health-check-never-passes.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-healthcheck-interval-range, \
                 pf-ecs-healthcheck-timeout-range, pf-ecs-healthcheck-retries-range and \
                 pf-ecs-healthcheck-start-period-range. Lower ends: API model of Amazon ECS in botocore 1.44.5.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    {
      "healthCheck": {
        "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
        "interval": 600
      }
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "healthCheck": {
        "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
        "interval": 60
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].healthCheck.interval"),
    check,
};

/// The numbers, where the table of ranges has them, and their unit.
const NUMBERS: [(&str, &str, &str); 4] = [
    ("interval", "healthCheck.interval", " seconds"),
    ("retries", "healthCheck.retries", ""),
    ("startPeriod", "healthCheck.startPeriod", " seconds"),
    ("timeout", "healthCheck.timeout", " seconds"),
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let health_check = container.get("healthCheck");
        if health_check.is_null() {
            continue;
        }
        for (key, place, unit) in NUMBERS {
            let Some((number, range)) = found.out_of_range(health_check.get(key), place) else { continue };
            let (least, most) = (range.start(), range.end());
            let mut says =
                format!("has a health check whose {key} is {number}{unit}. ECS accepts {least} to {most}.");
            if let Some(name) = container.name.filter(|_| number > *most) {
                says.push_str(&would_answer(&format!(
                    "Health check {key} must be less than or equal to the maximum allowed value {most} for container \
                     '{}'",
                    shortened(name)
                )));
            }
            found.in_container(
                container,
                container.path().key("healthCheck").key(key),
                says,
                Edit::set(container, place, number.clamp(*least, *most)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn findings(health_check: &str) -> Vec<super::super::Finding> {
        let document =
            format!(r#"{{"containerDefinitions": [{{"name": "a", "healthCheck": {health_check}}}]}}"#);
        findings_of(RULE.name, &document)
    }

    #[test]
    fn every_number_outside_its_range_is_a_finding_of_its_own() {
        let found = findings(
            r#"{"command": ["CMD", "x"], "interval": 4, "timeout": 61, "retries": 0, "startPeriod": 301}"#,
        );
        let fixes: Vec<String> = found.iter().map(super::super::Finding::fix_text).collect();
        let expected = [
            r#"Write "interval": 5 in healthCheck."#,
            r#"Write "retries": 1 in healthCheck."#,
            r#"Write "startPeriod": 300 in healthCheck."#,
            r#"Write "timeout": 60 in healthCheck."#,
        ];
        assert_eq!(fixes, expected);
        // The answer on record is that to a number above its range.
        assert!(
            !found[0].detail().contains("ECS would answer")
                && found[3].detail().contains("value 60 for container 'a'")
        );
    }
}
