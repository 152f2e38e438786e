//! The subcommand `lint`, through the program: what a pipeline sees.

mod cases;
mod decides;
mod formats;
mod guide;
mod mends;
mod reads;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::corpus;
use crate::plugin::program;

fn lint(options: &[&str], files: &[PathBuf], input: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    let mut child = command.arg("lint").args(options).args(files).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_whole_corpus_is_read_in_every_format() {
    let files = corpus::paths();
    let json = lint(&["--format", "json"], &files, "");
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    let documents = report["documents"].as_array().unwrap();
    assert_eq!(documents.len(), files.len());
    for (document, file) in documents.iter().zip(&files) {
        assert_eq!(document["name"].as_str(), file.to_str());
        for finding in document["findings"].as_array().unwrap() {
            assert!(finding["line"].as_u64().is_some(), "{}: no line: {finding}", file.display());
        }
    }
    let errors = report["summary"]["errors"].as_u64().unwrap();
    assert_eq!(json.status.code(), Some(i32::from(errors > 0)));
    assert_eq!(text(&json.stderr), "");

    let human = lint(&["--notes"], &files, "");
    assert!(!text(&human.stdout).contains('\u{1b}'), "colors where there is no terminal");
    // What is the same in several containers is explained once, and every place is there.
    let explained = text(&human.stdout).matches("\n  at ").count();
    let folders: BTreeSet<_> = files.iter().map(|file| file.parent().unwrap()).collect();
    let alike = |folder: &Path| text(&human.stdout).matches(&format!("\n    {}/", folder.display())).count();
    let further: usize = folders.into_iter().map(alike).sum();
    let found: usize = documents.iter().map(|document| document["findings"].as_array().unwrap().len()).sum();
    assert_eq!(explained + further, found);
    assert!(further > 0, "several containers of the corpus have the same finding");
    assert!(text(&human.stdout).ends_with(" notes.\n"));

    let sarif: Value = serde_json::from_slice(&lint(&["--format", "sarif"], &files, "").stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|result| result["level"] == "error").count() as u64, errors);

    let junit = lint(&["--format", "junit"], &files, "");
    assert_eq!(text(&junit.stdout).matches("<testsuite ").count(), files.len());
}

#[test]
fn a_report_is_the_same_byte_for_byte_each_time() {
    let files = corpus::paths();
    for format in ["human", "sarif", "junit", "json"] {
        let report = || lint(&["--format", format], &files, "").stdout;
        assert!(report() == report(), "{format}");
    }
}

#[test]
fn the_status_is_what_a_pipeline_goes_by() {
    let wrong = r#"[{"name": "app", "image": "a:1.0"}, {"name": "app", "image": "b:1.0"}]"#;
    for (input, status) in
        [(r#"[{"name": "app", "image": "a:1.0"}]"#, 0), (wrong, 1), ("{", 2), ("", 2), ("\u{feff}[]", 2)]
    {
        let output = lint(&["-"], &[], input);
        assert_eq!(output.status.code(), Some(status), "{input}\n{}", text(&output.stdout));
        assert_eq!(text(&output.stderr), "");
    }
    let usage = lint(&["--fromat", "sarif"], &[], "");
    assert_eq!(usage.status.code(), Some(2));
    assert_eq!(text(&usage.stdout), "");
    assert!(text(&usage.stderr).contains("exists: '--format'"), "{}", text(&usage.stderr));
}

/// Neither a cookie nor anything else of Terraform's is needed, and nothing of the plugin's is printed.
#[test]
fn it_is_no_plugin() {
    let output = lint(&["--help"], &[], "");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout).contains("Usage: terraform-provider-ddrofs lint"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(text(&output.stderr), "");
}

/// What prints the help breaks its lines, and one that is broken already would be broken twice.
#[test]
fn a_paragraph_of_the_help_is_one_line_of_text() {
    for command in [ddrofs::lint::command(), ddrofs::audit::command(), ddrofs::migrate::command()] {
        let about = command.get_long_about().expect("it is explained").to_string();
        let broken: Vec<&str> = about.split("\n\n").filter(|paragraph| paragraph.contains('\n')).collect();
        assert!(broken.is_empty(), "{}: {broken:?}", command.get_name());
    }
}
