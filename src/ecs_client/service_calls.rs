//! The calls about clusters, services, their deployments and tasks.

use bytes::Bytes;
use time::OffsetDateTime;

use crate::document::Node;

use super::attempt::{LastAttempt, WhenAmbiguous};
use super::client::{EcsClient, call, conclude, serialize};
use super::error::EcsError;
use super::failure::Call;
use super::patience::Patience;
use super::quiet::quietly;
use super::raw_json::Exchange;
use super::send::send;
use super::service::{Deployment, Described, Service, ServiceRevision, Task};

/// The most items of one page, and of one call, of each operation (API reference, read 2026-11).
const PAGE: i64 = 100;
const SERVICES: usize = 10;
const TASKS: usize = 100;
const DEPLOYMENTS: usize = 20;
const SERVICE_REVISIONS: usize = 20;

/// Goes through the pages of a list: `$members` is what is asked for beside the page.
macro_rules! pages {
    ($self:ident, $patience:expr, $operation:ident, $name:literal, $members:expr, $take:expr) => {{
        let mut next_token: Option<String> = None;
        loop {
            let mut members: Vec<(&str, Node)> = $members;
            members.push(("maxResults", Node::from(PAGE)));
            members.extend(next_token.take().map(|token| ("nextToken", Node::from(token))));
            let page = call!($self, $patience, $operation, $name, WhenAmbiguous::Repeat, object(members))?;
            $take(&page);
            match page.get("nextToken").as_str() {
                Some(token) if !token.is_empty() => next_token = Some(token.to_owned()),
                _ => break,
            }
        }
    }};
}

impl EcsClient {
    /// ARNs of all clusters of the region.
    pub async fn list_clusters(&self, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let mut arns = Vec::new();
        let mut take = |page: &Node| arns.extend(texts(page.get("clusterArns")));
        pages!(self, patience, list_clusters, "ListClusters", Vec::new(), take);
        Ok(arns)
    }

    /// ARNs of all services of a cluster, which is its name or ARN.
    pub async fn list_services(&self, cluster: &str, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let mut arns = Vec::new();
        let mut take = |page: &Node| arns.extend(texts(page.get("serviceArns")));
        let members = || vec![("cluster", Node::from(cluster))];
        pages!(self, patience, list_services, "ListServices", members(), take);
        Ok(arns)
    }

    /// Services of a cluster, each by its name or ARN.
    pub async fn describe_services(
        &self,
        cluster: &str,
        services: &[String],
        patience: &Patience,
    ) -> Result<Described<Service>, EcsError> {
        let mut described = Described::default();
        for batch in services.chunks(SERVICES) {
            let body = object(vec![("cluster", Node::from(cluster)), ("services", list(batch))]);
            let answer =
                call!(self, patience, describe_services, "DescribeServices", WhenAmbiguous::Repeat, body)?;
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
        let mut arns = Vec::new();
        let mut take = |page: &Node| arns.extend(texts(page.get("taskArns")));
        // The desired status of a task that is still starting is RUNNING as well.
        let members = || {
            let status = Node::from("RUNNING");
            vec![("cluster", Node::from(cluster)), ("family", Node::from(family)), ("desiredStatus", status)]
        };
        pages!(self, patience, list_tasks, "ListTasks", members(), take);
        Ok(arns)
    }

    /// ARNs of all tasks of a cluster that are running or about to.
    pub async fn list_all_tasks(&self, cluster: &str, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let mut arns = Vec::new();
        let mut take = |page: &Node| arns.extend(texts(page.get("taskArns")));
        let members = || vec![("cluster", Node::from(cluster)), ("desiredStatus", Node::from("RUNNING"))];
        pages!(self, patience, list_tasks, "ListTasks", members(), take);
        Ok(arns)
    }

    /// Names of all families with an active revision.
    pub async fn list_task_definition_families(&self, patience: &Patience) -> Result<Vec<String>, EcsError> {
        let mut families = Vec::new();
        let mut take = |page: &Node| families.extend(texts(page.get("families")));
        let members = || vec![("status", Node::from("ACTIVE"))];
        pages!(self, patience, list_task_definition_families, "ListTaskDefinitionFamilies", members(), take);
        Ok(families)
    }

    /// Tasks of a cluster, each by its ARN.
    pub async fn describe_tasks(
        &self,
        cluster: &str,
        tasks: &[String],
        patience: &Patience,
    ) -> Result<Described<Task>, EcsError> {
        let mut described = Described::default();
        for batch in tasks.chunks(TASKS) {
            let body = object(vec![("cluster", Node::from(cluster)), ("tasks", list(batch))]);
            let answer = call!(self, patience, describe_tasks, "DescribeTasks", WhenAmbiguous::Repeat, body)?;
            described.add(&answer, "tasks", Task::of);
        }
        Ok(described)
    }

    /// Gives a service another revision and returns the service; none where the answer has no service. The revision that it
    /// has makes no deployment, unless it is forced to. ECS takes no idempotency token: a forced update whose fate is not
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
        let body = object(members);
        let answer = call!(self, patience, update_service, "UpdateService", when_ambiguous, body)?;
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
        let mut deployments = Vec::new();
        let mut take = |page: &Node| {
            deployments.extend(page.get("serviceDeployments").items().iter().filter_map(Deployment::of));
        };
        let members = || {
            let mut members = vec![("cluster", Node::from(cluster)), ("service", Node::from(service))];
            let after = |since: OffsetDateTime| Node::from([("after", Node::from(since.unix_timestamp()))]);
            members.extend(created_since.map(|since| ("createdAt", after(since))));
            members
        };
        pages!(self, patience, list_service_deployments, "ListServiceDeployments", members(), take);
        Ok(deployments)
    }

    /// Service deployments, each by its ARN.
    pub async fn describe_service_deployments(
        &self,
        arns: &[String],
        patience: &Patience,
    ) -> Result<Described<Deployment>, EcsError> {
        let mut described = Described::default();
        for batch in arns.chunks(DEPLOYMENTS) {
            let body = object(vec![("serviceDeploymentArns", list(batch))]);
            let answer = call!(
                self,
                patience,
                describe_service_deployments,
                "DescribeServiceDeployments",
                WhenAmbiguous::Repeat,
                body
            )?;
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
        for batch in arns.chunks(SERVICE_REVISIONS) {
            let body = object(vec![("serviceRevisionArns", list(batch))]);
            let answer = call!(
                self,
                patience,
                describe_service_revisions,
                "DescribeServiceRevisions",
                WhenAmbiguous::Repeat,
                body
            )?;
            described.add(&answer, "serviceRevisions", ServiceRevision::of);
        }
        Ok(described)
    }
}

fn object(members: Vec<(&str, Node)>) -> Node {
    Node::Object(members.into_iter().map(|(key, node)| (key.to_owned(), node)).collect())
}

fn list(items: &[String]) -> Node {
    Node::from(items.iter().map(String::as_str).collect::<Vec<_>>())
}

fn texts(list: &Node) -> impl Iterator<Item = String> {
    list.items().iter().filter_map(Node::as_str).map(str::to_owned)
}
