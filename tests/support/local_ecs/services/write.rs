//! What changes clusters, services and tasks.

use serde_json::{Map, Value, json};

use super::super::families::Families;
use super::super::wire::Refusal;
use super::deployment::Outcomes;
use super::{Asked, Clusters, EcsService, Task, TaskSet, answers, refusals};

/// What a service keeps of its creation as it came.
const SETTINGS: [&str; 9] = [
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "deploymentController",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "schedulingStrategy",
    "serviceRegistries",
];

/// Of them what UpdateService changes.
const UPDATED: [&str; 5] = [
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
];

pub(super) fn create_cluster(clusters: &mut Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let name = asked.text("clusterName").unwrap_or("default");
    clusters.clusters.entry(name.to_owned()).or_default();
    let arn = asked.arn_of("cluster", &[name]);
    Ok(json!({"cluster": {"clusterArn": arn, "clusterName": name, "status": "ACTIVE"}}))
}

pub(super) fn create_service(
    clusters: &mut Clusters,
    families: &mut Families,
    outcomes: &Outcomes,
    asked: &Asked<'_>,
) -> Result<Value, Refusal> {
    let ids = [clusters.id(), clusters.id()];
    let (cluster_name, cluster) = clusters.cluster_mut(asked)?;
    let name =
        asked.text("serviceName").ok_or_else(|| Refusal::parameter("Service name cannot be empty."))?;
    if cluster.services.get(name).is_some_and(|service| service.is_active) {
        return Err(Refusal::parameter("Creation of service was not idempotent."));
    }
    let kept = SETTINGS.iter().filter_map(|key| Some((String::from(*key), asked.body.get(*key)?.clone())));
    let mut settings: Map<String, Value> = kept.collect();
    settings.entry("schedulingStrategy").or_insert(json!("REPLICA"));
    if !settings.contains_key("launchType") && !settings.contains_key("capacityProviderStrategy") {
        settings.insert("launchType".to_owned(), json!("EC2"));
    }
    let mut service = EcsService {
        name: name.to_owned(),
        is_active: true,
        task_definition: String::new(),
        desired: asked.body.get("desiredCount").and_then(Value::as_u64).unwrap_or(0),
        settings,
        created_at: asked.now,
        revisions: Vec::new(),
        deployments: Vec::new(),
        task_sets: Vec::new(),
        events: Vec::new(),
    };
    let is_external = service.controller() == "EXTERNAL";
    if !is_external {
        let given =
            asked.text("taskDefinition").ok_or_else(|| Refusal::client("TaskDefinition cannot be blank."))?;
        let revision = refusals::task_definition(families, asked, given)?;
        if let Some(misfit) = refusals::misfit(&service, revision) {
            return Err(misfit);
        }
        let arn = revision.arn().to_owned();
        match service.controller() {
            "CODE_DEPLOY" => {
                let [id, _] = ids;
                service.task_definition.clone_from(&arn);
                service.task_sets.push(TaskSet { id, task_definition: arn, is_primary: true });
            }
            _ => service.deploy(ids, &arn, outcomes, asked.clock, asked.now),
        }
    }
    let answer = json!({"service": answers::service(asked, [&cluster_name, name], &service)});
    cluster.services.insert(name.to_owned(), service);
    Ok(answer)
}

pub(super) fn update_service(
    clusters: &mut Clusters,
    families: &mut Families,
    outcomes: &Outcomes,
    asked: &Asked<'_>,
) -> Result<Value, Refusal> {
    let ids = [clusters.id(), clusters.id()];
    let (cluster, name, service) = clusters.service_mut(asked)?;
    let is_forced = asked.body.get("forceNewDeployment").and_then(Value::as_bool) == Some(true);
    let given = asked.text("taskDefinition");
    if (given.is_some() || is_forced)
        && let Some(refusal) = refusals::other_controller(service)
    {
        return Err(refusal);
    }
    let arn = match given {
        None => service.task_definition.clone(),
        Some(given) => {
            let revision = refusals::task_definition(families, asked, given)?;
            if let Some(misfit) = refusals::misfit(service, revision) {
                return Err(misfit);
            }
            revision.arn().to_owned()
        }
    };
    for key in UPDATED {
        if let Some(value) = asked.body.get(key) {
            service.settings.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(desired) = asked.body.get("desiredCount").and_then(Value::as_u64) {
        service.desired = desired;
    }
    // The revision that is deployed already is no news.
    if is_forced || arn != service.task_definition {
        service.deploy(ids, &arn, outcomes, asked.clock, asked.now);
    }
    Ok(json!({"service": answers::service(asked, [&cluster, &name], service)}))
}

pub(super) fn delete_service(clusters: &mut Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster, name, service) = clusters.service_mut(asked)?;
    let is_forced = asked.body.get("force").and_then(Value::as_bool) == Some(true);
    if service.desired > 0 && !is_forced {
        return Err(Refusal::parameter("The service cannot be stopped while it is scaled above 0."));
    }
    service.is_active = false;
    service.desired = 0;
    Ok(json!({"service": answers::service(asked, [&cluster, &name], service)}))
}

pub(super) fn create_task_set(
    clusters: &mut Clusters,
    families: &mut Families,
    asked: &Asked<'_>,
) -> Result<Value, Refusal> {
    let id = clusters.id();
    let (_, _, service) = clusters.service_mut(asked)?;
    let given = asked.text("taskDefinition").unwrap_or_default();
    let arn = refusals::task_definition(families, asked, given)?.arn().to_owned();
    let is_primary = service.task_sets.is_empty();
    service.task_sets.push(TaskSet { id: id.clone(), task_definition: arn.clone(), is_primary });
    Ok(json!({"taskSet": {"id": id, "taskDefinition": arn}}))
}

pub(super) fn run_task(
    clusters: &mut Clusters,
    families: &mut Families,
    asked: &Asked<'_>,
) -> Result<Value, Refusal> {
    let id = clusters.id();
    let (cluster_name, cluster) = clusters.cluster_mut(asked)?;
    let given = asked.text("taskDefinition").unwrap_or_default();
    let arn = refusals::task_definition(families, asked, given)?.arn().to_owned();
    let task = Task { id, task_definition: arn, is_stopped: false };
    let answer = json!({"tasks": [answers::task(asked, &cluster_name, &task)], "failures": []});
    cluster.tasks.push(task);
    Ok(answer)
}

pub(super) fn stop_task(clusters: &mut Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster_name, cluster) = clusters.cluster_mut(asked)?;
    let given = asked.text("task").unwrap_or_default();
    let id = given.rsplit('/').next().unwrap_or_default();
    let task = cluster.tasks.iter_mut().find(|task| task.id == id);
    let task = task.ok_or_else(|| Refusal::parameter("The referenced task was not found."))?;
    task.is_stopped = true;
    Ok(json!({"task": answers::task(asked, &cluster_name, task)}))
}

pub(super) fn stop_service_deployment(clusters: &mut Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let arn = asked.text("serviceDeploymentArn").unwrap_or_default();
    let not_found =
        || Refusal::new(400, "ServiceDeploymentNotFoundException", "Service deployment not found.");
    let [cluster, name, id] = asked.local("service-deployment", arn)?.split('/').collect::<Vec<_>>()[..]
    else {
        return Err(not_found());
    };
    let service = clusters.clusters.get_mut(cluster).and_then(|cluster| cluster.services.get_mut(name));
    let service = service.ok_or_else(not_found)?;
    match service.deployments.iter().find(|deployment| deployment.id == id) {
        None => return Err(not_found()),
        Some(deployment) if deployment.status.is_final() => {
            return Err(Refusal::new(400, "ConflictException", "The service deployment is over already."));
        }
        Some(_) => {}
    }
    match asked.text("stopType") {
        Some("ABORT") => service.abort(asked.now),
        _ => service.roll_back(asked.clock, asked.now, "Service deployment rolled back on request."),
    }
    Ok(json!({"serviceDeploymentArn": arn}))
}
