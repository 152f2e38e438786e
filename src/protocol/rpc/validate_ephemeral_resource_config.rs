//! ValidateEphemeralResourceConfig: this layer has no ephemeral resources, so every name is unknown.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::validate_ephemeral_resource_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    Err(service.catalogue.missing("ephemeral resource", &request.type_name))
}
