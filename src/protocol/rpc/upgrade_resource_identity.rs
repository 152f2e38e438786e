//! UpgradeResourceIdentity: without identities there is none to upgrade.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::wire::upgrade_resource_identity::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    Err(service.catalogue.missing("resource identity", &request.type_name))
}
