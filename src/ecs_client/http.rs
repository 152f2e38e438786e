//! The transport: the SDK's own, unless the configuration asks for a proxy or for other certificate authorities.

use aws_sdk_ecs::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::configuration::{Configuration, Secret};
use super::error::{EcsError, ErrorKind};

/// The transport that the configuration asks for; `None` leaves it to the SDK, which reads the proxy variables.
pub(super) fn http_client(configuration: &Configuration) -> Result<Option<SharedHttpClient>, EcsError> {
    let plain = configuration.http_proxy.as_ref();
    let tls = configuration.https_proxy.as_ref().or(plain);
    if plain.is_none() && tls.is_none() {
        if configuration.no_proxy.is_some() {
            return Err(refused("`no_proxy` needs `http_proxy` or `https_proxy` beside it"));
        }
        if configuration.custom_ca_bundle.is_none() {
            return Ok(None);
        }
    }
    let context = match &configuration.custom_ca_bundle {
        Some(path) => trusting_only(path)?,
        None => TlsContext::default(),
    };
    let no_proxy = configuration.no_proxy.as_deref();
    Ok(Some(SharedHttpClient::new(ByScheme {
        plain: client(proxy("http_proxy", plain, no_proxy)?, context.clone()),
        tls: client(proxy("https_proxy", tls, no_proxy)?, context),
    })))
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

fn trusting_only(path: &str) -> Result<TlsContext, EcsError> {
    let pem = std::fs::read(path)
        .map_err(|error| refused(format!("`custom_ca_bundle` {path} cannot be read: {error}")))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused(format!("`custom_ca_bundle` {path} is not PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(refused(format!("`custom_ca_bundle` {path} holds no certificate")));
    }
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(pem))
        .build()
        .map_err(|error| refused(format!("`custom_ca_bundle` {path} cannot be used: {error}")))
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
        assert!(http_client(&Configuration::default()).unwrap().is_none());
    }

    #[test]
    fn refuses_what_cannot_be_carried_out_without_repeating_a_password() {
        let alone = Configuration { no_proxy: Some("localhost".to_owned()), ..Configuration::default() };
        assert!(http_client(&alone).unwrap_err().message.contains("no_proxy"));

        let no_url =
            Configuration { https_proxy: Some("http://u:hunter2@ bad".into()), ..Configuration::default() };
        let error = http_client(&no_url).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn a_bundle_that_is_missing_or_holds_no_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem").display().to_string();
        let configuration =
            Configuration { custom_ca_bundle: Some(path.clone()), ..Configuration::default() };
        assert!(http_client(&configuration).unwrap_err().message.contains("cannot be read"));
        std::fs::write(&path, "nothing here").unwrap();
        assert!(http_client(&configuration).unwrap_err().message.contains("holds no certificate"));
    }
}
