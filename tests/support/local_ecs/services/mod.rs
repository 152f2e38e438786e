//! Clusters, services and tasks: what uses task definitions, and what deploys them.
//!
//! Shapes and limits are those of the API reference (read November 2026). What a refused update is answered with was
//! recorded in public reports: CODE_DEPLOY (fabfuel/ecs-deploy #175), inactive revisions (Cloud-CV/EvalAI #5167,
//! DefangLabs/defang #775), network modes (fabfuel/ecs-deploy #133, DataDog/test-infra-definitions #57). Words that are
//! not on record are ours.

mod answers;
mod ask;
mod deployment;
mod read;
mod refusals;
mod write;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::families::Families;
use super::wire::Refusal;

pub(super) use deployment::Outcomes;
pub(crate) use deployment::{Ending, Outcome, Subject};

use deployment::Deployment;

/// All clusters of one account in one region.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    clusters: BTreeMap<String, Cluster>,
    /// How many ids were given out.
    ids: u64,
}

#[derive(Debug, Default)]
struct Cluster {
    services: BTreeMap<String, EcsService>,
    /// Tasks that nobody but who ran them takes care of.
    tasks: Vec<Task>,
}

/// A service.
#[derive(Debug)]
struct EcsService {
    name: String,
    is_active: bool,
    /// ARN of the revision that it was given last, or rolled back to.
    task_definition: String,
    desired: u64,
    /// What it was created with and answers repeat, by the API's keys.
    settings: Map<String, Value>,
    created_at: f64,
    revisions: Vec<ServiceRevision>,
    /// The oldest first.
    deployments: Vec<Deployment>,
    /// Revisions of the task sets of an `EXTERNAL` or `CODE_DEPLOY` controller.
    task_sets: Vec<TaskSet>,
    /// When, in the world's time, and what; the oldest first.
    events: Vec<(f64, String)>,
}

#[derive(Debug)]
struct TaskSet {
    id: String,
    task_definition: String,
    is_primary: bool,
}

/// What a service was at one time.
#[derive(Debug)]
struct ServiceRevision {
    id: String,
    task_definition: String,
    created_at: f64,
}

/// A task that was run by hand.
#[derive(Debug)]
struct Task {
    id: String,
    task_definition: String,
    is_stopped: bool,
}

/// One request: where it works, when, and what it says.
pub(super) struct Asked<'a> {
    /// `arn:PARTITION:ecs:REGION:ACCOUNT:`
    pub(super) arn: String,
    /// The endpoint's time.
    pub(super) clock: f64,
    /// The world's, in seconds since the epoch.
    pub(super) now: f64,
    pub(super) body: &'a Value,
}

/// Carries out one operation; none where it is about something else.
pub(super) fn perform(
    clusters: &mut Clusters,
    families: &mut Families,
    outcomes: &Outcomes,
    operation: &str,
    asked: &Asked<'_>,
) -> Option<Result<Value, Refusal>> {
    clusters.advance(asked);
    Some(match operation {
        "CreateCluster" => write::create_cluster(clusters, asked),
        "CreateService" => write::create_service(clusters, families, outcomes, asked),
        "UpdateService" => write::update_service(clusters, families, outcomes, asked),
        "DeleteService" => write::delete_service(clusters, asked),
        "CreateTaskSet" => write::create_task_set(clusters, families, asked),
        "RunTask" => write::run_task(clusters, families, asked),
        "StopTask" => write::stop_task(clusters, asked),
        "StopServiceDeployment" => write::stop_service_deployment(clusters, asked),
        "ListClusters" => read::list_clusters(clusters, asked),
        "ListServices" => read::list_services(clusters, asked),
        "DescribeServices" => read::describe_services(clusters, asked),
        "ListTasks" => read::list_tasks(clusters, asked),
        "DescribeTasks" => read::describe_tasks(clusters, asked),
        "ListServiceDeployments" => read::list_service_deployments(clusters, asked),
        "DescribeServiceDeployments" => read::describe_service_deployments(clusters, asked),
        "DescribeServiceRevisions" => read::describe_service_revisions(clusters, asked),
        _ => return None,
    })
}

impl Clusters {
    /// Lets happen what has happened by now.
    fn advance(&mut self, asked: &Asked<'_>) {
        let services = self.clusters.values_mut().flat_map(|cluster| cluster.services.values_mut());
        services.for_each(|service| service.advance(asked.clock, asked.now));
    }

    /// An id that nothing else has.
    fn id(&mut self) -> String {
        self.ids += 1;
        format!("{:0>21}", self.ids)
    }

    fn cluster(&self, asked: &Asked<'_>) -> Result<(String, &Cluster), Refusal> {
        let name = asked.cluster()?;
        self.clusters.get(&name).map(|cluster| (name, cluster)).ok_or_else(refusals::no_cluster)
    }

    fn cluster_mut(&mut self, asked: &Asked<'_>) -> Result<(String, &mut Cluster), Refusal> {
        let name = asked.cluster()?;
        self.clusters.get_mut(&name).map(|cluster| (name, cluster)).ok_or_else(refusals::no_cluster)
    }

    /// The cluster and the service that `service` of the request names.
    fn service_mut(&mut self, asked: &Asked<'_>) -> Result<(String, String, &mut EcsService), Refusal> {
        let (cluster_name, cluster) = self.cluster_mut(asked)?;
        let name = asked.service(&cluster_name)?;
        match cluster.services.get_mut(&name) {
            None => Err(Refusal::new(400, "ServiceNotFoundException", "Service not found.")),
            Some(service) if !service.is_active => {
                Err(Refusal::new(400, "ServiceNotActiveException", "Service was not ACTIVE."))
            }
            Some(service) => Ok((cluster_name, name, service)),
        }
    }
}

impl EcsService {
    /// `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    fn controller(&self) -> &str {
        let controller = self.settings.get("deploymentController").and_then(|it| it.get("type"));
        controller.and_then(Value::as_str).unwrap_or("ECS")
    }

    fn setting(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.settings.get(*first)?, |value, key| value.get(key))
    }
}
