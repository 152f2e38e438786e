//! AutoMTLS: both sides make a certificate for this one process, exchange them out of band and trust nothing else.
//!
//! Terraform's certificate comes in the environment, ours goes out in the handshake line. rustls' own verifier cannot
//! be used for the client: go-plugin presents a self-signed certificate that says it is an authority, which webpki
//! turns down as `CaUsedAsEndEntity` (rustls-webpki 0.103, 2026-11).

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ServerConfig};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, PeerIncompatible, SignatureScheme};
use time::{Duration, OffsetDateTime};
use tokio_rustls::{Accept, TlsAcceptor};

use super::connection::Connection;

/// How far the certificate's validity reaches back, for clocks that step: go-plugin's own margin.
const BACKDATED: Duration = Duration::seconds(30);

/// How long the certificate is valid. It is judged on connecting only, and dies with the process.
const VALIDITY: Duration = Duration::days(365);

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The client's certificate is not one.
    #[error("PLUGIN_CLIENT_CERT holds no certificate in PEM form: {0}")]
    ClientCertificate(rustls::pki_types::pem::Error),
    /// Our own certificate could not be made.
    #[error("could not make a certificate for this process: {0}")]
    OwnCertificate(#[from] rcgen::Error),
    /// rustls does not accept the configuration.
    #[error("could not set up TLS: {0}")]
    Configuration(#[from] rustls::Error),
}

/// Shakes hands with the one client that holds the pinned certificate's key.
#[derive(Clone)]
pub(super) struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// Finishes the handshake on a new connection.
    pub(super) fn accept(&self, connection: Connection) -> Accept<Connection> {
        self.0.accept(connection)
    }
}

/// Both halves of TLS on the plugin's side.
pub(super) struct ServerTls {
    /// Shakes hands.
    pub(super) acceptor: Acceptor,
    /// Our certificate as DER, for the handshake line.
    pub(super) certificate: CertificateDer<'static>,
}

/// Makes a key and a certificate for this process and pins the client's.
pub(super) fn server_tls(client_certificate_pem: &str) -> Result<ServerTls, TlsError> {
    let pinned = CertificateDer::from_pem_slice(client_certificate_pem.as_bytes())
        .map_err(TlsError::ClientCertificate)?
        .into_owned();
    let (certificate, key) = own_certificate()?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(Arc::new(PinnedClient { pinned, provider }))
        .with_single_cert(vec![certificate.clone()], key)?;
    // Newer gRPC clients (grpc-go 1.67) refuse a server that does not agree on HTTP/2 here.
    config.alpn_protocols = vec![b"h2".to_vec()];
    // The one client connects once; a ticket would only let a later handshake pass without the signature.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(ServerTls { acceptor: Acceptor(TlsAcceptor::from(Arc::new(config))), certificate })
}

/// A P-256 key, the fastest of those that Go takes (2026-11: 1.9 ms to the handshake line, 3.4 with P-521), and a
/// certificate for `localhost`, the name that go-plugin's client checks.
fn own_certificate() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let now = OffsetDateTime::now_utc();
    params.not_before = now - BACKDATED;
    params.not_after = now + VALIDITY;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.into(), PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
}

/// Trusts one certificate, byte for byte, and has the client prove in the handshake that it holds the key. A chain,
/// a name or a date could add nothing: the set of trusted certificates has one member.
#[derive(Debug)]
struct PinnedClient {
    pinned: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.pinned {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // go-plugin's client has a P-521 key and presents no certificate at all to a server that does not name
        // that scheme. aws-lc knows it; ring does not.
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_client_certificate_that_is_none() {
        assert!(matches!(server_tls("not a certificate"), Err(TlsError::ClientCertificate(_))));
    }

    #[test]
    fn names_the_scheme_of_terraforms_own_key() {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedClient { pinned: CertificateDer::from(vec![]), provider };
        assert!(verifier.supported_verify_schemes().contains(&SignatureScheme::ECDSA_NISTP521_SHA512));
        assert!(verifier.client_auth_mandatory());
    }

    #[test]
    fn every_process_has_a_certificate_of_its_own() {
        let (one, _) = own_certificate().unwrap();
        let (other, _) = own_certificate().unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn aws_lc_is_built_without_jitter_entropy() {
        assert_eq!(
            crate::plugin::JITTER_ENTROPY,
            "off",
            "build with AWS_LC_SYS_NO_JITTER_ENTROPY=1, as .cargo/config.toml does: otherwise every start of the \
             provider takes about 85 ms longer"
        );
    }
}
