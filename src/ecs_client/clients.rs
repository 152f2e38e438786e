//! One client per region, made when it is first asked for; all share credentials and connections.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::{RetryConfig, RetryMode as SdkRetryMode};
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_ecs::config::SharedHttpClient;
use tokio::sync::{Mutex, OnceCell};

use super::client::EcsClient;
use super::configuration::Configuration;
use super::credentials::{Sts, base_credentials, last_signer, on_the_way};
use super::endpoint::endpoint;
use super::environment::variable;
use super::error::{Circumstances, EcsError, ErrorKind};
use super::failure::credentials_failure;
use super::held::Held;
use super::http::http_client;
use super::profiles::{chain, missing_profile, profile_files, profile_name};
use super::quiet::quietly;
use super::quota::Quota;
use super::region::{Region, default_region, named_region, sts_region};
use super::retry::{found_retry_config, pace, retry_config};
use super::signable::LastSource;
use super::user_agent::UserAgent;

/// Time for a connection to stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Time for one attempt. ECS answers within a second or two; a credential helper in front may take longer.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

/// Time for a call to STS with all its repeats.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3 * 60);

/// Time for all sources of credentials together.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(45);

/// The door to ECS: makes the client for a region when it is first needed.
pub struct EcsClients {
    configuration: Configuration,
    /// The transport; `None` in it leaves that to the SDK.
    transport: OnceCell<Option<SharedHttpClient>>,
    /// What all regions share.
    shared: OnceCell<SdkConfig>,
    default_region: OnceCell<Region>,
    /// The source that gave credentials.
    source: LastSource,
    /// Holds a value once the account has been looked at and found allowed.
    account_allowed: OnceCell<()>,
    /// The account of the credentials, once it was asked for.
    account: OnceCell<String>,
    by_region: Mutex<BTreeMap<String, Arc<EcsClient>>>,
}

impl fmt::Debug for EcsClients {
    /// Shows the configuration alone: the SDK's types print access keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EcsClients")
            .field("configuration", &self.configuration)
            .finish_non_exhaustive()
    }
}

impl EcsClients {
    /// Keeps the configuration; reads nothing and calls nobody.
    pub fn new(configuration: Configuration) -> Self {
        EcsClients {
            configuration,
            transport: OnceCell::new(),
            shared: OnceCell::new(),
            default_region: OnceCell::new(),
            source: LastSource::default(),
            account_allowed: OnceCell::new(),
            account: OnceCell::new(),
            by_region: Mutex::default(),
        }
    }

    /// Judges what stands outside the configuration and says how calls are made: the file with certificate authorities, the
    /// proxies, and what is added to the `User-Agent`. Calls nobody, so that a plan which needs no client can tell it.
    pub async fn check(&self) -> Result<(), EcsError> {
        UserAgent::of(&self.configuration)?;
        quietly(self.transport()).await.map(|_| ())
    }

    async fn transport(&self) -> Result<Option<&SharedHttpClient>, EcsError> {
        Ok(self.transport.get_or_try_init(|| http_client(&self.configuration)).await?.as_ref())
    }

    /// The client for a region, or for the default region. Credentials are there when it is: while this future runs,
    /// nothing was sent to ECS, and it may be dropped at any moment.
    pub async fn for_region(&self, region: Option<&str>) -> Result<Arc<EcsClient>, EcsError> {
        quietly(self.find_or_make(region)).await
    }

    async fn find_or_make(&self, region: Option<&str>) -> Result<Arc<EcsClient>, EcsError> {
        let region = match region.filter(|region| !region.is_empty()) {
            Some(region) => named_region(&self.configuration, region)?,
            None => {
                let transport = self.transport().await?;
                let find = || default_region(&self.configuration, transport);
                self.default_region.get_or_try_init(find).await?.clone()
            }
        };
        let shared = self.shared.get_or_try_init(|| self.load(&region)).await?;
        self.find_credentials(shared).await?;
        self.account_allowed.get_or_try_init(|| self.check_account(shared)).await?;
        let mut by_region = self.by_region.lock().await;
        if let Some(client) = by_region.get(&region.name) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(self.client(shared, &region)?);
        by_region.insert(region.name, Arc::clone(&client));
        Ok(client)
    }

    fn client(&self, shared: &SdkConfig, region: &Region) -> Result<EcsClient, EcsError> {
        let configuration = &self.configuration;
        let mut config = aws_sdk_ecs::config::Builder::from(shared)
            .region(aws_config::Region::new(region.name.clone()))
            .retry_config(RetryConfig::disabled());
        let retries = retry_config(configuration, shared)?;
        let endpoint = endpoint(configuration.endpoints.ecs.as_ref(), shared, "ECS")?;
        let circumstances = Circumstances {
            signer: last_signer(configuration, &self.source),
            ..on_the_way(configuration, endpoint.as_ref(), "ecs", region)
        };
        let is_paced = retries.mode() == SdkRetryMode::Adaptive
            || endpoint.as_ref().is_none_or(|endpoint| endpoint.is_of_aws());
        let pace = pace(is_paced)?;
        config.set_endpoint_url(endpoint.map(|endpoint| endpoint.url));
        if let Some(user_agent) = UserAgent::of(configuration)? {
            config = config.interceptor(user_agent);
        }
        let sdk = aws_sdk_ecs::Client::from_conf(config.build());
        let quota = Quota::new(configuration.token_bucket_rate_limiter_capacity);
        let retries = (retries.max_attempts(), quota);
        let ignored = configuration.ignore_tags.clone();
        Ok(EcsClient::new(&region.name, sdk, pace, retries, circumstances, ignored))
    }

    /// Reads the environment and the profiles, and says where credentials will come from. STS is asked in the
    /// configuration's region, or in the first that a client is made for.
    async fn load(&self, first_region: &Region) -> Result<SdkConfig, EcsError> {
        let configuration = &self.configuration;
        let sts_region = sts_region(configuration)?.unwrap_or_else(|| first_region.clone());
        let region = aws_config::Region::new(sts_region.name.clone());
        let transport = self.transport().await?;

        let mut provider_config = ProviderConfig::default().with_region(Some(region.clone()));
        if let Some(transport) = transport {
            provider_config = provider_config.with_http_client(transport.clone());
        }
        let base = base_credentials(configuration, &provider_config, transport, &self.source).await?;

        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let app_name = AppName::new(concat!("terraform-provider-ddrofs#", env!("CARGO_PKG_VERSION")))
            .expect("the characters of a crate's name and version are allowed in a user agent");
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(region)
            .timeout_config(timeouts)
            .app_name(app_name)
            // The SDK panics at settings of the environment that it cannot read; they are read below instead.
            .retry_config(RetryConfig::standard())
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
            .credentials_provider(base.clone());
        if let Some(transport) = transport {
            loader = loader.http_client(transport.clone());
        }
        if let Some(profile) = profile_name(configuration) {
            loader = loader.profile_name(profile);
        }
        if let Some(files) = profile_files(configuration) {
            loader = loader.profile_files(files);
        }
        if let Some(use_fips) = configuration.use_fips_endpoint {
            loader = loader.use_fips(use_fips);
        }
        if let Some(use_dual_stack) = configuration.use_dualstack_endpoint {
            loader = loader.use_dual_stack(use_dual_stack);
        }
        let loaded = loader.load().await;
        let retries = found_retry_config(configuration, &loaded)?;
        let loaded = loaded.into_builder().retry_config(retries).build();
        // A wrong endpoint of STS does no harm where STS is not called.
        let source = match configuration.has_roles() {
            true => Sts::new(configuration, &loaded, sts_region, &self.source)?.with_assumed_roles(base),
            false => base,
        };
        let credentials = Held::new(source);
        Ok(loaded.into_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build())
    }

    /// Whether STS may be asked whose the credentials are.
    pub fn asks_for_the_account(&self) -> bool {
        !self.configuration.skip_requesting_account_id
    }

    /// The account that the credentials belong to. Asks STS once.
    pub async fn account(&self) -> Result<String, EcsError> {
        let ask = async {
            let shared = self.shared.get().ok_or_else(|| {
                EcsError::local(ErrorKind::Other, "GetCallerIdentity", "no client was asked for yet")
            })?;
            self.ask_for_account(shared).await
        };
        quietly(self.account.get_or_try_init(|| ask)).await.cloned()
    }

    /// Finds out whether the account is one that may be worked on, if the configuration cares.
    async fn check_account(&self, shared: &SdkConfig) -> Result<(), EcsError> {
        let Configuration { allowed_account_ids: allowed, forbidden_account_ids: forbidden, .. } =
            &self.configuration;
        if allowed.is_empty() && forbidden.is_empty() && !self.configuration.validates_credentials {
            return Ok(());
        }
        let account = self.account.get_or_try_init(|| self.ask_for_account(shared)).await?;
        if forbidden.contains(account) || !(allowed.is_empty() || allowed.contains(account)) {
            return Err(EcsError::local(
                ErrorKind::Configuration,
                "GetCallerIdentity",
                format!(
                    "the credentials belong to AWS account {account}, which `allowed_account_ids` or \
                     `forbidden_account_ids` rules out. Use other credentials or change the lists"
                ),
            ));
        }
        Ok(())
    }

    async fn ask_for_account(&self, shared: &SdkConfig) -> Result<String, EcsError> {
        let credentials = shared.credentials_provider().expect("load puts a provider in place");
        let region = match sts_region(&self.configuration)? {
            Some(region) => region,
            None => {
                let region = shared.region().expect("load puts a region in place").to_string();
                named_region(&self.configuration, &region)?
            }
        };
        let sts = Sts::new(&self.configuration, shared, region, &self.source)?;
        let signer = last_signer(&self.configuration, &self.source);
        let identity = sts.caller_identity(credentials, signer).await?;
        Ok(identity.account().unwrap_or_default().to_owned())
    }

    /// Waits for credentials, which no call then has to do.
    async fn find_credentials(&self, shared: &SdkConfig) -> Result<(), EcsError> {
        let source = shared.credentials_provider().expect("load puts a provider in place");
        let failed = |message: String| EcsError::local(ErrorKind::NoCredentials, "Configure", message);
        let failure = match tokio::time::timeout(CREDENTIALS_TIMEOUT, source.provide_credentials()).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => credentials_failure(&error)
                .map(|failure| failure.named_after("Configure"))
                .unwrap_or_else(|| failed(error.to_string())),
            Err(_) => {
                let seconds = CREDENTIALS_TIMEOUT.as_secs();
                failed(format!("no source of credentials answered within {seconds} seconds"))
            }
        };
        Err(match (failure.kind, failure.operation) {
            (ErrorKind::NoCredentials, _) => self.of_profile(failure).await,
            (_, "AssumeRole") if failure.circumstances.role_arn.is_none() => {
                let role = chain(&self.configuration).await.role_arn;
                failure.of_role(role)
            }
            (_, "AssumeRoleWithWebIdentity") if failure.circumstances.role_arn.is_none() => {
                failure.of_role(variable("AWS_ROLE_ARN"))
            }
            _ => failure,
        })
    }

    /// No source had credentials: what the profile has to do with it.
    async fn of_profile(&self, failure: EcsError) -> EcsError {
        if let Some(missing) = missing_profile(&self.configuration).await {
            return missing;
        }
        match chain(&self.configuration).await.sso {
            Some(profile) => EcsError { kind: ErrorKind::SignInNeeded, ..failure }.of_profile(profile),
            None => failure,
        }
    }
}
