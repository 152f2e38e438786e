//! A TLS server whose certificate is of a private authority.

use std::sync::Arc;

use base64::Engine;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The name that the certificate is for beside `localhost`. No name server knows it.
pub(super) const NAME: &str = "ecs.example.test";

/// A running server; it ends with the test's runtime.
pub(super) struct Tls {
    pub(super) port: u16,
    /// The certificate of its authority.
    pub(super) pem: String,
}

impl Tls {
    /// Starts a server that answers every request with `{}`.
    pub(super) async fn start() -> Self {
        Self::answering("{}").await
    }

    /// Starts a server that answers every request with this text.
    pub(super) async fn answering(body: &str) -> Self {
        let (acceptor, pem) = certified();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                let Ok(mut connection) = acceptor.accept(connection).await else { continue };
                let mut request = [0_u8; 4096];
                // A small request comes in one piece or two; the answer may overtake the second.
                assert!(connection.read(&mut request).await.unwrap() > 0);
                connection.write_all(answer.as_bytes()).await.unwrap();
                connection.shutdown().await.ok();
            }
        });
        Tls { port, pem }
    }

    /// Its address as this machine knows it.
    pub(super) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

/// What accepts connections with a certificate for `localhost` and [`NAME`], and the certificate of its authority.
pub(super) fn certified() -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let certificate = authority.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", NAME].map(str::to_owned);
    let issuer = Issuer::new(authority, authority_key);
    let own = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![own.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64::engine::general_purpose::STANDARD.encode(certificate.der())
    );
    (TlsAcceptor::from(Arc::new(config)), pem)
}
