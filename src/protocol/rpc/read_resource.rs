//! ReadResource: refreshes. A null state says that the object is gone.

use crate::diagnostics::Diagnostic;
use crate::framework::{Provider, ReadRequest};
use crate::protocol::Service;
use crate::protocol::rpc::{guard, identity};
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::read_resource::{Request, Response};
use crate::value::Value;

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let state = value::from_wire(request.current_state.as_ref(), &known.ty, "current state")?;
    let request = ReadRequest { state, private: request.private };
    let (read, mut found) = resource.read(&service.stop.context(), request).await;
    let (new_identity, new_state, private) = match read {
        Some(read) => {
            let identity = identity::of_state(resource, &read.state, &mut found);
            let state = guard::known_state(Some(read.state), known, &mut found, "refreshed state");
            (identity, state, read.private)
        }
        None if found.has_errors() => (None, None, Vec::new()),
        None => (None, value::to_wire(&Value::Null, &known.ty, "refreshed state")?, Vec::new()),
    };
    Ok(Response {
        new_identity,
        new_state,
        private,
        diagnostics: diagnostics::all_to_wire(found, &known.schema),
        ..Response::default()
    })
}
