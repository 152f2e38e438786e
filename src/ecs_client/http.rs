//! The transport: the SDK's own, unless there is a proxy or there are further certificate authorities.

use std::sync::Arc;

use aws_sdk_ecs::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use super::ca_bundle::further_authorities;
use super::configuration::Configuration;
use super::error::{EcsError, ErrorKind};
use super::proxy::{Proxies, Proxy, with_scheme};

/// The transport that configuration, environment and profile ask for; `None` leaves it to the SDK.
pub(super) async fn http_client(configuration: &Configuration) -> Result<Option<SharedHttpClient>, EcsError> {
    let proxies = Proxies::of(configuration)?;
    let authorities = further_authorities(configuration).await?;
    if proxies.is_empty() && authorities.is_none() {
        return Ok(None);
    }
    // The usual trust store is the system's.
    let mut trusted = TrustStore::default();
    if let Some(pem) = authorities {
        trusted = trusted.with_pem_certificate(pem);
    }
    let context = TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .map_err(|error| refused(format!("the certificate authorities cannot be used: {error}")))?;
    let through = |proxy: &Option<Proxy>| {
        proxy.as_ref().map(|proxy| Ok(client(config(proxy)?, context.clone()))).transpose()
    };
    Ok(Some(SharedHttpClient::new(ByAddress {
        plain: through(&proxies.plain)?,
        tls: through(&proxies.tls)?,
        direct: client(ProxyConfig::disabled(), context.clone()),
        proxies: Arc::new(proxies),
    })))
}

fn refused(message: String) -> EcsError {
    EcsError::local(ErrorKind::Configuration, "Configure", message)
}

/// A proxy for everything that it is asked for.
fn config(proxy: &Proxy) -> Result<ProxyConfig, EcsError> {
    // The cause is left out: it can repeat the address, which can hold a password.
    ProxyConfig::all(with_scheme(proxy.address.expose())).map_err(|_| {
        refused(format!("{} is not the URL of a proxy, such as \"http://proxy:3128\"", proxy.setting))
    })
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

/// A transport for each way, chosen here: one of the SDK's carries one proxy, sends even loopback through it, and knows no
/// ports among the exceptions.
#[derive(Debug)]
struct ByAddress<T> {
    plain: Option<T>,
    tls: Option<T>,
    direct: T,
    proxies: Arc<Proxies>,
}

impl HttpClient for ByAddress<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = |client: &SharedHttpClient| client.http_connector(settings, components);
        SharedHttpConnector::new(ByAddress {
            plain: self.plain.as_ref().map(connector),
            tls: self.tls.as_ref().map(connector),
            direct: connector(&self.direct),
            proxies: Arc::clone(&self.proxies),
        })
    }
}

impl HttpConnector for ByAddress<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let proxied = self.proxies.on_the_way_to(request.uri()).and_then(|_| {
            if request.uri().starts_with("https:") { self.tls.as_ref() } else { self.plain.as_ref() }
        });
        proxied.unwrap_or(&self.direct).call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_configuration_with_a_proxy_has_a_transport_of_its_own() {
        let configuration =
            Configuration { https_proxy: Some("proxy:3128".into()), ..Configuration::default() };
        assert!(http_client(&configuration).await.unwrap().is_some());
    }
}
