//! How AWS is reached, as plain data: what a provider block can say and nothing that cannot be carried out.
//!
//! Reads no environment and no file; a setting that is `None` is looked up by the SDK when the first client is made.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A text that never shows itself: `Debug` and `Display` print stars, and it has no serialization.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that signs with it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Everything that decides how AWS is reached. The names are those of the `hashicorp/aws` provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Region for whatever names none itself.
    pub region: Option<String>,
    /// Profile of the shared files. Given here, it wins over credentials in the environment.
    pub profile: Option<String>,
    /// Access key of static credentials; needs `secret_key`.
    pub access_key: Option<Secret>,
    /// Secret key of static credentials; needs `access_key`.
    pub secret_key: Option<Secret>,
    /// Session token of static credentials.
    pub token: Option<Secret>,
    /// Configuration files instead of `~/.aws/config`.
    pub shared_config_files: Vec<String>,
    /// Credential files instead of `~/.aws/credentials`.
    pub shared_credentials_files: Vec<String>,
    /// Roles to assume one after the other, each with the credentials of the one before.
    pub assume_role: Vec<AssumeRole>,
    /// Role to assume with a web identity token, in place of all other sources of credentials.
    pub assume_role_with_web_identity: Option<AssumeRoleWithWebIdentity>,
    /// Endpoints instead of the region's own.
    pub endpoints: Endpoints,
    /// How often a call is repeated. `None`: `AWS_MAX_ATTEMPTS` or the profile, else 24 times.
    pub max_retries: Option<u32>,
    /// Capacity of the bucket that the repeats of all calls draw on. `None` and 0: they draw on none.
    pub token_bucket_rate_limiter_capacity: Option<u32>,
    /// How repeats are paced. `None`: `AWS_RETRY_MODE` or the profile, else standard.
    pub retry_mode: Option<RetryMode>,
    /// Whether the FIPS endpoints are used.
    pub use_fips_endpoint: Option<bool>,
    /// Whether the dual-stack endpoints are used.
    pub use_dualstack_endpoint: Option<bool>,
    /// File with certificate authorities to trust beside the system's, in PEM. `None`: `AWS_CA_BUNDLE` or the profile.
    pub custom_ca_bundle: Option<String>,
    /// Proxy for plain-text endpoints and, while nothing names one for TLS, for all. `None`: `HTTP_PROXY`, else `ALL_PROXY`.
    pub http_proxy: Option<Secret>,
    /// Proxy for TLS endpoints. `None`: `HTTPS_PROXY`, else `http_proxy` or `ALL_PROXY`.
    pub https_proxy: Option<Secret>,
    /// Hosts that are reached without a proxy, separated by commas. `None`: `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Region whose STS is asked. `None`: `region`, else the first that is worked in.
    pub sts_region: Option<String>,
    /// Whether the first client waits for STS to know the credentials.
    pub validates_credentials: bool,
    /// Whether STS is never asked whose the credentials are.
    pub skip_requesting_account_id: bool,
    /// Whether the metadata service of an EC2 instance is left alone.
    pub skip_metadata_api_check: bool,
    /// Address of that service instead of the usual one.
    pub ec2_metadata_service_endpoint: Option<String>,
    /// Which of its usual addresses that service is asked at.
    pub ec2_metadata_service_endpoint_mode: Option<MetadataMode>,
    /// What calls name in their `User-Agent` as well, in the form `name/version (comment)`.
    pub user_agent: Vec<String>,
    /// Tags that others set and that are not looked at.
    pub ignore_tags: IgnoredTags,
    /// Accounts that may be worked on; empty allows all.
    pub allowed_account_ids: Vec<String>,
    /// Accounts that may not be worked on.
    pub forbidden_account_ids: Vec<String>,
}

impl Configuration {
    /// Whether a role is assumed on top of the first credentials.
    pub(super) fn has_roles(&self) -> bool {
        self.assume_role_with_web_identity.is_some() || !self.assume_role.is_empty()
    }
}

/// A role to assume.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssumeRole {
    /// ARN of the role.
    pub role_arn: String,
    /// Name of the session; `None` takes one that names this provider.
    pub session_name: Option<String>,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<Secret>,
    /// How long the session lasts; whole seconds count.
    pub duration: Option<Duration>,
    /// Session policy as JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of session tags that later roles of the chain inherit.
    pub transitive_tag_keys: Vec<String>,
    /// Source identity of the session.
    pub source_identity: Option<String>,
}

/// A role to assume with a token of an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumeRoleWithWebIdentity {
    /// ARN of the role.
    pub role_arn: String,
    /// Name of the session; `None` takes one that names this provider.
    pub session_name: Option<String>,
    /// The token or the file that holds it.
    pub token: WebIdentityToken,
    /// How long the session lasts; whole seconds count.
    pub duration: Option<Duration>,
    /// Session policy as JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
}

/// Where a web identity token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebIdentityToken {
    /// The token itself.
    Inline(Secret),
    /// A file, read again whenever new credentials are needed.
    File(String),
}

/// Endpoints instead of the region's own, as full URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Endpoint of ECS.
    pub ecs: Option<String>,
    /// Endpoint of STS.
    pub sts: Option<String>,
}

/// Tags that others set: they are in no answer, as if nobody had set them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IgnoredTags {
    /// Their keys.
    pub keys: Vec<String>,
    /// Beginnings of their keys.
    pub key_prefixes: Vec<String>,
}

impl IgnoredTags {
    /// Whether the tag with that key is one of them.
    pub fn covers(&self, key: &str) -> bool {
        self.keys.iter().any(|one| one == key) || self.key_prefixes.iter().any(|begin| key.starts_with(begin))
    }
}

/// The usual addresses of the metadata service of an EC2 instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataMode {
    /// `169.254.169.254`.
    Ipv4,
    /// `[fd00:ec2::254]`.
    Ipv6,
}

/// How repeats are paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMode {
    /// Exponential waits with jitter.
    Standard,
    /// The same, and the client slows itself down after it was throttled.
    Adaptive,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_a_configuration_holds_no_secret() {
        let configuration = Configuration {
            access_key: Some("AKIDVISIBLE".into()),
            secret_key: Some("SECRETVISIBLE".into()),
            token: Some("TOKENVISIBLE".into()),
            https_proxy: Some("http://user:PROXYVISIBLE@proxy:3128".into()),
            assume_role: vec![AssumeRole { external_id: Some("EXTVISIBLE".into()), ..AssumeRole::default() }],
            assume_role_with_web_identity: Some(AssumeRoleWithWebIdentity {
                role_arn: "arn:aws:iam::123456789012:role/web".to_owned(),
                session_name: None,
                token: WebIdentityToken::Inline("JWTVISIBLE".into()),
                duration: None,
                policy: None,
                policy_arns: Vec::new(),
            }),
            ..Configuration::default()
        };
        let printed = format!("{configuration:?} {configuration:#?}");
        assert!(!printed.contains("VISIBLE"), "{printed}");
        assert!(printed.contains("***"));
        assert_eq!(Secret::from("x").to_string(), "***");
    }
}
