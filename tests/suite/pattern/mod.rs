//! The pattern from settings to a platform's own words: golden documents, the published task definition it came from,
//! the seeding command run by a real shell, and properties over generated settings.

mod article;
mod compose;
mod docker;
mod ecs;
mod kubernetes;
mod kubernetes_node;
mod manifests;
mod nomad;
mod pod_security;
mod properties;
mod seeding;

use std::path::Path;

use ddrofs::document::Node;
use ddrofs::render;
use ddrofs::rofs::platform::Platform;
use ddrofs::rofs::settings::{LogConfiguration, Settings};
use serde_json::Value;

use crate::scenarios::{self, RECORDED, map};

/// JSON for people: a value that is not known yet is written as Terraform shows it.
fn shown(node: &Node) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Unknown => Value::from("(known after apply)"),
        Node::Bool(flag) => Value::from(*flag),
        Node::Number(number) => Value::Number(number.clone()),
        Node::String(text) => Value::from(text.as_str()),
        Node::Array(items) => items.iter().map(shown).collect(),
        Node::Object(members) => {
            Value::Object(members.iter().map(|(key, node)| (key.clone(), shown(node))).collect())
        }
    }
}

/// Compares a text with the file on record, in the platform's folder. `UPDATE_EXPECT=1` rewrites it.
fn golden(platform: &str, name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(platform).join(name);
    expect_test::expect_file![file].assert_eq(text);
}

/// Checks what is on record for every platform.
fn every_recorded(platform: Platform, check: impl Fn(&str, &Settings)) {
    for (name, scenario) in RECORDED {
        check(name, &scenario(scenarios::minimal(platform)));
    }
}

/// Golden documents show what comes of settings that nothing is wrong with.
#[track_caller]
fn assert_sound(name: &str, settings: &Settings) {
    assert_eq!(ddrofs::rofs::problems(settings), [], "{name}");
    assert_eq!(render::of(settings.platform).problems(settings), [], "{name}");
}

/// What a user has to say at least, on ECS.
fn minimal() -> Settings {
    scenarios::minimal(Platform::default())
}

fn awslogs(options: &[(&str, &str)]) -> Option<LogConfiguration> {
    Some(LogConfiguration { log_driver: "awslogs".into(), options: map(options), secret_options: map(&[]) })
}
