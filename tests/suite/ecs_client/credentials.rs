//! Where credentials and the region come from.

use std::time::{Duration, Instant};

use ddrofs::ecs_client::{
    AssumeRole, AssumeRoleWithWebIdentity, Configuration, EcsClients, ErrorKind, WebIdentityToken,
};
use serde_json::json;

use super::configuration;
use super::endpoint::{Answer, Endpoint, error, ok};

/// The answer of STS to one of the two calls that assume a role.
fn assumed(operation: &str, name: &str) -> Answer {
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
    clients.for_region(None).await.unwrap().register_task_definition(&json!({})).await.unwrap();
    clients.for_region(Some("us-east-1")).await.unwrap().describe_task_definition("web").await.unwrap();

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
    for part in ["RoleSessionName=deploy", "ExternalId=shared-word", "DurationSeconds=1800", "Policy=%7B%7D"]
    {
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
    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    let failed = client.register_task_definition(&json!({})).await.unwrap_err();
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
    client.describe_task_definition("web").await.unwrap();
    assert!(sts.requests()[0].text().contains("WebIdentityToken=the.jwt"));
    assert_eq!(sts.requests()[0].header("authorization"), "");
    assert!(ecs.requests()[0].header("authorization").contains("Credential=AKIDWEB/"));
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
    let client = EcsClients::new(configuration).for_region(Some("eu-west-1")).await.unwrap();
    client.describe_task_definition("web").await.unwrap();
    assert!(endpoint.requests()[0].header("authorization").contains("Credential=AKIDPROFILE/"));
}

#[tokio::test]
async fn a_profile_without_credentials_is_told_quickly() {
    let endpoint = Endpoint::start([ok("{}")]).await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty").display().to_string();
    std::fs::write(&empty, "[default]\n").unwrap();
    let configuration = Configuration {
        access_key: None,
        secret_key: None,
        profile: Some("nowhere".to_owned()),
        shared_config_files: vec![empty.clone()],
        shared_credentials_files: vec![empty],
        ..configuration(&endpoint)
    };
    let started = Instant::now();
    let client = EcsClients::new(configuration).for_region(None).await.unwrap();
    let failed = client.register_task_definition(&json!({})).await.unwrap_err();
    assert_eq!(
        (failed.kind, failed.operation),
        (ErrorKind::NoCredentials, "RegisterTaskDefinition"),
        "{failed}"
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
    let failed = client.describe_task_definition("web").await.unwrap_err();
    let printed = format!("{clients:?} {client:?} {failed:?} {failed}");
    for secret in ["AKIDEXAMPLE", "secretexample", "tokenexample"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Set in the process that the next test starts of itself.
const BARE: &str = "DDROFS_TEST_IN_A_BARE_ENVIRONMENT";

/// The environment belongs to the whole process, so the test runs itself again in one that has nothing of AWS, and
/// where the instance metadata service would be there is a listener that never answers.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test tells its two processes apart")]
fn without_any_source_credentials_and_region_are_missed_quickly() {
    if std::env::var(BARE).is_ok() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(nothing_is_found_in_a_bare_environment());
    }
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = tempfile::tempdir().unwrap();
    let name = "ecs_client::credentials::without_any_source_credentials_and_region_are_missed_quickly";
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env_clear()
        .env(BARE, "1")
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", format!("http://{}", silent.local_addr().unwrap()))
        .status()
        .unwrap();
    assert!(status.success());
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
    let client = EcsClients::new(Configuration::default()).for_region(Some("eu-west-1")).await.unwrap();
    let failed = client.register_task_definition(&json!({})).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::NoCredentials);
    for source in ["environment variables", "profile", "container", "EC2 instance metadata"] {
        assert!(failed.message.contains(source), "{source} in {failed}");
    }
    assert!(started.elapsed() < Duration::from_secs(4), "credentials: {:?}", started.elapsed());
}
