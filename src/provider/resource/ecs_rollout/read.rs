//! A refresh: what each service has now.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostics;
use crate::framework::{ReadRequest, ReadResponse};
use crate::value::Value;

use super::super::super::provider_block::Configured;
use super::super::super::timeouts::Running;
use super::calls::{Calls, Found, Told};
use super::{attributes_of, client, one, outcomes, request};

/// Shows in `outcomes` what the services have. Nothing else of a rollout can change by itself.
pub(super) async fn read(
    configured: &Configured,
    running: &Running<'_>,
    request: ReadRequest,
) -> (Option<ReadResponse>, Diagnostics) {
    let ReadRequest { state, private } = request;
    match refreshed(configured, running, &state).await {
        Ok(refreshed) => {
            let state = refreshed.unwrap_or(state);
            (Some(ReadResponse { state, private }), Diagnostics::default())
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

async fn refreshed(
    configured: &Configured,
    running: &Running<'_>,
    state: &Value,
) -> Result<Option<Value>, Diagnostics> {
    let doing = "refreshing what services have";
    let mut known = outcomes::of(state);
    // Which account would be asked is not known yet, and what is in the state stays.
    if configured.clients.is_err() {
        return Ok(None);
    }
    let region = state.get("region").as_str().map(str::to_owned);
    let Some(plan) = request::read(state, region.as_deref()).request.and_then(|it| it.plan().0) else {
        return Ok(None);
    };
    let client = client(configured, running, region.as_deref(), doing).await?;
    let keys: Vec<String> = known.keys().filter(|key| plan.moves.contains_key(*key)).cloned().collect();
    let calls = Calls::new(client, running.patience.clone(), plan, BTreeSet::new());
    let mut told = Told::default();
    let found = calls.find(&keys, &mut told).await;
    if let Some(error) = &told.error {
        return Err(one(running.failed(error, doing)));
    }
    for (key, found) in found {
        let Some(outcome) = known.get_mut(&key) else { continue };
        outcome.task_definition = match found {
            Found::There(service) => Some(service.task_definition),
            Found::Missing | Found::Error(_) => None,
        };
    }
    let mut state = attributes_of(state.clone());
    state.insert("outcomes".to_owned(), outcomes::to_value(&known));
    Ok(Some(Value::Map(state)))
}
