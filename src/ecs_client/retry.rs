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
        && let Some(attempts) = attempts_of_surroundings(shared)?
    {
        found = found.with_max_attempts(attempts);
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

/// How many attempts the environment or the profile wants.
fn attempts_of_surroundings(shared: &SdkConfig) -> Result<Option<u32>, EcsError> {
    let Some(attempts) = of_surroundings(shared, "ECS", "AWS_MAX_ATTEMPTS", "max_attempts") else {
        return Ok(None);
    };
    match attempts.trim().parse().ok().filter(|attempts| *attempts > 0) {
        Some(attempts) => Ok(Some(attempts)),
        None => {
            Err(unreadable("AWS_MAX_ATTEMPTS, or max_attempts of the profile, is not a whole number above 0"))
        }
    }
}

fn unreadable(message: &str) -> EcsError {
    EcsError::local(ErrorKind::Configuration, "Configure", message)
}

/// How calls to ECS are repeated: what the configuration says, else the environment and the profile, else our own default.
pub(super) fn retry_config(
    configuration: &Configuration,
    shared: &SdkConfig,
) -> Result<RetryConfig, EcsError> {
    let config = shared.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    let config = match configuration.retry_mode {
        Some(RetryMode::Standard) => config.with_retry_mode(SdkRetryMode::Standard),
        Some(RetryMode::Adaptive) => config.with_retry_mode(SdkRetryMode::Adaptive),
        None => config,
    };
    let attempts = match configuration.max_retries {
        Some(retries) => Some(retries.saturating_add(1)),
        // The SDK's own number cannot be told from a wish for exactly as many.
        None => attempts_of_surroundings(shared)?,
    };
    Ok(config.with_max_attempts(attempts.unwrap_or(DEFAULT_MAX_ATTEMPTS)))
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

    #[test]
    fn attempts_come_from_the_configuration_and_else_from_the_default() {
        let shared = SdkConfig::builder().retry_config(RetryConfig::standard()).build();
        let attempts = |max_retries| {
            let configuration = Configuration { max_retries, ..Configuration::default() };
            retry_config(&configuration, &shared).unwrap().max_attempts()
        };
        assert_eq!(attempts(Some(2)), 3);
        assert_eq!(attempts(Some(0)), 1);
        assert_eq!(attempts(None), DEFAULT_MAX_ATTEMPTS);
    }
}
