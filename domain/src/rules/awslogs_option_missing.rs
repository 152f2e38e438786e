//! `awslogs-option-missing`

use super::prelude::*;
use super::rule::would_answer;

/// A log configuration for awslogs that does not say where the logs go.
pub(super) static RULE: Rule = Rule {
    name: "awslogs-option-missing",
    topic: Topic::Logging,
    summary: "The awslogs driver is missing an option",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A log configuration for awslogs names the log group (awslogs-group) and its region (awslogs-region). ECS \
             was seen to require the region on Fargate; elsewhere its absence is a warning.",
    matters: "ECS rejects a task definition whose log configuration for awslogs has no value for a required option.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer recorded in cdk-preflight 1.9.1, rule pf-ecs-awslogs-missing-group \
                 (group); cfn-lint issue 1787 (group and region) and cfn-lint rule E3046.",
        seen: "2026-09",
        status: Status::Verified,
    },
    // The answer lists what is missing, so the details quote it.
    rejection: Rejection::Expected,
    mends: Mends::Yours,
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
        let mut has_no = |option| {
            let value = options.get(option);
            found.text(value).is_none_or(str::is_empty) && !value.is_unknown()
        };
        let missing = match (has_no("awslogs-region"), has_no("awslogs-group")) {
            (false, false) => continue,
            (true, false) => "awslogs-region",
            (false, true) => "awslogs-group",
            (true, true) => "awslogs-region, awslogs-group",
        };
        let family = task.document.get("family").as_str().unwrap_or("app");
        let values =
            [("awslogs-group", format!("/ecs/{family}")), ("awslogs-region", "eu-central-1".to_owned())];
        let written = values.into_iter().filter(|(option, _)| missing.contains(option));
        let edits = written.map(|(option, value)| {
            Edit::set(container, &format!("logConfiguration.options.{option}"), value)
        });
        let finding = found.in_container(
            container,
            container.path().key("logConfiguration").key("options"),
            format!(
                "logs with awslogs and has no {}.{}",
                missing.replace(", ", " and no "),
                would_answer(&format!("Log driver awslogs requires options: {missing}"))
            ),
            Fix::write(edits)
                .and("That is an example. Write the name of your log group and the region it is in."),
        );
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
    fn both_options_are_found_missing_at_once_and_the_region_weighs_less_off_fargate() {
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
