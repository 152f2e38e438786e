//! One task, put together and judged: the user's containers, the Agent beside them, and what the rules say of the whole.
//!
//! The data source and the resource differ in what they know of the task around the containers, and in nothing else.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Node, Object, Path, Step};
use crate::ecs::{ContainerKeys, LeftOut, Note};
use crate::merge::{self, Change, ChangeKind, Hardened, Hardening, ReadOnlyRoot};
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::policy::Policed;
use crate::rules::{self, Edit, Finding, Form, Json, Judgement, READ_OTHERWISE, Severity, Subject};
use crate::task::{Around, OperatingSystem, Seen};
use crate::value::{AttributePath, Given, Value};

mod place;

use super::agent_block::{Application, Asked};
use super::diagnostics as say;
use super::document_value;
use super::given_document;
use super::hcl::Hcl;
use super::judged_value;
use super::policy_block::InForce;
use super::resource;
use super::sidecar_arguments;
use super::unknown_keys;
use place::collision_place;

/// The attribute that the containers are written in.
const CONTAINER_DEFINITIONS: &str = "container_definitions";

/// What a task is made of.
pub(super) struct Ingredients<'a> {
    /// The Agent that was asked for, and what is to be done to the user's containers.
    pub(super) asked: &'a Asked,
    /// The user's container definitions: JSON text or an HCL value.
    pub(super) containers: &'a Value,
    /// Everything else of the task in the shape of `RegisterTaskDefinition`.
    pub(super) around: TaskAround<'a>,
    /// What of the task around was read differently from how it is written.
    pub(super) notes: Vec<Note>,
    /// What is made of the findings.
    pub(super) policy: InForce,
    /// What the containers keep of those that are registered.
    pub(super) kept: Option<Kept<'a>>,
}

/// Keys of containers as they are registered, whatever the definitions say of them.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) keys: &'a ContainerKeys,
    /// The containers that are registered.
    pub(super) containers: &'a Node,
}

/// The task around the containers.
pub(super) enum TaskAround<'a> {
    /// All of it.
    Whole(Object),
    /// Nobody here can see it, and this much is known of it.
    Unseen(&'a Around),
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
    /// Problems in the input that are no rule's: syntax, conversions, mistakes in the policy.
    pub(super) diagnostics: Diagnostics,
    /// What stands in the way of putting it together.
    collisions: Vec<Diagnostic>,
    policy: InForce,
    /// Where the Agent's settings stand.
    agent_at: AttributePath,
    /// Whether the containers were given as JSON text, which has no inner places to point at.
    is_text: bool,
    /// Whether arguments of a resource say what is around the containers.
    has_arguments: bool,
    /// Elements of lists that were not read.
    left_out: LeftOut,
    /// For each container its position among the user's own, where it is one of theirs.
    origins: Vec<Option<usize>>,
    /// The volumes that were added to the user's.
    pub(super) added_volumes: Vec<Node>,
}

/// Puts a task together and judges it.
pub(super) fn assemble(ingredients: Ingredients<'_>) -> Task {
    let Ingredients { asked, containers, around, notes: of_arguments, policy, kept: registered } =
        ingredients;
    let agent_at = asked.agent_at.clone();
    let mut diagnostics = Diagnostics::default();
    let is_text = containers.as_str().is_some();
    let (definitions, notes) = definitions(containers, &mut diagnostics);
    let left_out = LeftOut::of(&notes);
    let mut otherwise = rules::of_notes(&notes, definitions.items(), Severity::Note);
    otherwise.extend(rules::of_notes(&of_arguments, &[], Severity::Note));
    let definitions = match registered {
        Some(Kept { keys, containers }) => keys.keep(definitions, containers),
        None => definitions,
    };
    let settings = match asked.agent() {
        Agent::Settings(settings) => Some(settings),
        _ => None,
    };

    let has_arguments = matches!(around, TaskAround::Whole(_));
    let (mut document, operating_system) = match around {
        TaskAround::Whole(members) => (members, None),
        TaskAround::Unseen(around) => unseen(&definitions, around),
    };
    let hardening = |application| hardening(settings, application, operating_system);
    let hardened = match (asked.agent(), &asked.application) {
        (Agent::Unknown, _) | (_, None) => {
            document.insert("volumes".to_owned(), Node::Unknown);
            document.insert("containerDefinitions".to_owned(), Node::Unknown);
            merge::harden(Node::Object(document), &hardening(&Application::default()))
        }
        (_, Some(application)) => {
            document.insert("containerDefinitions".to_owned(), definitions);
            merge::harden(Node::Object(document), &hardening(application))
        }
    };
    let lacks_the_settings_key =
        settings.is_some_and(|settings| settings.api_key.is_none()) && hardened.lacks_an_api_key();
    let no_key = asked.no_key.clone().filter(|_| hardened.lacks_an_api_key());
    let Hardened { mut document, collisions, changes, origins, workload, agent, added_volumes } = hardened;
    let collisions: Vec<Diagnostic> = collisions
        .iter()
        .map(|collision| say::collision(collision, collision_place(collision, is_text, &left_out, &agent_at)))
        .collect();
    let kept: Vec<String> = changes.iter().filter(|change| change.is_kept()).map(Change::to_string).collect();
    if !kept.is_empty() {
        diagnostics.push(say::kept(CONTAINER_DEFINITIONS, &kept));
    }

    for change in changes.iter().filter(|change| matches!(change.kind, ChangeKind::FargateOnly(_))) {
        diagnostics
            .push(say::fargate_only(&change.to_string(), AttributePath::root("requires_compatibilities")));
    }
    for change in changes.iter().filter(|change| change.is_open_question()) {
        diagnostics.push(say::likely_agent(&change.to_string(), AttributePath::root(CONTAINER_DEFINITIONS)));
    }
    let changed: Vec<String> =
        changes.iter().filter(|change| change.is_of_what_was_written()).map(Change::to_string).collect();
    if !changed.is_empty() {
        diagnostics.push(say::changed(CONTAINER_DEFINITIONS, &changed));
    }

    // Otherwise the document is not what the user meant, and rules would only report the consequences.
    let is_as_meant = collisions.is_empty() && !diagnostics.has_errors();
    let mut judgement = match is_as_meant {
        true => rules::judge(&Subject { agent: agent.as_ref(), operating_system, ..Subject::of(&document) }),
        false => Judgement::default(),
    };
    if is_as_meant {
        judgement.findings.extend(otherwise);
    }
    if lacks_the_settings_key {
        // Said at the place where the key belongs, once the provider's own block is known.
        judgement.findings.retain(|finding| finding.rule != rules::API_KEY_MISSING);
    }
    unknown_keys::soften(&mut judgement);
    unknown_keys::leave_out(&mut document, &judgement, &policy);
    let policed = policy.apply(&judgement);
    if is_as_meant {
        diagnostics.extend(policy.idle(&judgement, document.get("containerDefinitions")));
    }
    diagnostics.extend(policy.mistakes());
    diagnostics.extend(no_key);
    Task {
        document,
        workload,
        judgement,
        policed,
        diagnostics,
        collisions,
        policy,
        agent_at,
        is_text,
        has_arguments,
        left_out,
        origins,
        added_volumes,
    }
}

/// What there is around these containers, and what they are taken to be made for.
fn unseen(definitions: &Node, around: &Around) -> (Object, Option<OperatingSystem>) {
    let Seen { document, operating_system } =
        Seen::of(Node::from([("containerDefinitions", definitions.clone())]), around);
    match document {
        Node::Object(members) => (members, operating_system),
        _ => unreachable!("an object was given"),
    }
}

/// A task as it is registered, judged as it stands: nothing is added to it. Its tags are part of the document.
pub(super) fn registered(document: Node, policy: InForce) -> Task {
    let judgement = rules::judge(&Subject::of(&document));
    let origins = (0..document.get("containerDefinitions").items().len()).map(Some).collect();
    Task {
        policed: policy.apply(&judgement),
        document,
        workload: None,
        judgement,
        diagnostics: Diagnostics::default(),
        collisions: Vec::new(),
        policy,
        agent_at: AttributePath::default(),
        is_text: true,
        has_arguments: false,
        left_out: LeftOut::default(),
        origins,
        added_volumes: Vec::new(),
    }
}

/// What is done to a task of a configuration. It leaves no marks: the configuration itself says what was added.
fn hardening<'a>(
    agent: Option<&'a Settings>,
    application: &Application,
    operating_system: Option<OperatingSystem>,
) -> Hardening<'a> {
    let Application { wire, read_only_root_filesystem, writable_paths, tmpfs_size } = application.clone();
    let read_only_root =
        if read_only_root_filesystem == Some(true) { ReadOnlyRoot::WhereUnsaid } else { ReadOnlyRoot::Leave };
    Hardening { agent, wire, read_only_root, writable_paths, tmpfs_size, mark: false, operating_system }
}

impl Task {
    /// Every diagnostic about the task: all problems of the input and the findings of at least this severity.
    pub(super) fn report(&self, severity: Severity) -> Diagnostics {
        let mut all = Diagnostics::default();
        let wanted = |diagnostic: &&Diagnostic| {
            severity == Severity::Warning || diagnostic.severity == crate::diagnostics::Severity::Error
        };
        all.extend(self.diagnostics.iter().filter(wanted).cloned());
        all.extend(self.collisions.iter().cloned());
        all.extend(self.told(self.policed.findings.iter().filter(|finding| finding.severity <= severity)));
        all
    }

    /// What the validate walk tells of a resource: mistakes in the arguments, and what ECS itself would reject and no policy
    /// lets pass. Every command begins with that walk, and no state is known there, so whatever else were an error would
    /// keep what is registered from being refreshed and destroyed.
    pub(super) fn report_rejections(&self) -> Diagnostics {
        let mut all = Diagnostics::default();
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == crate::diagnostics::Severity::Error;
        all.extend(self.diagnostics.iter().filter(is_error).cloned());
        let rejections = self.policy.apply(&self.judgement.rejections());
        let errors = rejections.findings.iter().filter(|finding| finding.severity == Severity::Error);
        all.extend(self.told(errors));
        all
    }

    /// Everything, in the plan of a resource that would register this.
    pub(super) fn report_registration(&self) -> Diagnostics {
        let mut all = self.diagnostics.clone();
        all.extend(self.collisions.iter().cloned().map(say::stops_the_registration));
        let findings = self.told(self.policed.findings.iter());
        all.extend(findings.into_iter().map(say::stops_the_registration));
        all
    }

    /// Everything, in the plan of a resource whose registered content is this. A finding stops nothing then.
    pub(super) fn report_registered(&self) -> Diagnostics {
        let mut all = self.diagnostics.clone();
        all.extend(self.collisions.iter().cloned());
        let findings = self.told(self.policed.findings.iter());
        all.extend(findings.into_iter().map(say::stops_the_next_registration));
        all
    }

    /// Findings as diagnostics, those about what the user wrote first: the sidecars that stand before it are not theirs.
    fn told<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> Vec<Diagnostic> {
        let (users, sidecars): (Vec<_>, Vec<_>) = findings
            .partition(|finding| finding.rule == READ_OTHERWISE || !self.is_of_sidecar(&finding.path));
        say::findings(users.into_iter().chain(sidecars), |finding| {
            (self.shown(finding), self.place_of(finding))
        })
    }

    /// The container definitions, sidecars first.
    pub(super) fn container_definitions(&self) -> &Node {
        self.document.get("containerDefinitions")
    }

    /// The sidecars that were put before the user's containers.
    pub(super) fn added_containers(&self) -> Node {
        match self.container_definitions() {
            Node::Unknown => Node::Unknown,
            definitions => {
                let all = definitions.items().iter().zip(&self.origins);
                Node::Array(
                    all.filter(|(_, origin)| origin.is_none()).map(|(node, _)| node.clone()).collect(),
                )
            }
        }
    }

    /// The container definitions as JSON text, and of them the sidecars that were added, each container written once; unknown
    /// while a part of it is.
    pub(super) fn definitions_as_json(&self) -> [Value; 2] {
        let Node::Array(definitions) = self.container_definitions() else {
            return [self.container_definitions(), &self.added_containers()].map(document_value::json);
        };
        let texts: Vec<Option<String>> = definitions.iter().map(|one| document::to_json(one).ok()).collect();
        let added = texts.iter().zip(&self.origins).filter(|(_, origin)| origin.is_none());
        [list_as_json(texts.iter()), list_as_json(added.map(|(text, _)| text))]
    }

    /// The user's own containers; unknown while they are.
    pub(super) fn users_containers(&self) -> Node {
        match self.container_definitions() {
            Node::Unknown => Node::Unknown,
            definitions => {
                let all = definitions.items().iter().zip(&self.origins);
                Node::Array(
                    all.filter(|(_, origin)| origin.is_some()).map(|(node, _)| node.clone()).collect(),
                )
            }
        }
    }

    /// The error of a data source about a finding of which the policy cannot tell yet what it counts as: it is read once, and
    /// never again when that is known. Its own configuration is known by then, so it can only be the provider's.
    pub(super) fn open_policy(&self) -> Option<Diagnostic> {
        let open: Vec<&str> = self.policed.open.iter().copied().collect();
        (!open.is_empty()).then(|| say::policy_not_known(&open))
    }

    /// The findings as a value for the `findings` attribute.
    pub(super) fn findings(&self) -> Value {
        let findings = self.policed.findings.iter();
        Value::List(
            findings
                .map(|finding| judged_value::finding(finding, &self.path_of(finding), self.fix_of(finding)))
                .collect(),
        )
    }

    /// The findings as a resource keeps them. Terraform writes them with every state, so of what one argument of the Agent's
    /// settings mends in several of the added containers there is one: that of the last, which is the Agent itself.
    pub(super) fn short_findings(&self) -> Value {
        let mut kept: Vec<&Finding> = Vec::new();
        for finding in self.policed.findings.iter().rev() {
            if !kept.iter().any(|other| self.are_mended_at_once(finding, other)) {
                kept.push(finding);
            }
        }
        let short = |finding: &&Finding| judged_value::short_finding(finding, &self.path_of(finding));
        Value::List(kept.iter().rev().map(short).collect())
    }

    /// Whether two findings say the same of the same part of two added containers, and one argument makes both parts.
    fn are_mended_at_once(&self, one: &Finding, other: &Finding) -> bool {
        let said = |finding: &Finding| (finding.rule, finding.severity_word());
        let (Some((_, of_one)), Some((_, of_other))) = (self.sidecar(&one.path), self.sidecar(&other.path))
        else {
            return false;
        };
        said(one) == said(other)
            && of_one == of_other
            && one.path != other.path
            && self.place(&one.path) == self.place(&other.path)
    }

    /// The verdicts as a value for the `verdicts` attribute.
    pub(super) fn verdicts(&self) -> Value {
        self.judgement
            .verdicts
            .iter()
            .map(|(control, outcome)| ((*control).to_owned(), judged_value::verdict(outcome.verdict)))
            .collect()
    }

    /// The finding in the user's words: rules know neither where the user wrote things nor which arguments write them.
    fn shown(&self, finding: &Finding) -> Finding {
        Finding { path: self.path_of(finding), fix: self.fix_of(finding).into(), ..finding.clone() }
    }

    /// What to change, as the user writes it, and the argument that does it for them.
    fn fix_of(&self, finding: &Finding) -> String {
        let mut fix = finding.fix_in(self);
        if let Some(way) = self.way_in_arguments(finding) {
            fix.push_str("\n\n");
            fix.push_str(way);
        }
        fix
    }

    /// The argument that mends what the finding is about, where there is one besides the definitions.
    fn way_in_arguments(&self, finding: &Finding) -> Option<&'static str> {
        if finding.rule == READ_OTHERWISE {
            return None;
        }
        if finding.of_pattern {
            return Some(say::ACCEPT_SIDECARS);
        }
        if self.users_container(&finding.path).is_none() {
            let is_of_logs = self.sidecar(&finding.path).is_some_and(
                |(_, inside)| matches!(inside, [Step::Key(key), ..] if key == "logConfiguration"),
            );
            return is_of_logs.then_some(say::LOGS_OF_SIDECARS);
        }
        match finding.rule {
            "root-filesystem-writable" if self.is_unsaid(&finding.path) => Some(say::READ_ONLY_FOR_ALL),
            "image-path-not-writable" => Some(say::PATHS_BY_NAME),
            "volume-not-writable-for-user" if self.is_mount_of_added_volume(&finding.path) => {
                Some(say::TMPFS_FOR_ANY_USER)
            }
            _ => None,
        }
    }

    /// Whether a path is that of a mount of a volume that was added to the user's.
    fn is_mount_of_added_volume(&self, path: &Path) -> bool {
        let [_, Step::Index(index), Step::Key(list), Step::Index(mount), ..] = path.0.as_slice() else {
            return false;
        };
        let container = self.container_definitions().items().get(*index);
        let mount = container.and_then(|container| container.get(list).items().get(*mount));
        mount.is_some_and(|mount| {
            self.added_volumes.iter().any(|added| added.get("name") == mount.get("sourceVolume"))
        })
    }

    /// Whether the document says nothing at this place of a container.
    fn is_unsaid(&self, path: &Path) -> bool {
        let [_, Step::Index(index), Step::Key(key)] = path.0.as_slice() else { return false };
        self.container_definitions().items().get(*index).is_some_and(|container| container.get(key).is_null())
    }

    /// The form of the user's container definitions.
    fn form(&self) -> &'static dyn Form {
        if self.is_text { &Json } else { &Hcl }
    }
}

/// The form in which a configuration says it: containers as JSON or HCL, the rest as arguments.
impl Form for Task {
    fn scalar(&self, value: &Node) -> String {
        self.form().scalar(value)
    }

    fn key(&self, key: &str) -> String {
        self.form().key(key)
    }

    fn separator(&self) -> &'static str {
        self.form().separator()
    }

    fn phrase(&self, edit: &Edit) -> Option<String> {
        if let Some((sidecar, inside)) = self.sidecar(&edit.path) {
            let is_of_settings = self.image_given_by(sidecar, inside).is_none();
            let value = edit.value.as_ref().filter(|_| is_of_settings)?;
            return sidecar_arguments::phrase(self.role_of(sidecar), inside, value);
        }
        (self.has_arguments && self.users_container(&edit.path).is_none()).then(|| resource::phrase(edit))?
    }
}

/// Items that are JSON texts as the text of a list; unknown while one of them is.
fn list_as_json<'t>(items: impl Iterator<Item = &'t Option<String>>) -> Value {
    let items: Option<Vec<&str>> = items.map(Option::as_deref).collect();
    items.map_or(Value::UNKNOWN, |items| Value::from(format!("[{}]", items.join(","))))
}

/// The user's containers as a list, from whatever form they were written in. Unknown as a whole stays unknown; nothing
/// given is an empty list. They are going to be registered, so they are read as hashicorp/aws reads them.
fn definitions(containers: &Value, diagnostics: &mut Diagnostics) -> (Node, Vec<Note>) {
    let given = match given_document::read_to_write(containers) {
        Ok(Given::Known(given)) => given,
        Ok(Given::Absent) => return (Node::Array(Vec::new()), Vec::new()),
        Ok(Given::Unknown) => return (Node::Unknown, Vec::new()),
        Err(problems) => {
            diagnostics
                .extend(problems.iter().map(|problem| say::unreadable(CONTAINER_DEFINITIONS, problem)));
            return (Node::Unknown, Vec::new());
        }
    };
    let conversions = given.conversions();
    if !conversions.is_empty() {
        diagnostics.push(say::converted(CONTAINER_DEFINITIONS, &conversions));
    }
    let calls = given.calls();
    if !calls.is_empty() {
        diagnostics.push(say::unanswered(CONTAINER_DEFINITIONS, &calls));
    }
    let Node::Object(mut document) = given.reading.document else { unreachable!("a document is an object") };
    let definitions = document.remove("containerDefinitions").unwrap_or_default();
    let rest: Vec<&str> =
        document.iter().filter(|(_, node)| !node.is_null()).map(|(key, _)| key.as_str()).collect();
    if !rest.is_empty() {
        diagnostics.push(say::rest_of_task_ignored(CONTAINER_DEFINITIONS, &rest));
    }
    (definitions, given.reading.notes)
}
