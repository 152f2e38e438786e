//! GetMetadata: the names of everything. No core calls it; multiplexers do.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::capabilities;
use crate::protocol::wire::get_metadata::{
    DataSourceMetadata, FunctionMetadata, Request, ResourceMetadata, Response,
};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    _: Request,
) -> Result<Response, Diagnostic> {
    let provider = &service.catalogue.provider;
    Ok(Response {
        server_capabilities: Some(capabilities()),
        data_sources: provider
            .data_sources()
            .iter()
            .map(|source| DataSourceMetadata { type_name: source.type_name().to_owned() })
            .collect(),
        resources: provider
            .resources()
            .iter()
            .map(|resource| ResourceMetadata { type_name: resource.type_name().to_owned() })
            .collect(),
        functions: provider
            .functions()
            .iter()
            .map(|function| FunctionMetadata { name: function.name().to_owned() })
            .collect(),
        ..Response::default()
    })
}
