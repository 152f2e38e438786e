//! YAML is read by others as it is meant here, and the documents of Compose are what its specification asks for.

use std::fs;
use std::path::Path;

use ddrofs::document::yaml::{read, write};
use ddrofs::document::{Node, to_json};
use serde_json::{Value, json};

use crate::harness::{problems_of_compose, problems_of_kubernetes, read_by_others};

#[path = "../support/yaml/mod.rs"]
mod written;

use written::{TRICKY, WRITTEN, tree};

fn value(node: &Node) -> Value {
    serde_json::from_str(&to_json(node).expect("nothing is unknown")).expect("JSON")
}

/// The same bytes for hundreds of documents in every run.
fn made() -> impl Iterator<Item = Node> {
    let mut state = 1_u32;
    let mut byte = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..300).map(move |_| tree(&(0..120).map(|_| byte()).collect::<Vec<_>>()))
}

#[test]
fn whatever_is_written_is_read_by_others_as_it_is_meant() {
    let keys =
        |value: fn(&str) -> Node| TRICKY.iter().map(move |text| ((*text).to_owned(), value(text))).collect();
    let mut documents: Vec<Node> = TRICKY.iter().map(|text| Node::from(vec![*text])).collect();
    documents.push(keys(|text| text.into()));
    documents.push(keys(|text| vec![text].into()));
    documents.extend(made());
    let texts: Vec<String> = documents.iter().map(|document| write(document, &["b"]).unwrap()).collect();
    for ((document, text), [older, newer]) in documents.iter().zip(&texts).zip(read_by_others(&texts)) {
        let meant = json!({"value": value(document)});
        assert_eq!(older, meant, "YAML 1.1: {text}");
        assert_eq!(newer, meant, "YAML 1.2: {text}");
    }
}

#[test]
fn what_people_write_is_read_as_others_read_it() {
    let texts: Vec<String> = WRITTEN.iter().map(|text| (*text).to_owned()).collect();
    let mut alike = 0;
    for (text, [older, newer]) in texts.iter().zip(read_by_others(&texts)) {
        // What only some programs know the meaning of, or what they all make something else of.
        let is_disputed = text.contains("!reset") || text.contains("%YAML");
        match read(text) {
            Ok(yaml) if !is_disputed => {
                let meant = json!({"value": value(&yaml.node)});
                assert_eq!((&older, &newer), (&meant, &meant), "{text}");
                alike += 1;
            }
            Ok(_) => {}
            Err(_) => assert!(older.get("error").is_some() || text.contains("\n1: "), "{text}: {older}"),
        }
    }
    assert!(alike > 5, "{alike}");
}

#[test]
fn every_golden_document_of_compose_is_one_by_the_specifications_schema() {
    let mut texts = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/compose")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_stem().unwrap().display().to_string();
            texts.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(texts.len() >= 8);
    assert_eq!(problems_of_compose("compose-golden", &texts), "");
    let others: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
    for (text, [older, newer]) in others.iter().zip(read_by_others(&others)) {
        let meant =
            json!({"value": value(&read(text).unwrap_or_else(|problems| panic!("{problems:?}")).node)});
        assert_eq!((&older, &newer), (&meant, &meant), "{text}");
    }
}

#[test]
fn the_schema_is_one_that_would_notice() {
    let text = "services:\n  web:\n    image: a\n    cap_add: SYS_PTRACE\n    depend_on: []\n";
    let problems = problems_of_compose("compose-wrong", &[("wrong".to_owned(), text.to_owned())]);
    assert!(problems.contains("depend_on") && problems.contains("cap_add"), "{problems}");
}

#[test]
fn the_schemas_of_kubernetes_are_ones_that_would_notice() {
    let problems =
        |text: &str| problems_of_kubernetes("kubernetes-wrong", &[("wrong".to_owned(), text.to_owned())]);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: a\n";
    assert_eq!(problems(pod), "");
    assert_eq!(problems(&format!("{pod}---\n{pod}")), "");
    let (misplaced, of_no_kind) =
        (format!("{pod}      readOnlyRootFilesystem: true\n"), pod.replace("Pod", "Pot"));
    for (text, told) in [
        (misplaced.clone(), "readOnlyRootFilesystem"),
        (format!("{pod}---\n{misplaced}"), "readOnlyRootFilesystem"),
        (pod.replace("image: a", "image: [a]"), "is not of type"),
        (of_no_kind, "Couldn't find schema for kind Pot"),
        ("kind: Pod\n".to_owned(), "apiVersion"),
        ("kind: {{ .Values.kind }}\n".to_owned(), "unhashable"),
        (String::new(), "kubernetes-validate: exit status: 0 for version 1.29"),
    ] {
        let problems = problems(&text);
        assert!(problems.contains(told), "{problems}");
        for version in ["1.29", "1.37"] {
            assert!(problems.contains(&format!("for version {version}")), "{problems}");
        }
    }
}
