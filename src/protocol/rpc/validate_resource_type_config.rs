//! ValidateResourceTypeConfig: judges the block of a resource before the provider is configured.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::validate_resource_type_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (resource, known) = service.catalogue.resource(&request.type_name)?;
    let config = value::from_wire(request.config.as_ref(), &known.ty, "configuration")?;
    let found = resource.validate_config(&config).await;
    Ok(Response { diagnostics: diagnostics::all_to_wire(found, &known.schema) })
}
