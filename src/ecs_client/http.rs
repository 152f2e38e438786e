//! The transport: the SDK's own, unless the configuration asks for a proxy or for other certificate authorities.

use std::path::PathBuf;

use aws_sdk_ecs::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::configuration::{Configuration, Secret};
use super::environment::{file_path, variable};
use super::error::{EcsError, ErrorKind};

/// The transport that the configuration asks for; `None` leaves it to the SDK, which reads the proxy variables.
/// `environment_bundle` is the file that the environment names for certificate authorities.
pub(super) fn http_client(
    configuration: &Configuration,
    environment_bundle: Option<String>,
) -> Result<Option<SharedHttpClient>, EcsError> {
    let bundle = ca_bundle(configuration.custom_ca_bundle.as_deref(), environment_bundle);
    let plain = configuration.http_proxy.as_ref();
    let tls = configuration.https_proxy.as_ref().or(plain);
    if plain.is_none() && tls.is_none() {
        if configuration.no_proxy.is_some() {
            return Err(refused("`no_proxy` needs `http_proxy` or `https_proxy` beside it"));
        }
        if bundle.is_none() {
            return Ok(None);
        }
    }
    let context = match &bundle {
        Some(bundle) => trusting_only(bundle)?,
        None => TlsContext::default(),
    };
    let no_proxy = configuration.no_proxy.as_deref();
    Ok(Some(SharedHttpClient::new(ByScheme {
        plain: client(proxy("http_proxy", plain, no_proxy)?, context.clone()),
        tls: client(proxy("https_proxy", tls, no_proxy)?, context),
    })))
}

/// The setting that names a proxy for addresses that begin with `https:`, or for the others. Hosts may be excepted from it.
pub(super) fn proxy_setting(configuration: &Configuration, is_https: bool) -> Option<&'static str> {
    let (plain, tls) = (configuration.http_proxy.is_some(), configuration.https_proxy.is_some());
    match (is_https && tls, plain) {
        (true, _) => return Some("`https_proxy` of the provider block"),
        (false, true) => return Some("`http_proxy` of the provider block"),
        (false, false) => {}
    }
    let of_scheme = if is_https { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    of_scheme.into_iter().chain(["ALL_PROXY", "all_proxy"]).find(|name| variable(name).is_some())
}

fn refused(message: impl Into<String>) -> EcsError {
    EcsError::local(ErrorKind::Configuration, "Configure", message)
}

/// A proxy for everything but `no_proxy`; without an address, what the environment says.
fn proxy(name: &str, address: Option<&Secret>, no_proxy: Option<&str>) -> Result<ProxyConfig, EcsError> {
    let Some(address) = address else { return Ok(ProxyConfig::from_env()) };
    // The cause is left out: it can repeat the address, which can hold a password.
    let config = ProxyConfig::all(address.expose())
        .map_err(|_| refused(format!("`{name}` is not the URL of a proxy, such as \"http://proxy:3128\"")))?;
    Ok(match no_proxy {
        Some(rules) => config.no_proxy(rules),
        None => config,
    })
}

/// A file with certificate authorities, and the setting that names it.
struct CaBundle {
    setting: &'static str,
    path: PathBuf,
}

/// The file that the configuration names, else that of the environment. The SDK does not read this variable, and the other
/// AWS tools do.
fn ca_bundle(configured: Option<&str>, environment: Option<String>) -> Option<CaBundle> {
    match configured {
        Some(path) => Some(CaBundle { setting: "`custom_ca_bundle`", path: file_path(path) }),
        None => environment.map(|path| CaBundle { setting: "AWS_CA_BUNDLE", path: PathBuf::from(path) }),
    }
}

fn trusting_only(bundle: &CaBundle) -> Result<TlsContext, EcsError> {
    let place = format!("{} {}", bundle.setting, bundle.path.display());
    let pem =
        std::fs::read(&bundle.path).map_err(|error| refused(format!("{place} cannot be read: {error}")))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused(format!("{place} is not PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(refused(format!("{place} holds no certificate")));
    }
    // The SDK panics at PEM armour around something else.
    for (number, certificate) in (1..).zip(certificates) {
        RootCertStore::empty().add(certificate).map_err(|error| {
            refused(format!("block {number} of {place} is not a certificate that can be trusted: {error}"))
        })?;
    }
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(pem))
        .build()
        .map_err(|error| refused(format!("{place} cannot be used: {error}")))
}

fn client(proxy: ProxyConfig, context: TlsContext) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        if let Some(settings) = settings {
            connector = connector.connector_settings(settings.clone());
        }
        if let Some(sleep) = components.and_then(RuntimeComponents::sleep_impl) {
            connector = connector.sleep_impl(sleep);
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context.clone()).build()
    })
}

/// Two transports, because one of the SDK's carries one proxy while users may name one for each scheme.
#[derive(Debug)]
struct ByScheme<T> {
    plain: T,
    tls: T,
}

impl HttpClient for ByScheme<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(ByScheme {
            plain: self.plain.http_connector(settings, components),
            tls: self.tls.http_connector(settings, components),
        })
    }
}

impl HttpConnector for ByScheme<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match request.uri().starts_with("https:") {
            true => self.tls.call(request),
            false => self.plain.call(request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_without_wishes_leaves_the_transport_to_the_sdk() {
        assert!(http_client(&Configuration::default(), None).unwrap().is_none());
    }

    #[test]
    fn refuses_what_cannot_be_carried_out_without_repeating_a_password() {
        let alone = Configuration { no_proxy: Some("localhost".to_owned()), ..Configuration::default() };
        assert!(http_client(&alone, None).unwrap_err().message.contains("no_proxy"));

        let no_url =
            Configuration { https_proxy: Some("http://u:hunter2@ bad".into()), ..Configuration::default() };
        let error = http_client(&no_url, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn a_bundle_that_is_missing_or_holds_no_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem").display().to_string();
        let configuration =
            Configuration { custom_ca_bundle: Some(path.clone()), ..Configuration::default() };
        assert!(http_client(&configuration, None).unwrap_err().message.contains("cannot be read"));
        std::fs::write(&path, "nothing here").unwrap();
        assert!(http_client(&configuration, None).unwrap_err().message.contains("holds no certificate"));
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        let failed = http_client(&configuration, None).unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Configuration);
        let message = failed.message;
        assert!(message.contains("`custom_ca_bundle`") && message.contains("block 1"), "{message}");
    }

    #[test]
    fn the_configured_bundle_is_taken_before_that_of_the_environment() {
        let named = |configured: Option<&str>| {
            ca_bundle(configured, Some("/etc/ca.pem".to_owned())).map(|bundle| (bundle.setting, bundle.path))
        };
        assert_eq!(named(Some("own.pem")), Some(("`custom_ca_bundle`", PathBuf::from("own.pem"))));
        assert_eq!(named(None), Some(("AWS_CA_BUNDLE", PathBuf::from("/etc/ca.pem"))));
        assert!(ca_bundle(None, None).is_none());
    }
}
