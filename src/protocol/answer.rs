//! What goes wrong around a call becomes part of its answer: a core throws away the text of a gRPC status, but shows
//! diagnostics as they are.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use tonic::{Response, Status};
use tracing::Instrument;
use tracing::field::Empty;

use super::rpc::list_resource::Events;
use super::translate::diagnostics;
use super::wire;
use crate::diagnostics::Diagnostic;
use crate::log_keys;

/// A response that can say that the call failed.
pub(super) trait Answer: Default {
    /// The response that only carries this error.
    fn failed(error: Diagnostic) -> Self;
}

macro_rules! answers_with_diagnostics {
    ($($message:ident),+ $(,)?) => {$(
        impl Answer for wire::$message::Response {
            fn failed(error: Diagnostic) -> Self {
                let mut response = Self::default();
                response.diagnostics.push(diagnostics::to_wire(error, None));
                response
            }
        }
    )+};
}

answers_with_diagnostics!(
    apply_resource_change,
    close_ephemeral_resource,
    configure,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    import_resource_state,
    move_resource_state,
    open_ephemeral_resource,
    plan_resource_change,
    prepare_provider_config,
    read_data_source,
    read_resource,
    renew_ephemeral_resource,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_data_source_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_resource_type_config,
);

impl Answer for Events {
    fn failed(error: Diagnostic) -> Self {
        let diagnostic = vec![diagnostics::to_wire(error, None)];
        Self(vec![wire::list_resource::Event { diagnostic, ..Default::default() }])
    }
}

impl Answer for wire::call_function::Response {
    fn failed(error: Diagnostic) -> Self {
        let detail = error.detail.strip_suffix('.').unwrap_or(&error.detail);
        let text = format!("{}: {detail}", error.summary);
        Self { result: None, error: Some(wire::FunctionError { text, function_argument: None }) }
    }
}

/// Runs a call to its end. An error and a panic are both answers; the process lives on.
pub(super) async fn answer<R: Answer>(
    provider: &str,
    rpc: &'static str,
    call: impl Future<Output = Result<R, Diagnostic>>,
) -> Result<Response<R>, Status> {
    // Whoever finds out what the call is about fills in the rest, and every line logged meanwhile carries it.
    let span = tracing::error_span!(
        "rpc",
        { log_keys::RPC } = rpc,
        { log_keys::RESOURCE_TYPE } = Empty,
        { log_keys::DATA_SOURCE_TYPE } = Empty,
        { log_keys::FUNCTION_NAME } = Empty,
    );
    async move {
        let begin = Instant::now();
        // What a provider keeps across calls is behind shared references and locks, so a panic leaves nothing half written.
        let response = match AssertUnwindSafe(call).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => R::failed(error),
            Err(payload) => R::failed(panicked(provider, rpc, payload)),
        };
        let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
        tracing::trace!({ log_keys::REQUEST_DURATION_MS } = milliseconds, "answered");
        Ok(Response::new(response))
    }
    .instrument(span)
    .await
}

/// The payload is dropped unread: its text may quote values, and this goes to a terminal and into logs of pipelines.
fn panicked(provider: &str, rpc: &str, payload: Box<dyn Any + Send>) -> Diagnostic {
    drop(payload);
    Diagnostic::error(
        "Provider crashed",
        format!(
            "{provider} {} met a situation in {rpc} that it did not expect. This is a bug in the provider, not in your \
             configuration. Please report it to the provider's developers with the version, the configuration that led \
             here and the place in the code, which is at the end of this output and in the log (TF_LOG=ERROR).",
            env!("CARGO_PKG_VERSION"),
        ),
    )
}
