//! The report as JSON: for scripts, and for whatever has no format of its own.

use serde_json::{Value, json};

use crate::document::Place;
use crate::ordered::ordered;

use super::checked::{Counts, Judged, Unreadable, page_of};
use super::{Checked, Entry, Report};

/// The report and what its summary counts.
#[derive(Default)]
pub(super) struct Json {
    counts: Counts,
}

impl Report for Json {
    fn begin(&mut self) -> String {
        "{\"documents\":[".to_owned()
    }

    fn document(&mut self, checked: &Checked) -> String {
        let comma = if self.counts.documents == 0 { "\n" } else { ",\n" };
        self.counts.add(checked);
        let name = checked.artifact.name();
        let mut document = match &checked.outcome {
            Ok(outcome) => read(name, outcome),
            Err(problems) => {
                json!({ "name": name, "problems": problems.iter().map(problem).collect::<Vec<_>>() })
            }
        };
        if !checked.fixed.is_empty() {
            document["fixed"] = checked.fixed.iter().map(finding).collect();
        }
        if let Some(inside) = &checked.inside {
            document["document"] = inside.as_str().into();
        }
        format!("{comma}{document}")
    }

    fn end(&mut self) -> String {
        let Counts { documents, unreadable, errors, warnings, notes, waived, ignored, fixed } = self.counts;
        let summary = json!({
            "documents": documents,
            "errors": errors,
            "fixed": fixed,
            "ignored": ignored,
            "notes": notes,
            "unreadable": unreadable,
            "waived": waived,
            "warnings": warnings,
        });
        format!("\n],\"summary\":{summary}}}\n")
    }
}

fn read(name: &str, outcome: &Judged) -> Value {
    let verdicts = outcome.verdicts.iter().map(|(control, outcome)| {
        let verdict = json!({ "verdict": outcome.verdict.as_str(), "containers": outcome.containers });
        ((*control).to_owned(), verdict)
    });
    let notes = outcome.notes.iter().map(|note| json!({ "path": note.path.to_string(), "text": note.text }));
    json!({
        "name": name,
        "findings": outcome.entries.iter().map(finding).collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "undecided": outcome.undecided,
        "verdicts": ordered::<serde_json::Map<String, Value>, _>(verdicts),
    })
}

fn finding(entry: &Entry) -> Value {
    let Entry { finding, place, fix, left, .. } = entry;
    json!({
        "rule": finding.rule,
        "severity": entry.word(),
        "path": finding.path.to_string(),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "container": finding.container,
        "summary": finding.summary,
        "detail": finding.detail(),
        "fix": fix,
        "control": finding.control,
        "page": page_of(finding.rule),
        "left": left,
    })
}

fn problem(problem: &Unreadable) -> Value {
    let Unreadable { detail, fix, place, .. } = problem;
    let (line, column) = (place.map(|Place { line, .. }| line), place.map(|Place { column, .. }| column));
    json!({ "rule": Unreadable::RULE, "detail": detail, "fix": fix, "line": line, "column": column })
}
