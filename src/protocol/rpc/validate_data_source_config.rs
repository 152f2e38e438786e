//! ValidateDataSourceConfig: judges the block of a data source before the provider is configured.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::validate_data_source_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (data_source, known) = service.catalogue.data_source(&request.type_name)?;
    let config = value::from_wire(request.config.as_ref(), &known.ty, "configuration")?;
    let found = data_source.validate_config(&config).await;
    Ok(Response { diagnostics: diagnostics::all_to_wire(found, &known.schema) })
}
