//! What lists and describes clusters, services, deployments and tasks.

use serde_json::{Value, json};

use super::super::wire::Refusal;
use super::deployment::Deployment;
use super::{Asked, Clusters, EcsService, answers};

pub(super) fn list_clusters(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let arns = clusters.clusters.keys().map(|name| json!(asked.arn_of("cluster", &[name]))).collect();
    asked.page("clusterArns", arns, 100)
}

pub(super) fn list_services(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster_name, cluster) = clusters.cluster(asked)?;
    let launch_type = asked.text("launchType");
    let is_asked_for = |service: &EcsService| {
        let of = service.setting(&["launchType"]).and_then(Value::as_str);
        service.is_active && launch_type.is_none_or(|wanted| of == Some(wanted))
    };
    let services = cluster.services.iter().filter(|(_, service)| is_asked_for(service));
    let arns = services.map(|(name, _)| json!(asked.arn_of("service", &[&cluster_name, name]))).collect();
    asked.page("serviceArns", arns, 10)
}

pub(super) fn describe_services(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster_name, cluster) = clusters.cluster(asked)?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for given in asked.texts("services", 10)? {
        let name = asked.service_name(&cluster_name, given)?;
        match cluster.services.get(&name) {
            Some(service) => services.push(answers::service(asked, [&cluster_name, &name], service)),
            None => {
                let arn = asked.arn_of("service", &[&cluster_name, &name]);
                failures.push(json!({"arn": arn, "reason": "MISSING"}));
            }
        }
    }
    Ok(json!({"services": services, "failures": failures}))
}

pub(super) fn list_tasks(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster_name, cluster) = clusters.cluster(asked)?;
    // Nothing is ever wanted to be pending: such a list is empty.
    let wanted = asked.text("desiredStatus").unwrap_or("RUNNING");
    let service =
        asked.text("serviceName").map(|given| asked.service_name(&cluster_name, given)).transpose()?;
    let tasks = answers::tasks(asked, &cluster_name, cluster).into_iter().filter(|task| {
        let is = |key: &str, wanted: &str| task.get(key).and_then(Value::as_str) == Some(wanted);
        let family = task.get("taskDefinitionArn").and_then(Value::as_str).and_then(family);
        is("desiredStatus", wanted)
            && asked.text("family").is_none_or(|wanted| family == Some(wanted))
            && service.as_ref().is_none_or(|name| is("group", &format!("service:{name}")))
    });
    asked.page("taskArns", tasks.map(|task| task["taskArn"].clone()).collect(), 100)
}

fn family(arn: &str) -> Option<&str> {
    Some(arn.rsplit_once(':')?.0.rsplit_once('/')?.1)
}

pub(super) fn describe_tasks(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster_name, cluster) = clusters.cluster(asked)?;
    let there = answers::tasks(asked, &cluster_name, cluster);
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    for given in asked.texts("tasks", 100)? {
        let id = given.rsplit('/').next().unwrap_or_default();
        let arn = asked.arn_of("task", &[&cluster_name, id]);
        match there.iter().find(|task| task["taskArn"] == json!(arn)) {
            Some(task) => tasks.push(task.clone()),
            None => failures.push(json!({"arn": arn, "reason": "MISSING"})),
        }
    }
    Ok(json!({"tasks": tasks, "failures": failures}))
}

pub(super) fn list_service_deployments(clusters: &mut Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let (cluster, name, service) = clusters.service_mut(asked)?;
    let statuses = asked.body.get("status").and_then(Value::as_array);
    let bound = |key: &str| asked.body.get("createdAt").and_then(|it| it.get(key)).and_then(Value::as_f64);
    let (after, before) = (bound("after"), bound("before"));
    let is_asked_for = |deployment: &&Deployment| {
        statuses.is_none_or(|statuses| statuses.iter().any(|it| it == deployment.status.name()))
            && after.is_none_or(|after| deployment.created_at >= after)
            && before.is_none_or(|before| deployment.created_at <= before)
    };
    // The newest first.
    let asked_for = service.deployments.iter().rev().filter(is_asked_for);
    let brief = asked_for.map(|it| answers::brief(asked, [&cluster, &name], it)).collect();
    asked.page("serviceDeployments", brief, 20)
}

pub(super) fn describe_service_deployments(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    described(
        clusters,
        asked,
        "serviceDeploymentArns",
        "service-deployment",
        "serviceDeployments",
        |path, service| {
            let deployment = service.deployments.iter().find(|deployment| deployment.id == path[2])?;
            Some(answers::deployment(asked, [path[0], path[1]], service, deployment))
        },
    )
}

pub(super) fn describe_service_revisions(clusters: &Clusters, asked: &Asked<'_>) -> Result<Value, Refusal> {
    described(
        clusters,
        asked,
        "serviceRevisionArns",
        "service-revision",
        "serviceRevisions",
        |path, service| {
            let revision = service.revisions.iter().find(|revision| revision.id == path[2])?;
            Some(answers::revision(asked, [path[0], path[1]], service, revision))
        },
    )
}

/// Describes at most twenty things of services, each by its ARN.
fn described(
    clusters: &Clusters,
    asked: &Asked<'_>,
    list: &str,
    kind: &str,
    key: &str,
    describe: impl Fn([&str; 3], &EcsService) -> Option<Value>,
) -> Result<Value, Refusal> {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for arn in asked.texts(list, 20)? {
        let path: Vec<&str> = asked.local(kind, arn)?.split('/').collect();
        let one = path[..].try_into().ok().and_then(|path: [&str; 3]| {
            describe(path, clusters.clusters.get(path[0])?.services.get(path[1])?)
        });
        match one {
            Some(one) => found.push(one),
            None => failures.push(json!({"arn": arn, "reason": "MISSING"})),
        }
    }
    Ok(json!({key: found, "failures": failures}))
}
