//! Mess: what happens to task definitions in the hands of people, templates and other tools.

use ddrofs::document::{Node, Object};

use super::{CONFIDENTIAL, Choices};

/// Changes some values for others that are wrong, odd or only spelled otherwise.
pub(super) fn mess(choices: &mut Choices<'_>, task: &mut Node) {
    while choices.one_in(3) {
        let position = position(choices, task);
        at(task, position, &mut |node| change(choices, node));
    }
}

/// Makes some values unknown. Null and empty text stay: whatever a plan does not know is taken for written.
pub(crate) fn forget(choices: &mut Choices<'_>, task: &mut Node) {
    for _ in 0..=choices.below(4) {
        let position = position(choices, task);
        at(task, position, &mut |node| {
            if !node.is_null() && node.as_str() != Some("") {
                *node = Node::Unknown;
            }
        });
    }
}

fn change(choices: &mut Choices<'_>, node: &mut Node) {
    match choices.below(10) {
        0 => *node = Node::Null,
        1 => *node = Node::Unknown,
        // The same in another spelling.
        2 => match node {
            Node::Number(number) => *node = number.to_string().into(),
            Node::Bool(flag) => *node = flag.to_string().into(),
            Node::String(text) => {
                if let Ok(number) = text.parse::<i64>() {
                    *node = number.into();
                }
            }
            _ => {}
        },
        3 => add_member(choices, node),
        4 => repeat_item(choices, node),
        5 => remove(choices, node),
        6 => *node = "".into(),
        7 => *node = Node::Array(Vec::new()),
        8 => *node = choices.pick(&[-1, 0, 7, 65_536, i64::MAX]).into(),
        _ => *node = Node::from([("name", Node::from("app")), ("value", CONFIDENTIAL.into())]),
    }
}

fn add_member(choices: &mut Choices<'_>, node: &mut Node) {
    if let Node::Object(members) = node {
        let keys = ["Image", "readOnlyRootFilesystem", "brandNew", "name", "memory_reservation", "Name", ""];
        let value = match choices.below(3) {
            0 => Node::Null,
            1 => 1.into(),
            _ => CONFIDENTIAL.into(),
        };
        let key = choices.pick(&keys);
        // Names are told, and no secrets.
        let is_told = key.eq_ignore_ascii_case("name") && value.as_str().is_some();
        members.insert(key.to_owned(), if is_told { "app".into() } else { value });
    }
}

fn repeat_item(choices: &mut Choices<'_>, node: &mut Node) {
    if let Node::Array(items) = node
        && !items.is_empty()
    {
        let item = items[choices.below(items.len())].clone();
        items.push(item);
    }
}

fn remove(choices: &mut Choices<'_>, node: &mut Node) {
    match node {
        Node::Array(items) if !items.is_empty() => {
            items.remove(choices.below(items.len()));
        }
        Node::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(choices.below(members.len())).cloned();
            members.remove(&key.expect("below the length"));
        }
        _ => {}
    }
}

/// The position of some node in the order of the document; never the whole.
fn position(choices: &mut Choices<'_>, task: &Node) -> usize {
    let last = count(task) - 1;
    let wide = choices.below(256) << 8 | choices.below(256);
    if last == 0 { 0 } else { 1 + wide % last }
}

fn count(node: &Node) -> usize {
    1 + match node {
        Node::Array(items) => items.iter().map(count).sum(),
        Node::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Does something to the node at that position; gives the positions that are left behind the node.
fn at(node: &mut Node, position: usize, act: &mut impl FnMut(&mut Node)) -> Option<usize> {
    let Some(mut left) = position.checked_sub(1) else {
        act(node);
        return None;
    };
    match node {
        Node::Array(items) => {
            for item in items {
                left = at(item, left, act)?;
            }
        }
        Node::Object(members) => {
            for (_, member) in members {
                left = at(member, left, act)?;
            }
        }
        _ => {}
    }
    Some(left)
}
