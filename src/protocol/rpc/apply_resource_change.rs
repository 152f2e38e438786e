//! ApplyResourceChange: creates, updates or destroys. Whatever goes wrong, a state that was reached goes back to
//! Terraform: an object that nobody remembers is worse than an error.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::{ApplyRequest, Provider};
use crate::protocol::Service;
use crate::protocol::catalogue::Known;
use crate::protocol::rpc::{guard, identity};
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::DynamicValue;
use crate::protocol::wire::apply_resource_change::{Request, Response};
use crate::value::Value;

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let request = ApplyRequest {
        prior_state: value::from_wire(request.prior_state.as_ref(), &known.ty, "prior state")?,
        planned_state: value::from_wire(request.planned_state.as_ref(), &known.ty, "planned state")?,
        config: value::from_wire(request.config.as_ref(), &known.ty, "configuration")?,
        planned_private: request.planned_private,
    };
    let (applied, mut found) = resource.apply(&service.stop.context(), request).await;
    Ok(Response {
        new_identity: identity::of_state(resource, &applied.new_state, &mut found),
        new_state: rescue(applied.new_state, known, &mut found),
        private: applied.private,
        diagnostics: diagnostics::all_to_wire(found, &known.schema),
        ..Response::default()
    })
}

/// The new state, or as much of it as fits the schema beside an error.
fn rescue(new_state: Value, known: &Known, found: &mut Diagnostics) -> Option<DynamicValue> {
    let what = "new state";
    if found.has_errors() && !new_state.is_null() {
        // After an error a half-known state is expected; what is unknown was not reached.
        return value::encode(&guard::without_unknown(&known.schema.block.fit(&new_state)), &known.ty).ok();
    }
    guard::known_state(Some(new_state.clone()), known, found, what).or_else(|| {
        value::encode(&guard::without_unknown(&known.schema.block.fit(&new_state)), &known.ty).ok()
    })
}
