//! What holds for whatever document: each property panics where it does not, and says what it was looking at.
//!
//! proptest and the published task definitions ask them in `tests/suite/properties/`, the fuzzer in `fuzz/`.

#![allow(dead_code, unused_imports, reason = "every user of this module uses another part of it")]

mod files;
mod found;
mod hardening;
mod judging;
mod reading;
mod yaml;

pub(crate) use files::files;
pub(crate) use found::found;
pub(crate) use hardening::{Outcome, hardening};
pub(crate) use judging::{judging, unknowns_are_undecided};
pub(crate) use reading::{canonical_form, reading, text};
pub(crate) use yaml::{yaml, yaml_comes_back};

use ddrofs::document::{Node, to_json};

/// The document as text for a message, its unknowns as what rules' examples write for them.
fn shown(document: &Node) -> String {
    fn known(node: &Node) -> Node {
        match node {
            Node::Unknown => "<unknown>".into(),
            Node::Array(items) => Node::Array(items.iter().map(known).collect()),
            Node::Object(members) => {
                Node::Object(members.iter().map(|(key, value)| (key.clone(), known(value))).collect())
            }
            other => other.clone(),
        }
    }
    to_json(&known(document)).expect("nothing is unknown any more")
}
