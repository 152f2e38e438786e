//! The rollout that is disturbed: twenty services in three waves, and what has become of each in the end.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::local_ecs::{Ending, LocalEcs, Outcome, Subject};
use crate::harness::{REGION, Workspace, provider_block};
use crate::operations::{Operation, SERVICES};
use crate::verdict::Found;

/// How long a deployment takes, in the endpoint's time.
const DEPLOYMENT: Duration = Duration::from_secs(20);

const ADDRESS: &str = "ddrofs_ecs_rollout.prod";

fn names() -> impl Iterator<Item = String> {
    (0..SERVICES).map(|number| format!("service-{number:02}"))
}

fn arn(revision: u32) -> String {
    format!("arn:aws:ecs:{REGION}:123456789012:task-definition/shop:{revision}")
}

fn act(server: &LocalEcs, operation: &str, body: &Value) -> Value {
    server.act(REGION, operation, body).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
}

/// Services on revision 1, and the configuration of a rollout to revision 2. What is deployed again was moved before.
pub(crate) fn prepare(workspace: &Workspace, server: &LocalEcs, operation: Operation) {
    server.deployments_of(Subject::All, Outcome::new(Ending::Succeeds, DEPLOYMENT));
    act(server, "CreateCluster", &json!({"clusterName": "prod"}));
    for image in ["nginx:1.27.0", "nginx:1.27.1"] {
        let container = json!({"name": "app", "image": image, "memory": 128});
        act(
            server,
            "RegisterTaskDefinition",
            &json!({"family": "shop", "containerDefinitions": [container]}),
        );
    }
    for name in names() {
        let service =
            json!({"cluster": "prod", "serviceName": name, "taskDefinition": arn(1), "desiredCount": 1});
        act(server, "CreateService", &service);
    }
    write(workspace, server, "");
    if operation == Operation::MoveAgain {
        workspace.apply().success();
        write(workspace, server, "  triggers = { image = \"again\" }\n");
    }
}

fn write(workspace: &Workspace, server: &LocalEcs, rest: &str) {
    let mut text = provider_block(&server.url());
    text.push_str("resource \"ddrofs_ecs_rollout\" \"prod\" {\n  cluster = \"prod\"\n  services = {\n");
    for name in names() {
        writeln!(text, "    \"{name}\" = \"{}\"", arn(2)).expect("a text can be written to");
    }
    text.push_str("  }\n");
    for percent in [10, 50, 100] {
        writeln!(text, "  wave {{\n    percent = {percent}\n    bake_time = \"10s\"\n  }}")
            .expect("a text can be written to");
    }
    write!(text, "  max_concurrent = 4\n{rest}}}\n").expect("a text can be written to");
    workspace.write("main.tf", &text);
}

/// Every service is where the plan said after as many deployments as that takes, and the state says so.
pub(crate) fn compare(workspace: &Workspace, server: &LocalEcs, operation: Operation) -> Found {
    let mut found = Found::default();
    let state = workspace.attributes(ADDRESS).unwrap_or_default();
    let wanted = if operation == Operation::MoveAgain { 2 } else { 1 };
    for name in names() {
        let outcome = &state["outcomes"][&name];
        let service = json!({"cluster": "prod", "service": name});
        // The one that created the service is the rollout's as little as it is anybody's.
        let deployments = act(server, "ListServiceDeployments", &service)["serviceDeployments"]
            .as_array()
            .map_or(0, |deployments| deployments.len().saturating_sub(1));
        let described = act(server, "DescribeServices", &json!({"cluster": "prod", "services": [name]}));
        let has = described["services"][0]["taskDefinition"].clone();
        found.duplicates += deployments.saturating_sub(wanted);
        if deployments > wanted {
            found.notes.push(format!("{name} was deployed {deployments} times"));
        }
        if deployments < wanted || has != arn(2) {
            found.lost += 1;
            found.notes.push(format!("{name} has {has} after {deployments} deployments: {outcome}"));
        }
        let is_done = matches!(outcome["status"].as_str(), Some("SUCCEEDED" | "UNCHANGED"));
        if !is_done || outcome["task_definition"] != has || outcome["previous"] != arn(1) {
            found.add_wrong(format!("{name} has {has}, had {}, and the state says {outcome}", arn(1)));
        }
    }
    found
}
