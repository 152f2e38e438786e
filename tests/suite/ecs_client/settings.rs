//! Settings of the provider block that the AWS provider has as well.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::HeaderMap;
use ddrofs::ecs_client::{Configuration, EcsClients, ErrorKind, IgnoredTags};
use ddrofs::framework::{Context, Provider, ReadRequest};
use ddrofs::value::Value;
use serde_json::json;
use tokio::net::TcpListener;

use super::credentials::{beside, in_a_bare_environment, runtime, wait};
use super::endpoint::{Answer, Endpoint, error, ok};
use super::proxy::Proxy;
use super::told::{object, task_definition};
use super::{client, configuration, patient};

fn caller(account: &str) -> Answer {
    ok(&format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    ))
}

/// The region of a signature.
fn signed_for(authorization: &str) -> &str {
    authorization.split('/').nth(2).unwrap_or_default()
}

#[tokio::test]
async fn sts_is_asked_in_a_region_of_its_own() {
    for (sts_region, expected) in [(None, "eu-west-1"), (Some("us-gov-west-1".to_owned()), "us-gov-west-1")] {
        let sts = Endpoint::start([caller("111111111111")]).await;
        let ecs = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&ecs);
        configuration.endpoints.sts = Some(sts.url.clone());
        configuration.sts_region = sts_region;
        configuration.allowed_account_ids = vec!["111111111111".to_owned()];
        client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
        assert_eq!(signed_for(sts.requests()[0].header("authorization")), expected);
        assert_eq!(signed_for(ecs.requests()[0].header("authorization")), "eu-west-1");
    }
}

#[tokio::test]
async fn credentials_are_tried_before_anything_is_called_where_that_is_asked_for() {
    for (validates, calls) in [(false, 0), (true, 1)] {
        let refused =
            error(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        let sts = Endpoint::start([refused]).await;
        let ecs = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&ecs);
        configuration.endpoints.sts = Some(sts.url.clone());
        configuration.validates_credentials = validates;
        let made = EcsClients::new(configuration).for_region(None).await;
        assert_eq!((made.is_err(), sts.requests().len()), (validates, calls));
        assert!(ecs.requests().is_empty());
    }
}

#[tokio::test]
async fn tags_that_are_ignored_are_in_no_answer() {
    let tags = json!({ "tags": [
        { "key": "team", "value": "shop" },
        { "key": "Team", "value": "kept, because keys have an upper and a lower case" },
        { "key": "cost:center", "value": "7" },
        { "key": "scost:center", "value": "kept" },
    ] });
    let ecs = Endpoint::start([ok(&tags.to_string())]).await;
    let mut configuration = configuration(&ecs);
    configuration.ignore_tags =
        IgnoredTags { keys: vec!["team".to_owned()], key_prefixes: vec!["cost:".to_owned()] };
    let client = client(configuration).await;
    for answer in [
        client.describe_task_definition("shop", &patient()).await.unwrap(),
        client.list_tags_for_resource("arn", &patient()).await.unwrap(),
    ] {
        let keys: Vec<_> =
            answer.get("tags").items().iter().map(|tag| tag.get("key").as_str().unwrap()).collect();
        assert_eq!(keys, ["Team", "scost:center"]);
    }
}

#[tokio::test]
async fn every_call_names_the_products_of_the_configuration() {
    let sts = Endpoint::start([caller("111111111111")]).await;
    let ecs = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.validates_credentials = true;
    configuration.user_agent = vec!["pipeline/1.0 (deploy)".to_owned(), "team/shop".to_owned()];
    client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
    for request in [&ecs.requests()[0], &sts.requests()[0]] {
        let header = request.header("user-agent");
        assert!(
            header.starts_with("aws-sdk-rust/") && header.ends_with(" pipeline/1.0 (deploy) team/shop"),
            "{header}"
        );
    }
}

/// `TF_APPEND_USER_AGENT` is another process's.
#[test]
fn the_environment_adds_a_product() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("TF_APPEND_USER_AGENT", "wrapper/2 ".to_owned())];
    if in_a_bare_environment("settings::the_environment_adds_a_product", &variables, home.path()) {
        wait(async {
            let ecs = Endpoint::start([ok("{}")]).await;
            client(configuration(&ecs)).await.describe_task_definition("shop", &patient()).await.unwrap();
            let header = ecs.requests()[0].header("user-agent").to_owned();
            assert!(header.ends_with(" wrapper/2"), "{header}");
        });
    }
}

/// The variable is another process's.
#[test]
fn words_that_no_header_can_hold_are_an_error_that_names_their_setting() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("TF_APPEND_USER_AGENT", "wrapper/2 pr\u{e9}face".to_owned())];
    let name = "settings::words_that_no_header_can_hold_are_an_error_that_names_their_setting";
    if !in_a_bare_environment(name, &variables, home.path()) {
        return;
    }
    wait(async {
        let ecs = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&ecs);
        for setting in ["TF_APPEND_USER_AGENT", "`user_agent` of the provider block"] {
            for failed in [
                EcsClients::new(configuration.clone()).check().await.unwrap_err(),
                EcsClients::new(configuration.clone()).for_region(None).await.unwrap_err(),
            ] {
                assert_eq!(failed.kind, ErrorKind::Configuration);
                assert!(failed.message.starts_with(setting) && !failed.message.contains("face"), "{failed}");
            }
            configuration.user_agent = vec!["pr\u{e9}face/1".to_owned()];
        }
        assert!(ecs.requests().is_empty());
    });
}

#[tokio::test]
async fn a_session_token_goes_with_the_keys() {
    let ecs = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&ecs);
    configuration.token = Some("tokenexample".into());
    client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
    let request = &ecs.requests()[0];
    assert_eq!(request.header("x-amz-security-token"), "tokenexample");
    assert!(request.header("authorization").contains("Credential=AKIDEXAMPLE/"));
}

/// ECS and STS at one address, which remembers who of the two was asked.
struct Aws {
    url: String,
    seen: Arc<Mutex<Vec<&'static str>>>,
}

impl Aws {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        let router = Router::new().fallback(move |headers: HeaderMap| {
            let is_ecs = headers.contains_key("x-amz-target");
            remembered.lock().unwrap().push(if is_ecs { "ecs" } else { "sts" });
            let answer = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account>\
                          </GetCallerIdentityResult></GetCallerIdentityResponse>";
            async move { if is_ecs { "{}" } else { answer } }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Aws { url, seen }
    }
}

const OF_BLOCK: usize = 0;
const OF_SERVICE: usize = 1;
const OF_ALL: usize = 2;
const OF_PROFILE: usize = 3;

/// Which places name an address, and the place whose address ECS and STS are asked at.
const PLACES: [(&[usize], [usize; 2]); 5] = [
    (&[OF_BLOCK, OF_SERVICE, OF_ALL, OF_PROFILE], [OF_BLOCK, OF_BLOCK]),
    (&[OF_SERVICE, OF_ALL, OF_PROFILE], [OF_SERVICE, OF_SERVICE]),
    (&[OF_ALL, OF_PROFILE], [OF_ALL, OF_ALL]),
    (&[OF_PROFILE], [OF_PROFILE, OF_PROFILE]),
    (&[OF_BLOCK, OF_PROFILE], [OF_BLOCK, OF_BLOCK]),
];

const URLS: &str = "DDROFS_TEST_URLS";

/// The block, the variable of the service, that of all services, the profile.
#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
#[test]
fn an_endpoint_is_named_in_four_places_and_the_nearest_counts() {
    let name = "settings::an_endpoint_is_named_in_four_places_and_the_nearest_counts";
    if let Ok(urls) = std::env::var(URLS) {
        let (of_block, of_profile) = urls.split_once(' ').unwrap();
        let folder = std::env::home_dir().unwrap().join(".aws");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("config"), format!("[default]\nendpoint_url = {of_profile}\n")).unwrap();
        return wait(async {
            let unused = Endpoint::start([ok("{}")]).await;
            let mut configuration = configuration(&unused);
            let named = (!of_block.is_empty()).then(|| of_block.to_owned());
            configuration.endpoints.ecs.clone_from(&named);
            configuration.endpoints.sts = named;
            configuration.validates_credentials = true;
            client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
        });
    }
    for (places, asked) in PLACES {
        let runtime = runtime();
        let servers: Vec<Aws> = (0..4).map(|_| runtime.block_on(Aws::start())).collect();
        let url =
            |place: usize| if places.contains(&place) { servers[place].url.clone() } else { String::new() };
        let home = tempfile::tempdir().unwrap();
        let variables = [
            ("AWS_ENDPOINT_URL_ECS", url(OF_SERVICE)),
            ("AWS_ENDPOINT_URL_STS", url(OF_SERVICE)),
            ("AWS_ENDPOINT_URL", url(OF_ALL)),
            (URLS, format!("{} {}", url(OF_BLOCK), url(OF_PROFILE))),
        ];
        beside(&runtime, name, variables.into(), home.path());
        let seen: Vec<Vec<&str>> = servers.iter().map(|server| server.seen.lock().unwrap().clone()).collect();
        let at = |service| seen.iter().position(|seen| seen.contains(&service));
        assert_eq!([at("ecs"), at("sts")], asked.map(Some), "{places:?}: {seen:?}");
        assert_eq!(seen.concat().len(), 2, "{places:?}: {seen:?}");
    }
}

/// Each service by its own variable, and the general one for the other.
#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
#[test]
fn the_variable_of_a_service_leaves_the_other_service_alone() {
    let name = "settings::the_variable_of_a_service_leaves_the_other_service_alone";
    if std::env::var("AWS_ENDPOINT_URL_STS").is_ok() {
        return wait(async {
            let unused = Endpoint::start([ok("{}")]).await;
            let mut configuration = configuration(&unused);
            configuration.endpoints = ddrofs::ecs_client::Endpoints::default();
            configuration.validates_credentials = true;
            client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
        });
    }
    let home = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let [own, of_all] = [(); 2].map(|()| runtime.block_on(Aws::start()));
    let variables = vec![("AWS_ENDPOINT_URL_STS", own.url.clone()), ("AWS_ENDPOINT_URL", of_all.url.clone())];
    beside(&runtime, name, variables, home.path());
    assert_eq!(
        (&own.seen.lock().unwrap()[..], &of_all.seen.lock().unwrap()[..]),
        (&["sts"][..], &["ecs"][..])
    );
}

#[test]
fn endpoints_of_the_surroundings_can_be_ignored_and_that_of_the_block_not() {
    let name = "settings::endpoints_of_the_surroundings_can_be_ignored_and_that_of_the_block_not";
    let home = tempfile::tempdir().unwrap();
    let elsewhere = "http://127.0.0.1:1".to_owned();
    let variables = [
        ("AWS_ENDPOINT_URL_ECS", elsewhere.clone()),
        ("AWS_ENDPOINT_URL", elsewhere),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true".to_owned()),
    ];
    if !in_a_bare_environment(name, &variables, home.path()) {
        return;
    }
    wait(async {
        let proxy = Proxy::start(1, 1).await;
        let ecs = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&ecs);
        configuration.https_proxy = Some(proxy.url().as_str().into());
        configuration.max_retries = Some(0);
        client(configuration.clone()).await.describe_task_definition("shop", &patient()).await.unwrap();
        configuration.endpoints = ddrofs::ecs_client::Endpoints::default();
        client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap_err();
        assert_eq!(proxy.seen(), ["CONNECT ecs.eu-west-1.amazonaws.com:443"]);
    });
}

#[tokio::test]
async fn fips_and_dual_stack_choose_the_host() {
    let proxy = Proxy::start(1, 1).await;
    let unused = Endpoint::start([ok("{}")]).await;
    for (fips, dual_stack, hosts) in [
        (false, false, ["sts.us-east-1.amazonaws.com", "ecs.us-east-1.amazonaws.com"]),
        (true, false, ["sts-fips.us-east-1.amazonaws.com", "ecs-fips.us-east-1.amazonaws.com"]),
        (false, true, ["sts.us-east-1.api.aws", "ecs.us-east-1.api.aws"]),
        (true, true, ["sts-fips.us-east-1.api.aws", "ecs-fips.us-east-1.api.aws"]),
    ] {
        let configuration = Configuration {
            region: Some("us-east-1".to_owned()),
            endpoints: ddrofs::ecs_client::Endpoints::default(),
            https_proxy: Some(proxy.url().as_str().into()),
            use_fips_endpoint: Some(fips),
            use_dualstack_endpoint: Some(dual_stack),
            max_retries: Some(0),
            ..configuration(&unused)
        };
        let validating = Configuration { validates_credentials: true, ..configuration.clone() };
        EcsClients::new(validating).for_region(None).await.unwrap_err();
        let sts = proxy.seen();
        client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap_err();
        let ecs = proxy.seen();
        assert_eq!([&sts[0], &ecs[0]], hosts.map(|host| format!("CONNECT {host}:443")).each_ref());
    }
}

/// A name of a region that no list has is a region, and a text that can be none is refused.
#[tokio::test]
async fn of_a_region_only_the_form_is_judged_whatever_is_skipped() {
    for skip in [Value::Null, Value::from(false), Value::from(true)] {
        let ecs = Endpoint::start([ok("{}")]).await;
        for (region, is_refused) in [("mars-north-7", false), ("eu west", true)] {
            let provider = ddrofs::provider::ddrofs();
            let block = block(
                &provider,
                &ecs,
                &[("region", Value::from(region)), ("skip_region_validation", skip.clone())],
            );
            let told = provider.validate_config(&block).await;
            assert_eq!(told.has_errors(), is_refused, "{region}: {told:?}");
        }
    }
    let ecs = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&ecs);
    configuration.region = Some("mars-north-7".to_owned());
    client(configuration).await.describe_task_definition("shop", &patient()).await.unwrap();
    assert_eq!(signed_for(ecs.requests()[0].header("authorization")), "mars-north-7");
}

/// A provider block with static keys and this server for ECS and STS.
pub(super) fn block(provider: &impl Provider, server: &Endpoint, further: &[(&str, Value)]) -> Value {
    let endpoints =
        object([("ecs", Value::from(server.url.as_str())), ("sts", Value::from(server.url.as_str()))]);
    let own = [
        ("access_key", Value::from("AKIDEXAMPLE")),
        ("secret_key", Value::from("secretexample")),
        ("region", Value::from("eu-west-1")),
        ("endpoints", Value::List(vec![endpoints])),
    ];
    let all = own.into_iter().chain(further.iter().cloned());
    provider.schema().block.complete(all.map(|(name, value)| (name.to_owned(), value)).collect())
}

/// ECS says that a revision is gone, and so it says to credentials of another account.
#[tokio::test]
async fn the_account_is_looked_at_when_a_revision_is_gone_unless_that_is_skipped() {
    for (skip, account, is_gone, asked) in [
        (Value::Null, "123456789012", true, 1),
        (Value::from(false), "123456789012", true, 1),
        (Value::from(false), "999999999999", false, 1),
        (Value::from(true), "999999999999", true, 0),
    ] {
        let ecs =
            Endpoint::start([error(400, "ClientException", "Unable to describe task definition.")]).await;
        let sts = Endpoint::start([caller(account)]).await;
        let provider = ddrofs::provider::ddrofs();
        let endpoints =
            object([("ecs", Value::from(ecs.url.as_str())), ("sts", Value::from(sts.url.as_str()))]);
        let settings = [
            ("skip_requesting_account_id", skip),
            ("endpoints", Value::List(vec![endpoints])),
            ("max_retries", Value::from(0)),
        ];
        let told = provider.configure(&Context::default(), block(&provider, &ecs, &settings), "1.11.4").await;
        assert!(!told.has_errors(), "{told:?}");
        let resource = task_definition(&provider);
        let arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7";
        let state =
            [("id", "shop"), ("family", "shop"), ("region", "eu-west-1"), ("arn", arn), ("sha256", "0000")];
        let state = state.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
        let state = resource.schema().block.complete(state.collect());
        let (read, told) =
            resource.read(&Context::default(), ReadRequest { state, private: Vec::new() }).await;
        assert_eq!(sts.requests().len(), asked, "{told:?}");
        assert_eq!((read.is_none(), told.has_errors()), (true, !is_gone), "{told:?}");
    }
}
