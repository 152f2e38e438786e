//! What ECS answers about a fleet: services of every kind, some behind their newest revision.

use std::collections::BTreeMap;

use ddrofs::audit::{self, Answers, Audit, Unread};
use ddrofs::document::Node;
use ddrofs::ecs;
use ddrofs::ecs_client::{Revision, Service, Task};

/// Documents that services run, each with what it is.
pub(crate) const PLAIN: &str = include_str!("../../cases/documents/fargate.json");
pub(crate) const SEEDED: &str = include_str!("../../cases/documents/agent_read_only.json");
/// With an Agent that starts without its configuration.
pub(crate) const BLIND: &str = r#"{"family": "billing", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
  "cpu": "256", "memory": "512",
  "runtimePlatform": {"operatingSystemFamily": "LINUX"},
  "volumes": [{"name": "config"}],
  "containerDefinitions": [
    {"name": "app", "image": "shop/billing:1"},
    {"name": "datadog-agent", "image": "public.ecr.aws/datadog/agent:7.81.1", "readonlyRootFilesystem": true,
     "environment": [{"name": "ECS_FARGATE", "value": "true"}],
     "secrets": [{"name": "DD_API_KEY", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/key"}],
     "mountPoints": [{"sourceVolume": "config", "containerPath": "/etc/datadog-agent"}]}]}"#;
const KINDS: [&str; 8] = [
    PLAIN,
    SEEDED,
    include_str!("../../cases/documents/agent_fargate.json"),
    include_str!("../../cases/documents/fargate_mistakes.json"),
    include_str!("../../cases/documents/ec2_bridge.json"),
    include_str!("../../cases/documents/fargate_read_only.json"),
    include_str!("../../cases/documents/windows_fargate.json"),
    include_str!("../../cases/documents/firelens_fluentbit.json"),
];

const REGION: &str = "eu-central-1";
const ACCOUNT: &str = "123456789012";

/// One region's answers, to which services are added.
pub(crate) struct Fleet(pub(crate) Answers);

impl Fleet {
    pub(crate) fn empty() -> Self {
        Self(Answers { region: REGION.to_owned(), ..Answers::default() })
    }

    /// As many services in four clusters, every fourth behind a newest revision that is read-only.
    pub(crate) fn of(services: usize) -> Self {
        let mut fleet = Self::empty();
        for number in 0..services {
            let text = KINDS[number % KINDS.len()];
            let (cluster, name) = (format!("cluster-{}", number % 4), format!("service-{number:04}"));
            let runs = fleet.revision(&name, 1, text);
            let newest = if number % 4 == 0 { fleet.revision(&name, 2, SEEDED) } else { runs.clone() };
            fleet.service(&cluster, &name, &runs);
            fleet.newest(&name, &newest);
        }
        fleet
    }

    /// Judges a revision and gives its ARN.
    pub(crate) fn revision(&mut self, family: &str, number: i64, text: &str) -> String {
        let arn = arn(&format!("task-definition/{family}:{number}"));
        let judged = audit::judge(&revision(&arn, text)).unwrap();
        self.0.revisions.insert(arn.clone(), judged);
        arn
    }

    pub(crate) fn newest(&mut self, family: &str, arn: &str) {
        self.0.newest.insert(family.to_owned(), Some(arn.to_owned()));
    }

    pub(crate) fn service(&mut self, cluster: &str, name: &str, runs: &str) {
        let cluster_arn = arn(&format!("cluster/{cluster}"));
        let service = object(&[
            ("serviceArn", &arn(&format!("service/{cluster}/{name}"))),
            ("serviceName", name),
            ("clusterArn", &cluster_arn),
            ("status", "ACTIVE"),
            ("taskDefinition", runs),
        ]);
        self.0.services.push(Service::of(&service).unwrap());
        if !self.0.clusters.contains(&cluster_arn) {
            self.0.clusters.push(cluster_arn);
        }
    }

    pub(crate) fn task(&mut self, cluster: &str, id: &str, group: &str, runs: &str) {
        let task = object(&[
            ("taskArn", &arn(&format!("task/{cluster}/{id}"))),
            ("taskDefinitionArn", runs),
            ("group", group),
        ]);
        self.0.tasks.push(Task::of(&task).unwrap());
    }

    pub(crate) fn unread(&mut self, what: &str, why: &str) {
        let [region, what, why] = [REGION, what, why].map(str::to_owned);
        self.0.unread.push(Unread { region, what, why });
    }

    pub(crate) fn audit(self) -> Audit {
        audit::assemble(vec![self.0])
    }
}

/// A revision as ECS describes it.
pub(crate) fn revision(arn: &str, text: &str) -> Revision {
    let reading = ecs::read_text(text, ecs::read).unwrap();
    let Node::Object(mut members) = reading.document else { panic!("a task definition is an object") };
    let tags = members.remove("tags").unwrap_or_default();
    members.insert("taskDefinitionArn".to_owned(), Node::from(arn));
    members.insert("status".to_owned(), Node::from("ACTIVE"));
    Revision::of(Node::from([("taskDefinition", Node::Object(members)), ("tags", tags)])).unwrap()
}

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:{resource}")
}

fn object(members: &[(&str, &str)]) -> Node {
    let members: BTreeMap<&str, &str> = members.iter().copied().collect();
    Node::Object(members.into_iter().map(|(key, text)| (key.to_owned(), Node::from(text))).collect())
}
