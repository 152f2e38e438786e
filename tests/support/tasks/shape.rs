//! Values made from the table of shapes: no key of ECS is left out.

use ddrofs::document::{Node, Object};
use ddrofs::ecs::shapes::{Kind, Member, Structure, structures, task_definition};

use super::Choices;

/// Adds some members of that structure that few people write, where there is none of that key.
pub(super) fn add_rare_members(choices: &mut Choices<'_>, structure: &str, members: &mut Object) {
    while choices.one_in(6) {
        let known = structures().iter().find(|known| known.name == structure);
        let all = known.expect("the table has it").members;
        let member = &all[choices.below(all.len())];
        if !members.contains_key(member.key) {
            members.insert(member.key.to_owned(), value(choices, member, &member.kind));
        }
    }
}

/// Puts values where nothing is known yet: something an apply might tell, of the kind that ECS asks for.
pub(crate) fn fill(choices: &mut Choices<'_>, task: &mut Node) {
    if task.is_unknown() {
        *task = structure(choices, task_definition());
    }
    fill_structure(choices, task_definition(), task);
}

fn fill_structure(choices: &mut Choices<'_>, structure: &Structure, node: &mut Node) {
    let Node::Object(members) = node else { return };
    for (key, node) in members {
        match structure.member(key) {
            Some(member) => fill_value(choices, member, &member.kind, node),
            None if node.is_unknown() => *node = "text".into(),
            None => {}
        }
    }
}

fn fill_value(choices: &mut Choices<'_>, member: &Member, kind: &Kind, node: &mut Node) {
    match (kind, &mut *node) {
        (_, Node::Unknown) => *node = value(choices, member, kind),
        (Kind::Structure(structure), _) => fill_structure(choices, structure, node),
        (Kind::List(item), Node::Array(items)) => {
            items.iter_mut().for_each(|node| fill_value(choices, member, item, node));
        }
        (Kind::Map(item), Node::Object(members)) => {
            members.iter_mut().for_each(|(_, node)| fill_value(choices, member, item, node));
        }
        _ => {}
    }
}

fn value(choices: &mut Choices<'_>, member: &Member, kind: &Kind) -> Node {
    match kind {
        Kind::String if !member.values.is_empty() && !choices.one_in(8) => choices.pick(member.values).into(),
        Kind::String => choices.pick(&["text", "/path", "1", "0", "arn:aws:iam::1:role/x", "ü"]).into(),
        Kind::Integer => Node::from([0, 1, 30, 1024, -1, 9_007_199_254_740_993][choices.below(6)]),
        Kind::Boolean => choices.one_in(2).into(),
        Kind::Structure(inner) => structure(choices, inner),
        Kind::List(item) => {
            let count = choices.below(3);
            Node::Array((0..count).map(|_| value(choices, member, item)).collect())
        }
        Kind::Map(item) => {
            let count = choices.below(3);
            Node::Object((0..count).map(|at| (format!("key-{at}"), value(choices, member, item))).collect())
        }
    }
}

fn structure(choices: &mut Choices<'_>, structure: &Structure) -> Node {
    let mut members = Object::new();
    for member in structure.members {
        if member.required || choices.one_in(3) {
            members.insert(member.key.to_owned(), value(choices, member, &member.kind));
        }
    }
    Node::Object(members)
}
