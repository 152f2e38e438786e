//! Reports for programs of others, and several at once.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::text;
use crate::plugin::program;

/// The name has what XML, JSON and workflow commands give a meaning to.
const TASK: &str = r#"[
  {"name": "a", "image": "x:1.0", "memory": 128, "environment": [{"name": "A", "value": "hunter2"}, {"name": "A", "value": "hunter2"}]},
  {"name": "a", "image": "y:1.0", "memory": 128, "100%: b, c&d": 1}
]"#;

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).current_dir(folder).arg("lint").args(arguments).output().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("task.json"), TASK).unwrap();
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    folder
}

#[test]
fn annotations_of_github_are_one_line_each_with_file_line_and_column() {
    let folder = folder();
    let output = lint(folder.path(), &["--format", "github", "task.json", "broken.json"]);
    let told = text(&output.stdout);
    for line in told.lines() {
        let (head, message) = line
            .strip_prefix("::")
            .and_then(|rest| rest.split_once("::"))
            .unwrap_or_else(|| panic!("{line}"));
        let (command, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning"].contains(&command) && !message.is_empty(), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap_or_else(|| panic!("{property}"));
            assert!(
                ["file", "line", "col", "title"].contains(&name) && !value.is_empty() && !value.contains(':'),
                "{line}"
            );
        }
    }
    assert!(told.contains("::error file=task.json,line=3,col="), "{told}");
    assert!(
        told.contains(
            "::error file=broken.json,line=1,col=1,title=The document cannot be read [unreadable-document]::"
        ),
        "{told}"
    );
    assert!(told.contains("100%25: b, c&d"), "{told}");
}

#[test]
fn gitlabs_report_has_what_gitlab_asks_for_and_no_fingerprint_twice() {
    let folder = folder();
    let output = lint(folder.path(), &["--format", "gitlab", "./task.json", "broken.json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut prints = Vec::new();
    for violation in report.as_array().unwrap() {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(violation[key].as_str().is_some_and(|text| !text.is_empty()), "{violation}");
        }
        let severity = violation["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{violation}");
        assert!(
            ["task.json", "broken.json"].contains(&violation["location"]["path"].as_str().unwrap()),
            "{violation}"
        );
        assert!(violation["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{violation}");
        prints.push(violation["fingerprint"].as_str().unwrap().to_owned());
    }
    let count = prints.len();
    prints.sort();
    prints.dedup();
    assert!(count > 3 && prints.len() == count, "{count} violations, {} fingerprints", prints.len());
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&lint(empty.path(), &["--format", "gitlab", "."]).stdout).unwrap(),
        Value::Array(Vec::new())
    );
}

#[test]
fn checkstyles_report_has_a_file_for_each_document_and_an_error_for_each_finding() {
    let folder = folder();
    let output = lint(folder.path(), &["--format", "checkstyle", "task.json", "broken.json"]);
    let told = text(&output.stdout);
    assert!(
        told.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n")
            && told.ends_with("</checkstyle>\n")
    );
    assert_eq!((told.matches("<file name=").count(), told.matches("</file>").count()), (2, 2));
    for line in told.lines().filter(|line| line.contains("<error")) {
        let mut rest = line.trim().strip_prefix("<error ").unwrap().strip_suffix("/>").unwrap();
        for key in ["line", "column", "severity", "message", "source"] {
            let (value, behind) = rest
                .trim_start()
                .strip_prefix(&format!("{key}=\""))
                .unwrap_or_else(|| panic!("{key}: {line}"))
                .split_once('"')
                .unwrap();
            assert!(!value.is_empty() && !value.contains(['<', '>']), "{line}");
            rest = behind;
        }
    }
    assert!(told.contains("100%: b, c&amp;d"), "{told}");
}

/// Two documents in a file, each with an error, a warning and a note at places of their own.
const TWO: &str = "\
family: one
containerDefinitions:
- name: a
  image: x:latest
  memory: 128
  readonlyRootFilesystem: false
  stopTimout: 30
---
family: two
containerDefinitions:
- name: b
  image: x:1.0
  memory: 128
  readonlyRootFilesystem: true
  stopTimout: 30
";

#[test]
fn every_program_is_told_severity_place_and_document_alike() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("two.yaml"), TWO).unwrap();
    let rules = "unknown-key,root-filesystem-writable,floating-image-tag";
    let told = |format: &str| {
        let output = lint(folder.path(), &["--only", rules, "--format", format, "two.yaml"]);
        text(&output.stdout).to_owned()
    };
    let rows = [
        ("note", 4, 3, "floating-image-tag", "one"),
        ("warning", 6, 3, "root-filesystem-writable", "one"),
        ("error", 7, 3, "unknown-key", "one"),
        ("error", 15, 3, "unknown-key", "two"),
    ];
    let (github, checkstyle) = (told("github"), told("checkstyle"));
    let gitlab: Value = serde_json::from_str(&told("gitlab")).unwrap();
    let gitlab = gitlab.as_array().unwrap();
    assert_eq!((gitlab.len(), checkstyle.matches("<error ").count(), github.lines().count()), (4, 4, 3));
    for (severity, line, column, rule, document) in rows {
        let of_gitlab = match severity {
            "error" => "critical",
            "warning" => "minor",
            _ => "info",
        };
        let is_it = |violation: &&Value| {
            violation["check_name"] == rule && violation["location"]["lines"]["begin"] == line
        };
        let violation = gitlab.iter().find(is_it).unwrap_or_else(|| panic!("{rule}: {gitlab:?}"));
        assert_eq!(violation["severity"], of_gitlab, "{violation}");
        assert!(
            violation["description"].as_str().unwrap().starts_with(&format!("{document}: ")),
            "{violation}"
        );
        let word = if severity == "note" { "info" } else { severity };
        let head =
            format!("<error line=\"{line}\" column=\"{column}\" severity=\"{word}\" message=\"{document}: ");
        let of_it = checkstyle.lines().find(|one| one.contains(&head));
        assert!(
            of_it.is_some_and(|one| one.ends_with(&format!("source=\"ddrofs.{rule}\"/>"))),
            "{head}\n{checkstyle}"
        );
        let head = format!("::{severity} file=two.yaml,line={line},col={column},title=");
        let of_it = github.lines().find(|one| one.starts_with(&head));
        match of_it {
            Some(one) => assert!(one.contains(&format!("[{rule}]::{document}: ")), "{one}"),
            None => assert_eq!(severity, "note", "{head}\n{github}"),
        }
    }
}

#[test]
fn several_reports_are_written_at_once_and_no_secret_is_in_any_of_them() {
    let folder = folder();
    let formats = ["human", "sarif", "junit", "github", "gitlab", "checkstyle", "json"];
    let outputs: Vec<String> =
        formats.iter().map(|format| format!("--output={format}=out.{format}")).collect();
    let mut arguments: Vec<&str> = outputs.iter().map(String::as_str).collect();
    arguments.extend(["task.json", "--notes"]);
    let printed = lint(folder.path(), &arguments);
    for format in formats {
        let written = fs::read_to_string(folder.path().join(format!("out.{format}"))).unwrap();
        let alone = lint(folder.path(), &["--format", format, "task.json", "--notes"]);
        assert!(!written.is_empty() && written == text(&alone.stdout), "{format}");
        assert!(!written.contains("hunter2"), "{format}");
    }
    assert!(text(&printed.stdout).contains("1 document checked"));
    let nowhere = lint(folder.path(), &["--output", "json=gone/out.json", "task.json"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("gone/out.json cannot be written"), "{}", text(&nowhere.stderr));
}

#[test]
fn a_person_is_shown_the_line_and_the_controls_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("task.yaml"),
        "containerDefinitions:\n- name: app\n  image: x:1.0\n  readonlyRootFilesystem: false\n",
    )
    .unwrap();
    let output = lint(folder.path(), &["task.yaml"]);
    let told = text(&output.stdout);
    assert!(
        told.contains("    |\n  4 | readonlyRootFilesystem: false\n    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"),
        "{told}"
    );
    assert!(told.contains("\n  ECS.5   1 failed, 0 passed\n"), "{told}");
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let list = lint(folder.path(), &["--list-rules"]);
    assert!(
        list.status.success()
            && text(&list.stdout)
                .lines()
                .any(|line| line.starts_with("root-filesystem-writable ") && line.contains("ECS.5"))
    );
    let page = lint(folder.path(), &["--explain", "root-filesystem-writable"]);
    assert!(
        page.status.success() && text(&page.stdout).contains("Why it matters\n  "),
        "{}",
        text(&page.stdout)
    );
    assert!(lint(folder.path(), &["--explain", "read-otherwise"]).status.success());
    let unknown = lint(folder.path(), &["--explain", "root-filesystem-writeable"]);
    assert!(
        unknown.status.code() == Some(2) && text(&unknown.stderr).contains("Did you mean"),
        "{}",
        text(&unknown.stderr)
    );
}
