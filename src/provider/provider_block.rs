//! The provider block: AWS settings under the names of the AWS provider, and the `agent` block of the fleet.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::ecs_client::{
    AssumeRole, AssumeRoleWithWebIdentity, Configuration, EcsClients, Endpoints, RetryMode, Secret,
    WebIdentityToken,
};
use crate::rules::Policy;
use crate::schema::{Attribute, Block, Mode, NestedBlock, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::{agent_block, diagnostics as say, policy_block};

/// What the provider block says, once Terraform has sent it.
#[derive(Default)]
pub(super) struct Settled {
    configured: RwLock<Option<Arc<Configured>>>,
    /// The policy of a block that was only validated.
    prepared: RwLock<Arc<Policy>>,
}

/// A configured provider.
pub(super) struct Configured {
    /// The fleet's `agent` block; null where there is none.
    pub(super) agent: Value,
    /// Tags on everything that is registered.
    pub(super) default_tags: Value,
    /// The fleet's policy.
    pub(super) policy: Arc<Policy>,
    /// The region of the block or of the environment; absent leaves it to the AWS settings files.
    pub(super) region: Given<String>,
    /// Clients, one a region, built when first needed.
    pub(super) clients: EcsClients,
}

impl Settled {
    /// The configuration, or `None` in a process that Terraform has not configured (the validate walk).
    pub(super) fn get(&self) -> Option<Arc<Configured>> {
        read(&self.configured)
    }

    /// The fleet's policy, as far as it is known.
    ///
    /// In the validate walk no provider is configured, but Terraform has its block judged before anything that uses it,
    /// in the same process and with variables unknown. It leaves that out where there is no block or nothing in it (seen
    /// with Terraform 1.11.4, 2026-11), which is a block without a policy.
    pub(super) fn policy(&self) -> Arc<Policy> {
        self.get().map_or_else(|| read(&self.prepared), |configured| Arc::clone(&configured.policy))
    }

    /// Judges the block, and keeps its policy for the rest of a walk in which the provider is not configured.
    pub(super) fn prepare(&self, config: &Value) -> Diagnostics {
        write(&self.prepared, Arc::new(policy_block::decode(config).policy));
        validate(config)
    }

    /// Takes the provider block over. Calls nothing and builds no client.
    pub(super) fn configure(&self, config: Value) -> Diagnostics {
        let diagnostics = validate(&config);
        let configured = Arc::new(Configured {
            agent: first(&config, "agent").clone(),
            default_tags: first(&config, "default_tags").get("tags").clone(),
            policy: Arc::new(policy_block::decode(&config).policy),
            region: match config.string("region") {
                Given::Known(region) => Given::Known(region.to_owned()),
                Given::Unknown => Given::Unknown,
                Given::Absent => region_of_environment().map_or(Given::Absent, Given::Known),
            },
            clients: EcsClients::new(client_configuration(&config)),
        });
        write(&self.configured, Some(configured));
        diagnostics
    }
}

/// What the lock holds. A panic elsewhere leaves it whole: values are only ever replaced.
fn read<T: Clone>(place: &RwLock<T>) -> T {
    place.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn write<T>(place: &RwLock<T>, value: T) {
    *place.write().unwrap_or_else(PoisonError::into_inner) = value;
}

/// The schema of the block.
pub(super) fn schema() -> Schema {
    let text = |name: &str, about: &str| Attribute::new(name, Type::String, Mode::Optional, about);
    let flag = |name: &str, about: &str| Attribute::new(name, Type::Bool, Mode::Optional, about);
    let texts =
        |name: &str, about: &str| Attribute::new(name, Type::list(Type::String), Mode::Optional, about);
    let block = |description: &str, attributes| Block {
        description: description.to_owned(),
        attributes,
        blocks: Vec::new(),
    };
    Schema {
        version: 0,
        block: Block {
            description: "Runs the Datadog Agent on a read-only root filesystem, and proves it at plan time. AWS settings carry the names of the `hashicorp/aws` provider and are all optional: nothing calls AWS until a resource needs it, so a configuration with only `ddrofs_agent_sidecar` plans offline and without credentials.".to_owned(),
            attributes: vec![
                text("region", "AWS region. Defaults to `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's region."),
                text("profile", "Profile of the shared configuration files. Defaults to `AWS_PROFILE`."),
                text("access_key", "AWS access key. Needs `secret_key`."),
                text("secret_key", "AWS secret key. Needs `access_key`.").sensitive(),
                text("token", "Session token of temporary credentials.").sensitive(),
                texts("shared_config_files", "Paths of the shared configuration files. Defaults to `~/.aws/config`."),
                texts("shared_credentials_files", "Paths of the shared credentials files. Defaults to `~/.aws/credentials`."),
                Attribute::new("max_retries", Type::Number, Mode::Optional, "How often a throttled or failed request is repeated. A registration is never repeated after an answer was lost: it could register twice."),
                text("retry_mode", "How requests are repeated: `standard` (the default) or `adaptive`."),
                text("custom_ca_bundle", "Path of a PEM file with further certificate authorities. Defaults to `AWS_CA_BUNDLE`."),
                flag("use_fips_endpoint", "Whether FIPS endpoints are used."),
                flag("use_dualstack_endpoint", "Whether dual-stack endpoints are used."),
                text("http_proxy", "URL of the proxy for `http` endpoints. Defaults to `HTTP_PROXY`."),
                text("https_proxy", "URL of the proxy for `https` endpoints. Defaults to `HTTPS_PROXY`."),
                text("no_proxy", "Hosts that are reached without a proxy, separated by commas. Defaults to `NO_PROXY`."),
                Attribute::new("allowed_account_ids", Type::set(Type::String), Mode::Optional, "The only AWS accounts that may be changed."),
                Attribute::new("forbidden_account_ids", Type::set(Type::String), Mode::Optional, "AWS accounts that must not be changed."),
            ],
            blocks: vec![
                NestedBlock::list("assume_role", Block {
                    description: "Role to assume; several are assumed one after the other.".to_owned(),
                    attributes: vec![
                        Attribute::new("role_arn", Type::String, Mode::Required, "ARN of the role."),
                        text("session_name", "Name of the session."),
                        text("external_id", "External id that the role's trust policy asks for."),
                        text("duration", "How long a session lasts, such as `15m` or `1h`. Between 15 minutes and 12 hours."),
                        text("policy", "Session policy as JSON, which narrows the role's permissions."),
                        Attribute::new("policy_arns", Type::set(Type::String), Mode::Optional, "ARNs of managed policies that narrow the role's permissions."),
                        Attribute::new("tags", Type::map(Type::String), Mode::Optional, "Session tags."),
                        Attribute::new("transitive_tag_keys", Type::set(Type::String), Mode::Optional, "Keys of the session tags that roles assumed further on keep."),
                        text("source_identity", "Source identity of the session."),
                    ],
                    blocks: Vec::new(),
                }),
                NestedBlock::at_most_one("assume_role_with_web_identity", block("Role to assume with a token of an OpenID Connect provider.", vec![
                    Attribute::new("role_arn", Type::String, Mode::Required, "ARN of the role."),
                    text("session_name", "Name of the session."),
                    text("web_identity_token", "The token.").sensitive(),
                    text("web_identity_token_file", "Path of a file that holds the token."),
                    text("duration", "How long a session lasts, such as `15m` or `1h`."),
                    text("policy", "Session policy as JSON, which narrows the role's permissions."),
                    Attribute::new("policy_arns", Type::set(Type::String), Mode::Optional, "ARNs of managed policies that narrow the role's permissions."),
                ])),
                NestedBlock::at_most_one("endpoints", block("Endpoints in the place of AWS's own.", vec![
                    text("ecs", "URL of the ECS endpoint."),
                    text("sts", "URL of the STS endpoint."),
                ])),
                NestedBlock::at_most_one("default_tags", block("Tags on everything that is registered.", vec![
                    Attribute::new("tags", Type::map(Type::String), Mode::Optional, "The tags. A resource's own tag of the same key wins."),
                ])),
                agent_block::agent_block("What every Agent of the fleet shares. A data source or a resource overrides it field by field."),
                policy_block::policy_block("What the fleet makes of findings. The `policy` of a data source or a resource adds to it."),
            ],
        },
    }
}

/// Judges the block, configured or not.
pub(super) fn validate(config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for (one, other) in [("access_key", "secret_key"), ("secret_key", "access_key"), ("token", "access_key")]
    {
        if !config.get(one).is_null() && config.get(other).is_null() {
            diagnostics.push(say::aws_configuration(
                &format!("{one} is set and {other} is not. Static credentials need both."),
                AttributePath::root(one),
            ));
        }
    }
    if let Some(mode) = config.string("retry_mode").known()
        && !["standard", "adaptive"].contains(&mode)
    {
        diagnostics.push(say::not_one_of(
            "retry_mode",
            mode,
            &["standard", "adaptive"],
            AttributePath::root("retry_mode"),
        ));
    }
    for (index, role) in config.get("assume_role").elements().iter().enumerate() {
        if let Some(duration) = role.string("duration").known()
            && session_duration(duration).is_none()
        {
            let at = AttributePath::root("assume_role").index(i64::try_from(index).unwrap_or(i64::MAX));
            diagnostics.push(say::aws_configuration(
                &format!("duration is \"{duration}\". Write hours, minutes and seconds between 15m and 12h, such as \"1h30m\"."),
                at.attribute("duration"),
            ));
        }
    }
    diagnostics.extend(policy_block::decode(config).diagnostics);
    // What a sidecar lacks is judged where the sidecar stands; only what is wrong in the block itself is said here.
    let agent = first(config, "agent");
    if !agent.is_null() {
        let at = AttributePath::root("agent").index(0);
        let layers = agent_block::Layers { own: agent, fleet: &Value::Null, configured: false };
        diagnostics.extend(agent_block::decode(layers, &at).diagnostics);
    }
    diagnostics
}

fn client_configuration(config: &Value) -> Configuration {
    let text = |name: &str| config.string(name).known().map(str::to_owned);
    let endpoints = first(config, "endpoints");
    Configuration {
        region: text("region"),
        profile: text("profile"),
        access_key: text("access_key").map(Secret::from),
        secret_key: text("secret_key").map(Secret::from),
        token: text("token").map(Secret::from),
        shared_config_files: strings(config.get("shared_config_files")),
        shared_credentials_files: strings(config.get("shared_credentials_files")),
        assume_role: config.get("assume_role").elements().iter().map(assume_role).collect(),
        endpoints: Endpoints {
            ecs: endpoints.string("ecs").known().map(str::to_owned),
            sts: endpoints.string("sts").known().map(str::to_owned),
        },
        max_retries: config.integer("max_retries").known().and_then(|retries| u32::try_from(retries).ok()),
        retry_mode: match text("retry_mode").as_deref() {
            Some("adaptive") => Some(RetryMode::Adaptive),
            Some(_) => Some(RetryMode::Standard),
            None => None,
        },
        // The SDK does not read this variable, and the other AWS tools do.
        custom_ca_bundle: text("custom_ca_bundle").or_else(|| of_environment(&["AWS_CA_BUNDLE"])),
        use_fips_endpoint: config.bool("use_fips_endpoint").known(),
        use_dualstack_endpoint: config.bool("use_dualstack_endpoint").known(),
        http_proxy: text("http_proxy").map(Secret::from),
        https_proxy: text("https_proxy").map(Secret::from),
        no_proxy: text("no_proxy"),
        allowed_account_ids: strings(config.get("allowed_account_ids")),
        forbidden_account_ids: strings(config.get("forbidden_account_ids")),
        assume_role_with_web_identity: web_identity(first(config, "assume_role_with_web_identity")),
    }
}

fn web_identity(block: &Value) -> Option<AssumeRoleWithWebIdentity> {
    let text = |name: &str| block.string(name).known().map(str::to_owned);
    let token = match (text("web_identity_token"), text("web_identity_token_file")) {
        (Some(token), _) => WebIdentityToken::Inline(Secret::from(token)),
        (None, Some(path)) => WebIdentityToken::File(path),
        (None, None) => return None,
    };
    Some(AssumeRoleWithWebIdentity {
        role_arn: text("role_arn").unwrap_or_default(),
        session_name: text("session_name"),
        token,
        duration: text("duration").and_then(|duration| session_duration(&duration)),
        policy: text("policy"),
        policy_arns: strings(block.get("policy_arns")),
    })
}

fn assume_role(block: &Value) -> AssumeRole {
    let text = |name: &str| block.string(name).known().map(str::to_owned);
    AssumeRole {
        role_arn: text("role_arn").unwrap_or_default(),
        session_name: text("session_name"),
        external_id: text("external_id").map(Secret::from),
        duration: text("duration").and_then(|duration| session_duration(&duration)),
        policy: text("policy"),
        policy_arns: strings(block.get("policy_arns")),
        tags: string_map(block.get("tags")),
        transitive_tag_keys: strings(block.get("transitive_tag_keys")),
        source_identity: text("source_identity"),
    }
}

/// Go's spelling of a duration, as the AWS provider takes it: `1h30m`, `900s`.
fn session_duration(text: &str) -> Option<Duration> {
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for character in text.chars() {
        let factor = match character {
            '0'..='9' => {
                digits.push(character);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(digits.parse::<u64>().ok()?.checked_mul(factor)?)?;
        digits.clear();
    }
    (digits.is_empty() && (900..=43_200).contains(&seconds)).then_some(Duration::from_secs(seconds))
}

/// The single block of that name; null where there is none, unknown where that is not known yet.
pub(super) fn first<'a>(value: &'a Value, name: &str) -> &'a Value {
    match value.get(name) {
        Value::Unknown(_) => &Value::UNKNOWN,
        blocks => blocks.elements().first().unwrap_or(&Value::Null),
    }
}

/// The known strings of a list or set.
fn strings(value: &Value) -> Vec<String> {
    value.elements().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The known entries of a map of strings.
pub(super) fn string_map(value: &Value) -> BTreeMap<String, String> {
    match value.undynamic() {
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, entry)| Some((key.clone(), entry.as_str()?.to_owned())))
            .collect(),
        _ => BTreeMap::new(),
    }
}

/// The region as the AWS tools take it from the environment, so that a plan can name it without building a client.
fn region_of_environment() -> Option<String> {
    of_environment(&["AWS_REGION", "AWS_DEFAULT_REGION"])
}

/// The first of these variables that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "this is the provider's configuration")]
fn of_environment(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(session_duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(session_duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(session_duration("900s"), Some(Duration::from_secs(900)));
        for wrong in ["", "15", "1d", "h", "13h", "1s", "99999999999h"] {
            assert_eq!(session_duration(wrong), None, "{wrong}");
        }
    }
}
