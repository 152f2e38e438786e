//! The provider block: AWS settings under the names of the AWS provider, and the `agent` block of the fleet.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::diagnostics::Diagnostics;
use crate::ecs_client::{EcsClients, IgnoredTags, region_of_environment};
use crate::ordered::ordered;
use crate::rules::Policy;
use crate::schema::{Attribute, Block, Mode, NestedBlock, Schema};
use crate::value::{AttributePath, Given, Type, Value};

use super::agent_block::{self, Target};
use super::{aws_settings, policy_block};

/// What the provider block says, once Terraform has sent it.
#[derive(Default)]
pub(super) struct Settled {
    configured: RwLock<Option<Arc<Configured>>>,
    /// The policy of a block that was only validated.
    prepared: RwLock<Arc<Policy>>,
}

/// A configured provider.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Configured {
    agent: Value,
    /// Tags on everything that is registered.
    pub(super) default_tags: Value,
    /// Tags that something else sets.
    pub(super) ignored_tags: IgnoredTags,
    /// The fleet's policy.
    pub(super) policy: Arc<Policy>,
    /// The region of the block or of the environment; absent leaves it to the AWS settings files.
    pub(super) region: Given<String>,
    /// Clients, one a region, built when first needed; the AWS settings that are not known yet, where there are any.
    pub(super) clients: Result<EcsClients, Vec<String>>,
}

impl Configured {
    /// The fleet's `agent` block; null where there is none.
    pub(super) fn fleet(&self) -> &Value {
        &self.agent
    }
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
        let config = without_empty_texts(config, &schema().block);
        write(&self.prepared, Arc::new(policy_block::decode(&config).policy));
        validate(&config)
    }

    /// Takes the provider block over. Calls nothing and builds no client.
    pub(super) fn configure(&self, config: &Value) -> Diagnostics {
        let config = without_empty_texts(config, &schema().block);
        let diagnostics = validate(&config);
        let configured = Arc::new(Configured {
            agent: config.block("agent").clone(),
            default_tags: config.block("default_tags").get("tags").clone(),
            ignored_tags: aws_settings::ignored_tags(&config),
            policy: Arc::new(policy_block::decode(&config).policy),
            region: match config.string("region") {
                Given::Known(region) => Given::Known(region.to_owned()),
                Given::Unknown => Given::Unknown,
                Given::Absent => region_of_environment().map_or(Given::Absent, Given::Known),
            },
            clients: match aws_settings::unknown(&config) {
                unknown if unknown.is_empty() => Ok(EcsClients::new(aws_settings::decode(&config))),
                unknown => Err(unknown),
            },
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
            description: "Runs the Datadog Agent on a read-only root filesystem, and proves it at plan time. AWS settings carry the names of the `hashicorp/aws` provider and are all optional; an empty text counts as not set. Nothing calls AWS until a resource needs it, so a configuration with only `ddrofs_agent_sidecar` plans offline and without credentials.".to_owned(),
            attributes: vec![
                text("region", "AWS region. Defaults to `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's region."),
                text("profile", "Profile of the shared configuration files. Defaults to `AWS_PROFILE`."),
                text("access_key", "AWS access key. Needs `secret_key`."),
                text("secret_key", "AWS secret key. Needs `access_key`.").sensitive(),
                text("token", "Session token of temporary credentials.").sensitive(),
                texts("shared_config_files", "Paths of the shared configuration files, in which `~` and environment variables such as `$HOME` are filled in. Defaults to `~/.aws/config`."),
                texts("shared_credentials_files", "Paths of the shared credentials files, in which `~` and environment variables such as `$HOME` are filled in. Defaults to `~/.aws/credentials`."),
                Attribute::new("max_retries", Type::Number, Mode::Optional, "How often a throttled or failed request is repeated. Defaults to `AWS_MAX_ATTEMPTS` or the profile's `max_attempts`, less the first attempt, else `24`. A registration whose answer was lost is looked for before it is sent again."),
                text("retry_mode", "How requests are paced. With `standard`, the default, calls to AWS keep to the request rates that ECS states for an account and region from the first call on, and calls to another endpoint once it has throttled one. With `adaptive` they do so everywhere from the first call on. The environment variable `DDROFS_ECS_PACE` does the same, and says how many times as fast as ECS the clock goes: `1` for ECS's own rates, `100` for an emulator in a test."),
                Attribute::new("token_bucket_rate_limiter_capacity", Type::Number, Mode::Optional, "Capacity of the bucket that the repeats of all calls of a region draw on: a repeat takes 5 tokens, or 10 after an attempt that was not answered in time, and gives them back when it succeeds; a call that needs none brings 1. `0`, the default, bounds nothing, and `max_retries` alone says how often a call is repeated."),
                text("custom_ca_bundle", "Path of a PEM file with certificate authorities to trust as well, beside those of the system, in which `~` and environment variables such as `$HOME` are filled in. Defaults to `AWS_CA_BUNDLE` or the profile's `ca_bundle`."),
                flag("use_fips_endpoint", "Whether FIPS endpoints are used."),
                flag("use_dualstack_endpoint", "Whether dual-stack endpoints are used."),
                text("http_proxy", "URL of the proxy for `http` endpoints, and for `https` ones while neither `https_proxy` nor `HTTPS_PROXY` names another. It can hold a name and a password, as in `http://NAME:PASSWORD@proxy:3128`; SOCKS is not supported. Defaults to `HTTP_PROXY`, which is for `http` endpoints alone, or `ALL_PROXY`."),
                text("https_proxy", "URL of the proxy for `https` endpoints. Defaults to `HTTPS_PROXY`, `http_proxy` or `ALL_PROXY`."),
                text("no_proxy", "Hosts that are reached without a proxy, whichever setting names the proxy, separated by commas: `example.com` is that host and what is below it, `.example.com` what is below it alone, `10.0.0.0/8` a network and `*` every host; with `:443` behind it a host counts at that port. `localhost`, loopback addresses and those at which a machine or a container gets its credentials are never reached through a proxy. Defaults to `NO_PROXY`."),
                text("sts_region", "Region whose STS is asked. Defaults to `region`."),
                text("ec2_metadata_service_endpoint", "URL of the metadata service of an EC2 instance. Defaults to `AWS_EC2_METADATA_SERVICE_ENDPOINT` or the profile's `ec2_metadata_service_endpoint`."),
                text("ec2_metadata_service_endpoint_mode", "Which of its usual addresses that service is asked at while no URL is named: `IPv4` or `IPv6`. Defaults to `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` or the profile's `ec2_metadata_service_endpoint_mode`, else `IPv4`."),
                flag("skip_metadata_api_check", "Whether that service is never asked, neither for credentials nor for the region. `AWS_EC2_METADATA_DISABLED=true` does the same, with `false` here as well."),
                flag("skip_credentials_validation", "With `false`, STS is asked for the caller before the first call to ECS, so that credentials that AWS does not know are reported as such. Not set and with `true`, the first call to ECS tells."),
                flag("skip_requesting_account_id", "Whether STS is never asked whose the credentials are, for an emulator without STS. A revision that ECS does not have then counts as gone without a look at the account, so credentials of a wrong account are not noticed. An error beside `allowed_account_ids` and `forbidden_account_ids`."),
                flag("skip_region_validation", "Accepted, so that the settings of `provider \"aws\"` can be shared. The provider has no list of regions whose check could be skipped: of a region only the form of its name is checked."),
                flag("insecure", "`true` is refused: certificates are always verified. Name the authority of a proxy or an emulator with `custom_ca_bundle`."),
                texts("user_agent", "Products that every call names in its `User-Agent` as well, each as `name/version (comment)`. `TF_APPEND_USER_AGENT` adds to them."),
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
                    text("web_identity_token", "The token. Exactly one of this and `web_identity_token_file` is needed.").sensitive(),
                    text("web_identity_token_file", "Path of a file that holds the token, in which `~` and environment variables such as `$HOME` are filled in. Exactly one of this and `web_identity_token` is needed."),
                    text("duration", "How long a session lasts, such as `15m` or `1h`."),
                    text("policy", "Session policy as JSON, which narrows the role's permissions."),
                    Attribute::new("policy_arns", Type::set(Type::String), Mode::Optional, "ARNs of managed policies that narrow the role's permissions."),
                ])),
                NestedBlock::at_most_one("endpoints", block("Endpoints in place of AWS's own.", vec![
                    text("ecs", "URL of the ECS endpoint."),
                    text("sts", "URL of the STS endpoint."),
                ])),
                NestedBlock::at_most_one("default_tags", block("Tags on everything that is registered.", vec![
                    Attribute::new("tags", Type::map(Type::String), Mode::Optional, "The tags. A resource's own tag of the same key wins."),
                ])),
                NestedBlock::at_most_one("ignore_tags", block("Tags that something else sets: no plan shows them, and no apply removes them.", vec![
                    Attribute::new("keys", Type::set(Type::String), Mode::Optional, "Keys of the tags."),
                    Attribute::new("key_prefixes", Type::set(Type::String), Mode::Optional, "Beginnings of their keys."),
                ])),
                agent_block::agent_block("What every Agent of the fleet shares. A data source or a resource overrides it field by field."),
                policy_block::policy_block("What the fleet makes of findings. The `policy` of a data source or a resource adds to it."),
            ],
        },
    }
}

/// Judges the block, configured or not.
fn validate(config: &Value) -> Diagnostics {
    let mut diagnostics = aws_settings::validate(config);
    diagnostics.extend(policy_block::decode(config).diagnostics);
    // What a sidecar lacks is judged where the sidecar stands; only what is wrong in the block itself is said here.
    let agent = config.block("agent");
    if !agent.is_null() {
        let at = AttributePath::root("agent").index(0);
        for target in Target::ALL {
            let own = target.fleet(agent);
            let layers = agent_block::Layers { own: &own, fleet: &Value::Null, configured: false };
            diagnostics.extend(agent_block::decode(layers, &at, target).diagnostics);
        }
    }
    diagnostics
}

/// Arguments that an empty text does set: no container of the fleet's tasks is the Agent.
const SAID_BY_AN_EMPTY_TEXT: [&str; 1] = ["existing_container"];

/// A block in which an empty text of an optional argument is null: modules pass `""` for what they do not set, and the AWS
/// provider takes it so. The policy is left as it is: a waiver for the container `""` would become one for all of them.
/// So is an argument whose empty text says something of its own.
fn without_empty_texts(value: &Value, block: &Block) -> Value {
    let Value::Map(entries) = value else { return value.clone() };
    let within = |nested: &NestedBlock, blocks: &Value| match blocks {
        Value::List(blocks) => {
            Value::List(blocks.iter().map(|value| without_empty_texts(value, &nested.block)).collect())
        }
        single => without_empty_texts(single, &nested.block),
    };
    let entry = |name: &str, value: &Value| {
        let is_optional = |attribute: &Attribute| attribute.name == name && attribute.mode == Mode::Optional;
        let says_nothing = value.as_str() == Some("") && !SAID_BY_AN_EMPTY_TEXT.contains(&name);
        if says_nothing && block.attributes.iter().any(is_optional) {
            return Value::Null;
        }
        match block.blocks.iter().find(|nested| nested.name == name && name != "policy") {
            Some(nested) => within(nested, value),
            None => value.clone(),
        }
    };
    entries.iter().map(|(name, value)| (name.clone(), entry(name, value))).collect()
}

/// The known entries of a map of strings.
pub(super) fn string_map(value: &Value) -> BTreeMap<String, String> {
    match value.undynamic() {
        Value::Map(entries) => {
            ordered(entries.iter().filter_map(|(key, entry)| Some((key.clone(), entry.as_str()?.to_owned()))))
        }
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of the way to an argument, and the argument.
    type Argument = (Vec<String>, Attribute);

    /// Every argument of the block and of the blocks in it, but for the policy's.
    fn arguments(block: &Block, way: &[String]) -> Vec<Argument> {
        let below = |name: &str| [way, &[name.to_owned()]].concat();
        let own = block.attributes.iter().map(|attribute| (below(&attribute.name), attribute.clone()));
        let nested = block.blocks.iter().filter(|nested| nested.name != "policy");
        own.chain(nested.flat_map(|nested| arguments(&nested.block, &below(&nested.name)))).collect()
    }

    /// The provider block with this value in place of one argument. The blocks around it have what they require.
    fn with(block: &Block, way: &[String], value: &Value) -> Value {
        let (name, below) = way.split_first().expect("a way leads somewhere");
        let required = block.attributes.iter().filter(|attribute| attribute.mode == Mode::Required);
        let mut entries: BTreeMap<String, Value> =
            required.map(|attribute| (attribute.name.clone(), Value::from("filled-in"))).collect();
        if entries.contains_key("role_arn") && block.attributes.iter().any(|a| a.name == "web_identity_token")
        {
            entries.insert("web_identity_token_file".to_owned(), Value::from("token"));
        }
        let own = match below {
            [] => value.clone(),
            below => {
                let nested = block.blocks.iter().find(|nested| nested.name == *name).expect("a block");
                Value::List(vec![with(&nested.block, below, value)])
            }
        };
        entries.insert(name.clone(), own);
        Value::Map(entries)
    }

    /// What becomes of a block: the errors, and the configured provider in print.
    fn outcome(config: &Value) -> (Vec<String>, String) {
        let settled = Settled::default();
        let prepared = settled.prepare(config);
        let diagnostics = settled.configure(config);
        let told = |diagnostics: Diagnostics| -> Vec<String> {
            diagnostics.iter().map(|diagnostic| format!("{diagnostic:?}")).collect()
        };
        let told = told(diagnostics);
        assert_eq!(format!("{prepared:?}"), format!("{:?}", settled.configure(config)));
        (told, format!("{:?}", settled.get().expect("it was configured")))
    }

    #[test]
    fn an_empty_text_is_as_if_the_argument_were_not_there() {
        let block = schema().block;
        let mut walked = 0;
        for (way, argument) in arguments(&block, &[]) {
            if argument.ty != Type::String {
                continue;
            }
            walked += 1;
            let place = way.join(".");
            let empty = outcome(&with(&block, &way, &Value::from("")));
            let null = outcome(&with(&block, &way, &Value::Null));
            if SAID_BY_AN_EMPTY_TEXT.contains(&argument.name.as_str()) {
                assert_ne!(empty, null, "{place} has a meaning of its own when it is empty");
            } else if argument.mode == Mode::Optional {
                assert_eq!(empty, null, "{place}");
                assert_ne!(
                    empty,
                    outcome(&with(&block, &way, &Value::from("filled-in"))),
                    "{place} is read at all"
                );
            } else if way[0] != "agent" {
                assert!(!empty.0.is_empty(), "{place} is required, and an empty one is an error");
            }
        }
        assert!(walked > 25, "{walked}");
    }

    #[test]
    fn an_empty_text_in_a_list_of_files_or_accounts_is_as_if_it_were_not_there() {
        let block = schema().block;
        let mut walked = 0;
        for (way, argument) in arguments(&block, &[]) {
            let is_of_aws = !matches!(way[0].as_str(), "agent" | "default_tags");
            if !is_of_aws || ![Type::list(Type::String), Type::set(Type::String)].contains(&argument.ty) {
                continue;
            }
            walked += 1;
            let list = |texts: &[&str]| Value::List(texts.iter().map(|text| Value::from(*text)).collect());
            assert_eq!(
                outcome(&with(&block, &way, &list(&["", "one"]))),
                outcome(&with(&block, &way, &list(&["one"]))),
                "{way:?}"
            );
        }
        assert_eq!(
            walked, 10,
            "the files, the accounts, the products, the tags, and of the roles the policies and keys"
        );
        let nobody =
            [("allowed_account_ids".to_owned(), Value::List(vec![Value::from("")]))].into_iter().collect();
        assert!(outcome(&nobody).0[0].contains("would allow every account"), "a guard never falls silently");
    }

    #[test]
    fn nothing_can_be_called_while_any_of_the_aws_settings_is_unknown() {
        let block = schema().block;
        let mut walked = 0;
        for (way, _) in arguments(&block, &[]) {
            let settled = Settled::default();
            settled.configure(&with(&block, &way, &Value::UNKNOWN));
            let configured = settled.get().expect("it was configured");
            if ["agent", "default_tags"].contains(&way[0].as_str()) {
                assert!(configured.clients.is_ok(), "{way:?} decides nothing about AWS");
                continue;
            }
            walked += 1;
            assert_eq!(configured.clients.as_ref().unwrap_err(), &[way.join(".")]);
        }
        assert!(walked > 30, "{walked}");
        for nested in block.blocks.iter().filter(|nested| nested.name.starts_with("assume_role")) {
            let settled = Settled::default();
            settled.configure(&[(nested.name.clone(), Value::UNKNOWN)].into_iter().collect());
            let configured = settled.get().expect("it was configured");
            assert_eq!(configured.clients.as_ref().unwrap_err(), std::slice::from_ref(&nested.name));
        }
    }

    #[test]
    fn numbers_out_of_their_range_are_refused_with_the_range() {
        let block = schema().block;
        let has_range = |error: &str| {
            let words: Vec<&str> = error.split(' ').collect();
            let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
            words.windows(3).any(|three| is_number(three[0]) && three[1] == "to" && is_number(three[2]))
        };
        let mut walked = 0;
        for (way, argument) in arguments(&block, &[]) {
            let numbers = Type::list(Type::Number);
            if argument.ty != Type::Number && argument.ty != numbers {
                continue;
            }
            walked += 1;
            let name = way.last().expect("a name").as_str();
            for (number, is_whole) in
                [("-1", true), ("10000000000", true), ("1.5", false), ("100000000000000000000", false)]
            {
                // ECS states no range for exit codes.
                if is_whole && name == "ignored_exit_codes" {
                    continue;
                }
                let written = Value::Number(number.parse().expect("a number"));
                let value = if argument.ty == numbers { Value::List(vec![written]) } else { written };
                let (errors, _) = outcome(&with(&block, &way, &value));
                let is_told = errors.iter().any(|error| {
                    error.contains(name) && (has_range(error) || !is_whole && error.contains("whole number"))
                });
                assert!(is_told, "{way:?} = {number}: {errors:#?}");
            }
        }
        assert!(walked > 10, "{walked}");
    }

    /// The provider block with one role that is assumed with a token.
    fn web_identity(arguments: &[(&str, Value)]) -> Value {
        let role_arn = ("role_arn", Value::from("arn:aws:iam::210987654321:role/w"));
        let role = [role_arn].into_iter().chain(arguments.iter().cloned());
        let role = role.map(|(name, value)| (name.to_owned(), value)).collect();
        let name = "assume_role_with_web_identity".to_owned();
        [(name, Value::List(vec![role]))].into_iter().collect()
    }

    #[test]
    fn a_role_is_assumed_with_exactly_one_token() {
        let [token, file] = ["web_identity_token", "web_identity_token_file"];
        let (text, empty) = (Value::from("text"), Value::from(""));
        let neither = "has neither web_identity_token nor web_identity_token_file";
        let both = "Both web_identity_token and web_identity_token_file";
        for (arguments, error) in [
            (vec![], Some(neither)),
            (vec![(token, Value::Null), (file, empty.clone())], Some(neither)),
            (vec![(token, text.clone()), (file, text.clone())], Some(both)),
            (vec![(token, text.clone()), (file, empty)], None),
            (vec![(file, text.clone())], None),
            (vec![(token, Value::UNKNOWN)], None),
            (vec![(token, Value::UNKNOWN), (file, text.clone())], None),
            (vec![(token, text), ("duration", Value::from("nonsense"))], Some("duration is")),
        ] {
            let (errors, _) = outcome(&web_identity(&arguments));
            match error {
                Some(error) => assert!(errors.len() == 1 && errors[0].contains(error), "{errors:?}"),
                None => assert_eq!(errors, Vec::<String>::new()),
            }
        }
    }

    #[test]
    fn a_control_character_is_an_error_that_never_shows_the_text() {
        let block = schema().block;
        let mut walked = 0;
        for (way, argument) in arguments(&block, &[]) {
            let name = way.last().expect("a name").as_str();
            let is_of_aws = !matches!(way[0].as_str(), "agent" | "default_tags");
            if !is_of_aws || argument.ty != Type::String || ["policy", "web_identity_token"].contains(&name) {
                continue;
            }
            walked += 1;
            let (errors, _) = outcome(&with(&block, &way, &Value::from("hunter2\n")));
            let about: Vec<&String> =
                errors.iter().filter(|error| error.contains("Control character")).collect();
            assert!(about.len() == 1 && about[0].contains(name), "{way:?}: {errors:?}");
            if !["retry_mode", "ec2_metadata_service_endpoint_mode", "duration"].contains(&name) {
                assert!(!format!("{errors:?}").contains("hunter2"), "{way:?}: {errors:?}");
            }
        }
        assert!(walked > 15, "{walked}");
    }
}
