//! `efs-configuration-invalid`

use super::prelude::*;
use crate::document::Path;

/// Settings of an EFS volume that contradict each other.
pub(super) static RULE: Rule = Rule {
    name: "efs-configuration-invalid",
    topic: Topic::Volumes,
    summary: "The settings of an EFS volume contradict each other",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "An EFS volume with IAM authorization, an access point or a transitEncryptionPort says \"transitEncryption\": \
             \"ENABLED\", and one with an access point has no rootDirectory or \"/\".",
    matters: "ECS rejects the task definition otherwise. EFS checks who mounts a file system over an encrypted connection \
              only, and an access point has a directory of its own.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answers recorded in cdk-preflight 1.9.1, rules \
                 pf-ecs-efs-iam-without-transit-encryption, pf-ecs-efs-transit-encryption-port-without-encryption and \
                 pf-ecs-efs-access-point-with-root-directory; EFSAuthorizationConfig in the API reference of Amazon ECS.",
        seen: "2026-09",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Certain(
        "The transitEncryption becomes ENABLED, because ECS accepts nothing else there. Of the directory and the access point one has to go, \
             and that is yours to choose.",
    ),
    failing: Example(
        r#"{
  "volumes": [
    {
      "name": "uploads",
      "efsVolumeConfiguration": {
        "fileSystemId": "fs-0123456789abcdef0",
        "rootDirectory": "/shop",
        "transitEncryption": "ENABLED",
        "authorizationConfig": { "accessPointId": "fsap-0123456789abcdef0" }
      }
    }
  ],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }]
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [
    {
      "name": "uploads",
      "efsVolumeConfiguration": {
        "fileSystemId": "fs-0123456789abcdef0",
        "rootDirectory": "/",
        "transitEncryption": "ENABLED",
        "authorizationConfig": { "accessPointId": "fsap-0123456789abcdef0" }
      }
    }
  ],
  "containerDefinitions": [
    {
      "name": "app",
      "mountPoints": [{ "sourceVolume": "uploads", "containerPath": "/srv/uploads" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("volumes[0].efsVolumeConfiguration.authorizationConfig.accessPointId"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for (index, volume) in found.items(task.document.get("volumes")) {
        let efs = volume.get("efsVolumeConfiguration");
        if efs.is_unknown() {
            found.undecided();
        } else if !efs.is_null() {
            judge_encryption(efs, index, found);
            judge_root_directory(efs, index, found);
        }
    }
}

/// Whether ECS insists on encryption in transit, so that this rule is the one that reports its absence; none while not
/// known.
pub(super) fn needs_encryption(efs: &Node) -> Option<bool> {
    let authorization = efs.get("authorizationConfig");
    let (iam, point) = (authorization.get("iam"), authorization.get("accessPointId"));
    let port = efs.get("transitEncryptionPort");
    if iam.as_str() == Some("ENABLED")
        || point.as_str().is_some_and(|point| !point.is_empty())
        || port.as_i64().is_some()
    {
        return Some(true);
    }
    let is_known = [iam, point, port].into_iter().all(|node| !node.is_unknown());
    is_known.then_some(false)
}

fn judge_encryption(efs: &Node, index: usize, found: &mut Found) {
    let encryption = efs.get("transitEncryption");
    if encryption.as_str() == Some("ENABLED") {
        return;
    }
    let iam = found.text(efs.get("authorizationConfig").get("iam")) == Some("ENABLED");
    let port = efs.get("transitEncryptionPort");
    if port.is_unknown() {
        found.undecided();
    }
    let (needed_for, answer) = if iam {
        ("IAM authorization", would_answer("EFS IAM authorization requires TransitEncryption to be enabled"))
    } else if port.as_i64().is_some() {
        (
            "its transitEncryptionPort",
            would_answer("TransitEncryptionPort requires that TransitEncryption is enabled"),
        )
    } else if access_point(efs, found) {
        ("its access point", " ECS rejects such a task definition.".to_owned())
    } else {
        return;
    };
    if encryption.is_unknown() {
        found.undecided();
        return;
    }
    found.in_task(
        place(index).key("transitEncryption"),
        format!(
            "This EFS volume needs encryption in transit for {needed_for} and does not turn it on.{answer}"
        ),
        Fix::from(Edit::at(place(index).key("transitEncryption"), "ENABLED")).certain(),
    );
}

fn judge_root_directory(efs: &Node, index: usize, found: &mut Found) {
    if !access_point(efs, found) || matches!(found.text(efs.get("rootDirectory")), None | Some("" | "/")) {
        return;
    }
    let answer = would_answer(
        "When using an EFS access point, the root directory must either be set to \"/\" or be omitted",
    );
    found.in_task(
        place(index).key("rootDirectory"),
        format!(
            "This EFS volume has an access point, which decides the directory, and names another directory.{answer}"
        ),
        Fix::from(Edit::without(place(index).key("rootDirectory")))
            .and("The access point decides which directory is mounted."),
    );
}

fn access_point(efs: &Node, found: &mut Found) -> bool {
    let id = found.text(efs.get("authorizationConfig").get("accessPointId"));
    id.is_some_and(|id| !id.is_empty())
}

fn place(volume: usize) -> Path {
    Path::default().key("volumes").index(volume).key("efsVolumeConfiguration")
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    fn details(efs: &str) -> Vec<String> {
        let document = format!(r#"{{"volumes": [{{"name": "v", "efsVolumeConfiguration": {{{efs}}}}}]}}"#);
        let findings = findings_of("efs-configuration-invalid", &document);
        findings.into_iter().map(|finding| finding.detail()).collect()
    }

    #[test]
    fn encryption_is_asked_for_once_whatever_needs_it() {
        let all = r#""authorizationConfig": {"iam": "ENABLED", "accessPointId": "fsap-1"}, "transitEncryptionPort": 2999"#;
        for (efs, part) in [
            (all, "EFS IAM authorization requires"),
            (
                r#""transitEncryptionPort": 2999, "transitEncryption": "DISABLED""#,
                "TransitEncryptionPort requires",
            ),
            (r#""authorizationConfig": {"accessPointId": "fsap-1"}"#, "for its access point"),
        ] {
            let details = details(efs);
            assert!(details.len() == 1 && details[0].contains(part), "{efs}: {details:?}");
        }
        assert_eq!(details(&format!(r#"{all}, "transitEncryption": "ENABLED""#)), [""; 0]);
        assert_eq!(details(&format!(r#"{all}, "transitEncryption": "<unknown>""#)), [""; 0]);
    }

    #[test]
    fn a_volume_that_asks_for_nothing_passes() {
        for efs in [
            r#""fileSystemId": "fs-1", "rootDirectory": "/shop""#,
            r#""authorizationConfig": {"iam": "DISABLED", "accessPointId": ""}, "rootDirectory": "/shop""#,
        ] {
            assert_eq!(details(efs), [""; 0], "{efs}");
        }
    }
}
