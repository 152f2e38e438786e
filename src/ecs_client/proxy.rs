//! Which proxy a call goes through: what the configuration says, else the environment.

use super::configuration::{Configuration, Secret};
use super::environment::variable;
use super::error::{EcsError, ErrorKind};
use super::no_proxy::NoProxy;

/// A proxy and the setting that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proxy {
    pub(super) setting: &'static str,
    pub(super) address: Secret,
}

/// The proxies of the two schemes.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies {
    pub(super) plain: Option<Proxy>,
    pub(super) tls: Option<Proxy>,
    excepted: NoProxy,
}

impl Proxies {
    /// Finds the proxies. Nothing is wrong with their addresses when they are there.
    pub(super) fn of(configuration: &Configuration) -> Result<Self, EcsError> {
        let proxies = Self::found(configuration, variable);
        for proxy in [&proxies.plain, &proxies.tls].into_iter().flatten() {
            if let Some(problem) = proxy_problem(proxy.address.expose()) {
                let message = format!("{} {problem}", proxy.setting);
                return Err(EcsError::local(ErrorKind::Configuration, "Configure", message));
            }
        }
        Ok(proxies)
    }

    fn found(configuration: &Configuration, variable: impl Fn(&str) -> Option<String>) -> Self {
        let Configuration { http_proxy, https_proxy, no_proxy, .. } = configuration;
        let named = |setting, address: &Option<Secret>| Some(Proxy { setting, address: address.clone()? });
        let of_environment = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| named(name, &variable(name).map(Secret::from)))
        };
        let for_plain = || named("`http_proxy` of the provider block", http_proxy);
        let for_tls = || named("`https_proxy` of the provider block", https_proxy);
        let for_all = || of_environment(["ALL_PROXY", "all_proxy"]);
        let no_proxy = no_proxy.clone().or_else(|| ["NO_PROXY", "no_proxy"].into_iter().find_map(&variable));
        Proxies {
            plain: for_plain().or_else(|| of_environment(["HTTP_PROXY", "http_proxy"])).or_else(for_all),
            // All endpoints of AWS are of TLS, so an `http_proxy` alone is meant for them: hashicorp/aws takes it so.
            tls: for_tls()
                .or_else(|| of_environment(["HTTPS_PROXY", "https_proxy"]))
                .or_else(for_plain)
                .or_else(for_all),
            excepted: NoProxy::read(no_proxy.as_deref().unwrap_or_default()),
        }
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_none() && self.tls.is_none()
    }

    /// The proxy on the way to an address; none where it is reached directly.
    pub(super) fn on_the_way_to(&self, address: &str) -> Option<&Proxy> {
        let uri: http::Uri = address.parse().ok()?;
        let (proxy, usual_port) = match uri.scheme_str()? {
            "https" => (self.tls.as_ref()?, 443),
            _ => (self.plain.as_ref()?, 80),
        };
        let is_direct = self.excepted.covers(uri.host()?, uri.port_u16().unwrap_or(usual_port));
        (!is_direct).then_some(proxy)
    }
}

/// The address of a proxy with its scheme, which may be left out as in curl and in Go.
pub(super) fn with_scheme(address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("http://{address}") }
}

/// Why a text cannot be the address of a proxy, as the end of a sentence that begins with the setting. It never repeats the
/// text, which can hold a password.
pub fn proxy_problem(text: &str) -> Option<String> {
    let is_usable = with_scheme(text).parse().is_ok_and(|uri: http::Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(has_possible_port)
    });
    if is_usable {
        return None;
    }
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme).to_lowercase();
    Some(match scheme.starts_with("socks") {
        true => "names a proxy of SOCKS, and this provider speaks to those of HTTP alone, such as \
                 \"http://proxy:3128\""
            .to_owned(),
        false => "is not the URL of a proxy, such as \"http://proxy:3128\", whose port is from 1 to 65535"
            .to_owned(),
    })
}

/// Whether the port of an authority, where it names one, is a port.
pub(super) fn has_possible_port(authority: &http::uri::Authority) -> bool {
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    host_and_port == authority.host() || authority.port_u16().is_some_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The setting whose proxy is on the way to each address.
    fn ways(
        configuration: &Configuration,
        environment: &[(&str, &str)],
        addresses: [&str; 2],
    ) -> [Option<&'static str>; 2] {
        let variable = |name: &str| {
            environment.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
        };
        let proxies = Proxies::found(configuration, variable);
        addresses.map(|address| proxies.on_the_way_to(address).map(|proxy| proxy.setting))
    }

    const HOSTS: [&str; 2] = ["http://ecs.example.com", "https://ecs.example.com"];
    const PLAIN: Option<&str> = Some("`http_proxy` of the provider block");
    const TLS: Option<&str> = Some("`https_proxy` of the provider block");

    fn configuration(http_proxy: Option<&str>, https_proxy: Option<&str>) -> Configuration {
        Configuration {
            http_proxy: http_proxy.map(Secret::from),
            https_proxy: https_proxy.map(Secret::from),
            ..Configuration::default()
        }
    }

    #[test]
    fn the_configuration_comes_before_the_environment_and_a_scheme_before_all() {
        let both = [("HTTP_PROXY", "http://a"), ("HTTPS_PROXY", "http://b")];
        let small = [("http_proxy", "http://a"), ("https_proxy", "http://b")];
        let all = [("ALL_PROXY", "http://c")];
        let none = configuration(None, None);
        let (plain, tls) = (configuration(Some("http://p"), None), configuration(None, Some("http://t")));
        for (configuration, environment, expected) in [
            (&none, &[][..], [None, None]),
            (&none, &both[..], [Some("HTTP_PROXY"), Some("HTTPS_PROXY")]),
            (&none, &small, [Some("http_proxy"), Some("https_proxy")]),
            (&none, &both[..1], [Some("HTTP_PROXY"), None]),
            (&none, &all, [Some("ALL_PROXY"), Some("ALL_PROXY")]),
            (&none, &[both[1], all[0]], [Some("ALL_PROXY"), Some("HTTPS_PROXY")]),
            (&plain, &[], [PLAIN, PLAIN]),
            (&plain, &all, [PLAIN, PLAIN]),
            (&plain, &both, [PLAIN, Some("HTTPS_PROXY")]),
            (&tls, &[], [None, TLS]),
            (&tls, &both, [Some("HTTP_PROXY"), TLS]),
        ] {
            assert_eq!(
                ways(configuration, environment, HOSTS),
                expected,
                "{configuration:?} {environment:?}"
            );
        }
    }

    #[test]
    fn exceptions_of_the_configuration_take_the_place_of_those_of_the_environment_for_every_proxy() {
        let mut of_block = configuration(Some("http://p"), None);
        let variables = [("HTTPS_PROXY", "http://b"), ("NO_PROXY", "ecs.example.com")];
        assert_eq!(ways(&of_block, &variables, HOSTS), [None, None]);
        of_block.no_proxy = Some("other.example.com".to_owned());
        assert_eq!(ways(&of_block, &variables, HOSTS), [PLAIN, Some("HTTPS_PROXY")]);
        assert_eq!(
            ways(&of_block, &variables, ["https://other.example.com", "http://127.0.0.1:1"]),
            [None; 2]
        );
        // The port of a scheme counts where an address names none.
        of_block.no_proxy = Some("ecs.example.com:443".to_owned());
        assert_eq!(ways(&of_block, &variables, HOSTS), [PLAIN, None]);
    }

    #[test]
    fn an_address_that_is_none_is_told_without_a_word_of_it() {
        for right in
            ["http://proxy:3128", "https://u:p%40ss@proxy", "proxy:3128", "10.0.0.1", "http://[::1]:1/"]
        {
            assert_eq!(proxy_problem(right), None, "{right}");
        }
        for wrong in
            ["http://u:hunter2@ bad", "http://", "ftp://hunter2", "http://hunter2:65536", "hunter2:0"]
        {
            let problem = proxy_problem(wrong).expect("it is no address");
            assert!(problem.contains("is not the URL") && !problem.contains("hunter2"), "{wrong}: {problem}");
        }
        let socks = proxy_problem("socks5h://u:hunter2@proxy:1080").expect("it cannot be used");
        assert!(socks.contains("SOCKS") && !socks.contains("hunter2"), "{socks}");
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_an_error_that_names_its_setting() {
        let failed = Proxies::of(&configuration(None, Some("http://u:hunter2@ bad"))).unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Configuration);
        assert!(failed.message.starts_with("`https_proxy` of the provider block is not"), "{failed}");
        assert!(!failed.to_string().contains("hunter2"), "{failed}");
    }
}
