//! ImportResourceState: finds existing objects by the id that a practitioner typed.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::{ImportedState, Provider};
use crate::protocol::Service;
use crate::protocol::rpc::{guard, identity};
use crate::protocol::translate::diagnostics;
use crate::protocol::wire::import_resource_state::{ImportedResource, Request, Response};
use crate::value::Value;

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let given = identity::from_wire(resource, request.identity.as_ref())?;
    let (imported, mut found) = match given.is_null() {
        true => resource.import(&service.stop.context(), &request.id).await,
        false => resource.import_by_identity(&service.stop.context(), &given).await,
    };
    let mut imported_resources = Vec::new();
    for object in imported {
        imported_resources.extend(translate(service, object, &given, &mut found)?);
    }
    if imported_resources.is_empty() && !found.has_errors() {
        found.push(guard::nothing("import"));
    }
    Ok(Response {
        imported_resources,
        diagnostics: diagnostics::all_to_wire(found, &known.schema),
        ..Response::default()
    })
}

fn translate<P: Provider>(
    service: &Service<P>,
    object: ImportedState,
    given: &Value,
    found: &mut Diagnostics,
) -> Result<Option<ImportedResource>, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&object.type_name)?;
    let state = match object.state {
        Value::Map(given) => known.schema.block.complete(given),
        other => other,
    };
    // Who imports by identity has to be told one; the refresh that follows tells the rest of it.
    let identity = match given.is_null() {
        true => identity::of_state(resource, &state, found),
        false => identity::data(resource, given, found),
    };
    let state = guard::known_object(Some(state), known, found, "imported state");
    Ok(state.map(|state| ImportedResource {
        type_name: object.type_name,
        state: Some(state),
        private: object.private,
        identity,
    }))
}
