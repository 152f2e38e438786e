//! UpgradeResourceState: brings stored state to the current schema. Called for every object in every walk, so the usual
//! case, state of the current version, is read straight against the schema.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::guard;
use crate::protocol::translate::diagnostics;
use crate::protocol::wire::RawState;
use crate::protocol::wire::upgrade_resource_state::{Request, Response};
use crate::value::Value;
use crate::value::json::{self, Surplus};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let raw = stored(request.raw_state.unwrap_or_default())?;
    let mut found = Diagnostics::default();
    let state = if request.version == known.schema.version {
        Some(json::decode(&raw, &known.ty, Surplus::Dropped).map_err(|error| guard::unreadable(&error))?)
    } else {
        let old = json::decode_untyped(&raw).map_err(|error| guard::unreadable(&error))?;
        let (upgraded, said) = resource.upgrade_state(request.version, old).await;
        found = said;
        let typed = upgraded.map(|state| json::revive_dynamic(state, &known.ty)).transpose();
        typed.map_err(|error| guard::unreadable(&error))?
    };
    let fitted = state.map(|state| match state {
        Value::Map(_) => known.schema.block.fit(&state),
        other => other,
    });
    let upgraded_state = guard::known_object(fitted, known, &mut found, "upgraded state");
    Ok(Response { upgraded_state, diagnostics: diagnostics::all_to_wire(found, &known.schema) })
}

/// The JSON text of the state.
pub(in crate::protocol) fn stored(state: RawState) -> Result<Vec<u8>, Diagnostic> {
    match state.json.is_empty() {
        false => Ok(state.json),
        true => Err(Diagnostic::error(
            "State is of a kind that cannot be read",
            "This state was written by Terraform 0.11 or older, before this provider existed. Remove the object with \
             \"terraform state rm\" and import it again.",
        )),
    }
}
