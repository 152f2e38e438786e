//! What the rules' pages call wrong is found wrong: by the plan of a configuration, and by `lint` of a file. That rule finds it, and no
//! other one says more than a note.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use ddrofs::rules::{Severity, find};
use serde_json::Value;

use crate::harness::{Backend, Workspace, problems_of_hcl};
use crate::page_blocks::{self, Block};

use super::is_of_rules;

/// The examples that fail, each with its rule.
fn failing(languages: &[&str]) -> BTreeMap<String, Block> {
    let examples = page_blocks::all().into_iter().filter(|block| {
        let shown = ["**Failing example.**", "The same in a configuration:"];
        is_of_rules(&block.page) && languages.contains(&&*block.language) && shown.contains(&&*block.before)
    });
    examples.map(|block| (block.heading.clone(), Block { code: written_out(&block.code), ..block })).collect()
}

/// The text with a word of that length for each `<100 letters>`.
fn written_out(code: &str) -> String {
    let mut parts = code.split('<');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part
            .split_once(" letters>")
            .and_then(|(count, rest)| Some((count.parse::<usize>().ok()?, rest)))
        {
            Some((count, rest)) => text.extend([&"a".repeat(count), rest]),
            None => text.extend(["<", part]),
        }
    }
    text
}

/// The names of rules in a diagnostic's detail.
fn rules_named(detail: &str) -> impl Iterator<Item = String> {
    let lines = detail.lines().filter_map(|line| line.strip_prefix("Rule ")?.split_once([':', ',']));
    lines.map(|(rule, _)| rule.to_owned())
}

#[test]
fn every_configuration_that_a_rule_calls_wrong_is_planned_and_that_rule_alone_speaks() {
    let examples = failing(&["terraform"]);
    assert!(examples.len() > 120, "{}", examples.len());
    let place = Backend::local();
    let workspace = Workspace::new("pages-rules");
    // What ECS would refuse is told before anything is planned, so those come first, and the others after them.
    let (mut told, mut runs) = (BTreeMap::<String, BTreeSet<String>>::new(), 0);
    while runs < 2 {
        let left = examples.iter().filter(|(rule, _)| !told.contains_key(*rule));
        let text: String = left.map(|(rule, block)| named(rule, &block.code)).collect();
        for (rule, found) in diagnostics(&workspace.main(&place, &text).run(&["plan", "-json"]).stdout) {
            told.entry(rule).or_default().extend(found);
        }
        runs += 1;
    }
    let expected = examples.keys().map(|rule| (rule.clone(), [rule.clone()].into()));
    assert_eq!(told, expected.collect());
}

/// The resource of an example under the name of its rule, which is at least a warning there: no plan speaks of notes.
fn named(rule: &str, code: &str) -> String {
    let named = code.replacen("\"example\"", &format!("{rule:?}"), 1);
    let body = named.trim_end().strip_suffix('}').expect("it is a resource");
    let is_an_error = find(rule).expect("there is such a rule").severity == Severity::Error;
    let policy = format!("  policy {{\n    severity = {{ {rule} = \"warning\" }}\n  }}\n");
    format!("{body}{}}}\n\n", if is_an_error { "" } else { &policy })
}

/// What each resource is told, by its name.
fn diagnostics(events: &str) -> Vec<(String, BTreeSet<String>)> {
    let events = events.lines().map(|line| serde_json::from_str::<Value>(line).expect("an event is JSON"));
    let told = events.filter_map(|event| {
        let told = event.get("diagnostic")?;
        if told["summary"].as_str()?.contains("development overrides") {
            return None;
        }
        let address = told["address"].as_str().unwrap_or_else(|| panic!("nobody's: {told:#}"));
        let rules: BTreeSet<String> = rules_named(told["detail"].as_str()?).collect();
        assert!(!rules.is_empty(), "no rule says so: {told:#}");
        Some((address.rsplit('.').next()?.to_owned(), rules))
    });
    told.collect()
}

#[test]
fn every_file_that_a_rule_calls_wrong_is_linted_and_that_rule_alone_speaks() {
    let examples = failing(&["json", "yaml"]);
    assert!(examples.len() > 130, "{}", examples.len());
    let workspace = Workspace::new("pages-rules-lint");
    for (rule, block) in &examples {
        workspace.write(&format!("{rule}.{}", block.language), &block.code);
    }
    let mut lint = Command::new(env!("CARGO_BIN_EXE_terraform-provider-ddrofs"));
    let output =
        lint.current_dir(workspace.folder()).args(["lint", "--format", "json", "."]).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let documents = said["documents"].as_array().expect("it is a list");
    let mut seen = BTreeSet::new();
    for document in documents {
        let file = document["name"].as_str().unwrap_or_else(|| panic!("{document:#}"));
        let rule = file.trim_start_matches("./").split('.').next().unwrap();
        let findings = document["findings"].as_array().unwrap();
        let is_severe = |finding: &&Value| finding["severity"] != "note";
        let of = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
        assert!(findings.iter().any(|finding| of(finding) == rule), "{document:#}");
        let severe: BTreeSet<String> = findings.iter().filter(is_severe).map(of).collect();
        assert!(severe.iter().all(|found| found == rule), "{rule}: {severe:?}");
        seen.insert(rule.to_owned());
    }
    assert_eq!(seen, examples.into_keys().collect());
}

#[test]
fn every_job_of_nomad_in_the_rules_pages_is_read_by_others() {
    let jobs: Vec<Block> = page_blocks::all()
        .into_iter()
        .filter(|block| is_of_rules(&block.page) && block.language == "hcl")
        .collect();
    assert!(jobs.len() >= 4, "{}", jobs.len());
    let texts: Vec<_> = jobs.iter().map(|block| (block.place(), block.code.clone())).collect();
    assert_eq!(problems_of_hcl("pages", &texts), "");
    for block in jobs.iter().filter(|block| block.before == "**Failing example.**") {
        assert!(block.code.starts_with("job "), "{}", block.place());
    }
}

#[test]
fn a_length_is_written_out_and_nothing_else_is() {
    assert_eq!(written_out("a <3 letters> <b> <4 letters>c"), "a aaa <b> aaaac");
}
