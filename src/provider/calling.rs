//! What resources and data sources that call ECS share: the client, the region, and handy forms of their answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::ecs_client::EcsClient;
use crate::value::{Given, Value};

use super::diagnostics as say;
use super::provider_block::Configured;
use super::timeouts::Running;

/// A collection of one diagnostic.
pub(super) fn one(diagnostic: Diagnostic) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(diagnostic);
    diagnostics
}

/// The attributes of a value that is an object.
pub(super) fn attributes_of(value: Value) -> BTreeMap<String, Value> {
    match value {
        Value::Map(attributes) => attributes,
        _ => BTreeMap::new(),
    }
}

/// The client of the region that a state or a plan names. Until it is there nothing was sent to ECS, so a stop ends the
/// waiting for credentials at once.
pub(super) async fn client(
    configured: &Configured,
    ctx: &Running<'_>,
    region: Option<&str>,
    doing: &str,
) -> Result<Arc<EcsClient>, Diagnostics> {
    let clients =
        configured.clients.as_ref().map_err(|unknown| one(say::aws_settings_not_known(unknown, doing)))?;
    match ctx.patience.for_the_end_of(clients.for_region(region)).await {
        Ok(client) => client.map_err(|error| one(say::aws(&error, doing))),
        Err(ended) => Err(one(ctx.ended_before_sending(ended, doing))),
    }
}

/// What is wrong with the AWS settings that no call is needed to see: a plan tells it, and does not leave it to the apply.
/// Settings that are not known yet are judged when they are.
pub(super) async fn settings_that_cannot_be_used(configured: &Configured, doing: &str) -> Diagnostics {
    match &configured.clients {
        Ok(clients) => clients
            .check()
            .await
            .map_or_else(|error| one(say::aws(&error, doing)), |()| Diagnostics::default()),
        Err(_) => Diagnostics::default(),
    }
}

/// The region as written, or the provider's; what the AWS settings files say shows only when a client is built.
pub(super) fn region(config: &Value, configured: &Configured, prior_state: &Value) -> Value {
    let written = config.get("region");
    if !written.is_null() {
        return written.clone();
    }
    match (&configured.region, prior_state.get("region")) {
        (Given::Known(region), _) => Value::from(region.as_str()),
        (_, Value::Null) => Value::UNKNOWN,
        (_, before) => before.clone(),
    }
}
