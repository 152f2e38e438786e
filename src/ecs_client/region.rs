//! Which region to work in when nobody says one for a single call.

use std::time::Duration;

use aws_config::imds;
use aws_config::imds::client::EndpointMode;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;

use super::configuration::{Configuration, MetadataMode};
use super::environment::{is_empty, region_variable};
use super::error::{EcsError, ErrorKind};
use super::profiles::{missing_profile, profile_files, profile_name};

/// A client of the instance metadata service that gives up quickly: most machines that run Terraform have none, and
/// a plan must not wait for it. `AWS_EC2_METADATA_DISABLED` is honoured by the providers that use it. `None` where the
/// configuration does not want it asked.
pub(super) fn instance_metadata(configuration: &Configuration) -> Result<Option<imds::Client>, EcsError> {
    if configuration.skip_metadata_api_check {
        return Ok(None);
    }
    let mut client = imds::Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(2))
        .max_attempts(2);
    // The SDK takes an empty variable for an address or a mode, and fails.
    match configuration.ec2_metadata_service_endpoint_mode {
        Some(MetadataMode::Ipv4) => client = client.endpoint_mode(EndpointMode::IpV4),
        Some(MetadataMode::Ipv6) => client = client.endpoint_mode(EndpointMode::IpV6),
        None if is_empty("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") => {
            client = client.endpoint_mode(EndpointMode::IpV4);
        }
        None => {}
    }
    if let Some(address) = &configuration.ec2_metadata_service_endpoint {
        client = client.endpoint(address).map_err(|_| {
            let problem = "`ec2_metadata_service_endpoint` is no URL, such as \"http://169.254.169.254\"";
            EcsError::local(ErrorKind::Configuration, "Configure", problem)
        })?;
    } else if is_empty("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
        client = client.endpoint("http://169.254.169.254").expect("an address in digits is a URL");
    }
    Ok(Some(client.build()))
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
pub(super) async fn default_region(configuration: &Configuration) -> Result<Region, EcsError> {
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
    if let Some(client) = instance_metadata(configuration)? {
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
