//! Proxies and certificate authorities.

use std::sync::Arc;

use base64::Engine;
use ddrofs::ecs_client::{Configuration, ErrorKind};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::endpoint::{Endpoint, ok};
use super::{client, configuration, node, patient};

/// A TLS server with a certificate of its own that answers every request with `{}`; the certificate in PEM.
pub(super) async fn start_tls() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            let mut request = [0_u8; 4096];
            // A small request comes in one piece or two; the answer may overtake the second.
            assert!(connection.read(&mut request).await.unwrap() > 0);
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            connection.write_all(answer.as_bytes()).await.unwrap();
            connection.shutdown().await.ok();
        }
    });
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64::engine::general_purpose::STANDARD.encode(made.cert.der())
    );
    (url, pem)
}

#[tokio::test]
async fn a_custom_bundle_decides_whom_to_trust() {
    let (url, pem) = start_tls().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, pem).unwrap();
    let unused = Endpoint::start([ok("{}")]).await;
    let mut trusting = configuration(&unused);
    trusting.endpoints.ecs = Some(url);
    let strict = trusting.clone();
    trusting.custom_ca_bundle = Some(path.display().to_string());

    assert_eq!(
        client(trusting).await.describe_task_definition("web", &patient()).await.unwrap(),
        node(json!({}))
    );
    let failed =
        client(strict).await.register_task_definition(&node(json!({})), &patient()).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::UntrustedCertificate, "a failed handshake sends nothing: {failed}");
}

#[tokio::test]
async fn requests_go_through_the_proxy_unless_the_host_is_excepted() {
    let proxy = Endpoint::start([ok(r#"{"through":"proxy"}"#)]).await;
    let direct = Endpoint::start([ok(r#"{"through":"nothing"}"#)]).await;
    let mut through = configuration(&direct);
    through.http_proxy = Some(proxy.url.as_str().into());
    let excepted = Configuration { no_proxy: Some("127.0.0.1".to_owned()), ..through.clone() };

    let answer = client(through).await.describe_task_definition("web", &patient()).await.unwrap();
    assert_eq!(answer, node(json!({ "through": "proxy" })));
    let answer = client(excepted).await.describe_task_definition("web", &patient()).await.unwrap();
    assert_eq!(answer, node(json!({ "through": "nothing" })));
    assert_eq!((proxy.requests().len(), direct.requests().len()), (1, 1));
}
