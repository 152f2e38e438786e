//! Reports of `lint` as others read them: SARIF against the published schema, JUnit's XML through somebody else's parser.
//!
//! The schema of SARIF 2.1.0 is not copied into this repository: the crate `serde-sarif` carries it, and cargo brings the
//! crate without building it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{documents, installed};

/// The crate that carries the schema.
const SCHEMA_CRATE: (&str, &str) = ("serde-sarif", "0.8.0");

/// A folder for one test's files, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("reports-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
    }
    fs::create_dir_all(&folder).expect("target/ is writable");
    folder
}

/// Where the schema is, brought by cargo as a dependency of a package that is never built.
fn schema(folder: &Path) -> PathBuf {
    let (name, version) = SCHEMA_CRATE;
    let manifest = format!(
        "[package]\nname = \"schema\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[dependencies]\n\
         {name} = \"={version}\"\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("the test folder is writable");
    fs::write(folder.join("lib.rs"), "").expect("the test folder is writable");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--quiet", "--format-version=1"])
        .current_dir(folder)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo cannot bring {name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages are listed");
    let package = packages.iter().find(|package| package["name"] == name).expect("the crate is among them");
    let manifest = package["manifest_path"].as_str().expect("a package has a manifest");
    Path::new(manifest).with_file_name("src").join("schema.json")
}

/// Task definitions of every kind, and files that have what they lack: errors, conversions, problems, names that no format
/// may choke on.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = [documents::own(), documents::published()].concat();
    for (name, text) in [
        (
            "ein Name & <mehr> ä.json",
            r#"[{"name": "<&\"'>\u0007", "image": "a", "cpu": "256", "x": 1}, {"name": "<&\"'>\u0007"}]"#,
        ),
        ("broken.json", "{\"containerDefinitions\": [}"),
        ("twice.json", "[{\"image\": 1, \"image\": 2, \"image\": 3}]"),
        ("service.json", r#"{"taskDefinition": "orders:7"}"#),
    ] {
        let path = folder.join(name);
        fs::write(&path, text).expect("the test folder is writable");
        files.push(path);
    }
    files.push(folder.join("gone.json"));
    files
}

fn lint(folder: &Path, format: &str) -> PathBuf {
    let output = Command::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs"))
        .args(["lint", "--format", format])
        .args(files(folder))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "a file that cannot be read is trouble");
    let report = folder.join(format!("report.{format}"));
    fs::write(&report, output.stdout).expect("the test folder is writable");
    report
}

pub(crate) fn second_opinion(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(installed("python"))
        .arg(root.join("tests/tools/read_reports.py"))
        .args(arguments)
        .output()
        .expect("the virtual environment's python runs");
    assert!(
        output.status.success(),
        "run `make moto` if a package is missing: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// What the schema says is wrong with a SARIF text; the name is that of a folder of its own.
pub(crate) fn problems_of_sarif(name: &str, text: &str) -> String {
    let folder = folder(name);
    let report = folder.join("report.sarif");
    fs::write(&report, text).expect("the test folder is writable");
    second_opinion(&["sarif", &schema(&folder).display().to_string(), &report.display().to_string()])
}

#[test]
fn sarif_is_as_its_schema_asks() {
    let report = fs::read_to_string(lint(&folder("sarif"), "sarif")).unwrap();
    assert_eq!(problems_of_sarif("sarif-right", &report), "");

    // The schema is one that would notice.
    let mut wrong: Value = serde_json::from_str(&report).unwrap();
    wrong["runs"][0]["results"][0]["level"] = json!("fatal");
    let problems = problems_of_sarif("sarif-wrong", &wrong.to_string());
    assert!(problems.contains("$.runs[0].results[0].level"), "{problems}");
}

#[test]
fn junit_is_read_by_others_as_it_is_meant() {
    let folder = folder("junit");
    let report = lint(&folder, "junit");
    let counts: Value =
        serde_json::from_str(&second_opinion(&["junit", &report.display().to_string()])).unwrap();
    for kind in ["cases", "failures", "errors", "skipped"] {
        assert_eq!(counts[kind], counts[format!("declared_{kind}")], "{kind}: {counts}");
        assert!(counts[kind].as_u64().unwrap() > 0, "{kind}: {counts}");
    }
    assert_eq!(counts["suites"], files(&folder).len());
    assert_eq!(counts["errors"], 4, "one for each document that cannot be read: {counts}");
}
