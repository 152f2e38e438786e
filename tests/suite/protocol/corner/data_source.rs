//! A data source that gives back what it was given, and one that does whatever goes wrong.

use std::time::Duration;

use async_trait::async_trait;
use ddrofs::diagnostics::{Diagnostic, Diagnostics};
use ddrofs::framework::{Context, DataSource};
use ddrofs::schema::{Attribute, Block, Mode, NestedBlock, Schema};
use ddrofs::value::{AttributePath, ObjectType, Type, Value};

pub(super) struct Echo;

#[async_trait]
impl DataSource for Echo {
    fn type_name(&self) -> &'static str {
        "corner_echo"
    }

    fn schema(&self) -> Schema {
        let item = Type::Object(ObjectType {
            attributes: [("name".to_owned(), Type::String), ("port".to_owned(), Type::Number)].into(),
            optional: ["port".to_owned()].into(),
        });
        let part = Block {
            attributes: vec![
                Attribute::new("name", Type::String, Mode::Required, "Name."),
                Attribute::new("length", Type::Number, Mode::Computed, "Letters in the name."),
            ],
            ..Block::default()
        };
        let deprecated = Attribute {
            deprecation: Some("Use value.".into()),
            ..Attribute::new("old", Type::String, Mode::Optional, "Old.")
        };
        Schema {
            version: 0,
            block: Block {
                description: "Echoes.".into(),
                attributes: vec![
                    Attribute::new("value", Type::Dynamic, Mode::Optional, "Anything."),
                    Attribute::new("items", Type::list(item), Mode::Optional, "Objects."),
                    deprecated,
                    Attribute::new("result", Type::Dynamic, Mode::Computed, "The value again."),
                ],
                blocks: vec![NestedBlock::list("part", part)],
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        let mut found = Diagnostics::default();
        for (index, item) in config.get("items").elements().iter().enumerate() {
            if item.integer("port").known() == Some(0) {
                let index = i64::try_from(index).expect("few");
                let path = AttributePath::root("items").index(index).attribute("port");
                found.push(Diagnostic::error("Port zero", "Ports begin at 1.").at(path));
            }
        }
        found
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let Value::Map(mut state) = config else { return (None, Diagnostics::default()) };
        state.insert("result".into(), state["value"].clone());
        if let Some(Value::List(parts)) = state.get_mut("part") {
            for part in parts {
                let length = part.string("name").known().map(|name| name.chars().count());
                if let Value::Map(part) = part {
                    part.insert("length".into(), length.and_then(|length| i64::try_from(length).ok()).into());
                }
            }
        }
        (Some(Value::Map(state)), Diagnostics::default())
    }
}

pub(super) struct Trouble;

#[async_trait]
impl DataSource for Trouble {
    fn type_name(&self) -> &'static str {
        "corner_trouble"
    }

    fn schema(&self) -> Schema {
        let attribute = |name, mode| Attribute::new(name, Type::String, mode, "");
        Schema {
            version: 0,
            block: Block {
                attributes: vec![attribute("kind", Mode::Required), attribute("result", Mode::Computed)],
                ..Block::default()
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        assert_ne!(config.get("kind").as_str(), Some("panic in validation"), "the secret is hunter2");
        Diagnostics::default()
    }

    async fn read(&self, ctx: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        let mut found = Diagnostics::default();
        let kind = config.get("kind").as_str().unwrap_or_default().to_owned();
        let state = |result: Value| {
            Value::Map(
                [("kind".to_owned(), Value::from(kind.as_str())), ("result".to_owned(), result)].into(),
            )
        };
        match kind.as_str() {
            "panic" => panic!("the secret is hunter2"),
            "panic after waiting" => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                panic!("the secret is hunter2")
            }
            "wait" => {
                ctx.stop.cancelled().await;
                found.push(Diagnostic::error("Interrupted", "Terraform asked to stop."));
                (None, found)
            }
            "nothing" => (None, found),
            "null" => (Some(Value::Null), found),
            "unknown" => (Some(state(Value::UNKNOWN)), found),
            "another type" => (Some(state(Value::from(1))), found),
            "attribute missing" => (Some(Value::Map([("kind".to_owned(), Value::Null)].into())), found),
            _ => (Some(state(Value::from("fine"))), found),
        }
    }
}
