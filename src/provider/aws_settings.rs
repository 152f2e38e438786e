//! The AWS settings of the provider block: what is wrong with them, what of them is not known yet, and what they say to the
//! client. Empty texts were made null before.

use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::ecs_client::{
    AssumeRole, AssumeRoleWithWebIdentity, Configuration, Endpoints, IgnoredTags, MetadataMode, RetryMode,
    Secret, WebIdentityToken, is_region, is_user_agent, proxy_problem, url_problem,
};
use crate::value::{AttributePath, Value};

use super::diagnostics as say;
use super::duration::duration;
use super::provider_block::string_map;

/// Blocks of the provider that decide nothing about how AWS is reached.
const OTHER_BLOCKS: [&str; 3] = ["agent", "default_tags", "policy"];

/// Numbers of repeats.
const COUNTS: [&str; 2] = ["max_retries", "token_bucket_rate_limiter_capacity"];

/// Texts in which a line break does no harm: documents, and a token that is trimmed before it is used.
const TEXTS_OF_LINES: [&str; 2] = ["policy", "web_identity_token"];

/// The settings that are not known yet, or have a part that is not, in the order of their names. While there is one, nothing
/// may be called: what is left of the settings can lead to other credentials, another account or another endpoint.
pub(super) fn unknown(config: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in settings(config) {
        let parts: Vec<&str> = value.elements().iter().flat_map(unknown_arguments).collect();
        match parts.as_slice() {
            [] if value.is_wholly_known() => {}
            [] => names.push(name.to_owned()),
            parts => names.extend(parts.iter().map(|part| format!("{name}.{part}"))),
        }
    }
    names.dedup();
    names
}

fn settings(config: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = match config {
        Value::Map(entries) => Some(entries),
        _ => None,
    };
    entries
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| !OTHER_BLOCKS.contains(name))
}

/// The arguments of a block that are not wholly known.
fn unknown_arguments(block: &Value) -> Vec<&str> {
    match block {
        Value::Map(entries) => entries
            .iter()
            .filter(|(_, value)| !value.is_wholly_known())
            .map(|(name, _)| name.as_str())
            .collect(),
        _ => Vec::new(),
    }
}

/// Judges the settings, known or not.
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
    for name in ["region", "sts_region"] {
        if let Some(region) = config.string(name).known()
            && !region.contains(char::is_control)
            && !is_region(region)
        {
            diagnostics.push(say::aws_configuration(
                &format!(
                    "{name} is not the name of a region. A name has letters, digits and hyphens only. Write for example:\n\n  \
                     {name} = \"eu-west-1\""
                ),
                AttributePath::root(name),
            ));
        }
    }
    validate_metadata_service(config, &mut diagnostics);
    for name in ["http_proxy", "https_proxy"] {
        if let Some(address) = config.string(name).known()
            && !address.contains(char::is_control)
            && let Some(problem) = proxy_problem(address)
        {
            diagnostics
                .push(say::aws_configuration(&format!("{name} {problem}."), AttributePath::root(name)));
        }
    }
    validate_refused(config, &mut diagnostics);
    for (index, endpoints) in (0..).zip(config.get("endpoints").elements()) {
        for name in ["ecs", "sts"] {
            if let Some(url) = endpoints.string(name).known()
                && !url.contains(char::is_control)
                && let Some(problem) = url_problem(url)
            {
                let at = AttributePath::root("endpoints").index(index).attribute(name);
                diagnostics.push(say::aws_configuration(&format!("{name} {problem}."), at));
            }
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
    for name in COUNTS {
        let value = config.get(name);
        if !value.is_null() && !value.is_unknown() && count(config, name).is_none() {
            diagnostics.push(say::aws_configuration(
                &format!(
                    "{name} is not a whole number from 0 to {}. Write for example:\n\n  {name} = 10",
                    u32::MAX
                ),
                AttributePath::root(name),
            ));
        }
    }
    let allowed = config.get("allowed_account_ids");
    if !allowed.elements().is_empty() && allowed.is_wholly_known() && strings(allowed).is_empty() {
        diagnostics.push(say::aws_configuration(
            "allowed_account_ids names no account: all it holds is empty. Taken as not set it would allow every account. \
             Name an account, or remove the argument.",
            AttributePath::root("allowed_account_ids"),
        ));
    }
    for name in ["assume_role", "assume_role_with_web_identity"] {
        for (index, role) in (0..).zip(config.get(name).elements()) {
            validate_role(role, &AttributePath::root(name).index(index), &mut diagnostics);
        }
    }
    if let Some(role) = config.get("assume_role_with_web_identity").elements().first() {
        validate_token(role, &mut diagnostics);
    }
    for (name, value) in settings(config) {
        control_characters(name, value, &AttributePath::root(name), &mut diagnostics);
    }
    diagnostics
}

fn validate_metadata_service(config: &Value, diagnostics: &mut Diagnostics) {
    let (address, mode) = ("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode");
    if let Some(url) = config.string(address).known()
        && !url.contains(char::is_control)
        && let Some(problem) = url_problem(url)
    {
        let at = AttributePath::root(address);
        diagnostics.push(say::aws_configuration(&format!("{address} {problem}."), at));
    }
    if let Some(written) = config.string(mode).known()
        && metadata_mode(written).is_none()
    {
        diagnostics.push(say::not_one_of(mode, written, &["IPv4", "IPv6"], AttributePath::root(mode)));
    }
}

fn metadata_mode(written: &str) -> Option<MetadataMode> {
    match written {
        "IPv4" => Some(MetadataMode::Ipv4),
        "IPv6" => Some(MetadataMode::Ipv6),
        _ => None,
    }
}

/// Settings that cannot be carried out.
fn validate_refused(config: &Value, diagnostics: &mut Diagnostics) {
    if config.bool("insecure").known() == Some(true) {
        diagnostics.push(say::aws_configuration(
            "insecure = true would send signed requests, and with them session tokens, to whoever answers, so this provider \
             always verifies the certificate. Where a proxy or an emulator has an authority of its own, name it:\n\n  \
             custom_ca_bundle = \"authority.pem\"",
            AttributePath::root("insecure"),
        ));
    }
    let has_lists = ["allowed_account_ids", "forbidden_account_ids"]
        .into_iter()
        .find(|name| !config.get(name).elements().is_empty());
    if let (Some(true), Some(list)) = (config.bool("skip_requesting_account_id").known(), has_lists) {
        diagnostics.push(say::aws_configuration(
            &format!(
                "skip_requesting_account_id = true leaves nobody to ask for the account, and {list} needs to know it. Remove one \
                 of the two."
            ),
            AttributePath::root("skip_requesting_account_id"),
        ));
    }
    for (index, words) in (0..).zip(config.get("user_agent").elements()) {
        let words = words.as_str().unwrap_or_default();
        if !words.is_empty() && !words.contains(char::is_control) && !is_user_agent(words) {
            diagnostics.push(say::aws_configuration(
                "user_agent has a character that no header can hold. It can hold ASCII letters, digits and punctuation, as in:\n\n  \
                 user_agent = [\"pipeline/1.0 (deploy)\"]",
                AttributePath::root("user_agent").index(index),
            ));
        }
    }
}

fn validate_role(role: &Value, at: &AttributePath, diagnostics: &mut Diagnostics) {
    let arn = role.get("role_arn");
    if arn.is_null() || arn.as_str() == Some("") {
        diagnostics.push(say::role_without_arn(at.clone().attribute("role_arn")));
    }
    if let Some(duration) = role.string("duration").known()
        && session_duration(duration).is_none()
    {
        diagnostics.push(say::aws_configuration(
            &format!("duration is {duration:?}. Write hours, minutes and seconds between 15m and 12h, such as \"1h30m\"."),
            at.clone().attribute("duration"),
        ));
    }
}

/// Exactly one of the two places of the token. What is not known yet may turn out to be null, so only what is certain is
/// said.
fn validate_token(role: &Value, diagnostics: &mut Diagnostics) {
    let [token, file] = ["web_identity_token", "web_identity_token_file"].map(|name| role.get(name));
    let at = AttributePath::root("assume_role_with_web_identity").index(0);
    if token.is_null() && file.is_null() {
        diagnostics.push(say::web_identity_without_token(at));
    } else if token.as_str().is_some() && file.as_str().is_some() {
        diagnostics.push(say::two_web_identity_tokens(at.attribute("web_identity_token_file")));
    }
}

/// Control characters in a text of the settings: no header and no address can hold one, and the SDK panics at some.
fn control_characters(name: &str, value: &Value, at: &AttributePath, diagnostics: &mut Diagnostics) {
    match value {
        Value::String(text) if text.contains(char::is_control) && !TEXTS_OF_LINES.contains(&name) => {
            diagnostics.push(say::control_character(name, at.clone()));
        }
        Value::List(elements) => {
            for (index, element) in (0..).zip(elements) {
                match element {
                    Value::Map(entries) => {
                        for (name, value) in entries {
                            let at = at.clone().index(index).attribute(name);
                            control_characters(name, value, &at, diagnostics);
                        }
                    }
                    // A set has no positions to point at.
                    element => control_characters(name, element, at, diagnostics),
                }
            }
        }
        _ => {}
    }
}

/// A whole number that is not negative.
fn count(config: &Value, name: &str) -> Option<u32> {
    config.integer(name).known().and_then(|number| u32::try_from(number).ok())
}

/// What the settings say to the client; they are wholly known.
pub(super) fn decode(config: &Value) -> Configuration {
    let text = |name: &str| config.string(name).known().map(str::to_owned);
    let endpoints = config.block("endpoints");
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
        max_retries: count(config, "max_retries"),
        token_bucket_rate_limiter_capacity: count(config, "token_bucket_rate_limiter_capacity"),
        retry_mode: match text("retry_mode").as_deref() {
            Some("adaptive") => Some(RetryMode::Adaptive),
            Some(_) => Some(RetryMode::Standard),
            None => None,
        },
        custom_ca_bundle: text("custom_ca_bundle"),
        use_fips_endpoint: config.bool("use_fips_endpoint").known(),
        use_dualstack_endpoint: config.bool("use_dualstack_endpoint").known(),
        http_proxy: text("http_proxy").map(Secret::from),
        https_proxy: text("https_proxy").map(Secret::from),
        no_proxy: text("no_proxy"),
        sts_region: text("sts_region"),
        validates_credentials: config.bool("skip_credentials_validation").known() == Some(false),
        skip_requesting_account_id: config.bool("skip_requesting_account_id").known() == Some(true),
        skip_metadata_api_check: config.bool("skip_metadata_api_check").known() == Some(true),
        ec2_metadata_service_endpoint: text("ec2_metadata_service_endpoint"),
        ec2_metadata_service_endpoint_mode: text("ec2_metadata_service_endpoint_mode")
            .and_then(|mode| metadata_mode(&mode)),
        user_agent: strings(config.get("user_agent")),
        ignore_tags: ignored_tags(config),
        allowed_account_ids: strings(config.get("allowed_account_ids")),
        forbidden_account_ids: strings(config.get("forbidden_account_ids")),
        assume_role_with_web_identity: config
            .get("assume_role_with_web_identity")
            .elements()
            .first()
            .and_then(web_identity),
    }
}

/// The tags that are not looked at.
pub(super) fn ignored_tags(config: &Value) -> IgnoredTags {
    let block = config.block("ignore_tags");
    IgnoredTags { keys: strings(block.get("keys")), key_prefixes: strings(block.get("key_prefixes")) }
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

/// How long the session of a role lasts: whole seconds, within what STS allows.
fn session_duration(text: &str) -> Option<Duration> {
    duration(text).filter(|time| time.subsec_nanos() == 0 && (900..=43_200).contains(&time.as_secs()))
}

/// The known strings of a list or set. An empty one counts as not there.
fn strings(value: &Value) -> Vec<String> {
    let texts = value.elements().iter().filter_map(Value::as_str);
    texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(session_duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(session_duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(session_duration("900s"), Some(Duration::from_secs(900)));
        for wrong in ["", "15", "1d", "h", "13h", "1s", "99999999999h"] {
            assert_eq!(session_duration(wrong), None, "{wrong}");
        }
    }

    fn told(config: &[(&str, Value)]) -> Vec<String> {
        let config = config.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        validate(&config)
            .iter()
            .map(|diagnostic| format!("{}: {}", diagnostic.summary, diagnostic.detail))
            .collect()
    }

    #[test]
    fn what_cannot_be_carried_out_is_refused_with_what_to_write() {
        let list = || Value::List(vec!["111111111111".into()]);
        let products = |product: &str| Value::List(vec![product.into()]);
        for (config, part) in [
            (&[("insecure", true.into())][..], "custom_ca_bundle = \"authority.pem\""),
            (
                &[("skip_requesting_account_id", true.into()), ("allowed_account_ids", list())],
                "allowed_account_ids needs",
            ),
            (
                &[("skip_requesting_account_id", true.into()), ("forbidden_account_ids", list())],
                "forbidden_account_ids needs",
            ),
            (&[("sts_region", "eu west".into())], "sts_region = \"eu-west-1\""),
            (&[("ec2_metadata_service_endpoint", "169.254.169.254".into())], "ec2_metadata_service_endpoint"),
            (
                &[("ec2_metadata_service_endpoint_mode", "ipv6".into())],
                "ec2_metadata_service_endpoint_mode = \"IPv6\"",
            ),
            (&[("user_agent", products("préface/1"))], "pipeline/1.0"),
        ] {
            let told = told(config);
            assert!(told.len() == 1 && told[0].contains(part), "{config:?}: {told:?}");
        }
    }

    /// Settings about which the client has nothing to know.
    const BESIDE_THE_CLIENT: [&str; 2] = ["insecure", "skip_region_validation"];

    /// A value of this type that says something.
    fn sample(ty: &Type, name: &str) -> Value {
        match ty {
            Type::Bool => Value::from(name != "skip_credentials_validation"),
            Type::Number => Value::from(7),
            Type::List(_) | Type::Set(_) => Value::List(vec![Value::from("sample")]),
            Type::Map(_) => Value::Map([("sample".to_owned(), Value::from("sample"))].into()),
            _ if name == "duration" => Value::from("1h"),
            _ if name.ends_with("_mode") => Value::from("IPv6"),
            _ => Value::from("sample"),
        }
    }

    #[test]
    fn every_setting_reaches_the_client() {
        let block = crate::provider::provider_block::schema().block;
        let decoded = |config: &Value| format!("{:?}", decode(config));
        let single = |name: &str, value: Value| -> Value { [(name.to_owned(), value)].into_iter().collect() };
        let mut walked = 0;
        for attribute in &block.attributes {
            let name = attribute.name.as_str();
            let changes =
                decoded(&single(name, sample(&attribute.ty, name))) != decoded(&single(name, Value::Null));
            assert_eq!(changes, !BESIDE_THE_CLIENT.contains(&name), "{name}");
            walked += 1;
        }
        for nested in block.blocks.iter().filter(|nested| !OTHER_BLOCKS.contains(&nested.name.as_str())) {
            for attribute in &nested.block.attributes {
                let name = attribute.name.as_str();
                let within = |value: Value| {
                    let mut entries = vec![(name.to_owned(), value)];
                    if name != "web_identity_token" && name != "web_identity_token_file" {
                        entries.push(("web_identity_token".to_owned(), Value::from("token")));
                    }
                    single(&nested.name, Value::List(vec![entries.into_iter().collect()]))
                };
                let [said, silent] =
                    [sample(&attribute.ty, name), Value::Null].map(|value| decoded(&within(value)));
                assert_ne!(said, silent, "{}.{name}", nested.name);
                walked += 1;
            }
        }
        assert!(walked > 45, "{walked}");
    }

    #[test]
    fn what_the_aws_provider_has_as_its_defaults_is_taken() {
        let config = [
            ("insecure", false.into()),
            ("skip_credentials_validation", false.into()),
            ("skip_metadata_api_check", false.into()),
            ("skip_region_validation", false.into()),
            ("skip_requesting_account_id", false.into()),
            ("allowed_account_ids", Value::List(vec!["111111111111".into()])),
            ("user_agent", Value::List(vec!["pipeline/1.0 (deploy)".into()])),
        ];
        assert_eq!(told(&config), Vec::<String>::new());
    }
}
