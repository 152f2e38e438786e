//! `environment-file-invalid`

use super::prelude::*;
use crate::ecs::Arn;
use crate::ecs::shapes::limits::ENVIRONMENT_FILES;

/// An environment file that ECS cannot load.
pub(super) static RULE: Rule = Rule {
    name: "environment-file-invalid",
    topic: Topic::Form,
    summary: "An environment file cannot be loaded",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A container has at most ten environment files, and the value of each is the ARN of an S3 object whose key \
             ends in .env.",
    matters: "ECS rejects a task definition with more files, or with a value that is not an ARN. Any other ARN is a warning: \
              ECS documents that the file has to be an S3 object with that ending, and loads it when the task starts.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules pf-ecs-environment-files-max and \
                 pf-ecs-environment-files-type. Object and ending: API model of Amazon ECS in botocore 1.44.5.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "environmentFiles": [{ "type": "s3", "value": "s3://shop-config/app.env" }] }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::shop-config/app.env" }] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].environmentFiles[0].value"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let files = container.get("environmentFiles");
        let count = files.items().len();
        if count > ENVIRONMENT_FILES {
            let answer =
                "The maximum number of environment files was exceeded. Specify ten or less and try again";
            found.in_container(
                container,
                container.path().key("environmentFiles"),
                format!("has {count} environment files.{}", would_answer(answer)),
                "Put the variables of several files into one file.",
            );
        }
        for (index, file) in found.items(files) {
            let Some(value) = found.text(file.get("value")) else { continue };
            // An empty value is for another rule.
            if !value.is_empty() {
                check_value(container, index, value, found);
            }
        }
    }
}

fn check_value(container: &Container<'_>, index: usize, value: &str, found: &mut Found) {
    let (what, is_rejected) = if !value.starts_with("arn:") {
        ("which is not an ARN", true)
    } else if !is_s3_object(value) {
        ("which is not the ARN of an S3 object", false)
    } else if !value.ends_with(".env") {
        ("which does not end in .env", false)
    } else {
        return;
    };
    let consequence = if is_rejected {
        would_answer("Invalid arn syntax")
    } else {
        " ECS documents that it loads only S3 objects whose key ends in .env.".to_owned()
    };
    let place = container.path().key("environmentFiles").index(index).key("value");
    let fix = match object_meant(value) {
        Some(arn) => Fix::from(Edit::at(place.clone(), arn).of(container))
            .and("The object has to exist under that key."),
        None => Fix::from(Edit::at(place.clone(), "arn:aws:s3:::shop-config/app.env").of(container))
            .and("This is an example: write your own bucket and key."),
    };
    let says = format!("loads variables from {}, {what}.{consequence}", quoted(value));
    let finding = found.in_container(container, place, says, fix);
    if !is_rejected {
        finding.severity = Severity::Warning;
    }
}

/// The ARN of the object that a value means, with the ending that ECS asks for.
fn object_meant(value: &str) -> Option<String> {
    let arn =
        value.strip_prefix("s3://").map_or_else(|| value.to_owned(), |key| format!("arn:aws:s3:::{key}"));
    let ending = if arn.ends_with(".env") { "" } else { ".env" };
    is_s3_object(&arn).then(|| arn + ending)
}

/// Whether an ARN is of an object in a bucket: `arn:PARTITION:s3:::BUCKET/KEY`.
fn is_s3_object(arn: &str) -> bool {
    let of_s3 = Arn::parse(arn).filter(|arn| arn.service == "s3");
    let object = of_s3.and_then(|arn| arn.resource.split_once('/'));
    object.is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use super::*;

    fn severities(values: &[&str]) -> Vec<Severity> {
        let files: Vec<String> =
            values.iter().map(|value| format!(r#"{{"type": "s3", "value": "{value}"}}"#)).collect();
        let document = format!(
            r#"{{"containerDefinitions": [{{"name": "a", "environmentFiles": [{}]}}]}}"#,
            files.join(",")
        );
        findings_of(RULE.name, &document).into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn only_what_ecs_was_seen_to_reject_is_an_error() {
        for (value, expected) in [
            ("arn:aws:s3:::bucket/a.env", vec![]),
            ("arn:aws-us-gov:s3:::bucket/folder/a.env", vec![]),
            ("arn:aws:s3:::<BUCKET>/a.env", vec![]),
            ("", vec![]),
            ("bucket/a.env", vec![Severity::Error]),
            ("arn:aws:s3:::bucket", vec![Severity::Warning]),
            ("arn:aws:ssm:eu-west-1:111122223333:parameter/a.env", vec![Severity::Warning]),
            ("arn:aws:s3:::bucket/a.txt", vec![Severity::Warning]),
        ] {
            assert_eq!(severities(&[value]), expected, "{value}");
        }
    }

    #[test]
    fn the_object_that_is_meant_is_named() {
        for (value, meant) in [
            ("s3://bucket/a.env", Some("arn:aws:s3:::bucket/a.env")),
            ("arn:aws-cn:s3:::bucket/a.txt", Some("arn:aws-cn:s3:::bucket/a.txt.env")),
            ("s3://bucket", None),
            ("./a.env", None),
        ] {
            assert_eq!(object_meant(value).as_deref(), meant, "{value}");
        }
    }

    #[test]
    fn ten_files_are_allowed_and_no_more() {
        let file = "arn:aws:s3:::bucket/a.env";
        assert_eq!(severities(&[file; 10]), []);
        assert_eq!(severities(&[file; 11]), [Severity::Error]);
    }
}
