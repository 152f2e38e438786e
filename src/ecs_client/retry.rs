//! How often and how patiently calls are repeated, as the configuration, the environment and the profile have it.

use aws_config::SdkConfig;
use aws_sdk_ecs::config::retry::{RetryConfig, RetryMode as SdkRetryMode};

use super::configuration::{Configuration, RetryMode};
use super::endpoint::of_surroundings;
use super::environment::variable;
use super::error::{EcsError, ErrorKind};
use super::pace::Pace;

/// Attempts while nobody has said how many. ECS hands out one registration a second once a burst of 20 is used up
/// (request throttling page, read 2026-11), so ten workers with the SDK's three attempts each would fail.
const DEFAULT_MAX_ATTEMPTS: u32 = 25;

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

/// Paces from the first call at any endpoint, and says how fast the clock goes: 1 is that of ECS.
const PACE_VARIABLE: &str = "DDROFS_ECS_PACE";

/// The pace of a client. What is known to be ECS is paced from the first call; so is everything where the environment asks.
pub(super) fn pace(is_paced: bool) -> Result<Pace, EcsError> {
    let Some(speed) = variable(PACE_VARIABLE) else { return Ok(Pace::new(1.0, is_paced)) };
    match speed.trim().parse::<f64>() {
        Ok(speed) if (0.01..=10_000.0).contains(&speed) => Ok(Pace::new(speed, true)),
        _ => Err(unreadable("DDROFS_ECS_PACE is not a number from 0.01 to 10000")),
    }
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
