//! Configure: hands the provider block over, once per process that plans or applies.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::configure::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let known = service.catalogue.own();
    let config = value::from_wire(request.config.as_ref(), &known.ty, "provider configuration")?;
    let ctx = service.stop.context();
    let found = service.catalogue.provider.configure(&ctx, config, &request.terraform_version).await;
    Ok(Response { diagnostics: diagnostics::all_to_wire(found, &known.schema) })
}
