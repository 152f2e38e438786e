//! The report as workflow commands of GitHub Actions: each finding becomes an annotation at its line of a pull request.
//!
//! Errors and warnings only: GitHub shows few annotations of a step. Source for the form: workflow commands in GitHub's
//! documentation; for what is escaped: `ActionCommand.cs` of actions/runner at v2.329.0 (read 2026-11).

use crate::document::Place;
use crate::rules::Severity;

use super::checked::{Artifact, Unreadable, printable};
use super::{Checked, Entry, Report};

/// The report; it has nothing to remember.
pub(super) struct Github;

impl Report for Github {
    fn begin(&mut self) -> String {
        String::new()
    }

    fn document(&mut self, checked: &Checked) -> String {
        match &checked.outcome {
            Ok(judged) => judged.entries.iter().filter_map(|entry| finding(checked, entry)).collect(),
            Err(problems) => problems.iter().map(|problem| unreadable(checked, problem)).collect(),
        }
    }

    fn end(&mut self) -> String {
        String::new()
    }
}

fn finding(checked: &Checked, entry: &Entry) -> Option<String> {
    let Entry { finding, place, .. } = entry;
    let command = match finding.severity {
        _ if entry.is_let_pass() => return None,
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => return None,
    };
    let title = format!("{} [{}]", finding.summary, finding.rule);
    Some(annotation(command, checked, *place, &title, &checked.message(entry, "\n")))
}

fn unreadable(checked: &Checked, problem: &Unreadable) -> String {
    let title = format!("{} [{}]", Unreadable::SUMMARY, Unreadable::RULE);
    annotation("error", checked, problem.place, &title, &checked.message_of(problem))
}

fn annotation(command: &str, checked: &Checked, place: Option<Place>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Artifact::File(name) = &checked.artifact {
        let name = name.replace('\\', "/");
        properties.push(format!("file={}", property(name.strip_prefix("./").unwrap_or(&name))));
        if let Some(Place { line, column }) = place {
            properties.push(format!("line={line},col={column}"));
        }
    }
    properties.push(format!("title={}", property(title)));
    let message: Vec<String> = message.lines().map(printable).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(&message.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        assert_eq!(property("a:b,c%\r\nd"), "a%3Ab%2Cc%25%0D%0Ad");
        assert_eq!(data("a: b, 5%\nc"), "a: b, 5%25%0Ac");
    }
}
