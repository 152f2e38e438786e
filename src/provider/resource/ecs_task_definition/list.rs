//! The families that exist already, for `terraform query`.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::framework::{Context, ListRequest, Listed, ReadRequest, Resource};
use crate::schema::{Attribute, Block, Mode, Schema};
use crate::value::{Type, Value};

use super::super::super::calling::{client, one, region};
use super::super::super::timeouts::{Operation, Running};
use super::{EcsTaskDefinition, import};

/// What the block `config` of a `list` block can say.
pub(super) fn schema() -> Schema {
    let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Optional, about);
    let attributes = vec![
        text(
            "family_prefix",
            "How the names of the families begin. Not set, all families with an active revision are found.",
        ),
        text("region", "AWS region. Defaults to the provider's."),
    ];
    let description =
        "Finds the families of task definitions that have an active revision, in alphabetical order.";
    Schema {
        version: 0,
        block: Block { description: description.to_owned(), attributes, blocks: Vec::new() },
    }
}

/// The families, each with the state of its newest active revision where that is wanted.
pub(super) async fn list(
    resource: &EcsTaskDefinition,
    ctx: &Context,
    request: ListRequest,
) -> (Vec<Listed>, Diagnostics) {
    match found(resource, ctx, request).await {
        Ok(listed) => (listed, Diagnostics::default()),
        Err(diagnostics) => (Vec::new(), diagnostics),
    }
}

async fn found(
    resource: &EcsTaskDefinition,
    ctx: &Context,
    request: ListRequest,
) -> Result<Vec<Listed>, Diagnostics> {
    let configured = resource.configured()?;
    let doing = "listing task definitions";
    let running = Running::begin(ctx, &Value::Null, Operation::Read);
    let region = region(&request.config, &configured, &Value::Null);
    let client = client(&configured, &running, region.as_str(), doing).await?;
    let families = client.list_task_definition_families(&running.patience).await;
    let mut families = families.map_err(|error| one(running.failed(&error, doing)))?;
    let begin = request.config.get("family_prefix").as_str().unwrap_or_default();
    families.retain(|family| family.starts_with(begin));
    families.sort_unstable();
    let mut listed = Vec::new();
    for family in families.into_iter().take(request.limit) {
        let parts = [("family", family.as_str()), ("region", client.region())];
        let identity: Value =
            parts.into_iter().map(|(name, part)| (name.to_owned(), Value::from(part))).collect();
        let (state, diagnostics) = match request.with_state {
            true => state(resource, ctx, &identity).await,
            false => (None, Diagnostics::default()),
        };
        listed.push(Listed { identity, display_name: family, state, diagnostics });
    }
    Ok(listed)
}

/// The state that an import of it would give.
async fn state(
    resource: &EcsTaskDefinition,
    ctx: &Context,
    identity: &Value,
) -> (Option<Value>, Diagnostics) {
    let (imported, diagnostics) = import::import(&import::id_of(identity));
    let Some(imported) = imported.into_iter().next() else { return (None, diagnostics) };
    let state = match imported.state {
        Value::Map(given) => resource.schema().block.complete(given),
        _ => Value::Map(BTreeMap::new()),
    };
    let (read, diagnostics) = resource.read(ctx, ReadRequest { state, private: imported.private }).await;
    (read.map(|read| read.state), diagnostics)
}
