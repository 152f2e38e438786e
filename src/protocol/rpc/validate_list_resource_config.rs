//! ValidateListResourceConfig: this layer has no list resources, so every name is unknown.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::validate_list_resource_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    Err(service.catalogue.missing("list resource", &request.type_name))
}
