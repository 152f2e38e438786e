//! What a person lives through with a rollout.

use serde_json::json;

use super::{Fleet, ROLLOUT, arn, statuses, words};
use crate::harness::Workspace;
use crate::harness::local_ecs::{Ending, Subject};
use crate::provider::{interrupt, wait_until};

pub(super) const WAVES: &str =
    "  wave {\n    services  = [\"canary\"]\n    bake_time = \"1m\"\n  }\n  wave {\n    percent = 100\n  }\n";

#[test]
fn a_fleet_moves_in_waves_and_the_next_plan_is_empty() {
    let (fleet, workspace) = (Fleet::of(&["a", "b", "canary"]), Workspace::new("rollout-waves"));
    fleet.write(&workspace, 2, WAVES);
    let plan = workspace.plan().changes();
    plan.says("\"canary\" = \"wave 1: to shop:2\"").says("least_seconds = 60");
    assert_eq!(fleet.has(), ["shop:1"; 3], "a plan moves nothing");
    workspace.apply().success();
    assert_eq!(fleet.has(), ["shop:2"; 3]);
    assert_eq!(fleet.updated()[0], "canary");
    assert_eq!(words(&workspace), ["SUCCEEDED"; 3]);
    let outcome = workspace.attributes(ROLLOUT).unwrap()["outcomes"]["a"].clone();
    assert_eq!(outcome["previous"], json!(arn(1)));
    assert_eq!((&outcome["task_definition"], &outcome["wave"]), (&json!(arn(2)), &json!(2)));
    assert!(outcome["deployment"].as_str().unwrap().contains("service-deployment/prod/a/"), "{outcome}");
    workspace.plan().no_changes();
    workspace.destroy().success();
    assert_eq!(fleet.has(), ["shop:2"; 3], "a destruction changes nothing");
}

#[test]
fn a_failed_wave_stops_goes_back_or_is_passed_over() {
    for (on_failure, expected, has) in [
        ("stop", ["NOT_STARTED", "NOT_STARTED", "FAILED"], ["shop:1", "shop:1", "shop:1"]),
        ("rollback", ["NOT_STARTED", "NOT_STARTED", "FAILED"], ["shop:1", "shop:1", "shop:1"]),
        ("continue", ["SUCCEEDED", "SUCCEEDED", "FAILED"], ["shop:2", "shop:2", "shop:1"]),
    ] {
        let (fleet, workspace) =
            (Fleet::of(&["a", "b", "canary"]), Workspace::new(&format!("rollout-{on_failure}")));
        fleet.go(Subject::Service("canary".to_owned()), Ending::TasksFail);
        fleet.write(&workspace, 2, &format!("{WAVES}  on_failure = \"{on_failure}\""));
        let outcome = workspace.apply();
        let outcome = if on_failure == "continue" { outcome.success() } else { outcome.failure() };
        outcome.says("canary: FAILED, its deployment is ROLLBACK_SUCCESSFUL");
        assert_eq!(words(&workspace), expected, "{on_failure}");
        assert_eq!(fleet.has(), has, "{on_failure}");
        // What is done stays done, and the rest is tried again.
        fleet.go(Subject::All, Ending::Succeeds);
        workspace.apply().success();
        assert_eq!(fleet.has(), ["shop:2"; 3], "{on_failure}");
        workspace.plan().no_changes();
    }
}

#[test]
fn exactly_the_failed_wave_goes_back() {
    let (fleet, workspace) = (Fleet::of(&["a", "b", "canary"]), Workspace::new("rollout-back"));
    fleet.go(Subject::Service("b".to_owned()), Ending::TasksFail);
    fleet.write(&workspace, 2, &format!("{WAVES}  on_failure = \"rollback\""));
    workspace.apply().failure().says("More services failed in wave 2");
    assert_eq!(fleet.has(), ["shop:1", "shop:1", "shop:2"]);
    let expected = [("a", "ROLLED_BACK"), ("b", "FAILED"), ("canary", "SUCCEEDED")];
    let expected = expected.map(|(key, status)| (key.to_owned(), status.to_owned()));
    assert_eq!(statuses(&workspace), expected);
}

#[test]
fn done_stays_done_until_triggers_change() {
    let (fleet, workspace) = (Fleet::of(&["a"]), Workspace::new("rollout-triggers"));
    fleet.write(&workspace, 2, "");
    workspace.apply().success();
    fleet.register();
    fleet.deploy("a", 3);
    workspace.plan().no_changes();
    fleet.deploy("a", 2);
    fleet.server().forget_requests();
    fleet.write(&workspace, 2, "  triggers = { image = \"again\" }");
    workspace.apply().success();
    let forced = fleet.server().requests_of("UpdateService");
    assert_eq!(forced.len(), 1, "{forced:?}");
    assert_eq!(forced[0]["forceNewDeployment"], json!(true));
    workspace.plan().no_changes();
}

#[test]
fn a_service_that_is_missing_keeps_everything_where_it_is() {
    let (mut fleet, workspace) = (Fleet::of(&["a"]), Workspace::new("rollout-missing"));
    fleet.names.push("ghost".to_owned());
    fleet.write(&workspace, 2, "");
    workspace.plan().changes().says("Services that do not exist yet").says("ghost: prod/ghost");
    workspace.apply().failure().says("Nothing was moved").says("ghost: MISSING");
    assert!(fleet.updated().is_empty());
}

#[test]
fn a_deployment_of_somebody_else_is_waited_for_and_a_newer_revision_is_left_alone() {
    let (fleet, workspace) = (Fleet::of(&["a", "b"]), Workspace::new("rollout-foreign"));
    fleet.register();
    fleet.write(&workspace, 2, "");
    let saved = ["plan", "-input=false", "-out=saved"];
    workspace.run(&saved).success();
    fleet.deploy("a", 3);
    workspace.run(&["apply", "-input=false", "saved"]).success().says("which is newer").says("OVERTAKEN");
    assert_eq!(fleet.has(), ["shop:3", "shop:2"]);
    let plan = workspace.plan().changes().says("Services that move to an older revision");
    plan.says("a: shop:3 -> shop:2").says("wave 1: shop:3 -> shop:2");
    // Whoever sees that and goes on means it; and what follows after the plan is left alone again.
    workspace.run(&saved).success();
    fleet.register();
    fleet.deploy("a", 4);
    workspace.run(&["apply", "-input=false", "saved"]).success().says("OVERTAKEN");
    workspace.apply().success();
    assert_eq!(fleet.has(), ["shop:2"; 2]);
    workspace.plan().no_changes();
}

#[test]
fn what_cannot_be_is_told_by_the_plan() {
    let (fleet, workspace) = (Fleet::of(&["a"]), Workspace::new("rollout-wrong"));
    fleet.act("DeregisterTaskDefinition", json!({"taskDefinition": arn(2)}));
    fleet.write(&workspace, 2, "");
    workspace.plan().failure().says("Services that cannot be moved").says("is not ACTIVE");
    fleet.write(&workspace, 1, "  max_concurrent = 0\n  on_failure = \"rolback\"\n  wave {\n    percent = 100\n    bake_time = \"200h\"\n  }");
    let outcome = workspace.plan().failure().says("on_failure = \"rollback\"").says("max_concurrent is 0");
    outcome.says("The rollout cannot end in its time");
}

#[test]
fn task_definitions_of_the_same_apply_are_moved_to() {
    let names: Vec<String> = (0..30).map(|number| format!("s{number:0>2}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (fleet, workspace) = (Fleet::of(&names), Workspace::new("rollout-unknown"));
    let text = |image: &str| {
        format!(
            "locals {{\n  names = toset([for number in range(30) : format(\"s%02d\", number)])\n}}\n\
             resource \"ddrofs_ecs_task_definition\" \"service\" {{\n  for_each = local.names\n  family = each.key\n  \
             container_definitions = jsonencode([{{ name = \"app\", image = \"{image}\", memory = 64, essential = true }}])\n}}\n\
             resource \"ddrofs_ecs_rollout\" \"prod\" {{\n  cluster = \"prod\"\n  services = {{ for name, task in \
             ddrofs_ecs_task_definition.service : name => task.arn }}\n  wave {{\n    percent = 10\n  }}\n  wave {{\n    \
             percent = 100\n  }}\n}}\n"
        )
    };
    for (revision, image) in [(1, "nginx:1.27.0"), (2, "nginx:1.27.1")] {
        workspace.main(&fleet.place, &text(image)).apply().success();
        let expected: Vec<String> = names.iter().map(|name| format!("{name}:{revision}")).collect();
        assert_eq!(fleet.has(), expected);
        assert_eq!(fleet.updated().len(), 30);
        assert_eq!(words(&workspace), ["SUCCEEDED"; 30]);
        let asked_for = fleet.server().requests_of("DescribeTaskDefinition");
        let is_of_a_revision =
            |body: &serde_json::Value| body["taskDefinition"].as_str().unwrap().starts_with("arn:");
        // What was registered a moment ago is known. The refresh before the second apply asks for the first revisions.
        assert!(revision > 1 || !asked_for.iter().any(is_of_a_revision), "{asked_for:?}");
        workspace.plan().no_changes();
        fleet.server().forget_requests();
    }
}

/// An interrupt in the second wave: what was started is told as it stands, and the next apply goes on.
#[test]
fn an_interrupted_rollout_goes_on_where_it_stopped() {
    let (fleet, workspace) = (Fleet::of(&["a", "b", "canary"]), Workspace::new("rollout-interrupt"));
    fleet.write(&workspace, 2, WAVES);
    fleet.go(Subject::Service("a".to_owned()), Ending::Hangs);
    let mut apply = workspace.spawn(&["apply", "-input=false", "-auto-approve"]);
    wait_until("the second wave is on its way", || fleet.updated().iter().any(|name| name == "b"));
    interrupt(&apply);
    assert!(!apply.wait().unwrap().success());
    assert!(workspace.spawned_said("The rollout is not over"));
    assert_eq!(fleet.has()[2], "shop:2");
    let started = fleet.updated();
    // The deployment that hangs is ended by somebody, which brings the old task definition back.
    let listed = fleet.act("ListServiceDeployments", json!({"cluster": "prod", "service": "a"}));
    let hanging = listed["serviceDeployments"][0]["serviceDeploymentArn"].clone();
    fleet.act("StopServiceDeployment", json!({"serviceDeploymentArn": hanging, "stopType": "ROLLBACK"}));
    fleet.go(Subject::All, Ending::Succeeds);
    workspace.apply().success();
    assert_eq!(fleet.has(), ["shop:2"; 3]);
    let again = fleet.updated().split_off(started.len());
    assert_eq!(again, ["a"], "nobody else was started twice");
    workspace.plan().no_changes();
}
