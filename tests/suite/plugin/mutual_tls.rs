//! Who is let in when Terraform asks for TLS.

use std::sync::Arc;

use rustls::client::ResolvesClientCert;

use super::launched::{Handshake, Identity, Launched, SERVING, check_health};

/// Whether a client gets an answer.
async fn is_let_in(handshake: &Handshake, client: Option<Arc<dyn ResolvesClientCert>>) -> bool {
    // With TLS 1.3 a client believes itself connected before the server has judged its certificate.
    match handshake.try_connect(client).await {
        Ok(channel) => check_health(channel, "plugin").await.is_ok_and(|status| status == SERVING),
        Err(_) => false,
    }
}

#[tokio::test]
async fn lets_in_the_one_client_whose_certificate_came_in_the_environment() {
    let terraform = Identity::like_go_plugins();
    let launched = Launched::by_terraform(&[("PLUGIN_CLIENT_CERT", &terraform.pem())]);
    let handshake = launched.handshake();
    assert!(is_let_in(&handshake, Some(terraform.resolver())).await);
}

#[tokio::test]
async fn refuses_everybody_else_and_goes_on_serving() {
    let terraform = Identity::like_go_plugins();
    let stranger = Identity::like_go_plugins();
    let launched = Launched::by_terraform(&[("PLUGIN_CLIENT_CERT", &terraform.pem())]);
    let handshake = launched.handshake();
    assert!(!is_let_in(&handshake, None).await, "a client without a certificate");
    assert!(!is_let_in(&handshake, Some(stranger.resolver())).await, "a client with another certificate");
    let thief = terraform.resolver_with_key_of(&stranger);
    assert!(!is_let_in(&handshake, Some(thief)).await, "a client that has the certificate but not its key");
    let without_tls = Handshake { fields: handshake.fields[..5].to_vec() };
    assert!(!is_let_in(&without_tls, None).await, "a client that speaks no TLS");
    assert!(is_let_in(&handshake, Some(terraform.resolver())).await, "the right client after all of them");
}
