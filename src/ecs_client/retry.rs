//! Which answers are worth asking again for.
//!
//! The SDK's own classifiers decide for most; the one here runs after them and corrects what is wrong for ECS.
//! How long to wait is left to the SDK (exponential, with jitter, 20 s at most).

use std::error::Error;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_config::SdkConfig;
use aws_sdk_ecs::config::interceptors::InterceptorContext;
use aws_sdk_ecs::config::retry::{
    ClassifyRetry, RetryAction, RetryConfig, RetryMode as SdkRetryMode, RetryPartition, TokenBucket,
};
use aws_sdk_ecs::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;

use super::attempt::WhenAmbiguous;
use super::configuration::{Configuration, RetryMode};
use super::endpoint::of_surroundings;
use super::error::{EcsError, ErrorKind};
use super::error_code::{CodeMeaning, is_concurrent_revision, meaning_of_code};
use super::failure::is_connect_failure;

/// Attempts while nobody has said how many. ECS hands out one registration a second once a burst of 20 is used up
/// (request throttling page, read 2026-11), so ten workers with the SDK's three attempts each would fail.
const DEFAULT_MAX_ATTEMPTS: u32 = 25;

/// Attempts at a service that cannot be reached: a wrong endpoint must not take minutes to show.
const MAX_CONNECT_ATTEMPTS: u32 = 3;

/// Attempts at a family whose revision is being made by somebody else at the same moment.
const MAX_CONCURRENT_REVISION_ATTEMPTS: u32 = 8;

/// What the environment and the profile say about repeats. What the configuration says anyway is not read there.
pub(super) fn found_retry_config(
    configuration: &Configuration,
    shared: &SdkConfig,
) -> Result<RetryConfig, EcsError> {
    let mut found = RetryConfig::standard();
    if configuration.max_retries.is_none()
        && let Some(attempts) = of_surroundings(shared, "ECS", "AWS_MAX_ATTEMPTS", "max_attempts")
    {
        let attempts = attempts.trim().parse().ok().filter(|attempts| *attempts > 0);
        found = found.with_max_attempts(attempts.ok_or_else(|| {
            unreadable("AWS_MAX_ATTEMPTS, or max_attempts of the profile, is not a whole number above 0")
        })?);
    }
    if configuration.retry_mode.is_none()
        && let Some(mode) = of_surroundings(shared, "ECS", "AWS_RETRY_MODE", "retry_mode")
    {
        let mode = mode.parse().map_err(|_| {
            unreadable(
                "AWS_RETRY_MODE, or retry_mode of the profile, is neither \"standard\" nor \"adaptive\"",
            )
        })?;
        found = found.with_retry_mode(mode);
    }
    Ok(found)
}

fn unreadable(message: &str) -> EcsError {
    EcsError::local(ErrorKind::Configuration, "Configure", message)
}

/// Settings of the retry strategy: what the configuration says, else what the SDK found, else our own default.
pub(super) fn retry_config(configuration: &Configuration, found: Option<&RetryConfig>) -> RetryConfig {
    let sdk_default = RetryConfig::standard();
    let mut config = found.cloned().unwrap_or_else(|| sdk_default.clone());
    if let Some(mode) = configuration.retry_mode {
        config = config.with_retry_mode(match mode {
            RetryMode::Standard => SdkRetryMode::Standard,
            RetryMode::Adaptive => SdkRetryMode::Adaptive,
        });
    }
    match configuration.max_retries {
        Some(retries) => config.with_max_attempts(retries.saturating_add(1)),
        // The SDK does not tell its default from a wish for exactly as many attempts, so that wish needs max_retries.
        None if config.max_attempts() == sdk_default.max_attempts() => {
            config.with_max_attempts(DEFAULT_MAX_ATTEMPTS)
        }
        None => config,
    }
}

/// A retry budget without a shared limit: during the rollout of a fleet many calls wait for the same bucket at ECS,
/// and the SDK's common budget of 500 tokens would make the last of them fail although each only needs patience.
pub(super) fn retry_partition(region: &str) -> RetryPartition {
    RetryPartition::custom(format!("ecs-{region}")).token_bucket(TokenBucket::unlimited()).build()
}

/// Corrects the SDK's verdicts for one call of an operation that fails with `E`; counts within that call, so every
/// call needs its own.
#[derive(Debug)]
pub(super) struct EcsRetryClassifier<E> {
    when_ambiguous: WhenAmbiguous,
    connect_failures: AtomicU32,
    concurrent_revisions: AtomicU32,
    error: PhantomData<fn() -> E>,
}

impl<E> EcsRetryClassifier<E> {
    /// Makes the classifier for one call.
    pub(super) fn new(when_ambiguous: WhenAmbiguous) -> Self {
        EcsRetryClassifier {
            when_ambiguous,
            connect_failures: AtomicU32::new(0),
            concurrent_revisions: AtomicU32::new(0),
            error: PhantomData,
        }
    }
}

impl<E> ClassifyRetry for EcsRetryClassifier<E>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        "ECS"
    }

    fn priority(&self) -> RetryClassifierPriority {
        // After the transient classifier, which the SDK runs last among its own.
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        if error.as_connector_error().is_some_and(is_connect_failure) {
            return match attempt_left(&self.connect_failures, MAX_CONNECT_ATTEMPTS) {
                true => RetryAction::transient_error(),
                false => RetryAction::RetryForbidden,
            };
        }
        let answer = error.as_operation_error().and_then(|error| error.downcast_ref::<E>());
        let code = answer.and_then(ProvideErrorMetadata::code);
        match code.map(meaning_of_code) {
            Some(CodeMeaning::Throttled) => return RetryAction::throttling_error(),
            // The SDK takes a used-up quota for throttling; waiting does not refill it.
            Some(CodeMeaning::LimitExceeded) => return RetryAction::RetryForbidden,
            _ => {}
        }
        if is_concurrent_revision(code, answer.and_then(ProvideErrorMetadata::message)) {
            return match attempt_left(&self.concurrent_revisions, MAX_CONCURRENT_REVISION_ATTEMPTS) {
                true => RetryAction::throttling_error(),
                false => RetryAction::RetryForbidden,
            };
        }
        match self.when_ambiguous {
            WhenAmbiguous::Repeat => RetryAction::NoActionIndicated,
            WhenAmbiguous::GiveUp => RetryAction::RetryForbidden,
        }
    }
}

/// Counts one more attempt and says whether another is left.
fn attempt_left(counter: &AtomicU32, most: u32) -> bool {
    counter.fetch_add(1, Ordering::Relaxed) + 1 < most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(configuration: &Configuration, found: Option<&RetryConfig>) -> u32 {
        retry_config(configuration, found).max_attempts()
    }

    #[test]
    fn attempts_come_from_the_configuration_then_from_the_environment_then_from_the_default() {
        let unset = Configuration::default();
        let two_retries = Configuration { max_retries: Some(2), ..Configuration::default() };
        let from_environment = RetryConfig::standard().with_max_attempts(7);
        assert_eq!(attempts(&two_retries, Some(&from_environment)), 3);
        assert_eq!(attempts(&unset, Some(&from_environment)), 7);
        assert_eq!(attempts(&unset, Some(&RetryConfig::standard())), DEFAULT_MAX_ATTEMPTS);
        assert_eq!(attempts(&Configuration { max_retries: Some(0), ..unset }, None), 1);
    }
}
