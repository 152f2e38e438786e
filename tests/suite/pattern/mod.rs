//! The pattern from settings to ECS's own words: golden documents, the published task definition it came from,
//! the seeding command run by a real shell, and properties over generated settings.

mod article;
mod compose;
mod golden;
mod properties;
mod seeding;

use std::collections::BTreeMap;

use ddrofs::document::Node;
use ddrofs::rofs::settings::{LogConfiguration, Secret, Settings, Text};
use serde_json::Value;

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

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, Text> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), Text::from(*value))).collect()
}

fn awslogs(options: &[(&str, &str)]) -> Option<LogConfiguration> {
    Some(LogConfiguration {
        log_driver: "awslogs".into(),
        options: map(options),
        secret_options: BTreeMap::new(),
    })
}

/// What a user has to say at least.
fn minimal() -> Settings {
    let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf";
    Settings { api_key: Some(Secret::stored(arn.into())), ..Settings::default() }
}
