//! The canonical form of a task definition: documents that mean the same to ECS have the same one, byte for byte.
//!
//! It is for comparing and hashing only. What is sent is the document as it was read, and the author's text is never
//! rewritten. Each normalization is one row or one small step in `normalizations.rs`, with its reason and its source.
//!
//! What is not known yet stays unknown, and what is known around it is brought into the form. Keys that the table of
//! shapes does not know are left as they are: two documents that differ in one are not equal.

mod normalizations;
mod order;

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use super::coerce::coerce;
use super::shapes::{self, Kind, Member, Structure};
use crate::document::json::to_json;
use crate::document::{Node, Object};

use normalizations::{Normalization, normalization_of};

/// The canonical form of a task definition in the shape of `RegisterTaskDefinition` (see [`read`](super::read)).
///
/// Applied to its own result it changes nothing.
pub fn canonical(document: &Node) -> Node {
    canonicalize(document.clone())
}

/// The same as [`canonical`], for a document that is not needed any more: spares the copy.
pub fn canonicalize(mut document: Node) -> Node {
    let context = Context::of(&document);
    let root = shapes::task_definition();
    structure(root, normalization_of(root.name), &mut document, &context);
    document
}

/// SHA-256 of the canonical form as JSON, in hexadecimal; none while a part of it is not known yet.
pub fn sha256(document: &Node) -> Option<String> {
    sha256_of(document.clone())
}

/// The same as [`sha256`], for a document that is not needed any more: spares the copy.
pub fn sha256_of(document: Node) -> Option<String> {
    Some(digest(&to_json(&canonicalize(document)).ok()?))
}

/// SHA-256 of a text that is a canonical form already, in hexadecimal.
pub fn digest(canonical_json: &str) -> String {
    Sha256::digest(canonical_json).iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string works");
        text
    })
}

/// What a normalization has to know of the document around it.
struct Context {
    /// The task's network mode: none where it is absent, unknown where it is not known yet.
    network_mode: Node,
    /// Whether the task runs on Linux as far as the document says.
    linux: bool,
}

impl Context {
    fn of(document: &Node) -> Self {
        let linux = match document.get("runtimePlatform").get("operatingSystemFamily") {
            Node::Null => true,
            // Empty text is absent, here as everywhere.
            Node::String(family) => family.is_empty() || family == "LINUX",
            _ => false,
        };
        Self { network_mode: document.get("networkMode").clone(), linux }
    }
}

fn structure(
    structure: &'static Structure,
    normalization: Option<&'static Normalization>,
    node: &mut Node,
    context: &Context,
) {
    let Node::Object(members) = node else { return };
    let mut meaningless = false;
    for (key, value) in members.iter_mut() {
        let Some(member) = structure.member(key) else { continue };
        member_value(member, normalization, value, context);
        meaningless |= says_nothing(structure, member, value);
    }
    // Most objects, variables above all, have nothing to leave out.
    if meaningless {
        members.retain(|key, value| {
            structure.member(key).is_none_or(|member| !says_nothing(structure, member, value))
        });
    }
    let Some(normalization) = normalization else { return };
    for default in normalization.defaults {
        if members.get(default.member).is_some_and(|value| default.value.is(value)) {
            members.remove(default.member);
        }
    }
    for step in normalization.steps {
        (step.apply)(members, context);
    }
}

fn member_value(
    member: &'static Member,
    normalization: Option<&'static Normalization>,
    value: &mut Node,
    context: &Context,
) {
    self::value(member.key, &member.kind, value, context);
    let Node::Array(items) = value else { return };
    let list = normalization.and_then(|n| n.lists.iter().find(|list| list.member == member.key));
    let Some(list) = list else { return };
    if let Some(meaningless) = list.meaningless {
        items.retain(|item| !meaningless(item));
    }
    order::sort(items, list.by);
}

fn value(key: &str, kind: &'static Kind, node: &mut Node, context: &Context) {
    match (kind, &mut *node) {
        (Kind::Structure(shape), _) => structure(shape, normalization_of(shape.name), node, context),
        (Kind::List(Kind::Structure(shape)), Node::Array(items)) => {
            // A null among structures is what an expression left out; among strings it is an argument that is wrong.
            items.retain(|item| !item.is_null());
            let normalization = normalization_of(shape.name);
            items.iter_mut().for_each(|item| structure(shape, normalization, item, context));
        }
        (Kind::List(item), Node::Array(items)) => {
            items.iter_mut().for_each(|entry| value(key, item, entry, context));
        }
        (Kind::Map(item), Node::Object(members)) => {
            members.iter_mut().for_each(|(_, entry)| value("", item, entry, context));
            members.retain(|_, entry| !entry.is_null());
        }
        _ => {
            if let Some((meant, _)) = coerce(key, kind, node) {
                *node = meant;
            }
        }
    }
}

/// Whether a member's value says no more than its absence.
fn says_nothing(structure: &Structure, member: &Member, value: &Node) -> bool {
    // ECS takes null for not written.
    if value.is_null() {
        return true;
    }
    if member.required {
        return false;
    }
    match (&member.kind, value) {
        (Kind::List(_), Node::Array(items)) => items.is_empty(),
        (Kind::Map(_), Node::Object(members)) => members.is_empty(),
        (Kind::Structure(inner), Node::Object(members)) => {
            members.is_empty() && normalization_of(inner.name).is_some_and(|n| n.empty_means_absent)
        }
        // An empty variable is set, an absent one is not.
        (Kind::String, Node::String(text)) => text.is_empty() && structure.name != "KeyValuePair",
        _ => false,
    }
}

/// A literal of the table of defaults.
#[derive(Debug, Clone, Copy)]
enum Literal {
    Boolean(bool),
    Number(i64),
    Text(&'static str),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Boolean(flag) => write!(f, "{flag}"),
            Literal::Number(number) => write!(f, "{number}"),
            Literal::Text(text) => f.write_str(text),
        }
    }
}

/// The members of the structure of that name that have a value which says no more than absence, and that value.
pub fn defaults(structure: &str) -> impl Iterator<Item = (&'static str, String)> {
    let defaults = normalization_of(structure).map_or(&[][..], |table| table.defaults);
    defaults.iter().map(|default| (default.member, default.value.to_string()))
}

impl Literal {
    fn is(self, value: &Node) -> bool {
        match self {
            Literal::Boolean(flag) => value.as_bool() == Some(flag),
            Literal::Number(number) => value.as_i64() == Some(number),
            Literal::Text(text) => value.as_str() == Some(text),
        }
    }
}

/// One small change to a structure.
struct Step {
    /// What it does, and why that keeps the meaning.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold every row to having a reason"))]
    reason: &'static str,
    apply: fn(&mut Object, &Context),
}

/// The lists whose order means nothing: structure, key and the members that order the items.
#[cfg(test)]
pub(super) fn orderings() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    normalizations::NORMALIZATIONS
        .iter()
        .flat_map(|n| n.lists.iter().map(|list| (n.structure, list.member, list.by)))
}

#[cfg(test)]
mod tests;
