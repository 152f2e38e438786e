//! Where credentials come from: static keys, the usual sources of the SDK, and roles assumed on top.
//!
//! The chain is put together here rather than taken ready-made, because a profile that the configuration names must
//! win over the environment, and because the instance metadata service must not keep a plan waiting.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::operation::assume_role_with_web_identity::builders::AssumeRoleWithWebIdentityFluentBuilder;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use super::configuration::{AssumeRole, AssumeRoleWithWebIdentity, Configuration, Secret, WebIdentityToken};
use super::error::{CodeMeaning, EcsError, ErrorKind, chain, credentials_failure, meaning_of_code};
use super::region::instance_metadata;

/// Session name while the configuration gives none.
const SESSION_NAME: &str = "terraform-provider-ddrofs";

/// The files with profiles that the configuration names, `None` for the usual ones.
pub(super) fn profile_files(configuration: &Configuration) -> Option<EnvConfigFiles> {
    let (config, credentials) = (&configuration.shared_config_files, &configuration.shared_credentials_files);
    if config.is_empty() && credentials.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for file in config {
        files = files.with_file(EnvConfigFileKind::Config, PathBuf::from(file));
    }
    for file in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, PathBuf::from(file));
    }
    Some(files.build())
}

/// The first link: what the configuration says, else the sources every AWS tool knows.
pub(super) fn base_credentials(
    configuration: &Configuration,
    provider_config: &ProviderConfig,
) -> Result<SharedCredentialsProvider, EcsError> {
    match (&configuration.access_key, &configuration.secret_key) {
        (Some(access_key), Some(secret_key)) => {
            return Ok(SharedCredentialsProvider::new(Credentials::new(
                access_key.expose(),
                secret_key.expose(),
                configuration.token.as_ref().map(|token| token.expose().to_owned()),
                None,
                "provider configuration",
            )));
        }
        (Some(_), None) | (None, Some(_)) => {
            return Err(EcsError::local(
                ErrorKind::Configuration,
                "Configure",
                "`access_key` and `secret_key` belong together: give both or neither",
            ));
        }
        (None, None) => {}
    }
    let mut profile = ProfileFileCredentialsProvider::builder().configure(provider_config);
    if let Some(files) = profile_files(configuration) {
        profile = profile.profile_files(files);
    }
    if let Some(name) = &configuration.profile {
        return Ok(SharedCredentialsProvider::new(profile.profile_name(name).build()));
    }
    let chain = CredentialsProviderChain::first_try(
        "environment variables",
        EnvironmentVariableCredentialsProvider::new(),
    )
    .or_else("profile", profile.build())
    .or_else(
        "web identity token",
        WebIdentityTokenCredentialsProvider::builder().configure(provider_config).build(),
    )
    .or_else("container", EcsCredentialsProvider::builder().configure(provider_config).build())
    .or_else(
        "EC2 instance metadata",
        ImdsCredentialsProvider::builder()
            .configure(provider_config)
            .imds_client(instance_metadata())
            .build(),
    );
    Ok(SharedCredentialsProvider::new(chain))
}

/// The roles of the configuration on top of `base`, each assumed with the credentials of the one before.
/// `sts` carries endpoint, region and transport.
pub(super) fn with_assumed_roles(
    configuration: &Configuration,
    sts: &SdkConfig,
    base: SharedCredentialsProvider,
) -> SharedCredentialsProvider {
    let mut credentials = base;
    if let Some(role) = &configuration.assume_role_with_web_identity {
        let call = web_identity_call(role, &sts_client(configuration, sts, credentials));
        credentials = SharedCredentialsProvider::new(WebIdentityRole { call, token: role.token.clone() });
    }
    for role in &configuration.assume_role {
        let call = assume_role_call(role, &sts_client(configuration, sts, credentials));
        credentials = SharedCredentialsProvider::new(AssumedRole { call });
    }
    credentials
}

/// A client of STS that calls with the given credentials.
pub(super) fn sts_client(
    configuration: &Configuration,
    sts: &SdkConfig,
    credentials: SharedCredentialsProvider,
) -> aws_sdk_sts::Client {
    let mut config = aws_sdk_sts::config::Builder::from(sts).credentials_provider(credentials);
    if let Some(endpoint) = &configuration.endpoints.sts {
        config = config.endpoint_url(endpoint);
    }
    aws_sdk_sts::Client::from_conf(config.build())
}

/// The credentials of a role, assumed with the credentials of the client that makes the call.
struct AssumedRole {
    call: AssumeRoleFluentBuilder,
}

/// The credentials of a role, assumed with a web identity token.
struct WebIdentityRole {
    call: AssumeRoleWithWebIdentityFluentBuilder,
    token: WebIdentityToken,
}

/// The SDK prints its providers in traces, and a prepared call would print its external id with it.
impl fmt::Debug for AssumedRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AssumedRole")
    }
}

impl fmt::Debug for WebIdentityRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebIdentityRole")
    }
}

fn assume_role_call(role: &AssumeRole, sts: &aws_sdk_sts::Client) -> AssumeRoleFluentBuilder {
    sts.assume_role()
        .role_arn(&role.role_arn)
        .role_session_name(role.session_name.as_deref().unwrap_or(SESSION_NAME))
        .set_external_id(role.external_id.as_ref().map(|id| id.expose().to_owned()))
        .set_duration_seconds(role.duration.map(seconds))
        .set_policy(role.policy.clone())
        .set_policy_arns(policy_descriptors(&role.policy_arns))
        .set_tags(list_unless_empty(role.tags.iter().map(|(key, value)| {
            Tag::builder().key(key).value(value).build().expect("a tag with key and value is complete")
        })))
        .set_transitive_tag_keys(list_unless_empty(role.transitive_tag_keys.iter().cloned()))
        .set_source_identity(role.source_identity.clone())
}

fn web_identity_call(
    role: &AssumeRoleWithWebIdentity,
    sts: &aws_sdk_sts::Client,
) -> AssumeRoleWithWebIdentityFluentBuilder {
    sts.assume_role_with_web_identity()
        .role_arn(&role.role_arn)
        .role_session_name(role.session_name.as_deref().unwrap_or(SESSION_NAME))
        .set_duration_seconds(role.duration.map(seconds))
        .set_policy(role.policy.clone())
        .set_policy_arns(policy_descriptors(&role.policy_arns))
}

fn policy_descriptors(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    list_unless_empty(arns.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build()))
}

fn list_unless_empty<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

impl AssumedRole {
    async fn assume(&self) -> Result<Credentials, CredentialsError> {
        let answer = self.call.clone().send().await.map_err(|error| failure("AssumeRole", &error))?;
        credentials_from("AssumeRole", answer.credentials())
    }
}

impl WebIdentityRole {
    async fn assume(&self) -> Result<Credentials, CredentialsError> {
        let token = match &self.token {
            WebIdentityToken::Inline(token) => token.clone(),
            // A small local file; reading it takes less time than handing it to another thread.
            WebIdentityToken::File(path) => Secret::from(std::fs::read_to_string(path).map_err(|error| {
                CredentialsError::invalid_configuration(EcsError::local(
                    ErrorKind::NoCredentials,
                    "AssumeRoleWithWebIdentity",
                    format!("the web identity token file {path} cannot be read: {error}"),
                ))
            })?),
        };
        let answer = self
            .call
            .clone()
            .web_identity_token(token.expose().trim())
            .send()
            .await
            .map_err(|error| failure("AssumeRoleWithWebIdentity", &error))?;
        credentials_from("AssumeRoleWithWebIdentity", answer.credentials())
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        provide(self.assume())
    }
}

impl ProvideCredentials for WebIdentityRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        provide(self.assume())
    }
}

fn provide<'a>(
    assumed: impl Future<Output = Result<Credentials, CredentialsError>> + Send + 'a,
) -> future::ProvideCredentials<'a> {
    future::ProvideCredentials::new(assumed)
}

fn credentials_from(
    operation: &'static str,
    credentials: Option<&aws_sdk_sts::types::Credentials>,
) -> Result<Credentials, CredentialsError> {
    let credentials = credentials.ok_or_else(|| {
        CredentialsError::provider_error(EcsError::local(
            ErrorKind::NoCredentials,
            operation,
            "STS answered without credentials",
        ))
    })?;
    Ok(Credentials::new(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(credentials.session_token().to_owned()),
        std::time::SystemTime::try_from(*credentials.expiration()).ok(),
        operation,
    ))
}

/// A failed call to STS, carried through the SDK's own error so that the call to ECS fails with it.
fn failure<E>(operation: &'static str, error: &SdkError<E>) -> CredentialsError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    CredentialsError::provider_error(sts_error(operation, error))
}

/// Sorts a failed call to STS.
pub(super) fn sts_error<E>(operation: &'static str, error: &SdkError<E>) -> EcsError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let SdkError::ServiceError(context) = error else {
        return credentials_failure(error).map_or_else(
            || EcsError::local(ErrorKind::Unreachable, operation, chain(error)),
            |below| if below.operation.is_empty() { EcsError { operation, ..below } } else { below },
        );
    };
    let code = context.err().code();
    let kind = match code.map(meaning_of_code) {
        Some(CodeMeaning::AccessDenied) => ErrorKind::AccessDenied,
        Some(CodeMeaning::BadCredentials) => ErrorKind::NoCredentials,
        Some(CodeMeaning::Throttled) => ErrorKind::Throttled,
        Some(CodeMeaning::LimitExceeded) => ErrorKind::LimitExceeded,
        Some(CodeMeaning::Rejected) => ErrorKind::Rejected,
        _ => ErrorKind::Other,
    };
    let status = context.raw().status().as_u16();
    EcsError {
        kind,
        operation,
        code: code.map(str::to_owned),
        message: context
            .err()
            .message()
            .map_or_else(|| format!("STS answered with HTTP status {status}"), str::to_owned),
        request_id: error.request_id().map(str::to_owned),
    }
}
