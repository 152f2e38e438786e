//! Policy: which findings stop a plan, which are only shown, and which are let pass until a date.
//!
//! A policy decides what is made of a finding, never whether something was found: verdicts are reckoned from the judgement
//! before any policy, because Security Hub knows nothing of a waiver. Today's date is given; there is no clock here.

mod problem;
mod waiver;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::document::{Path, Step};
use crate::ordered::ordered;

use super::finding::{Finding, Severity};
use super::{CATALOGUE, Failure, Judgement, READ_OTHERWISE, find, unknown_key};

pub use problem::PolicyProblem;
pub use waiver::Waiver;

/// What a practitioner, or the layers of a configuration together, decided about findings. A part of it may be known
/// only at apply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Security Hub controls whose findings are errors.
    ///
    /// A floor: neither `severity` nor a narrower layer lowers it. Whoever enforces a control promises it to an auditor,
    /// and a promise that any team can take back with one silent word is none. The way out is a waiver, which does the
    /// same in the open: with a reason, an owner and an end.
    pub enforce: BTreeSet<&'static str>,
    /// What the findings of a rule count as, by the rule's name.
    pub severity: BTreeMap<&'static str, Level>,
    /// Controls of which the part that the pattern's own sidecars cannot meet is accepted, without an end: who adds the
    /// sidecars has decided that, and no day makes it otherwise.
    pub accept_sidecars: BTreeSet<&'static str>,
    /// Findings that are let pass.
    pub waivers: Vec<Waiver>,
    /// Keys that `unknown-key` lets through: a name, or a path of names without positions.
    pub allow_keys: BTreeSet<String>,
    /// What of it is not known yet as a whole.
    pub unknown: UnknownParts,
}

/// The parts of a policy of which nothing is known yet, not even how many entries they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnknownParts {
    /// Further controls may turn out to be enforced.
    pub enforce: bool,
    /// A rule that [`Policy::severity`] does not name may turn out to have another severity.
    pub severity: bool,
    /// Further controls may turn out to be accepted of sidecars.
    pub accept_sidecars: bool,
    /// Further waivers may turn out to be there.
    pub waivers: bool,
    /// Further keys may turn out to be allowed.
    pub allow_keys: bool,
}

/// What stands behind the detail of a finding of which the policy cannot tell yet what it counts as.
const OPEN: &str = " Whether this is an error is for the policy to say, and a part of the policy is not known yet; it is \
                    judged again when it is.";

/// What the findings of a rule count as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// They stop the plan.
    Error,
    /// They are shown.
    Warning,
    /// They stand in attributes and reports alone.
    Note,
    /// They are left out.
    Off,
    /// Known at apply.
    Unknown,
}

impl Level {
    /// The level of that name.
    pub fn parse(rule: &str, given: &str) -> Result<Self, PolicyProblem> {
        match given {
            "error" => Ok(Level::Error),
            "warning" => Ok(Level::Warning),
            "note" => Ok(Level::Note),
            "off" => Ok(Level::Off),
            _ => Err(PolicyProblem::NotASeverity { rule: rule.to_owned(), given: given.to_owned() }),
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Note => Level::Note,
        }
    }
}

/// A judgement under a policy. No [`Judgement`] itself, so that no verdict can be reckoned from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policed {
    /// The findings as the policy has them, in the order of the document.
    pub findings: Vec<Finding>,
    /// Rules of whose findings the policy cannot tell yet what they count as, because a part of it is not known.
    pub open: BTreeSet<&'static str>,
    /// Place and rule of each finding that is an error because its control is enforced.
    pub enforced: BTreeSet<(Path, &'static str)>,
    /// Whether a finding is waived today that will be no error once the waiver has ended: the findings then change
    /// from one day to the next, and no error tells.
    pub fades: bool,
}

impl Policed {
    /// Whether the findings stay as they are until something is an error: nothing is open, and no date changes them.
    pub fn is_settled(&self) -> bool {
        self.open.is_empty() && !self.fades
    }

    /// Whether a finding is waived today.
    pub fn has_waived(&self) -> bool {
        self.findings.iter().any(|finding| finding.waiver.is_some())
    }
}

impl Policy {
    /// A policy of which nothing is known yet.
    pub fn unknown() -> Self {
        let unknown = UnknownParts {
            enforce: true,
            severity: true,
            accept_sidecars: true,
            waivers: true,
            allow_keys: true,
        };
        Policy { unknown, ..Policy::default() }
    }

    /// A narrower layer's policy with a wider one behind it. What is enforced or allowed in either is so in both; of a
    /// rule's severity the narrower layer's is taken; waivers of both hold.
    pub fn over(self, wider: &Policy) -> Policy {
        // A narrower map that is not known yet may hold any rule, so that nothing of the wider one is certain.
        let mut severity = if self.unknown.severity { BTreeMap::new() } else { wider.severity.clone() };
        severity.extend(self.severity);
        Policy {
            enforce: ordered(self.enforce.union(&wider.enforce).copied()),
            severity,
            accept_sidecars: ordered(self.accept_sidecars.union(&wider.accept_sidecars).copied()),
            waivers: self.waivers.into_iter().chain(wider.waivers.iter().cloned()).collect(),
            allow_keys: ordered(self.allow_keys.union(&wider.allow_keys).cloned()),
            unknown: UnknownParts {
                enforce: self.unknown.enforce || wider.unknown.enforce,
                severity: self.unknown.severity || wider.unknown.severity,
                accept_sidecars: self.unknown.accept_sidecars || wider.unknown.accept_sidecars,
                waivers: self.unknown.waivers || wider.unknown.waivers,
                allow_keys: self.unknown.allow_keys || wider.unknown.allow_keys,
            },
        }
    }

    /// The judgement under this policy on that day.
    ///
    /// What the policy cannot tell yet is a warning that says so: an error would stop a plan that may be right, and
    /// silence would lose the finding.
    pub fn apply(&self, judgement: &Judgement, today: Date) -> Policed {
        let mut policed = Policed::default();
        let silent = Silent::of(judgement);
        for finding in &judgement.findings {
            self.apply_to(finding.clone(), &silent.controls_of(finding), today, &mut policed);
        }
        policed
    }

    /// Positions of the waivers that are for nothing: no finding is of their rule and container, and none can turn up,
    /// because the rule has judged everything.
    pub fn idle_waivers(&self, judgement: &Judgement) -> impl Iterator<Item = usize> {
        let is_idle = |waiver: &Waiver| {
            let decided = waiver.known_rule().is_some_and(|rule| !judgement.undecided.contains(&rule));
            decided && judgement.findings.iter().all(|finding| waiver.covers(finding) == Some(false))
        };
        self.waivers
            .iter()
            .enumerate()
            .filter(move |(_, waiver)| is_idle(waiver))
            .map(|(position, _)| position)
    }

    fn apply_to(&self, mut finding: Finding, controls: &[&'static str], today: Date, policed: &mut Policed) {
        if let Some(control) = self.accepted_of_sidecars(&finding) {
            finding.says.push_str(&format!(" It is accepted, because accept_sidecars names {control}."));
            finding.severity = Severity::Note;
            finding.accepted = true;
            policed.findings.push(finding);
            return;
        }
        let may_be_accepted = self.unknown.accept_sidecars && finding.of_pattern;
        let enforced = controls.iter().copied().find(|control| self.enforce.contains(control));
        let may_be_enforced = self.unknown.enforce && !controls.is_empty();
        let level = match self.level_of(&finding) {
            _ if enforced.is_some() => Level::Error,
            level if may_be_enforced && level != Level::Error => Level::Unknown,
            level => level,
        };
        let allowed = self.allows(&finding);
        if allowed == Some(true) {
            return;
        }
        let severity = match level {
            Level::Off => return,
            Level::Error => Severity::Error,
            Level::Note => Severity::Note,
            Level::Warning | Level::Unknown => Severity::Warning,
        };
        let covering: Vec<&Waiver> =
            self.waivers.iter().filter(|waiver| waiver.covers(&finding) != Some(false)).collect();
        let is_open = level == Level::Unknown
            || may_be_accepted
            || allowed.is_none()
            || self.unknown.waivers
            || covering.iter().any(|waiver| !waiver.is_wholly_known());
        if is_open {
            policed.open.insert(finding.rule);
            finding.severity = severity.max(Severity::Warning);
            finding.says.push_str(OPEN);
            policed.findings.push(finding);
            return;
        }
        // Of several the one that lasts longest: another one would hand over to it some day, and the words would change.
        match covering.iter().filter_map(|waiver| waiver.words()).max_by_key(|waived| waived.until) {
            Some(waived) if today <= waived.until => {
                // Not a word of why it would be an error: there may be a second reason that is not known yet.
                policed.fades |= severity != Severity::Error;
                finding.says.push_str(&waived.sentences(severity));
                finding.severity = severity.max(Severity::Warning);
                finding.waiver = Some(waived);
            }
            ended => {
                if enforced.is_some() {
                    policed.enforced.insert((finding.path.clone(), finding.rule));
                }
                settle(&mut finding, severity, enforced);
                finding.says.push_str(&ended.map(|ended| ended.obituary()).unwrap_or_default());
            }
        }
        policed.findings.push(finding);
    }

    /// The control of which this finding is accepted, where it is about a sidecar of the pattern. A rule that is off stays so.
    fn accepted_of_sidecars(&self, finding: &Finding) -> Option<&'static str> {
        let control = finding.control.filter(|control| self.accept_sidecars.contains(control))?;
        (finding.of_pattern && self.severity.get(finding.rule) != Some(&Level::Off)).then_some(control)
    }

    /// What a finding counts as, waivers and enforced controls aside.
    fn level_of(&self, finding: &Finding) -> Level {
        match self.severity.get(finding.rule) {
            Some(level) => *level,
            None if self.unknown.severity => Level::Unknown,
            None => Level::from(finding.severity),
        }
    }

    /// Whether a finding is about a key that the policy lets through; none while nobody knows.
    fn allows(&self, finding: &Finding) -> Option<bool> {
        if finding.rule != unknown_key::RULE.name {
            return Some(false);
        }
        self.allows_key(&finding.path)
    }

    /// Whether the policy lets the key at this path through; none while nobody knows.
    pub fn allows_key(&self, path: &Path) -> Option<bool> {
        if self.allow_keys.iter().any(|key| is_key_of(key, path)) {
            return Some(true);
        }
        (!self.unknown.allow_keys).then_some(false)
    }
}

/// Where controls fail of which no finding at that place tells, because one mistake is told once.
struct Silent<'j>(BTreeMap<&'j Path, Vec<&'static str>>);

impl<'j> Silent<'j> {
    fn of(judgement: &'j Judgement) -> Self {
        let told: BTreeSet<_> =
            ordered(judgement.findings.iter().filter_map(|finding| Some((finding.control?, &finding.path))));
        let mut silent: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for Failure { control, path, .. } in &judgement.failures {
            if !told.contains(&(*control, path)) {
                silent.entry(path).or_default().push(*control);
            }
        }
        Self(silent)
    }

    /// The controls that fail because of a finding: the one it names, and those that fail at its place in silence.
    fn controls_of(&self, finding: &Finding) -> Vec<&'static str> {
        // What was read otherwise stands at the place of a failure by chance.
        let is_of_a_rule = finding.rule != READ_OTHERWISE;
        let silent = self.0.get(&finding.path).filter(|_| is_of_a_rule).into_iter().flatten().copied();
        finding.control.into_iter().chain(silent).collect()
    }
}

/// Gives a finding its severity, and says so where that is another than the rule's own.
fn settle(finding: &mut Finding, severity: Severity, enforced: Option<&str>) {
    if severity == finding.severity {
        return;
    }
    finding.severity = severity;
    let because = match (severity, enforced) {
        (_, Some(control)) => format!(" It is an error because the policy enforces {control}."),
        (Severity::Error, None) => " It is an error because the policy makes this rule one.".to_owned(),
        (Severity::Warning, None) => " It is a warning because the policy makes this rule one.".to_owned(),
        (Severity::Note, None) => " It is a note because the policy makes this rule one.".to_owned(),
    };
    finding.says.push_str(&because);
}

/// Whether an entry of `allow_keys` is about the key at this path: by its name, or by its path without positions.
fn is_key_of(key: &str, path: &Path) -> bool {
    let names: Vec<&str> = path
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Key(name) => Some(name.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    names.last() == Some(&key) || names.join(".") == key
}

/// The rule of that name, as a policy writes it.
pub fn rule_named(name: &str) -> Result<&'static str, PolicyProblem> {
    let named = find(name).map(|rule| rule.name);
    named
        .or((name == READ_OTHERWISE).then_some(READ_OTHERWISE))
        .ok_or_else(|| PolicyProblem::unknown_rule(name))
}

/// The control of that name, as a policy writes it: one that a rule of the catalogue belongs to.
pub fn control_named(name: &str) -> Result<&'static str, PolicyProblem> {
    controls()
        .into_iter()
        .find(|control| *control == name)
        .ok_or_else(|| PolicyProblem::UnknownControl { name: name.to_owned() })
}

/// The controls of which the pattern's own sidecars cannot meet a part: the init container fills volumes that are root's.
const UNMET_BY_SIDECARS: [&str; 1] = ["ECS.20"];

/// An entry of `accept_sidecars`: a control of which there is something to accept.
pub fn accepted_control(name: &str) -> Result<&'static str, PolicyProblem> {
    UNMET_BY_SIDECARS
        .into_iter()
        .find(|control| *control == name)
        .ok_or_else(|| PolicyProblem::NothingToAccept { name: name.to_owned() })
}

/// An entry of `allow_keys`.
pub fn allowed_key(written: &str) -> Result<String, PolicyProblem> {
    let is_key = written.split('.').all(|name| {
        !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || "[]*\"".contains(letter))
    });
    if is_key { Ok(written.to_owned()) } else { Err(PolicyProblem::NotAKey { given: written.to_owned() }) }
}

/// Every control that a rule belongs to, in the order of their numbers.
fn controls() -> Vec<&'static str> {
    let controls: BTreeSet<(usize, &'static str)> =
        ordered(CATALOGUE.iter().filter_map(|rule| rule.control).map(|control| (control.len(), control)));
    controls.into_iter().map(|(_, control)| control).collect()
}
