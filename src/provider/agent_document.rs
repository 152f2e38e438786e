//! What the data sources have in common that write the Agent into a document of another platform than ECS: reading what was
//! given, putting the Agent in, judging the whole, and telling all of it at the places of the configuration.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Node, Path, Place, to_json};
use crate::ecs;
use crate::merge::Joining;
use crate::rofs;
use crate::rofs::settings::Settings;
use crate::rofs::workload::Workload;
use crate::rules::policy::Policed;
use crate::rules::{self, DocumentKind, Finding, Judgement, form_in};
use crate::schema::{Attribute, Mode, NestedBlock};
use crate::value::{AttributePath, Given, Type, Value};

use super::agent_block::{self, Application, Asked, Target};
use super::agent_outputs;
use super::diagnostics::{self as say, Argument};
use super::document_value::finding_type;
use super::policy_block::InForce;
use super::provider_block::{Configured, Settled};
use super::task::Agent;
use super::unreadable::Unreadable;

/// What tells one platform from another.
pub(super) trait AgentDocument {
    /// The user's own document.
    type Given<'v>;

    /// Whose settings are read.
    const TARGET: Target;
    /// As what the result is judged.
    const KIND: DocumentKind;
    /// The argument with the user's document, where there is one.
    const ARGUMENT: Option<Argument>;
    /// Another argument without which the Agent is put nowhere.
    const BESIDE: Option<&'static str> = None;

    /// Reads the argument.
    fn read(value: &Value) -> Result<Given<Self::Given<'_>>, Vec<Unreadable>>;

    /// Puts the Agent into what was given, or writes it alone.
    fn join(
        config: &Value,
        settings: &Settings,
        workload: &Workload,
        application: &Application,
        given: Option<&Self::Given<'_>>,
    ) -> Joined;

    /// A list of what the result runs, each with its `name`, as waivers name it.
    fn names(document: &Node) -> Node;

    /// Where in the configuration a place of the result was written, and where in the text that was given, where it is in what was
    /// given; empty for what was added.
    fn place(
        path: &Path,
        document: &Node,
        given: Option<&Self::Given<'_>>,
        workload: &Workload,
    ) -> (AttributePath, Option<Place>);

    /// What to write of the settings for a finding of a rule in a container that was added, which nobody can write into; none where
    /// the rule's own words do.
    fn in_settings(_rule: &str) -> Option<&'static str> {
        None
    }
}

/// The user's document with the Agent in it.
#[derive(Default)]
pub(super) struct Joined {
    /// The document.
    pub(super) document: Node,
    /// Its text, where that says more than the document, or is written in another way.
    pub(super) text: Option<String>,
    /// What stands in the way: then the document is not what was meant.
    pub(super) collisions: Vec<Diagnostic>,
    /// What the user's document says otherwise, and keeps.
    pub(super) kept: Vec<String>,
    /// What else there is to say.
    pub(super) warnings: Vec<Diagnostic>,
}

/// What was made of a configuration, as far as that can be told.
pub(super) struct Made {
    asked: Asked,
    document: Option<Node>,
    text: Option<String>,
    workload: Option<Workload>,
    policed: Policed,
    diagnostics: Diagnostics,
    /// What the rules found, as it is told of a configuration.
    told: Vec<Diagnostic>,
}

/// What is read at last: nothing that is not known yet.
pub(super) struct Finished<'m> {
    pub(super) settings: &'m Settings,
    pub(super) workload: &'m Workload,
    pub(super) document: &'m Node,
    /// The document's text, where that says more than the document.
    pub(super) text: Option<&'m str>,
    pub(super) policed: &'m Policed,
}

/// What is to be done with the user's document.
pub(super) fn joining<'a>(
    settings: &'a Settings,
    workload: &'a Workload,
    application: &Application,
) -> Joining<'a> {
    Joining {
        settings,
        workload,
        wire: application.wire,
        read_only: application.read_only_root_filesystem == Some(true),
        writable_paths: application.writable_paths.clone(),
        tmpfs_size: application.tmpfs_size,
    }
}

/// Makes of a configuration what can be made of it.
pub(super) fn made<D: AgentDocument>(settled: &Settled, config: &Value) -> Made {
    let configured = settled.get();
    let asked = agent_block::asked_by_body(config, configured.as_deref().map(Configured::fleet), D::TARGET);
    let mut diagnostics = asked.diagnostics.clone();
    diagnostics.extend(asked.no_key.clone());
    let given = given::<D>(config, &mut diagnostics);
    let policy = InForce::of(config, &settled.policy());
    let (mut document, mut text, mut workload, mut judgement) = (None, None, None, Judgement::default());
    if let (Agent::Settings(settings), Some(application), Some(given)) =
        (asked.agent(), &asked.application, &given)
        && !diagnostics.has_errors()
    {
        let made = rofs::assemble(settings);
        let joined = D::join(config, settings, &made, application, given.as_ref());
        if let (Some(argument), false) = (&D::ARGUMENT, joined.kept.is_empty()) {
            diagnostics.push(say::kept(argument.name, &joined.kept));
        }
        diagnostics.extend(joined.warnings);
        if joined.collisions.is_empty() {
            // Otherwise it is not what was meant, and rules would only report the consequences.
            judgement = rules::judge_document(D::KIND, &joined.document, Some(settings));
            if settings.api_key.is_none() {
                // The settings say it better, or the provider's block, which is not known yet, has it.
                judgement.findings.retain(|finding| finding.rule != rules::API_KEY_MISSING);
            }
            diagnostics.extend(policy.idle(&judgement, &D::names(&joined.document)));
            document = Some(joined.document);
            text = joined.text;
        }
        diagnostics.extend(joined.collisions);
        workload = Some(made);
    }
    diagnostics.extend(policy.mistakes());
    for finding in &mut judgement.findings {
        let is_added = |name: &String| {
            workload.iter().flat_map(|made| &made.containers).any(|container| container.name == *name)
        };
        let way = D::in_settings(finding.rule).filter(|_| finding.container.as_ref().is_some_and(is_added));
        if let Some(way) = way {
            finding.fix = way.into();
        }
    }
    let policed = policy.apply(&judgement);
    let given = given.flatten();
    let told = say::findings(policed.findings.iter(), |finding| {
        let form = form_in(D::KIND, document.as_ref().unwrap_or(&Node::Null));
        let shown = Finding { fix: finding.fix_in(form).into(), ..finding.clone() };
        let (at, place) = match (&document, &workload) {
            (Some(document), Some(workload)) => D::place(&finding.path, document, given.as_ref(), workload),
            _ => Default::default(),
        };
        say::Shown::of(D::KIND, shown, at, place)
    });
    Made { asked, document, text, workload, policed, diagnostics, told }
}

/// The document that was given; none while it is not known, and where it cannot be read.
fn given<'v, D: AgentDocument>(
    config: &'v Value,
    diagnostics: &mut Diagnostics,
) -> Option<Option<D::Given<'v>>> {
    let Some(argument) = D::ARGUMENT else { return Some(None) };
    let value = config.get(argument.name);
    let is_beside_known = D::BESIDE.is_none_or(|beside| config.get(beside).is_wholly_known());
    match D::read(value) {
        Ok(Given::Absent) => Some(None),
        // A part that is not known yet may be what is missing, or in the way.
        Ok(_) if !value.is_wholly_known() || !is_beside_known => None,
        Ok(Given::Known(given)) => Some(Some(given)),
        Ok(Given::Unknown) => None,
        Err(problems) => {
            diagnostics.extend(problems.iter().map(|one| say::unreadable_document(&argument, one)));
            None
        }
    }
}

/// What `validate` says of a configuration.
pub(super) fn validated<D: AgentDocument>(settled: &Settled, config: &Value) -> Diagnostics {
    if settled.get().is_some() && config.is_wholly_known() {
        // The read that follows in this walk judges the same configuration.
        return Diagnostics::default();
    }
    let Made { diagnostics, told, .. } = made::<D>(settled, config);
    let mut errors = Diagnostics::default();
    // Warnings are shown once, when it is read.
    let all = diagnostics.into_iter().chain(told);
    errors.extend(all.filter(agent_outputs::is_error));
    errors
}

/// Reads the data source: its state, with these attributes computed, which are none while a part is not known yet.
pub(super) fn read<D: AgentDocument, const N: usize>(
    settled: &Settled,
    config: Value,
    outputs: impl Fn(&Finished<'_>) -> Option<[(&'static str, Value); N]>,
) -> (Option<Value>, Diagnostics) {
    let Made { asked, document, text, workload, policed, mut diagnostics, told } =
        made::<D>(settled, &config);
    diagnostics.extend(told);
    let open: Vec<&str> = policed.open.iter().copied().collect();
    if !open.is_empty() {
        diagnostics.push(say::policy_not_known(&open));
    }
    if diagnostics.has_errors() {
        return (None, diagnostics);
    }
    let computed = match (asked.agent(), &document, &workload) {
        (Agent::Settings(settings), Some(document), Some(workload)) => {
            let finished =
                Finished { settings, workload, document, text: text.as_deref(), policed: &policed };
            common::<D>(&finished).zip(outputs(&finished))
        }
        _ => None,
    };
    let unknown = say::first_unknown(&config);
    let (Some((common, own)), Value::Map(mut state)) = (computed, config) else {
        diagnostics.push(say::not_known_yet(unknown.as_deref()));
        return (None, diagnostics);
    };
    state.extend(common.into_iter().chain(own).map(|(name, value)| (name.to_owned(), value)));
    (Some(Value::Map(state)), diagnostics)
}

/// What `sha256` is of where the document is `yaml`.
pub(super) const SHA256_OF_YAML: &str =
    "SHA-256 of the document that `yaml` spells: equal for equal meaning.";

/// The attributes that all of them compute, after those of their own.
pub(super) fn common_attributes(findings: &str, volumes: &str, sha256: &str) -> Vec<Attribute> {
    let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
    vec![
        computed("id", Type::String, "Same as `sha256`."),
        computed("findings", Type::list(finding_type()), findings),
        computed(
            "writable_paths",
            agent_outputs::writable_paths_type(),
            &format!(
                "The directories the Agent writes: path, volume, why it is needed, and what breaks without it. {volumes}"
            ),
        ),
        computed("sha256", Type::String, sha256),
    ]
}

fn common<D: AgentDocument>(finished: &Finished<'_>) -> Option<[(&'static str, Value); 4]> {
    let sha256 = Value::from(match finished.text {
        Some(text) => ecs::digest(text),
        None => ecs::digest(&to_json(finished.document).ok()?),
    });
    Some([
        ("id", sha256.clone()),
        ("findings", agent_outputs::findings(form_in(D::KIND, finished.document), finished.policed)),
        ("writable_paths", agent_outputs::writable_paths(finished.settings, finished.workload)),
        ("sha256", sha256),
    ])
}

/// The `application` block with what it and its attributes mean here.
pub(super) fn application_block(about: &str, here: &[(&str, &str)]) -> NestedBlock {
    let mut application = agent_block::application_block();
    about.clone_into(&mut application.block.description);
    for attribute in &mut application.block.attributes {
        if let Some((_, here)) = here.iter().find(|(name, _)| *name == attribute.name) {
            (*here).clone_into(&mut attribute.description);
        }
    }
    application
}

/// Where a collision is told that is about what was asked for beside the document.
pub(super) fn asked_place(is_the_size: bool) -> AttributePath {
    agent_block::block_at("application").attribute(if is_the_size { "tmpfs_size" } else { "writable_paths" })
}
