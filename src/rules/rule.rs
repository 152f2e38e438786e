//! What a rule is.

use crate::document::Node;
use crate::rofs::settings::Settings;

use super::finding::{Finding, Severity};

/// A rule of the catalogue. Everything about it stands in its own file.
pub struct Rule {
    /// Name after the bad thing, in kebab case: file name, page anchor and `rule` of its findings.
    pub name: &'static str,
    /// What is wrong, a few words: the summary of its findings.
    pub summary: &'static str,
    /// Severity unless a policy says otherwise.
    pub severity: Severity,
    /// Where it applies.
    pub platform: Platform,
    /// Security Hub control it belongs to.
    pub control: Option<&'static str>,
    /// What it checks, one or more full sentences.
    pub checks: &'static str,
    /// Why it matters, one or more full sentences.
    pub matters: &'static str,
    /// Where the fact was seen and when.
    pub evidence: Evidence,
    /// A task definition (JSON) that gives exactly one finding of this rule and none of any other.
    pub failing: Example,
    /// A task definition (JSON) that gives no finding of any rule.
    pub passing: Example,
    /// A task definition in which a value this rule needs is not known yet.
    pub undecided: Option<Example>,
    /// Judges.
    pub check: fn(&Subject<'_>) -> Answer,
}

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Every task definition.
    Any,
    /// Task definitions that require Fargate.
    Fargate,
    /// Task definitions for Linux.
    Linux,
}

/// Where a fact was seen, when, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The source: a service's answer, a document, a release.
    pub source: &'static str,
    /// When it was seen, as `YYYY-MM` or `YYYY-MM-DD`.
    pub seen: &'static str,
    /// How sure it is.
    pub status: Status,
}

/// How sure a fact is. What is only believed is a warning at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The source was read or the behaviour was run.
    Verified,
    /// Inferred.
    Believed,
}

/// A task definition as JSON text. `"<unknown>"` stands for a value that is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example(pub &'static str);

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The task definition in the shape of `RegisterTaskDefinition`; parts the caller cannot see are unknown.
    pub document: &'a Node,
    /// The Agent that was asked for, where one was.
    pub agent: Option<&'a Settings>,
}

/// A rule's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Whether a value that is not known yet kept the rule from judging everything.
    pub undecided: bool,
}
