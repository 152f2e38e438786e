//! Services, their deployments and tasks, as answers of ECS have them (API reference, read 2026-11).
//!
//! Words that are not known here stay what they are: ECS has got new statuses and controllers before.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::document::Node;
use crate::ordered::ordered;
use crate::rollout::DeploymentStatus;

/// What was asked for, and what ECS says of the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Described<T> {
    /// What it described.
    pub found: Vec<T>,
    /// What it did not.
    pub failures: Vec<Failure>,
}

/// Why ECS does not describe something, or does not delete it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was asked for; empty where the answer does not say.
    pub arn: String,
    /// ECS's words.
    pub reason: String,
}

impl Failure {
    /// An entry of `failures` in an answer.
    pub fn of(node: &Node) -> Self {
        let [arn, reason, detail] = ["arn", "reason", "detail"].map(|key| text(node.get(key)));
        let reason = if detail.is_empty() { reason } else { format!("{reason}: {detail}") };
        Self { arn, reason }
    }

    /// Whether there is nothing of that name.
    pub fn is_missing(&self) -> bool {
        self.reason == "MISSING" || self.reason.starts_with("MISSING:")
    }
}

impl<T> Default for Described<T> {
    fn default() -> Self {
        Self { found: Vec::new(), failures: Vec::new() }
    }
}

impl<T> Described<T> {
    /// Adds an answer: the members of `key` as `of` reads them, and its failures. What cannot be read is left out.
    pub(super) fn add(&mut self, answer: &Node, key: &str, of: impl Fn(&Node) -> Option<T>) {
        self.found.extend(answer.get(key).items().iter().filter_map(of));
        self.failures.extend(answer.get("failures").items().iter().map(Failure::of));
    }
}

/// Who carries out a service's deployments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Controller {
    /// ECS itself. UpdateService changes the revision under this one alone.
    Ecs,
    /// CodeDeploy.
    CodeDeploy,
    /// Somebody with task sets.
    External,
    /// A word that is not known here.
    Other(String),
}

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// ARN of its cluster.
    pub cluster_arn: String,
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    pub status: String,
    /// ARN of the revision that it was given last, or rolled back to; empty where task sets have theirs.
    pub task_definition: String,
    /// Who carries out its deployments.
    pub controller: Controller,
    /// `EC2`, `FARGATE`, `EXTERNAL` or `MANAGED_INSTANCES`; none where capacity providers decide.
    pub launch_type: Option<String>,
    /// Whether it has a network configuration, which tasks in `awsvpc` mode need and no others accept.
    pub has_network: bool,
    /// How many tasks are wanted.
    pub desired_count: i64,
    /// What runs: what is being deployed first, then what still runs beside it.
    pub rollouts: Vec<Rollout>,
    /// ARNs of the revisions of its task sets.
    pub task_sets: Vec<String>,
    /// ARN of the service deployment that is under way, where ECS says so.
    pub current_deployment: Option<String>,
}

/// An entry of a service's `deployments`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// `ecs-svc/…`
    pub id: String,
    /// `PRIMARY`, `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// ARN of its revision.
    pub task_definition: String,
    /// `COMPLETED`, `IN_PROGRESS` or `FAILED`; none where the controller is not ECS.
    pub state: Option<String>,
    /// When it began.
    pub created_at: Option<OffsetDateTime>,
}

impl Service {
    /// The service of a DescribeServices, CreateService or UpdateService answer; none without its ARN.
    pub fn of(node: &Node) -> Option<Self> {
        let controller = match node.get("deploymentController").get("type").as_str() {
            None | Some("ECS") => Controller::Ecs,
            Some("CODE_DEPLOY") => Controller::CodeDeploy,
            Some("EXTERNAL") => Controller::External,
            Some(other) => Controller::Other(other.to_owned()),
        };
        let rollout = |node: &Node| Rollout {
            id: text(node.get("id")),
            status: text(node.get("status")),
            task_definition: text(node.get("taskDefinition")),
            state: some_text(node.get("rolloutState")),
            created_at: moment(node.get("createdAt")),
        };
        Some(Self {
            arn: some_text(node.get("serviceArn"))?,
            name: text(node.get("serviceName")),
            cluster_arn: text(node.get("clusterArn")),
            status: text(node.get("status")),
            task_definition: text(node.get("taskDefinition")),
            controller,
            launch_type: some_text(node.get("launchType")),
            has_network: !node.get("networkConfiguration").get("awsvpcConfiguration").is_null(),
            desired_count: node.get("desiredCount").as_i64().unwrap_or_default(),
            rollouts: node.get("deployments").items().iter().map(rollout).collect(),
            task_sets: texts(node.get("taskSets").items(), |set| set.get("taskDefinition")),
            current_deployment: some_text(node.get("currentServiceDeployment")),
        })
    }

    /// Whether anything can be deployed to it.
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// Whether a deployment is under way.
    pub fn is_deploying(&self) -> bool {
        let is_open = |rollout: &Rollout| rollout.state.as_deref().is_some_and(|state| state != "COMPLETED");
        self.current_deployment.is_some() || self.rollouts.len() > 1 || self.rollouts.iter().any(is_open)
    }

    /// ARNs of the revisions that it was given or that its tasks are made of.
    pub fn task_definitions(&self) -> BTreeSet<&str> {
        let rollouts = self.rollouts.iter().map(|rollout| rollout.task_definition.as_str());
        let all = rollouts.chain(self.task_sets.iter().map(String::as_str));
        ordered(all.chain([self.task_definition.as_str()]).filter(|arn| !arn.is_empty()))
    }
}

/// A service deployment, from a list or described.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// Its ARN.
    pub arn: String,
    /// ARN of the service.
    pub service_arn: String,
    /// Where it stands.
    pub status: DeploymentStatus,
    /// ECS's words for it.
    pub reason: Option<String>,
    /// When it was created.
    pub created_at: Option<OffsetDateTime>,
    /// When it finished or was stopped, where it did.
    pub finished_at: Option<OffsetDateTime>,
    /// ARN of the service revision that it brings.
    pub target: Option<String>,
    /// ARNs of the service revisions that ran when it began; empty in a list.
    pub sources: Vec<String>,
    /// ARN of the service revision that it goes, or went, back to.
    pub rollback_to: Option<String>,
    /// What the alarms say that it watches; none where it watches none, or in a list.
    pub alarms: Option<Guard>,
    /// What the circuit breaker says; none in a list.
    pub circuit_breaker: Option<Guard>,
}

/// What watches over a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// `DISABLED`, `MONITORING`, `MONITORING_COMPLETE` or `TRIGGERED`.
    pub status: String,
    /// Names of the alarms that went off.
    pub triggered: Vec<String>,
}

impl Deployment {
    /// An entry of ListServiceDeployments or DescribeServiceDeployments; none without its ARN.
    pub fn of(node: &Node) -> Option<Self> {
        let target = some_text(node.get("targetServiceRevision").get("arn"));
        let guard = |node: &Node| {
            let triggered = texts(node.get("triggeredAlarmNames").items(), |name| name);
            Some(Guard { status: some_text(node.get("status"))?, triggered })
        };
        Some(Self {
            arn: some_text(node.get("serviceDeploymentArn"))?,
            service_arn: text(node.get("serviceArn")),
            status: DeploymentStatus::parse(node.get("status").as_str().unwrap_or_default()),
            reason: some_text(node.get("statusReason")),
            created_at: moment(node.get("createdAt")),
            finished_at: moment(node.get("finishedAt")).or_else(|| moment(node.get("stoppedAt"))),
            target: target.or_else(|| some_text(node.get("targetServiceRevisionArn"))),
            sources: texts(node.get("sourceServiceRevisions").items(), |revision| revision.get("arn")),
            rollback_to: some_text(node.get("rollback").get("serviceRevisionArn")),
            alarms: guard(node.get("alarms")),
            circuit_breaker: guard(node.get("deploymentCircuitBreaker")),
        })
    }
}

/// What a service was at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRevision {
    /// Its ARN.
    pub arn: String,
    /// ARN of the revision of the task definition.
    pub task_definition: String,
}

impl ServiceRevision {
    /// An entry of DescribeServiceRevisions; none without its ARN.
    pub fn of(node: &Node) -> Option<Self> {
        let arn = some_text(node.get("serviceRevisionArn"))?;
        Some(Self { arn, task_definition: text(node.get("taskDefinition")) })
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its ARN.
    pub arn: String,
    /// ARN of the revision that it was made of.
    pub task_definition: String,
    /// `service:NAME`, `family:NAME` or what whoever ran it says.
    pub group: String,
}

impl Task {
    /// An entry of DescribeTasks; none without its ARN.
    pub fn of(node: &Node) -> Option<Self> {
        let arn = some_text(node.get("taskArn"))?;
        Some(Self {
            arn,
            task_definition: text(node.get("taskDefinitionArn")),
            group: text(node.get("group")),
        })
    }

    /// Whether no service started it.
    pub fn is_standalone(&self) -> bool {
        !self.group.starts_with("service:")
    }
}

fn some_text(node: &Node) -> Option<String> {
    node.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn text(node: &Node) -> String {
    node.as_str().unwrap_or_default().to_owned()
}

fn texts(nodes: &[Node], of: impl Fn(&Node) -> &Node) -> Vec<String> {
    nodes.iter().filter_map(|node| some_text(of(node))).collect()
}

/// Seconds since the epoch, with a fraction.
fn moment(node: &Node) -> Option<OffsetDateTime> {
    let Node::Number(seconds) = node else { return None };
    OffsetDateTime::from_unix_timestamp_nanos((seconds.as_f64()? * 1e9) as i128).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;

    fn service(json: &str) -> Option<Service> {
        Service::of(&parse(json).unwrap())
    }

    #[test]
    fn a_service_uses_what_it_was_given_what_still_runs_and_what_its_task_sets_have() {
        let found = service(
            r#"{"serviceArn": "s", "taskDefinition": "web:3", "deploymentController": {"type": "EXTERNAL"},
                "deployments": [{"taskDefinition": "web:3", "rolloutState": "IN_PROGRESS"},
                                {"taskDefinition": "web:2", "rolloutState": "COMPLETED"}],
                "taskSets": [{"taskDefinition": "web:1"}, {}]}"#,
        )
        .unwrap();
        assert_eq!(found.task_definitions().into_iter().collect::<Vec<_>>(), ["web:1", "web:2", "web:3"]);
        assert_eq!((found.controller.clone(), found.is_deploying()), (Controller::External, true));
        assert_eq!(service("{}"), None);
    }

    #[test]
    fn a_service_is_deploying_while_a_deployment_is_open() {
        for (members, is_deploying) in [
            (r#""deployments": [{"rolloutState": "COMPLETED"}]"#, false),
            (r#""deployments": [{"rolloutState": "IN_PROGRESS"}]"#, true),
            (r#""deployments": [{"rolloutState": "FAILED"}]"#, true),
            (r#""deployments": [{"rolloutState": "COMPLETED"}, {"rolloutState": "COMPLETED"}]"#, true),
            (r#""currentServiceDeployment": "d""#, true),
            (r#""deployments": [{}]"#, false),
        ] {
            let found = service(&format!(r#"{{"serviceArn": "s", {members}}}"#)).unwrap();
            assert_eq!(found.is_deploying(), is_deploying, "{members}");
        }
    }

    #[test]
    fn a_deployment_is_read_from_a_list_and_from_its_description() {
        let of = |json: &str| Deployment::of(&parse(json).unwrap());
        let listed = of(
            r#"{"serviceDeploymentArn": "d", "status": "ROLLBACK_SUCCESSFUL", "targetServiceRevisionArn": "new",
                "createdAt": 1795000000.25, "finishedAt": 1795000060}"#,
        )
        .unwrap();
        assert_eq!(listed.finished_at.unwrap().unix_timestamp(), 1_795_000_060);
        assert!(listed.status.is_over());
        assert_eq!(listed.target.as_deref(), Some("new"));
        assert_eq!(listed.created_at.unwrap().unix_timestamp(), 1_795_000_000);
        let described = of(
            r#"{"serviceDeploymentArn": "d", "status": "IN_PROGRESS", "targetServiceRevision": {"arn": "new"},
                "sourceServiceRevisions": [{"arn": "old"}], "rollback": {"serviceRevisionArn": "older"},
                "alarms": {"status": "TRIGGERED", "triggeredAlarmNames": ["slow"]},
                "deploymentCircuitBreaker": {"status": "MONITORING"}}"#,
        )
        .unwrap();
        assert!(!described.status.is_over());
        assert_eq!(
            (described.target.as_deref(), &described.sources[..]),
            (Some("new"), &["old".to_owned()][..])
        );
        assert_eq!(described.rollback_to.as_deref(), Some("older"));
        let triggered = described.alarms.unwrap();
        assert_eq!(
            (triggered.status.as_str(), &triggered.triggered[..]),
            ("TRIGGERED", &["slow".to_owned()][..])
        );
        assert_eq!(described.circuit_breaker.unwrap().status, "MONITORING");
        let other = of(r#"{"serviceDeploymentArn": "d", "status": "PAUSED"}"#).unwrap().status;
        assert_eq!((other.is_over(), other), (false, DeploymentStatus::Other("PAUSED".to_owned())));
        assert_eq!(of("{}"), None);
    }

    #[test]
    fn a_failure_says_why_and_whether_nothing_has_that_name() {
        let of = |json: &str| Failure::of(&parse(json).unwrap());
        let missing = of(r#"{"arn": "s", "reason": "MISSING"}"#);
        assert_eq!((missing.is_missing(), missing.arn.as_str()), (true, "s"));
        let other = of(r#"{"arn": "s", "reason": "ACCESS", "detail": "denied"}"#);
        assert_eq!((other.is_missing(), other.reason.as_str()), (false, "ACCESS: denied"));
    }
}
