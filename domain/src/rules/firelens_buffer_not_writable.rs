//! `firelens-buffer-not-writable`

use super::image_path_not_writable::mounted;
use super::prelude::*;

/// A Fluent Bit router that cannot write the files it keeps logs in.
pub(super) static RULE: Rule = Rule {
    name: "firelens-buffer-not-writable",
    topic: Topic::ReadOnlyRoot,
    summary: "The log router cannot write its buffer",
    severity: Severity::Error,
    judges: Judges::TaskDefinition,
    platform: Platform::Linux,
    control: None,
    checks: "A Fluent Bit router with a read-only root filesystem has a writable mount at each directory in which the outputs \
             of the task's containers keep files: for the output s3 at its store_dir, which is /tmp/fluent-bit unless the \
             options say another, and for any output at a storage.path.",
    matters: "The output s3 always makes files before it sends anything. If it cannot, Fluent Bit stops when it starts, and \
              with it the task. What a configuration file of the router itself says is not seen here.",
    evidence: Evidence {
        source: "Fluent/fluent-bit issue 7308 (S3 output on a read-only root on Fargate) and fluent-bit-docs pull request 1116; \
                 aws/aws-for-fluent-bit issue 180 (\"Failed to initialize S3 storage\").",
        seen: "2026-11",
        status: Status::Verified,
    },
    rejection: Rejection::None,
    mends: Mends::Choice,
    failing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": {
        "logDriver": "awsfirelens",
        "options": {
          "Name": "s3", "bucket": "shop-logs", "region": "eu-central-1",
          "awslogs-group": null, "awslogs-region": null, "awslogs-stream-prefix": null, "mode": null
        }
      }
    },
    { "name": "log-router", "firelensConfiguration": { "type": "fluentbit" } }
  ]
}"#,
    ),
    passing: Example(
        r#"{
  "requiresCompatibilities": ["EC2"],
  "volumes": [{ "name": "log-buffer" }],
  "containerDefinitions": [
    {
      "name": "app",
      "logConfiguration": {
        "logDriver": "awsfirelens",
        "options": {
          "Name": "s3", "bucket": "shop-logs", "region": "eu-central-1",
          "awslogs-group": null, "awslogs-region": null, "awslogs-stream-prefix": null, "mode": null
        }
      }
    },
    {
      "name": "log-router",
      "firelensConfiguration": { "type": "fluentbit" },
      "mountPoints": [{ "sourceVolume": "log-buffer", "containerPath": "/tmp/fluent-bit" }]
    }
  ]
}"#,
    ),
    undecided: Undecided::Failing("containerDefinitions[1].mountPoints"),
    check,
};

/// Where the output s3 keeps its files unless it is told otherwise.
const STORE_DIR: &str = "/tmp/fluent-bit";

fn check(task: &TaskDefinition<'_>, found: &mut Found) {
    let Some(router) = task.log_router() else {
        let may_be_router = |container: &Container<'_>| container.get("firelensConfiguration").is_unknown();
        if task.some_container(may_be_router) || !task.knows_all_containers() {
            found.undecided();
        }
        return;
    };
    let kind = router.get("firelensConfiguration").get("type");
    if router.read_only_root() == Some(false) || !kind.is_unknown() && kind.as_str() != Some("fluentbit") {
        return;
    }
    let others_known = task.knows_all_containers()
        && !task.some_container(|container| container.get("firelensConfiguration").is_unknown());
    for container in found.all(task.containers()) {
        let log = container.get("logConfiguration");
        if found.text(log.get("logDriver")) != Some(Container::FIRELENS) {
            continue;
        }
        let options = log.get("options");
        let Some((option, directory)) = directory(options, found) else { continue };
        let writable = task.mounts(router).writable(&crate::task::normalized(directory));
        if writable == Some(true) {
            continue;
        }
        if writable.is_none() || router.read_only_root().is_none() || kind.is_unknown() || !others_known {
            found.undecided();
            continue;
        }
        report(task, router, container, option, directory, found);
        // One directory is one mistake, however many containers log to it.
        return;
    }
}

/// The directory in which an output keeps files, and the option that decides it.
fn directory<'n>(options: &'n Node, found: &mut Found) -> Option<(&'static str, &'n str)> {
    if options.is_unknown() {
        found.undecided();
    }
    let option = |key: &'static str| {
        let Node::Object(options) = options else { return None };
        options.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    };
    if let Some(path) = option("storage.path") {
        return Some(("storage.path", found.text(path)?));
    }
    let output = found.text(option("name")?)?;
    if !output.eq_ignore_ascii_case("s3") {
        return None;
    }
    match option("store_dir") {
        Some(path) => Some(("store_dir", found.text(path)?)),
        None => Some(("store_dir", STORE_DIR)),
    }
}

fn report(
    task: &TaskDefinition<'_>,
    router: &Container<'_>,
    sender: &Container<'_>,
    option: &str,
    directory: &str,
    found: &mut Found,
) {
    let says = format!(
        "is a Fluent Bit router with a read-only root filesystem and cannot write to the directory in which the output of \
         {} keeps files ({option}). Fluent Bit stops when it starts.",
        sender.called_inside()
    );
    let fix = match directory.starts_with('/') && directory != "/" {
        true => Fix::write(mounted(task, router, &[&crate::task::normalized(directory)])),
        false => Fix::default(),
    };
    let fix = fix.and(
        "On Fargate such a volume belongs to root, with mode 0755: a router that runs as another user needs a tmpfs, or a \
         container that changes the owner first.",
    );
    found.in_container(router, router.path().key("mountPoints"), says, fix);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{findings_of, mended};
    use super::*;

    fn text(options: &str, router: &str) -> String {
        format!(
            r#"{{"containerDefinitions": [
                {{"name": "app", "logConfiguration": {{"logDriver": "awsfirelens", "options": {options}}}}},
                {{"name": "other", "logConfiguration": {{"logDriver": "awsfirelens", "options": {options}}}}},
                {{"name": "router", {router}}}]}}"#
        )
    }

    const READ_ONLY: &str =
        r#""readonlyRootFilesystem": true, "firelensConfiguration": {"type": "fluentbit"}"#;

    #[test]
    fn the_directory_of_the_output_has_to_be_writable() {
        for (options, path) in [
            (r#"{"Name": "s3", "bucket": "b"}"#, "/tmp/fluent-bit"),
            (r#"{"Name": "S3", "store_dir": "/buffer/"}"#, "/buffer"),
            (r#"{"Name": "datadog", "storage.path": "/var/log/flb-storage"}"#, "/var/log/flb-storage"),
        ] {
            let found = findings_of(RULE.name, &text(options, READ_ONLY));
            assert_eq!(found.len(), 1, "{options}");
            assert_eq!(found[0].path.to_string(), "containerDefinitions[2].mountPoints");
            assert_eq!(mended(RULE.name, &text(options, READ_ONLY)), (1, vec![]), "{options}");
            for mounted in [path, "/"] {
                let mounts = format!(
                    r#"{READ_ONLY}, "mountPoints": [{{"sourceVolume": "b", "containerPath": "{mounted}"}}]"#
                );
                assert_eq!(findings_of(RULE.name, &text(options, &mounts)), [], "{options} {mounted}");
            }
        }
    }

    #[test]
    fn other_outputs_routers_and_roots_write_where_they_like() {
        let s3 = r#"{"Name": "s3"}"#;
        for (options, router) in [
            (r#"{"Name": "datadog"}"#, READ_ONLY.to_owned()),
            ("null", READ_ONLY.to_owned()),
            (r#"{"Name": "<unknown>"}"#, READ_ONLY.to_owned()),
            (s3, READ_ONLY.replace("true", "false")),
            (s3, READ_ONLY.replace("true", "\"<unknown>\"")),
            (r#"{"@type": "s3"}"#, READ_ONLY.replace("fluentbit", "fluentd")),
            (s3, READ_ONLY.replace("firelensConfiguration", "x")),
            (s3, format!(r#"{READ_ONLY}, "volumesFrom": "<unknown>""#)),
        ] {
            assert_eq!(findings_of(RULE.name, &text(options, &router)), [], "{options} {router}");
        }
    }
}
