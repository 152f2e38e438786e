//! `ddrofs_task_definition_check`: any task definition in, everything there is to say of it out.
//!
//! Never calls AWS and registers nothing. What is judged is the definition as it was given; the hardened one stands beside
//! it.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{self, Path, Step};
use crate::ecs::{self, Form, Note};
use crate::framework::{Context, DataSource};
use crate::report::{Artifact, Checked, Format};
use crate::rofs::settings::Settings;
use crate::rules::policy::Policed;
use crate::rules::{self, Judgement, Severity};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::task::Around;
use crate::value::{AttributePath, Given, Type, Value};

use super::super::agent_block::{self, Application, Asked};
use super::super::around;
use super::super::diagnostics as say;
use super::super::document_value::{self, finding_type};
use super::super::given_document::{self, GivenDocument};
use super::super::hardening;
use super::super::judged_value;
use super::super::policy_block::{self, InForce};
use super::super::provider_block::{Configured, Settled};

/// The argument that holds the definitions.
const DEFINITIONS: &str = "definitions";

/// The data source.
pub(in crate::provider) struct TaskDefinitionCheck {
    settled: Arc<Settled>,
}

/// What was made of a configuration.
struct Check {
    reading: Option<GivenDocument>,
    around: Around,
    diagnostics: Diagnostics,
    judgement: Judgement,
    policed: Policed,
    /// Whether an error that was found stops the plan.
    fail: bool,
}

impl TaskDefinitionCheck {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    fn check(&self, config: &Value) -> Check {
        let mut diagnostics = Diagnostics::default();
        let reading = read(config.get(DEFINITIONS), &mut diagnostics);
        let (around, problems) = around::read(config, &AttributePath::default());
        diagnostics.extend(problems.into_iter().map(|(at, problem)| say::not_around_a_task(&problem, at)));
        let policy = InForce::of(config, &self.settled.policy());
        let judgement = reading.as_ref().map_or_else(Judgement::default, |read| {
            judged_value::judge(&read.reading, &around, read.is_text)
        });
        let policed = policy.apply(&judgement);
        if let Some(read) = &reading {
            diagnostics.extend(policy.idle(&judgement, read.reading.document.get("containerDefinitions")));
        }
        diagnostics.extend(policy.mistakes());
        let fail = config.bool("fail").known().unwrap_or(!config.bool("fail").is_unknown());
        Check { reading, around, diagnostics, judgement, policed, fail }
    }

    /// What hardening is asked to add.
    fn asked(&self, config: &Value) -> Asked {
        let configured = self.settled.get();
        agent_block::asked(config, configured.as_deref().map(Configured::fleet), agent_block::block_at)
    }
}

#[async_trait]
impl DataSource for TaskDefinitionCheck {
    fn type_name(&self) -> &'static str {
        "ddrofs_task_definition_check"
    }

    fn schema(&self) -> Schema {
        let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Computed, about);
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let attributes = vec![
            Attribute::new(
                DEFINITIONS,
                Type::Dynamic,
                Mode::Required,
                "What to check: JSON text, or the same structure written in HCL. A list of container definitions, an object with `containerDefinitions`, a whole task definition, the output of `aws ecs describe-task-definition`, or CloudFormation's spelling.",
            ),
            Attribute::new(
                "fail",
                Type::Bool,
                Mode::Optional,
                "Whether a finding that is an error stops every command that reads this, a destroy included, and a warning is shown. With `false`, findings are in the attributes only. Defaults to `true`. Definitions that cannot be read are an error either way.",
            ),
            text("id", "Same as `sha256`."),
            computed(
                "findings",
                Type::list(finding_type()),
                "What the rules found in the definitions as they were given, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`.",
            ),
            computed(
                "verdicts",
                Type::map(Type::String),
                "Security Hub control to `PASSED`, `FAILED`, `NOT_APPLICABLE` or `UNDECIDED`. No policy changes it.",
            ),
            computed(
                "undecided",
                Type::list(Type::String),
                "Names of the rules that could not decide: container definitions alone say nothing of the task around them.",
            ),
            text(
                "sarif",
                "The findings as SARIF 2.1.0, for code scanning. Waived findings are suppressed results.",
            ),
            text(
                "junit",
                "The findings as JUnit XML, for the test report of a CI system: an error is a failed test, a warning and an undecided rule a skipped one.",
            ),
            text(
                "normalized",
                "The definitions in their canonical form, as JSON text: equal meaning is equal text.",
            ),
            text(
                "hardened_json",
                "The definitions with read-only root filesystems and what these need, as JSON text in the form that was given: what the function `harden` gives. Not marked as sensitive, whatever `definitions` holds; the result of the function stays so. Null where it cannot be made, which a warning says.",
            ),
            computed(
                "changes",
                Type::list(Type::String),
                "What `hardened_json` adds and changes, in sentences.",
            ),
            text("sha256", "SHA-256 of `normalized`."),
        ];
        let attributes = [attributes, around::attributes()].concat();
        Schema {
            version: 0,
            block: Block {
                description: "Checks any task definition against every rule: findings, verdicts, reports for CI systems, and the same definition hardened. Registers nothing, plans offline, without credentials.".to_owned(),
                attributes,
                blocks: vec![
                    agent_block::agent_block("The Agent that `hardened_json` puts beside the application. Without the block none is added, and one that is there is brought up to the pattern."),
                    agent_block::application_block(),
                    policy_block::policy_block("What is made of findings here, added to the `policy` of the provider."),
                ],
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        if self.settled.get().is_some() && config.is_wholly_known() {
            // The read that follows in this walk judges the same configuration.
            return Diagnostics::default();
        }
        let mut diagnostics = self.check(config).report(Severity::Error);
        diagnostics.extend(self.asked(config).diagnostics);
        diagnostics
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let check = self.check(&config);
        let mut diagnostics = check.report(Severity::Warning);
        let open: Vec<&str> = check.policed.open.iter().copied().collect();
        if !open.is_empty() {
            diagnostics.push(say::policy_not_known(&open));
        }
        let asked = self.asked(&config);
        diagnostics.extend(asked.diagnostics.clone());
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let (Some((agent, application)), Some(read)) = (asked.known(), &check.reading) else {
            diagnostics.push(say::not_known_yet(say::first_unknown(&config).as_deref()));
            return (None, diagnostics);
        };
        let hardened =
            hardened(read, agent, application, asked.no_key.as_ref(), &check.around, &mut diagnostics);
        if diagnostics.has_errors() {
            return (None, diagnostics);
        }
        let unknown = say::first_unknown(&config);
        let Value::Map(mut state) = config else { unreachable!("a configuration is an object") };
        let text = state.get(DEFINITIONS).and_then(Value::as_str).map(str::to_owned);
        state.extend(outputs(&check, read, text.as_deref()).map(|(name, value)| (name.to_owned(), value)));
        state.extend(hardened.map(|(name, value)| (name.to_owned(), value)));
        let state = Value::Map(state);
        if !state.is_wholly_known() {
            diagnostics.push(say::not_known_yet(unknown.as_deref()));
            return (None, diagnostics);
        }
        (Some(state), diagnostics)
    }
}

impl Check {
    /// Every problem of the input, and the findings of at least this severity where they are to be shown.
    fn report(&self, severity: Severity) -> Diagnostics {
        let mut all = Diagnostics::default();
        let wanted = |diagnostic: &&Diagnostic| {
            severity == Severity::Warning || diagnostic.severity == crate::diagnostics::Severity::Error
        };
        all.extend(self.diagnostics.iter().filter(wanted).cloned());
        let shown = self.policed.findings.iter().filter(|finding| self.fail && finding.severity <= severity);
        let at = |path: &Path| self.reading.as_ref().map(|read| place(read, path)).unwrap_or_default();
        all.extend(say::findings(shown, |finding| (finding.clone(), at(&finding.path))));
        all
    }
}

/// Where in the configuration a place of the document was written. Below what is wrapped around a task definition, or
/// spelled in CloudFormation's way, only the argument is certain.
fn place(given: &GivenDocument, path: &Path) -> AttributePath {
    let inside = match (given.reading.form, path.0.as_slice()) {
        (Form::ContainerList, [Step::Key(_), rest @ ..]) => Path(rest.to_vec()),
        (Form::Containers | Form::TaskDefinition, steps) => Path(steps.to_vec()),
        _ => Path::default(),
    };
    document_value::attribute_path(DEFINITIONS, &inside, given.is_text)
}

/// Reads the definitions; none where that failed or where all of it is unknown.
fn read(definitions: &Value, diagnostics: &mut Diagnostics) -> Option<GivenDocument> {
    let given = match given_document::read_to_judge(definitions) {
        Ok(Given::Known(given)) => given,
        Ok(Given::Unknown) => return None,
        Ok(Given::Absent) => {
            diagnostics.push(say::nothing_given(DEFINITIONS));
            return None;
        }
        Err(problems) => {
            diagnostics.extend(problems.iter().map(|problem| say::unreadable(DEFINITIONS, problem)));
            return None;
        }
    };
    let conversions = given.conversions_beside_findings();
    if !conversions.is_empty() {
        diagnostics.push(say::converted(DEFINITIONS, &conversions));
    }
    Some(given)
}

fn hardened(
    read: &GivenDocument,
    agent: Option<&Settings>,
    application: &Application,
    no_key: Option<&Diagnostic>,
    around: &Around,
    diagnostics: &mut Diagnostics,
) -> [(&'static str, Value); 2] {
    let made = hardening::harden(&read.reading, agent, application, around);
    diagnostics.extend(no_key.filter(|_| made.hardened.lacks_an_api_key()).cloned());
    let mut obstacles: Vec<String> = made.hardened.collisions.iter().map(ToString::to_string).collect();
    if obstacles.is_empty() {
        let judgement = rules::judge(&made.seen.subject(made.hardened.agent.as_ref()));
        obstacles.extend(hardening::impossible(&judgement.findings));
    }
    if obstacles.is_empty() {
        let json = document::to_json(&hardening::in_form(made.hardened.document, read.reading.is_list));
        let json = json.map_or(Value::UNKNOWN, Value::from);
        return [("hardened_json", json), ("changes", Value::from(made.changes))];
    }
    diagnostics.push(say::not_hardened(&obstacles, AttributePath::root(DEFINITIONS)));
    [("hardened_json", Value::Null), ("changes", Value::List(Vec::new()))]
}

fn outputs(check: &Check, read: &GivenDocument, text: Option<&str>) -> [(&'static str, Value); 8] {
    let verdicts = &check.judgement.verdicts;
    let shown = Judgement {
        findings: check.policed.findings.clone(),
        undecided: check.judgement.undecided.clone(),
        verdicts: verdicts.clone(),
        ..Judgement::default()
    };
    let artifact = Artifact::Unfiled(DEFINITIONS.to_owned());
    let is_found = |note: &Note| read.is_text && note.is_found_in_text();
    let is_told = |note: &&Note| !(note.is_quiet() || is_found(note));
    let loud = read.reading.notes.iter().filter(is_told);
    let checked = Checked::judged(artifact, text, loud.cloned().collect(), shown);
    let normalized = hardening::normalized(read.reading.clone());
    let sha256 = normalized.as_deref().map(ecs::digest);
    [
        ("id", Value::from(sha256.clone())),
        ("findings", judged_value::findings(&check.policed.findings, text.is_some())),
        (
            "verdicts",
            verdicts
                .iter()
                .map(|(control, outcome)| ((*control).to_owned(), judged_value::verdict(outcome.verdict)))
                .collect(),
        ),
        ("undecided", Value::from(check.judgement.undecided.clone())),
        ("sarif", Value::from(Format::Sarif.write([&checked]))),
        ("junit", Value::from(Format::Junit.write([&checked]))),
        ("normalized", Value::from(normalized)),
        ("sha256", Value::from(sha256)),
    ]
}
