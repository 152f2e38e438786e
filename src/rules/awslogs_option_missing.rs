//! `awslogs-option-missing`

use super::prelude::*;
use super::rule::would_answer;

/// A log configuration for awslogs that does not say where the lines go.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-option-missing",
    topic: Topic::Logging,
    summary: "The awslogs driver misses an option",
    severity: Severity::Error,
    platform: Platform::Any,
    control: None,
    checks: "A log configuration for awslogs names the log group (awslogs-group) and its region (awslogs-region). That \
             the region is required was seen for Fargate; elsewhere its absence is a warning.",
    matters: "ECS rejects a task definition whose log configuration for awslogs misses a required option.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-awslogs-missing-group \
                 (group); cfn-lint issue 1787 (group and region) and cfn-lint rule E3046.",
        seen: "2026-09",
        status: Status::Verified,
    },
    // The answer lists what is missing, so the details quote it.
    rejection: Rejection::Expected,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "options": { "awslogs-group": null } } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": {
        "options": { "awslogs-group": "/shop", "awslogs-region": "eu-central-1" }
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].logConfiguration.options.awslogs-group"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let Some(Some(options)) = found.known(container.awslogs()) else { continue };
        let mut misses = |option| {
            let value = options.get(option);
            found.text(value).is_none_or(str::is_empty) && !value.is_unknown()
        };
        let missing = match (misses("awslogs-region"), misses("awslogs-group")) {
            (false, false) => continue,
            (true, false) => "awslogs-region",
            (false, true) => "awslogs-group",
            (true, true) => "awslogs-region, awslogs-group",
        };
        let finding = found.in_container(
            container,
            container.path().key("logConfiguration").key("options"),
format!("logs with awslogs without {}.{}", missing.replace(", ", " and "), would_answer(&format!("Log driver awslogs requires options: {missing}"))),
            "Write \"awslogs-group\": \"...\" with the name of the log group and \"awslogs-region\": \"...\" with its \
             region among the options.");
        if missing == "awslogs-region" && task.fargate != Some(true) {
            finding.severity = Severity::Warning;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    #[test]
    fn both_options_are_missed_at_once_and_the_region_weighs_less_off_fargate() {
        for (platform, options, severity, answer) in [
            ("EC2", "", Severity::Error, "awslogs-region, awslogs-group"),
            ("FARGATE", r#""awslogs-group": "/a""#, Severity::Error, "awslogs-region"),
            ("EC2", r#""awslogs-group": "/a""#, Severity::Warning, "awslogs-region"),
            (
                "EC2",
                r#""awslogs-group": "", "awslogs-region": "eu-central-1""#,
                Severity::Error,
                "awslogs-group",
            ),
        ] {
            let document = format!(
                r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "a",
                    "logConfiguration": {{"logDriver": "awslogs", "options": {{{options}}}}}}}]}}"#
            );
            let findings = findings_of("awslogs-option-missing", &document);
            assert_eq!(findings.len(), 1, "{document}");
            assert_eq!(findings[0].severity, severity, "{document}");
            let quote = format!("requires options: {answer}\".");
            assert!(findings[0].detail().ends_with(&quote), "{}", findings[0].detail());
        }
    }
}
