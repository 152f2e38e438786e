//! What was found in task definitions, written for a person, for code scanning (SARIF 2.1.0), for test reports (JUnit), for
//! GitHub, GitLab and whatever reads Checkstyle's XML, and as JSON.
//!
//! Pure: gives text and writes none. A report is made document by document, so that many documents take no more memory
//! than one (of each SARIF keeps a little to the end), and equal findings give equal bytes. Nothing in it but names,
//! places and the rules' own sentences.

mod checked;
mod checkstyle;
mod explained;
mod github;
mod gitlab;
mod grouped;
mod human;
mod json;
mod junit;
mod sarif;
mod snippet;
#[cfg(test)]
mod tests;
mod xml;

use crate::rules::Severity;

pub use checked::{Artifact, Checked, Entry, Judged, RULES_PAGE, Unreadable, page_of};
pub use explained::{explanation, list_of_rules};
pub use grouped::grouped;
pub use snippet::{Snippet, may_be_shown, snippet};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Sentences for a person; with colors for a terminal.
    Human {
        /// Whether it goes to a terminal that shows colors.
        color: bool,
        /// Whether findings that are notes are listed; otherwise the last line has their count alone.
        notes: bool,
        /// Where nothing but findings of this severity and worse is listed, and no last line either.
        quiet: Option<Severity>,
    },
    /// SARIF 2.1.0, as code scanning reads it.
    Sarif,
    /// JUnit's XML, as every CI system reads test results.
    Junit,
    /// JSON of our own.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Checkstyle's XML.
    Checkstyle,
}

/// A report that is being written. The texts that its methods give make up the whole, one behind the other.
pub trait Report {
    /// What stands before the first document.
    fn begin(&mut self) -> String;
    /// What is to be said of a document.
    fn document(&mut self, checked: &Checked) -> String;
    /// What is to be said of a file in which nothing is to be checked.
    fn passed_over(&mut self, _name: &str, _why: &str) -> String {
        String::new()
    }
    /// What stands behind the last document.
    fn end(&mut self) -> String;
}

impl Format {
    /// A new report in this format.
    pub fn report(self) -> Box<dyn Report> {
        match self {
            Format::Human { color, notes, quiet } => Box::new(human::Human::new(color, notes, quiet)),
            Format::Sarif => Box::<sarif::Sarif>::default(),
            Format::Junit => Box::new(junit::Junit),
            Format::Json => Box::<json::Json>::default(),
            Format::Github => Box::new(github::Github),
            Format::Gitlab => Box::<gitlab::Gitlab>::default(),
            Format::Checkstyle => Box::new(checkstyle::Checkstyle),
        }
    }

    /// The whole report of these documents.
    pub fn write<'a>(self, documents: impl IntoIterator<Item = &'a Checked>) -> String {
        let mut report = self.report();
        let mut text = report.begin();
        documents.into_iter().for_each(|checked| text.push_str(&report.document(checked)));
        text.push_str(&report.end());
        text
    }
}
