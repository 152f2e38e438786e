//! The contract between a provider and the protocol, in native types.
//!
//! Words and duties are those of Terraform's resource instance change lifecycle: configuration, prior state, proposed
//! new state, planned state, new state, upgraded state. Knows neither the wire nor ECS.

mod check;
mod identity;
mod listing;

pub use check::problems;
pub use identity::{Identity, IdentityAttribute};
pub use listing::{ListRequest, Listed};

use async_trait::async_trait;

use crate::diagnostics::{Diagnostics, FunctionError};
use crate::schema::Schema;
use crate::value::{AttributePath, Type, Value};

/// What every call that may take time is given.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Cancelled when Terraform asks the provider to stop; a running call then ends as soon as it safely can.
    pub stop: tokio_util::sync::CancellationToken,
}

/// A provider: its own schema and registers of everything it offers.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider's name as a practitioner sees it in errors about the provider itself.
    fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    /// Schema of the provider block.
    fn schema(&self) -> Schema;

    /// Every resource. Called often: must be cheap.
    fn resources(&self) -> &[Box<dyn Resource>];

    /// Every data source. Called often: must be cheap.
    fn data_sources(&self) -> &[Box<dyn DataSource>];

    /// Every function. Called often: must be cheap.
    fn functions(&self) -> &[Box<dyn Function>];

    /// What the first page says beside example and schema, in Markdown.
    fn sections(&self) -> &'static str {
        ""
    }

    /// Descriptions of the members of objects, for which protocol 5 has no place: the place as a page heads it, such as
    /// `findings.rule`, and Markdown.
    fn members(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The modules and constructs of others whose place the provider can take.
    fn replaced(&self) -> &'static [Replaced] {
        &[]
    }

    /// Judges the provider block. Anything may be unknown.
    async fn validate_config(&self, config: &Value) -> Diagnostics;

    /// Takes the provider block over. Unknown values are possible and must not be an error by themselves.
    async fn configure(&self, ctx: &Context, config: Value, terraform_version: &str) -> Diagnostics;
}

/// A data source.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// Full type name, with the provider's prefix.
    fn type_name(&self) -> &'static str;

    /// Schema of the block.
    fn schema(&self) -> Schema;

    /// Judges the configuration before the provider is configured. Anything may be unknown.
    async fn validate_config(&self, config: &Value) -> Diagnostics;

    /// Reads. `config` is wholly known. The answer holds every attribute of the schema and is wholly known; `None`
    /// goes with an error.
    async fn read(&self, ctx: &Context, config: Value) -> (Option<Value>, Diagnostics);
}

/// A managed resource.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// Full type name, with the provider's prefix.
    fn type_name(&self) -> &'static str;

    /// Schema of the block.
    fn schema(&self) -> Schema;

    /// Judges the configuration before the provider is configured. Anything may be unknown.
    async fn validate_config(&self, config: &Value) -> Diagnostics;

    /// Brings a state of an older version, already decoded from JSON without a schema, to the current one. The
    /// protocol layer drops attributes that the schema does not know and adds null for those it lacks.
    async fn upgrade_state(&self, version: i64, state: Value) -> (Option<Value>, Diagnostics) {
        let _ = version;
        (Some(state), Diagnostics::default())
    }

    /// Refreshes. `None` without an error says that the object is gone.
    async fn read(&self, ctx: &Context, request: ReadRequest) -> (Option<ReadResponse>, Diagnostics);

    /// Plans a creation or an update; destruction when `proposed_new_state` is null.
    async fn plan(&self, ctx: &Context, request: PlanRequest) -> (Option<PlanResponse>, Diagnostics);

    /// Creates, updates or destroys. A state beside an error is kept by Terraform: return what was reached.
    async fn apply(&self, ctx: &Context, request: ApplyRequest) -> (ApplyResponse, Diagnostics);

    /// Finds an existing object by the id that a practitioner typed.
    async fn import(&self, ctx: &Context, id: &str) -> (Vec<ImportedState>, Diagnostics);

    /// What names its objects; none where nothing does but their state.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// The identity of the object of a state; null while it is not known.
    fn identity_of(&self, state: &Value) -> Value {
        let _ = state;
        Value::Null
    }

    /// Finds an existing object by its [`identity`](Self::identity).
    async fn import_by_identity(&self, ctx: &Context, identity: &Value) -> (Vec<ImportedState>, Diagnostics) {
        let _ = (ctx, identity);
        (Vec::new(), Diagnostics::default())
    }

    /// What a `list` block can say of the objects that are wanted; none where they cannot be listed.
    fn list_schema(&self) -> Option<Schema> {
        None
    }

    /// Finds objects that exist.
    async fn list(&self, ctx: &Context, request: ListRequest) -> (Vec<Listed>, Diagnostics) {
        let _ = (ctx, request);
        (Vec::new(), Diagnostics::default())
    }

    /// Takes over the state of another resource type, or another provider's.
    async fn move_state(&self, ctx: &Context, request: MoveRequest) -> (Option<MovedState>, Diagnostics);

    /// Sections of its page, as Markdown with headings of the second level; an empty text for none.
    fn sections(&self) -> &'static str {
        ""
    }

    /// The resource of another provider whose place this one can take, if there is one.
    fn predecessor(&self) -> Option<Predecessor> {
        None
    }
}

/// Modules and constructs of others that write what a provider writes: what a guide for their users is made of.
#[derive(Debug, Clone, Copy)]
pub struct Replaced {
    /// The guide's file below `docs/guides/`, without its ending.
    pub file: &'static str,
    /// Title of the guide.
    pub title: &'static str,
    /// What it is about, in a sentence.
    pub about: &'static str,
    /// How to change over, and what is different, as Markdown.
    pub guide: &'static str,
    /// Each module by its name, with every input that it has.
    pub modules: &'static [(&'static str, &'static [ReplacedInput])],
}

/// An input of a module, and what takes its place. Texts are Markdown.
#[derive(Debug, Clone, Copy)]
pub struct ReplacedInput {
    /// Its name, after the names of the objects around it: `dd_apm.enabled`.
    pub input: &'static str,
    /// The argument of a resource that takes its place, after the names of the blocks around it: `agent.apm.enabled`. None
    /// where there is nothing.
    pub here: Option<&'static str>,
    /// What is different, or why there is nothing.
    pub remark: &'static str,
}

/// A resource of another provider whose arguments a resource of this one has too: what a guide for its users is made of.
#[derive(Debug, Clone)]
pub struct Predecessor {
    /// The other provider as its users call it, such as `hashicorp/aws`.
    pub provider: &'static str,
    /// Name of the resource there.
    pub type_name: &'static str,
    /// How to change over, and what is different, as Markdown that begins with a paragraph.
    pub guide: String,
    /// Arguments and attributes that both have, those of nested blocks included.
    pub shared: Vec<SharedArgument>,
    /// Names of the arguments, blocks and attributes of the resource itself that only this provider has.
    pub own: &'static [&'static str],
}

/// An argument, a block or an attribute that a resource and its [`Predecessor`] both have. Texts are Markdown.
#[derive(Debug, Clone)]
pub struct SharedArgument {
    /// Its name, after the names of the blocks around it: `volume.efs_volume_configuration.root_directory`.
    pub path: String,
    /// What it is there when nobody writes it.
    pub there: String,
    /// What it is here when nobody writes it.
    pub here: String,
    /// Why those differ; none where they do not.
    pub difference: Option<&'static str>,
    /// What an empty text, 0, false or an empty collection means, where there is something to say.
    pub empty: String,
}

/// The current state to refresh.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// State as last written.
    pub state: Value,
    /// The provider's own bytes beside the state.
    pub private: Vec<u8>,
}

/// The refreshed state.
#[derive(Debug, Clone)]
pub struct ReadResponse {
    /// State as found.
    pub state: Value,
    /// The provider's own bytes beside the state.
    pub private: Vec<u8>,
}

/// What Terraform proposes.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// State before; null for a creation.
    pub prior_state: Value,
    /// Configuration merged with the prior state's computed values; null for a destruction.
    pub proposed_new_state: Value,
    /// Configuration as written.
    pub config: Value,
    /// The provider's own bytes beside the prior state.
    pub prior_private: Vec<u8>,
}

/// What the provider plans.
#[derive(Debug, Clone)]
pub struct PlanResponse {
    /// State as it will be, unknown where only apply can tell.
    pub planned_state: Value,
    /// Changes to these attributes need a replacement.
    pub requires_replace: Vec<AttributePath>,
    /// The provider's own bytes, handed to apply.
    pub planned_private: Vec<u8>,
}

impl PlanResponse {
    /// The plan of a destruction, which hands on the provider's own bytes.
    pub fn destruction(private: Vec<u8>) -> Self {
        Self { planned_state: Value::Null, requires_replace: Vec::new(), planned_private: private }
    }
}

/// What has to be done.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// State before; null for a creation.
    pub prior_state: Value,
    /// State as planned; null for a destruction.
    pub planned_state: Value,
    /// Configuration as written, wholly known.
    pub config: Value,
    /// The provider's own bytes from the plan.
    pub planned_private: Vec<u8>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct ApplyResponse {
    /// State as it is now; null after a destruction.
    pub new_state: Value,
    /// The provider's own bytes beside the state.
    pub private: Vec<u8>,
}

/// An object that an import found.
#[derive(Debug, Clone)]
pub struct ImportedState {
    /// Full type name.
    pub type_name: String,
    /// Enough of the state for a refresh; attributes left out are null.
    pub state: Value,
    /// The provider's own bytes beside the state.
    pub private: Vec<u8>,
}

/// What a `moved` block leads to.
#[derive(Debug, Clone)]
pub struct MovedState {
    /// The state.
    pub state: Value,
    /// The provider's own bytes beside the state.
    pub private: Vec<u8>,
}

/// A state that a `moved` block brings.
#[derive(Debug, Clone)]
pub struct MoveRequest {
    /// Source address of the provider it comes from.
    pub source_provider_address: String,
    /// Resource type it comes from.
    pub source_type_name: String,
    /// Version of the schema it was written with.
    pub source_schema_version: i64,
    /// The state, decoded from JSON without a schema.
    pub source_state: Value,
    /// The other provider's own bytes.
    pub source_private: Vec<u8>,
}

/// A function: pure, called without configuration.
pub trait Function: Send + Sync + 'static {
    /// Name without a prefix.
    fn name(&self) -> &'static str;

    /// Parameters, result and documentation.
    fn signature(&self) -> Signature;

    /// Calls it with as many arguments as the signature has parameters, the variadic ones last.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// What a function takes and gives.
#[derive(Debug, Clone)]
pub struct Signature {
    /// One sentence.
    pub summary: String,
    /// The rest, as Markdown.
    pub description: String,
    /// Positional parameters.
    pub parameters: Vec<Parameter>,
    /// Any number of further arguments.
    pub variadic_parameter: Option<Parameter>,
    /// Type of the result.
    pub result: Type,
}

/// One parameter of a function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name, an HCL identifier.
    pub name: String,
    /// Type constraint.
    pub ty: Type,
    /// What it is, as Markdown.
    pub description: String,
    /// Whether null may be passed.
    pub allow_null: bool,
    /// Whether unknown values are passed; otherwise Terraform answers unknown by itself.
    pub allow_unknown: bool,
}
