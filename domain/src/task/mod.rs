//! A task definition as everybody reads it: its containers, its platform, its Datadog Agent, who mounts what and who waits
//! for whom.
//!
//! The only place that knows how such a fact is read, for the rules and for who changes a task definition alike. It finds
//! nothing wrong and never fails: what is missing or of another type reads as absent. Where a fact depends on a value that
//! is not known yet, the answer is `None`, or the part of a list that is known ([`Partial`]).

mod agent;
mod around;
mod awslogs;
mod copying;
mod entries;
mod filling;
mod inventory;
mod kind;
mod known_image;
mod mount;
mod network;
mod port;
mod receiver;
mod renaming;
mod repetition;
mod script;
mod secret_source;
mod secret_text;
mod seeding;
mod sender;
mod setting;
mod shape;
mod start;
#[cfg(test)]
mod tests;
mod unfilled;
mod variable;
mod volume;
mod waits;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Node, Path};
use crate::rofs::platform::LaunchType;
use crate::rofs::settings::Settings;
use script::Script;

pub(crate) use crate::document::container_path::normalized;
pub(crate) use crate::rofs::image_reference::Image;
pub(crate) use agent::{Recognized, Signs};
pub use around::{
    Around, AroundProblem, OperatingSystem, Seen, are_containers_alone, says_windows, system_of, with_unseen,
};
pub(crate) use entries::{Entries, dependencies, mount_points};
pub(crate) use filling::{Filling, Miss, targets};
pub use inventory::{AgentEntry, Inventory, Origin};
pub use kind::DocumentKind;
pub(crate) use mount::{Mount, Mounts, Source};
pub(crate) use network::Network;
pub(crate) use port::{Port, port_range, shared};
pub(crate) use receiver::{Off, Receiver, Way};
pub(crate) use renaming::Mention;
pub(crate) use repetition::{Repetition, repetitions};
pub(crate) use script::ScriptFlaw;
pub(crate) use secret_source::{SourceFlaw, source_flaw};
pub(crate) use secret_text::{datadog_key_in_file, secret_in, secret_in_command, secret_in_file};
pub(crate) use seeding::Configuration;
pub(crate) use sender::{Sender, SenderForm, SentPort, Signal, Target, is_local, target};
pub(crate) use setting::{EACH, is_set, visit};
pub(crate) use shape::{Flaw, Problem, Shape};
pub(crate) use unfilled::Unfilled;
pub(crate) use variable::{Given, Variable, is_template};
pub(crate) use volume::{Content, is_empty_directory, volume_name};
pub(crate) use waits::{Cause, Ending, Wait, Ways, linked};

/// What is read.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The task definition in the shape of `RegisterTaskDefinition`; parts the caller cannot see are unknown.
    pub document: &'a Node,
    /// What it was made from.
    pub kind: DocumentKind,
    /// The Agent that was asked for, where one was.
    pub agent: Option<&'a Settings>,
    /// What the containers are taken to be made for, where the document cannot name it: see [`Seen`].
    pub operating_system: Option<OperatingSystem>,
}

impl<'a> Subject<'a> {
    /// A document that says everything itself, without an Agent that was asked for.
    pub fn of(document: &'a Node) -> Self {
        Self { document, kind: DocumentKind::TaskDefinition, agent: None, operating_system: None }
    }
}

/// The part of a list that is known.
#[derive(Debug)]
pub struct Partial<'t, T> {
    /// The items that are known.
    pub known: &'t [T],
    /// Whether there are no others.
    pub complete: bool,
}

/// A task definition as it is read. Built once per document; what needs a walk is read by the first who asks.
pub struct TaskDefinition<'a> {
    /// The whole document; while it is changed, all of it but its containers and volumes.
    pub document: &'a Node,
    /// What it was made from.
    pub kind: DocumentKind,
    /// The Agent that was asked for, where one was.
    pub agent: Option<&'a Settings>,
    /// Whether it requires Fargate; none while nobody knows.
    pub fargate: Option<bool>,
    /// Whether it is for Windows; none while nobody knows. ECS takes an absent operating system family for Linux.
    pub windows: Option<bool>,
    containers: Vec<Container<'a>>,
    containers_are_known: bool,
    volumes: &'a Node,
    /// Position in `containers` of the first container of each name.
    names: OnceCell<BTreeMap<&'a str, usize>>,
    shape: OnceCell<Shape<'a>>,
    agents: OnceCell<(Vec<Container<'a>>, bool)>,
    /// What each container is, as far as the Agent is concerned.
    recognized: OnceCell<Vec<Option<Recognized>>>,
    /// Of each container.
    mounts: Vec<OnceCell<Mounts<'a>>>,
    /// Of each container.
    senders: Vec<OnceCell<(Vec<Sender<'a>>, bool)>>,
    /// What each container runs.
    scripts: Vec<OnceCell<Option<Script>>>,
    waits: OnceCell<waits::Waits<'a>>,
    /// Names of the containers whose end another one waits for, and whether there are no others.
    awaited_to_end: OnceCell<(BTreeSet<&'a str>, bool)>,
    ports: OnceCell<(Vec<Port<'a>>, bool)>,
}

impl<'a> TaskDefinition<'a> {
    /// Reads the parts that almost everybody needs.
    pub fn read(subject: &Subject<'a>) -> Self {
        let definitions = subject.document.get("containerDefinitions");
        let task = Self::of_parts(subject, definitions.items().iter(), subject.document.get("volumes"));
        Self { containers_are_known: task.containers_are_known && !definitions.is_unknown(), ..task }
    }

    /// Reads a task definition that is taken apart: what is left of the document in `subject`, its containers and its
    /// volumes.
    pub(crate) fn of_parts(
        subject: &Subject<'a>,
        definitions: impl Iterator<Item = &'a Node>,
        volumes: &'a Node,
    ) -> Self {
        let document = subject.document;
        let mut containers = Vec::new();
        let mut containers_are_known = true;
        for (index, node) in definitions.enumerate() {
            containers_are_known &= !node.is_unknown();
            if matches!(node, Node::Object(_)) {
                let name = node.get("name").as_str();
                containers.push(Container { index, node, name, kind: subject.kind });
            }
        }
        Self {
            document,
            kind: subject.kind,
            agent: subject.agent,
            fargate: requires_fargate(subject),
            windows: is_for_windows(subject),
            mounts: containers.iter().map(|_| OnceCell::new()).collect(),
            senders: containers.iter().map(|_| OnceCell::new()).collect(),
            scripts: containers.iter().map(|_| OnceCell::new()).collect(),
            containers,
            containers_are_known,
            volumes,
            names: OnceCell::new(),
            shape: OnceCell::new(),
            agents: OnceCell::new(),
            recognized: OnceCell::new(),
            waits: OnceCell::new(),
            awaited_to_end: OnceCell::new(),
            ports: OnceCell::new(),
        }
    }

    /// The same with the shape of the document, which is that of the whole where parts of it stand for something else.
    pub(crate) fn of_shape(self, shape: Shape<'a>) -> Self {
        Self { shape: OnceCell::from(shape), ..self }
    }

    /// The document against the shape of a task definition. Walked once, by the first who asks.
    pub(crate) fn shape(&self) -> &Shape<'a> {
        self.shape.get_or_init(|| Shape::of(self.document))
    }

    /// The container definitions.
    pub fn containers(&self) -> Partial<'_, Container<'a>> {
        Partial { known: &self.containers, complete: self.containers_are_known }
    }

    /// The container definition of that name. `None` if none has it and a name is not known yet.
    pub fn container(&self, name: &str) -> Option<Option<&Container<'a>>> {
        let container = self.named(name);
        (container.is_some() || self.knows_all_names()).then_some(container)
    }

    /// The container definition of that name, if it is known.
    pub(crate) fn named(&self, name: &str) -> Option<&Container<'a>> {
        let names = self.names.get_or_init(|| {
            let mut names = BTreeMap::new();
            for (position, container) in self.containers.iter().enumerate() {
                if let Some(name) = container.name {
                    names.entry(name).or_insert(position);
                }
            }
            names
        });
        names.get(name).map(|position| &self.containers[*position])
    }

    /// The container definition at that place of the list, where it is an object.
    pub(crate) fn at(&self, index: usize) -> Option<&Container<'a>> {
        self.position(index).map(|position| &self.containers[position])
    }

    /// Where among the containers that can be read the one at that place of the list is.
    fn position(&self, index: usize) -> Option<usize> {
        self.containers.binary_search_by_key(&index, |container| container.index).ok()
    }

    /// Whether every container definition is known, whatever may be unknown inside.
    pub fn knows_all_containers(&self) -> bool {
        self.containers_are_known
    }

    /// Whether it names its operating system; none while not known.
    pub(crate) fn names_operating_system(&self) -> Option<bool> {
        match self.document.get("runtimePlatform").get("operatingSystemFamily") {
            Node::Unknown => None,
            family => Some(!family.is_null()),
        }
    }

    /// Whether it is for Linux for certain: it names Linux, or runs on Fargate, where an absent name means Linux. None while
    /// not known.
    pub(crate) fn is_surely_for_linux(&self) -> Option<bool> {
        match (self.windows, self.names_operating_system(), self.fargate) {
            (Some(true), ..) => Some(false),
            (Some(false), Some(true), _) | (Some(false), _, Some(true)) => Some(true),
            (Some(false), Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }

    /// Whether it names an execution role; none while not known.
    pub(crate) fn has_execution_role(&self) -> Option<bool> {
        match self.document.get("executionRoleArn") {
            Node::Unknown => None,
            role => Some(role.as_str().is_some_and(|arn| !arn.is_empty())),
        }
    }

    /// Whether a container has secrets, for which ECS rejects a task definition without an execution role.
    pub(crate) fn secrets_need_a_role(&self) -> bool {
        self.some_container(|container| !container.get("secrets").items().is_empty())
    }

    /// Whether that is known of a container.
    pub(crate) fn some_container(&self, has: impl Fn(&Container<'a>) -> bool) -> bool {
        self.containers.iter().any(has)
    }

    /// The names of the other containers.
    pub fn names_besides(&self, container: &Container<'_>) -> Vec<&'a str> {
        let others = self.containers.iter().filter(|other| other.index != container.index);
        others.filter_map(|other| other.name).collect()
    }

    /// Whether every container's name is known.
    pub fn knows_all_names(&self) -> bool {
        self.containers_are_known
            && !self.containers.iter().any(|container| container.get("name").is_unknown())
    }
}

/// A container definition and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Container<'a> {
    /// Position in `containerDefinitions`.
    pub index: usize,
    /// The definition, an object.
    pub node: &'a Node,
    /// Its name, where it has one that is known.
    pub name: Option<&'a str>,
    /// What the document was made from.
    pub kind: DocumentKind,
}

impl<'a> Container<'a> {
    /// The log driver of containers that send their logs to a FireLens router in the task.
    pub(crate) const FIRELENS: &'static str = "awsfirelens";

    /// A member of the definition.
    pub fn get(&self, key: &str) -> &'a Node {
        self.node.get(key)
    }

    /// Where it stands in the document.
    pub fn path(&self) -> Path {
        Path::default().key("containerDefinitions").index(self.index)
    }

    /// How a sentence that starts with it calls it: `Container "app"`.
    pub fn called(&self) -> String {
        match self.name {
            Some(name) => {
                let called = match self.kind {
                    DocumentKind::Compose => "Service",
                    DocumentKind::Nomad => "Task",
                    _ => "Container",
                };
                format!("{called} {}", quoted(name))
            }
            None if self.get("name").is_unknown() => format!("The container at position {}", self.index + 1),
            None => format!("The container at position {} (without a name)", self.index + 1),
        }
    }

    /// How it is called inside a sentence: `container "app"`.
    pub(crate) fn called_inside(&self) -> String {
        match self.name {
            Some(name) => format!("{} {}", self.kind.words().container, quoted(name)),
            None => format!("the container at position {}", self.index + 1),
        }
    }

    /// Whether the task ends when it does, which is so unless the definition says otherwise; none while not known.
    pub fn essential(&self) -> Option<bool> {
        match self.get("essential") {
            Node::Unknown => None,
            node => Some(node.as_bool().unwrap_or(true)),
        }
    }

    /// Whether its root filesystem is read-only; none while not known.
    pub fn read_only_root(&self) -> Option<bool> {
        match self.get("readonlyRootFilesystem") {
            Node::Unknown => None,
            node => Some(node.as_bool().unwrap_or(false)),
        }
    }
}

/// A text of the user's in quotes, for a sentence: cut where it is too long to be read.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

/// A text of the user, cut where it is too long to be read.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn requires_fargate(subject: &Subject<'_>) -> Option<bool> {
    if subject.kind != DocumentKind::TaskDefinition {
        return Some(false);
    }
    let Subject { document, agent, .. } = *subject;
    let compatibilities = document.get("requiresCompatibilities");
    if compatibilities.items().iter().any(|item| item.as_str() == Some("FARGATE")) {
        return Some(true);
    }
    if compatibilities.is_unknown() {
        return agent.map(|settings| settings.platform.launch_type() == Some(LaunchType::Fargate));
    }
    if compatibilities.items().iter().any(Node::is_unknown) { None } else { Some(false) }
}

/// An Agent of the pattern runs on Linux only, so a task that gets one is a Linux task.
fn is_for_windows(subject: &Subject<'_>) -> Option<bool> {
    if subject.kind != DocumentKind::TaskDefinition {
        return Some(false);
    }
    if let Some(system) = subject.operating_system {
        return Some(system == OperatingSystem::Windows);
    }
    match subject.document.get("runtimePlatform").get("operatingSystemFamily") {
        Node::Unknown => subject.agent.map(|_| false),
        family => Some(family.as_str().is_some_and(|family| family.starts_with("WINDOWS"))),
    }
}
