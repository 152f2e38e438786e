//! The result of an audit, as its JSON has it. A name, a path or a sentence of the rules; never a value of a variable, a secret
//! or a label.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::rules::Severity;

/// The version of the JSON. It rises when a member goes or changes its meaning; a new member leaves it as it is.
pub const VERSION: u32 = 1;

/// The controls of Security Hub, those that most fleets are asked about first.
pub const CONTROLS: [&str; 10] =
    ["ECS.5", "ECS.4", "ECS.8", "ECS.9", "ECS.20", "ECS.3", "ECS.15", "ECS.17", "ECS.18", "ECS.21"];

/// What a live account runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// [`VERSION`].
    pub version: u32,
    /// The accounts that ARNs name, twelve digits each; more than one never comes of one run.
    pub accounts: BTreeSet<String>,
    /// The regions that were read, in the order of reading.
    pub regions: Vec<String>,
    /// The figures.
    pub summary: Summary,
    /// What to fix first: errors and warnings before notes, then by the number of services.
    pub fix_first: Vec<Mending>,
    /// The clusters, by region and name.
    pub clusters: Vec<Cluster>,
    /// The services, by region, cluster and name. Each once.
    pub services: Vec<Service>,
    /// The families with a revision, by region and name.
    pub families: Vec<Family>,
    /// Tasks that no service started, by region, cluster and ARN.
    pub standalone_tasks: Vec<StandaloneTask>,
    /// Every revision that is the newest of its family or runs, by ARN.
    pub revisions: BTreeMap<String, Revision>,
    /// What could not be read, and why.
    pub unread: Vec<Unread>,
}

/// The figures of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Clusters.
    pub clusters: usize,
    /// Services.
    pub services: usize,
    /// Families.
    pub families: usize,
    /// Revisions that were judged.
    pub revisions: usize,
    /// Tasks that no service started.
    pub standalone_tasks: usize,
    /// Services that run another revision than the newest of the family.
    pub services_behind: usize,
    /// Services for which a control passes on the newest revision and fails on the one that runs.
    pub services_green_but_old: usize,
    /// Things that could not be read.
    pub unread: usize,
    /// Findings of all judged revisions, each revision once.
    pub findings: Findings,
    /// How many services there are of each verdict of what runs, by control.
    pub controls: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    /// How many services there are of each state of the Agent.
    pub agents: BTreeMap<&'static str, usize>,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

/// What mending one kind of finding would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mending {
    /// The rule.
    pub rule: &'static str,
    /// What is wrong, a few words.
    pub summary: &'static str,
    /// The worst severity among the findings.
    pub severity: &'static str,
    /// The control of Security Hub that fails because of it.
    pub control: Option<&'static str>,
    /// How many services run a revision with such a finding.
    pub services: usize,
    /// How many of them would be rid of it with the newest revision that is registered already.
    pub services_mended_by_newest: usize,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cluster {
    /// Its region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// How many services it has that were read.
    pub services: usize,
    /// How many tasks that no service started.
    pub standalone_tasks: usize,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its region.
    pub region: String,
    /// Name of its cluster.
    pub cluster: String,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    pub status: String,
    /// How many tasks are wanted.
    pub desired_count: i64,
    /// ARNs of the revisions that it runs or is being given.
    pub running: Vec<String>,
    /// ARN of the newest active revision of the family; none where that is not known.
    pub newest: Option<String>,
    /// Whether it runs another revision than the newest.
    pub is_behind: bool,
    /// Verdicts by control: a word of Security Hub, `UNDECIDED`, or `UNREAD` where a revision could not be read.
    pub controls: BTreeMap<&'static str, Control>,
    /// The controls that pass on the newest revision and fail on one that runs.
    pub green_but_old: Vec<&'static str>,
    /// The Agent in what runs.
    pub agent: AgentState,
    /// The version of that Agent, where the image says it.
    pub agent_version: Option<String>,
}

/// A control's verdicts for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Control {
    /// The worst among the revisions that run.
    pub running: &'static str,
    /// Of the newest revision: what Security Hub looks at.
    pub newest: &'static str,
}

/// The word for a verdict of what could not be read.
pub const UNREAD: &str = "UNREAD";

/// A Datadog Agent in what runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentState {
    /// There is none.
    None,
    /// Its configuration is the image's own.
    Image,
    /// Its configuration is something that the user mounts.
    OwnMount,
    /// Its configuration is in a volume that an init container fills.
    Seeded,
    /// Values that tell are not known, or a container is only likely to be one.
    Unclear,
    /// A rule proves that it starts without its configuration: it reports healthy and is blind.
    Blind,
    /// The revision could not be read.
    Unread,
}

impl AgentState {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentState::None => "NONE",
            AgentState::Image => "IMAGE",
            AgentState::OwnMount => "OWN_MOUNT",
            AgentState::Seeded => "SEEDED",
            AgentState::Unclear => "UNCLEAR",
            AgentState::Blind => "BLIND",
            AgentState::Unread => UNREAD,
        }
    }
}

/// A family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Family {
    /// Its region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// ARN of its newest active revision.
    pub newest: Option<String>,
    /// How many services run a revision of it.
    pub services: usize,
}

/// A task that no service started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandaloneTask {
    /// Its region.
    pub region: String,
    /// Name of its cluster.
    pub cluster: String,
    /// Its ARN.
    pub arn: String,
    /// What whoever started it calls it.
    pub group: String,
    /// ARN of its revision.
    pub revision: String,
}

/// A revision and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its family.
    pub family: String,
    /// Its number.
    pub revision: i64,
    /// `ACTIVE`, `INACTIVE` or another word of ECS.
    pub status: String,
    /// Whether every container has a read-only root filesystem.
    pub is_read_only: bool,
    /// Verdicts by control.
    pub verdicts: BTreeMap<&'static str, Outcome>,
    /// What is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// Rules that could not decide.
    pub undecided: Vec<&'static str>,
    /// The Agent as a whole: the worst state of its containers.
    pub agent: AgentState,
    /// The containers that run the Agent.
    pub agents: Vec<Agent>,
}

/// What a control comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `PASSED`, `FAILED`, `NOT_APPLICABLE` or `UNDECIDED`.
    pub verdict: &'static str,
    /// The containers that fail.
    pub containers: Vec<String>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The control of Security Hub that fails because of it.
    pub control: Option<&'static str>,
    /// The container it is about.
    pub container: Option<String>,
    /// Where in the task definition.
    pub path: String,
    /// What is wrong, a few words.
    pub summary: &'static str,
    /// What was found and why it matters.
    pub detail: String,
    /// What to change, with the lines to write.
    pub fix: String,
}

/// A container that runs the Agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// Name of the container.
    pub container: String,
    /// Version of the Agent, where the image says it.
    pub version: Option<String>,
    /// Whether its root filesystem is read-only.
    pub is_read_only: Option<bool>,
    /// Whether it finds its configuration.
    pub state: AgentState,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its region.
    pub region: String,
    /// What: a call with what it was about.
    pub what: String,
    /// Why not, in a sentence.
    pub why: String,
}

impl Audit {
    /// How many findings there are of that severity or a worse one.
    pub fn count_from(&self, least: Severity) -> usize {
        let Findings { errors, warnings, notes } = self.summary.findings;
        match least {
            Severity::Error => errors,
            Severity::Warning => errors + warnings,
            Severity::Note => errors + warnings + notes,
        }
    }

    /// The audit as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The revisions that a service runs and that were read.
    pub fn running<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Revision> {
        service.running.iter().filter_map(|arn| self.revisions.get(arn))
    }
}
