//! What people got wrong, as it is on record: each row says how sure `lint` has to be, and at which place.
//!
//! Inputs of the same kinds that are our own stand beside the rules. Those collected in `../shared/cases` are tried where
//! that folder is there; `make` says where it is not.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::lint;

/// A row of the index, as far as it is for `lint`.
struct Row<'a> {
    input: &'a str,
    severity: &'a str,
    place: String,
    right: &'a str,
}

fn rows(index: &str) -> Vec<Row<'_>> {
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = lines.next().expect("the index has a head");
    let column =
        |name: &str| head.iter().position(|known| *known == name).expect("the head names the column");
    let (input, entry_point, severity) = (column("input"), column("entry point"), column("severity"));
    let (place, right) = (column("place"), column("right"));
    lines
        .filter(|row| row[entry_point].split(", ").any(|point| point == "lint"))
        .map(|row| Row {
            input: row[input],
            severity: row[severity],
            place: row[place].to_lowercase(),
            right: row[right],
        })
        .collect()
}

/// Severities of what is found at places that contain this one. Notes are allowed anywhere.
fn found(findings: &[Value], place: &str) -> Vec<String> {
    let is_there = |finding: &&Value| {
        finding["path"].as_str().is_some_and(|path| path.to_lowercase().contains(place))
            && finding["severity"] != "note"
    };
    findings.iter().filter(is_there).filter_map(|one| one["severity"].as_str().map(str::to_owned)).collect()
}

/// Whether that is what the row asks for; none for a word that the index does not explain.
fn is_met(asked: &str, found: &[String]) -> Option<bool> {
    let has = |severity: &str| found.iter().any(|one| one == severity);
    Some(match asked {
        "error" => has("error"),
        "warning" | "finding" => has("error") || has("warning"),
        "none" => found.is_empty(),
        "-" => true,
        _ => return None,
    })
}

#[test]
fn a_row_is_met_by_what_is_as_sure_as_it_asks() {
    let found = |severity: &str| vec![severity.to_owned()];
    for (asked, severity, expected) in [
        ("error", "error", Some(true)),
        ("error", "warning", Some(false)),
        ("warning", "error", Some(true)),
        ("finding", "warning", Some(true)),
        ("none", "warning", Some(false)),
        ("certain", "error", None),
    ] {
        assert_eq!(is_met(asked, &found(severity)), expected, "{asked}, {severity}");
    }
    for (asked, expected) in [("error", Some(false)), ("finding", Some(false)), ("none", Some(true))] {
        assert_eq!(is_met(asked, &[]), expected, "{asked}");
    }
}

#[test]
fn what_is_on_record_is_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    if !folder.is_dir() {
        eprintln!("{} is not there: its inputs are not tried, those of our own are", folder.display());
        return;
    }
    let index = fs::read_to_string(folder.join("index.tsv")).expect("the folder has an index");
    let rows = rows(&index);
    assert!(!rows.is_empty(), "no row of the index is for lint");
    let files: Vec<_> = rows.iter().map(|row| folder.join("inputs").join(row.input)).collect();
    let report: Value =
        serde_json::from_slice(&lint(&["--format", "json"], &files, "").stdout).expect("a report is JSON");
    let documents = report["documents"].as_array().expect("a report lists its documents");
    assert_eq!(documents.len(), rows.len());
    let missed: Vec<String> = rows
        .iter()
        .zip(documents)
        .filter_map(|(Row { input, severity, place, right }, document)| {
            let findings = document["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
            let found = found(findings, place);
            let met = is_met(severity, &found).unwrap_or_else(|| panic!("{input}: what is {severity}?"));
            (!met).then(|| format!("{input}: {severity} at \"{place}\" ({right}), found {found:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{} of {} rows:\n{}", missed.len(), rows.len(), missed.join("\n"));
}
