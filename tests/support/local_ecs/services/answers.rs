//! What answers show of services, their deployments and tasks, by the API's keys.

use serde_json::{Map, Value, json};

use super::deployment::{Deployment, Status};
use super::{Asked, Cluster, EcsService, ServiceRevision, Task};

/// A service.
pub(super) fn service(asked: &Asked<'_>, [cluster, name]: [&str; 2], service: &EcsService) -> Value {
    let rollouts = rollouts(service);
    let counted = |key: &str| rollouts.iter().filter_map(|rollout| rollout[key].as_u64()).sum::<u64>();
    let events =
        service.events.iter().rev().map(|(at, message)| json!({"createdAt": at, "message": message}));
    let mut answer = service.settings.clone();
    answer.entry("deploymentConfiguration").or_insert_with(|| {
        json!({"deploymentCircuitBreaker": {"enable": false, "rollback": false}, "maximumPercent": 200,
               "minimumHealthyPercent": 100, "strategy": "ROLLING"})
    });
    answer.extend(members([
        ("serviceArn", json!(asked.arn_of("service", &[cluster, name]))),
        ("serviceName", json!(name)),
        ("clusterArn", json!(asked.arn_of("cluster", &[cluster]))),
        ("status", json!(if service.is_active { "ACTIVE" } else { "INACTIVE" })),
        ("desiredCount", json!(service.desired)),
        ("runningCount", json!(counted("runningCount"))),
        ("pendingCount", json!(counted("pendingCount"))),
        ("taskDefinition", json!(service.task_definition)),
        ("deployments", Value::Array(rollouts)),
        ("events", events.collect()),
        ("createdAt", json!(service.created_at)),
    ]));
    if let Some(deployment) = service.deployments.iter().rev().find(|it| !it.status.is_final()) {
        answer.insert(
            "currentServiceDeployment".to_owned(),
            json!(deployment_arn(asked, [cluster, name], deployment)),
        );
    }
    if service.controller() != "ECS" {
        let set = |set: &super::TaskSet| {
            json!({
                "id": format!("ecs-svc/{}", set.id),
                "taskSetArn": asked.arn_of("task-set", &[cluster, name, &format!("ecs-svc/{}", set.id)]),
                "taskDefinition": set.task_definition,
                "status": if set.is_primary { "PRIMARY" } else { "ACTIVE" },
            })
        };
        answer.insert("taskSets".to_owned(), service.task_sets.iter().map(set).collect());
    }
    Value::Object(answer)
}

/// The `deployments` of a service: what is being brought first, then what still runs beside it.
fn rollouts(service: &EcsService) -> Vec<Value> {
    let Some(last) = service.deployments.last() else { return Vec::new() };
    let running = service.running_revision();
    let desired = if service.is_active { service.desired } else { 0 };
    let target = Rollout { revision: &last.target, deployment: last, desired };
    let (state, is_running) = match last.status {
        Status::Successful => ("COMPLETED", true),
        Status::Pending | Status::InProgress | Status::StopRequested => ("IN_PROGRESS", false),
        _ => ("FAILED", false),
    };
    let target = |status: &str| {
        let counts = if is_running { (desired, 0) } else { (0, desired) };
        target.shown(service, status, state, counts)
    };
    let before = running.as_deref().filter(|running| *running != last.target);
    let before = |status: &str, state: &str| {
        before.map(|revision| {
            let rollout = Rollout { revision, deployment: last, desired };
            rollout.shown(service, status, state, (desired, 0))
        })
    };
    match last.status {
        Status::Successful => vec![target("PRIMARY")],
        Status::RollbackSuccessful => before("PRIMARY", "COMPLETED").into_iter().collect(),
        Status::RollbackRequested | Status::RollbackInProgress | Status::RollbackFailed => {
            before("PRIMARY", "IN_PROGRESS").into_iter().chain([target("ACTIVE")]).collect()
        }
        _ => [target("PRIMARY")].into_iter().chain(before("ACTIVE", "COMPLETED")).collect(),
    }
}

/// One entry of `deployments`.
struct Rollout<'a> {
    revision: &'a str,
    deployment: &'a Deployment,
    desired: u64,
}

impl Rollout<'_> {
    fn shown(
        &self,
        service: &EcsService,
        status: &str,
        state: &str,
        (running, pending): (u64, u64),
    ) -> Value {
        let reason = match state {
            "COMPLETED" => format!("ECS deployment ecs-svc/{} completed.", self.revision),
            "FAILED" if self.deployment.alarm_went_off => "ECS deployment failed: alarm detected.".to_owned(),
            "FAILED" => "ECS deployment circuit breaker: tasks failed to start.".to_owned(),
            _ => format!("ECS deployment ecs-svc/{} in progress.", self.revision),
        };
        let mut answer = members([
            ("id", json!(format!("ecs-svc/{}", self.revision))),
            ("status", json!(status)),
            ("taskDefinition", json!(service.revision(self.revision))),
            ("desiredCount", json!(self.desired)),
            ("runningCount", json!(running)),
            ("pendingCount", json!(pending)),
            ("failedTasks", json!(if state == "COMPLETED" { 0 } else { self.deployment.failed_tasks })),
            ("rolloutState", json!(state)),
            ("rolloutStateReason", json!(reason)),
            ("createdAt", json!(self.deployment.created_at)),
            ("updatedAt", json!(self.deployment.updated_at)),
        ]);
        for key in ["launchType", "capacityProviderStrategy", "networkConfiguration", "platformVersion"] {
            answer.extend(service.settings.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        Value::Object(answer)
    }
}

/// What ListServiceDeployments shows of a deployment.
pub(super) fn brief(asked: &Asked<'_>, service: [&str; 2], deployment: &Deployment) -> Value {
    let mut answer = head(asked, service, deployment);
    let target = asked.arn_of("service-revision", &[service[0], service[1], &deployment.target]);
    answer.insert("targetServiceRevisionArn".to_owned(), json!(target));
    Value::Object(answer)
}

/// What DescribeServiceDeployments shows of it.
pub(super) fn deployment(
    asked: &Asked<'_>,
    path: [&str; 2],
    service: &EcsService,
    deployment: &Deployment,
) -> Value {
    let revision = |id: &str, running: u64| {
        json!({
            "arn": asked.arn_of("service-revision", &[path[0], path[1], id]),
            "requestedTaskCount": service.desired,
            "runningTaskCount": running,
            "pendingTaskCount": service.desired - running.min(service.desired),
        })
    };
    let is_done = deployment.status == Status::Successful;
    let configuration = service.setting(&["deploymentConfiguration"]).cloned().unwrap_or_else(|| json!({}));
    let (is_guarded, is_watched) =
        (is_on(&configuration, "deploymentCircuitBreaker"), is_on(&configuration, "alarms"));
    let names = configuration.get("alarms").and_then(|alarms| alarms.get("alarmNames")).cloned();
    let mut answer = head(asked, path, deployment);
    answer.extend(members([
        ("updatedAt", json!(deployment.updated_at)),
        (
            "sourceServiceRevisions",
            deployment.sources.iter().map(|id| revision(id, service.desired)).collect(),
        ),
        ("targetServiceRevision", revision(&deployment.target, if is_done { service.desired } else { 0 })),
        (
            "deploymentCircuitBreaker",
            json!({"status": watch(is_guarded, deployment.breaker_tripped, deployment),
                   "failureCount": deployment.failed_tasks, "threshold": 3}),
        ),
        ("deploymentConfiguration", configuration),
    ]));
    if is_watched {
        let names = names.unwrap_or_else(|| json!([]));
        let triggered = if deployment.alarm_went_off { names.clone() } else { json!([]) };
        answer.insert(
            "alarms".to_owned(),
            json!({"status": watch(true, deployment.alarm_went_off, deployment), "alarmNames": names,
                   "triggeredAlarmNames": triggered}),
        );
    }
    if let Some(rollback) = &deployment.rollback {
        answer.insert(
            "rollback".to_owned(),
            json!({"reason": rollback.reason, "startedAt": rollback.started_at,
                   "serviceRevisionArn": asked.arn_of("service-revision", &[path[0], path[1], &rollback.to])}),
        );
    }
    Value::Object(answer)
}

fn is_on(configuration: &Value, guard: &str) -> bool {
    configuration.get(guard).and_then(|guard| guard.get("enable")).and_then(Value::as_bool) == Some(true)
}

/// Where a guard of deployments stands.
fn watch(is_on: bool, was_triggered: bool, deployment: &Deployment) -> &'static str {
    match (is_on, was_triggered) {
        (false, _) => "DISABLED",
        (true, true) => "TRIGGERED",
        (true, false) if deployment.status.is_final() => "MONITORING_COMPLETE",
        (true, false) => "MONITORING",
    }
}

/// What both answers about deployments share.
fn head(asked: &Asked<'_>, [cluster, name]: [&str; 2], deployment: &Deployment) -> Map<String, Value> {
    let mut answer = members([
        ("serviceDeploymentArn", json!(deployment_arn(asked, [cluster, name], deployment))),
        ("serviceArn", json!(asked.arn_of("service", &[cluster, name]))),
        ("clusterArn", json!(asked.arn_of("cluster", &[cluster]))),
        ("createdAt", json!(deployment.created_at)),
        ("status", json!(deployment.status.name())),
    ]);
    let times = [
        ("startedAt", deployment.started_at),
        ("finishedAt", deployment.finished_at),
        ("stoppedAt", deployment.stopped_at),
    ];
    answer.extend(times.into_iter().filter_map(|(key, at)| Some((key.to_owned(), json!(at?)))));
    answer.extend(deployment.reason.iter().map(|reason| ("statusReason".to_owned(), json!(reason))));
    answer
}

fn deployment_arn(asked: &Asked<'_>, [cluster, name]: [&str; 2], deployment: &Deployment) -> String {
    asked.arn_of("service-deployment", &[cluster, name, &deployment.id])
}

/// What DescribeServiceRevisions shows.
pub(super) fn revision(
    asked: &Asked<'_>,
    [cluster, name]: [&str; 2],
    service: &EcsService,
    revision: &ServiceRevision,
) -> Value {
    let mut answer = members([
        ("serviceRevisionArn", json!(asked.arn_of("service-revision", &[cluster, name, &revision.id]))),
        ("serviceArn", json!(asked.arn_of("service", &[cluster, name]))),
        ("clusterArn", json!(asked.arn_of("cluster", &[cluster]))),
        ("taskDefinition", json!(revision.task_definition)),
        ("createdAt", json!(revision.created_at)),
    ]);
    for key in ["launchType", "capacityProviderStrategy", "networkConfiguration", "platformVersion"] {
        answer.extend(service.settings.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    Value::Object(answer)
}

/// The tasks of a cluster: those that were run by hand, and those of its services.
pub(super) fn tasks(asked: &Asked<'_>, cluster_name: &str, cluster: &Cluster) -> Vec<Value> {
    let mut tasks: Vec<Value> = cluster.tasks.iter().map(|it| task(asked, cluster_name, it)).collect();
    for (name, service) in &cluster.services {
        for rollout in rollouts(service) {
            let count = |key: &str| rollout[key].as_u64().unwrap_or_default();
            let (running, pending) = (count("runningCount"), count("pendingCount"));
            let id = rollout["id"].as_str().unwrap_or_default().replace("ecs-svc/", "");
            for number in 0..running + pending {
                let status = if number < running { "RUNNING" } else { "PENDING" };
                tasks.push(json!({
                    "taskArn": asked.arn_of("task", &[cluster_name, &format!("{id}{number:0>11}")]),
                    "clusterArn": asked.arn_of("cluster", &[cluster_name]),
                    "taskDefinitionArn": rollout["taskDefinition"],
                    "group": format!("service:{name}"),
                    "startedBy": rollout["id"],
                    "desiredStatus": "RUNNING",
                    "lastStatus": status,
                }));
            }
        }
    }
    tasks
}

/// A task that was run by hand.
pub(super) fn task(asked: &Asked<'_>, cluster: &str, task: &Task) -> Value {
    let family = task.task_definition.rsplit('/').next().and_then(|it| it.split(':').next());
    let status = if task.is_stopped { "STOPPED" } else { "RUNNING" };
    json!({
        "taskArn": asked.arn_of("task", &[cluster, &task.id]),
        "clusterArn": asked.arn_of("cluster", &[cluster]),
        "taskDefinitionArn": task.task_definition,
        "group": format!("family:{}", family.unwrap_or_default()),
        "desiredStatus": status,
        "lastStatus": status,
    })
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
