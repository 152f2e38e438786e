//! What others do to the family between two runs, and what a service in trouble must never be taken for.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::local_ecs::Fault;
use crate::harness::{Backend, Workspace};

fn applied(name: &str, further: &str) -> (Workspace, Backend) {
    let place = Backend::local();
    let workspace = Workspace::new(name);
    workspace.main(&place, &web("web", "nginx:1.27.0", further)).apply().success();
    (workspace, place)
}

/// A revision deregistered by somebody else is made again, at both places.
#[test]
fn a_revision_deregistered_by_somebody_else_is_registered_again() {
    for (place, family) in [(Backend::local(), "gone"), (Backend::moto(), "gone-behind-the-back")] {
        let workspace =
            Workspace::new(if matches!(place, Backend::Local(_)) { "gone-local" } else { "gone-moto" });
        workspace.main(&place, &web(family, "nginx:1.27.0", "")).apply().success();
        place.deregister(&arn(family, 1));
        workspace.apply().success().says("1 added");
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn(family, 2)));
        assert_eq!(place.status(&arn(family, 2)), "ACTIVE");
    }
}

#[test]
fn access_denied_is_an_error_and_never_a_missing_resource() {
    let (workspace, place) = applied("access-denied", "");
    place.server().fail("DescribeTaskDefinition", Fault::AccessDenied, 1);
    workspace.plan().failure().says("ecs:DescribeTaskDefinition").does_not_say("will be created");
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    workspace.plan().no_changes();
}

#[test]
fn throttling_that_lasts_is_an_error_and_never_a_missing_resource() {
    let (workspace, place) = applied("throttled", "");
    // One attempt, or the story would wait as patiently as the provider does.
    let text = web("web", "nginx:1.27.0", "");
    let provider = place.provider().replace("region =", "max_retries = 0\n  region =");
    workspace.write("main.tf", &format!("{provider}\n{text}"));
    place.server().fail("DescribeTaskDefinition", Fault::Throttle, 1);
    workspace.plan().failure().does_not_say("will be created");
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    workspace.plan().no_changes();
}

#[test]
fn a_service_in_passing_trouble_is_asked_again() {
    let place = Backend::local();
    let workspace = Workspace::new("passing-trouble");
    place.server().fail("RegisterTaskDefinition", Fault::Throttle, 2);
    place.server().fail("RegisterTaskDefinition", Fault::ConcurrentRevision, 1);
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    assert_eq!(place.server().requests_of("RegisterTaskDefinition").len(), 4);
    place.server().fail("DescribeTaskDefinition", Fault::Reset, 1);
    place.server().fail("DescribeTaskDefinition", Fault::ServerErrorBefore, 1);
    workspace.plan().no_changes();
    assert_eq!(place.server().faults_waiting(), 0);
}

#[test]
fn a_registration_nobody_allowed_says_which_permission_is_missing() {
    let place = Backend::local();
    let workspace = Workspace::new("register-denied");
    place.server().fail("RegisterTaskDefinition", Fault::AccessDenied, 1);
    workspace
        .main(&place, &web("web", "nginx:1.27.0", ""))
        .apply()
        .failure()
        .says("ecs:RegisterTaskDefinition");
    assert_eq!(workspace.attributes(WEB), None);
}

#[test]
fn a_newer_foreign_revision_matters_only_to_those_who_track_the_latest() {
    let (indifferent, place) = applied("track-nothing", "");
    place.register_foreign("web", "nginx:1.26.0");
    indifferent.plan().no_changes();

    let (tracking, place) = applied("track-latest", "track_latest = true");
    place.register_foreign("web", "nginx:1.26.0");
    tracking.plan().changes();
    tracking.apply().success().says("updated in-place").says("0 added, 1 changed, 0 destroyed");
    let (newest, _) = place.definition("web").expect("the family is there");
    assert_eq!(newest.revision(), 3);
    let images: Vec<_> = newest.container_definitions().iter().filter_map(|one| one.image()).collect();
    assert!(images.contains(&"nginx:1.27.0"), "{images:?}");
    tracking.plan().no_changes();
}
