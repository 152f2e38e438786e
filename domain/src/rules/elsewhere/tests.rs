//! What is true of a workload is found in it on every platform: the examples of each neutral rule in a platform's words.

use super::*;
use crate::rules::tests::fill_in;
use crate::rules::{CATALOGUE, Judges, Overlay, Rule};

/// The examples of the rules for a task definition, written as documents of a platform.
pub(super) struct Examples {
    pub(super) kind: DocumentKind,
    /// A task definition as a document that says the same.
    pub(super) written: fn(&Node) -> Node,
    /// Neutral rules whose failing example the platform has no words for, with the reason.
    pub(super) left_out: &'static [(&'static str, &'static str)],
    /// Neutral rules for whose failing example there is no line to write.
    pub(super) without_a_line: &'static [&'static str],
    /// How places of findings begin.
    pub(super) places: &'static [&'static str],
}

impl Examples {
    fn of(&self, example: Overlay) -> Node {
        let mut document = example.document();
        fill_in(&mut document);
        (self.written)(&document)
    }

    fn neutral() -> impl Iterator<Item = &'static &'static Rule> {
        CATALOGUE.iter().filter(|rule| rule.judges == Judges::Workload)
    }

    fn judged(&self, document: &Node) -> Judgement {
        judge_document(self.kind, document, None)
    }

    pub(super) fn found(&self, document: &Node) -> Vec<&'static str> {
        self.judged(document).findings.iter().map(|finding| finding.rule).collect()
    }

    /// The key of the API under a name that is nearly right is found with what to do about it.
    pub(super) fn a_misspelt_key_has_a_way_out(&self) {
        let task = Overlay::AgentExample(
            r#"{ "containerDefinitions": [{
                "name": "datadog-agent",
                "secrets": [{ "name": "DD_API_KYE", "valueFrom": "datadog-secret/api-key" }]
            }] }"#,
        );
        let judgement = self.judged(&self.of(task));
        let finding = judgement.findings.iter().find(|finding| finding.rule == "agent-api-key-missing");
        let finding = finding.unwrap_or_else(|| panic!("{:?}", judgement.findings));
        assert!(!finding.fix_in(form_of(self.kind)).is_empty(), "{finding:?}");
    }

    /// A rule finds in its failing example what it finds in the task, and nothing else is found there.
    pub(super) fn failing_ones_fail(&self) {
        let mut wrong = Vec::new();
        for rule in Self::neutral() {
            let document = self.of(rule.failing);
            let judgement = self.judged(&document);
            let names: Vec<_> = judgement.findings.iter().map(|finding| finding.rule).collect();
            let is_left_out = self.left_out.iter().any(|(name, _)| *name == rule.name);
            if is_left_out == names.contains(&rule.name) || !is_left_out && names.len() > 1 {
                wrong.push(format!("{}: {names:?}", rule.name));
            }
            for finding in judgement.findings.iter().filter(|_| !is_left_out) {
                assert_eq!(
                    (finding.control, judgement.failures.len(), judgement.verdicts.len()),
                    (None, 0, 0)
                );
                let place = finding.path.to_string();
                assert!(self.places.iter().any(|start| place.starts_with(start)), "{}: {place}", rule.name);
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    /// In a passing example no rule finds anything.
    pub(super) fn passing_ones_pass(&self) {
        for rule in Self::neutral() {
            assert_eq!(self.found(&self.of(rule.passing)), [""; 0], "{}", rule.name);
        }
    }

    /// The lines to write mend what they are written for, and where there is none a sentence says what to do.
    pub(super) fn lines_to_write_mend(&self) {
        let (mut wrong, mut without) = (Vec::new(), Vec::new());
        for rule in Self::neutral() {
            let mut document = self.of(rule.failing);
            for _ in 0..self.found(&document).len() {
                let Some(finding) = self.judged(&document).findings.into_iter().next() else { break };
                assert_ne!(finding.fix_in(form_of(self.kind)), "", "{}", rule.name);
                if finding.fix.edits().is_empty() {
                    without.push(rule.name);
                }
                finding.fix.apply(&mut document);
            }
            if self.found(&document).contains(&rule.name) && !without.contains(&rule.name) {
                wrong.push(format!("{}: {document:#?}", rule.name));
            }
        }
        assert_eq!((wrong, without), (Vec::new(), self.without_a_line.to_vec()));
    }

    /// What all rules say, for a golden file.
    pub(super) fn messages(&self) -> String {
        let rules = CATALOGUE.iter().filter(|rule| rule.judges.covers(self.kind));
        let said = rules.map(|rule| match rule.failing.kind() {
            DocumentKind::TaskDefinition => self.told(&self.of(rule.failing)),
            _ => self.told(&rule.failing.document()),
        });
        said.collect()
    }

    /// What is found in a document, as the golden file has it.
    pub(super) fn told(&self, document: &Node) -> String {
        let mut said = String::new();
        for finding in self.judged(document).findings {
            said.push_str(&format!(
                "{}: {}: {}\n  at {}\n  {}\n  {}\n\n",
                finding.rule,
                finding.severity_word(),
                finding.summary,
                finding.path,
                finding.detail(),
                finding.fix_in(form_of(self.kind)),
            ));
        }
        said
    }
}
