//! What stays true when a rollout cannot do what it was asked for.

use std::time::Duration;

use serde_json::json;

use super::stories::WAVES;
use super::{Fleet, arn, outcome, statuses, words};
use crate::harness::Workspace;
use crate::harness::local_ecs::{Disturbance, Ending, Fault, Outcome, Subject, When};

/// A wave of many fails at its end: it goes back, all of it and nobody else.
#[test]
fn a_failing_wave_leaves_exactly_its_own_services_on_their_previous_revision() {
    let names: Vec<String> = (0..60).map(|number| format!("s{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (fleet, mut workspace) = (Fleet::of(&names), Workspace::new("rollout-exact"));
    // Neither clock is so fast that a request's way through the machine counts.
    workspace.set("DDROFS_ECS_PACE", "50");
    fleet.server().set_speed(50.0);
    fleet.server().limit_rates(true);
    fleet.go(Subject::Service("s35".to_owned()), Ending::TasksFail);
    let waves = "  wave {\n    percent = 20\n  }\n  wave {\n    percent = 60\n  }\n  wave {\n    percent = 100\n  }\n";
    fleet.write(&workspace, 2, &format!("{waves}  max_concurrent = 8\n  on_failure = \"rollback\""));
    workspace
        .apply()
        .failure()
        .says("More services failed in wave 2")
        .says("12 of 60 services done")
        .says("s35: FAILED");
    fleet.server().limit_rates(false);
    let has = fleet.has();
    assert_eq!(has[..12], ["shop:2"; 12], "the first wave stays");
    assert_eq!(has[12..], ["shop:1"; 48], "and nobody else does");
    let statuses = words(&workspace);
    assert!(statuses[12..36].iter().any(|status| status == "ROLLED_BACK"), "{statuses:?}");
    assert_eq!(statuses[36..], ["NOT_STARTED"; 24]);
    for name in &names[36..] {
        assert_eq!(fleet.deployed(name), [], "{name} was never touched");
    }
}

/// Terraform taints what it could not create and replaces it without its state.
#[test]
fn a_creation_that_failed_is_replaced_and_what_services_had_before_survives() {
    let (fleet, workspace) = (Fleet::of(&["a", "b", "canary"]), Workspace::new("rollout-tainted"));
    fleet.go(Subject::Service("b".to_owned()), Ending::TasksFail);
    fleet.write(&workspace, 2, WAVES);
    workspace.apply().failure();
    assert_eq!(fleet.has(), ["shop:2", "shop:1", "shop:2"]);
    fleet.go(Subject::All, Ending::Succeeds);
    fleet.server().forget_requests();
    workspace.plan().changes().says("is tainted, so");
    workspace.apply().success();
    assert_eq!(fleet.updated(), ["b"], "what is done is not started again");
    assert_eq!(words(&workspace), ["UNCHANGED", "SUCCEEDED", "UNCHANGED"]);
    for key in ["a", "b", "canary"] {
        assert_eq!(outcome(&workspace, key)["previous"], json!(arn(1)), "{key}");
    }
    workspace.plan().no_changes();
}

#[test]
fn a_previous_revision_that_is_gone_is_told_and_not_tried() {
    let (fleet, workspace) = (Fleet::of(&["a", "b"]), Workspace::new("rollout-gone"));
    fleet.act("DeregisterTaskDefinition", json!({"taskDefinition": arn(1)}));
    fleet.go(Subject::Service("b".to_owned()), Ending::TasksFail);
    fleet.write(&workspace, 2, "  max_concurrent = 1\n  on_failure = \"rollback\"");
    let applied = workspace.apply().failure();
    applied.says("a: ROLLBACK_FAILED").says(&format!("{} is not ACTIVE any more", arn(1)));
    assert_eq!(fleet.updated(), ["a", "b"], "nobody was moved back");
    let expected = [("a", "ROLLBACK_FAILED"), ("b", "FAILED")];
    assert_eq!(statuses(&workspace), expected.map(|(key, status)| (key.to_owned(), status.to_owned())));
}

#[test]
fn a_permission_that_is_missing_is_told_and_nothing_is_half_moved() {
    let names = ["a", "b", "c"];
    let (fleet, workspace) = (Fleet::of(&names), Workspace::new("rollout-denied"));
    let denied = |operation| Disturbance::new(operation, Fault::AccessDenied, When::Always);
    fleet.write(&workspace, 2, "  max_concurrent = 1");
    fleet.server().disturb(denied("DescribeServices"));
    workspace.plan().changes().says("Warning: ").says("not authorized to perform: ecs:DescribeServices");
    workspace.apply().failure().says("not authorized to perform: ecs:DescribeServices");
    assert!(fleet.updated().is_empty());
    fleet.server().clear_faults();
    // Reading is allowed, and moving is not: the first refusal ends it.
    fleet.server().disturb(denied("UpdateService"));
    let applied = workspace.apply().failure();
    applied.says("a: FAILED").says("not authorized to perform: ecs:UpdateService");
    assert_eq!(
        (fleet.updated().len(), words(&workspace)),
        (1, ["FAILED", "NOT_STARTED", "NOT_STARTED"].map(str::to_owned).to_vec())
    );
    assert_eq!(fleet.has(), ["shop:1"; 3]);
    fleet.server().clear_faults();
    workspace.apply().success();
    assert_eq!(fleet.has(), ["shop:2"; 3]);
}

/// Somebody's deployment that is still going on is left to end before the service is moved.
#[test]
fn a_foreign_deployment_in_progress_is_waited_for() {
    let (fleet, workspace) = (Fleet::of(&["a", "b"]), Workspace::new("rollout-in-progress"));
    let slow = Outcome::new(Ending::Succeeds, Duration::from_secs(6000));
    fleet.server().deployments_of(Subject::Service("a".to_owned()), slow);
    let forced = json!({"cluster": "prod", "service": "a", "forceNewDeployment": true});
    fleet.act("UpdateService", forced);
    fleet.go(Subject::All, Ending::Succeeds);
    fleet.server().forget_requests();
    fleet.write(&workspace, 2, "");
    let applied = workspace.apply().success();
    assert!(applied.logged("status=WAITING"), "{applied}");
    let successful = |revision: &str| (revision.to_owned(), "SUCCESSFUL".to_owned());
    assert_eq!(fleet.deployed("a"), [successful("shop:1"), successful("shop:2")], "nobody stopped it");
    assert_eq!(fleet.updated(), ["b", "a"]);
    assert_eq!(words(&workspace), ["SUCCEEDED"; 2]);
}
