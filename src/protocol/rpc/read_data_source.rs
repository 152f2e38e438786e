//! ReadDataSource: only ever called with a wholly known configuration, and answered with a wholly known state.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::guard;
use crate::protocol::translate::{diagnostics, value};
use crate::protocol::wire::read_data_source::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let (data_source, known) = service.catalogue.data_source(&request.type_name)?;
    let config = value::from_wire(request.config.as_ref(), &known.ty, "configuration")?;
    if !config.is_wholly_known() {
        return Err(Diagnostic::error(
            "Data source read too early",
            "Terraform asked for this data source while part of its configuration is not known yet. Terraform normally waits \
             until apply; please report this with the Terraform version to the provider's developers.",
        ));
    }
    let (state, mut found) = data_source.read(&service.stop.context(), config).await;
    let state = guard::known_object(state, known, &mut found, "state of the data source");
    Ok(Response { state, diagnostics: diagnostics::all_to_wire(found, &known.schema), ..Response::default() })
}
