//! Certificate authorities: the system's, and those that are added.

use std::path::Path;

use ddrofs::ecs_client::{Configuration, EcsError, ErrorKind};

use super::credentials::{in_a_bare_environment, wait};
use super::endpoint::{Endpoint, ok};
use super::tls::Tls;
use super::{client, configuration, node, patient};

/// What becomes of a call to this server, and that it was to have no answer but `{}`.
async fn call(configuration: Configuration, server: &Tls) -> Result<(), EcsError> {
    let mut configuration = configuration;
    configuration.endpoints.ecs = Some(server.url());
    let answer = client(configuration).await.describe_task_definition("web", &patient()).await?;
    assert_eq!(answer, node(serde_json::json!({})));
    Ok(())
}

fn write(path: &Path, pem: &str) -> String {
    std::fs::write(path, pem).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_it_is_named_and_nowhere_else() {
    let (server, other) = (Tls::start().await, Tls::start().await);
    let folder = tempfile::tempdir().unwrap();
    let unused = Endpoint::start([ok("{}")]).await;
    let strict = configuration(&unused);
    let bundle = write(&folder.path().join("ca.pem"), &server.pem);
    let trusting = Configuration { custom_ca_bundle: Some(bundle), ..strict.clone() };
    call(trusting.clone(), &server).await.unwrap();
    for (configuration, server) in [(strict, &server), (trusting.clone(), &other)] {
        let failed = call(configuration, server).await.unwrap_err();
        assert_eq!(
            failed.kind,
            ErrorKind::UntrustedCertificate,
            "a failed handshake sends nothing: {failed}"
        );
    }
    // Several authorities in one file.
    let both = write(&folder.path().join("both.pem"), &format!("{}# the next\n{}", other.pem, server.pem));
    let trusting = Configuration { custom_ca_bundle: Some(both), ..trusting };
    call(trusting.clone(), &server).await.unwrap();
    call(trusting, &other).await.unwrap();
}

#[tokio::test]
async fn sts_is_trusted_by_the_same_authorities() {
    let caller = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account>\
                  </GetCallerIdentityResult></GetCallerIdentityResponse>";
    let sts = Tls::answering(caller).await;
    let folder = tempfile::tempdir().unwrap();
    let ecs = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&ecs);
    configuration.endpoints.sts = Some(sts.url());
    configuration.allowed_account_ids = vec!["111111111111".to_owned()];
    configuration.custom_ca_bundle = Some(write(&folder.path().join("ca.pem"), &sts.pem));
    client(configuration).await.describe_task_definition("web", &patient()).await.unwrap();
    assert_eq!(ecs.requests().len(), 1);
}

/// The file that `SSL_CERT_FILE` names plays the system's store.
#[test]
fn those_of_the_system_are_trusted_while_others_are_added() {
    let home = tempfile::tempdir().unwrap();
    let system = home.path().join("system.pem").display().to_string();
    let name = "authorities::those_of_the_system_are_trusted_while_others_are_added";
    if !in_a_bare_environment(name, &[("SSL_CERT_FILE", system)], home.path()) {
        return;
    }
    wait(async {
        let home = std::env::home_dir().unwrap();
        let (public, private) = (Tls::start().await, Tls::start().await);
        write(&home.join("system.pem"), &public.pem);
        let unused = Endpoint::start([ok("{}")]).await;
        let mut configuration = configuration(&unused);
        call(configuration.clone(), &public).await.unwrap();
        call(configuration.clone(), &private).await.unwrap_err();
        configuration.custom_ca_bundle = Some(write(&home.join("own.pem"), &private.pem));
        call(configuration.clone(), &private).await.unwrap();
        call(configuration, &public).await.unwrap();
    });
}

/// The block comes before the environment, and the environment before the profile.
#[test]
fn the_bundle_is_named_by_the_block_or_the_environment_or_the_profile() {
    let name = "authorities::the_bundle_is_named_by_the_block_or_the_environment_or_the_profile";
    for is_in_environment in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let mut variables = vec![("AWS_PROFILE", "work".to_owned())];
        if is_in_environment {
            let path = home.path().join("environment.pem").display().to_string();
            variables.push(("AWS_CA_BUNDLE", path));
        }
        if in_a_bare_environment(name, &variables, home.path()) {
            return wait(each_place_is_looked_at());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
async fn each_place_is_looked_at() {
    let home = std::env::home_dir().unwrap();
    let of_block = Tls::start().await;
    let of_environment = Tls::start().await;
    let of_profile = Tls::start().await;
    let bundle = write(&home.join("block.pem"), &of_block.pem);
    write(&home.join("environment.pem"), &of_environment.pem);
    write(&home.join("profile.pem"), &of_profile.pem);
    std::fs::create_dir(home.join(".aws")).unwrap();
    write(&home.join(".aws/config"), "[profile work]\nca_bundle = ~/profile.pem\n");
    let unused = Endpoint::start([ok("{}")]).await;
    let named = Configuration { custom_ca_bundle: Some(bundle), ..configuration(&unused) };
    let (right, wrong) = match std::env::var("AWS_CA_BUNDLE") {
        Ok(_) => (&of_environment, &of_profile),
        Err(_) => (&of_profile, &of_environment),
    };
    call(configuration(&unused), right).await.unwrap();
    call(configuration(&unused), wrong).await.unwrap_err();
    call(named.clone(), &of_block).await.unwrap();
    call(named, right).await.unwrap_err();

    let missing =
        home.join(if std::env::var("AWS_CA_BUNDLE").is_ok() { "environment.pem" } else { "profile.pem" });
    std::fs::remove_file(&missing).unwrap();
    let clients = ddrofs::ecs_client::EcsClients::new(configuration(&unused));
    let failed = clients.check().await.unwrap_err();
    let setting =
        if missing.ends_with("profile.pem") { "`ca_bundle` of the profile" } else { "AWS_CA_BUNDLE" };
    assert!(failed.message.contains(setting) && failed.message.contains("cannot be read"), "{failed}");
}
