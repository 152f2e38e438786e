//! Credentials that can be signed with. The SDK panics where a key cannot stand in an HTTP header.

use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};

use super::error::{EcsError, ErrorKind};

/// Whose credentials sign a call: what a person has to look at when AWS does not accept them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// Static keys of the provider block.
    ProviderBlock,
    /// Keys of the environment.
    Environment,
    /// A profile of the shared files, or what it leads to.
    Profile {
        /// The profile's name.
        name: String,
    },
    /// What a service on the network hands out: of a container, of EC2, or for a web identity.
    Service,
    /// The session of a role that the provider block names.
    Role {
        /// ARN of the role.
        arn: String,
    },
}

impl Signer {
    /// What the source calls its access key, secret key and session token.
    fn names(&self) -> [&'static str; 3] {
        match self {
            Signer::ProviderBlock => ["`access_key`", "`secret_key`", "`token`"],
            Signer::Environment => ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
            Signer::Profile { .. } => {
                ["the profile's access key", "the profile's secret key", "the profile's session token"]
            }
            Signer::Service | Signer::Role { .. } => [
                "the access key that a service handed out",
                "the secret key that a service handed out",
                "the session token that a service handed out",
            ],
        }
    }
}

/// The source that gave credentials last, of those that are tried one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct LastSource(Arc<Mutex<Option<Signer>>>);

impl LastSource {
    /// The source, once there was one.
    pub(super) fn signer(&self) -> Option<Signer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, signer: &Signer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(signer.clone());
    }
}

/// A source whose credentials are looked at before anybody signs with them.
#[derive(Debug)]
pub(super) struct Signable<P> {
    source: P,
    signer: Signer,
    last: LastSource,
}

impl<P: ProvideCredentials> Signable<P> {
    /// `last` is told of every success.
    pub(super) fn new(signer: Signer, last: &LastSource, source: P) -> Self {
        Signable { source, signer, last: last.clone() }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let credentials = self.source.provide_credentials().await?;
        match self.unfit(&credentials) {
            None => {
                self.last.remember(&self.signer);
                Ok(credentials)
            }
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
        self.signer
            .names()
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
