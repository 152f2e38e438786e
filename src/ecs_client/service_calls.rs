//! The calls about clusters, services, their deployments and tasks.

use time::OffsetDateTime;

use crate::document::Node;

use super::attempt::WhenAmbiguous;
use super::client::{EcsClient, object, texts};
use super::error::EcsError;
use super::patience::Patience;
use super::service::{Deployment, Described, Service, ServiceRevision, Task};

/// The most services that one call of DescribeServices describes (API reference, as the others, read 2026-11).
pub const SERVICES_OF_A_CALL: usize = 10;
/// The most tasks that one call of DescribeTasks describes.
pub const TASKS_OF_A_CALL: usize = 100;
/// The most deployments that one call of DescribeServiceDeployments describes.
pub const DEPLOYMENTS_OF_A_CALL: usize = 20;
/// The most revisions that one call of DescribeServiceRevisions describes.
const SERVICE_REVISIONS_OF_A_CALL: usize = 20;

impl EcsClient {
    /// ARNs of all clusters of the region.
    pub async fn list_clusters(&self, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let listed = self.list("ListClusters", Vec::new(), "clusterArns", usize::MAX, patience).await?;
        Ok(texts(&listed))
    }

    /// ARNs of all services of a cluster, which is its name or ARN.
    pub async fn list_services(&self, cluster: &str, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let members = vec![("cluster", Node::from(cluster))];
        let listed = self.list("ListServices", members, "serviceArns", usize::MAX, patience).await?;
        Ok(texts(&listed))
    }

    /// Services of a cluster, each by its name or ARN.
    pub async fn describe_services(
        &self,
        cluster: &str,
        services: &[String],
        patience: &Patience,
    ) -> Result<Described<Service>, EcsError> {
        let mut described = Described::default();
        for batch in services.chunks(SERVICES_OF_A_CALL) {
            let body = object(vec![("cluster", Node::from(cluster)), ("services", list(batch))]);
            let answer = self.call("DescribeServices", WhenAmbiguous::Repeat, &body, patience).await?;
            described.add(&answer, "services", Service::of);
        }
        Ok(described)
    }

    /// ARNs of the tasks of a family in a cluster that are running or about to.
    pub async fn list_tasks(
        &self,
        cluster: &str,
        family: &str,
        patience: &Patience,
    ) -> Result<Vec<String>, EcsError> {
        let members = vec![
            ("cluster", Node::from(cluster)),
            ("family", Node::from(family)),
            // That of a task that is still starting is RUNNING as well.
            ("desiredStatus", Node::from("RUNNING")),
        ];
        let listed = self.list("ListTasks", members, "taskArns", usize::MAX, patience).await?;
        Ok(texts(&listed))
    }

    /// ARNs of all tasks of a cluster that are running or about to.
    pub async fn list_all_tasks(&self, cluster: &str, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let members = vec![("cluster", Node::from(cluster)), ("desiredStatus", Node::from("RUNNING"))];
        let listed = self.list("ListTasks", members, "taskArns", usize::MAX, patience).await?;
        Ok(texts(&listed))
    }

    /// Names of all families with an active revision.
    pub async fn list_task_definition_families(&self, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let members = vec![("status", Node::from("ACTIVE"))];
        let listed =
            self.list("ListTaskDefinitionFamilies", members, "families", usize::MAX, patience).await?;
        Ok(texts(&listed))
    }

    /// Tasks of a cluster, each by its ARN.
    pub async fn describe_tasks(
        &self,
        cluster: &str,
        tasks: &[String],
        patience: &Patience,
    ) -> Result<Described<Task>, EcsError> {
        let mut described = Described::default();
        for batch in tasks.chunks(TASKS_OF_A_CALL) {
            let body = object(vec![("cluster", Node::from(cluster)), ("tasks", list(batch))]);
            let answer = self.call("DescribeTasks", WhenAmbiguous::Repeat, &body, patience).await?;
            described.add(&answer, "tasks", Task::of);
        }
        Ok(described)
    }

    /// Gives a service another revision and returns the service; none where the answer has no service. The revision that it
    /// has makes no deployment, unless it is forced to. ECS accepts no idempotency token: a forced update whose fate is not
    /// known is not repeated, and its error is [`super::ErrorKind::Ambiguous`].
    pub async fn update_service(
        &self,
        cluster: &str,
        service: &str,
        task_definition: &str,
        force_new_deployment: bool,
        patience: &Patience,
    ) -> Result<Option<Service>, EcsError> {
        let mut members = vec![
            ("cluster", Node::from(cluster)),
            ("service", Node::from(service)),
            ("taskDefinition", Node::from(task_definition)),
        ];
        let mut when_ambiguous = WhenAmbiguous::Repeat;
        if force_new_deployment {
            members.push(("forceNewDeployment", Node::from(true)));
            when_ambiguous = WhenAmbiguous::GiveUp;
        }
        let answer = self.call("UpdateService", when_ambiguous, &object(members), patience).await?;
        Ok(Service::of(answer.get("service")))
    }

    /// The deployments of a service, the newest first, as far as a list tells of them; with a time only those that were
    /// created since.
    pub async fn list_service_deployments(
        &self,
        cluster: &str,
        service: &str,
        created_since: Option<OffsetDateTime>,
        patience: &Patience,
    ) -> Result<Vec<Deployment>, EcsError> {
        let mut members = vec![("cluster", Node::from(cluster)), ("service", Node::from(service))];
        let after = |since: OffsetDateTime| Node::from([("after", Node::from(since.unix_timestamp()))]);
        members.extend(created_since.map(|since| ("createdAt", after(since))));
        let operation = "ListServiceDeployments";
        let listed = self.list(operation, members, "serviceDeployments", usize::MAX, patience).await?;
        Ok(listed.iter().filter_map(Deployment::of).collect())
    }

    /// Service deployments, each by its ARN.
    pub async fn describe_service_deployments(
        &self,
        arns: &[String],
        patience: &Patience,
    ) -> Result<Described<Deployment>, EcsError> {
        let mut described = Described::default();
        for batch in arns.chunks(DEPLOYMENTS_OF_A_CALL) {
            let body = object(vec![("serviceDeploymentArns", list(batch))]);
            let operation = "DescribeServiceDeployments";
            let answer = self.call(operation, WhenAmbiguous::Repeat, &body, patience).await?;
            described.add(&answer, "serviceDeployments", Deployment::of);
        }
        Ok(described)
    }

    /// Service revisions, each by its ARN.
    pub async fn describe_service_revisions(
        &self,
        arns: &[String],
        patience: &Patience,
    ) -> Result<Described<ServiceRevision>, EcsError> {
        let mut described = Described::default();
        for batch in arns.chunks(SERVICE_REVISIONS_OF_A_CALL) {
            let body = object(vec![("serviceRevisionArns", list(batch))]);
            let operation = "DescribeServiceRevisions";
            let answer = self.call(operation, WhenAmbiguous::Repeat, &body, patience).await?;
            described.add(&answer, "serviceRevisions", ServiceRevision::of);
        }
        Ok(described)
    }
}

fn list(items: &[String]) -> Node {
    Node::from(items.iter().map(String::as_str).collect::<Vec<_>>())
}
