//! Fleets that move: `ddrofs_ecs_rollout` with a real core against the local endpoint.

mod alarms;
mod bad_input;
mod failures;
mod guide;
mod lost;
mod stories;

use std::time::Duration;

pub(crate) use guide::fleet as fifty_services;

use serde_json::{Value, json};

use crate::harness::local_ecs::{Ending, LocalEcs, Outcome, Subject};
use crate::harness::{Backend, REGION, Workspace};

/// The address of the resource in every story.
const ROLLOUT: &str = "ddrofs_ecs_rollout.prod";

/// A place with the cluster `prod`, services on `shop:1`, and `shop:2` to move to.
pub(crate) struct Fleet {
    pub(crate) place: Backend,
    names: Vec<String>,
}

impl Fleet {
    pub(crate) fn of(names: &[&str]) -> Self {
        Self::with(names, &json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}}))
    }

    /// The same, with services whose deployments are configured like this.
    fn with(names: &[&str], configuration: &Value) -> Self {
        let place = Backend::local();
        let fleet = Self { place, names: names.iter().map(|name| (*name).to_owned()).collect() };
        fleet.server().set_speed(1000.0);
        fleet.go(Subject::All, Ending::Succeeds);
        let old = fleet.register();
        fleet.register();
        fleet.act("CreateCluster", json!({"clusterName": "prod"}));
        for name in &fleet.names {
            fleet.act(
                "CreateService",
                json!({"cluster": "prod", "serviceName": name, "taskDefinition": old,
                       "desiredCount": 1, "deploymentConfiguration": configuration}),
            );
        }
        fleet
    }

    fn server(&self) -> &LocalEcs {
        match &self.place {
            Backend::Local(server) => server,
            Backend::Moto(_) => panic!("this story needs the local endpoint"),
        }
    }

    fn act(&self, operation: &str, body: Value) -> Value {
        let answer = self.server().act(REGION, operation, &body);
        answer.unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
    }

    /// Decides how deployments go that begin from now on.
    fn go(&self, subject: Subject, ending: Ending) {
        self.server().deployments_of(subject, Outcome::new(ending, Duration::from_secs(5)));
    }

    /// One more revision of the family `shop`.
    fn register(&self) -> String {
        let container = json!({"name": "app", "image": "app:1", "memory": 64});
        let body = json!({"family": "shop", "containerDefinitions": [container]});
        let answer = self.act("RegisterTaskDefinition", body);
        answer["taskDefinition"]["taskDefinitionArn"].as_str().unwrap().to_owned()
    }

    /// Every service with the revision to move to, as JSON.
    pub(crate) fn wanted(&self) -> String {
        let wanted = self.names.iter().map(|name| (name.clone(), Value::from(arn(2))));
        Value::Object(wanted.collect()).to_string()
    }

    /// Somebody gives a service another task definition.
    fn deploy(&self, name: &str, revision: u32) {
        self.act(
            "UpdateService",
            json!({"cluster": "prod", "service": name, "taskDefinition": arn(revision)}),
        );
    }

    /// Family and revision that each service has.
    fn has(&self) -> Vec<String> {
        let has = |name: &String| {
            let answer = self.act("DescribeServices", json!({"cluster": "prod", "services": [name]}));
            let arn = answer["services"][0]["taskDefinition"].as_str().unwrap().to_owned();
            arn.rsplit('/').next().unwrap().to_owned()
        };
        self.names.iter().map(has).collect()
    }

    /// Names of the services that were updated, in order, since the record was emptied.
    fn updated(&self) -> Vec<String> {
        let requests = self.server().requests_of("UpdateService");
        requests.iter().map(|body| body["service"].as_str().unwrap().to_owned()).collect()
    }

    /// Task definition and status of every deployment that each service had after the one that created it, the oldest first.
    fn deployed(&self, name: &str) -> Vec<(String, String)> {
        let service = json!({"cluster": "prod", "service": name});
        let listed = self.act("ListServiceDeployments", service)["serviceDeployments"].clone();
        let one = |listed: &Value| {
            let arn = &listed["targetServiceRevisionArn"];
            let revision = self.act("DescribeServiceRevisions", json!({"serviceRevisionArns": [arn]}));
            let revision = revision["serviceRevisions"][0]["taskDefinition"].as_str().unwrap().to_owned();
            let revision = revision.rsplit('/').next().unwrap().to_owned();
            (revision, listed["status"].as_str().unwrap().to_owned())
        };
        listed.as_array().unwrap().iter().rev().skip(1).map(one).collect()
    }

    /// Writes a rollout of all services to this revision, with these blocks and arguments.
    fn write(&self, workspace: &Workspace, revision: u32, rest: &str) {
        let services = self.names.iter().map(|name| format!("    {name} = \"{}\"\n", arn(revision)));
        let services: String = services.collect();
        let text = format!(
            "resource \"ddrofs_ecs_rollout\" \"prod\" {{\n  cluster = \"prod\"\n  services = {{\n{services}  }}\n{rest}\n}}\n"
        );
        workspace.main(&self.place, &text);
    }
}

fn arn(revision: u32) -> String {
    arn_of("shop", revision)
}

fn arn_of(family: &str, revision: u32) -> String {
    format!("arn:aws:ecs:{REGION}:123456789012:task-definition/{family}:{revision}")
}

/// What the state says of a service.
fn outcome(workspace: &Workspace, key: &str) -> Value {
    workspace.attributes(ROLLOUT).expect("the rollout is in the state")["outcomes"][key].clone()
}

/// Key and status of every service in the state.
fn statuses(workspace: &Workspace) -> Vec<(String, String)> {
    let state = workspace.attributes(ROLLOUT).expect("the rollout is in the state");
    let outcomes = state["outcomes"].as_object().unwrap();
    outcomes.iter().map(|(key, it)| (key.clone(), it["status"].as_str().unwrap().to_owned())).collect()
}

/// The statuses alone.
fn words(workspace: &Workspace) -> Vec<String> {
    statuses(workspace).into_iter().map(|(_, status)| status).collect()
}
