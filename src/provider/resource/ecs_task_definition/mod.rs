//! `ddrofs_ecs_task_definition`: registers task definitions, with the pattern applied.
//!
//! A change of content is an update in place that registers a new revision: `arn` and `revision` are planned unknown
//! exactly when the canonical form changes. Revisions are immutable, so a refresh looks at life and tags, not at
//! content, unless the newest revision is tracked.
//!
//! What is registered is what was planned. The configuration of an apply still holds what `ignore_changes` took out of the
//! plan (seen with Terraform 1.11.4, 2026-11), so an apply reads the planned state and never the configuration.

mod apply;
mod arguments;
mod before;
mod follow;
mod foreign;
mod ignored;
mod import;
mod list;
mod owned;
mod plan;
mod predecessor;
mod presets;
mod read;
mod registration;
mod retention;
mod tags;
mod written;

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostics::Diagnostics;
use crate::document::{self, Node};
use crate::ecs::{self, NoteKind};
use crate::framework::{
    ApplyRequest, ApplyResponse, Context, Identity, ImportedState, ListRequest, Listed, MoveRequest,
    MovedState, PlanRequest, PlanResponse, Predecessor, ReadRequest, ReadResponse, Resource,
};
use crate::rules::Policy;
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{Type, Value};

use super::super::agent_block;
use super::super::calling::{attributes_of, client, one};
use super::super::diagnostics as say;
use super::super::document_value::short_finding_type;
use super::super::policy_block::{self, InForce};
use super::super::provider_block::{Configured, Settled};
use super::super::task::{self, Ingredients, Kept, Task, TaskAround};
use super::super::timeouts::{self, Operation, Running};

pub(in crate::provider) use arguments::{argument_of, registered_attributes};
pub(in crate::provider) use read::as_registered;
pub(in crate::provider) use written::{configuration, phrase, place};

/// The resource.
pub(in crate::provider) struct EcsTaskDefinition {
    settled: Arc<Settled>,
    seen: before::Seen,
}

impl EcsTaskDefinition {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled, seen: before::Seen::default() }
    }

    fn configured(&self) -> Result<Arc<Configured>, Diagnostics> {
        self.settled.get().ok_or_else(|| one(say::not_configured("ddrofs_ecs_task_definition")))
    }
}

/// What the arguments of a task definition ask for.
struct Desired {
    task: Task,
    /// What would be registered, without tags, in canonical form.
    content: Node,
    /// The content as text; `None` while a part of it is not known.
    json: Option<String>,
    /// Hash of the text.
    sha256: Option<String>,
}

impl Desired {
    /// The same while something is not known that decides about a part of it.
    fn undecided(self) -> Self {
        Self { json: None, sha256: None, ..self }
    }
}

/// Puts together what arguments ask for: those of a configuration, of the state that a core proposes or of the planned one.
/// `configured` is absent in the validate walk.
fn desired(arguments: &Value, configured: Option<&Configured>, fleet: &Policy) -> (Desired, Diagnostics) {
    desired_keeping(arguments, configured, fleet, None)
}

/// The same, with what is kept of the containers that are registered.
fn desired_keeping(
    arguments: &Value,
    configured: Option<&Configured>,
    fleet: &Policy,
    kept: Option<Kept<'_>>,
) -> (Desired, Diagnostics) {
    let asked = agent_block::asked(arguments, configured.map(Configured::fleet), agent_block::block_at);
    let mut diagnostics = asked.diagnostics.clone();
    if let (Some(skip), Some(deregister)) =
        (arguments.bool("skip_destroy").known(), arguments.bool("deregister_on_destroy").known())
        && skip == deregister
    {
        diagnostics.push(say::destroy_settings_disagree());
    }
    diagnostics.extend(timeouts::validate(arguments));
    diagnostics.extend(retention::problem(arguments));
    let (mut around, mut notes) =
        ecs::leave_out_unset(arguments::to_document(arguments::ARGUMENTS, arguments));
    notes.retain(|note| note.kind != NoteKind::Null);
    around.insert("tags".to_owned(), tags::to_node(&tags::all(arguments, configured)));
    let task = task::assemble(Ingredients {
        asked: &asked,
        containers: arguments.get("container_definitions"),
        around: TaskAround::Whole(around),
        notes,
        policy: InForce::of(arguments, fleet),
        kept,
    });
    diagnostics.extend(foreign::mistake(arguments));
    diagnostics.extend(ignored::mistakes(arguments, &task));
    let content = content(&task.document);
    let json = document::to_json(&content).ok();
    let sha256 = json.as_deref().map(ecs::digest);
    (Desired { task, content, json, sha256 }, diagnostics)
}

/// What makes a revision: the document without its tags, in canonical form.
fn content(document: &Node) -> Node {
    let Node::Object(members) = document else { return Node::Unknown };
    let members = members.iter().filter(|(key, _)| *key != "tags");
    ecs::canonicalize(members.map(|(key, node)| (key.clone(), node.clone())).collect())
}

/// What an apply is: a destruction knows the timeouts of its state alone.
fn running<'c>(ctx: &'c Context, request: &ApplyRequest) -> Running<'c> {
    let ApplyRequest { prior_state, planned_state, .. } = request;
    match (prior_state.is_null(), planned_state.is_null()) {
        (_, true) => Running::begin(ctx, prior_state, Operation::Delete),
        (true, false) => Running::begin(ctx, planned_state, Operation::Create),
        (false, false) => Running::begin(ctx, planned_state, Operation::Update),
    }
}

#[async_trait]
impl Resource for EcsTaskDefinition {
    fn type_name(&self) -> &'static str {
        "ddrofs_ecs_task_definition"
    }

    fn schema(&self) -> Schema {
        let filled =
            |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::OptionalComputed, about);
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let mut attributes = arguments::attributes(arguments::ARGUMENTS);
        attributes.insert(1, Attribute::new("container_definitions", Type::Dynamic, Mode::Required, "The task's container definitions: JSON text, or the same structure written in HCL, where values that are not known yet stay harmless. Terraform keeps it in its state, and prints values of such an attribute in its own log at `TF_LOG=debug`: hand secrets to containers through `secrets`, never through `environment`."));
        attributes.extend([
            Attribute::new("region", Type::String, Mode::OptionalComputed, "Region to register in. Defaults to the provider's. A change registers anew there and destroys here."),
            filled("tags", Type::map(Type::String), "Tags of the task definition. The provider's `default_tags` are added."),
            filled("track_latest", Type::Bool, "Whether a refresh follows the newest active revision of the family rather than the one registered here. Defaults to `false`."),
            filled("skip_destroy", Type::Bool, "Whether the revision stays active when the resource is destroyed. Defaults to `false`."),
            filled("deregister_on_destroy", Type::Bool, "Whether the revision is deregistered when the resource is destroyed: `skip_destroy` the other way round. Defaults to `true`."),
            computed("id", Type::String, "The family."),
            computed("arn", Type::String, "ARN of the revision. Known after apply exactly when the content changes."),
            computed("arn_without_revision", Type::String, "ARN of the family: always its newest active revision, where ECS accepts one."),
            computed("revision", Type::Number, "Number of the revision."),
            computed("tags_all", Type::map(Type::String), "All tags, the provider's `default_tags` included."),
            Attribute::new("keep_json", Type::Bool, Mode::Optional, "Whether `json` is kept in the state. Defaults to `false`: Terraform writes its whole state after every resource that it applies, so an apply of many task definitions takes twice as long with a text of this size in each of them. The data source `ddrofs_ecs_task_definition` gives the same document at any time."),
            Attribute::new("adopt", Type::Bool, Mode::Optional, "Whether the newest active revision is taken as it is, instead of registering another one, where its content is what would be registered: what an apply that was killed had registered already, for one. Defaults to `true`. A revision that this resource did not register stays active when the resource is destroyed."),
            Attribute::new("keep_revisions", Type::Number, Mode::Optional, "How many of the newest revisions stay active, at least 2: the one in use, and the one to go back to. After a registration older ones are deregistered that this resource registered and nothing uses: no running or starting task, no service of any cluster of the region, no deployment and nothing that one goes back to. Where that cannot be looked at, because of a missing permission for one, they stay, and a warning says why. **Schedules of EventBridge, Step Functions and other callers of `RunTask` cannot be seen:** they should name the family rather than a revision. Without the argument every revision stays active until the resource is destroyed. A change of it takes effect with the next registration. It needs `ecs:ListClusters`, `ecs:ListServices`, `ecs:DescribeServices`, `ecs:ListTasks`, `ecs:DescribeTasks`, `ecs:ListServiceDeployments`, `ecs:DescribeServiceDeployments`, `ecs:DescribeServiceRevisions` and `ecs:DeregisterTaskDefinition`."),
            Attribute::new("delete_revisions", Type::Bool, Mode::Optional, "Whether revisions that this resource deregisters are deleted too, those that go by `keep_revisions` as well as all of them when the resource is destroyed. Defaults to `false`: they are `INACTIVE` then, can be looked at, and cannot be started any more. It needs `ecs:DeleteTaskDefinitions`."),
            computed("kept_revisions", Type::map(Type::String), "Revisions that stayed active after the last registration although they are beyond `keep_revisions`, by their number, and what uses each, such as `service prod/web`. Null without `keep_revisions`."),
            Attribute::new(foreign::ARGUMENT, Type::String, Mode::Optional, "What is done about a newer revision of the family that this resource did not register, such as one of a pipeline or of a person: `warn` shows in every plan who registered it, when, and what it changes, as long as it is the newest; `ignore` says nothing; `error` lets nothing be registered over it, and is a warning where nothing is to be registered. Defaults to `warn`. To follow such a revision is `track_latest`."),
            Attribute::new(ignored::ARGUMENT, Type::map(Type::set(Type::String)), Mode::Optional, "Keys of containers that somebody else sets, by the name of the container, as in `{ app = [\"image\"] }`, with the keys that `container_definitions` has. A revision that differs in nothing else is neither a warning nor a change; where something else changes, these keys are registered as the newest revision has them, and `change_summary` says whose that is. The first registration takes them from `container_definitions`. A key is kept whole: with `environment` every variable of the container."),
            computed("json", Type::String, "What was registered, in canonical form, as JSON text, where `keep_json` asks for it. Hidden in plans because it repeats what `container_definitions` holds, sensitive values included.").sensitive(),
            computed("sha256", Type::String, "SHA-256 of the canonical form: equal for equal meaning."),
            computed("findings", Type::list(short_finding_type()), "What the rules found when it was last registered, tagged, imported or moved, or its `policy` changed, as the policy has it: `severity` is `error`, `warning`, `note`, `waived` or `accepted`, and `summary` is what is wrong in a few words. What one argument of `agent` fixes in both containers of the Agent is listed once, at the Agent. Diagnostics, `data.ddrofs_task_definition_check` and the page of the rules say the rest. An error stops a registration. Where nothing is registered, because the content is that of the state, it is a warning in the plan."),
            computed("verdicts", Type::map(Type::String), "Security Hub control to `PASSED`, `FAILED`, `NOT_APPLICABLE` or `UNDECIDED`, over the whole task. No policy changes it. Beside an Agent that is added `ECS.20` is `FAILED`: its init container has to run as root, because ECS mounts volumes as root's. All else of that control passes with `user = \"100\"` for the Agent; `accept_sidecars` of the `policy` accepts the rest."),
            computed("change_summary", Type::String, "What the last registration changed, in words."),
        ]);
        let mut blocks = arguments::blocks(arguments::ARGUMENTS);
        blocks.push(agent_block::agent_block("The Agent beside the containers. Without the block there is none, and the checks still run. An empty block takes everything from the provider's."));
        blocks.push(agent_block::application_block());
        blocks.push(policy_block::policy_block(
            "What is made of findings here, added to the `policy` of the provider.",
        ));
        blocks.push(timeouts::timeouts_block());
        Schema {
            version: 0,
            block: Block {
                description: "An ECS task definition, with the Datadog Agent on a read-only root filesystem beside its containers. Takes the arguments of `aws_ecs_task_definition` under the same names. A change of content registers a new revision in place; equal meaning is not a change.".to_owned(),
                attributes,
                blocks,
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        let configured = self.settled.get();
        if configured.is_some() {
            // The plan that follows in this walk judges the same configuration with everything known.
            return Diagnostics::default();
        }
        let (desired, mut diagnostics) = desired(config, None, &self.settled.policy());
        diagnostics.extend(desired.task.report_rejections());
        diagnostics
    }

    async fn read(&self, ctx: &Context, request: ReadRequest) -> (Option<ReadResponse>, Diagnostics) {
        match self.configured() {
            Ok(configured) => {
                let ctx = Running::begin(ctx, &request.state, Operation::Read);
                read::read(&configured, &ctx, &self.seen, request).await
            }
            Err(diagnostics) => (None, diagnostics),
        }
    }

    async fn plan(&self, ctx: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics) {
        match self.configured() {
            Ok(configured) => {
                let ctx = Running::begin(ctx, &request.proposed_new_state, Operation::Read);
                plan::plan(&configured, &ctx, &self.seen, request).await
            }
            Err(diagnostics) => (None, diagnostics),
        }
    }

    async fn apply(&self, ctx: &Context, request: ApplyRequest) -> (ApplyResponse, Diagnostics) {
        match self.configured() {
            Ok(configured) => {
                let ctx = running(ctx, &request);
                apply::apply(&configured, &ctx, &self.seen, request).await
            }
            Err(diagnostics) => (
                ApplyResponse { new_state: request.prior_state, private: request.planned_private },
                diagnostics,
            ),
        }
    }

    async fn import(&self, _: &Context, id: &str) -> (Vec<ImportedState>, Diagnostics) {
        import::import(id)
    }

    fn list_schema(&self) -> Option<Schema> {
        Some(list::schema())
    }

    async fn list(&self, ctx: &Context, request: ListRequest) -> (Vec<Listed>, Diagnostics) {
        list::list(self, ctx, request).await
    }

    fn identity(&self) -> Option<Identity> {
        Some(import::identity())
    }

    fn identity_of(&self, state: &Value) -> Value {
        import::identity_of(state)
    }

    async fn import_by_identity(&self, _: &Context, identity: &Value) -> (Vec<ImportedState>, Diagnostics) {
        import::import(&import::id_of(identity))
    }

    async fn move_state(&self, _: &Context, request: MoveRequest) -> (Option<MovedState>, Diagnostics) {
        import::move_state(request)
    }

    fn sections(&self) -> &'static str {
        include_str!("pipeline.md")
    }

    fn predecessor(&self) -> Option<Predecessor> {
        Some(predecessor::predecessor())
    }
}
