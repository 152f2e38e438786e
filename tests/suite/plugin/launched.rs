//! Starts the program, finds it by its handshake line and connects to it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::ClientConfig;
use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::sign::CertifiedKey;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-ddrofs");

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// How long to wait for what must happen: far longer than it takes, so that a busy machine fails no test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[expect(unreachable_pub, reason = "generated code")]
pub(crate) mod wire {
    tonic::include_proto!("plugin");
}

#[expect(unreachable_pub, reason = "generated code")]
pub(crate) mod health {
    tonic::include_proto!("grpc.health.v1");
}

/// The program, started but with nothing said yet.
pub(crate) struct Launched {
    child: Child,
    /// What the program writes to stdout: lines, then the end.
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    pub(crate) folder: TempDir,
}

/// The program with an environment that holds only what a test sets, and a folder of its own for sockets.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    scrub(&mut command, folder);
    command
}

pub(crate) fn scrub(command: &mut Command, folder: &Path) {
    command
        .env_clear()
        .env("TMPDIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// Adds what Terraform sets for every provider.
pub(crate) fn as_terraform(command: &mut Command) -> &mut Command {
    command
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "6,5")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
}

impl Launched {
    /// Starts the program as Terraform does, with further variables.
    pub(crate) fn by_terraform(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program(folder.path());
        as_terraform(&mut command).envs(variables.iter().copied());
        Self::start(command, folder)
    }

    pub(crate) fn start(mut command: Command, folder: TempDir) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = lines_of(child.stdout.take().unwrap());
        let stderr = lines_of(child.stderr.take().unwrap());
        Self { child, stdout, stderr, folder }
    }

    /// The next line on stdout.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).expect("the program says nothing on stdout")
    }

    pub(crate) fn handshake(&self) -> Handshake {
        Handshake::parse(&self.line())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let status =
            Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status().unwrap();
        assert!(status.success());
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the process to end by itself.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end");
            // Lets the client go on meanwhile: closing a connection is its work too.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until nobody can write to stdout any more, the program's descendants included.
    pub(crate) fn wait_for_end_of_stdout(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.stdout.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {}
        assert!(Instant::now() < deadline, "a process still holds stdout");
    }

    /// Everything on stderr; call it when the process has ended.
    pub(crate) fn stderr(&self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Ok(line) = self.stderr.recv_timeout(PATIENCE) {
            lines.push(line);
        }
        lines
    }

    /// What is left in the folder for sockets.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if tx.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    rx
}

/// The handshake line, taken apart as go-plugin's client does.
#[derive(Debug, Clone)]
pub(crate) struct Handshake {
    pub(crate) fields: Vec<String>,
}

impl Handshake {
    fn parse(line: &str) -> Self {
        Self { fields: line.split('|').map(str::to_owned).collect() }
    }

    pub(crate) fn address(&self) -> &str {
        &self.fields[3]
    }

    /// The id of the process that listens, which is part of its folder's name.
    pub(crate) fn process(&self) -> String {
        let after = self.address().split("ddrofs-").nth(1).expect("the socket is in the program's folder");
        after.split('-').next().unwrap_or_default().to_owned()
    }

    fn certificate(&self) -> Option<CertificateDer<'static>> {
        let field = self.fields.get(5).filter(|field| !field.is_empty())?;
        Some(CertificateDer::from(STANDARD_NO_PAD.decode(field).unwrap()))
    }

    /// Connects as the client with that certificate, or without TLS if the plugin has none.
    pub(crate) async fn connect(&self, identity: Option<&Identity>) -> Channel {
        self.try_connect(identity.map(Identity::resolver)).await.unwrap()
    }

    pub(crate) async fn try_connect(
        &self,
        client: Option<Arc<dyn ResolvesClientCert>>,
    ) -> Result<Channel, tonic::transport::Error> {
        let connector = self.certificate().map(|certificate| tls_connector(certificate, client));
        let (network, address) = (self.fields[2].clone(), self.address().to_owned());
        Endpoint::from_static("http://localhost")
            .connect_timeout(PATIENCE)
            .connect_with_connector(tower::service_fn(move |_| {
                let (network, address, connector) = (network.clone(), address.clone(), connector.clone());
                async move {
                    let stream: Box<dyn Stream> = match network.as_str() {
                        "unix" => Box::new(UnixStream::connect(address).await?),
                        _ => Box::new(TcpStream::connect(address).await?),
                    };
                    let Some(connector) = connector else { return Ok(TokioIo::new(stream)) };
                    let name = ServerName::try_from("localhost").unwrap();
                    let stream = connector.connect(name, stream).await?;
                    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                    Ok::<_, std::io::Error>(TokioIo::new(Box::new(stream)))
                }
            }))
            .await
    }
}

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Trusts the plugin's own certificate only and checks it for `localhost`, as go-plugin's client does.
fn tls_connector(
    certificate: CertificateDer<'static>,
    client: Option<Arc<dyn ResolvesClientCert>>,
) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match client {
        Some(resolver) => config.with_client_cert_resolver(resolver),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// A client's certificate and key, made as go-plugin makes them.
pub(crate) struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Identity {
    /// ECDSA on P-521, self-signed, an authority by its own account.
    pub(crate) fn like_go_plugins() -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).unwrap().into();
        Self { certificate, key }
    }

    pub(crate) fn pem(&self) -> String {
        let text = STANDARD.encode(&self.certificate);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// Presents this certificate and signs with its key.
    pub(crate) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        self.resolver_with_key_of(self)
    }

    /// Presents this certificate but signs with the key of another.
    pub(crate) fn resolver_with_key_of(&self, other: &Self) -> Arc<dyn ResolvesClientCert> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(other.key.serialize_der()));
        let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
        Arc::new(Presents(Arc::new(CertifiedKey::new(vec![self.certificate.clone()], key))))
    }
}

#[derive(Debug)]
struct Presents(Arc<CertifiedKey>);

impl ResolvesClientCert for Presents {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Asks after the plugin's health, which any client that is let in may do.
pub(crate) async fn check_health(channel: Channel, service: &str) -> Result<i32, tonic::Status> {
    let request = health::HealthCheckRequest { service: service.to_owned() };
    let mut client = health::health_client::HealthClient::new(channel);
    tokio::time::timeout(PATIENCE, client.check(request))
        .await
        .expect("no answer")
        .map(|a| a.into_inner().status)
}

/// What a healthy service answers.
pub(crate) const SERVING: i32 = health::health_check_response::ServingStatus::Serving as i32;

/// Asks the plugin to end, as Terraform does after its last call.
pub(crate) async fn shut_down(channel: Channel) {
    let mut controller = wire::grpc_controller_client::GrpcControllerClient::new(channel);
    tokio::time::timeout(PATIENCE, controller.shutdown(wire::Empty {})).await.expect("no answer").unwrap();
}
