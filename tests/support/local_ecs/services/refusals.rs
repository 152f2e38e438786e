//! What ECS answers to an update or a creation that it does not carry out.

use serde_json::Value;

use super::super::echo;
use super::super::families::{self, Families, Revision, Status};
use super::super::wire::Refusal;
use super::{Asked, EcsService};

pub(super) fn no_cluster() -> Refusal {
    Refusal::new(400, "ClusterNotFoundException", "Cluster not found.")
}

/// The revision that a request names, if something can be started with it. ECS goes on accepting one for up to ten
/// minutes after its deregistration; here the refusal comes at once.
pub(super) fn task_definition<'a>(
    families: &'a mut Families,
    asked: &Asked<'_>,
    given: &str,
) -> Result<&'a Revision, Refusal> {
    let revision = families::name(given, &format!("{}task-definition/", asked.arn))
        .and_then(|name| families.find(&name))
        .ok_or_else(|| Refusal::client("TaskDefinition not found."))?;
    match revision.status {
        Status::Active => Ok(revision),
        _ => Err(Refusal::client("TaskDefinition is inactive")),
    }
}

/// Whether this service's tasks can be made of that revision.
pub(super) fn misfit(service: &EcsService, revision: &Revision) -> Option<Refusal> {
    let launch_type = service.setting(&["launchType"]).and_then(Value::as_str);
    let compatibilities = revision.echo.get("compatibilities").and_then(Value::as_array);
    if let (Some(launch_type), Some(compatibilities)) = (launch_type, compatibilities)
        && !compatibilities.iter().any(|compatibility| compatibility.as_str() == Some(launch_type))
    {
        return Some(Refusal::parameter(format!(
            "Task definition does not support launch_type {launch_type}."
        )));
    }
    let is_awsvpc = echo::text(&revision.echo, "networkMode") == Some("awsvpc");
    let has_network = service.setting(&["networkConfiguration", "awsvpcConfiguration"]).is_some();
    match (is_awsvpc, has_network) {
        (true, false) => Some(Refusal::parameter(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        )),
        (false, true) => Some(Refusal::parameter(
            "Network Configuration is not valid for the given networkMode of this task definition.",
        )),
        _ => missing_container(service, revision),
    }
}

/// A load balancer sends to a container and a port of the task definition.
fn missing_container(service: &EcsService, revision: &Revision) -> Option<Refusal> {
    let balancers = service.setting(&["loadBalancers"]).and_then(Value::as_array).into_iter().flatten();
    let named = balancers.filter_map(|balancer| balancer.get("containerName").and_then(Value::as_str));
    let has = |name: &str| {
        echo::objects(&revision.echo, "containerDefinitions")
            .any(|container| echo::text(container, "name") == Some(name))
    };
    named.into_iter().find(|name| !has(name)).map(|name| {
        Refusal::parameter(format!("The container {name} does not exist in the task definition."))
    })
}

/// A controller under which UpdateService does not change the revision.
pub(super) fn other_controller(service: &EcsService) -> Option<Refusal> {
    match service.controller() {
        "CODE_DEPLOY" => Some(Refusal::parameter(
            "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy \
             to trigger a new deployment.",
        )),
        "EXTERNAL" => Some(Refusal::parameter(
            "Unable to update task definition on services with an EXTERNAL deployment controller.",
        )),
        _ => None,
    }
}
