//! What a rule is, and how it is asked.

use std::ops::RangeInclusive;

use crate::document::{Node, Path};
use crate::ecs::shapes::limits;
use crate::rofs::Evidence;
use crate::task::{Container, DocumentKind, Entries, Flaw, Partial, TaskDefinition};

use super::example::{Overlay, Undecided};
use super::finding::{Finding, Severity};
use super::fix::Fix;
use super::verdict::Failure;

/// A rule of the catalogue. Everything about it stands in its own file.
pub struct Rule {
    /// Name after the bad thing, in kebab case: file name, page anchor and `rule` of its findings.
    pub name: &'static str,
    /// What it is about: where its page stands.
    pub topic: Topic,
    /// What is wrong, a few words: the summary of its findings.
    pub summary: &'static str,
    /// Severity unless a policy says otherwise. A single finding may be weaker, never stronger.
    pub severity: Severity,
    /// On what it judges.
    pub judges: Judges,
    /// Of task definitions, those where it applies.
    pub platform: Platform,
    /// Security Hub control it belongs to.
    pub control: Option<&'static str>,
    /// What it checks, one or more full sentences.
    pub checks: &'static str,
    /// Why it matters, one or more full sentences.
    pub matters: &'static str,
    /// Where the fact was seen and when.
    pub evidence: Evidence,
    /// Whether ECS itself rejects such a registration.
    pub rejection: Rejection,
    /// Whether `lint --fix` writes what its findings say to write, and why or why not.
    pub mends: Mends,
    /// A task definition that gives exactly one finding of this rule and none of any other.
    pub failing: Overlay,
    /// A task definition that gives no finding of any rule.
    pub passing: Overlay,
    /// A task definition in which a value this rule needs is not known yet.
    pub undecided: Undecided,
    /// Judges a task definition on a platform where the rule applies.
    pub check: fn(&TaskDefinition<'_>, &mut Found),
}

impl Rule {
    /// The rule's answer about a task definition: none where it does not apply, undecided where nobody knows yet
    /// whether it does.
    pub fn judge(&'static self, task: &TaskDefinition<'_>) -> Answer {
        let mut found = Found { rule: self, kind: task.kind, answer: Answer::default() };
        if !self.judges.covers(task.kind) {
            return found.answer;
        }
        match self.platform.covers(task) {
            Some(true) => (self.check)(task, &mut found),
            Some(false) => {}
            None => found.undecided(),
        }
        let mut answer = found.answer;
        answer.failures.extend(answer.findings.iter().filter_map(Failure::of));
        answer
    }
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The Datadog Agent: its image, its volumes, its start.
    Agent,
    /// How applications reach the Agent.
    Sockets,
    /// What a read-only root filesystem asks of every container.
    ReadOnlyRoot,
    /// Volumes and mounts.
    Volumes,
    /// Ports and network modes.
    Network,
    /// CPU, memory, storage, limits and times.
    Size,
    /// Logs and their routers.
    Logging,
    /// Who waits for whom, health checks and restarts.
    Order,
    /// Roles, secrets, users and what else Security Hub looks at.
    Security,
    /// Keys, values and names.
    Form,
}

impl Topic {
    /// Every topic, in the order of the catalogue's first page.
    pub const ALL: [Topic; 10] = [
        Topic::Agent,
        Topic::Sockets,
        Topic::ReadOnlyRoot,
        Topic::Volumes,
        Topic::Network,
        Topic::Size,
        Topic::Logging,
        Topic::Order,
        Topic::Security,
        Topic::Form,
    ];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Topic::Agent => "The Datadog Agent",
            Topic::Sockets => "How applications reach the Agent",
            Topic::ReadOnlyRoot => "Read-only root filesystem",
            Topic::Volumes => "Volumes and mounts",
            Topic::Network => "Network",
            Topic::Size => "Size, limits and times",
            Topic::Logging => "Logging",
            Topic::Order => "Start, health and restarts",
            Topic::Security => "Roles, secrets and security controls",
            Topic::Form => "Keys, values and names",
        }
    }

    /// What its page is called after `rules-`.
    pub fn slug(self) -> &'static str {
        match self {
            Topic::Agent => "agent",
            Topic::Sockets => "sockets",
            Topic::ReadOnlyRoot => "read-only-root",
            Topic::Volumes => "volumes",
            Topic::Network => "network",
            Topic::Size => "size",
            Topic::Logging => "logging",
            Topic::Order => "order",
            Topic::Security => "security",
            Topic::Form => "form",
        }
    }
}

/// On what a rule judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judges {
    /// What runs and how it is tied together, whichever platform's document says so.
    Workload,
    /// What a task definition of ECS says to ECS.
    TaskDefinition,
    /// What a Compose file says to Compose.
    Compose,
    /// What containers are to the engine of Docker, whether a Compose file says so or nothing is around them.
    Engine,
    /// What a manifest says to Kubernetes.
    Kubernetes,
    /// What a job of Nomad says to Nomad.
    Nomad,
}

impl Judges {
    /// Whether it judges documents of this kind.
    pub fn covers(self, kind: DocumentKind) -> bool {
        match self {
            Judges::Workload => true,
            Judges::TaskDefinition => kind == DocumentKind::TaskDefinition,
            Judges::Compose => kind == DocumentKind::Compose,
            Judges::Engine => matches!(kind, DocumentKind::Compose | DocumentKind::Docker),
            Judges::Kubernetes => kind == DocumentKind::Kubernetes,
            Judges::Nomad => kind == DocumentKind::Nomad,
        }
    }
}

/// Whether ECS itself rejects a registration that a rule calls an error. The validate walk tells of nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// It registers it; the task or the Agent suffers from it.
    None,
    /// It does: the shapes, values and limits of its API say so, or its answers, which differ and stand in the details.
    Expected,
    /// It does with this answer, word for word, that is on record. Every finding quotes it.
    Answered(&'static str),
}

/// Whether what a rule's findings say to write is certain, so that a program may write it into a file: it is the only value that
/// there can be, and nothing that runs can break of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mends {
    /// It is, of the findings that this says: what is written, and why it is certain.
    Certain(&'static str),
    /// It is not: only the author knows the value.
    Yours,
    /// It is not: there are several ways, and what runs differs with them.
    Choice,
    /// It is not: what runs would run otherwise, and no document tells whether it can.
    Risk,
}

impl Mends {
    /// What is written and what is not, in sentences.
    pub fn sentences(self) -> &'static str {
        match self {
            Mends::Certain(sentences) => sentences,
            Mends::Yours => "Nothing: only you know the value.",
            Mends::Choice => "Nothing: there are several ways, and what runs differs with them.",
            Mends::Risk => "Nothing: what runs would run otherwise, and no document tells whether it can.",
        }
    }
}

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Every task definition.
    Any,
    /// Task definitions that require Fargate.
    Fargate,
    /// Task definitions for Linux, or for no operating system by name, which ECS reads as Linux.
    Linux,
    /// Task definitions for Windows.
    Windows,
    /// Task definitions for Windows, or for no operating system by name.
    WindowsOrUnset,
}

impl Platform {
    /// Whether the task definition is of this platform; none while nobody knows. What is no task definition is for Linux, and
    /// what is true on Fargate is asked of its volumes.
    pub(super) fn covers(self, task: &TaskDefinition<'_>) -> Option<bool> {
        if task.kind != DocumentKind::TaskDefinition {
            return Some(!matches!(self, Platform::Windows | Platform::WindowsOrUnset));
        }
        match self {
            Platform::Any => Some(true),
            Platform::Fargate => task.fargate,
            Platform::Linux => task.windows.map(|windows| !windows),
            Platform::Windows => task.windows,
            // An Agent makes a task a Linux task; whether the task says so is another question.
            Platform::WindowsOrUnset => {
                if task.names_operating_system()? {
                    task.windows
                } else {
                    Some(true)
                }
            }
        }
    }
}

/// A rule's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Where its control fails: at each finding that names the control, and where the rule says so without a finding.
    pub failures: Vec<Failure>,
    /// Whether a value that is not known yet kept the rule from judging everything.
    pub undecided: bool,
}

/// Collects a rule's answer while the rule reads. Reading a value through it notes when the value is not known yet.
pub struct Found {
    rule: &'static Rule,
    kind: DocumentKind,
    answer: Answer,
}

impl Found {
    /// How sentences call one of what is in the document.
    pub(super) fn container(&self) -> &'static str {
        self.kind.words().container
    }

    /// Notes that a value is not known yet.
    pub fn undecided(&mut self) {
        self.answer.undecided = true;
    }

    /// Notes that the rule's control fails at a place of which a finding of another rule tells already: the user hears
    /// of one mistake once, and the control fails all the same.
    pub(super) fn control_fails(&mut self, path: Path, container: Option<&Container<'_>>) {
        if let Some(control) = self.control() {
            let name = container.and_then(|container| container.name);
            self.answer.failures.push(Failure { control, path, container: name.map(str::to_owned) });
        }
    }

    /// The control that a finding fails: Security Hub looks at task definitions alone.
    fn control(&self) -> Option<&'static str> {
        self.rule.control.filter(|_| self.kind == DocumentKind::TaskDefinition)
    }

    /// The text of a string; none for anything else, and undecided for what is not known yet.
    pub fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        self.answer.undecided |= node.is_unknown();
        node.as_str()
    }

    /// An answer about the task definition; undecided while it is not known yet.
    pub(super) fn known<T>(&mut self, answer: Option<T>) -> Option<T> {
        self.answer.undecided |= answer.is_none();
        answer
    }

    /// Whether something is known not to be there; undecided while that is not known yet.
    pub(super) fn is_missing<T>(&mut self, looked_up: Option<Option<T>>) -> bool {
        self.known(looked_up).is_some_and(|found| found.is_none())
    }

    /// The part of a list that is known; undecided where there is more.
    pub(super) fn all<'t, T>(&mut self, list: Partial<'t, T>) -> &'t [T] {
        self.answer.undecided |= !list.complete;
        list.known
    }

    /// The entries of a list that are known; undecided where there are others.
    pub(super) fn entries<'n, T>(&mut self, list: Entries<'n, T>) -> impl Iterator<Item = T> + use<'n, T> {
        self.answer.undecided |= !list.are_complete();
        list.known()
    }

    /// The known items of an array with their positions; undecided where the array or an item is not known yet.
    pub fn items<'n>(&mut self, list: &'n Node) -> impl Iterator<Item = (usize, &'n Node)> + use<'n> {
        self.answer.undecided |= list.is_unknown() || list.items().iter().any(Node::is_unknown);
        list.items().iter().enumerate().filter(|(_, item)| !item.is_unknown())
    }

    /// A number outside what ECS accepts, with what it takes, by its place in the table of ranges; undecided where the
    /// number is not known yet.
    pub(super) fn out_of_range(
        &mut self,
        number: &Node,
        place: &str,
    ) -> Option<(i64, &'static RangeInclusive<i64>)> {
        self.answer.undecided |= number.is_unknown();
        let number = number.as_i64()?;
        let range = &limits::range(place).expect("rules ask for places that the table has").range;
        (!range.contains(&number)).then_some((number, range))
    }

    /// Adds a finding about the task definition as a whole.
    pub fn in_task(&mut self, path: Path, says: impl Into<String>, fix: impl Into<Fix>) -> &mut Finding {
        self.add(path, None, None, says.into(), fix.into())
    }

    /// Adds a finding about a flaw of the document's shape.
    pub(super) fn in_shape(
        &mut self,
        flaw: &Flaw<'_>,
        says: impl Into<String>,
        fix: impl Into<Fix>,
    ) -> &mut Finding {
        self.add(flaw.path.clone(), flaw.container.map(str::to_owned), None, says.into(), fix.into())
    }

    /// Adds a finding about a container, which is the subject of what it says: `has no user`.
    pub fn in_container(
        &mut self,
        container: &Container<'_>,
        path: Path,
        says: impl Into<String>,
        fix: impl Into<Fix>,
    ) -> &mut Finding {
        let subject = Some(container.called());
        self.add(path, container.name.map(str::to_owned), subject, says.into(), fix.into())
    }

    fn add(
        &mut self,
        path: Path,
        container: Option<String>,
        subject: Option<String>,
        mut says: String,
        fix: Fix,
    ) -> &mut Finding {
        let Rule { name, summary, severity, rejection, .. } = *self.rule;
        let control = self.control();
        if let (Rejection::Answered(answer), DocumentKind::TaskDefinition) = (rejection, self.kind) {
            says.push_str(&would_answer(answer));
        }
        let findings = &mut self.answer.findings;
        findings.push(Finding {
            rule: name,
            severity,
            path,
            container,
            summary,
            subject,
            says,
            fix,
            control,
            waiver: None,
            of_pattern: false,
            accepted: false,
        });
        findings.last_mut().expect("a finding was pushed in the line above")
    }
}

/// The sentence that quotes ECS, to be put behind a detail.
pub(super) fn would_answer(answer: &str) -> String {
    format!(" ECS would answer: \"{answer}\".")
}
