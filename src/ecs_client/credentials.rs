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
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
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
use super::endpoint::endpoint;
use super::environment::{file_path, is_empty, variable};
use super::error::{CodeMeaning, EcsError, ErrorKind, chain, credentials_failure, meaning_of_code};
use super::region::instance_metadata;
use super::signable::{OF_CONFIGURATION, OF_ENVIRONMENT, OF_PROFILE, OF_SERVICE, Signable};

/// Session name while the configuration gives none.
const SESSION_NAME: &str = "terraform-provider-ddrofs";

/// The profile to read where the SDK would not find its name: the configuration's, and the usual one where the environment
/// names an empty one.
pub(super) fn profile_name(configuration: &Configuration) -> Option<String> {
    configuration.profile.clone().or_else(|| is_empty("AWS_PROFILE").then(|| "default".to_owned()))
}

/// The files with profiles where they are not the SDK's usual ones, `None` for those.
pub(super) fn profile_files(configuration: &Configuration) -> Option<EnvConfigFiles> {
    let named = [
        (EnvConfigFileKind::Config, &configuration.shared_config_files, "AWS_CONFIG_FILE", "~/.aws/config"),
        (
            EnvConfigFileKind::Credentials,
            &configuration.shared_credentials_files,
            "AWS_SHARED_CREDENTIALS_FILE",
            "~/.aws/credentials",
        ),
    ];
    if named.iter().all(|(_, files, variable, _)| files.is_empty() && !is_empty(variable)) {
        return None;
    }
    let mut files = EnvConfigFiles::builder();
    for (kind, paths, variable, usual) in named {
        if !paths.is_empty() {
            files = paths.iter().fold(files, |files, path| files.with_file(kind, file_path(path)));
        } else if is_empty(variable) {
            // A file that is named has to be there, and the usual one need not be.
            let usual = file_path(usual);
            files = match usual.exists() {
                true => files.with_file(kind, usual),
                false => files.with_contents(kind, ""),
            };
        } else if matches!(kind, EnvConfigFileKind::Config) {
            files = files.include_default_config_file(true);
        } else {
            files = files.include_default_credentials_file(true);
        }
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
            let credentials = Credentials::new(
                access_key.expose(),
                secret_key.expose(),
                configuration.token.as_ref().map(|token| token.expose().to_owned()),
                None,
                "provider configuration",
            );
            return Ok(SharedCredentialsProvider::new(Signable::new(OF_CONFIGURATION, credentials)));
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
    // A profile may say that its role is assumed with the keys of the environment.
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(provider_config)
        .with_custom_provider("Environment", environment());
    if let Some(files) = profile_files(configuration) {
        profile = profile.profile_files(files);
    }
    if let Some(name) = profile_name(configuration) {
        profile = profile.profile_name(name);
    }
    let profile = Signable::new(OF_PROFILE, profile.build());
    if configuration.profile.is_some() {
        return Ok(SharedCredentialsProvider::new(profile));
    }
    let mut chain = CredentialsProviderChain::first_try("environment variables", environment())
        .or_else("profile", profile)
        .or_else("web identity token", Signable::new(OF_SERVICE, web_identity(provider_config)));
    if ![RELATIVE_URI, FULL_URI].into_iter().any(is_empty) {
        let container = EcsCredentialsProvider::builder().configure(provider_config).build();
        chain = chain.or_else("container", Signable::new(OF_SERVICE, container));
    }
    let machine = ImdsCredentialsProvider::builder()
        .configure(provider_config)
        .imds_client(instance_metadata())
        .build();
    Ok(SharedCredentialsProvider::new(
        chain.or_else("EC2 instance metadata", Signable::new(OF_SERVICE, machine)),
    ))
}

/// Variables that lead a container to its credentials. The SDK takes an empty one for an address.
const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

fn environment() -> Signable<EnvironmentVariableCredentialsProvider> {
    Signable::new(OF_ENVIRONMENT, EnvironmentVariableCredentialsProvider::new())
}

/// The role of the environment's web identity token. The SDK takes an empty variable for a file's name.
fn web_identity(provider_config: &ProviderConfig) -> OptionalLink {
    let (file, role) = (variable("AWS_WEB_IDENTITY_TOKEN_FILE"), variable("AWS_ROLE_ARN"));
    let (Some(file), Some(role_arn)) = (file, role) else { return OptionalLink(None) };
    let role = StaticConfiguration {
        web_identity_token_file: PathBuf::from(file),
        role_arn,
        session_name: variable("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| SESSION_NAME.to_owned()),
    };
    let provider = WebIdentityTokenCredentialsProvider::builder()
        .static_configuration(role)
        .configure(provider_config)
        .build();
    OptionalLink(Some(provider))
}

/// A link of the chain that may not be there.
#[derive(Debug)]
struct OptionalLink(Option<WebIdentityTokenCredentialsProvider>);

impl ProvideCredentials for OptionalLink {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match &self.0 {
            Some(provider) => provider.provide_credentials(),
            None => future::ProvideCredentials::ready(Err(CredentialsError::not_loaded(
                "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set",
            ))),
        }
    }
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
    config.set_endpoint_url(endpoint(configuration.endpoints.sts.as_ref(), sts, "STS"));
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
            WebIdentityToken::File(path) => {
                let path = file_path(path);
                Secret::from(std::fs::read_to_string(&path).map_err(|error| {
                    CredentialsError::invalid_configuration(EcsError::local(
                        ErrorKind::NoCredentials,
                        "AssumeRoleWithWebIdentity",
                        format!("the web identity token file {} cannot be read: {error}", path.display()),
                    ))
                })?)
            }
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
