//! UpgradeResourceIdentity: reads a stored identity. There is one version of each so far.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::{guard, identity, upgrade_resource_state};
use crate::protocol::translate::value;
use crate::protocol::wire::ResourceIdentityData;
use crate::protocol::wire::upgrade_resource_identity::{Request, Response};
use crate::value::json::{self, Surplus};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    request: Request,
) -> Result<Response, Diagnostic> {
    let missing = || service.catalogue.missing("resource identity", &request.type_name);
    let (resource, _) = service.catalogue.resource(&request.type_name).map_err(|_| missing())?;
    let ty = identity::type_of(resource).ok_or_else(missing)?;
    let raw = upgrade_resource_state::stored(request.raw_identity.clone().unwrap_or_default())?;
    let read = json::decode(&raw, &ty, Surplus::Dropped).map_err(|error| guard::unreadable(&error))?;
    let identity_data = value::to_wire(&read, &ty, "identity")?;
    Ok(Response { upgraded_identity: Some(ResourceIdentityData { identity_data }), ..Response::default() })
}
