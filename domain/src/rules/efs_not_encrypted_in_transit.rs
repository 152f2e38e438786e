//! `efs-not-encrypted-in-transit`

use super::efs_configuration_invalid;
use super::prelude::*;
use crate::document::Path;

/// A file system that is read over the network without encryption.
pub(super) static RULE: Rule = Rule {
    name: "efs-not-encrypted-in-transit",
    topic: Topic::Volumes,
    summary: "An EFS volume is not encrypted in transit",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: Some("ECS.18"),
    checks: "Every volume with an efsVolumeConfiguration says \"transitEncryption\": \"ENABLED\". Without it \
             ECS uses DISABLED.",
    matters: "Without it the files travel over the network in the clear. Security Hub's control ECS.18 fails.",
    evidence: Evidence {
        source: "Security Hub user guide, controls for Amazon ECS, ECS.18 (Config rule \
                 ecs-task-definition-efs-encryption-enabled); CKV_AWS_97; Trivy AWS-0035.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Risk,
    failing: Example(
        r#"{
  "volumes": [{ "name": "files", "efsVolumeConfiguration": { "fileSystemId": "fs-0123456789abcdef0" } }]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [
    {
      "name": "files",
      "efsVolumeConfiguration": {
        "fileSystemId": "fs-0123456789abcdef0",
        "transitEncryption": "ENABLED"
      }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("volumes[0].efsVolumeConfiguration.transitEncryption"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for (index, volume) in found.items(task.document.get("volumes")) {
        let efs = volume.get("efsVolumeConfiguration");
        if efs.is_null() {
            continue;
        }
        let encryption = efs.get("transitEncryption");
        if encryption.is_unknown() {
            found.undecided();
            continue;
        }
        let place = || {
            let volume = Path::default().key("volumes").index(index);
            volume.key("efsVolumeConfiguration").key("transitEncryption")
        };
        let is_known_word = matches!(encryption.as_str(), None | Some("" | "DISABLED"));
        match encryption.as_str() {
            Some("ENABLED") => {}
            _ if is_known_word && efs_configuration_invalid::needs_encryption(efs) == Some(false) => {
                let name = volume.get("name").as_str().unwrap_or_default();
                found.in_task(
                    place(),
                    format!(
                        "The EFS volume {} is not encrypted in transit. Security Hub's control ECS.18 fails.",
                        quoted(name)
                    ),
                    Edit::at(place(), "ENABLED"),
                );
            }
            // What ECS rejects has a finding of its own: a word it does not know, or none although it insists on encryption.
            _ => {
                if is_known_word && efs_configuration_invalid::needs_encryption(efs).is_none() {
                    found.undecided();
                }
                found.control_fails(place(), None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn what_ecs_rejects_is_told_of_once() {
        for (settings, rule) in [
            ("", "efs-not-encrypted-in-transit"),
            (r#", "authorizationConfig": {"iam": "ENABLED"}"#, "efs-configuration-invalid"),
            (r#", "authorizationConfig": {"accessPointId": "fsap-1"}"#, "efs-configuration-invalid"),
            (r#", "transitEncryptionPort": 2999"#, "efs-configuration-invalid"),
            (r#", "transitEncryption": "ENABLE""#, "wrong-enum-value"),
            (r#", "authorizationConfig": {"accessPointId": "<unknown>"}"#, "nobody yet"),
        ] {
            let document = format!(
                r#"{{"volumes": [{{"name": "v", "efsVolumeConfiguration": {{"fileSystemId": "fs-1"{settings}}}}}]}}"#
            );
            for other in ["efs-not-encrypted-in-transit", "efs-configuration-invalid", "wrong-enum-value"] {
                let count = findings_of(other, &document).len();
                assert_eq!(count, usize::from(other == rule), "{other}: {settings}");
            }
        }
    }
}
