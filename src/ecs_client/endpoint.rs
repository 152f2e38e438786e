//! Which endpoint a service is called at, and what else the environment and the profile say about its calls.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::attempt::host_of;
use super::environment::variable;
use super::error::{EcsError, ErrorKind};
use super::proxy::has_possible_port;

/// An endpoint in place of the region's own, and the setting that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) url: String,
    pub(super) setting: String,
}

/// Domains below which AWS alone answers, VPC endpoints and the names of other partitions included (regions and endpoints
/// of the AWS SDKs' partition data, read 2026-11).
const OF_AWS: [&str; 8] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "api.amazonwebservices.com.cn",
    "on.aws",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
];

impl Endpoint {
    /// Whether it is AWS's own, with AWS's request rates.
    pub(super) fn is_of_aws(&self) -> bool {
        let uri = self.url.parse::<http::Uri>().ok();
        let host =
            uri.as_ref().and_then(http::Uri::host).unwrap_or_default().trim_end_matches('.').to_lowercase();
        OF_AWS.iter().any(|domain| host.strip_suffix(domain).is_some_and(|before| before.ends_with('.')))
    }
}

/// The variable for the endpoint of every service.
const OF_ALL: &str = "AWS_ENDPOINT_URL";

/// The endpoint of a service: the configuration's, else that of the environment or the profile, else none, which leaves
/// it to the region. `service` is the SDK's id, such as `ECS`. The SDK panics at an empty one, and takes one without a scheme
/// for a path.
pub(super) fn endpoint(
    named: Option<&String>,
    shared: &SdkConfig,
    service: &str,
) -> Result<Option<Endpoint>, EcsError> {
    let lower = service.to_lowercase();
    let of_service = format!("AWS_ENDPOINT_URL_{service}");
    let of_block = || Some((format!("`endpoints {{ {lower} }}` of the provider block"), named.cloned()?));
    let of_variable = |name: &str| Some((name.to_owned(), variable(name)?));
    let of_profile =
        || Some(("`endpoint_url` of the profile".to_owned(), of_profile(shared, service, "endpoint_url")?));
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
    let is_ignored = of_surroundings(shared, service, ignored.0, ignored.1)
        .is_some_and(|ignored| ignored.trim().eq_ignore_ascii_case("true"));
    let found = match is_ignored {
        true => of_block(),
        false => of_block()
            .or_else(|| of_variable(&of_service))
            .or_else(|| of_variable(OF_ALL))
            .or_else(of_profile),
    };
    let Some((setting, url)) = found.filter(|(_, url)| !url.trim().is_empty()) else { return Ok(None) };
    match url_problem(&url) {
        None => Ok(Some(Endpoint { url, setting })),
        Some(problem) => {
            Err(EcsError::local(ErrorKind::Configuration, "Configure", format!("{setting} {problem}")))
        }
    }
}

/// Why a text cannot be the address of an endpoint, as the end of a sentence that begins with the setting. The text is
/// repeated only where it can hold no password.
pub fn url_problem(text: &str) -> Option<String> {
    let has_host = |text: &str| {
        text.parse().is_ok_and(|uri: http::Uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && host_of(&uri).is_some()
                && uri.authority().is_some_and(has_possible_port)
        })
    };
    if has_host(text) {
        return None;
    }
    if text.contains('@') {
        return Some("is not a URL that begins with http:// or https:// and names a host".to_owned());
    }
    // What listens on a machine of one's own seldom speaks TLS, and what has no port is nearly always AWS.
    let is_local = text.starts_with("localhost") || text.starts_with("127.") || text.contains(':');
    let with_scheme = format!("{}://{text}", if is_local { "http" } else { "https" });
    Some(match text.contains("://") || !has_host(&with_scheme) {
        true => format!(
            "is {text:?}, and that is not a URL that begins with http:// or https:// and names a host"
        ),
        false => format!("is {text:?}, which lacks http:// or https:// in front. Write {with_scheme:?}"),
    })
}

/// What a variable of the environment or a key of the profile says, that of the service before that of all services.
pub(super) fn of_surroundings(
    shared: &SdkConfig,
    service: &str,
    variable: &str,
    profile_key: &str,
) -> Option<String> {
    let key =
        ServiceConfigKey::builder().service_id(service).env(variable).profile(profile_key).build().ok()?;
    let found = shared.service_config()?.load_config(key).filter(|found| !found.trim().is_empty());
    // An empty variable hides the profile from the SDK.
    found.or_else(|| of_profile(shared, service, profile_key))
}

/// What a key of the profile says, that of the service before that of all services.
fn of_profile(shared: &SdkConfig, service: &str, key: &str) -> Option<String> {
    /// No variable has such a name, and the SDK wants to look at one.
    const NO_VARIABLE: &str = "=";
    let key = ServiceConfigKey::builder().service_id(service).env(NO_VARIABLE).profile(key).build().ok()?;
    shared.service_config()?.load_config(key).filter(|found| !found.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_aws_is_told_from_what_only_looks_so() {
        let is_of_aws = |url: &str| Endpoint { url: url.to_owned(), setting: String::new() }.is_of_aws();
        for url in [
            "https://ecs.eu-west-1.amazonaws.com",
            "https://vpce-0123-abc.ecs.eu-west-1.vpce.amazonaws.com/",
            "https://ecs.cn-north-1.amazonaws.com.cn:443",
            "https://ecs.eu-west-1.api.aws",
            "https://ECS.EU-WEST-1.AMAZONAWS.COM.",
        ] {
            assert!(is_of_aws(url), "{url}");
        }
        for url in [
            "http://localhost:4566",
            "https://amazonaws.com.example.com",
            "https://notamazonaws.com",
            "https://127.0.0.1",
        ] {
            assert!(!is_of_aws(url), "{url}");
        }
    }

    #[test]
    fn an_address_without_a_scheme_gets_the_one_that_is_meant_and_a_password_is_never_repeated() {
        for right in
            ["http://localhost:4566", "https://ecs.eu-west-1.amazonaws.com/", "http://u:hunter2@[::1]:1"]
        {
            assert_eq!(url_problem(right), None, "{right}");
        }
        for (wrong, said) in [
            ("localhost:4566", "Write \"http://localhost:4566\""),
            ("localhost", "Write \"http://localhost\""),
            ("ecs.eu-west-1.amazonaws.com", "Write \"https://ecs.eu-west-1.amazonaws.com\""),
            ("ftp://localhost:4566", "is \"ftp://localhost:4566\", and that is not a URL"),
            ("http://", "that is not a URL"),
            ("jane:hunter2@localhost", "is not a URL that begins with"),
            ("two words", "is \"two words\", and that is not a URL"),
        ] {
            let problem = url_problem(wrong).unwrap();
            assert!(problem.contains(said) && !problem.contains("hunter2"), "{wrong}: {problem}");
        }
    }
}
