//! Credentials that are had before the call that signs with them.
//!
//! The SDK looks for credentials inside a call. What a caller does with a call that was sent (waits for its answer
//! although Terraform asks to stop, says that its fate is not known) is wrong while a role is still being assumed. So they are
//! fetched first and kept here until the SDK asks.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

/// How long before their end credentials are fetched anew. The SDK's own cache does so ten seconds before.
const MARGIN: Duration = Duration::from_secs(60);

/// How long credentials without an end are kept, as in the SDK's own cache.
const WITHOUT_END: Duration = Duration::from_secs(15 * 60);

/// Keeps the credentials of a source.
pub(super) struct Held {
    source: SharedCredentialsProvider,
    last: Mutex<Option<(Credentials, Instant)>>,
}

impl fmt::Debug for Held {
    /// Shows nothing: credentials print their access key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Held")
    }
}

impl Held {
    pub(super) fn new(source: SharedCredentialsProvider) -> Self {
        Held { source, last: Mutex::default() }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let mut last = self.last.lock().await;
        if let Some((credentials, since)) = &*last
            && is_fresh(credentials.expiry(), since.elapsed(), SystemTime::now())
        {
            return Ok(credentials.clone());
        }
        let credentials = self.source.provide_credentials().await?;
        *last = Some((credentials.clone(), Instant::now()));
        Ok(credentials)
    }
}

fn is_fresh(expiry: Option<SystemTime>, age: Duration, now: SystemTime) -> bool {
    match expiry {
        Some(expiry) => now + MARGIN < expiry,
        None => age < WITHOUT_END,
    }
}

impl ProvideCredentials for Held {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_kept_until_shortly_before_their_end() {
        let now = SystemTime::now();
        assert!(is_fresh(Some(now + MARGIN * 2), WITHOUT_END * 9, now));
        assert!(!is_fresh(Some(now + MARGIN), Duration::ZERO, now));
        assert!(!is_fresh(Some(now - MARGIN), Duration::ZERO, now));
        assert!(is_fresh(None, Duration::ZERO, now));
        assert!(!is_fresh(None, WITHOUT_END, now));
    }
}
