//! The report as Checkstyle's XML, which many programs read that show findings of linters.
//!
//! A `checkstyle` with a `file` for each document, and in it an `error` with line, column, severity (`error`, `warning`, `info`),
//! message and source, as ShellCheck writes it (a sample in ebruno/softwaretrace-ostools, read 2026-11).

use std::fmt::Write as _;

use crate::document::Place;
use crate::rules::Severity;

use super::checked::Unreadable;
use super::xml::attribute;
use super::{Checked, Report};

/// Writing to a string works always.
const INFALLIBLE: &str = "a String takes any text";

/// The report; it has nothing to remember.
pub(super) struct Checkstyle;

impl Report for Checkstyle {
    fn begin(&mut self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n".to_owned()
    }

    fn document(&mut self, checked: &Checked) -> String {
        let mut text = format!("  <file name=\"{}\">\n", attribute(checked.artifact.name()));
        let mut add = |place: Option<Place>, severity: &str, message: String, rule: &str| {
            let Place { line, column } = place.unwrap_or(Place { line: 1, column: 1 });
            writeln!(
                text,
                "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{}\" source=\"ddrofs.{rule}\"/>",
                attribute(&message)
            )
            .expect(INFALLIBLE);
        };
        match &checked.outcome {
            Ok(judged) => {
                for entry in judged.entries.iter().filter(|entry| !entry.is_let_pass()) {
                    let severity = match entry.finding.severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                        Severity::Note => "info",
                    };
                    add(entry.place, severity, checked.message(entry, " "), entry.finding.rule);
                }
            }
            Err(problems) => {
                for problem in problems {
                    add(problem.place, "error", checked.message_of(problem), Unreadable::RULE);
                }
            }
        }
        text.push_str("  </file>\n");
        text
    }

    fn end(&mut self) -> String {
        "</checkstyle>\n".to_owned()
    }
}
