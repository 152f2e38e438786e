//! PrepareProviderConfig: judges the provider block. The answered configuration is ignored by cores and goes back as it
//! came.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::prepare_provider_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let known = service.catalogue.own();
    let config = value::from_wire(request.config.as_ref(), &known.ty, "provider configuration")?;
    let found = service.catalogue.provider.validate_config(&config).await;
    Ok(Response {
        prepared_config: request.config,
        diagnostics: diagnostics::all_to_wire(found, &known.schema),
    })
}
