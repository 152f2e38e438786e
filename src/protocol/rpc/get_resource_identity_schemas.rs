//! GetResourceIdentitySchemas: what names the objects of each resource.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::identity;
use crate::protocol::wire::get_resource_identity_schemas::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    _: Request,
) -> Result<Response, Diagnostic> {
    let schemas =
        service.catalogue.provider.resources().iter().filter_map(|resource| {
            Some((resource.type_name().to_owned(), identity::schema_of(&**resource)?))
        });
    Ok(Response { identity_schemas: schemas.collect(), ..Response::default() })
}
