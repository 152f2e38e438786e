//! OpenEphemeralResource: this layer has no ephemeral resources, so every name is unknown.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::open_ephemeral_resource::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    Err(service.catalogue.missing("ephemeral resource", &request.type_name))
}
