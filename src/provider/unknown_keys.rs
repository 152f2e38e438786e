//! Keys that this version does not know, where a task definition is written: only those that `allow_keys` names are sent.
//!
//! Modules carry such keys because hashicorp/aws leaves them out without a word. Here they are left out with one. A near
//! miss of a key that is known is another matter: what was meant would be lost.

use std::collections::BTreeMap;

use crate::document::{Node, Path, Step, Trail};
use crate::ecs::shapes;
use crate::ordered::ordered;
use crate::rules::Judgement;
use crate::rules::Severity;

use super::policy_block::InForce;

/// The rule that finds them.
const RULE: &str = "unknown-key";

/// What is done with a key that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is not sent.
    LeftOut,
    /// Whether it is sent is known only at apply.
    Open,
}

/// Findings about keys that are left out are warnings, unless another key was meant.
pub(super) fn soften(judgement: &mut Judgement) {
    for finding in judgement.findings.iter_mut().filter(|finding| finding.rule == RULE) {
        finding.says.push_str(" The provider does not send it.");
        if !is_near_miss(&finding.path) {
            finding.severity = Severity::Warning;
        }
    }
}

/// The document without the keys that are not to be sent.
pub(super) fn leave_out(document: &mut Node, judgement: &Judgement, policy: &InForce) {
    let unknown = judgement.findings.iter().filter(|finding| finding.rule == RULE);
    let fates: BTreeMap<&Path, Fate> =
        ordered(unknown.filter_map(|finding| match policy.allows_key(&finding.path) {
            Some(true) => None,
            Some(false) => Some((&finding.path, Fate::LeftOut)),
            None => Some((&finding.path, Fate::Open)),
        }));
    if !fates.is_empty() {
        apply(document, &Trail::Root, &fates);
    }
}

fn apply(node: &mut Node, trail: &Trail<'_>, fates: &BTreeMap<&Path, Fate>) {
    match node {
        Node::Object(members) => {
            members.retain(|key, _| fates.get(&Trail::Key(trail, key).path()) != Some(&Fate::LeftOut));
            for (key, value) in members {
                let at = Trail::Key(trail, key);
                match fates.contains_key(&at.path()) {
                    true => *value = Node::Unknown,
                    false => apply(value, &at, fates),
                }
            }
        }
        Node::Array(items) => {
            let numbered = items.iter_mut().enumerate();
            numbered.for_each(|(index, item)| apply(item, &Trail::Index(trail, index), fates));
        }
        _ => {}
    }
}

fn is_near_miss(path: &Path) -> bool {
    let [place @ .., Step::Key(key)] = path.0.as_slice() else { return false };
    shapes::structure_at(place).is_some_and(|structure| structure.nearest(key).is_some())
}
