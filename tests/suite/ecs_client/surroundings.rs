//! What is said around the provider block: by the environment, by profiles and by the machine that it runs on.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Uri;
use ddrofs::ecs_client::{Configuration, EcsClients, ErrorKind};
use serde_json::json;
use tokio::net::TcpListener;

use super::credentials::{assumed, beside, in_a_bare_environment, runtime, wait};
use super::endpoint::{Endpoint, error, ok};
use super::proxy::Proxy;
use super::{Texts, client, configuration, patient};

/// The metadata service of a machine in us-east-2 that has a role, and what it was asked.
async fn machine() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let remembered = Arc::clone(&seen);
    let router = Router::new().fallback(move |uri: Uri| {
        remembered.lock().unwrap().push(uri.path().to_owned());
        let body = match uri.path() {
            "/latest/api/token" => "TOKEN".to_owned(),
            "/latest/meta-data/placement/region" => "us-east-2".to_owned(),
            path if path.ends_with('/') => "role-of-the-machine".to_owned(),
            _ => json!({
                "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "AKIDMACHINE", "SecretAccessKey": "secret",
                "Token": "tokenmachine", "LastUpdated": "2026-01-01T00:00:00Z", "Expiration": "2099-01-01T00:00:00Z",
                "AccountId": "123456789012"
            })
            .to_string(),
        };
        async move { ([("x-aws-ec2-metadata-token-ttl-seconds", "21600")], body) }
    });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, seen)
}

/// What the environment says of the metadata service, whether the block names it and skips it, and whether it is asked.
const MACHINES: [(Texts, bool, bool, bool); 6] = [
    (&[], true, false, true),
    (&[], true, true, false),
    (&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "MACHINE")], false, false, true),
    (&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "MACHINE")], false, true, false),
    (&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1")], true, false, true),
    (&[("AWS_EC2_METADATA_DISABLED", "true")], true, false, false),
];

/// The environment of the machine may say otherwise.
#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
#[test]
fn a_machine_hands_out_credentials_and_region_unless_it_is_not_to_be_asked() {
    let name = "surroundings::a_machine_hands_out_credentials_and_region_unless_it_is_not_to_be_asked";
    if let Ok(case) = std::env::var(CASE) {
        let (number, url) = case.split_once(' ').unwrap();
        let (_, is_named, is_skipped, is_asked) = MACHINES[number.parse::<usize>().unwrap()];
        return wait(async {
            let ecs = Endpoint::start([ok("{}")]).await;
            let configuration = Configuration {
                ec2_metadata_service_endpoint: is_named.then(|| url.to_owned()),
                skip_metadata_api_check: is_skipped,
                endpoints: configuration(&ecs).endpoints,
                ..Configuration::default()
            };
            match EcsClients::new(configuration.clone()).for_region(None).await {
                Ok(client) => {
                    assert!(is_asked);
                    client.describe_task_definition("shop", &patient()).await.unwrap();
                    let request = &ecs.requests()[0];
                    let signed = request.header("authorization");
                    assert!(
                        signed.contains("Credential=AKIDMACHINE/") && signed.contains("/us-east-2/ecs/"),
                        "{signed}"
                    );
                    assert_eq!(request.header("x-amz-security-token"), "tokenmachine");
                }
                Err(failed) => {
                    assert_eq!((failed.kind, is_asked), (ErrorKind::NoRegion, false), "{failed}");
                    let failed =
                        EcsClients::new(configuration).for_region(Some("eu-west-1")).await.unwrap_err();
                    assert_eq!(failed.kind, ErrorKind::NoCredentials, "{failed}");
                }
            }
        });
    }
    for (number, (said, _, _, is_asked)) in (0_usize..).zip(MACHINES) {
        let runtime = runtime();
        let (url, seen) = runtime.block_on(machine());
        let home = tempfile::tempdir().unwrap();
        let mut variables: Vec<(&'static str, String)> =
            said.iter().map(|(name, value)| (*name, value.replace("MACHINE", &url))).collect();
        variables.push((CASE, format!("{number} {url}")));
        beside(&runtime, name, variables, home.path());
        let seen = seen.lock().unwrap().clone();
        assert_eq!(!seen.is_empty(), is_asked, "{said:?}: {seen:?}");
    }
}

const CASE: &str = "DDROFS_TEST_CASE";

/// What stands in the environment alone, and what of it is in the call: the words that have to be in the authorization, and the
/// session token.
const ENVIRONMENTS: [(Texts, &[&str], &str); 7] = [
    (
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDOWN"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", "own"),
            ("AWS_REGION", "eu-central-1"),
        ],
        &["Credential=AKIDOWN/", "/eu-central-1/ecs/"],
        "own",
    ),
    (
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDOWN"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_DEFAULT_REGION", "eu-south-1"),
        ],
        &["/eu-south-1/ecs/"],
        "",
    ),
    (
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDOWN"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_DEFAULT_REGION", "eu-south-1"),
            ("AWS_REGION", "eu-central-1"),
        ],
        &["/eu-central-1/ecs/"],
        "",
    ),
    (
        &[
            ("AWS_PROFILE", "work"),
            ("AWS_CONFIG_FILE", "HOME/config"),
            ("AWS_SHARED_CREDENTIALS_FILE", "HOME/keys"),
        ],
        &["Credential=AKIDWORK/", "/ap-south-1/ecs/"],
        "",
    ),
    (
        &[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "MACHINE/container"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t"),
            ("AWS_REGION", "eu-west-1"),
        ],
        &["Credential=AKIDMACHINE/"],
        "tokenmachine",
    ),
    (
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/ci"),
            ("AWS_ROLE_SESSION_NAME", "job-7"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL_STS", "STS"),
        ],
        &["Credential=AKIDWEB/"],
        "tokenWEB",
    ),
    (
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDOWN"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_MAX_ATTEMPTS", "3"),
        ],
        &["Credential=AKIDOWN/"],
        "",
    ),
];

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
#[test]
fn the_environment_says_what_the_block_does_not() {
    let name = "surroundings::the_environment_says_what_the_block_does_not";
    if let Ok(number) = std::env::var(CASE) {
        let (variables, words, token) = ENVIRONMENTS[number.parse::<usize>().unwrap()];
        return wait(async {
            let answers = match variables.contains(&("AWS_MAX_ATTEMPTS", "3")) {
                true => vec![error(500, "ServerException", "oops")],
                false => vec![ok("{}")],
            };
            let ecs = Endpoint::start(answers).await;
            let mut configuration = Configuration::default();
            configuration.endpoints.ecs = Some(ecs.url.clone());
            let client = client(configuration).await;
            let answer = client.describe_task_definition("shop", &patient()).await;
            let requests = ecs.requests();
            assert_eq!(requests.len(), if answer.is_ok() { 1 } else { 3 }, "{answer:?}");
            let signed = requests[0].header("authorization");
            assert!(words.iter().all(|words| signed.contains(words)), "{words:?}: {signed}");
            assert_eq!(requests[0].header("x-amz-security-token"), token);
        });
    }
    for (number, (variables, ..)) in (0..).zip(ENVIRONMENTS) {
        let runtime = runtime();
        let (machine, _) = runtime.block_on(machine());
        let sts = runtime.block_on(Endpoint::start([assumed("AssumeRoleWithWebIdentity", "WEB")]));
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().display().to_string();
        std::fs::write(home.path().join("config"), "[profile work]\nregion = ap-south-1\n").unwrap();
        let keys = "[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = s\n";
        std::fs::write(home.path().join("keys"), keys).unwrap();
        std::fs::write(home.path().join("token"), "of.a.file").unwrap();
        let filled = |value: &str| {
            value.replace("HOME", &folder).replace("MACHINE", &machine).replace("STS", &sts.url)
        };
        let mut variables: Vec<(&'static str, String)> =
            variables.iter().map(|(name, value)| (*name, filled(value))).collect();
        variables.push((CASE, usize::to_string(&number)));
        beside(&runtime, name, variables, home.path());
        if let [asked] = &sts.requests()[..] {
            assert!(asked.text().contains("RoleSessionName=job-7"), "{}", asked.text());
        }
    }
}

/// FIPS, dual stack and the pace of repeats by variables, which the block outvotes.
#[test]
fn the_block_outvotes_the_variables_of_hosts() {
    let name = "surroundings::the_block_outvotes_the_variables_of_hosts";
    let home = tempfile::tempdir().unwrap();
    let variables =
        ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"].map(|name| (name, "true".to_owned()));
    if !in_a_bare_environment(name, &variables, home.path()) {
        return;
    }
    wait(async {
        let proxy = Proxy::start(1, 1).await;
        let unused = Endpoint::start([ok("{}")]).await;
        for (own, host) in
            [(None, "ecs-fips.us-east-1.api.aws"), (Some(false), "ecs.us-east-1.amazonaws.com")]
        {
            let configuration = Configuration {
                region: Some("us-east-1".to_owned()),
                endpoints: ddrofs::ecs_client::Endpoints::default(),
                https_proxy: Some(proxy.url().as_str().into()),
                use_fips_endpoint: own,
                use_dualstack_endpoint: own,
                max_retries: Some(0),
                ..configuration(&unused)
            };
            client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap_err();
            assert_eq!(proxy.seen()[0], format!("CONNECT {host}:443"));
        }
    });
}
