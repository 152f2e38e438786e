//! What an argument is where nothing is written: never null where hashicorp/aws gives a default or computes a value.
//!
//! Every optional argument may be filled in by the provider, so that a state keeps what counts as "not set" in one
//! spelling, an empty text for instance, whether a configuration writes it or not: an import and a move plan nothing. A
//! core compares the blocks of a set with nothing that was there, so each is planned from what is written in it, and what
//! is not written from the block of the state that it is.

use std::collections::BTreeMap;

use crate::value::Value;

use super::super::super::provider_block::string_map;
use super::arguments::{ARGUMENTS, Argument, Kind};

/// The planned state: the proposed one, with everything that is not written as it counts.
pub(super) fn settle(proposed: Value, config: &Value, prior: &Value) -> Value {
    let Value::Map(mut planned) = proposed else { return proposed };
    planned.extend(settled(ARGUMENTS, config, prior, config));
    planned.extend(flags(config));
    planned.insert("tags".to_owned(), tags(config.get("tags"), prior.get("tags")));
    Value::Map(planned)
}

/// Fills in what a state of an older version, or of another provider, lacks.
pub(super) fn fill(state: &mut BTreeMap<String, Value>) {
    let written = Value::Map(state.clone());
    state.extend(settled(ARGUMENTS, &written, &Value::Null, &written));
    state.extend(flags(&written));
}

/// The arguments as they count: those of a block, or of the whole configuration, which is `root`.
fn settled(
    arguments: &'static [Argument],
    config: &Value,
    prior: &Value,
    root: &Value,
) -> BTreeMap<String, Value> {
    let value = |argument: &'static Argument| {
        let (written, before) = (config.get(argument.name), prior.get(argument.name));
        match argument.kind {
            _ if written.is_unknown() => written.clone(),
            Kind::Block(inner) => {
                let body = |(index, block): (usize, &Value)| {
                    block_of(inner, block, before.elements().get(index).unwrap_or(&Value::Null), root)
                };
                Value::List(written.elements().iter().enumerate().map(body).collect())
            }
            Kind::Blocks(inner) => {
                let body = |block: &Value| one_of_a_set(inner, block, before.elements(), root);
                Value::List(written.elements().iter().map(body).collect())
            }
            _ if written.is_null() && !argument.required => unwritten(argument, before, root),
            _ => written.clone(),
        }
    };
    let mut settled = BTreeMap::new();
    settled.extend(arguments.iter().map(|argument| (argument.name.to_owned(), value(argument))));
    settled
}

fn block_of(inner: &'static [Argument], block: &Value, before: &Value, root: &Value) -> Value {
    match block {
        Value::Map(_) => Value::Map(settled(inner, block, before, root)),
        other => other.clone(),
    }
}

/// A block of a set, as it stands in the state where it is one of those.
fn one_of_a_set(inner: &'static [Argument], block: &Value, before: &[Value], root: &Value) -> Value {
    let name = inner.first().map_or("", |argument| argument.name);
    let same = before.iter().filter(|other| other.get(name) == block.get(name));
    let kept = same.into_iter().find(|other| block_of(inner, block, other, root) == **other);
    kept.cloned().unwrap_or_else(|| block_of(inner, block, &Value::Null, root))
}

/// An argument that is not written: what counts as not set stays as it is in the state.
fn unwritten(argument: &Argument, before: &Value, root: &Value) -> Value {
    let preset = argument.preset(is_on_windows(root));
    let is_unset = is_zero(before) || preset.as_ref().is_some_and(|preset| preset == before);
    if is_unset { before.clone() } else { preset.unwrap_or_default() }
}

/// Whether a value is what counts as not set in place of an argument without a default.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Bool(flag) => !flag,
        Value::List(elements) => elements.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Whether a configuration or a state is for Windows; none while that is not known yet.
pub(super) fn is_on_windows(root: &Value) -> Option<bool> {
    let platform = root.get("runtime_platform");
    let family = platform.elements().first().unwrap_or(&Value::Null).get("operating_system_family");
    if platform.is_unknown() || family.is_unknown() {
        return None;
    }
    Some(family.as_str().is_some_and(|family| family.starts_with("WINDOWS")))
}

/// The flags beside the content. `deregister_on_destroy` is `skip_destroy` the other way round, and each follows from the
/// other.
fn flags(config: &Value) -> [(String, Value); 3] {
    let or = |name: &str, otherwise: Value| match config.get(name) {
        Value::Null => otherwise,
        written => written.clone(),
    };
    let opposite = |name: &str, otherwise: bool| match config.get(name) {
        Value::Bool(flag) => Value::from(!flag),
        Value::Unknown(_) => Value::UNKNOWN,
        _ => Value::from(otherwise),
    };
    [
        ("track_latest".to_owned(), or("track_latest", Value::from(false))),
        ("skip_destroy".to_owned(), or("skip_destroy", opposite("deregister_on_destroy", false))),
        ("deregister_on_destroy".to_owned(), or("deregister_on_destroy", opposite("skip_destroy", true))),
    ]
}

/// Tags keep the state's spelling where they are the same: a tag whose value is null is none.
fn tags(written: &Value, before: &Value) -> Value {
    match written {
        Value::Null if is_zero(before) => before.clone(),
        Value::Map(_)
            if written.is_wholly_known()
                && !before.is_null()
                && string_map(written) == string_map(before) =>
        {
            before.clone()
        }
        _ => written.clone(),
    }
}
