//! MoveResourceState: takes over the state of another resource type, or another provider's.

use crate::diagnostics::Diagnostic;
use crate::framework::{MoveRequest, Provider};
use crate::protocol::Service;
use crate::protocol::rpc::{guard, identity, upgrade_resource_state};
use crate::protocol::translate::diagnostics;
use crate::protocol::wire::move_resource_state::{Request, Response};
use crate::value::{Value, json};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.target_type_name)?;
    let raw = upgrade_resource_state::stored(request.source_state.unwrap_or_default())?;
    let source_state = json::decode_untyped(&raw).map_err(|error| guard::unreadable(&error))?;
    let request = MoveRequest {
        source_provider_address: request.source_provider_address,
        source_type_name: request.source_type_name,
        source_schema_version: request.source_schema_version,
        source_state,
        source_private: request.source_private,
    };
    let (moved, mut found) = resource.move_state(&service.stop.context(), request).await;
    let (state, target_private) = match moved {
        Some(moved) => (Some(moved.state), moved.private),
        None => (None, Vec::new()),
    };
    let state = state.map(|state| match state {
        Value::Map(given) => known.schema.block.complete(given),
        other => other,
    });
    let target_identity = state.as_ref().and_then(|state| identity::of_state(resource, state, &mut found));
    let target_state = guard::known_object(state, known, &mut found, "moved state");
    Ok(Response {
        target_identity,
        target_state,
        target_private,
        diagnostics: diagnostics::all_to_wire(found, &known.schema),
    })
}
