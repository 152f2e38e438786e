//! What many revisions are told, once each.

use std::collections::BTreeMap;

use super::super::model::{Audit, Finding};

/// A finding without the name of its container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) rule: &'static str,
    pub(super) severity: &'static str,
    pub(super) control: Option<&'static str>,
    pub(super) summary: &'static str,
    pub(super) detail: String,
    pub(super) fix: String,
    /// How many revisions it is told of.
    pub(super) revisions: usize,
}

/// The sentences, and which revision is told which.
pub(super) struct Sentences<'a> {
    all: Vec<Sentence>,
    /// By ARN of a revision: numbers of sentences with the containers they are about.
    of: BTreeMap<&'a str, BTreeMap<usize, Vec<&'a str>>>,
}

/// What stands for the name of the container.
const CONTAINER: &str = "\"CONTAINER\"";

impl<'a> Sentences<'a> {
    pub(super) fn of(audit: &'a Audit) -> Self {
        let mut all: Vec<Sentence> = Vec::new();
        let mut known: BTreeMap<(&'static str, &'static str, String, String), usize> = BTreeMap::new();
        let mut of: BTreeMap<&'a str, BTreeMap<usize, Vec<&'a str>>> = BTreeMap::new();
        for (arn, revision) in &audit.revisions {
            let told = of.entry(arn).or_default();
            for finding in &revision.findings {
                let (detail, fix) = (nameless(finding, &finding.detail), nameless(finding, &finding.fix));
                let key = (finding.rule, finding.severity, detail.clone(), fix.clone());
                let number = *known.entry(key).or_insert_with(|| {
                    let Finding { rule, severity, control, summary, .. } = *finding;
                    all.push(Sentence { rule, severity, control, summary, detail, fix, revisions: 0 });
                    all.len() - 1
                });
                let containers = told.entry(number).or_insert_with(|| {
                    all[number].revisions += 1;
                    Vec::new()
                });
                containers.extend(finding.container.as_deref());
            }
        }
        Self { all, of }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn has_rule(&self, rule: &str) -> bool {
        self.all.iter().any(|sentence| sentence.rule == rule)
    }

    /// What a revision is told: the number of each sentence, and the containers it is about.
    pub(super) fn of_revision(&self, arn: &str) -> Vec<(usize, &Sentence, &[&'a str])> {
        let told = self.of.get(arn).into_iter().flatten();
        let mut told: Vec<_> =
            told.map(|(number, containers)| (*number, &self.all[*number], containers.as_slice())).collect();
        told.sort_unstable_by_key(|(_, sentence, _)| (rank(sentence.severity), sentence.rule));
        told
    }

    /// Every sentence with its number, by rule.
    pub(super) fn by_rule(&self) -> BTreeMap<&'static str, Vec<(usize, &Sentence)>> {
        let mut by_rule: BTreeMap<&'static str, Vec<(usize, &Sentence)>> = BTreeMap::new();
        for (number, sentence) in self.all.iter().enumerate() {
            by_rule.entry(sentence.rule).or_default().push((number, sentence));
        }
        by_rule
    }
}

fn nameless(finding: &Finding, text: &str) -> String {
    match &finding.container {
        Some(container) => text.replace(&format!("\"{container}\""), CONTAINER),
        None => text.to_owned(),
    }
}

fn rank(severity: &str) -> u8 {
    match severity {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    }
}
