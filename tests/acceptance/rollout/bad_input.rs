//! What nobody can want: a clear error before anything moves, or a wait that ends.

use serde_json::json;

use super::{Fleet, arn};
use crate::harness::{REGION, Workspace};

/// What is wrong with the arguments alone is told without a call.
#[test]
fn what_is_wrong_with_the_arguments_is_told_at_once() {
    let fleet = Fleet::of(&["a", "b", "c"]);
    let workspace = Workspace::new("rollout-arguments");
    let wave = |lines: &str| format!("  wave {{\n    {lines}\n  }}\n");
    let everybody = wave("percent = 100");
    for (rest, expected) in [
        (wave("services = [\"a\"]") + &wave("services = [\"a\", \"b\", \"c\"]"), "A service in two waves"),
        (wave("percent = 60") + &wave("percent = 30") + &everybody, "A percentage that falls"),
        (wave("percent = 101"), "Not a percentage"),
        (wave("percent = 0") + &everybody, "Not a percentage"),
        (wave("percent = 50"), "Services that no wave reaches"),
        (wave("services = [\"nobody\"]") + &everybody, "Not a key of `services`"),
        (wave("percent = 100\n    bake_time = \"168h\""), "The rollout cannot end in its time"),
        ("  max_failures = -1".to_owned(), "max_failures is -1"),
    ] {
        fleet.write(&workspace, 2, &rest);
        workspace.validate().failure().says(expected);
    }
    let none = "resource \"ddrofs_ecs_rollout\" \"prod\" {\n  services = {}\n}\n";
    workspace.main(&fleet.place, none).validate().failure().says("No service to move");
    assert!(fleet.updated().is_empty());
}

/// A plan knows the region, and from the services their account and partition.
#[test]
fn task_definitions_of_another_place_move_nothing() {
    let fleet = Fleet::of(&["a"]);
    let workspace = Workspace::new("rollout-elsewhere");
    for (wrong, expected) in [
        (format!("arn:aws:ecs:{REGION}:210987654321:task-definition/shop:2"), "is of account 210987654321"),
        (
            "arn:aws:ecs:us-gov-east-1:123456789012:task-definition/shop:2".to_owned(),
            "is of region us-gov-east-1",
        ),
        (format!("arn:aws-cn:ecs:{REGION}:123456789012:task-definition/shop:2"), "is of partition aws-cn"),
    ] {
        let text = format!(
            "resource \"ddrofs_ecs_rollout\" \"prod\" {{\n  cluster = \"prod\"\n  services = {{ a = \"{wrong}\" }}\n}}\n"
        );
        workspace.main(&fleet.place, &text);
        workspace.plan().failure().says(expected);
        workspace.apply().failure().says(expected);
    }
    assert!(fleet.updated().is_empty());
    assert_eq!(fleet.has(), ["shop:1"]);
}

/// A revision that became INACTIVE, and services that do not take it, whatever the plan knew.
#[test]
fn what_a_service_cannot_be_given_is_told_before_anybody_moves() {
    let fleet = Fleet::of(&["a", "b"]);
    let workspace = Workspace::new("rollout-unfit");
    let container = json!({"name": "app", "image": "app:1", "memory": 64});
    fleet.act(
        "RegisterTaskDefinition",
        json!({"family": "shop", "networkMode": "awsvpc", "containerDefinitions": [container]}),
    );
    fleet.write(&workspace, 3, "");
    workspace
        .plan()
        .failure()
        .says("has the network mode awsvpc, and the service has no network configuration");
    fleet.write(&workspace, 2, "");
    workspace.run(&["plan", "-input=false", "-out=saved"]).success();
    fleet.act("DeregisterTaskDefinition", json!({"taskDefinition": arn(2)}));
    let applied = workspace.run(&["apply", "-input=false", "saved"]).failure();
    applied.says("Services that cannot be moved").says("is not ACTIVE, so no service can be given it");
    assert!(fleet.updated().is_empty());
    assert_eq!(fleet.has(), ["shop:1"; 2]);
}

/// Services of other controllers, and one on Fargate for which the revision is not fit.
#[test]
fn services_that_cannot_be_moved_are_told_by_the_plan() {
    let mut fleet = Fleet::of(&["a"]);
    let workspace = Workspace::new("rollout-controllers");
    let create = |name: &str, rest: serde_json::Value| {
        let mut service = json!({"cluster": "prod", "serviceName": name, "desiredCount": 1});
        service.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        fleet.act("CreateService", service);
    };
    create("blue", json!({"taskDefinition": arn(1), "deploymentController": {"type": "CODE_DEPLOY"}}));
    create("own", json!({"deploymentController": {"type": "EXTERNAL"}}));
    let container = json!({"name": "app", "image": "app:1"});
    let task = json!({
        "family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [container],
    });
    fleet.act("RegisterTaskDefinition", task);
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-1"]}});
    create("web", json!({"taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network}));
    fleet.names.extend(["blue", "own", "web"].map(str::to_owned));
    fleet.write(&workspace, 2, "");
    let plan = workspace.plan().failure().says("Services that cannot be moved");
    plan.says("blue: its deployment controller is CODE_DEPLOY")
        .says("own: its deployment controller is EXTERNAL")
        .says(&format!("web: {} does not support the launch type FARGATE of the service", arn(2)));
    assert!(fleet.updated().is_empty());
}

/// Ten thousand services are looked at in a thousand calls, and named by their first few.
#[test]
fn ten_thousand_services_are_a_plan_that_ends() {
    let fleet = Fleet::of(&["a"]);
    let workspace = Workspace::new("rollout-ten-thousand");
    let text = format!(
        "resource \"ddrofs_ecs_rollout\" \"prod\" {{\n  cluster = \"prod\"\n  services = {{ for pair in \
         setproduct(range(100), range(100)) : \"s-${{pair[0]}}-${{pair[1]}}\" => \"{}\" }}\n}}\n",
        arn(2)
    );
    workspace.main(&fleet.place, &text);
    let plan = workspace.plan().changes().says("Services that do not exist yet").says("s-0-0: prod/s-0-0");
    plan.says("least_seconds = 1990");
    assert_eq!(fleet.server().requests_of("DescribeServices").len(), 1000);
    assert!(fleet.updated().is_empty());
}
