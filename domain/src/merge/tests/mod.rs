//! Hardening, case by case.

use std::collections::BTreeMap;

use super::*;
use crate::document::{Node, to_json};
use crate::ecs::canonical;
use crate::rofs::platform::LaunchType;
use crate::rofs::settings::{Dogstatsd, LogConfiguration, Secret, Settings, Text};

mod agent;
mod application;
mod made_up;
mod marks;
mod recognized;
mod writable;

pub(super) fn node(value: serde_json::Value) -> Node {
    match value {
        serde_json::Value::Null => Node::Null,
        serde_json::Value::Bool(flag) => Node::Bool(flag),
        serde_json::Value::Number(number) => Node::Number(number),
        // Stands for a value that is known only at apply.
        serde_json::Value::String(text) if text == "?" => Node::Unknown,
        serde_json::Value::String(text) => Node::String(text),
        serde_json::Value::Array(items) => Node::Array(items.into_iter().map(node).collect()),
        serde_json::Value::Object(members) => {
            Node::Object(members.into_iter().map(|(key, value)| (key, node(value))).collect())
        }
    }
}

fn settings() -> Settings {
    Settings {
        service: Some("orders".into()),
        env: Some("prod".into()),
        version: Some("1.2".into()),
        wait_until_healthy: true,
        api_key: Some(Secret::stored("arn:key".into())),
        ..Settings::default()
    }
}

/// An Agent and nothing else, as a configuration asks for it.
fn with_agent(settings: &Settings) -> Hardening<'_> {
    Hardening {
        agent: Some(settings),
        read_only_root: ReadOnlyRoot::Leave,
        mark: false,
        ..Hardening::default()
    }
}

/// A task of these containers.
fn task(containers: serde_json::Value) -> Node {
    node(serde_json::json!({ "containerDefinitions": containers }))
}

fn containers(hardened: &Hardened) -> &[Node] {
    hardened.document.get("containerDefinitions").items()
}

/// The container of that name of a result without collisions.
fn container<'a>(hardened: &'a Hardened, name: &str) -> &'a Node {
    assert_eq!(hardened.collisions, []);
    let named = containers(hardened).iter().find(|container| container.get("name").as_str() == Some(name));
    named.unwrap_or_else(|| panic!("no container {name}"))
}

fn names<'a>(list: &'a Node, key: &str) -> Vec<&'a str> {
    list.items().iter().filter_map(|item| item.get(key).as_str()).collect()
}

fn variable<'a>(container: &'a Node, name: &str) -> Option<&'a str> {
    let entry =
        container.get("environment").items().iter().find(|entry| entry.get("name").as_str() == Some(name));
    entry.and_then(|entry| entry.get("value").as_str())
}

fn sentences<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(T::to_string).collect()
}

fn kept(hardened: &Hardened) -> Vec<String> {
    hardened.changes.iter().filter(|change| change.is_kept()).map(Change::to_string).collect()
}

/// Hardens twice and checks that the second time changes nothing.
fn harden_twice(document: Node, hardening: &Hardening<'_>) -> Hardened {
    let once = harden(document, hardening);
    let twice = harden(once.document.clone(), hardening);
    assert_eq!(twice.document, once.document);
    assert_eq!(twice.collisions, []);
    once
}
