//! Credentials that can be signed with. The SDK panics where a key cannot stand in an HTTP header.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};

use super::error::{EcsError, ErrorKind};

/// What a source calls its access key, secret key and session token.
pub(super) type Names = [&'static str; 3];

/// Names of the provider block.
pub(super) const OF_CONFIGURATION: Names = ["`access_key`", "`secret_key`", "`token`"];

/// Names of the environment.
pub(super) const OF_ENVIRONMENT: Names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Names of a profile, or of what a profile leads to.
pub(super) const OF_PROFILE: Names =
    ["the profile's access key", "the profile's secret key", "the profile's session token"];

/// Names of what a service on the network hands out.
pub(super) const OF_SERVICE: Names = [
    "the access key that a service handed out",
    "the secret key that a service handed out",
    "the session token that a service handed out",
];

/// A source whose credentials are looked at before anybody signs with them.
#[derive(Debug)]
pub(super) struct Signable<P> {
    source: P,
    names: Names,
}

impl<P: ProvideCredentials> Signable<P> {
    pub(super) fn new(names: Names, source: P) -> Self {
        Signable { source, names }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let credentials = self.source.provide_credentials().await?;
        match self.unfit(&credentials) {
            None => Ok(credentials),
            Some(name) => Err(CredentialsError::invalid_configuration(EcsError::local(
                ErrorKind::Configuration,
                "Configure",
                format!(
                    "{name} holds a control character, such as a line break at its end, and no request can be signed with \
                     it. If it is read from a file, take the line break off: trimspace(file(\"...\"))"
                ),
            ))),
        }
    }

    /// The name of the first part that no header can hold. The secret key stands in none, but a line break in it makes
    /// every signature wrong.
    fn unfit(&self, credentials: &Credentials) -> Option<&'static str> {
        let parts = [
            credentials.access_key_id(),
            credentials.secret_access_key(),
            credentials.session_token().unwrap_or_default(),
        ];
        self.names
            .into_iter()
            .zip(parts)
            .find(|(_, part)| part.contains(char::is_control))
            .map(|(name, _)| name)
    }
}

impl<P: ProvideCredentials> ProvideCredentials for Signable<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}
