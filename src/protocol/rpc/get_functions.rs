//! GetFunctions: the signatures alone. OpenTofu asks when GetSchema did not name a function.

use crate::diagnostics::Diagnostic;
use crate::framework::Provider;
use crate::protocol::Service;
use crate::protocol::translate::schema;
use crate::protocol::wire::get_functions::{Request, Response};

pub(in crate::protocol) async fn call<P: Provider>(
    service: &Service<P>,
    _: Request,
) -> Result<Response, Diagnostic> {
    let functions = service.catalogue.functions();
    Ok(Response {
        functions: functions
            .map(|(function, signature)| (function.name().to_owned(), schema::function_to_wire(signature)))
            .collect(),
        ..Response::default()
    })
}
