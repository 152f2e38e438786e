//! The report as GitLab's code quality report, which is shown in merge requests.
//!
//! An array of violations with description, name of the check, fingerprint, severity and place. Source: code quality report format
//! in GitLab's documentation, as quoted in phpstan-src pull request 4421 (read 2026-11). Of two violations with one fingerprint
//! GitLab shows the first, so a further one of a kind is counted into it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::document::Place;
use crate::ecs::digest;
use crate::rules::Severity;

use super::checked::Unreadable;
use super::sarif::fingerprint;
use super::{Checked, Report};

/// The report, and how often each fingerprint was given.
#[derive(Default)]
pub(super) struct Gitlab {
    given: BTreeMap<String, usize>,
    is_begun: bool,
}

impl Report for Gitlab {
    fn begin(&mut self) -> String {
        "[".to_owned()
    }

    fn document(&mut self, checked: &Checked) -> String {
        let mut text = String::new();
        let mut add = |violation: Value| {
            text.push_str(if self.is_begun { ",\n" } else { "\n" });
            text.push_str(&violation.to_string());
            self.is_begun = true;
        };
        let mut distinct = |print: String| {
            let count = self.given.entry(print.clone()).or_default();
            *count += 1;
            if *count == 1 { print } else { digest(&format!("{print} {count}")) }
        };
        let file = checked.artifact.name().replace('\\', "/");
        let file = file.strip_prefix("./").unwrap_or(&file);
        let violation = |rule: &str, text: String, print: String, severity: &str, place: Option<Place>| {
            json!({
                "description": text,
                "check_name": rule,
                "fingerprint": print,
                "severity": severity,
                "location": { "path": file, "lines": { "begin": place.map_or(1, |place| place.line) } },
            })
        };
        match &checked.outcome {
            Ok(judged) => {
                for entry in judged.entries.iter().filter(|entry| !entry.is_let_pass()) {
                    let severity = match entry.finding.severity {
                        Severity::Error => "critical",
                        Severity::Warning => "minor",
                        Severity::Note => "info",
                    };
                    let print =
                        distinct(digest(&format!("{file}\n{}", fingerprint(checked, &entry.finding))));
                    let text = checked.message(entry, " ");
                    add(violation(entry.finding.rule, text, print, severity, entry.place));
                }
            }
            Err(problems) => {
                for problem in problems {
                    let print =
                        distinct(digest(&format!("{file}\n{}\n{}", Unreadable::RULE, problem.detail)));
                    let text = checked.message_of(problem);
                    add(violation(Unreadable::RULE, text, print, "blocker", problem.place));
                }
            }
        }
        text
    }

    fn end(&mut self) -> String {
        "\n]\n".to_owned()
    }
}
