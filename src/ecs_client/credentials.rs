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
use aws_sdk_ecs::config::SharedHttpClient;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::operation::assume_role_with_web_identity::builders::AssumeRoleWithWebIdentityFluentBuilder;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use super::attempt::{LastAttempt, WhenAmbiguous};
use super::configuration::{AssumeRole, AssumeRoleWithWebIdentity, Configuration, Secret, WebIdentityToken};
use super::endpoint::{Endpoint, endpoint};
use super::environment::{file_path, is_empty, variable};
use super::error::{Circumstances, EcsError, ErrorKind};
use super::failure::Call;
use super::profiles::{asked_for, profile_files, profile_name};
use super::proxy::Proxies;
use super::region::{Region, instance_metadata};
use super::signable::{LastSource, Signable, Signer};
use super::user_agent::UserAgent;

/// Session name while the configuration gives none.
const SESSION_NAME: &str = "terraform-provider-ddrofs";

/// The first link: what the configuration says, else the sources every AWS tool knows.
pub(super) async fn base_credentials(
    configuration: &Configuration,
    provider_config: &ProviderConfig,
    transport: Option<&SharedHttpClient>,
    last: &LastSource,
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
            return Ok(SharedCredentialsProvider::new(Signable::new(
                Signer::ProviderBlock,
                last,
                credentials,
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
    // A profile may say that its role is assumed with the keys of the environment.
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(provider_config)
        .with_custom_provider("Environment", environment(last));
    if let Some(files) = profile_files(configuration) {
        profile = profile.profile_files(files);
    }
    if let Some(name) = profile_name(configuration) {
        profile = profile.profile_name(name);
    }
    let name = asked_for(configuration).map_or_else(|| "default".to_owned(), |(_, name)| name);
    let profile = Signable::new(Signer::Profile { name }, last, profile.build());
    if configuration.profile.is_some() {
        return Ok(SharedCredentialsProvider::new(profile));
    }
    let mut chain = CredentialsProviderChain::first_try("environment variables", environment(last))
        .or_else("profile", profile)
        .or_else("web identity token", Signable::new(Signer::Service, last, web_identity(provider_config)));
    if ![RELATIVE_URI, FULL_URI].into_iter().any(is_empty) {
        let container = EcsCredentialsProvider::builder().configure(provider_config).build();
        chain = chain.or_else("container", Signable::new(Signer::Service, last, container));
    }
    if let Some(client) = instance_metadata(configuration, transport).await? {
        let machine =
            ImdsCredentialsProvider::builder().configure(provider_config).imds_client(client).build();
        chain = chain.or_else("EC2 instance metadata", Signable::new(Signer::Service, last, machine));
    }
    Ok(SharedCredentialsProvider::new(chain))
}

/// Variables that lead a container to its credentials. The SDK takes an empty one for an address.
const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

fn environment(last: &LastSource) -> Signable<EnvironmentVariableCredentialsProvider> {
    Signable::new(Signer::Environment, last, EnvironmentVariableCredentialsProvider::new())
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

/// Who signs the calls to ECS: the last role of the configuration, else the source that gave credentials.
pub(super) fn last_signer(configuration: &Configuration, last: &LastSource) -> Option<Signer> {
    let web = configuration.assume_role_with_web_identity.as_ref().map(|role| &role.role_arn);
    let arn = configuration.assume_role.last().map(|role| &role.role_arn).or(web);
    arn.map(|arn| Signer::Role { arn: arn.clone() }).or_else(|| last.signer())
}

/// What lies between a call and its host: the setting that the host comes from, and a proxy.
pub(super) fn on_the_way(
    configuration: &Configuration,
    endpoint: Option<&Endpoint>,
    service: &str,
    region: &Region,
) -> Circumstances {
    let (host_setting, address) = match endpoint {
        Some(Endpoint { setting, url }) => (setting.clone(), url.clone()),
        None => (
            format!("the region {:?}, which is {}", region.name, region.setting),
            format!("https://{service}.{}.amazonaws.com", region.name),
        ),
    };
    let proxies = Proxies::of(configuration).unwrap_or_default();
    Circumstances {
        host_setting: Some(host_setting),
        proxy_setting: proxies.on_the_way_to(&address).map(|proxy| proxy.setting),
        ..Circumstances::default()
    }
}

/// Calls STS, and knows what to say when that fails.
pub(super) struct Sts<'a> {
    configuration: &'a Configuration,
    shared: &'a SdkConfig,
    endpoint: Option<Endpoint>,
    circumstances: Circumstances,
    user_agent: Option<UserAgent>,
    last: &'a LastSource,
}

impl<'a> Sts<'a> {
    /// `shared` carries region, endpoint and transport; `region` is the same region with its setting.
    pub(super) fn new(
        configuration: &'a Configuration,
        shared: &'a SdkConfig,
        region: Region,
        last: &'a LastSource,
    ) -> Result<Self, EcsError> {
        let endpoint = endpoint(configuration.endpoints.sts.as_ref(), shared, "STS")?;
        let circumstances = on_the_way(configuration, endpoint.as_ref(), "sts", &region);
        let user_agent = UserAgent::of(configuration)?;
        Ok(Sts { configuration, shared, endpoint, circumstances, user_agent, last })
    }

    /// A client that calls with the given credentials.
    fn client(&self, credentials: SharedCredentialsProvider) -> aws_sdk_sts::Client {
        let mut config = aws_sdk_sts::config::Builder::from(self.shared).credentials_provider(credentials);
        config.set_endpoint_url(self.endpoint.as_ref().map(|endpoint| endpoint.url.clone()));
        if let Some(user_agent) = self.user_agent.clone() {
            config = config.interceptor(user_agent);
        }
        aws_sdk_sts::Client::from_conf(config.build())
    }

    /// Whose credentials these are.
    pub(super) async fn caller_identity(
        &self,
        credentials: SharedCredentialsProvider,
        signer: Option<Signer>,
    ) -> Result<GetCallerIdentityOutput, EcsError> {
        let attempt = LastAttempt::default();
        let call = self.client(credentials).get_caller_identity();
        let answer = call.customize().interceptor(attempt.clone()).send().await;
        let circumstances = Circumstances { signer, ..self.circumstances.clone() };
        answer.map_err(|error| sts_call("GetCallerIdentity", &attempt, circumstances).failure(&error))
    }

    /// The roles of the configuration on top of `base`, each assumed with the credentials of the one before.
    pub(super) fn with_assumed_roles(&self, base: SharedCredentialsProvider) -> SharedCredentialsProvider {
        let mut credentials = base;
        let mut before: Option<Signer> = None;
        let Configuration { assume_role_with_web_identity: with_token, assume_role: roles, .. } =
            self.configuration;
        if let Some(role) = with_token {
            let call = web_identity_call(role, &self.client(credentials));
            let circumstances = self.of_role(&role.role_arn);
            let token = role.token.clone();
            credentials = SharedCredentialsProvider::new(WebIdentityRole { call, token, circumstances });
            before = Some(Signer::Role { arn: role.role_arn.clone() });
        }
        for role in roles {
            let call = assume_role_call(role, &self.client(credentials));
            let circumstances = self.of_role(&role.role_arn);
            let (before_it, last) = (before.take(), self.last.clone());
            credentials =
                SharedCredentialsProvider::new(AssumedRole { call, circumstances, before: before_it, last });
            before = Some(Signer::Role { arn: role.role_arn.clone() });
        }
        credentials
    }

    fn of_role(&self, arn: &str) -> Circumstances {
        Circumstances { role_arn: Some(arn.to_owned()), ..self.circumstances.clone() }
    }
}

/// A call to STS. Each of them may be repeated.
fn sts_call<'a>(operation: &'static str, attempt: &'a LastAttempt, circumstances: Circumstances) -> Call<'a> {
    Call { operation, when_ambiguous: WhenAmbiguous::Repeat, attempt, circumstances }
}

/// The credentials of a role, assumed with the credentials of the client that makes the call.
struct AssumedRole {
    call: AssumeRoleFluentBuilder,
    circumstances: Circumstances,
    /// The role whose credentials sign; without one it is the source of the first credentials.
    before: Option<Signer>,
    last: LastSource,
}

/// The credentials of a role, assumed with a web identity token.
struct WebIdentityRole {
    call: AssumeRoleWithWebIdentityFluentBuilder,
    token: WebIdentityToken,
    circumstances: Circumstances,
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
        let attempt = LastAttempt::default();
        let answer = self.call.clone().customize().interceptor(attempt.clone()).send().await;
        let answer = answer.map_err(|error| {
            let signer = self.before.clone().or_else(|| self.last.signer());
            let circumstances = Circumstances { signer, ..self.circumstances.clone() };
            CredentialsError::provider_error(sts_call("AssumeRole", &attempt, circumstances).failure(&error))
        })?;
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
                        ErrorKind::Configuration,
                        "AssumeRoleWithWebIdentity",
                        format!("the web identity token file {} cannot be read: {error}", path.display()),
                    ))
                })?)
            }
        };
        let attempt = LastAttempt::default();
        let call = self.call.clone().web_identity_token(token.expose().trim());
        let answer = call.customize().interceptor(attempt.clone()).send().await.map_err(|error| {
            let call = sts_call("AssumeRoleWithWebIdentity", &attempt, self.circumstances.clone());
            CredentialsError::provider_error(call.failure(&error))
        })?;
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
            ErrorKind::Other,
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
