//! Settings of the provider block that the AWS provider has as well.

use ddrofs::ecs_client::{Configuration, EcsClients, Endpoints, ErrorKind, IgnoredTags};
use serde_json::json;

use super::credentials::{in_a_bare_environment, wait};
use super::endpoint::{Answer, Endpoint, error, ok};
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

/// The environment of the machine may say otherwise.
#[test]
fn the_metadata_service_is_asked_where_the_configuration_says_and_not_at_all_where_it_says_so() {
    let home = tempfile::tempdir().unwrap();
    let name = "settings::the_metadata_service_is_asked_where_the_configuration_says_and_not_at_all_where_it_says_so";
    if !in_a_bare_environment(name, &[], home.path()) {
        return;
    }
    wait(async {
        for is_skipped in [false, true] {
            let token = ok("TOKEN").with_header("x-aws-ec2-metadata-token-ttl-seconds", "600");
            let machine = Endpoint::start([token, ok("eu-north-1")]).await;
            let clients = EcsClients::new(Configuration {
                access_key: Some("AKIDEXAMPLE".into()),
                secret_key: Some("secretexample".into()),
                ec2_metadata_service_endpoint: Some(machine.url.clone()),
                skip_metadata_api_check: is_skipped,
                endpoints: Endpoints::default(),
                ..Configuration::default()
            });
            match clients.for_region(None).await {
                Ok(client) => assert_eq!((client.region(), is_skipped), ("eu-north-1", false)),
                Err(failed) => {
                    assert_eq!((failed.kind, is_skipped), (ErrorKind::NoRegion, true), "{failed}");
                    assert!(machine.requests().is_empty());
                }
            }
        }
    });
}
