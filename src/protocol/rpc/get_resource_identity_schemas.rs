//! GetResourceIdentitySchemas: this layer has no resource identities, so the answer is empty.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::get_resource_identity_schemas::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    _: &Service<P>,
    _: Request,
) -> Result<Response, Diagnostic> {
    Ok(Response::default())
}
