//! Which region to work in when nobody says one for a single call.

use std::time::Duration;

use aws_config::imds;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_sdk_ecs::config::SharedHttpClient;

use super::configuration::{Configuration, MetadataMode};
use super::endpoint::url_problem;
use super::environment::{region_variable, variable};
use super::error::{EcsError, ErrorKind};
use super::profiles::{missing_profile, profile_files, profile_name, setting_of_profile};

/// A client of the instance metadata service that gives up quickly: most machines that run Terraform have none, and
/// a plan must not wait for it. `AWS_EC2_METADATA_DISABLED` is honoured by the providers that use it. `None` where the
/// configuration does not want it asked.
///
/// The SDK would look for its address in the usual profile alone, and fails at an empty variable.
pub(super) async fn instance_metadata(
    configuration: &Configuration,
    transport: Option<&SharedHttpClient>,
) -> Result<Option<imds::Client>, EcsError> {
    if configuration.skip_metadata_api_check {
        return Ok(None);
    }
    let mut client = imds::Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(2))
        .max_attempts(2);
    if let Some(transport) = transport {
        client = client.configure(&ProviderConfig::default().with_http_client(transport.clone()));
    }
    let url = metadata_url(configuration, variable).await?;
    Ok(Some(client.endpoint(&url).expect("an address that was judged is a URL").build()))
}

/// Where the metadata service is asked: an address that is named, else the usual one of the mode.
async fn metadata_url(
    configuration: &Configuration,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<String, EcsError> {
    const ADDRESS: &str = "ec2_metadata_service_endpoint";
    const MODE: &str = "ec2_metadata_service_endpoint_mode";
    let found = async |own: Option<String>, of_environment: &str, key: &str| {
        let of_block = || Some((format!("`{key}` of the provider block"), own?));
        let of_environment = || Some((of_environment.to_owned(), variable(of_environment)?));
        match of_block().or_else(of_environment) {
            Some(found) => Some(found),
            None => Some((format!("`{key}` of the profile"), setting_of_profile(configuration, key).await?)),
        }
    };
    let wrong = |message| Err(EcsError::local(ErrorKind::Configuration, "Configure", message));
    let own = configuration.ec2_metadata_service_endpoint.clone();
    if let Some((setting, address)) = found(own, "AWS_EC2_METADATA_SERVICE_ENDPOINT", ADDRESS).await {
        return match url_problem(&address) {
            None => Ok(address),
            Some(problem) => wrong(format!("{setting} {problem}")),
        };
    }
    let own = configuration.ec2_metadata_service_endpoint_mode.map(|mode| match mode {
        MetadataMode::Ipv4 => "IPv4".to_owned(),
        MetadataMode::Ipv6 => "IPv6".to_owned(),
    });
    let (setting, mode) =
        found(own, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", MODE).await.unwrap_or_default();
    match mode.to_lowercase().as_str() {
        "" | "ipv4" => Ok("http://169.254.169.254".to_owned()),
        "ipv6" => Ok("http://[fd00:ec2::254]".to_owned()),
        _ => wrong(format!("{setting} is {mode:?}, and it can be IPv4 or IPv6")),
    }
}

/// A region and the setting that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) setting: String,
}

/// A region that a call names. A plan carries the region of the provider block on to the apply, and only its name is left
/// then, so the setting is the one that says the same.
pub(super) fn named_region(configuration: &Configuration, name: &str) -> Result<Region, EcsError> {
    let of_environment = region_variable().filter(|(_, region)| region == name);
    let setting = match (configuration.region.as_deref() == Some(name), of_environment) {
        (true, _) => OF_PROVIDER,
        (false, Some((variable, _))) if configuration.region.is_none() => variable,
        _ => "`region` of the resource",
    };
    checked(setting, name)
}

const OF_PROVIDER: &str = "`region` of the provider block";

/// The region of the configuration, where it names one.
pub(super) fn own_region(configuration: &Configuration) -> Result<Option<Region>, EcsError> {
    configuration.region.as_deref().map(|region| checked(OF_PROVIDER, region)).transpose()
}

/// The region whose STS is asked, where the configuration says it.
pub(super) fn sts_region(configuration: &Configuration) -> Result<Option<Region>, EcsError> {
    match configuration.sts_region.as_deref() {
        Some(region) => checked("`sts_region` of the provider block", region).map(Some),
        None => own_region(configuration),
    }
}

/// The region of the configuration, the environment, the profile or the machine, in this order.
pub(super) async fn default_region(
    configuration: &Configuration,
    transport: Option<&SharedHttpClient>,
) -> Result<Region, EcsError> {
    if let Some(region) = own_region(configuration)? {
        return Ok(region);
    }
    if let Some((variable, region)) = region_variable() {
        return checked(variable, &region);
    }
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = profile_name(configuration) {
        profile = profile.profile_name(name);
    }
    if let Some(files) = profile_files(configuration) {
        profile = profile.profile_files(files);
    }
    let mut chain = RegionProviderChain::first_try(profile.build());
    if let Some(client) = instance_metadata(configuration, transport).await? {
        chain = chain.or_else(ImdsRegionProvider::builder().imds_client(client).build());
    }
    let Some(region) = chain.region().await else {
        if let Some(missing) = missing_profile(configuration).await {
            return Err(missing);
        }
        return Err(EcsError::local(
            ErrorKind::NoRegion,
            "Configure",
            "the resource and the provider block name none, AWS_REGION and AWS_DEFAULT_REGION are not \
             set, the profile has no region, and there is no EC2 instance metadata",
        ));
    };
    checked("the profile's `region`", region.as_ref())
}

/// Whether a text can be the name of a region: it becomes a part of a host name and of every signature.
pub fn is_region(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// A region, or an error that says which setting names none.
fn checked(setting: &str, region: &str) -> Result<Region, EcsError> {
    if is_region(region) {
        return Ok(Region { name: region.to_owned(), setting: setting.to_owned() });
    }
    Err(EcsError::local(
        ErrorKind::Configuration,
        "Configure",
        format!(
            "{setting} is {region:?}, and a region's name has letters, digits and hyphens only, such as eu-west-1"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_metadata_service_is_asked_where_block_environment_or_profile_say() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config").display().to_string();
        let address = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        let mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
        let own = |address: Option<&str>, mode: Option<MetadataMode>| Configuration {
            profile: Some("work".to_owned()),
            shared_config_files: vec![config.clone()],
            shared_credentials_files: vec![config.clone()],
            ec2_metadata_service_endpoint: address.map(str::to_owned),
            ec2_metadata_service_endpoint_mode: mode,
            ..Configuration::default()
        };
        let [nothing, ipv6] = [own(None, None), own(None, Some(MetadataMode::Ipv6))];
        let block = own(Some("http://block"), Some(MetadataMode::Ipv6));
        let (v4, v6) = (Ok("http://169.254.169.254"), Ok("http://[fd00:ec2::254]"));
        for (configuration, environment, profile, expected) in [
            (&nothing, &[][..], "", v4),
            (&ipv6, &[], "", v6),
            (&ipv6, &[(mode, "IPv4")], "", v6),
            (&own(None, Some(MetadataMode::Ipv4)), &[(mode, "IPv6")], "", v4),
            (&nothing, &[(mode, "ipv6")], "ec2_metadata_service_endpoint_mode = IPv4", v6),
            (&nothing, &[], "ec2_metadata_service_endpoint_mode = IPv6", v6),
            (&block, &[(address, "http://environment")], "", Ok("http://block")),
            (&ipv6, &[(address, "http://environment")], "", Ok("http://environment")),
            (
                &nothing,
                &[(address, "http://environment")],
                "ec2_metadata_service_endpoint = http://profile",
                Ok("http://environment"),
            ),
            (
                &nothing,
                &[(mode, "IPv6")],
                "ec2_metadata_service_endpoint = http://profile",
                Ok("http://profile"),
            ),
            (&nothing, &[(mode, "IPv5")], "", Err("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"IPv5\"")),
            (&nothing, &[(address, "169.254.169.254")], "", Err("AWS_EC2_METADATA_SERVICE_ENDPOINT is")),
            (
                &nothing,
                &[],
                "ec2_metadata_service_endpoint = x y",
                Err("`ec2_metadata_service_endpoint` of the profile"),
            ),
        ] {
            std::fs::write(&config, format!("[profile work]\n{profile}\n")).unwrap();
            let variable = |name: &str| {
                environment.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
            };
            let url = metadata_url(configuration, variable).await;
            match (&url, expected) {
                (Ok(url), Ok(expected)) => assert_eq!(url, expected, "{environment:?} {profile:?}"),
                (Err(failed), Err(said)) => assert!(failed.message.starts_with(said), "{failed}"),
                _ => panic!("{environment:?} {profile:?}: {url:?}"),
            }
        }
    }
}
