//! `firelens-init-image-read-only`

use super::prelude::*;

/// A log router that cannot write its configuration.
pub(super) static RULE: Rule = Rule {
    name: "firelens-init-image-read-only",
    topic: Topic::ReadOnlyRoot,
    summary: "The init image of aws-for-fluent-bit cannot write its configuration",
    severity: Severity::Warning,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "A container with an image of aws-for-fluent-bit whose tag starts with init- and with a read-only root filesystem \
             has a writable mount at /tmp or at /init.",
    matters: "Before it starts Fluent Bit, the init image writes its configuration and a start script to /init. If it cannot, \
              images since July 2025 use /tmp/init, and older ones stop. A volume at /init itself hides the programs that the \
              image keeps there. The images without init- in their tag write nothing at start.",
    evidence: Evidence {
        source: "Aws-for-fluent-bit issues 824 and 928 and pull request 955.",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    {
      "name": "log-router",
      "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:init-2.32.5",
      "firelensConfiguration": { "type": "fluentbit" }
    }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "containerDefinitions": [
    { "name": "app", "logConfiguration": { "logDriver": "awsfirelens", "options": null } },
    {
      "name": "log-router",
      "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
      "firelensConfiguration": { "type": "fluentbit" }
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].mountPoints"),
    check,
};

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    for container in found.all(task.containers()) {
        if container.read_only_root() == Some(false) {
            continue;
        }
        let Some(image) = found.text(container.get("image")) else { continue };
        if !is_init_image(image) {
            continue;
        }
        let entry_point = container.get("entryPoint");
        let mounts = task.mounts(container);
        let writable = ["/tmp", "/init"].map(|path| mounts.writable(path));
        if !entry_point.items().is_empty() || writable.contains(&Some(true)) {
            continue;
        }
        if container.read_only_root().is_none() || entry_point.is_unknown() || writable.contains(&None) {
            found.undecided();
            continue;
        }
        let says = format!(
            "runs {} on a read-only root filesystem. The init images write to /init when they start, which fails there.",
            quoted(image)
        );
        let fix = without_init(image)
            .map_or_else(Fix::default, |image| Edit::set(container, "image", image).into())
            .and("If the task needs an init image, use one from July 2025 or later and mount a writable volume at /tmp.");
        found.in_container(container, container.path().key("image"), says, fix);
    }
}

/// Whether it is an init image in one of the registries of AWS or in a mirror that keeps the name.
fn is_init_image(reference: &str) -> bool {
    let Some(image) = Image::parse(reference) else { return false };
    image.repository.rsplit('/').next() == Some("aws-for-fluent-bit")
        && image.tag.is_some_and(|tag| tag.starts_with("init-") || tag == "init")
}

/// The same image without its init process.
fn without_init(reference: &str) -> Option<String> {
    let image = Image::parse(reference)?;
    Some(format!("{}:{}", image.repository, image.tag?.strip_prefix("init-")?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;

    #[test]
    fn the_tag_decides_and_a_volume_at_tmp_helps() {
        let tmp = r#", "mountPoints": [{"sourceVolume": "t", "containerPath": "/tmp"}]"#;
        for (tag, more, count) in [
            ("init-latest", "", 1),
            ("debug-2.32.5", "", 0),
            ("stable", "", 0),
            ("init-latest", tmp, 0),
            ("init-latest", r#", "entryPoint": ["/entrypoint.sh"]"#, 0),
        ] {
            let document = format!(
                r#"{{"containerDefinitions": [{{"name": "r", "readonlyRootFilesystem": true,
                    "image": "906394416424.dkr.ecr.eu-west-1.amazonaws.com/aws-for-fluent-bit:{tag}"{more}}}]}}"#
            );
            assert_eq!(findings_of("firelens-init-image-read-only", &document).len(), count, "{tag} {more}");
        }
    }
}
