//! `firelens-configuration-invalid`

use super::prelude::*;
use crate::document::Path;

/// A configuration file of a FireLens router that ECS cannot find.
pub(super) static RULE: Rule = Rule {
    name: "firelens-configuration-invalid",
    topic: Topic::Logging,
    summary: "ECS cannot find the configuration of the log router",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Where the options of a firelensConfiguration name a configuration file, config-file-type is s3 or file and \
             config-file-value is there: for s3 the ARN of an object, for file a path in the router's image.",
    matters: "ECS rejects a task definition whose config-file-value for s3 is no ARN, such as an address with s3://. With a type \
              that there is not, or with one of the two options alone, the ECS agent does not start the task; no answer of \
              ECS is on record for these, so they are warnings.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer in aws-cli issue 7147 (\"Invalid arn syntax.\"); \
                 agent/taskresource/firelens of amazon-ecs-agent and its pull request 2179; Amazon ECS developer guide, page \
                 on custom log routing.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    {
      "name": "log-router",
      "firelensConfiguration": {
        "type": "fluentbit",
        "options": { "config-file-type": "s3", "config-file-value": "s3://shop-settings/extra.conf" }
      }
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    {
      "name": "log-router",
      "firelensConfiguration": {
        "type": "fluentbit",
        "options": { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::shop-settings/extra.conf" }
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].firelensConfiguration.options.config-file-value"),
    check,
};

const TYPE: &str = "config-file-type";
const VALUE: &str = "config-file-value";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let options = container.get("firelensConfiguration").get("options");
        if options.is_unknown() {
            found.undecided();
            continue;
        }
        let (kind, value) = (options.get(TYPE), options.get(VALUE));
        if kind.is_unknown() || value.is_unknown() {
            found.undecided();
            continue;
        }
        let place = container.path().key("firelensConfiguration").key("options");
        match (kind.as_str(), value.as_str()) {
            // Fargate has no configuration from S3 at all, which is for the rule unsupported-on-fargate.
            (Some("s3"), _) if task.fargate == Some(true) => {}
            (Some("s3"), Some(value)) if !value.starts_with("arn:") => {
                if task.fargate.is_none() {
                    found.undecided();
                } else {
                    no_arn(container, &place, value, found);
                }
            }
            (Some("s3" | "file"), _) if value.is_null() => {
                alone(container, place.key(VALUE), VALUE, kind.as_str(), found);
            }
            (Some("s3" | "file"), _) => {}
            (Some(other), _) => no_type(container, &place, other, value.as_str(), found),
            (None, Some(value)) if kind.is_null() => {
                let meant = if value.starts_with("arn:") { "s3" } else { "file" };
                alone(container, place.key(TYPE), TYPE, Some(meant), found);
            }
            (None, _) => {}
        }
    }
}

/// Text in place of an ARN: `s3://bucket/key`, `bucket/key`, or an address with https.
fn no_arn(container: &Container<'_>, place: &Path, value: &str, found: &mut Found) {
    let object = value.strip_prefix("s3://").unwrap_or(value).trim_start_matches('/');
    let meant = match object.contains("://") || !object.contains('/') {
        true => "arn:aws:s3:::shop-settings/extra.conf".to_owned(),
        false => format!("arn:aws:s3:::{object}"),
    };
    let says = format!(
        "has a {VALUE} for s3 that is not the ARN of an object in S3.{}",
        would_answer("Invalid arn syntax.")
    );
    let fix = Fix::from(Edit::at(place.clone().key(VALUE), meant).of(container)).and(
        "In another partition it begins with arn:aws-cn or arn:aws-us-gov. The execution role needs permission to read \
         the object.",
    );
    found.in_container(container, place.clone().key(VALUE), says, fix);
}

fn alone(container: &Container<'_>, place: Path, missing: &str, kind: Option<&str>, found: &mut Found) {
    let other = if missing == VALUE { TYPE } else { VALUE };
    let written = match (missing == VALUE, kind) {
        (false, kind) => kind.unwrap_or("file"),
        (true, Some("s3")) => "arn:aws:s3:::shop-settings/extra.conf",
        (true, _) => "/fluent-bit/etc/extra.conf",
    };
    let says =
        format!("has {other} in its firelensConfiguration and no {missing}, so there is no file to read.");
    let mut fix = Fix::from(Edit::at(place.clone(), written).of(container));
    if missing == VALUE {
        fix = fix.and("That is an example: write where the file is.");
    }
    found.in_container(container, place, says, fix).severity = Severity::Warning;
}

fn no_type(container: &Container<'_>, place: &Path, kind: &str, value: Option<&str>, found: &mut Found) {
    let meant = nearest(kind, ["file", "s3"].into_iter())
        .unwrap_or(if value.is_some_and(|value| value.starts_with("arn:")) { "s3" } else { "file" });
    let says = format!("has a {TYPE} that there is not. There are two: s3 and file.");
    let fix = Edit::at(place.clone().key(TYPE), meant).of(container);
    found.in_container(container, place.clone().key(TYPE), says, fix).severity = Severity::Warning;
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(platform: &str, options: &str) -> String {
        format!(
            r#"{{"requiresCompatibilities": ["{platform}"], "containerDefinitions": [{{"name": "r",
                "firelensConfiguration": {{"type": "fluentbit", "options": {options}}}}}]}}"#
        )
    }

    #[test]
    fn what_is_no_file_is_mended() {
        for (options, severity, written) in [
            (
                r#"{"config-file-type": "s3", "config-file-value": "s3://b/k/x.conf"}"#,
                Severity::Error,
                r#""config-file-value": "arn:aws:s3:::b/k/x.conf""#,
            ),
            (
                r#"{"config-file-type": "s3", "config-file-value": "b/x.conf"}"#,
                Severity::Error,
                r#""config-file-value": "arn:aws:s3:::b/x.conf""#,
            ),
            (
                r#"{"config-file-type": "s3", "config-file-value": "https://b.s3.amazonaws.com/x"}"#,
                Severity::Error,
                r#""config-file-value": "arn:aws:s3:::shop-settings/extra.conf""#,
            ),
            (r#"{"config-file-type": "s3"}"#, Severity::Warning, r#""config-file-value": "arn:"#),
            (r#"{"config-file-value": "/x.conf"}"#, Severity::Warning, r#""config-file-type": "file""#),
            (
                r#"{"config-file-type": "S3", "config-file-value": "arn:aws:s3:::b/x"}"#,
                Severity::Warning,
                r#""config-file-type": "s3""#,
            ),
        ] {
            let found = findings_of(RULE.name, &text("EC2", options));
            assert_eq!(found.len(), 1, "{options}");
            assert_eq!(found[0].severity, severity, "{options}");
            assert!(found[0].fix_text().contains(written), "{options}: {}", found[0].fix_text());
            assert_eq!(mended(RULE.name, &text("EC2", options)), (1, vec![]), "{options}");
        }
    }

    #[test]
    fn a_file_that_can_be_there_is_fine() {
        for (platform, options) in [
            ("EC2", r#"{"config-file-type": "s3", "config-file-value": "arn:aws-cn:s3:::b/x.conf"}"#),
            ("EC2", r#"{"config-file-type": "file", "config-file-value": "/x.conf"}"#),
            ("EC2", r#"{"enable-ecs-log-metadata": "true"}"#),
            ("EC2", r#"{"config-file-type": "s3", "config-file-value": "<unknown>"}"#),
            ("EC2", r#"{"config-file-type": "s3", "config-file-value": "<ARN>"}"#),
            ("FARGATE", r#"{"config-file-type": "s3", "config-file-value": "s3://b/x"}"#),
            ("EC2", "null"),
        ] {
            assert_eq!(findings_of(RULE.name, &text(platform, options)), [], "{options}");
        }
    }
}
