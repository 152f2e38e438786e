//! What goes through a proxy, and what does not.

use std::path::Path;

use base64::Engine;
use ddrofs::ecs_client::{Configuration, EcsClients, ErrorKind};

use super::credentials::{beside, runtime, wait};
use super::endpoint::{Endpoint, ok};
use super::proxy::Proxy;
use super::tls::{NAME, Tls, certified};
use super::{Texts, client, configuration, patient};

/// Another name of this machine, which nothing takes for loopback: resolvers read it as they read 127.0.0.1.
const SAME_MACHINE: &str = "0x7f.0.0.1";

/// A proxy, what it leads to, and a configuration that names none of them.
struct Place {
    proxy: Proxy,
    tls: Tls,
    plain: Endpoint,
    configuration: Configuration,
    _folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let (tls, plain) = (Tls::start().await, Endpoint::start([ok("{}")]).await);
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("ca.pem");
        std::fs::write(&bundle, &tls.pem).unwrap();
        let proxy = Proxy::start(tls.port, port(&plain)).await;
        let mut configuration = configuration(&plain);
        configuration.custom_ca_bundle = Some(bundle.display().to_string());
        Place { proxy, tls, plain, configuration, _folder: folder }
    }

    /// What came by the proxy when ECS was called at this address.
    async fn seen(&self, configuration: &Configuration, address: &str) -> Vec<String> {
        call(configuration, address).await;
        self.proxy.seen()
    }
}

fn port(endpoint: &Endpoint) -> u16 {
    endpoint.url.rsplit(':').next().unwrap().parse().unwrap()
}

async fn call(configuration: &Configuration, address: &str) {
    let mut configuration = configuration.clone();
    configuration.endpoints.ecs = Some(address.to_owned());
    client(configuration).await.describe_task_definition("web", &patient()).await.unwrap();
}

fn proxy_of(address: &str) -> Option<ddrofs::ecs_client::Secret> {
    Some(address.into())
}

#[tokio::test]
async fn each_scheme_has_its_proxy_and_that_of_plain_text_serves_both() {
    let place = Place::new().await;
    let (plain, tls) = ("http://ecs.example.test:8080", format!("https://{NAME}"));
    let through_plain = ["POST http://ecs.example.test:8080/"];
    let through_tunnel = [format!("CONNECT {NAME}:443")];

    let http = Configuration { http_proxy: proxy_of(&place.proxy.url()), ..place.configuration.clone() };
    assert_eq!(place.seen(&http, plain).await, through_plain);
    assert_eq!(place.seen(&http, &tls).await, through_tunnel);

    let dead = "http://127.0.0.1:1";
    let https = Configuration {
        http_proxy: proxy_of(dead),
        // Without a scheme, as curl and Go take it.
        https_proxy: proxy_of(&format!("127.0.0.1:{}", place.proxy.port)),
        ..place.configuration.clone()
    };
    assert_eq!(place.seen(&https, &tls).await, through_tunnel);

    let alone = Configuration { https_proxy: proxy_of(dead), ..place.configuration.clone() };
    let directly = format!("http://{SAME_MACHINE}:{}", port(&place.plain));
    assert_eq!(place.seen(&alone, &directly).await, <[&str; 0]>::default(), "it is for https alone");
}

#[tokio::test]
async fn a_proxy_may_be_spoken_to_over_tls() {
    let place = Place::new().await;
    let (acceptor, pem) = certified();
    let bundle = place.configuration.custom_ca_bundle.clone().unwrap();
    let authorities = std::fs::read_to_string(&bundle).unwrap() + &pem;
    std::fs::write(&bundle, authorities).unwrap();
    let proxy = Proxy::start_behind_tls(place.tls.port, port(&place.plain), acceptor).await;
    let address = format!("https://localhost:{}", proxy.port);
    let configuration = Configuration { http_proxy: proxy_of(&address), ..place.configuration.clone() };
    call(&configuration, &format!("https://{NAME}")).await;
    assert_eq!(proxy.seen(), [format!("CONNECT {NAME}:443")]);
    call(&configuration, "http://ecs.example.test").await;
    assert_eq!(proxy.seen(), ["POST http://ecs.example.test/"]);
}

#[tokio::test]
async fn a_proxy_is_told_name_and_password() {
    let place = Place::new().await;
    let address = format!("http://jane:hunter%402@127.0.0.1:{}", place.proxy.port);
    let configuration = Configuration { http_proxy: proxy_of(&address), ..place.configuration.clone() };
    let who = base64::engine::general_purpose::STANDARD.encode("jane:hunter@2");
    assert_eq!(
        place.seen(&configuration, &format!("https://{NAME}")).await,
        [format!("CONNECT {NAME}:443 (Basic {who})")]
    );
    assert_eq!(
        place.seen(&configuration, "http://ecs.example.test").await,
        [format!("POST http://ecs.example.test/ (Basic {who})")]
    );
}

#[tokio::test]
async fn loopback_is_never_proxied() {
    let place = Place::new().await;
    let configuration = Configuration {
        http_proxy: proxy_of(&place.proxy.url()),
        https_proxy: proxy_of(&place.proxy.url()),
        ..place.configuration.clone()
    };
    for host in ["127.0.0.1", "localhost", "LocalHost", "127.1.2.3"] {
        // What listens on one address of this machine does not listen on all of them.
        if host == "127.1.2.3" {
            let mut configuration = Configuration { max_retries: Some(0), ..configuration.clone() };
            configuration.endpoints.ecs = Some(format!("http://{host}:{}", port(&place.plain)));
            client(configuration).await.describe_task_definition("web", &patient()).await.ok();
        } else {
            call(&configuration, &format!("http://{host}:{}", port(&place.plain))).await;
        }
        assert_eq!(place.proxy.seen(), <[&str; 0]>::default(), "{host}");
    }
    assert_eq!(place.plain.requests().len(), 3);
}

#[tokio::test]
async fn what_is_excepted_is_reached_directly() {
    let place = Place::new().await;
    let port = port(&place.plain);
    let named = format!("http://{SAME_MACHINE}:{port}");
    let in_digits = format!("http://0.0.0.0:{port}");
    for (no_proxy, address, is_direct) in [
        ("", &named, false),
        ("", &in_digits, false),
        ("example.com", &named, false),
        (SAME_MACHINE, &named, true),
        ("example.com, 0.0.1", &named, true),
        (".0.0.1", &named, true),
        ("*.0.0.1", &named, true),
        (&format!("{SAME_MACHINE}:{port}"), &named, true),
        (&format!("{SAME_MACHINE}:1"), &named, false),
        ("*", &named, true),
        ("0.0.0.0/8", &in_digits, true),
        ("0.0.0.0", &in_digits, true),
        ("10.0.0.0/8", &in_digits, false),
    ] {
        let configuration = Configuration {
            http_proxy: proxy_of(&place.proxy.url()),
            no_proxy: Some(no_proxy.to_owned()),
            ..place.configuration.clone()
        };
        let seen = place.seen(&configuration, address).await;
        assert_eq!(seen.is_empty(), is_direct, "{no_proxy:?} and {address}: {seen:?}");
    }
}

#[tokio::test]
async fn sts_and_the_metadata_service_go_through_the_proxy_as_well() {
    let proxy = Proxy::start(1, 1).await;
    let unused = Endpoint::start([ok("{}")]).await;
    let mut configuration = configuration(&unused);
    configuration.endpoints.sts = Some("http://sts.example.test".to_owned());
    configuration.validates_credentials = true;
    configuration.http_proxy = proxy_of(&proxy.url());
    let failed = EcsClients::new(configuration.clone()).for_region(None).await.unwrap_err();
    assert_eq!(proxy.seen()[0], "POST http://sts.example.test/", "{failed}");

    configuration.validates_credentials = false;
    configuration.region = None;
    configuration.profile = Some("nobody".to_owned());
    configuration.ec2_metadata_service_endpoint = Some("http://metadata.example.test".to_owned());
    let home = tempfile::tempdir().unwrap();
    let none = home.path().join("none").display().to_string();
    std::fs::write(&none, "").unwrap();
    configuration.shared_config_files = vec![none.clone()];
    configuration.shared_credentials_files = vec![none];
    EcsClients::new(configuration).for_region(None).await.unwrap_err();
    let seen = proxy.seen();
    assert!(
        seen.iter().all(|asked| asked == "PUT http://metadata.example.test/latest/api/token"),
        "{seen:?}"
    );
}

/// Variables of the environment that name a proxy and what is excepted from it, settings of the block, and what then comes by
/// the proxy of the calls to a host by TLS, to one in plain text and to another one in plain text.
const ENVIRONMENTS: [(Texts, Texts, [bool; 3]); 9] = [
    (&[], &[], [false, false, false]),
    (&[("HTTPS_PROXY", "PROXY")], &[], [true, false, false]),
    (&[("HTTP_PROXY", "PROXY")], &[], [false, true, true]),
    (&[("http_proxy", "PROXY"), ("https_proxy", "PROXY")], &[], [true, true, true]),
    (&[("ALL_PROXY", "PROXY")], &[], [true, true, true]),
    (&[("ALL_PROXY", "PROXY"), ("NO_PROXY", "0x7f.0.0.1")], &[], [true, false, true]),
    (&[("NO_PROXY", "0x7f.0.0.1")], &[("http_proxy", "PROXY")], [true, false, true]),
    (&[("HTTP_PROXY", "PROXY"), ("NO_PROXY", "*")], &[("no_proxy", "0.0.0.0")], [false, true, false]),
    (&[("HTTP_PROXY", "DEAD"), ("HTTPS_PROXY", "PROXY")], &[("http_proxy", "PROXY")], [true, true, true]),
];

/// The variables belong to another process.
#[test]
fn the_environment_names_proxies_and_what_is_excepted_and_the_block_comes_first() {
    let name = "proxies::the_environment_names_proxies_and_what_is_excepted_and_the_block_comes_first";
    for (number, (environment, _, ways)) in (0..).zip(ENVIRONMENTS) {
        if is_child() {
            return wait(calls_of_the_child());
        }
        let home = tempfile::tempdir().unwrap();
        let runtime = runtime();
        let place = runtime.block_on(Place::new());
        let bundle = place.configuration.custom_ca_bundle.clone().unwrap();
        let address = |text: &str| match text {
            "PROXY" => place.proxy.url(),
            "DEAD" => "http://127.0.0.1:1".to_owned(),
            text => text.to_owned(),
        };
        let mut variables: Vec<(&'static str, String)> =
            environment.iter().map(|(name, value)| (*name, address(value))).collect();
        variables.push((NUMBER, usize::to_string(&number)));
        variables.push((ADDRESS, place.proxy.url()));
        variables.push((BUNDLE, bundle));
        variables.push((PORT, port(&place.plain).to_string()));
        beside(&runtime, name, variables, home.path());
        let seen = place.proxy.seen().join("\n");
        let port = port(&place.plain);
        let hosts =
            [format!("CONNECT {NAME}:443"), format!("{SAME_MACHINE}:{port}"), format!("0.0.0.0:{port}")];
        assert_eq!(hosts.map(|host| seen.contains(&host)), ways, "{environment:?}: {seen}");
    }
}

const NUMBER: &str = "DDROFS_TEST_NUMBER";
const ADDRESS: &str = "DDROFS_TEST_PROXY";
const BUNDLE: &str = "DDROFS_TEST_BUNDLE";
const PORT: &str = "DDROFS_TEST_PORT";

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
fn is_child() -> bool {
    std::env::var(NUMBER).is_ok()
}

#[expect(clippy::disallowed_methods, reason = "the test tells its processes apart")]
async fn calls_of_the_child() {
    let [number, proxy, bundle, port] =
        [NUMBER, ADDRESS, BUNDLE, PORT].map(|name| std::env::var(name).unwrap());
    assert!(Path::new(&bundle).exists());
    let (_, settings, ways) = ENVIRONMENTS[number.parse::<usize>().unwrap()];
    let setting = |name: &str| settings.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    let unused = Endpoint::start([ok("{}")]).await;
    let configuration = Configuration {
        custom_ca_bundle: Some(bundle),
        http_proxy: setting("http_proxy").and_then(|_| proxy_of(&proxy)),
        no_proxy: setting("no_proxy").map(str::to_owned),
        max_retries: Some(0),
        ..configuration(&unused)
    };
    let hosts = [
        format!("https://{NAME}"),
        format!("http://{SAME_MACHINE}:{port}"),
        format!("http://0.0.0.0:{port}"),
    ];
    for (address, is_proxied) in hosts.iter().zip(ways) {
        let mut configuration = configuration.clone();
        configuration.endpoints.ecs = Some(address.clone());
        let answer = client(configuration).await.describe_task_definition("web", &patient()).await;
        // Without a proxy nobody knows the name of the server.
        assert_eq!(answer.is_ok(), is_proxied || address.starts_with("http:"), "{address}: {answer:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_told_before_anything_is_called() {
    let place = Place::new().await;
    for (address, said) in
        [("socks5://proxy:1080", "SOCKS"), ("http://u:hunter2@ x", "is not the URL of a proxy")]
    {
        let configuration = Configuration { https_proxy: proxy_of(address), ..place.configuration.clone() };
        for failed in [
            EcsClients::new(configuration.clone()).check().await.unwrap_err(),
            EcsClients::new(configuration).for_region(None).await.unwrap_err(),
        ] {
            assert_eq!(failed.kind, ErrorKind::Configuration);
            assert!(failed.message.starts_with("`https_proxy`") && failed.message.contains(said), "{failed}");
            assert!(!failed.to_string().contains("hunter2"), "{failed}");
        }
    }
    assert!(place.plain.requests().is_empty());
}
