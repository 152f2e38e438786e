//! `credential-spec-invalid`

use super::prelude::*;
use crate::ecs::shapes::limits::CREDENTIAL_SPECS;

/// Credential specs that ECS does not accept.
pub(super) static RULE: Rule = Rule {
    name: "credential-spec-invalid",
    topic: Topic::Security,
    summary: "ECS does not accept these credential specs",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A container has at most one entry in credentialSpecs. It begins with credentialspec: or credentialspecdomainless:, with \
             an ARN behind it.",
    matters: "ECS allows one for a container. For an entry in another form no answer is on record, so that is a warning.",
    evidence: Evidence {
        source: "ContainerDefinition in the API model of Amazon ECS as of botocore 1.44.5, credentialSpecs: the maximum number is 1, \
                 and there are two formats.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    {
      "credentialSpecs": [
        "credentialspec:arn:aws:s3:::shop-settings/web.json",
        "credentialspec:arn:aws:s3:::shop-settings/jobs.json"
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    { "credentialSpecs": ["credentialspec:arn:aws:s3:::shop-settings/web.json"] }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].credentialSpecs"),
    check,
};

const FORMATS: [&str; 2] = ["credentialspec:", "credentialspecdomainless:"];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let specs = container.get("credentialSpecs");
        let place = container.path().key("credentialSpecs");
        // How many there are is known as soon as the list is.
        let count = specs.items().len();
        if count > CREDENTIAL_SPECS {
            let says = format!("has {count} credential specs. ECS allows {CREDENTIAL_SPECS}.");
            let fix = Fix::write(
                (CREDENTIAL_SPECS..count)
                    .map(|index| Edit::without(place.clone().index(index)).of(container)),
            );
            found.in_container(
                container,
                place.clone(),
                says,
                fix.and("Keep the one that the container needs."),
            );
        }
        for (index, spec) in found.items(specs) {
            let Some(text) = spec.as_str() else { continue };
            if FORMATS.iter().any(|format| text.starts_with(format)) {
                continue;
            }
            let at = place.clone().index(index);
            let fix = match text.starts_with("arn:") {
                true => {
                    let mut meant = specs.items().to_vec();
                    meant[index] = format!("credentialspec:{text}").into();
                    Fix::from(Edit::set(container, "credentialSpecs", meant))
                }
                false => Fix::from(Edit::without(at.clone()).of(container))
                    .and("Or write credentialspec: and the ARN of the file in S3 or of the parameter."),
            };
            let says = "has a credential spec that begins neither with credentialspec: nor with credentialspecdomainless:.";
            found.in_container(container, at, says, fix).severity = Severity::Warning;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    #[test]
    fn one_spec_in_one_of_two_formats_is_fine() {
        let good = "\"credentialspec:arn:aws:s3:::a/b\"";
        for (specs, severities) in [
            (format!("[{good}, {good}]"), vec![Severity::Error]),
            (format!("[{good}, \"<unknown>\"]"), vec![Severity::Error]),
            ("[\"arn:aws:s3:::a/b\"]".to_owned(), vec![Severity::Warning]),
            ("[\"file://a.json\"]".to_owned(), vec![Severity::Warning]),
            (format!("[{good}]"), vec![]),
            ("[\"credentialspecdomainless:arn:aws:ssm:x:1:parameter/a\"]".to_owned(), vec![]),
            ("[]".to_owned(), vec![]),
        ] {
            let document =
                format!(r#"{{"containerDefinitions": [{{"name": "a", "credentialSpecs": {specs}}}]}}"#);
            let found: Vec<_> =
                findings_of(RULE.name, &document).into_iter().map(|finding| finding.severity).collect();
            assert_eq!(found, severities, "{specs}");
            assert_eq!(mended(RULE.name, &document), (severities.len(), vec![]), "{specs}");
        }
    }
}
