//! Which region to work in when nobody says one for a single call.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::imds;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;

use super::configuration::Configuration;
use super::credentials::profile_files;
use super::error::{EcsError, ErrorKind};

/// A client of the instance metadata service that gives up quickly: most machines that run Terraform have none, and
/// a plan must not wait for it. `AWS_EC2_METADATA_DISABLED` is honoured by the providers that use it.
pub(super) fn instance_metadata() -> imds::Client {
    imds::Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(2))
        .max_attempts(2)
        .build()
}

/// The region of the configuration, the environment, the profile or the machine, in this order.
pub(super) async fn default_region(configuration: &Configuration) -> Result<String, EcsError> {
    if let Some(region) = &configuration.region {
        return Ok(region.clone());
    }
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &configuration.profile {
        profile = profile.profile_name(name);
    }
    if let Some(files) = profile_files(configuration) {
        profile = profile.profile_files(files);
    }
    let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .or_else(ImdsRegionProvider::builder().imds_client(instance_metadata()).build());
    chain.region().await.map(|region| region.to_string()).ok_or_else(|| {
        EcsError::local(
            ErrorKind::NoRegion,
            "Configure",
            "no AWS region: the resource and the provider block name none, AWS_REGION and AWS_DEFAULT_REGION are not \
             set, the profile has no region, and there is no EC2 instance metadata. \
             Write `region = \"...\"` into the provider block or set AWS_REGION",
        )
    })
}
