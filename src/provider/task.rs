//! One task, put together and judged: the user's containers, the Agent beside them, and what the rules say of the whole.
//!
//! The data source and the resource differ in what they know of the task around the containers, and in nothing else.

use std::borrow::Cow;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Node, Object, Path, Step};
use crate::merge;
use crate::rofs::{
    self,
    settings::Settings,
    workload::{Wiring, Workload},
};
use crate::rules::policy::Policed;
use crate::rules::{self, Judgement, Severity, Subject};
use crate::value::{AttributePath, Value};

use super::diagnostics as say;
use super::document_value::{self, Inexact};
use super::judged_value;
use super::policy_block::InForce;

/// The attribute that the containers are written in.
const CONTAINER_DEFINITIONS: &str = "container_definitions";

/// What a task is made of.
pub(super) struct Ingredients<'a> {
    /// The Agent that was asked for, decoded.
    pub(super) agent: Agent<'a>,
    /// Where the Agent's settings stand in the configuration; empty for the whole body.
    pub(super) agent_at: AttributePath,
    /// The user's container definitions: JSON text or an HCL value.
    pub(super) containers: &'a Value,
    /// Whether the user's containers are wired to the Agent.
    pub(super) wire: bool,
    /// Everything else of the task in the shape of `RegisterTaskDefinition`; what nobody here can see is unknown.
    pub(super) around: Object,
    /// What is made of the findings.
    pub(super) policy: InForce,
}

/// The Agent in a task.
pub(super) enum Agent<'a> {
    /// None was asked for.
    None,
    /// With these settings.
    Settings(&'a Settings),
    /// One was asked for, and something that decides its shape is not known yet.
    Unknown,
}

/// A task as it would be registered, and what is to be said of it.
pub(super) struct Task {
    /// The whole in the shape of `RegisterTaskDefinition`.
    pub(super) document: Node,
    /// The platform-neutral sidecars; `None` without an Agent.
    pub(super) workload: Option<Workload>,
    /// What the rules found, before any policy: what verdicts are reckoned from.
    judgement: Judgement,
    /// What the policy makes of it: what is shown.
    pub(super) policed: Policed,
    /// Problems in the input that are no rule's: syntax, collisions, conversions.
    pub(super) diagnostics: Diagnostics,
    /// Where the Agent's settings stand.
    agent_at: AttributePath,
    /// Whether the containers were given as JSON text, which has no inner places to point at.
    is_text: bool,
    /// How many sidecars stand before the user's containers.
    sidecars: usize,
    /// The names of the user's containers in their order; empty where the document has that order itself.
    names: Vec<Option<String>>,
}

/// Puts a task together and judges it.
pub(super) fn assemble(ingredients: Ingredients<'_>) -> Task {
    let Ingredients { agent, agent_at, containers, wire, around, policy } = ingredients;
    let mut diagnostics = Diagnostics::default();
    let is_text = containers.as_str().is_some();
    let application = application(containers, &mut diagnostics);
    let workload = match &agent {
        Agent::Settings(settings) => Some(rofs::assemble(settings)),
        _ => None,
    };

    let mut document = around;
    let mut names = Vec::new();
    let definitions = match (&agent, &workload) {
        (Agent::Unknown, _) => {
            document.insert("volumes".to_owned(), Node::Unknown);
            Node::Unknown
        }
        (_, None) => application,
        (_, Some(workload)) => {
            names.extend(application.items().iter().map(|own| own.get("name").as_str().map(str::to_owned)));
            let wired = merge::wire_owned(application, &wiring_for(workload, wire));
            for collision in &wired.collisions {
                let at = document_value::attribute_path(CONTAINER_DEFINITIONS, &collision.path, is_text);
                diagnostics.push(say::collision(collision, at));
            }
            let volumes = merge::wire_volumes(document.get("volumes").unwrap_or(&Node::Null), workload);
            for collision in &volumes.collisions {
                diagnostics.push(say::collision(collision, AttributePath::root("volume")));
            }
            document.insert("volumes".to_owned(), volumes.volumes);
            wired.containers
        }
    };
    document.insert("containerDefinitions".to_owned(), definitions);
    let sidecars = workload.as_ref().map_or(0, |workload| workload.containers.len());

    let document = Node::Object(document);
    let settings = match &agent {
        Agent::Settings(settings) => Some(*settings),
        _ => None,
    };
    let judgement = if diagnostics.has_errors() {
        // The document is not what the user meant; rules would only report the consequences.
        Judgement::default()
    } else {
        rules::judge(&Subject { document: &document, agent: settings })
    };
    let policed = policy.apply(&judgement);
    if !diagnostics.has_errors() {
        diagnostics.extend(policy.idle(&judgement));
    }
    diagnostics.extend(policy.mistakes());
    Task { document, workload, judgement, policed, diagnostics, agent_at, is_text, sidecars, names }
}

impl Task {
    /// Every diagnostic about the task: all problems of the input and the findings of at least this severity.
    pub(super) fn report(&self, severity: Severity) -> Diagnostics {
        let mut all = Diagnostics::default();
        let wanted = |diagnostic: &Diagnostic| {
            severity == Severity::Warning || diagnostic.severity == crate::diagnostics::Severity::Error
        };
        all.extend(self.diagnostics.iter().filter(|diagnostic| wanted(diagnostic)).cloned());
        for finding in self.policed.findings.iter().filter(|finding| finding.severity <= severity) {
            let mut shown = finding.clone();
            shown.path = self.users_path(&finding.path);
            all.push(say::finding(&shown, self.place(&finding.path)));
        }
        all
    }

    /// The container definitions, sidecars first.
    pub(super) fn container_definitions(&self) -> &Node {
        self.document.get("containerDefinitions")
    }

    /// The error of a data source about a finding of which the policy cannot tell yet what it counts as: it is read once, and
    /// never again when that is known. Its own configuration is known by then, so it can only be the provider's.
    pub(super) fn open_policy(&self) -> Option<Diagnostic> {
        let open: Vec<&str> = self.policed.open.iter().copied().collect();
        (!open.is_empty()).then(|| say::policy_not_known(&open))
    }

    /// The findings as a value for the `findings` attribute.
    pub(super) fn findings(&self) -> Value {
        let findings = self.policed.findings.iter().map(|finding| {
            let mut shown = finding.clone();
            shown.path = self.users_path(&finding.path);
            judged_value::finding(&shown)
        });
        Value::List(findings.collect())
    }

    /// The verdicts as a value for the `verdicts` attribute.
    pub(super) fn verdicts(&self) -> Value {
        Value::Map(
            rules::verdicts(&Subject { document: &self.document, agent: None }, &self.judgement)
                .into_iter()
                .map(|(control, outcome)| (control.to_owned(), judged_value::verdict(outcome.verdict)))
                .collect(),
        )
    }

    /// The path as the user counts: the sidecars before their containers are not theirs.
    fn users_path(&self, path: &Path) -> Path {
        match self.users_container(path) {
            Some((index, rest)) => {
                let mut steps = vec![Step::Key("containerDefinitions".to_owned()), Step::Index(index)];
                steps.extend_from_slice(rest);
                Path(steps)
            }
            None => path.clone(),
        }
    }

    /// The index among the user's own containers and the rest of the path, where it points into one of them.
    fn users_container<'p>(&self, path: &'p Path) -> Option<(usize, &'p [Step])> {
        match path.0.as_slice() {
            [Step::Key(key), Step::Index(index), rest @ ..] if key == "containerDefinitions" => {
                let name = self.container_definitions().items().get(*index)?.get("name").as_str();
                let is_named = |own: &Option<String>| own.is_some() && own.as_deref() == name;
                // The place counts before the name, or the second of two containers of one name would be the first.
                let place = index.checked_sub(self.sidecars);
                let same_place = place.filter(|own| self.names.get(*own).is_some_and(is_named));
                let same_name = || self.names.iter().position(is_named);
                same_place.or_else(same_name).or(place).map(|own| (own, rest))
            }
            _ => None,
        }
    }

    /// Where in the configuration a place of the document was written.
    fn place(&self, path: &Path) -> AttributePath {
        if let Some((index, rest)) = self.users_container(path) {
            let mut steps = vec![Step::Index(index)];
            steps.extend_from_slice(rest);
            return document_value::attribute_path(CONTAINER_DEFINITIONS, &Path(steps), self.is_text);
        }
        match path.0.first() {
            // A sidecar of ours follows from the settings. Terraform marks the argument where it is written, and the
            // head of the block where it is not.
            Some(Step::Key(key)) if key == "containerDefinitions" && path.0.len() > 1 => {
                let is_image = path.0.last() == Some(&Step::Key("image".to_owned()));
                self.agent_at.clone().attribute(if is_image { "image" } else { "container_name" })
            }
            Some(Step::Key(key)) => AttributePath::root(argument(key)),
            _ => AttributePath::default(),
        }
    }
}

/// The argument that a key of the task definition is written as.
pub(super) fn argument(key: &str) -> &'static str {
    match key {
        "family" => "family",
        "cpu" => "cpu",
        "memory" => "memory",
        "networkMode" => "network_mode",
        "requiresCompatibilities" => "requires_compatibilities",
        "executionRoleArn" => "execution_role_arn",
        "taskRoleArn" => "task_role_arn",
        "pidMode" => "pid_mode",
        "ipcMode" => "ipc_mode",
        "volumes" => "volume",
        "placementConstraints" => "placement_constraints",
        "proxyConfiguration" => "proxy_configuration",
        "runtimePlatform" => "runtime_platform",
        "ephemeralStorage" => "ephemeral_storage",
        "enableFaultInjection" => "enable_fault_injection",
        "tags" => "tags",
        _ => CONTAINER_DEFINITIONS,
    }
}

/// The user's containers as a list, from whatever form they were written in. Unknown as a whole stays unknown; nothing
/// given is an empty list.
fn application(containers: &Value, diagnostics: &mut Diagnostics) -> Node {
    let node = match containers.undynamic() {
        Value::Null => return Node::Array(Vec::new()),
        Value::Unknown(_) => return Node::Unknown,
        Value::String(text) => match document::parse(text) {
            Ok(node) => node,
            Err(problems) => {
                diagnostics
                    .extend(problems.iter().map(|problem| say::not_json(CONTAINER_DEFINITIONS, problem)));
                return Node::Unknown;
            }
        },
        value => match document_value::to_node(value, &Path::default()) {
            Ok(node) => node,
            Err(Inexact(path)) => {
                let at = document_value::attribute_path(CONTAINER_DEFINITIONS, &path, false);
                diagnostics.push(say::inexact_number(CONTAINER_DEFINITIONS, &path.to_string(), at));
                return Node::Unknown;
            }
        },
    };
    let reading = match document::read(node) {
        Ok(reading) => reading,
        Err(problem) => {
            diagnostics.push(say::not_container_definitions(CONTAINER_DEFINITIONS, &problem.to_string()));
            return Node::Unknown;
        }
    };
    if !reading.notes.is_empty() {
        let notes: Vec<String> =
            reading.notes.iter().map(|note| format!("{}: {}", note.path, note.text)).collect();
        diagnostics.push(say::converted(CONTAINER_DEFINITIONS, &notes));
    }
    let Node::Object(mut document) = reading.document else { return Node::Unknown };
    let definitions = document.remove("containerDefinitions").unwrap_or_default();
    let rest: Vec<&str> =
        document.iter().filter(|(_, node)| !node.is_null()).map(|(key, _)| key.as_str()).collect();
    if !rest.is_empty() {
        diagnostics.push(say::rest_of_task_ignored(CONTAINER_DEFINITIONS, &rest));
    }
    definitions
}

/// The workload as application containers see it: all of it, or the sidecars without any wiring.
fn wiring_for(workload: &Workload, wire: bool) -> Cow<'_, Workload> {
    if wire {
        return Cow::Borrowed(workload);
    }
    Cow::Owned(Workload { wiring: Wiring::default(), ..workload.clone() })
}
