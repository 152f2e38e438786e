//! `ddrofs_ecs_task_definition`: a revision as it is registered, judged. The arguments are those of the resource.

use std::sync::Arc;

use async_trait::async_trait;

use crate::audit;
use crate::diagnostics::Diagnostics;
use crate::ecs::Arn;
use crate::ecs_client::{ErrorKind, Revision};
use crate::framework::{Context, DataSource};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{AttributePath, Type, Value};

use super::super::calling::{client, one};
use super::super::diagnostics as say;
use super::super::document_value::{finding_type, object};
use super::super::provider_block::Settled;
use super::super::resource::{as_registered, registered_attributes};
use super::super::timeouts::{Operation, Running};

/// Its name.
const NAME: &str = "ddrofs_ecs_task_definition";

/// The argument that names the revision.
const TASK_DEFINITION: &str = "task_definition";

/// The data source.
pub(in crate::provider) struct EcsTaskDefinition {
    settled: Arc<Settled>,
}

impl EcsTaskDefinition {
    pub(in crate::provider) fn new(settled: Arc<Settled>) -> Self {
        Self { settled }
    }

    async fn state(&self, ctx: &Context, config: &Value) -> Result<Value, Diagnostics> {
        let wanted = config.get(TASK_DEFINITION).as_str().unwrap_or_default();
        let doing = format!("reading {wanted}");
        let configured = self.settled.get().ok_or_else(|| one(say::not_configured(NAME)))?;
        if let Err(unknown) = &configured.clients {
            return Err(one(say::aws_settings_not_known_to_read(unknown, &doing)));
        }
        let running = Running::begin(ctx, &Value::Null, Operation::Read);
        let region = region(config);
        let client = client(&configured, &running, region, &doing).await?;
        let answer = client.describe_task_definition(wanted, &running.patience).await;
        let answer = answer.map_err(|error| match error.kind {
            ErrorKind::NotFound => one(say::no_such_task_definition(wanted, client.region(), at())),
            _ => one(running.failed(&error, &doing)),
        })?;
        let revision = Revision::of(answer).ok_or_else(|| one(say::answer_without_arn(wanted)))?;
        let arn = revision.arn.as_str();
        let without_containers = || one(say::answer_without_containers(arn));
        let judged = audit::judge(&revision).map_err(|_| without_containers())?;
        let mut state = as_registered(&revision).ok_or_else(without_containers)?;
        state.extend(outputs(&revision, &judged).map(|(name, value)| (name.to_owned(), value)));
        state.insert(TASK_DEFINITION.to_owned(), Value::from(wanted));
        state.insert("region".to_owned(), Value::from(client.region().to_owned()));
        Ok(Value::Map(state))
    }
}

fn at() -> AttributePath {
    AttributePath::root(TASK_DEFINITION)
}

/// The region that is written, or that of the ARN.
fn region(config: &Value) -> Option<&str> {
    let written = config.get("region").as_str();
    let of_arn = || {
        let arn = Arn::parse(config.get(TASK_DEFINITION).as_str()?)?;
        Some(arn.region).filter(|region| !region.is_empty())
    };
    written.or_else(of_arn)
}

fn outputs(revision: &Revision, judged: &audit::Revision) -> [(&'static str, Value); 8] {
    let verdicts = judged.verdicts.iter();
    let verdicts = verdicts.map(|(control, of)| ((*control).to_owned(), Value::from(of.verdict)));
    let text = |text: &Option<String>| text.clone().map(Value::from).unwrap_or_default();
    let finding = |one: &audit::Finding| {
        object([
            ("rule", Value::from(one.rule)),
            ("severity", Value::from(one.severity)),
            ("path", Value::from(one.path.as_str())),
            ("container", text(&one.container)),
            ("summary", Value::from(one.summary)),
            ("detail", Value::from(one.detail.as_str())),
            ("fix", Value::from(one.fix.as_str())),
            ("control", one.control.map(Value::from).unwrap_or_default()),
        ])
    };
    [
        ("id", Value::from(revision.arn.as_str())),
        ("arn", Value::from(revision.arn.as_str())),
        ("arn_without_revision", Value::from(revision.arn.without_revision())),
        ("revision", Value::from(revision.arn.revision())),
        ("status", Value::from(judged.status.as_str())),
        ("findings", Value::List(judged.findings.iter().map(finding).collect())),
        ("verdicts", verdicts.collect()),
        ("undecided", Value::from(judged.undecided.clone())),
    ]
}

#[async_trait]
impl DataSource for EcsTaskDefinition {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        let computed = |name: &str, ty: Type, about: &str| Attribute::new(name, ty, Mode::Computed, about);
        let text = |name: &str, about: &str| computed(name, Type::String, about);
        let mut attributes = vec![
            Attribute::new(
                TASK_DEFINITION,
                Type::String,
                Mode::Required,
                "Family, for its newest active revision; `family:revision` or the ARN of a revision, for that one, whether it is active or not.",
            ),
            Attribute::new(
                "region",
                Type::String,
                Mode::OptionalComputed,
                "Region to read in. Defaults to that of the ARN, and to the provider's.",
            ),
            text("id", "Same as `arn`."),
            text("arn", "ARN of the revision."),
            text("arn_without_revision", "ARN of the family."),
            computed("revision", Type::Number, "Number of the revision."),
            text("status", "`ACTIVE`, `INACTIVE`, or another word of ECS."),
            text("container_definitions", "The container definitions as JSON text, as they are registered.").sensitive(),
            text("json", "The whole task definition in its canonical form, as JSON text: what the resource of this name gives as `json`.").sensitive(),
            text("sha256", "SHA-256 of `json`: equal for equal meaning."),
            computed("findings", Type::list(finding_type()), "What the rules find in the revision: `severity` is `error`, `warning` or `note`, and no policy changes it. It holds no values of variables, secrets or labels."),
            computed("verdicts", Type::map(Type::String), "Security Hub control to `PASSED`, `FAILED`, `NOT_APPLICABLE` or `UNDECIDED`, over the whole task."),
            computed("undecided", Type::list(Type::String), "Names of the rules that could not decide."),
        ];
        attributes.extend(registered_attributes());
        Schema {
            version: 0,
            block: Block {
                description: "Reads a task definition as it is registered and judges it. Findings are in the attributes and not diagnostics, because the revision is there already; a `check` or a `postcondition` makes an error of what should be one. Terraform keeps what it reads in its state, with the values of plain variables in `container_definitions` and `json`, which are hidden in plans. It needs `ecs:DescribeTaskDefinition`.".to_owned(),
                attributes,
                blocks: Vec::new(),
            },
        }
    }

    async fn validate_config(&self, config: &Value) -> Diagnostics {
        match config.get(TASK_DEFINITION).as_str() {
            Some(wanted) if wanted.trim().is_empty() => one(say::no_task_definition_named(at())),
            _ => Diagnostics::default(),
        }
    }

    async fn read(&self, ctx: &Context, config: Value) -> (Option<Value>, Diagnostics) {
        match self.state(ctx, &config).await {
            Ok(state) => (Some(state), Diagnostics::default()),
            Err(diagnostics) => (None, diagnostics),
        }
    }
}
