//! What decides about findings: configuration, flags and comments, and which of them counts.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::text;
use crate::plugin::program;

/// An application with a writable root, which is a warning, and an image tag that moves, which is a note.
const TASK: &str = "\
family: shop
containerDefinitions:
- name: app
  image: example.com/shop:latest
  memory: 128
  readonlyRootFilesystem: false
";

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).current_dir(folder).args(["lint", "--notes"]).args(arguments).output().unwrap()
}

/// What a rule's finding counts as: its word, or `-` where it is left out.
fn word<'o>(output: &'o Output, rule: &str) -> &'o str {
    let told = text(&output.stdout);
    let head = told.lines().find(|line| line.contains(&format!("[{rule}")));
    head.and_then(|line| line.split(": ").nth(1)).unwrap_or("-")
}

struct Case {
    configuration: &'static str,
    comment: &'static str,
    flags: &'static [&'static str],
    expected: &'static str,
    status: i32,
}

/// The table of the guide, row by row.
#[test]
fn of_configuration_flags_and_comments_the_right_one_counts() {
    const WAIVER: &str = "[[waiver]]\nrule = \"root-filesystem-writable\"\nreason = \"vendor\"\nowner = \"shop\"\nexpires = 9999-12-31\n";
    const ENDED: &str = "[[waiver]]\nrule = \"root-filesystem-writable\"\nreason = \"vendor\"\nowner = \"shop\"\nexpires = 2020-01-01\n";
    const IGNORE: &str = " # ddrofs: ignore[root-filesystem-writable]";
    let case = |configuration, comment, flags, expected, status| Case {
        configuration,
        comment,
        flags,
        expected,
        status,
    };
    let cases = [
        case("", "", &[][..], "warning", 0),
        case("severity = { root-filesystem-writable = \"error\" }", "", &[], "error", 1),
        case("severity = { root-filesystem-writable = \"off\" }", "", &[], "-", 0),
        case(
            "severity = { root-filesystem-writable = \"error\" }",
            "",
            &["--ignore", "root-filesystem-writable"],
            "-",
            0,
        ),
        case("severity = { root-filesystem-writable = \"error\" }", "", &["--no-config"], "warning", 0),
        case("", "", &["--only", "root-user"], "-", 0),
        case("enforce = [\"ECS.5\"]\nseverity = { root-filesystem-writable = \"off\" }", "", &[], "error", 1),
        case("", "", &["--enforce", "ECS.5", "--ignore", "root-filesystem-writable"], "error", 1),
        case("enforce = [\"ECS.5\"]", IGNORE, &[], "error", 1),
        case(WAIVER, "", &["--enforce", "ECS.5"], "waived", 0),
        case(ENDED, "", &["--enforce", "ECS.5"], "error", 1),
        case("", IGNORE, &[], "ignored", 0),
        case("severity = { root-filesystem-writable = \"error\" }", IGNORE, &[], "ignored", 0),
        case("fail_on = \"warning\"", "", &[], "warning", 1),
        case("fail_on = \"warning\"", "", &["--fail-on", "error"], "warning", 0),
        case("fail_on = \"warning\"", IGNORE, &[], "ignored", 1),
        case("", "", &["--enforce", "ECS.5", "--fail-on", "never"], "error", 0),
    ];
    for Case { configuration, comment, flags, expected, status } in cases {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ddrofs.toml"), configuration).unwrap();
        let task = TASK.replace("Filesystem: false", &format!("Filesystem: false{comment}"));
        fs::write(folder.path().join("task.yaml"), task).unwrap();
        let output = lint(folder.path(), &[flags, &["task.yaml"]].concat());
        let found = (word(&output, "root-filesystem-writable"), output.status.code());
        let others_count = configuration.contains("fail_on") && !comment.is_empty();
        let status = if others_count { found.1 } else { Some(status) };
        assert_eq!(
            found,
            (expected, status),
            "{configuration}{comment} {flags:?}\n{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
    }
}

#[test]
fn what_looks_like_a_comment_in_a_text_lets_nothing_pass() {
    let folder = tempfile::tempdir().unwrap();
    const SIGN: &str = "# ddrofs: ignore[root-filesystem-writable]";
    let rule = "root-filesystem-writable";
    for (name, task) in [
        (
            "a.json",
            format!(
                r#"[{{"name": "a", "image": "x:1.0", "memory": 128, "command": ["{SIGN}"], "readonlyRootFilesystem": false}}]"#
            ),
        ),
        (
            "a.yaml",
            format!("{TASK}  command: ['x {SIGN}']\n")
                .replace("Filesystem: false\n  command", "Filesystem: false\n  entryPoint"),
        ),
        ("b.yaml", TASK.replace("  readonly", &format!("  command:\n  - |\n    {SIGN}\n  readonly"))),
    ] {
        fs::write(folder.path().join(name), &task).unwrap();
        assert_eq!(word(&lint(folder.path(), &[name]), rule), "warning", "{task}");
    }
    for (task, expected) in [
        (TASK.replace("  readonly", &format!("  {SIGN}\n  # why\n  readonly")), "ignored"),
        // At the end of a line it is for that line alone.
        (TASK.replace("  memory: 128", &format!("  memory: 128 {SIGN}")), "warning"),
    ] {
        fs::write(folder.path().join("c.yaml"), &task).unwrap();
        assert_eq!(word(&lint(folder.path(), &["c.yaml"]), rule), expected, "{task}");
    }
}

#[test]
fn the_nearest_configuration_counts_and_its_paths_and_patterns_start_from_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("team/tasks")).unwrap();
    fs::write(root.join("ddrofs.toml"), "paths = [\"team/tasks\"]\n[[waiver]]\nrule = \"root-filesystem-writable\"\nfiles = \"team/tasks/*.yaml\"\nreason = \"r\"\nowner = \"o\"\nexpires = 9999-12-31\n").unwrap();
    fs::write(root.join("team/tasks/task.yaml"), TASK).unwrap();
    let output = lint(root, &[]);
    assert!(text(&output.stdout).starts_with("team/tasks/task.yaml:"), "{}", text(&output.stdout));
    for (here, file) in
        [("team/tasks", "task.yaml"), ("team", "tasks/task.yaml"), ("team", "./tasks/../tasks/task.yaml")]
    {
        let output = lint(&root.join(here), &[file]);
        assert_eq!(word(&output, "root-filesystem-writable"), "waived", "{here} {file}");
    }
    fs::write(root.join("team/ddrofs.toml"), "").unwrap();
    assert_eq!(word(&lint(&root.join("team"), &["tasks"]), "root-filesystem-writable"), "warning");
    assert_eq!(
        word(&lint(&root.join("team"), &["--config", "../ddrofs.toml", "tasks"]), "root-filesystem-writable"),
        "waived"
    );
}

#[test]
fn a_configuration_with_a_mistake_stops_the_run_and_every_mistake_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ddrofs.toml"), "enfroce = [\"ECS.5\"]\n\nfail_on = \"bad\"\n").unwrap();
    fs::write(folder.path().join("task.yaml"), TASK).unwrap();
    let output = lint(folder.path(), &["task.yaml"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    let told = text(&output.stderr);
    assert!(
        told.contains("ddrofs.toml:1:1: There is no setting \"enfroce\"; did you mean \"enforce\"?"),
        "{told}"
    );
    assert!(told.contains("ddrofs.toml:3:11: "), "{told}");
    let gone = lint(folder.path(), &["--config", "gone.toml", "task.yaml"]);
    assert!(gone.status.code() == Some(2) && text(&gone.stderr).contains("gone.toml cannot be read"));
}

#[test]
fn what_a_configuration_says_of_the_tasks_is_known_and_flags_say_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ddrofs.toml"), "[context]\nlaunch_type = \"FARGATE\"\n").unwrap();
    fs::write(
        folder.path().join("task.json"),
        r#"[{"name": "a", "image": "x:1.0", "memory": 128, "privileged": true}]"#,
    )
    .unwrap();
    let rule = "unsupported-on-fargate";
    assert_eq!(word(&lint(folder.path(), &["task.json"]), rule), "error");
    assert_eq!(word(&lint(folder.path(), &["--launch-type", "EC2", "task.json"]), rule), "-");
    assert_eq!(word(&lint(folder.path(), &["--no-config", "task.json"]), rule), "-");
}

#[test]
fn in_templates_what_is_to_be_filled_in_is_not_known_and_elsewhere_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let template = r#"{"family": "${family}", "cpu": ${cpu}, "containerDefinitions": [{"name": "app", "image": "{{ image }}", "essential": true}]}"#;
    fs::write(root.join("a.json.tftpl"), template).unwrap();
    fs::write(root.join("b.tpl"), template).unwrap();
    fs::write(root.join("c.json"), template.replace("${cpu}", "\"${cpu}\"")).unwrap();
    fs::create_dir(root.join("deep")).unwrap();
    fs::copy(root.join("c.json"), root.join("deep/c.json")).unwrap();
    // It begins as JSON does.
    let yaml = "{{- if .x }}\nfamily: a\ncontainerDefinitions:\n- name: app\n  image: {{ .image }}\n  memory: 128\n{{- end }}\n";
    fs::write(root.join("d.yaml.tpl"), yaml).unwrap();
    for (arguments, expected) in [
        (&["a.json.tftpl"][..], "-"),
        (&["b.tpl"], "-"),
        (&["c.json"], "error"),
        (&["--template", "*.json", "c.json"], "-"),
        (&["--template", "*.json", "."], "-"),
        (&["--template", "deep/*.json", "./deep/c.json"], "-"),
        (&["./deep/c.json"], "error"),
        (&["d.yaml.tpl"], "-"),
    ] {
        let output = lint(root, arguments);
        assert_eq!(word(&output, "placeholder-left"), expected, "{arguments:?}: {}", text(&output.stdout));
        assert!(output.status.code() != Some(2), "{arguments:?}: {}", text(&output.stdout));
    }
    fs::write(root.join("ddrofs.toml"), "templates = [\"*.json\"]").unwrap();
    assert_eq!(word(&lint(root, &["c.json"]), "placeholder-left"), "-");
}

#[test]
fn quiet_prints_what_counts_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("task.yaml"), TASK).unwrap();
    let quiet = |flags: &[&str]| {
        let output = program(folder.path())
            .current_dir(folder.path())
            .args(["lint", "--quiet", "task.yaml"])
            .args(flags)
            .output()
            .unwrap();
        text(&output.stdout).to_owned()
    };
    assert_eq!(quiet(&[]), "");
    let told = quiet(&["--fail-on", "warning"]);
    assert!(
        told.contains("[root-filesystem-writable")
            && !told.contains("[floating-image-tag")
            && !told.contains("checked"),
        "{told}"
    );
}

#[test]
fn what_is_named_and_something_else_is_passed_over_where_somebody_asks_for_that() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), r#"{"name": "shop"}"#).unwrap();
    assert_eq!(lint(folder.path(), &["package.json"]).status.code(), Some(2));
    assert_eq!(lint(folder.path(), &["--pass-over", "package.json"]).status.code(), Some(0));
}
