//! What changes in meaning from one task definition to another, in sentences a person can read.
//!
//! Containers, variables, volumes and the like are matched by name, not by position. Only values that cannot be a
//! credential are shown: numbers, booleans and the texts listed in `identity.rs`.

mod identity;

use std::collections::BTreeMap;
use std::fmt;

use super::canonical::canonical;
use super::shapes::{self, Kind, Member, Structure};
use crate::document::Node;
use crate::document::Path;
use crate::ordered::ordered;

use identity::{Identity, identity_in, is_shown};

/// A change in meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it is. Items of a list stand by their name, `containerDefinitions.app.environment.LOG_LEVEL`, because their
    /// position means nothing and may differ on both sides.
    pub path: Path,
    /// Name of the container it is in.
    pub container: Option<String>,
    /// What changes, such as `memory` or `mount /tmp`.
    pub what: String,
    /// How it changes.
    pub kind: DifferenceKind,
}

/// How something changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It is there after only.
    Added,
    /// It is there before only.
    Removed,
    /// It is another value, and both may be shown.
    Replaced {
        /// The value before.
        before: String,
        /// The value after.
        after: String,
    },
    /// It is another value, which is not shown.
    Changed,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(container) = &self.container {
            write!(out, "{container}: ")?;
        }
        match &self.kind {
            DifferenceKind::Added => write!(out, "+ {}", self.what),
            DifferenceKind::Removed => write!(out, "- {}", self.what),
            DifferenceKind::Replaced { before, after } => write!(out, "{} {before} → {after}", self.what),
            DifferenceKind::Changed => write!(out, "{} changed", self.what),
        }
    }
}

/// The changes in meaning from `before` to `after`, in a stable order; none where both have one canonical form.
pub fn differences(before: &Node, after: &Node) -> Vec<Difference> {
    let (before, after) = (canonical(before), canonical(after));
    let mut found = Vec::new();
    let place = Place { path: Path::default(), container: None, what: String::new() };
    structure(shapes::task_definition(), &before, &after, &place, &mut found);
    found
}

/// Where the comparison stands.
struct Place {
    path: Path,
    container: Option<String>,
    /// What this is called; empty for the task definition and for a container, whose members speak for themselves.
    what: String,
}

impl Place {
    fn member(&self, key: &str) -> Place {
        let what = if self.what.is_empty() { key.to_owned() } else { format!("{} {key}", self.what) };
        Place { path: self.path.clone().key(key), container: self.container.clone(), what }
    }

    fn found(&self, kind: DifferenceKind, found: &mut Vec<Difference>) {
        let what = if self.what.is_empty() { "task definition".to_owned() } else { self.what.clone() };
        found.push(Difference { path: self.path.clone(), container: self.container.clone(), what, kind });
    }

    /// Reports that something came, went or is another value that is not shown.
    fn changed(&self, before: &Node, after: &Node, found: &mut Vec<Difference>) {
        let kind = match (before.is_null(), after.is_null()) {
            (true, _) => DifferenceKind::Added,
            (_, true) => DifferenceKind::Removed,
            _ => DifferenceKind::Changed,
        };
        self.found(kind, found);
    }
}

fn structure(
    structure: &'static Structure,
    before: &Node,
    after: &Node,
    place: &Place,
    found: &mut Vec<Difference>,
) {
    if before == after {
        return;
    }
    if !matches!((before, after), (Node::Object(_), Node::Object(_))) {
        return place.changed(before, after, found);
    }
    for (key, (before, after)) in pairs(before, after) {
        if before == after {
            continue;
        }
        let place = place.member(key);
        match structure.member(key) {
            Some(member) => value(member, before, after, &place, found),
            None => place.changed(before, after, found),
        }
    }
}

fn value(member: &'static Member, before: &Node, after: &Node, place: &Place, found: &mut Vec<Difference>) {
    match (&member.kind, before, after) {
        (Kind::Structure(inner), Node::Object(_), Node::Object(_)) => {
            structure(inner, before, after, place, found)
        }
        (Kind::Map(_), _, _) if is_list_or_object(before, after) => {
            for (key, (before, after)) in pairs(before, after) {
                if before != after {
                    place.member(&shown_name(key)).changed(before, after, found);
                }
            }
        }
        (Kind::List(item), _, _) if is_list_or_object(before, after) => {
            let reported = found.len();
            if let Some(identity) = identity_in(member.key) {
                items(identity, item, before, after, place, found);
            }
            // Without names, or with the same names in another order where the order counts.
            if found.len() == reported {
                place.changed(before, after, found);
            }
        }
        (Kind::String | Kind::Integer | Kind::Boolean, _, _) => {
            match (scalar(member, before), scalar(member, after)) {
                (Some(before), Some(after)) => place.found(DifferenceKind::Replaced { before, after }, found),
                _ => place.changed(before, after, found),
            }
        }
        _ => place.changed(before, after, found),
    }
}

fn is_list_or_object(before: &Node, after: &Node) -> bool {
    let fits = |node: &Node| matches!(node, Node::Null | Node::Array(_) | Node::Object(_));
    fits(before) && fits(after)
}

/// Compares the items of a list by their names. Of several with one name the first is compared with the first.
fn items(
    identity: &'static Identity,
    item: &'static Kind,
    before: &Node,
    after: &Node,
    place: &Place,
    found: &mut Vec<Difference>,
) {
    let mut matched: BTreeMap<(String, usize), (&Node, &Node)> = BTreeMap::new();
    for (name, node) in named(identity, before) {
        matched.insert(name, (node, &Node::Null));
    }
    for (name, node) in named(identity, after) {
        matched.entry(name).or_insert((&Node::Null, &Node::Null)).1 = node;
    }
    for ((name, _), (before, after)) in matched {
        if before == after {
            continue;
        }
        let there_before_and_after = !before.is_null() && !after.is_null();
        let is_container = identity.member == "containerDefinitions";
        let place = Place {
            path: place.path.clone().key(&name),
            container: if is_container && there_before_and_after {
                Some(name.clone())
            } else {
                place.container.clone()
            },
            what: match (is_container && there_before_and_after, identity.inside) {
                (true, _) => String::new(),
                (false, false) => format!("{} {name}", identity.noun),
                (false, true) => format!("{} {name}", place.what),
            },
        };
        match item {
            Kind::Structure(inner) if there_before_and_after && !identity.whole => {
                structure(inner, before, after, &place, found);
            }
            _ => place.changed(before, after, found),
        }
    }
}

/// The items with their names, and which of that name each is.
fn named<'a>(identity: &'static Identity, list: &'a Node) -> Vec<((String, usize), &'a Node)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    list.items()
        .iter()
        .map(|item| {
            let name = shown_name(&(identity.name)(item));
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            ((name, *count), item)
        })
        .collect()
}

/// A name fit for one line of text.
fn shown_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The members of two objects side by side, null where one has none.
fn pairs<'a>(before: &'a Node, after: &'a Node) -> BTreeMap<&'a str, (&'a Node, &'a Node)> {
    let mut pairs: BTreeMap<&str, (&Node, &Node)> =
        ordered(members(before).map(|(key, value)| (key.as_str(), (value, &Node::Null))));
    for (key, value) in members(after) {
        pairs.entry(key).or_insert((&Node::Null, &Node::Null)).1 = value;
    }
    pairs
}

fn members(node: &Node) -> impl Iterator<Item = (&String, &Node)> {
    match node {
        Node::Object(members) => Some(members),
        _ => None,
    }
    .into_iter()
    .flatten()
}

/// A value as text, where it may be shown and fits into a line.
fn scalar(member: &Member, node: &Node) -> Option<String> {
    const LONGEST: usize = 255;
    if matches!(member.kind, Kind::String) && !is_shown(member.key) {
        return None;
    }
    match node {
        Node::Null => Some("not set".to_owned()),
        Node::Unknown => Some("(known after apply)".to_owned()),
        Node::Bool(flag) => Some(flag.to_string()),
        Node::Number(number) => Some(number.to_string()),
        // Text where a number is asked for may be anything.
        Node::String(text) if matches!(member.kind, Kind::String) => {
            (text.len() <= LONGEST && !text.contains(char::is_control)).then(|| text.clone())
        }
        Node::String(_) | Node::Array(_) | Node::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
