//! PlanResourceChange: what a creation, an update or a destruction will lead to.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::{PlanRequest, PlanResponse, Provider};
use crate::protocol::Service;
use crate::protocol::catalogue::Known;
use crate::protocol::rpc::{guard, identity};
use crate::protocol::translate::{diagnostics, path, value};
use crate::protocol::wire::plan_resource_change::{Request, Response};
use crate::value::Value;

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let request = PlanRequest {
        prior_state: value::from_wire(request.prior_state.as_ref(), &known.ty, "prior state")?,
        proposed_new_state: value::from_wire(
            request.proposed_new_state.as_ref(),
            &known.ty,
            "proposed new state",
        )?,
        config: value::from_wire(request.config.as_ref(), &known.ty, "configuration")?,
        prior_private: request.prior_private,
    };
    let destroys = request.proposed_new_state.is_null();
    // Of a new object it is known at apply.
    let mut found = Diagnostics::default();
    let planned_identity = identity::of_state(resource, &request.prior_state, &mut found);
    let (planned, more) = resource.plan(&service.stop.context(), request).await;
    found.extend(more);
    let mut response = match planned {
        Some(planned) => translate(planned, destroys, known, &mut found),
        None => {
            if !found.has_errors() {
                found.push(guard::nothing("plan"));
            }
            Response::default()
        }
    };
    response.planned_identity = planned_identity;
    response.diagnostics = diagnostics::all_to_wire(found, &known.schema);
    Ok(response)
}

fn translate(mut planned: PlanResponse, destroys: bool, known: &Known, found: &mut Diagnostics) -> Response {
    if destroys {
        // Whatever else the provider thinks of, what is destroyed ends as null.
        planned.planned_state = Value::Null;
    }
    let strangers = planned.requires_replace.iter().filter(|path| !guard::is_path_of(path, known));
    found.extend(strangers.map(guard::unknown_path));
    Response {
        planned_state: guard::state(planned.planned_state, known, found, "planned state"),
        requires_replace: planned.requires_replace.iter().map(|path| path::to_wire(&path.0)).collect(),
        planned_private: planned.planned_private,
        ..Response::default()
    }
}
