//! Where credentials and the region come from.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use ddrofs::ecs_client::{
    AssumeRole, AssumeRoleWithWebIdentity, Configuration, EcsClients, Endpoints, ErrorKind, WebIdentityToken,
};
use serde_json::json;
use tokio::runtime::Runtime;

use super::endpoint::{Answer, Endpoint, error, ok};
use super::{configuration, node, patient};

/// The answer of STS to one of the two calls that assume a role.
pub(super) fn assumed(operation: &str, name: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result>\
         <Credentials><AccessKeyId>AKID{name}</AccessKeyId><SecretAccessKey>secret{name}</SecretAccessKey>\
         <SessionToken>token{name}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         </{operation}Result></{operation}Response>"
    ))
}

#[tokio::test]
async fn roles_are_assumed_one_after_the_other_and_the_last_one_signs() {
    let ecs = Endpoint::start([ok("{}")]).await;
    let sts = Endpoint::start([assumed("AssumeRole", "FIRST"), assumed("AssumeRole", "SECOND")]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.assume_role = vec![
        AssumeRole {
            role_arn: "arn:aws:iam::111111111111:role/first".to_owned(),
            source_identity: Some("jane".to_owned()),
            tags: [("team".to_owned(), "edge".to_owned())].into(),
            transitive_tag_keys: vec!["team".to_owned()],
            ..AssumeRole::default()
        },
        AssumeRole {
            role_arn: "arn:aws:iam::222222222222:role/second".to_owned(),
            session_name: Some("deploy".to_owned()),
            external_id: Some("shared-word".into()),
            duration: Some(Duration::from_secs(1800)),
            policy: Some("{}".to_owned()),
            policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
            ..AssumeRole::default()
        },
    ];
    let clients = EcsClients::new(configuration);
    clients
        .for_region(None)
        .await
        .unwrap()
        .register_task_definition(&node(json!({})), &patient())
        .await
        .unwrap();
    clients
        .for_region(Some("us-east-1"))
        .await
        .unwrap()
        .describe_task_definition("web", &patient())
        .await
        .unwrap();

    let asked = sts.requests();
    assert_eq!(asked.len(), 2, "both regions share the credentials");
    let first = asked[0].text();
    for part in [
        "RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Ffirst",
        "RoleSessionName=terraform-provider-ddrofs",
        "SourceIdentity=jane",
        "Tags.member.1.Key=team&Tags.member.1.Value=edge",
        "TransitiveTagKeys.member.1=team",
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(asked[0].header("authorization").contains("Credential=AKIDEXAMPLE/"));
    let second = asked[1].text();
    for part in [
        "RoleSessionName=deploy",
        "ExternalId=shared-word",
        "DurationSeconds=1800",
        "Policy=%7B%7D",
        "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess",
    ] {
        assert!(second.contains(part), "{part} in {second}");
    }
    assert!(asked[1].header("authorization").contains("Credential=AKIDFIRST/"));
    assert_eq!(asked[1].header("x-amz-security-token"), "tokenFIRST");
    for request in ecs.requests() {
        assert!(request.header("authorization").contains("Credential=AKIDSECOND/"));
        assert_eq!(request.header("x-amz-security-token"), "tokenSECOND");
    }
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_is_access_denied_for_assume_role() {
    let ecs = Endpoint::start([ok("{}")]).await;
    let denied = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                  <Message>not authorized to perform: sts:AssumeRole</Message></Error>\
                  <RequestId>r-1</RequestId></ErrorResponse>";
    let sts = Endpoint::start([ok(denied).with_status(403)]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.assume_role =
        vec![AssumeRole { role_arn: "arn:aws:iam::111111111111:role/x".to_owned(), ..AssumeRole::default() }];
    let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
    assert_eq!((failed.kind, failed.operation), (ErrorKind::AccessDenied, "AssumeRole"), "{failed}");
    assert_eq!(failed.required_actions()[0], "sts:AssumeRole");
    assert!(ecs.requests().is_empty());
}

#[tokio::test]
async fn a_web_identity_token_takes_the_place_of_keys() {
    let ecs = Endpoint::start([ok("{}")]).await;
    let sts = Endpoint::start([assumed("AssumeRoleWithWebIdentity", "WEB")]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.assume_role_with_web_identity = Some(AssumeRoleWithWebIdentity {
        role_arn: "arn:aws:iam::111111111111:role/ci".to_owned(),
        session_name: None,
        token: WebIdentityToken::Inline("the.jwt".into()),
        duration: None,
        policy: None,
        policy_arns: Vec::new(),
    });
    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    client.describe_task_definition("web", &patient()).await.unwrap();
    assert!(sts.requests()[0].text().contains("WebIdentityToken=the.jwt"));
    assert_eq!(sts.requests()[0].header("authorization"), "");
    assert!(ecs.requests()[0].header("authorization").contains("Credential=AKIDWEB/"));
}

#[tokio::test]
async fn a_web_identity_token_comes_from_a_file_with_what_narrows_the_session() {
    let ecs = Endpoint::start([ok("{}")]).await;
    let sts = Endpoint::start([assumed("AssumeRoleWithWebIdentity", "WEB")]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token").display().to_string();
    std::fs::write(&path, "of.a.file\n").unwrap();
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url.clone());
    configuration.assume_role_with_web_identity = Some(AssumeRoleWithWebIdentity {
        role_arn: "arn:aws:iam::111111111111:role/ci".to_owned(),
        session_name: Some("deploy".to_owned()),
        token: WebIdentityToken::File(path),
        duration: Some(Duration::from_secs(1800)),
        policy: Some("{}".to_owned()),
        policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
    });
    EcsClients::new(configuration).for_region(None).await.unwrap();
    let asked = sts.requests()[0].text().to_owned();
    for part in [
        "RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fci",
        "WebIdentityToken=of.a.file",
        "RoleSessionName=deploy",
        "DurationSeconds=1800",
        "Policy=%7B%7D",
        "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
}

#[tokio::test]
async fn a_named_profile_is_read_from_the_named_files() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let folder = tempfile::tempdir().unwrap();
    let (config, credentials) = (folder.path().join("config"), folder.path().join("credentials"));
    std::fs::write(&config, "[profile deploy]\nregion = sa-east-1\n").unwrap();
    std::fs::write(
        &credentials,
        "[deploy]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secretprofile\n",
    )
    .unwrap();
    let configuration = Configuration {
        region: None,
        access_key: None,
        secret_key: None,
        profile: Some("deploy".to_owned()),
        shared_config_files: vec![config.display().to_string()],
        shared_credentials_files: vec![credentials.display().to_string()],
        ..configuration(&endpoint)
    };
    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    client.describe_task_definition("web", &patient()).await.unwrap();
    let signed = endpoint.requests()[0].header("authorization").to_owned();
    assert!(signed.contains("Credential=AKIDPROFILE/") && signed.contains("/sa-east-1/ecs/"), "{signed}");
}

#[tokio::test]
async fn a_profile_that_no_file_has_is_told_quickly_and_with_the_files() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty").display().to_string();
    std::fs::write(&empty, "[default]\n").unwrap();
    let file = empty.clone();
    let configuration = Configuration {
        access_key: None,
        secret_key: None,
        profile: Some("nowhere".to_owned()),
        shared_config_files: vec![empty.clone()],
        shared_credentials_files: vec![empty],
        ..configuration(&endpoint)
    };
    let started = Instant::now();
    let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::MissingProfile, "{failed}");
    assert_eq!(failed.circumstances.profile.as_deref(), Some("nowhere"));
    assert!(failed.message.contains(&file) && failed.message.contains("\"default\""), "{failed}");
    assert_eq!(
        failed.message.matches(&file).count(),
        1,
        "it was named twice and is looked in once: {failed}"
    );
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(endpoint.requests().is_empty());
}

#[tokio::test]
async fn one_key_without_the_other_is_refused() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let configuration = Configuration { secret_key: None, ..configuration(&endpoint) };
    let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Configuration);
    assert!(failed.message.contains("`secret_key`") && !failed.message.contains("AKIDEXAMPLE"));
}

#[tokio::test]
async fn an_account_that_is_not_allowed_gets_no_client() {
    let identity = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>\
                    </GetCallerIdentityResult></GetCallerIdentityResponse>";
    let endpoint = Endpoint::start([ok(identity)]).await;
    let with = |allowed: &[&str], forbidden: &[&str]| Configuration {
        allowed_account_ids: allowed.iter().map(|&id| id.to_owned()).collect(),
        forbidden_account_ids: forbidden.iter().map(|&id| id.to_owned()).collect(),
        ..configuration(&endpoint)
    };
    for refused in [with(&["999999999999"], &[]), with(&[], &["123456789012"])] {
        let failed = EcsClients::new(refused).for_region(None).await.unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Configuration);
        assert!(failed.message.contains("123456789012"), "{failed}");
    }
    EcsClients::new(with(&["123456789012"], &["999999999999"])).for_region(None).await.unwrap();
    assert_eq!(endpoint.requests().len(), 3);
}

#[tokio::test]
async fn neither_clients_nor_errors_show_a_key() {
    let endpoint = Endpoint::start([error(400, "UnrecognizedClientException", "unknown")]).await;
    let mut configuration = configuration(&endpoint);
    configuration.token = Some("tokenexample".into());
    let clients = EcsClients::new(configuration);
    let client = clients.for_region(None).await.unwrap();
    let failed = client.describe_task_definition("web", &patient()).await.unwrap_err();
    let printed = format!("{clients:?} {client:?} {failed:?} {failed}");
    for secret in ["AKIDEXAMPLE", "secretexample", "tokenexample"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Set in the processes that tests start of themselves.
const BARE: &str = "DDROFS_TEST_IN_A_BARE_ENVIRONMENT";

/// The environment belongs to the whole process, so a test that needs another one runs itself again in it. Of the
/// developer's machine nothing is left. Whether this is that process.
#[expect(clippy::disallowed_methods, reason = "the test tells its two processes apart")]
pub(super) fn in_a_bare_environment(test: &str, variables: &[(&str, String)], home: &Path) -> bool {
    if std::env::var(BARE).is_ok() {
        return true;
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("ecs_client::{test}"), "--nocapture"])
        .env_clear()
        .env(BARE, "1")
        .env("HOME", home)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let said =
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    // No test at all is a success as well, where the name is another one.
    assert!(output.status.success() && said.contains("1 passed"), "{test}\n{said}");
    false
}

pub(super) fn wait<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a test once more in a bare environment while the servers of this runtime answer it.
pub(super) fn beside(
    servers: &Runtime,
    test: &'static str,
    variables: Vec<(&'static str, String)>,
    home: &Path,
) {
    let home = home.to_owned();
    let child = move || in_a_bare_environment(test, &variables, &home);
    let is_child = servers.block_on(async { tokio::task::spawn_blocking(child).await.unwrap() });
    assert!(!is_child, "this process has started another one");
}

/// Where the instance metadata service would be there is a listener that never answers.
#[test]
fn without_any_source_credentials_and_region_are_missed_quickly() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = tempfile::tempdir().unwrap();
    let metadata = format!("http://{}", silent.local_addr().unwrap());
    let name = "credentials::without_any_source_credentials_and_region_are_missed_quickly";
    if in_a_bare_environment(name, &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata)], home.path()) {
        return wait(nothing_is_found_in_a_bare_environment());
    }
    silent.set_nonblocking(true).unwrap();
    assert!(silent.accept().is_ok(), "the metadata service was asked, and waiting for it was cut short");
}

async fn nothing_is_found_in_a_bare_environment() {
    let started = Instant::now();
    let failed = EcsClients::new(Configuration::default()).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NoRegion);
    assert!(failed.message.contains("AWS_REGION") && failed.message.contains("profile"), "{failed}");
    assert!(started.elapsed() < Duration::from_secs(4), "region: {:?}", started.elapsed());

    let started = Instant::now();
    let failed = EcsClients::new(Configuration::default()).for_region(Some("eu-west-1")).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NoCredentials);
    for source in ["environment variables", "profile", "container", "EC2 instance metadata"] {
        assert!(failed.message.contains(source), "{source} in {failed}");
    }
    assert!(started.elapsed() < Duration::from_secs(4), "credentials: {:?}", started.elapsed());
}

/// Every variable that the SDK, its files or its transport look at.
pub(super) const VARIABLES: [&str; 31] = [
    "ALL_PROXY",
    "AWS_ACCESS_KEY_ID",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ECS",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_MAX_ATTEMPTS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_RETRY_MODE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SDK_UA_APP_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
];

/// The usual profile has everything that a call needs, and it counts although every variable names nothing in its place.
#[test]
fn variables_that_are_set_and_empty_count_as_not_set() {
    let home = tempfile::tempdir().unwrap();
    let empty = VARIABLES.map(|name| (name, String::new()));
    if in_a_bare_environment(
        "credentials::variables_that_are_set_and_empty_count_as_not_set",
        &empty,
        home.path(),
    ) {
        wait(a_profile_alone_is_enough());
    }
}

async fn a_profile_alone_is_enough() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let folder = std::env::home_dir().unwrap().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    let config = format!("[default]\nregion = eu-north-1\nendpoint_url = {}\n", endpoint.url);
    std::fs::write(folder.join("config"), config).unwrap();
    let keys = "[default]\naws_access_key_id = AKIDUSUAL\naws_secret_access_key = secret\n";
    std::fs::write(folder.join("credentials"), keys).unwrap();
    let configuration = Configuration {
        endpoints: Endpoints { ecs: Some(endpoint.url.clone()), sts: None },
        ..Configuration::default()
    };
    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    client.describe_task_definition("web", &patient()).await.unwrap();
    let seen = endpoint.requests()[0].header("authorization").to_owned();
    assert!(seen.contains("Credential=AKIDUSUAL/") && seen.contains("/eu-north-1/ecs/"), "{seen}");

    // Without a profile there is nothing, and that is told as such.
    std::fs::remove_dir_all(folder).unwrap();
    let failed = EcsClients::new(Configuration::default()).for_region(Some("eu-west-1")).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NoCredentials, "{failed}");
    let failed = EcsClients::new(Configuration::default()).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NoRegion, "{failed}");
}

/// An endpoint of the environment is called, and an empty one of a single service leaves it at that.
#[test]
fn an_empty_endpoint_of_one_service_is_none() {
    let endpoint = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = tempfile::tempdir().unwrap();
    let variables = [
        ("AWS_ENDPOINT_URL", format!("http://{}", endpoint.local_addr().unwrap())),
        ("AWS_ENDPOINT_URL_ECS", String::new()),
        ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_MAX_ATTEMPTS", "1".to_owned()),
    ];
    let asked = std::thread::spawn(move || {
        let (connection, _) = endpoint.accept().unwrap();
        drop(connection);
    });
    if in_a_bare_environment("credentials::an_empty_endpoint_of_one_service_is_none", &variables, home.path())
    {
        return wait(async {
            let client = EcsClients::new(Configuration::default()).for_region(None).await.unwrap();
            let failed = client.describe_task_definition("web", &patient()).await.unwrap_err();
            assert_eq!(failed.kind, ErrorKind::NoAnswer, "the connection was closed: {failed}");
        });
    }
    asked.join().unwrap();
}

/// An endpoint without a scheme is refused under the name of the variable, before the SDK takes it for something else.
#[test]
fn an_endpoint_of_the_environment_without_a_scheme_is_refused_with_its_variable() {
    let name = "credentials::an_endpoint_of_the_environment_without_a_scheme_is_refused_with_its_variable";
    for (variable, service) in
        [("AWS_ENDPOINT_URL_ECS", "ecs"), ("AWS_ENDPOINT_URL", "ecs"), ("AWS_ENDPOINT_URL_STS", "sts")]
    {
        let home = tempfile::tempdir().unwrap();
        let variables = [
            (variable, "localhost:4566"),
            ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-west-1"),
            ("DDROFS_TEST_VARIABLE", variable),
            ("DDROFS_TEST_SERVICE", service),
        ];
        if in_a_bare_environment(name, &variables.map(|(name, value)| (name, value.to_owned())), home.path())
        {
            return wait(the_endpoint_is_refused());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
async fn the_endpoint_is_refused() {
    let allowed = match std::env::var("DDROFS_TEST_SERVICE").unwrap().as_str() {
        "sts" => vec!["123456789012".to_owned()],
        _ => Vec::new(),
    };
    let configuration = Configuration { allowed_account_ids: allowed, ..Configuration::default() };
    let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Configuration, "{failed}");
    let variable = std::env::var("DDROFS_TEST_VARIABLE").unwrap();
    let said = format!("{variable} is \"localhost:4566\", which lacks http:// or https:// in front.");
    assert!(failed.message.starts_with(&said), "{failed}");
}

/// What a person may have in the environment, one after the other, and the variable that the error has to name.
const UNUSABLE: [(&str, &str); 7] = [
    ("AWS_ACCESS_KEY_ID", "AKIDHUNTER2\n"),
    ("AWS_SECRET_ACCESS_KEY", "HUNTER2\n"),
    ("AWS_SESSION_TOKEN", "HUNTER2\u{1}"),
    ("AWS_REGION", "eu-west-1\n"),
    ("AWS_MAX_ATTEMPTS", "HUNTER2"),
    ("AWS_MAX_ATTEMPTS", "0"),
    ("AWS_RETRY_MODE", "HUNTER2"),
];

#[test]
fn what_the_environment_says_and_nobody_can_use_is_an_error_that_names_the_variable() {
    let name =
        "credentials::what_the_environment_says_and_nobody_can_use_is_an_error_that_names_the_variable";
    for (variable, value) in UNUSABLE {
        let home = tempfile::tempdir().unwrap();
        let mut variables = std::collections::BTreeMap::from([
            ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-west-1"),
            ("DDROFS_TEST_VARIABLE", variable),
        ]);
        variables.insert(variable, value);
        let variables: Vec<(&str, String)> =
            variables.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        if in_a_bare_environment(name, &variables, home.path()) {
            return wait(the_variable_is_named());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
async fn the_variable_is_named() {
    let variable = std::env::var("DDROFS_TEST_VARIABLE").unwrap();
    let endpoint = Endpoint::start([ok("{}")]).await;
    let configuration = Configuration {
        endpoints: Endpoints { ecs: Some(endpoint.url.clone()), sts: Some(endpoint.url.clone()) },
        ..Configuration::default()
    };
    let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Configuration, "{failed}");
    assert!(failed.message.contains(&variable) && !failed.message.contains("HUNTER2"), "{failed}");
    assert!(endpoint.requests().is_empty());
}

/// A profile can say that its role is assumed with the keys of the environment: those are looked at as well.
#[test]
fn a_profile_that_leads_to_the_environment_names_the_variable() {
    let home = tempfile::tempdir().unwrap();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDHUNTER2\n".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("DDROFS_TEST_VARIABLE", "AWS_ACCESS_KEY_ID".to_owned()),
    ];
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let config = "[profile deploy]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/deploy\n\
                  credential_source = Environment\n";
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let name = "credentials::a_profile_that_leads_to_the_environment_names_the_variable";
    if in_a_bare_environment(name, &variables, home.path()) {
        wait(async {
            let configuration =
                Configuration { profile: Some("deploy".to_owned()), ..Configuration::default() };
            let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
            assert_eq!(failed.kind, ErrorKind::Configuration, "{failed}");
            assert!(failed.message.contains("AWS_ACCESS_KEY_ID"), "{failed}");
            assert!(!failed.message.contains("HUNTER2"), "{failed}");
        });
    }
}

#[tokio::test]
async fn a_key_that_no_header_can_hold_is_refused_before_anything_is_called() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    for setting in ["access_key", "secret_key", "token"] {
        let mut configuration = configuration(&endpoint);
        let broken = Some("hunter2\n".into());
        match setting {
            "access_key" => configuration.access_key = broken,
            "secret_key" => configuration.secret_key = broken,
            _ => configuration.token = broken,
        }
        let failed = EcsClients::new(configuration).for_region(None).await.unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Configuration, "{failed}");
        assert!(failed.message.contains(&format!("`{setting}`")), "{failed}");
        assert!(!failed.to_string().contains("hunter2"), "{failed}");
    }
    assert!(endpoint.requests().is_empty());
}

#[tokio::test]
async fn a_region_that_is_none_is_refused_before_anything_is_called() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    for region in ["us east", "a/b", "eu-west-1\n", "\u{1}"] {
        let own = Configuration { region: Some(region.to_owned()), ..configuration(&endpoint) };
        let failed = EcsClients::new(own.clone()).for_region(None).await.unwrap_err();
        assert!(failed.message.contains("`region` of the provider"), "{failed}");
        let failed = EcsClients::new(own).for_region(Some("eu-west-1")).await.unwrap_err();
        assert!(failed.message.contains("`region` of the provider"), "{failed}");
        let of_resource = EcsClients::new(configuration(&endpoint));
        let failed = of_resource.for_region(Some(region)).await.unwrap_err();
        assert!(failed.message.contains("`region` of the resource"), "{failed}");
    }
    assert!(endpoint.requests().is_empty());
}
