//! The guide about a fleet, command by command, with the example that it is about.

use std::path::Path;

use serde_json::{Value, json};

use super::{Fleet, ROLLOUT, outcome};
use crate::harness::local_ecs::{Ending, Outcome, Subject};
use crate::harness::{Backend, Outcome as Ran, Workspace};

/// The service of the second wave whose tasks do not start.
const BREAKS: &str = "catalog";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Family and image of every service of the example.
fn images() -> Vec<(String, String)> {
    let images: Value = serde_json::from_str(&read("examples/fleet/services.json")).unwrap();
    let images = images.as_object().unwrap().iter();
    images.map(|(name, image)| (name.clone(), image.as_str().unwrap().to_owned())).collect()
}

/// The cluster as it is before anybody thinks of Terraform.
pub(crate) fn fleet() -> Fleet {
    let place = Backend::local();
    let fleet = Fleet { place, names: images().into_iter().map(|(name, _)| name).collect() };
    fleet.server().set_speed(1000.0);
    fleet.go(Subject::All, Ending::Succeeds);
    fleet.act("CreateCluster", json!({"clusterName": "prod"}));
    for (name, image) in images() {
        let role = |role: &str| format!("arn:aws:iam::123456789012:role/{role}");
        let port = json!({"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"});
        let container = json!({"name": "app", "image": image, "essential": true, "portMappings": [port]});
        let task = json!({
            "family": name, "cpu": "1024", "memory": "3072", "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"], "executionRoleArn": role("ecsTaskExecutionRole"),
            "taskRoleArn": role("ecs-service-taskrole"), "containerDefinitions": [container],
            "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"},
        });
        fleet.act("RegisterTaskDefinition", task);
        let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-1"]}});
        let breaker = json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}});
        let service = json!({
            "cluster": "prod", "serviceName": name, "taskDefinition": name, "desiredCount": 2,
            "launchType": "FARGATE", "networkConfiguration": network, "deploymentConfiguration": breaker,
        });
        fleet.act("CreateService", service);
    }
    fleet
}

/// The commands that the guide gives, as words.
fn commands() -> Vec<Vec<String>> {
    let guide = read("docs/guides/fleet-rollout.md");
    let shell = guide.split("```shell\n").skip(1).filter_map(|rest| rest.split("```").next());
    let commands = shell.flat_map(str::lines).filter_map(|line| line.strip_prefix("terraform "));
    commands.map(|line| line.replace('\'', "").split(' ').map(str::to_owned).collect()).collect()
}

fn run(workspace: &Workspace, command: &[String]) -> Ran {
    workspace.run(&command.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Which services have another revision than their first.
fn moved(fleet: &Fleet) -> Vec<String> {
    let has = fleet.has().into_iter();
    has.filter_map(|revision| {
        Some(revision.split_once(':').filter(|(_, number)| *number != "1")?.0.to_owned())
    })
    .collect()
}

#[test]
fn the_guide_about_a_fleet_is_true_command_by_command() {
    let (fleet, mut workspace) = (fleet(), Workspace::new("rollout-guide"));
    workspace.set("TF_VAR_ecs_endpoint", &fleet.server().url());
    workspace.set("AWS_ENDPOINT_URL", &fleet.server().url());
    for file in ["main.tf", "services.json"] {
        workspace.write(file, &read(&format!("examples/fleet/{file}")));
    }
    let commands = commands();
    let [plan_import, import, plan_move, move_all, plan_mended, mended, plan_again] = commands.as_slice()
    else {
        panic!("the guide has other commands: {commands:#?}");
    };

    let imported = run(&workspace, plan_import).success().says("least_seconds = 1200");
    imported.says("Plan: 50 to import, 1 to add, 0 to change, 0 to destroy");
    run(&workspace, import).success().says("50 of 50 services done: 50 there already.");
    assert!(fleet.updated().is_empty() && moved(&fleet).is_empty());

    run(&workspace, plan_move).success().says("0 to add, 51 to change, 0 to destroy");
    let fails = Outcome::new(Ending::TasksFail, std::time::Duration::from_secs(5));
    fleet.server().deployments_of(Subject::TaskDefinition(super::arn_of(BREAKS, 2)), fails);
    let failed = run(&workspace, move_all).failure();
    failed.says("More services failed in wave 2 than `max_failures` tolerates").says("catalog: FAILED");
    assert_eq!(moved(&fleet), ["alerts"], "the canary alone");
    let state = workspace.attributes(ROLLOUT).unwrap();
    let counted = |status: &str| {
        let outcomes = state["outcomes"].as_object().unwrap().values();
        outcomes.filter(|outcome| outcome["status"] == status).count()
    };
    assert_eq!((counted("SUCCEEDED"), counted("FAILED")), (1, 1));
    assert!(counted("ROLLED_BACK") > 0, "{}", state["summary"]);
    let of_wave_3 = |outcome: &&Value| outcome["wave"] == 3;
    let outcomes = state["outcomes"].as_object().unwrap().values();
    let of_wave_3: Vec<_> = outcomes.filter(of_wave_3).collect();
    assert_eq!(of_wave_3.len(), 33);
    assert!(of_wave_3.iter().all(|outcome| outcome["status"] == "NOT_STARTED"));

    fleet.server().forget_requests();
    run(&workspace, plan_mended).success().says("0 to add, 2 to change, 0 to destroy");
    run(&workspace, mended).success();
    assert_eq!(fleet.server().requests_of("RegisterTaskDefinition").len(), 1);
    assert_eq!(moved(&fleet).len(), 50);
    let updated = fleet.updated();
    assert_eq!(updated.len(), 49, "the canary stays: {updated:?}");
    assert!(!updated.contains(&"alerts".to_owned()));
    assert_eq!(outcome(&workspace, BREAKS)["task_definition"], json!(super::arn_of(BREAKS, 3)));

    run(&workspace, plan_again).success().says("No changes.");
}
