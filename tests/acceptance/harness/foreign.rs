//! Programs of others that read what is written here. They are installed below target/ beside moto.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::run_folder;

/// A program of the virtual environment.
pub(crate) fn installed(program: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/moto-venv/bin").join(program);
    assert!(
        path.exists(),
        "{program}, a second opinion of the acceptance tests, is not installed: run `make moto`"
    );
    path
}

/// What a reader of YAML 1.1 and one of YAML 1.2 make of each text.
pub(crate) fn read_by_others(texts: &[String]) -> Vec<[Value; 2]> {
    let read = told_by_script("read_yaml.py", texts);
    read.into_iter().map(|read| ["yaml 1.1", "yaml 1.2"].map(|version| read[version].clone())).collect()
}

/// What HashiCorp's own reader makes of HCL texts; what any reader says is wrong with one stands in its place.
pub(crate) fn hcl_read_by_others(texts: &[String]) -> Vec<Result<Value, String>> {
    let read = |read: Value| match (&read["pygohcl"]["value"], &read["python-hcl2"]["error"]) {
        (value @ Value::Object(_), Value::Null) => Ok(value.clone()),
        _ => Err(read.to_string()),
    };
    told_by_script("read_hcl.py", texts).into_iter().map(read).collect()
}

/// What the two readers of HCL say is wrong with any of these texts, each under its name; empty where nothing is.
pub(crate) fn problems_of_hcl(_: &str, texts: &[(String, String)]) -> String {
    let only: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
    let read = hcl_read_by_others(&only).into_iter().zip(texts);
    read.filter_map(|(read, (name, _))| Some(format!("{name}: {}\n", read.err()?))).collect()
}

/// What a script of `tests/tools` says of each text.
fn told_by_script(script: &str, texts: &[String]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools").join(script);
    let mut process = Command::new(installed("python"))
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the virtual environment's python runs");
    let mut input = process.stdin.take().expect("stdin is piped");
    input.write_all(json!(texts).to_string().as_bytes()).expect("it reads what it is given");
    drop(input);
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success(), "run `make moto` if a package is missing");
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    assert_eq!(read.len(), texts.len());
    read
}

/// What the JSON schema of the Compose specification says is wrong with any of these YAML texts, each under its name; empty
/// where nothing is. `folder` is the name of a folder of its own.
pub(crate) fn problems_of_compose(folder: &str, texts: &[(String, String)]) -> String {
    let folder = run_folder().join(folder);
    std::fs::create_dir_all(&folder).expect("the test folder is writable");
    let mut check = Command::new(installed("check-jsonschema"));
    check.current_dir(&folder).args(["--builtin-schema", "vendor.compose-spec", "--color", "never"]);
    for (name, text) in texts {
        let name = format!("{name}.yaml");
        std::fs::write(folder.join(&name), text).expect("the test folder is writable");
        check.arg(name);
    }
    let output = check.output().expect("it runs");
    match output.status.code() {
        Some(0) => String::new(),
        _ => String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
    }
}

/// The oldest Kubernetes that a manifest is written for, and the newest that kubernetes-validate 1.37 has schemas of.
const KUBERNETES: [&str; 2] = ["1.29", "1.37"];

/// What the schemas of Kubernetes say is wrong with any of these YAML texts, each under its name and with one or more objects;
/// empty where nothing is. Strict: a key that a schema does not know is wrong. So is an object without a schema, which is what
/// a misspelt `kind` looks like; custom resources have none. `folder` is the name of a folder of its own.
pub(crate) fn problems_of_kubernetes(folder: &str, texts: &[(String, String)]) -> String {
    let folder = run_folder().join(folder);
    std::fs::create_dir_all(&folder).expect("the test folder is writable");
    let mut problems = String::new();
    for version in KUBERNETES {
        let mut check = Command::new(installed("kubernetes-validate"));
        check.current_dir(&folder).args(["--strict", "--kubernetes-version", version]);
        for (name, text) in texts {
            let name = format!("{name}.yaml");
            std::fs::write(folder.join(&name), text).expect("the test folder is writable");
            check.arg(name);
        }
        let output = check.output().expect("it runs");
        let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        // It ends with 0 where it found no schema, and says `INFO` of each object that passed.
        let told: Vec<_> = told.lines().collect();
        let passed =
            |line: &&str| line.starts_with("INFO ") && line.ends_with(&format!("against version {version}"));
        let is_sound = output.status.success() && told.len() >= texts.len() && told.iter().all(passed);
        if !is_sound {
            problems.extend(told.iter().filter(|line| !passed(line)).map(|line| format!("{line}\n")));
            problems.push_str(&format!("kubernetes-validate: {} for version {version}\n", output.status));
        }
    }
    problems
}

/// What shellcheck says of scripts for `sh`, each under its name, matters of style among it; empty where that is nothing. `folder` is
/// the name of a folder of its own.
pub(crate) fn problems_of_scripts(folder: &str, texts: &[(String, String)]) -> String {
    told_by("shellcheck", &["--shell=sh", "--severity=style", "--color=never"], folder, "sh", texts)
}

/// What hadolint says of Dockerfiles, in the same way.
pub(crate) fn problems_of_dockerfiles(folder: &str, texts: &[(String, String)]) -> String {
    told_by("hadolint", &["--no-color", "--failure-threshold=style"], folder, "Dockerfile", texts)
}

/// What a program says of texts in files with this ending.
fn told_by(
    program: &str,
    options: &[&str],
    folder: &str,
    ending: &str,
    texts: &[(String, String)],
) -> String {
    let folder = run_folder().join(folder);
    std::fs::create_dir_all(&folder).expect("the test folder is writable");
    let mut check = Command::new(installed(program));
    check.current_dir(&folder).args(options);
    for (name, text) in texts {
        let name = format!("{name}.{ending}");
        std::fs::write(folder.join(&name), text).expect("the test folder is writable");
        check.arg(name);
    }
    let output = check.output().expect("it runs");
    match output.status.success() {
        true => String::new(),
        false => String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
    }
}
