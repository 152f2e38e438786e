//! `volume-kinds-mixed`

use super::prelude::*;
use crate::document::Path;

/// A volume of two kinds at once.
pub(super) static RULE: Rule = Rule {
    name: "volume-kinds-mixed",
    topic: Topic::Volumes,
    summary: "A volume has more than one kind of configuration",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Any,
    control: None,
    checks: "A volume has at most one of host with a sourcePath, dockerVolumeConfiguration, efsVolumeConfiguration, \
             fsxWindowsFileServerVolumeConfiguration, s3filesVolumeConfiguration and \"configuredAtLaunch\": true. An \
             empty host beside one of the others is allowed.",
    matters: "ECS cannot tell where to keep the data, and rejects the task definition.",
    evidence: Evidence {
        source: "RegisterTaskDefinition's answer quoted in terraform-aws-ecs-alb-service-task issues 146 and 185; Volume in \
                 the API reference of Amazon ECS.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::Answered(
        "When the volume parameter is specified, only one volume configuration type should be used",
    ),
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "volumes": [
    {
      "name": "uploads",
      "configuredAtLaunch": true,
      "efsVolumeConfiguration": {
        "fileSystemId": "fs-0123456789abcdef0",
        "transitEncryption": "ENABLED"
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
        "transitEncryption": "ENABLED"
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
    undecided: Undecided::Failing("volumes[0].configuredAtLaunch"),
    check,
};

const KINDS: [&str; 6] = [
    "host",
    "dockerVolumeConfiguration",
    "efsVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "s3filesVolumeConfiguration",
    "configuredAtLaunch",
];

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for (index, volume) in found.items(task.document.get("volumes")) {
        let kinds = || KINDS.iter().filter(|kind| is_set(kind, volume.get(kind)) == Some(true));
        let open = KINDS.iter().filter(|kind| is_set(kind, volume.get(kind)).is_none()).count();
        let certain = kinds().count();
        if certain < 2 {
            if open > 0 && certain + open > 1 {
                found.undecided();
            }
            continue;
        }
        let kinds: Vec<&str> = kinds().copied().collect();
        let place = Path::default().key("volumes").index(index);
        found.in_task(
            place.clone().key(kinds[1]),
            format!("{} has {}.", called(volume), kinds.join(" and ")),
            Fix::write(kinds[1..].iter().map(|kind| Edit::without(place.clone().key(kind)))).and(format!(
                "Or keep another one instead of {}, if the data is there. For two places, write two volumes.",
                kinds[0]
            )),
        );
    }
}

/// Whether a volume is of a kind; none while not known. A host without a path is what every volume has that is of no
/// kind, and ECS gives it back so.
fn is_set(kind: &str, node: &Node) -> Option<bool> {
    let node = if kind == "host" { node.get("sourcePath") } else { node };
    match node {
        Node::Unknown => None,
        Node::Null | Node::Bool(false) => Some(false),
        _ => Some(true),
    }
}

/// How a sentence calls a volume.
fn called(volume: &Node) -> String {
    volume.get("name").as_str().map_or("A volume".to_owned(), |name| format!("Volume {}", quoted(name)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn what_is_empty_or_off_is_no_kind() {
        for (kinds, count) in [
            (r#""host": {}, "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#, 0),
            (r#""host": {"sourcePath": "/a"}, "efsVolumeConfiguration": {"fileSystemId": "fs-1"}"#, 1),
            (
                r#""host": {"sourcePath": "/a"}, "configuredAtLaunch": false, "dockerVolumeConfiguration": null"#,
                0,
            ),
            (
                r#""host": {"sourcePath": "/a"}, "configuredAtLaunch": true, "dockerVolumeConfiguration": {}"#,
                1,
            ),
            (r#""host": "<unknown>", "configuredAtLaunch": true"#, 0),
        ] {
            let document = format!(r#"{{"volumes": [{{"name": "v", {kinds}}}]}}"#);
            assert_eq!(findings_of("volume-kinds-mixed", &document).len(), count, "{kinds}");
        }
    }
}
