//! ValidateListResourceConfig: whether a `list` block fits its schema, which is all that there is to say about one so far.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::list_resource::wanted;
use crate::protocol::wire::validate_list_resource_config::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    wanted(service, &request.type_name, request.config.as_ref())?;
    Ok(Response::default())
}
