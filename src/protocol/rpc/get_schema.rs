//! GetSchema: every schema and signature, once per Terraform command.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::rpc::capabilities;
use crate::protocol::translate::schema;
use crate::protocol::wire::get_provider_schema::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    _: Request,
) -> Result<Response, Diagnostic> {
    let catalogue = &service.catalogue;
    Ok(Response {
        provider: Some(schema::to_wire(&catalogue.own().schema)),
        resource_schemas: catalogue
            .resources()
            .map(|(resource, known)| (resource.type_name().to_owned(), schema::to_wire(&known.schema)))
            .collect(),
        data_source_schemas: catalogue
            .data_sources()
            .map(|(source, known)| (source.type_name().to_owned(), schema::to_wire(&known.schema)))
            .collect(),
        functions: catalogue
            .functions()
            .map(|(function, signature)| (function.name().to_owned(), schema::function_to_wire(signature)))
            .collect(),
        list_resource_schemas: catalogue
            .resources()
            .filter_map(|(resource, _)| {
                Some((resource.type_name().to_owned(), schema::to_wire(&resource.list_schema()?)))
            })
            .collect(),
        server_capabilities: Some(capabilities()),
        ..Response::default()
    })
}
