//! Every setting that says how AWS is reached, with the test that proves what it does or that it is refused. A setting without
//! a line here is a failure, and so is a line without a test.

use std::collections::BTreeSet;
use std::path::Path;

use ddrofs::framework::Provider;
use ddrofs::schema::Block;

use super::credentials::VARIABLES;

/// The names that users of hashicorp/aws know and that concern ECS or STS (its documentation, read 2026-11).
const OF_HASHICORP_AWS: [&str; 34] = [
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "custom_ca_bundle",
    "default_tags",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "endpoints",
    "forbidden_account_ids",
    "http_proxy",
    "https_proxy",
    "ignore_tags",
    "insecure",
    "max_retries",
    "no_proxy",
    "profile",
    "region",
    "retry_mode",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "sts_region",
    "token",
    "token_bucket_rate_limiter_capacity",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "user_agent",
    "endpoints.ecs",
    "endpoints.sts",
];

const ROLES: &str =
    "suite/ecs_client/credentials: roles_are_assumed_one_after_the_other_and_the_last_one_signs";
const WEB: &str =
    "suite/ecs_client/credentials: a_web_identity_token_comes_from_a_file_with_what_narrows_the_session";
const ACCOUNT: &str = "suite/ecs_client/credentials: an_account_that_is_not_allowed_gets_no_client";
const PROFILE: &str = "suite/ecs_client/credentials: a_named_profile_is_read_from_the_named_files";
const ENDPOINTS: &str =
    "suite/ecs_client/settings: an_endpoint_is_named_in_four_places_and_the_nearest_counts";
const HOSTS: &str = "suite/ecs_client/settings: fips_and_dual_stack_choose_the_host";
const HOST_VARIABLES: &str = "suite/ecs_client/surroundings: the_block_outvotes_the_variables_of_hosts";
const MACHINE: &str =
    "suite/ecs_client/surroundings: a_machine_hands_out_credentials_and_region_unless_it_is_not_to_be_asked";
const METADATA_URL: &str =
    "../src/ecs_client/region: the_metadata_service_is_asked_where_block_environment_or_profile_say";
const PROXIES: &str =
    "suite/ecs_client/proxies: each_scheme_has_its_proxy_and_that_of_plain_text_serves_both";
const EXCEPTED: &str = "suite/ecs_client/proxies: what_is_excepted_is_reached_directly";
const PROXY_VARIABLES: &str =
    "suite/ecs_client/proxies: the_environment_names_proxies_and_what_is_excepted_and_the_block_comes_first";
const REFUSED: &str =
    "../src/provider/aws_settings: what_cannot_be_carried_out_is_refused_with_what_to_write";
const IGNORED: &str = "suite/ecs_client/settings: tags_that_are_ignored_are_in_no_answer";
const ENVIRONMENT: &str = "suite/ecs_client/surroundings: the_environment_says_what_the_block_does_not";
const UNUSABLE: &str = "suite/ecs_client/credentials: what_the_environment_says_and_nobody_can_use_is_an_error_that_names_the_variable";
const PRODUCT: &str = "suite/ecs_client/settings: the_environment_adds_a_product";

/// What the block can say, and its proof.
const SETTINGS: [(&str, &str); 53] = [
    ("access_key", "suite/ecs_client/settings: a_session_token_goes_with_the_keys"),
    ("allowed_account_ids", ACCOUNT),
    ("assume_role.duration", ROLES),
    ("assume_role.external_id", ROLES),
    ("assume_role.policy", ROLES),
    ("assume_role.policy_arns", ROLES),
    ("assume_role.role_arn", ROLES),
    ("assume_role.session_name", ROLES),
    ("assume_role.source_identity", ROLES),
    ("assume_role.tags", ROLES),
    ("assume_role.transitive_tag_keys", ROLES),
    ("assume_role_with_web_identity.duration", WEB),
    ("assume_role_with_web_identity.policy", WEB),
    ("assume_role_with_web_identity.policy_arns", WEB),
    ("assume_role_with_web_identity.role_arn", WEB),
    ("assume_role_with_web_identity.session_name", WEB),
    (
        "assume_role_with_web_identity.web_identity_token",
        "suite/ecs_client/credentials: a_web_identity_token_takes_the_place_of_keys",
    ),
    ("assume_role_with_web_identity.web_identity_token_file", WEB),
    (
        "custom_ca_bundle",
        "suite/ecs_client/authorities: those_of_the_system_are_trusted_while_others_are_added",
    ),
    ("default_tags.tags", "acceptance/task_definition/tags: at_the_local_endpoint"),
    ("ec2_metadata_service_endpoint", MACHINE),
    ("ec2_metadata_service_endpoint_mode", METADATA_URL),
    ("endpoints.ecs", ENDPOINTS),
    ("endpoints.sts", ENDPOINTS),
    ("forbidden_account_ids", ACCOUNT),
    ("http_proxy", PROXIES),
    ("https_proxy", PROXIES),
    ("ignore_tags.key_prefixes", IGNORED),
    ("ignore_tags.keys", IGNORED),
    ("insecure", REFUSED),
    ("max_retries", "suite/ecs_client/repeats: max_retries_counts_the_repeats"),
    ("no_proxy", EXCEPTED),
    ("profile", PROFILE),
    ("region", "suite/ecs_client/settings: sts_is_asked_in_a_region_of_its_own"),
    ("retry_mode", "suite/ecs_client/log: adaptive_paces_from_the_first_call_on_and_standard_does_not"),
    ("secret_key", "suite/ecs_client/calls: the_signature_covers_our_body_and_not_the_one_of_the_sdk"),
    ("shared_config_files", PROFILE),
    ("shared_credentials_files", PROFILE),
    (
        "skip_credentials_validation",
        "suite/ecs_client/settings: credentials_are_tried_before_anything_is_called_where_that_is_asked_for",
    ),
    ("skip_metadata_api_check", MACHINE),
    (
        "skip_region_validation",
        "suite/ecs_client/settings: of_a_region_only_the_form_is_judged_whatever_is_skipped",
    ),
    (
        "skip_requesting_account_id",
        "suite/ecs_client/settings: the_account_is_looked_at_when_a_revision_is_gone_unless_that_is_skipped",
    ),
    ("sts_region", "suite/ecs_client/settings: sts_is_asked_in_a_region_of_its_own"),
    ("token", "suite/ecs_client/settings: a_session_token_goes_with_the_keys"),
    (
        "token_bucket_rate_limiter_capacity",
        "suite/ecs_client/repeats: repeats_end_where_the_bucket_of_all_calls_is_empty",
    ),
    ("use_dualstack_endpoint", HOSTS),
    ("use_fips_endpoint", HOSTS),
    ("user_agent", "suite/ecs_client/settings: every_call_names_the_products_of_the_configuration"),
    // Several settings at once.
    ("", "../src/provider/aws_settings: every_setting_reaches_the_client"),
    ("", "../src/provider/provider_block: numbers_out_of_their_range_are_refused_with_the_range"),
    ("", "suite/ecs_client/proxies: loopback_is_never_proxied"),
    ("", "suite/ecs_client/proxies: sts_and_the_metadata_service_go_through_the_proxy_as_well"),
    ("", "suite/ecs_client/authorities: sts_is_trusted_by_the_same_authorities"),
];

/// What the environment can say, and its proof.
const ENVIRONMENT_VARIABLES: [(&str, &str); 34] = [
    ("ALL_PROXY", PROXY_VARIABLES),
    ("AWS_ACCESS_KEY_ID", ENVIRONMENT),
    (
        "AWS_CA_BUNDLE",
        "suite/ecs_client/authorities: the_bundle_is_named_by_the_block_or_the_environment_or_the_profile",
    ),
    ("AWS_CONFIG_FILE", ENVIRONMENT),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", ENVIRONMENT),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", ENVIRONMENT),
    (
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "../src/ecs_client/no_proxy: this_machine_and_what_hands_out_its_credentials_need_no_rule",
    ),
    ("AWS_DEFAULT_REGION", ENVIRONMENT),
    ("AWS_EC2_METADATA_DISABLED", MACHINE),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT", MACHINE),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", METADATA_URL),
    ("AWS_ENDPOINT_URL", ENDPOINTS),
    ("AWS_ENDPOINT_URL_ECS", ENDPOINTS),
    (
        "AWS_ENDPOINT_URL_STS",
        "suite/ecs_client/settings: the_variable_of_a_service_leaves_the_other_service_alone",
    ),
    (
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "suite/ecs_client/settings: endpoints_of_the_surroundings_can_be_ignored_and_that_of_the_block_not",
    ),
    ("AWS_MAX_ATTEMPTS", ENVIRONMENT),
    ("AWS_PROFILE", ENVIRONMENT),
    ("AWS_REGION", ENVIRONMENT),
    ("AWS_RETRY_MODE", UNUSABLE),
    ("AWS_ROLE_ARN", ENVIRONMENT),
    ("AWS_ROLE_SESSION_NAME", ENVIRONMENT),
    // The provider names itself there.
    ("AWS_SDK_UA_APP_ID", "suite/ecs_client/settings: every_call_names_the_products_of_the_configuration"),
    ("AWS_SECRET_ACCESS_KEY", UNUSABLE),
    ("AWS_SESSION_TOKEN", ENVIRONMENT),
    ("AWS_SHARED_CREDENTIALS_FILE", ENVIRONMENT),
    ("AWS_USE_DUALSTACK_ENDPOINT", HOST_VARIABLES),
    ("AWS_USE_FIPS_ENDPOINT", HOST_VARIABLES),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", ENVIRONMENT),
    ("HTTPS_PROXY", PROXY_VARIABLES),
    ("HTTP_PROXY", PROXY_VARIABLES),
    ("NO_PROXY", PROXY_VARIABLES),
    ("TF_APPEND_USER_AGENT", PRODUCT),
    (
        "TF_APPEND_USER_AGENT",
        "suite/ecs_client/settings: words_that_no_header_can_hold_are_an_error_that_names_their_setting",
    ),
    // An empty one of any of them.
    ("", "suite/ecs_client/credentials: variables_that_are_set_and_empty_count_as_not_set"),
];

fn names<'a>(table: &[(&'a str, &str)]) -> BTreeSet<&'a str> {
    table.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect()
}

/// What a block can say, each with the way to it.
fn ways(block: &Block, before: &str) -> Vec<String> {
    let own = block.attributes.iter().map(|attribute| format!("{before}{}", attribute.name));
    let blocks = block.blocks.iter().filter(|nested| !["agent", "policy"].contains(&nested.name.as_str()));
    own.chain(blocks.flat_map(|nested| ways(&nested.block, &format!("{before}{}.", nested.name)))).collect()
}

#[test]
fn every_setting_has_a_proof() {
    let schema = ddrofs::provider::ddrofs().schema();
    let ways = ways(&schema.block, "");
    assert_eq!(ways.iter().map(String::as_str).collect::<BTreeSet<_>>(), names(&SETTINGS));
    for name in OF_HASHICORP_AWS {
        let is_there = ways.iter().any(|way| way == name || way.split('.').next() == Some(name));
        assert!(is_there, "{name} of hashicorp/aws is missing");
    }
}

#[test]
fn every_variable_has_a_proof() {
    let further = ["TF_APPEND_USER_AGENT"];
    let all: BTreeSet<&str> = VARIABLES.into_iter().chain(further).collect();
    assert_eq!(all, names(&ENVIRONMENT_VARIABLES));
}

#[test]
fn every_proof_is_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for (setting, proof) in SETTINGS.iter().chain(&ENVIRONMENT_VARIABLES) {
        let (file, name) = proof.split_once(": ").unwrap();
        let text = std::fs::read_to_string(folder.join(format!("{file}.rs"))).expect(file);
        let Some((before, _)) = text.split_once(&format!("fn {name}()")) else {
            panic!("{setting}: {file} has no test {name}")
        };
        let line = before.lines().rev().find(|line| line.contains("test]"));
        assert!(line.is_some_and(|line| !line.contains("cfg(")), "{setting}: {name} is no test");
    }
}
