//! How long the provider takes from its start to the line that Terraform waits for.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P521_SHA512};

use super::terraform::Workspace;

/// Tells go-plugin's servers that it is Terraform who starts them.
const MAGIC_COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A throw-away certificate of the kind Terraform makes, as PEM.
pub(super) fn client_certificate() -> Result<String, Box<dyn Error>> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?;
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&key)?;
    let body = STANDARD.encode(certificate.der());
    let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    Ok(format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")))
}

/// Starts the provider as Terraform does, waits for the line and ends it.
pub(super) fn time_start(workspace: &Workspace, certificate: &str) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(workspace.provider());
    command
        .env_clear()
        .env("TF_PLUGIN_MAGIC_COOKIE", MAGIC_COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_CLIENT_CERT", certificate)
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .env("TMPDIR", workspace.scratch())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let start = Instant::now();
    let mut provider = command.spawn()?;
    let stdout = provider.stdout.take().ok_or("stdout is piped")?;
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line);
    let elapsed = start.elapsed();
    provider.kill()?;
    provider.wait()?;
    read?;
    if line.starts_with("1|5|") { Ok(elapsed) } else { Err(format!("no handshake line but {line:?}").into()) }
}
