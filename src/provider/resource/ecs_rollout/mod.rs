//! `ddrofs_ecs_rollout`: moves services to task definitions in waves.
//!
//! `rollout` decides; here its looks and calls are made, and what it says is written into the state. Nothing but the task
//! definition of a service is changed, and a destruction changes nothing at AWS.

mod apply;
mod calls;
mod drive;
mod memory;
mod outcomes;
mod plan;
mod read;
mod request;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::framework::{
    ApplyRequest, ApplyResponse, Context, ImportedState, MoveRequest, MovedState, PlanRequest, PlanResponse,
    ReadRequest, ReadResponse, Resource,
};
use crate::schema::{Attribute, Block, Mode, NestedBlock, Schema};
use crate::value::{Type, Value};

use super::super::calling::{attributes_of, client, one};
use super::super::diagnostics as say;
use super::super::provider_block::{Configured, Settled};
use super::super::timeouts::{self, Limit, Operation, Running, Usual};

/// How long a rollout may take where nothing is written: waves bake, and deployments of large services take long.
const DEFAULT: Usual = ("12h", Duration::from_secs(12 * 60 * 60));

/// The resource.
pub(in crate::provider) struct EcsRollout {
    settled: Arc<Settled>,
}

impl EcsRollout {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    fn configured(&self) -> Result<Arc<Configured>, Diagnostics> {
        self.settled.get().ok_or_else(|| one(say::not_configured("ddrofs_ecs_rollout")))
    }
}

/// How long the operation may take.
fn limit(arguments: &Value, operation: Operation) -> Limit {
    Limit::with(arguments, operation, DEFAULT)
}

fn wave_block() -> NestedBlock {
    let optional = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Optional, about);
    NestedBlock::list(
        "wave",
        Block {
            description: "Services that move together, in the order of the blocks. Without one, all move in one wave. A service that no wave reaches is an error.".to_owned(),
            attributes: vec![
                optional("services", Type::list(Type::String), "Keys of `services`. A service that a wave names is left to that wave by every `percent`. Exactly one of `services` and `percent` is written."),
                optional("percent", Type::Number, "How many of all services have been moved when the wave ends, in percent: a whole number from 1 to 100 that never falls from wave to wave. It is rounded up, and filled in the order of the keys."),
                optional("bake_time", Type::String, "How long the wave is left alone after its last deployment, as in `10m`. Then the deployment, the task definition and the alarms that ECS reports for the deployment are looked at a second time, and the next wave begins. Defaults to `0s`, without a second look."),
            ],
            blocks: Vec::new(),
        },
    )
}

fn outcome_type() -> Type {
    Type::object([
        ("status", Type::String),
        ("task_definition", Type::String),
        ("previous", Type::String),
        ("deployment", Type::String),
        ("reason", Type::String),
        ("wave", Type::Number),
    ])
}

#[async_trait]
impl Resource for EcsRollout {
    fn type_name(&self) -> &'static str {
        "ddrofs_ecs_rollout"
    }

    fn schema(&self) -> Schema {
        let optional = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Optional, about);
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let timeouts = timeouts::timeouts_block_of(
            &[
                (Operation::Create, "How long the rollout may take when it is created. Defaults to `12h`."),
                (Operation::Update, "How long it may take when it is changed. Defaults to `12h`."),
                (Operation::Read, "How long a refresh, or the look of a plan, may take. Defaults to `12h`."),
            ],
            "How long an operation may take with deployments, bake times and the request rates of ECS. Numbers with a unit, as in `90m` or `6h`.",
        );
        Schema {
            version: 0,
            block: Block {
                description: "Moves existing ECS services to task definitions in waves, within budgets, with a true outcome for each service. It changes nothing but the task definition: circuit breaker, alarms, percentages and strategy of a deployment stay the service's own. Services keep their owner, which ignores changes of the task definition (`aws_ecs_service` with `ignore_changes = [task_definition]`, or a pipeline). A service whose move is done stays done: what somebody deploys on it later is shown in `outcomes`, and it moves again only when its ARN in `services` or `triggers` change. Whatever interrupts an apply, the next one goes on from what ECS shows; a deployment of somebody else is waited for and never overridden. After a creation that failed, Terraform replaces the resource: the new one finds what was moved already. A provider process that is killed while it repeats deployments for `triggers` cannot know which ones it began, and the next apply repeats them. Destroying it changes nothing at AWS.".to_owned(),
                attributes: vec![
                    Attribute::new("services", Type::map(Type::String), Mode::Required, "Services and the ARN of the task definition that each is moved to. A key is `service`, `cluster/service` or the ARN of a service. ARNs that are known only after apply are fine."),
                    optional("cluster", Type::String, "Name or ARN of the cluster of the services whose key names none. Defaults to `default`, as at ECS."),
                    optional("max_concurrent", Type::Number, "How many deployments go on at a time, at most. Defaults to `10`."),
                    optional("max_failures", Type::Number, "How many services may fail over the whole rollout before `on_failure` acts. Defaults to `0`."),
                    optional("on_failure", Type::String, "What happens after more failures than that: `stop`, the default, starts nothing more; `rollback` moves the services of the failed wave back as well, those that still have what this rollout gave them; `continue` goes on."),
                    optional("triggers", Type::map(Type::String), "Any values. When they change, every service is deployed again in the same waves, also where it has its task definition already (`forceNewDeployment`)."),
                    Attribute::new("region", Type::String, Mode::OptionalComputed, "Region of the services. Defaults to the provider's. A change is a new rollout."),
                    computed("id", Type::String, "Name of the cluster."),
                    computed("moves", Type::map(Type::String), "What the plan moves: the wave and the revision of each service that is not done, after the one that it had at the last refresh."),
                    computed("least_seconds", Type::Number, "How long the rollout takes at least, by its bake times and the request rate of ECS. Deployments take their time on top of it."),
                    computed("outcomes", Type::map(outcome_type()), "What became of each service: `status`, the `task_definition` that it has, the `previous` one, the ARN of its service `deployment`, the `reason` and the `wave`. `SUCCEEDED` and `UNCHANGED` are done. `BAKING`, `IN_PROGRESS`, `WAITING` (for a deployment of somebody else), `UNKNOWN` (the answer to the call was lost) and `ROLLING_BACK` are where an apply was interrupted. `NOT_STARTED`, `MISSING`, `OVERTAKEN` (it runs a newer revision of the family that the refresh before the plan did not show, as in the first apply of a rollout), `FAILED`, `ROLLED_BACK` and `ROLLBACK_FAILED` are tried again by the next apply."),
                    computed("summary", Type::String, "All of that in a sentence."),
                ],
                blocks: vec![wave_block(), timeouts],
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = timeouts::validate(config);
        let read = request::read(config, None);
        diagnostics.extend(read.diagnostics);
        if let Some(request) = read.request {
            let (_, problems) = request.plan();
            diagnostics.extend(problems.into_iter().map(request::diagnostic));
        }
        diagnostics
    }

    async fn read(&self, ctx: &Context, request: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        match self.configured() {
            Ok(configured) => {
                let running = Running::begin_within(ctx, limit(&request.state, Operation::Read));
                read::read(&configured, &running, request).await
            }
            Err(diagnostics) => (None, diagnostics),
        }
    }

    async fn plan(&self, ctx: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        match self.configured() {
            Ok(configured) => {
                let running = Running::begin_within(ctx, limit(&request.proposed_new_state, Operation::Read));
                plan::plan(&configured, &running, request).await
            }
            Err(diagnostics) => (None, diagnostics),
        }
    }

    async fn apply(&self, ctx: &Context, request: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        match self.configured() {
            Ok(configured) => apply::apply(&configured, ctx, request).await,
            Err(diagnostics) => (
                ApplyResponse { new_state: request.prior_state, private: request.planned_private },
                diagnostics,
            ),
        }
    }

    async fn import(&self, _: &Context, id: &str) -> (Vec<ImportedState>, Diagnostics) {
        let is_name = !id.is_empty()
            && id.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
        if !is_name {
            return (Vec::new(), one(say::not_a_rollout_id(id)));
        }
        let state = [("id", id), ("cluster", id)].map(|(name, text)| (name.to_owned(), Value::from(text)));
        let imported = ImportedState {
            type_name: self.type_name().to_owned(),
            state: state.into_iter().collect(),
            private: Vec::new(),
        };
        (vec![imported], Diagnostics::default())
    }

    async fn move_state(&self, _: &Context, request: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        (None, one(say::cannot_move(&request.source_type_name, &request.source_provider_address)))
    }
}
