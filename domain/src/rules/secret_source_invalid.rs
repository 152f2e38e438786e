//! `secret-source-invalid`

use super::prelude::*;
use crate::document::Path;
use crate::ecs::Arn;
use crate::task::{SourceFlaw, source_flaw};

/// A secret that ECS cannot fetch from where it is said to be.
pub(super) static RULE: Rule = Rule {
    name: "secret-source-invalid",
    topic: Topic::Security,
    summary: "A secret cannot be fetched from there",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "Every valueFrom of secrets and of a log configuration's secretOptions, and every credentialsParameter of \
             repositoryCredentials, is the ARN of a Secrets Manager secret, alone or with JSON key, version stage and version \
             behind it (secret:name:key:stage:version, where all three colons are written even if the parts are \
             empty), or the ARN or the name of a Systems Manager parameter. It is in the partition of the execution role.",
    matters: "ECS rejects a name that no parameter can have. Of any other source it finds out when it starts a task: it cannot \
              fetch the secret, and the task does not start.",
    evidence: Evidence {
        source: "File asmsecret.go and issue 2358 of amazon-ecs-agent for the parts of an ARN; answer of \
                 RegisterTaskDefinition in copilot-cli issue 3446 for names; AWS general reference on partitions.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-db-AbCdEf:password"
        }
      ]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "containerDefinitions": [
    {
      "name": "app",
      "secrets": [
        {
          "name": "DB_PASSWORD",
          "valueFrom": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-db-AbCdEf:password::"
        }
      ]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].secrets[0].valueFrom"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        let lists: [(_, &[&str]); 2] = [
            (container.get("secrets"), &["secrets"]),
            (log.get("secretOptions"), &["logConfiguration", "secretOptions"]),
        ];
        for (list, keys) in lists {
            let path = || keys.iter().fold(container.path(), |path, key| path.key(key));
            for (index, secret) in found.items(list) {
                let path = || path().index(index).key("valueFrom");
                judge(task, container, secret.get("valueFrom"), path, found);
            }
        }
        let credentials = || container.path().key("repositoryCredentials").key("credentialsParameter");
        let secret = container.get("repositoryCredentials").get("credentialsParameter");
        // The name of a secret does as well there.
        if secret.as_str().is_none_or(|secret| secret.starts_with("arn:")) {
            judge(task, container, secret, credentials, found);
        }
    }
}

fn judge(
    task: &TaskDefinition<'_>,
    container: &Container<'_>,
    source: &Node,
    path: impl Fn() -> Path,
    found: &mut Found,
) {
    // An empty source is a missing one.
    let Some(source) = found.text(source).filter(|source| !source.is_empty()) else { return };
    if let Some(flaw) = source_flaw(source) {
        let says = format!("has a secret that {}.{}", what(flaw), consequence(flaw));
        found.in_container(container, path(), says, fix(container, source, path(), flaw));
        return;
    }
    let Some(secret) = Arn::parse(source) else { return };
    let role = found.text(task.document.get("executionRoleArn")).and_then(Arn::parse);
    let Some(role) = role.filter(|role| role.is_in_a_partition() && role.partition != secret.partition)
    else {
        return;
    };
    let says = format!(
        "has a secret in the partition {}, and the execution role is in {}. Nothing reaches from one partition into another, so \
         the task would not start.",
        quoted(secret.partition),
        quoted(role.partition)
    );
    found.in_container(
        container,
        path(),
        says,
        "Name a secret in the partition of the role, or run the task with a role of the other.",
    );
}

/// What is wrong. The source itself is not repeated: somebody may have written the secret there.
fn what(flaw: SourceFlaw) -> &'static str {
    match flaw {
        SourceFlaw::ParameterName => {
            "is neither an ARN nor the name of a Systems Manager parameter, which has letters, digits and _ . - / alone"
        }
        SourceFlaw::Cut => "begins like an ARN and is not a whole one",
        SourceFlaw::Service => {
            "is the ARN of something other than a Secrets Manager secret or a Systems Manager parameter"
        }
        SourceFlaw::Partition => {
            "is in no partition of AWS's: the second part of its ARN is not aws or one like it"
        }
        SourceFlaw::Region => "is in no region: the fourth part of its ARN is none",
        SourceFlaw::RegionElsewhere => "is in a region of another partition than its ARN says",
        SourceFlaw::Account => "is in no account: the fifth part of its ARN is not 12 digits",
        SourceFlaw::Resource => {
            "has an ARN that names no secret and no parameter: it ends in secret:name or parameter/name"
        }
        SourceFlaw::SecretParts => {
            "has an ARN with the wrong number of colons: after secret:name comes nothing, or :key:stage:version with all three \
             colons, even where parts are empty"
        }
        SourceFlaw::ParameterPath => "has an ARN with a name that no parameter has",
    }
}

fn consequence(flaw: SourceFlaw) -> String {
    match flaw {
        SourceFlaw::ParameterName => " ECS rejects the task definition.".to_owned(),
        _ => " ECS cannot fetch it, and the task does not start.".to_owned(),
    }
}

fn fix(container: &Container<'_>, source: &str, path: Path, flaw: SourceFlaw) -> Fix {
    let completed = completed(source).filter(|completed| source_flaw(completed).is_none());
    let write = |source: String| Fix::from(Edit::at(path.clone(), source).of(container));
    match (flaw, completed) {
        (SourceFlaw::ParameterName, _) | (_, None) => write(stand_in::SECRET.to_owned())
            .and("This is an example: write the ARN of your own secret or parameter."),
        (_, Some(completed)) => write(completed),
    }
}

/// The same source with the colons or the slash that were forgotten or are too many.
fn completed(source: &str) -> Option<String> {
    let source = source.trim();
    if let Some((start, name)) = source.split_once(":parameter//") {
        return Some(format!("{start}:parameter/{}", name.trim_start_matches('/')));
    }
    if let Some((start, name)) = source.split_once(":secret:") {
        let mut parts: Vec<&str> = name.split(':').collect();
        if parts.len() > 1 && parts.len() < 4 {
            parts.resize(4, "");
        }
        return Some(format!("{start}:secret:{}", parts.join(":")));
    }
    let arn = Arn::parse(source).filter(|arn| arn.service == "ssm")?;
    let name = arn.resource.trim_start_matches('/');
    let start = source.strip_suffix(arn.resource)?;
    (arn.resource.starts_with('/')).then(|| format!("{start}parameter/{name}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};

    fn document(role: &str, member: &str) -> String {
        format!(r#"{{"executionRoleArn": "{role}", "containerDefinitions": [{{"name": "a", {member}}}]}}"#)
    }

    const ROLE: &str = "arn:aws:iam::111122223333:role/x";

    #[test]
    fn each_is_found_at_its_place_and_mended_and_never_repeated() {
        for source in [
            "hunter2 is my secret",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:hunter2:username1",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:hunter2:username1:",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:hunter2:username1::v:x",
            "arn:aws:ssm:us-east-1:111122223333:parameter//hunter2",
            "arn:aws:ssm:us-east-1:111122223333:/hunter2",
            "arn:aws:s3:::hunter2/key",
            "arn:aws:kms:us-east-1:111122223333:key/hunter2",
        ] {
            for member in [
                format!(r#""secrets": [{{"name": "A", "valueFrom": "{source}"}}]"#),
                format!(
                    r#""logConfiguration": {{"logDriver": "splunk", "secretOptions": [{{"name": "splunk-token", "valueFrom": "{source}"}}]}}"#
                ),
            ] {
                let document = document(ROLE, &member);
                let findings = findings_of("secret-source-invalid", &document);
                let [finding] = findings.as_slice() else { panic!("{member}: {findings:?}") };
                assert!(finding.path.to_string().ends_with("[0].valueFrom"), "{}", finding.path);
                assert!(!finding.detail().contains("hunter2"), "{finding:?}");
                assert_eq!(mended("secret-source-invalid", &document), (1, Vec::new()), "{member}");
            }
        }
        let fix = |source: &str| {
            let document =
                document(ROLE, &format!(r#""secrets": [{{"name": "A", "valueFrom": "{source}"}}]"#));
            findings_of("secret-source-invalid", &document).remove(0).fix_text()
        };
        assert_eq!(
            fix("arn:aws:secretsmanager:us-east-1:111122223333:secret:shop:user"),
            "Write \"valueFrom\": \"arn:aws:secretsmanager:us-east-1:111122223333:secret:shop:user::\" in secrets[0]."
        );
        assert_eq!(
            fix("arn:aws:ssm:us-east-1:111122223333:parameter//shop"),
            "Write \"valueFrom\": \"arn:aws:ssm:us-east-1:111122223333:parameter/shop\" in secrets[0]."
        );
    }

    #[test]
    fn a_secret_in_another_partition_than_the_role_is_found() {
        let secret = r#""secrets": [{"name": "A", "valueFrom": "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:x"}]"#;
        assert_eq!(findings_of("secret-source-invalid", &document(ROLE, secret)).len(), 1);
        for role in ["arn:aws-cn:iam::111122223333:role/x", "ecsTaskExecutionRole", "<unknown>"] {
            assert_eq!(findings_of("secret-source-invalid", &document(role, secret)), [], "{role}");
        }
    }

    #[test]
    fn near_neighbours_pass() {
        for member in [
            r#""secrets": [{"name": "A", "valueFrom": "/shop/password"}, {"name": "B", "valueFrom": "password"}]"#,
            r#""secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:us-east-1:111122223333:secret:x:user::"}]"#,
            r#""secrets": [{"name": "A", "valueFrom": ""}, {"name": "B", "valueFrom": "<unknown>"}]"#,
            r#""repositoryCredentials": {"credentialsParameter": "registry password"}"#,
            r#""repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:us-east-1:111122223333:secret:x"}"#,
        ] {
            assert_eq!(findings_of("secret-source-invalid", &document(ROLE, member)), [], "{member}");
        }
        let elsewhere = r#""repositoryCredentials": {"credentialsParameter": "arn:aws:s3:::x"}"#;
        assert_eq!(findings_of("secret-source-invalid", &document(ROLE, elsewhere)).len(), 1);
    }
}
