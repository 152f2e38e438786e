//! Task definitions made out of bytes: mostly sound, as people write them, with some mess in them.
//!
//! Whoever has bytes can use it: proptest, whose bytes shrink, and the fuzzer, whose bytes learn. When they run out,
//! every choice falls on the plainest, so that the end of the bytes is the end of the document.

#![allow(dead_code, unused_imports, reason = "every user of this module uses another part of it")]

mod choices;
mod container;
mod form;
mod mess;
mod settings;
mod shape;

pub(crate) use choices::Choices;
pub(crate) use mess::forget;
pub(crate) use settings::{settings, way};
pub(crate) use shape::fill;

use ddrofs::document::{Node, Object};

/// Stands in every value that nobody may see again in a finding or a note.
pub(crate) const CONFIDENTIAL: &str = "s3cr3t";

/// Text and decisions out of a fuzzer's bytes: the text ends at the first zero, which JSON does not have.
pub(crate) fn split(data: &[u8]) -> (&[u8], Choices<'_>) {
    let end = data.iter().position(|byte| *byte == 0);
    let rest = end.map_or(&[][..], |end| &data[end + 1..]);
    (&data[..end.unwrap_or(data.len())], Choices::new(rest))
}

/// A task definition in one of the forms that people have it in.
pub(crate) fn written(choices: &mut Choices<'_>) -> Node {
    let mut task = task(choices);
    mess::mess(choices, &mut task);
    form::written_as(choices, task)
}

/// A task definition in the shape of `RegisterTaskDefinition`.
fn task(choices: &mut Choices<'_>) -> Node {
    let mut members = Object::new();
    let mut set = |key: &str, value: Node| members.insert(key.to_owned(), value);
    set("family", "shop".into());
    let fargate = !choices.one_in(3);
    if fargate {
        set("requiresCompatibilities", vec!["FARGATE"].into());
        set("networkMode", "awsvpc".into());
        set("cpu", choices.pick(&["512", "1024", "1 vCPU", ".5 vcpu"]).into());
        set("memory", choices.pick(&["2048", "3GB", "1024", "2 GB"]).into());
    } else if choices.one_in(2) {
        set("networkMode", choices.pick(&["bridge", "host", "awsvpc", "none"]).into());
    }
    if !choices.one_in(3) {
        set("executionRoleArn", "arn:aws:iam::111122223333:role/shop-execution".into());
    }
    let systems = ["LINUX", "LINUX", "LINUX", "WINDOWS_SERVER_2022_CORE", "OS/2", ""];
    if choices.one_in(4) {
        let system = Node::from(choices.pick(&systems));
        set("runtimePlatform", Node::from([("operatingSystemFamily", system)]));
    }
    set("containerDefinitions", container::containers(choices));
    if !choices.one_in(4) {
        set("volumes", volumes(choices));
    }
    shape::add_rare_members(choices, "RegisterTaskDefinitionRequest", &mut members);
    Node::Object(members)
}

fn volumes(choices: &mut Choices<'_>) -> Node {
    let names = container::VOLUMES;
    let start = choices.below(names.len());
    let count = names.len() - if choices.one_in(4) { choices.below(names.len()) } else { 0 };
    let volume = |at: usize| {
        let mut members = Object::new();
        members.insert("name".to_owned(), names[(start + at) % names.len()].into());
        members
    };
    let mut made = Vec::new();
    for at in 0..count {
        let mut volume = volume(at);
        shape::add_rare_members(choices, "Volume", &mut volume);
        made.push(Node::Object(volume));
    }
    Node::Array(made)
}
