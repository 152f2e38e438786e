//! What uses the revisions of a region: services, their deployments and where those go back to, tasks.
//!
//! Schedules, EventBridge and Step Functions name revisions as well, and no call of ECS tells of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::client::EcsClient;
use super::error::{EcsError, ErrorKind};
use super::patience::Patience;
use super::service::{Described, Service};

use crate::ordered::ordered;

/// For how long what services use is taken for what they use. An apply of many task definitions asks once for all of them;
/// what is deployed meanwhile can be deployed to a revision at any moment after a look anyway.
const FRESH: Duration = Duration::from_secs(30);

/// What the services of a region use.
#[derive(Debug, Default)]
pub(super) struct ServiceUses {
    clusters: Vec<String>,
    /// ARN of a revision to what uses it.
    users: BTreeMap<String, String>,
}

/// The last look at all services, and when it was taken.
#[derive(Debug, Default)]
pub(super) struct LastLook(tokio::sync::Mutex<Option<(Instant, Arc<ServiceUses>)>>);

impl EcsClient {
    /// What uses these revisions of a family, given by their ARNs: each that is in use, and one of its users, as in
    /// `service prod/web`. An error where a part of it could not be looked at.
    pub async fn uses(
        &self,
        family: &str,
        arns: &BTreeSet<String>,
        patience: &Patience,
    ) -> Result<BTreeMap<String, String>, EcsError> {
        let services = self.service_uses(patience).await?;
        let mut uses: BTreeMap<String, String> = ordered(
            services
                .users
                .iter()
                .filter(|(arn, _)| arns.contains(*arn))
                .map(|(arn, user)| (arn.clone(), user.clone())),
        );
        for cluster in &services.clusters {
            if arns.iter().all(|arn| uses.contains_key(arn)) {
                break;
            }
            let tasks = unless_gone(self.list_tasks(cluster, family, patience).await)?;
            let tasks = unless_gone(self.describe_tasks(cluster, &tasks, patience).await)?;
            // A task that has ended since uses nothing.
            for task in whole("DescribeTasks", tasks)? {
                if arns.contains(&task.task_definition) {
                    let user = format!("task {}", name_of(&task.arn));
                    uses.entry(task.task_definition).or_insert(user);
                }
            }
        }
        Ok(uses)
    }

    /// One look for everybody who asks at about the same time.
    async fn service_uses(&self, patience: &Patience) -> Result<Arc<ServiceUses>, EcsError> {
        let mut last = self.last_look.0.lock().await;
        if let Some((at, uses)) = &*last
            && at.elapsed() < self.on_its_clock(FRESH)
        {
            return Ok(Arc::clone(uses));
        }
        let at = Instant::now();
        let uses = Arc::new(self.look_at_services(patience).await?);
        *last = Some((at, Arc::clone(&uses)));
        Ok(uses)
    }

    async fn look_at_services(&self, patience: &Patience) -> Result<ServiceUses, EcsError> {
        let mut uses =
            ServiceUses { clusters: self.list_clusters(patience).await?, ..ServiceUses::default() };
        let mut deployments: BTreeMap<String, String> = BTreeMap::new();
        for cluster in &uses.clusters {
            let arns = unless_gone(self.list_services(cluster, patience).await)?;
            let services = unless_gone(self.describe_services(cluster, &arns, patience).await)?;
            for service in whole("DescribeServices", services)? {
                let user = format!("service {}", name_of(&service.arn));
                if service.is_deploying()
                    && let Some(deployment) = self.deployment_of(cluster, &service, patience).await?
                {
                    deployments.insert(deployment, user.clone());
                }
                for arn in service.task_definitions() {
                    uses.users.entry(arn.to_owned()).or_insert_with(|| user.clone());
                }
            }
        }
        self.look_at_deployments(&deployments, &mut uses.users, patience).await?;
        Ok(uses)
    }

    /// ARN of the service deployment that is under way.
    async fn deployment_of(
        &self,
        cluster: &str,
        service: &Service,
        patience: &Patience,
    ) -> Result<Option<String>, EcsError> {
        if service.current_deployment.is_some() {
            return Ok(service.current_deployment.clone());
        }
        let listed = unless_gone(self.list_service_deployments(cluster, &service.arn, None, patience).await)?;
        Ok(listed.into_iter().next().filter(|newest| !newest.status.is_over()).map(|newest| newest.arn))
    }

    /// What deployments bring, what they replace, and where they go back to.
    async fn look_at_deployments(
        &self,
        deployments: &BTreeMap<String, String>,
        users: &mut BTreeMap<String, String>,
        patience: &Patience,
    ) -> Result<(), EcsError> {
        let arns: Vec<String> = deployments.keys().cloned().collect();
        let described = self.describe_service_deployments(&arns, patience).await?;
        let mut revisions: BTreeMap<String, String> = BTreeMap::new();
        for deployment in whole("DescribeServiceDeployments", described)? {
            let user = deployments.get(&deployment.arn).map_or("a service", String::as_str);
            let named = deployment.sources.into_iter().chain(deployment.target).chain(deployment.rollback_to);
            revisions.extend(named.map(|revision| (revision, format!("a deployment of {user}"))));
        }
        let arns: Vec<String> = revisions.keys().cloned().collect();
        let described = self.describe_service_revisions(&arns, patience).await?;
        for revision in whole("DescribeServiceRevisions", described)? {
            let user = revisions.remove(&revision.arn).unwrap_or_else(|| "a deployment".to_owned());
            users.entry(revision.task_definition).or_insert(user);
        }
        Ok(())
    }
}

/// What was asked for about something that may be gone by now: nothing, if it is.
fn unless_gone<T: Default>(answer: Result<T, EcsError>) -> Result<T, EcsError> {
    match answer {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(T::default()),
        answer => answer,
    }
}

/// What was described, if that is all that is there.
fn whole<T>(operation: &'static str, described: Described<T>) -> Result<Vec<T>, EcsError> {
    match described.failures.into_iter().find(|failure| !failure.is_missing()) {
        Some(failure) => {
            let message = format!("ECS does not describe {}: {}", failure.arn, failure.reason);
            Err(EcsError::local(ErrorKind::Other, operation, message))
        }
        None => Ok(described.found),
    }
}

/// What follows the kind of a thing in its ARN: `prod/web`.
fn name_of(arn: &str) -> &str {
    arn.split_once('/').map_or(arn, |(_, name)| name)
}
