//! A provider with the schemas of ours that does nothing: what a plan costs before any work of ours begins.
//!
//! Terraform's own cost per instance grows with the schema and the values it carries, so a ratio to a builtin resource
//! of three attributes says little by itself. The bench measures this provider beside the real one.

use std::process::ExitCode;

use async_trait::async_trait;
use ddrofs::diagnostics::Diagnostics;
use ddrofs::framework::{
    ApplyRequest, ApplyResponse, Context, DataSource, Function, ImportedState, MoveRequest, MovedState,
    PlanRequest, PlanResponse, Provider, ReadRequest, ReadResponse, Resource,
};
use ddrofs::plugin::{self, Plugin};
use ddrofs::schema::{Mode, Schema};
use ddrofs::value::Value;
use tonic::service::Routes;

fn main() -> ExitCode {
    let plugin = Plugin { name: "ddrofs", addresses: &["registry.terraform.io/ddrofs/ddrofs"] };
    match plugin::serve(&plugin, || Routes::new(ddrofs::protocol::service(Idle::new()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

struct Idle {
    schema: Schema,
    resources: Vec<Box<dyn Resource>>,
    data_sources: Vec<Box<dyn DataSource>>,
}

/// One type of the real provider: its name and schema, and nothing behind them.
struct IdleType {
    name: &'static str,
    schema: Schema,
}

impl Idle {
    fn new() -> Self {
        let real = ddrofs::provider::ddrofs();
        let resources = real.resources().iter().map(|real| {
            Box::new(IdleType { name: real.type_name(), schema: real.schema() }) as Box<dyn Resource>
        });
        let data_sources = real.data_sources().iter().map(|real| {
            Box::new(IdleType { name: real.type_name(), schema: real.schema() }) as Box<dyn DataSource>
        });
        Self { schema: real.schema(), resources: resources.collect(), data_sources: data_sources.collect() }
    }
}

#[async_trait]
impl Provider for Idle {
    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    fn resources(&self) -> &[Box<dyn Resource>] {
        &self.resources
    }

    fn data_sources(&self) -> &[Box<dyn DataSource>] {
        &self.data_sources
    }

    fn functions(&self) -> &[Box<dyn Function>] {
        &[]
    }

    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }

    async fn configure(&self, _: &Context, _: Value, _: &str) -> Diagnostics {
        Diagnostics::default()
    }
}

#[async_trait]
impl DataSource for IdleType {
    fn type_name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }

    async fn read(&self, _: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        (Some(config), Diagnostics::default())
    }
}

#[async_trait]
impl Resource for IdleType {
    fn type_name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn validate_config(&self, _: &Value) -> Diagnostics {
        Diagnostics::default()
    }

    async fn read(&self, _: &Context, request: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        let ReadRequest { state, private } = request;
        (Some(ReadResponse { state, private }), Diagnostics::default())
    }

    async fn plan(&self, _: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        let Value::Map(mut planned) = request.proposed_new_state else {
            return (None, Diagnostics::default());
        };
        let is_new = request.prior_state.is_null();
        let computed = self.schema.block.attributes.iter().filter(|one| one.mode == Mode::Computed && is_new);
        for attribute in computed {
            planned.insert(attribute.name.clone(), Value::UNKNOWN);
        }
        let planned_private = request.prior_private;
        let response = PlanResponse {
            planned_state: Value::Map(planned),
            requires_replace: Vec::new(),
            planned_private,
        };
        (Some(response), Diagnostics::default())
    }

    async fn apply(&self, _: &Context, request: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        let ApplyRequest { planned_state, planned_private, .. } = request;
        let new_state = match planned_state {
            Value::Map(planned) => {
                let known = |value: Value| if value.is_unknown() { Value::Null } else { value };
                Value::Map(planned.into_iter().map(|(name, value)| (name, known(value))).collect())
            }
            other => other,
        };
        (ApplyResponse { new_state, private: planned_private }, Diagnostics::default())
    }

    async fn import(&self, _: &Context, _: &str) -> (Vec<ImportedState>, Diagnostics) {
        (Vec::new(), Diagnostics::default())
    }

    async fn move_state(&self, _: &Context, _: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        (None, Diagnostics::default())
    }
}
