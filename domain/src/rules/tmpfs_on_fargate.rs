//! `tmpfs-on-fargate`

use super::prelude::*;
use crate::task::volume_name;

/// Memory used as a volume.
pub(super) static RULE: Rule = Rule {
    name: "tmpfs-on-fargate",
    topic: Topic::ReadOnlyRoot,
    summary: "A tmpfs takes up memory of the task",
    severity: Severity::Note,
    judges: Judges::TaskDefinition,
    platform: Platform::Fargate,
    control: None,
    checks: "No container of a Fargate task has a tmpfs.",
    matters: "What is written to a tmpfs counts as memory of the container, so a container that fills it is killed. Fargate \
              has supported tmpfs only since January 2026, and older tools and documents still reject it. A volume \
              without any configuration is on the disk of the task, 20 GiB of which cost nothing.",
    evidence: Evidence {
        source: "Containers-roadmap issue 736, shipped in January 2026; that it counts as memory is how Docker describes tmpfs.",
        seen: "2026-11",
        status: Status::Believed,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "linuxParameters": { "tmpfs": [{ "containerPath": "/tmp", "size": 64 }] } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "volumes": [{ "name": "data" }],
  "containerDefinitions": [
    {
      "name": "cache",
      "image": "public.ecr.aws/docker/library/redis:8.2.1",
      "user": "999",
      "mountPoints": [{ "sourceVolume": "data", "containerPath": "/data" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[0].linuxParameters.tmpfs"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    // Windows has no tmpfs, which `unsupported-on-windows` reports.
    if task.windows == Some(true) {
        return;
    }
    for container in found.all(task.containers()) {
        let tmpfs = container.get("linuxParameters").get("tmpfs");
        if tmpfs.is_unknown() {
            found.undecided();
        }
        if tmpfs.items().is_empty() {
            continue;
        }
        let mut sizes = tmpfs.items().iter().map(|tmpfs| tmpfs.get("size").as_i64());
        let size = sizes.try_fold(0_i64, |sum, size| Some(sum.saturating_add(size?)));
        let size = size.map_or(String::new(), |size| format!(" ({size} MiB in all)"));
        found.in_container(
            container,
            container.path().key("linuxParameters").key("tmpfs"),
            format!(
                "has a tmpfs{size}. What is written there counts as its memory, and a container without memory left is \
                 killed."
            ),
            as_volumes(task, container, tmpfs.items())
                .and(
                    "Keep the tmpfs if the memory of the container has room for it, or if the container runs as a user other \
                     than root: a volume belongs to root at first.",
                ),
        );
    }
}

/// A volume without configuration in place of each.
fn as_volumes(task: &TaskDefinition<'_>, container: &Container<'_>, tmpfs: &[Node]) -> Fix {
    let volumes = task.document.get("volumes").items();
    let mut edits = Vec::new();
    for (count, tmpfs) in tmpfs.iter().enumerate() {
        let path = tmpfs.get("containerPath").as_str();
        let name = path.map(|path| (path, volume_name(container.name.unwrap_or("container"), path)));
        let is_taken = |name: &str| volumes.iter().any(|volume| volume.get("name").as_str() == Some(name));
        let Some((path, name)) = name.filter(|(_, name)| !is_taken(name)) else {
            return Fix::from("Mount a volume without configuration instead.");
        };
        let mount = Node::from([("sourceVolume", name.as_str().into()), ("containerPath", path.into())]);
        let volume = Node::from([("name", name.into())]);
        edits.push(Edit::add_to_task(task.document, "volumes", volume).behind(count));
        edits.push(Edit::add(container, "mountPoints", mount).behind(count));
    }
    edits.push(Edit::remove(container, "linuxParameters.tmpfs"));
    Fix::write(edits)
}

#[cfg(test)]
mod tests {
    use crate::document::{parse, to_json};
    use crate::rules::tests::findings_of;

    #[test]
    fn sizes_of_which_no_sum_can_be_told_are_no_crash() {
        let findings = findings_of(
            "tmpfs-on-fargate",
            r#"{ "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{ "name": "app", "linuxParameters": {
                "tmpfs": [{ "containerPath": "/a", "size": 9223372036854775807 }, { "containerPath": "/b", "size": 64 }]
            } }] }"#,
        );
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0].detail().contains("has a tmpfs (9223372036854775807 MiB in all)"),
            "{}",
            findings[0].detail()
        );
    }

    #[test]
    fn each_tmpfs_becomes_a_volume() {
        let text = r#"{ "requiresCompatibilities": ["FARGATE"], "volumes": [{ "name": "v" }], "containerDefinitions": [{
            "name": "app", "linuxParameters": { "tmpfs": [{ "containerPath": "/a" }, { "containerPath": "/b/c" }] } }] }"#;
        let mut document = parse(text).unwrap();
        findings_of("tmpfs-on-fargate", text)[0].fix.apply(&mut document);
        assert_eq!(
            to_json(document.get("volumes")).unwrap(),
            r#"[{"name":"v"},{"name":"app-a"},{"name":"app-b-c"}]"#
        );
        let container = &document.get("containerDefinitions").items()[0];
        assert_eq!(
            to_json(container).unwrap(),
            r#"{"linuxParameters":{},"mountPoints":[{"containerPath":"/a","sourceVolume":"app-a"},{"containerPath":"/b/c","sourceVolume":"app-b-c"}],"name":"app"}"#
        );
    }
}
