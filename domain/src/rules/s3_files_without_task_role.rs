//! `s3-files-without-task-role`

use super::prelude::*;
use crate::document::Path;

/// An S3 Files volume in a task without a task role.
pub(super) static RULE: Rule = Rule {
    name: "s3-files-without-task-role",
    topic: Topic::Volumes,
    summary: "An S3 Files volume is used without a task role",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A task definition with an s3filesVolumeConfiguration names a task role.",
    matters: "The file system is mounted with the permissions of the task role. The API reference requires one, and without \
              it nothing can be mounted.",
    evidence: Evidence {
        source: "S3FilesVolumeConfiguration in the API reference of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Expected,
    mends: Mends::Yours,
    failing: Example(
        r#"{
  "taskRoleArn": null,
  "volumes": [
    {
      "name": "uploads",
      "s3filesVolumeConfiguration": {
        "fileSystemArn": "arn:aws:s3files:eu-central-1:111122223333:file-system/fs-0123456789abcdef0"
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
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop-task",
  "volumes": [
    {
      "name": "uploads",
      "s3filesVolumeConfiguration": {
        "fileSystemArn": "arn:aws:s3files:eu-central-1:111122223333:file-system/fs-0123456789abcdef0"
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
    undecided: Undecided::Failing("taskRoleArn"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let role = task.document.get("taskRoleArn");
    if role.as_str().is_some_and(|arn| !arn.is_empty()) {
        return;
    }
    for (index, volume) in found.items(task.document.get("volumes")) {
        let files = volume.get("s3filesVolumeConfiguration");
        if files.is_null() {
            continue;
        }
        if files.is_unknown() || role.is_unknown() {
            found.undecided();
            continue;
        }
        // One role is missing, however many volumes need it.
        found.in_task(
            Path::default().key("volumes").index(index).key("s3filesVolumeConfiguration"),
            "The task has an S3 Files volume, but no task role with whose permissions it could be mounted.",
            Fix::from(Edit::set_in_task("taskRoleArn", stand_in::TASK_ROLE))
                .and("The ARN is an example. Write that of a role that may use the file system."),
        );
        return;
    }
}
