//! Carries a JSON document past the SDK's typed structures, in both directions.
//!
//! The SDK serializes an empty input for the operation, and with it the address, the target header and the
//! signature's settings. Before the retry loop starts, this interceptor puts our document in the place of that body:
//! early enough that every attempt sends and signs the same bytes. Afterwards it keeps the answer as it came.
//! It does not know what the document says.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecs::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef,
};
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use bytes::Bytes;

/// What one call sends, and what came back at its last attempt.
#[derive(Clone)]
pub(super) struct Exchange {
    body: Bytes,
    answer: Arc<Mutex<Option<Answer>>>,
}

/// An answer as it came.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// The whole body.
    pub(super) body: Bytes,
}

impl Exchange {
    /// Makes an exchange that sends `body`.
    pub(super) fn new(body: Bytes) -> Self {
        Exchange { body, answer: Arc::default() }
    }

    /// Takes the answer of the last attempt out, if a whole one came.
    pub(super) fn take_answer(&self) -> Option<Answer> {
        self.answer().take()
    }

    fn answer(&self) -> std::sync::MutexGuard<'_, Option<Answer>> {
        // Plain assignments cannot leave the value half-written, so a poisoned lock still holds a sound one.
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Exchange {
    /// Leaves the bodies out: they hold environment values, and the SDK prints interceptors in its traces.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Exchange").field("body_length", &self.body.len()).finish_non_exhaustive()
    }
}

impl Intercept for Exchange {
    fn name(&self) -> &'static str {
        "RawJson"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("content-length", self.body.len().to_string());
        *request.body_mut() = self.body.clone().into();
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        *self.answer() = None;
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        // The body is in memory by now; it is absent only when reading it broke off, and then there is no answer.
        *self.answer() = response
            .body()
            .bytes()
            .map(|body| Answer { status: response.status().as_u16(), body: Bytes::copy_from_slice(body) });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_body() {
        let exchange = Exchange::new(Bytes::from_static(b"{\"value\":\"hunter2\"}"));
        assert!(!format!("{exchange:?}").contains("hunter2"));
    }
}
