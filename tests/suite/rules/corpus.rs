//! Judges every task definition of the corpus and compares the findings with a golden file, so that a change of a rule
//! shows in review what it does to real documents.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ddrofs::document::{Form, Node, parse, read};
use ddrofs::rules::{Judgement, Subject, judge};
use expect_test::expect_file;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus() -> Vec<(String, String)> {
    let folder = root().join("../shared/corpus/task-definitions");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a file of the corpus is text"))
        })
        .collect()
}

/// The document of a file. Of a bare list of containers the rest of the task definition is not known.
fn document(text: &str) -> Node {
    let reading = read(parse(text).expect("the corpus is JSON")).expect("the corpus holds task definitions");
    let mut document = reading.document;
    if let (Form::ContainerList | Form::Containers, Node::Object(members)) = (reading.form, &mut document) {
        for key in [
            "family",
            "cpu",
            "memory",
            "volumes",
            "executionRoleArn",
            "taskRoleArn",
            "requiresCompatibilities",
            "runtimePlatform",
            "networkMode",
            "pidMode",
            "tags",
        ] {
            members.insert(key.to_owned(), Node::Unknown);
        }
    }
    document
}

fn judge_text(text: &str) -> Judgement {
    judge(&Subject { document: &document(text), agent: None })
}

#[test]
fn every_published_task_definition_is_judged_as_before() {
    let mut table = String::new();
    let files = corpus();
    assert_eq!(files.len(), 60);
    for (name, text) in files {
        writeln!(table, "{name}").unwrap();
        let judgement = judge_text(&text);
        for finding in &judgement.findings {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            writeln!(table, "  {severity:7} {:30} {}", finding.rule, finding.path).unwrap();
        }
        if !judgement.undecided.is_empty() {
            writeln!(table, "  undecided: {}", judgement.undecided.join(", ")).unwrap();
        }
    }
    expect_file![root().join("tests/golden/rules/corpus.txt")].assert_eq(&table);
}

#[test]
fn no_finding_repeats_a_value_of_the_environment() {
    const CONFIDENTIAL: &str = "nobody-may-see-this";
    for (name, text) in corpus() {
        let mut document = document(&text);
        let replaced = replace_values(&mut document, CONFIDENTIAL, false);
        let judgement = judge(&Subject { document: &document, agent: None });
        assert!(!format!("{judgement:?}").contains(CONFIDENTIAL), "{name}: {replaced} values");
    }
}

/// Puts a text in the place of every value of a variable and of every log option, and counts them.
fn replace_values(node: &mut Node, text: &str, inside: bool) -> usize {
    match node {
        Node::String(value) if inside => {
            text.clone_into(value);
            1
        }
        Node::Array(items) => items.iter_mut().map(|item| replace_values(item, text, inside)).sum(),
        Node::Object(members) => (members.iter_mut())
            .map(|(key, value)| {
                let inside = inside || matches!(key.as_str(), "value" | "valueFrom" | "options");
                replace_values(value, text, inside)
            })
            .sum(),
        _ => 0,
    }
}
