//! `harden`: any task definition, with read-only root filesystems and what they need.

use crate::diagnostics::{Diagnostic, Diagnostics, FunctionError, Severity};
use crate::document::{self, Node};
use crate::framework::{Function, Signature};
use crate::merge::Collision;
use crate::rules::{self, Finding, Judgement, Outcome, Verdict};
use crate::schema::Block;
use crate::task::Around;
use crate::value::{AttributePath, DynamicValue, Type, Value};

use std::collections::BTreeMap;

use super::super::agent_block::{self, Asked};
use super::super::around;
use super::super::document_value::{finding_type, object, text, to_value, volume_type};
use super::super::hardening;
use super::super::judged_value;
use super::definitions::Definitions;
use super::{AROUND, options};

/// The function.
pub(super) struct Harden;

impl Function for Harden {
    fn name(&self) -> &'static str {
        "harden"
    }

    fn signature(&self) -> Signature {
        let signature = super::signature(
            "Any task definition with read-only root filesystems, and with everything they need.",
            "Makes the root filesystem of every Linux container read-only and turns the `writable_paths` of the options into \
             volumes, or with `tmpfs_size` into tmpfs: a volume belongs to root at first, and any user can write to a \
             tmpfs. With an `agent` in the options it also puts the Datadog Agent beside the application, or brings the \
             one that is there up to the pattern, and wires the application to it. What is in the definitions already \
             is kept; each thing that was added or changed is listed. Hardening twice is hardening once, and `strip` takes out again what was added: the Docker label `ddrofs.hardened` on each container that was changed lists it, names and no values.\n\n\
             The result of definitions or options that hold a sensitive value is sensitive, as with every function: this is \
             the way for containers whose values a plan must not show.\n\n\
             The result is an object:\n\n\
             - `json` (String) The hardened definitions as JSON text, in the form that was given: a list of container \
             definitions stays a list. Unknown while any value in it is.\n\
             - `definitions` (Dynamic) The same as a value, in which only those values are unknown that are.\n\
             - `volumes` (List of Object) The volumes that were added, with `name` and `host_path`, to feed a `dynamic \
             \"volume\"` block: a list of containers has no place for them.\n\
             - `changes` (List of String) What was added, changed, kept or read differently from how it is written, in sentences.\n\
             - `findings` (List of Object) What the rules find in the result, as `lint` gives it.\n\
             - `verdicts` (Map of String) What Security Hub would say of the result, as `verdicts` gives it.\n\n\
             Container definitions alone are taken for those of a Linux task unless something in them says Windows, where \
             there is no read-only root filesystem and nothing is changed. A name that is taken, containers that would \
             wait for each other, more than ten containers and more than 64 KiB are errors that say how to mend them.",
            vec![super::definitions_parameter("definitions", "What to harden.")],
            Type::Dynamic,
        );
        let options = super::options_parameter(&format!(
            "It has `agent` and `application`, and {AROUND} `agent` has the arguments of the `agent` block of \
             `ddrofs_ecs_task_definition`, a nested block being an object; without it no Agent is added. Nothing is taken \
             from the provider's block, which a function does not see. `application` has `wire`, `writable_paths`, \
             `tmpfs_size` and `read_only_root_filesystem`; only `false` in the last one leaves root filesystems as they \
             are.",
        ));
        Signature { variadic_parameter: Some(options), ..signature }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let definitions = Definitions::read_to_write(&arguments[0], "definitions", 0)?;
        let options = Options::read(options::of(&arguments)?)?;
        match (definitions, options) {
            (Some(definitions), Some(options)) => {
                harden(definitions, arguments[0].undynamic().as_str().is_some(), &options)
            }
            _ => Ok(result(not_known())),
        }
    }
}

/// What the options ask for.
struct Options {
    asked: Asked,
    around: Around,
}

impl Options {
    /// Reads the argument; none while something that decides the shape of the result is not known yet.
    fn read(argument: &Value) -> Result<Option<Self>, FunctionError> {
        let block = Block {
            attributes: around::attributes(),
            blocks: vec![agent_block::agent_block(""), agent_block::application_block()],
            ..Block::default()
        };
        let here = AttributePath::root(options::NAME);
        let mut problems = Vec::new();
        let blocks = options::read(argument, &block, &here, &mut problems);
        let (around, wrong) = around::read(&blocks, &here);
        problems.extend(wrong.into_iter().map(|(at, problem)| format!("{at}: {problem}")));
        // Nothing is behind a function's options: it does not see the provider's block.
        let asked = agent_block::asked(&blocks, Some(&Value::Null), option_at);
        if problems.is_empty() {
            problems.extend(errors(&asked.diagnostics));
        }
        match problems.is_empty() {
            true => Ok(asked.known().is_some().then_some(Self { asked, around })),
            false => Err(FunctionError { text: options::all(&problems), argument: Some(options::POSITION) }),
        }
    }
}

/// The place of an option.
fn option_at(name: &str) -> AttributePath {
    AttributePath::root(options::NAME).attribute(name)
}

fn errors(diagnostics: &Diagnostics) -> Vec<String> {
    let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
    errors.map(error).collect()
}

fn error(Diagnostic { path, detail, .. }: &Diagnostic) -> String {
    format!("{path}: {detail}")
}

fn harden(definitions: Definitions, is_text: bool, options: &Options) -> Result<Value, FunctionError> {
    let Definitions { reading, .. } = definitions;
    let Some((agent, application)) = options.asked.known() else { return Ok(result(not_known())) };
    let made = hardening::harden(&reading, agent, application, &options.around);
    refuse_collisions(&made.hardened.collisions)?;
    if let Some(no_key) = options.asked.no_key.as_ref().filter(|_| made.hardened.lacks_an_api_key()) {
        return Err(FunctionError { text: error(no_key), argument: Some(options::POSITION) });
    }

    let subject = made.seen.subject(made.hardened.agent.as_ref());
    let judgement = rules::judge(&subject);
    refuse_impossible(&judgement.findings)?;
    let known = made.hardened.document.is_wholly_known() && options.around.is_wholly_known();
    let volumes = made.hardened.added_volumes.iter().map(volume);
    let definitions = hardening::in_form(made.hardened.document, reading.is_list);
    Ok(result(BTreeMap::from([
        ("json".to_owned(), document::to_json(&definitions).map_or_else(|_| super::unknown(), Value::from)),
        ("definitions".to_owned(), to_value(&definitions)),
        ("volumes".to_owned(), if known { Value::List(volumes.collect()) } else { super::unknown_list(0) }),
        ("changes".to_owned(), changes(made.changes, known)),
        ("findings".to_owned(), findings(&judgement, is_text, known)),
        ("verdicts".to_owned(), verdict_map(judgement.verdicts, known)),
    ])))
}

fn refuse_collisions(collisions: &[Collision]) -> Result<(), FunctionError> {
    if collisions.is_empty() {
        return Ok(());
    }
    let problems: Vec<String> = collisions.iter().map(ToString::to_string).collect();
    let all_asked = collisions.iter().all(Collision::is_in_what_was_asked_for);
    Err(FunctionError {
        text: options::all(&problems),
        argument: Some(if all_asked { options::POSITION } else { 0 }),
    })
}

fn refuse_impossible(findings: &[Finding]) -> Result<(), FunctionError> {
    let problems: Vec<String> = hardening::impossible(findings).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(FunctionError { text: options::all(&problems), argument: Some(0) })
    }
}

fn volume(volume: &Node) -> Value {
    object([("name", text(volume.get("name"))), ("host_path", text(volume.get("host").get("sourcePath")))])
}

fn changes(changes: Vec<String>, known: bool) -> Value {
    if known { Value::from(changes) } else { super::unknown_list(0) }
}

fn findings(judgement: &Judgement, is_text: bool, known: bool) -> Value {
    match known {
        true => judged_value::findings(&judgement.findings, is_text),
        false => super::unknown_list(judgement.findings.len()),
    }
}

fn verdict_map(verdicts: BTreeMap<&'static str, Outcome>, known: bool) -> Value {
    let verdicts = verdicts.into_iter().map(|(control, Outcome { verdict, .. })| {
        let may_change = !known && verdict == Verdict::Undecided;
        (control.to_owned(), if may_change { super::unknown() } else { judged_value::verdict(verdict) })
    });
    verdicts.collect()
}

/// A result of which nothing is known.
fn not_known() -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("json".to_owned(), super::unknown()),
        ("definitions".to_owned(), Value::UNKNOWN),
        ("volumes".to_owned(), super::unknown_list(0)),
        ("changes".to_owned(), super::unknown_list(0)),
        ("findings".to_owned(), super::unknown_list(0)),
        ("verdicts".to_owned(), super::unknown()),
    ])
}

/// The object with the types of its attributes, which a result of dynamic type has to bring.
fn result(attributes: BTreeMap<String, Value>) -> Value {
    let types = [
        ("json", Type::String),
        ("definitions", Type::of(&attributes["definitions"])),
        ("volumes", Type::list(volume_type())),
        ("changes", Type::list(Type::String)),
        ("findings", Type::list(finding_type())),
        ("verdicts", Type::map(Type::String)),
    ];
    let ty = Type::object(types);
    Value::Dynamic(Box::new(DynamicValue { ty, value: Value::Map(attributes) }))
}
