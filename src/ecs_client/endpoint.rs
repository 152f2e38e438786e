//! Which endpoint a service is called at, and what else the environment and the profile say about its calls.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::environment::variable;

/// The endpoint of a service: the configuration's, else that of the environment or the profile, else none, which leaves
/// it to the region. `service` is the SDK's id, such as `ECS`. The SDK panics at an empty one.
pub(super) fn endpoint(named: Option<&String>, shared: &SdkConfig, service: &str) -> Option<String> {
    named
        .cloned()
        .or_else(|| of_surroundings(shared, service, "AWS_ENDPOINT_URL", "endpoint_url"))
        .or_else(|| variable("AWS_ENDPOINT_URL"))
        .or_else(|| shared.endpoint_url().map(str::to_owned))
        .filter(|endpoint| !endpoint.trim().is_empty())
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
    shared.service_config()?.load_config(key).filter(|found| !found.trim().is_empty())
}
