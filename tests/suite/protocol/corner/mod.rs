//! A provider that exists to hold every corner of the protocol. Depends on nothing but the library's public contract,
//! so it can be served to a real Terraform as well.

mod data_source;
mod function;
mod thing;

use std::sync::Mutex;

use async_trait::async_trait;
use ddrofs::diagnostics::{Diagnostic, Diagnostics};
use ddrofs::framework::{Context, DataSource, Function, Provider, Resource};
use ddrofs::schema::{Attribute, Block, Mode, NestedBlock, Schema};
use ddrofs::value::{AttributePath, Given, Type, Value};

/// The provider. What it was configured with is kept for the tests.
pub(crate) struct Corner {
    resources: Vec<Box<dyn Resource>>,
    data_sources: Vec<Box<dyn DataSource>>,
    functions: Vec<Box<dyn Function>>,
    flavor: Mutex<Option<String>>,
}

impl Corner {
    pub(crate) fn new() -> Self {
        Corner {
            resources: vec![Box::new(thing::Thing), Box::new(thing::Stranger)],
            data_sources: vec![Box::new(data_source::Echo), Box::new(data_source::Trouble)],
            functions: function::all(),
            flavor: Mutex::new(None),
        }
    }
}

#[async_trait]
impl Provider for Corner {
    fn name(&self) -> &str {
        "terraform-provider-corner"
    }

    fn schema(&self) -> Schema {
        let endpoint = Block {
            attributes: vec![Attribute::new("url", Type::String, Mode::Required, "Where it is.")],
            ..Block::default()
        };
        Schema {
            version: 0,
            block: Block {
                description: "The corner provider.".into(),
                attributes: vec![
                    Attribute::new("flavor", Type::String, Mode::Optional, "How it tastes.").sensitive(),
                ],
                blocks: vec![NestedBlock::list("endpoint", endpoint)],
            },
        }
    }

    fn resources(&self) -> &[Box<dyn Resource>] {
        &self.resources
    }

    fn data_sources(&self) -> &[Box<dyn DataSource>] {
        &self.data_sources
    }

    fn functions(&self) -> &[Box<dyn Function>] {
        &self.functions
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        let mut found = Diagnostics::default();
        for (index, endpoint) in config.get("endpoint").elements().iter().enumerate() {
            if endpoint.string("url") == Given::Known("") {
                let index = i64::try_from(index).expect("few");
                let path = AttributePath::root("endpoint").index(index).attribute("url");
                found.push(
                    Diagnostic::error("Empty endpoint", "Write the address, such as https://example.com.")
                        .at(path),
                );
            }
        }
        found
    }

    async fn configure(&self, _: &Context, config: Value, terraform_version: &str) -> Diagnostics {
        let mut found = Diagnostics::default();
        if terraform_version.is_empty() {
            found.push(Diagnostic::warning("Old core", "It did not tell its version."));
        }
        *self.flavor.lock().expect("nobody panicked") = config.string("flavor").known().map(str::to_owned);
        found
    }
}
