//! One revision for each registration, whatever becomes of its calls, and a state that says what is there.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::local_ecs::{Disturbance, Fault, Lag, Other, When};
use crate::harness::{Backend, Workspace};

/// The answer is lost, the effect is there: it is found again, not made again.
#[test]
fn a_registration_whose_answer_is_lost_is_found_again() {
    let place = Backend::local();
    let workspace = Workspace::new("lost-answer");
    place.server().fail("RegisterTaskDefinition", Fault::LostAnswer, 1);
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    assert_eq!(place.registrations(), 1);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    workspace.plan().no_changes();
    place.server().fail("RegisterTaskDefinition", Fault::LostAnswer, 1);
    workspace.main(&place, &web("web", "nginx:1.27.1", "")).apply().success();
    assert_eq!(place.registrations(), 2);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 2)));
    workspace.destroy().success();
    assert_eq!((place.status(&arn("web", 1)), place.status(&arn("web", 2))), both("INACTIVE"));
}

fn both(status: &str) -> (String, String) {
    (status.to_owned(), status.to_owned())
}

/// The call failed and did nothing: it is made again after a look.
#[test]
fn a_registration_that_did_nothing_is_made_again() {
    let place = Backend::local();
    let workspace = Workspace::new("did-nothing");
    place.server().fail("RegisterTaskDefinition", Fault::ServerErrorBefore, 1);
    place.server().fail("RegisterTaskDefinition", Fault::Reset, 1);
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    assert!(place.definition(&arn("web", 2)).is_none());
    assert_eq!(place.server().faults_waiting(), 0);
}

/// Terraform was killed after ECS had registered: the next apply adopts what is there.
#[test]
fn what_a_killed_apply_registered_is_adopted_and_stays_when_it_is_destroyed() {
    let place = Backend::local();
    let workspace = Workspace::new("adopted");
    workspace.main(&place, &web("web", "nginx:1.27.0", "tags = { team = \"shop\" }")).apply().success();
    std::fs::remove_file(workspace.folder().join("terraform.tfstate")).unwrap();
    // It had not come to its tags, and another person changed one.
    workspace.main(&place, &web("web", "nginx:1.27.0", "tags = { team = \"web\" }")).apply().success();
    assert_eq!(place.registrations(), 1);
    let attributes = workspace.attributes(WEB).unwrap();
    assert_eq!(
        (&attributes["arn"], &attributes["tags_all"]),
        (&json!(arn("web", 1)), &json!({ "team": "web" }))
    );
    workspace.plan().no_changes();
    workspace.destroy().success().says("A revision stays active").says(&arn("web", 1));
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
}

#[test]
fn adopting_can_be_switched_off() {
    let place = Backend::local();
    let workspace = Workspace::new("not-adopted");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    std::fs::remove_file(workspace.folder().join("terraform.tfstate")).unwrap();
    workspace.main(&place, &web("web", "nginx:1.27.0", "adopt = false")).apply().success();
    assert_eq!(place.registrations(), 2);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 2)));
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 2, "the argument is beside the content");
}

/// Of another content nothing is adopted.
#[test]
fn a_newest_revision_of_another_content_is_left_alone() {
    let place = Backend::local();
    let workspace = Workspace::new("not-the-same");
    place.register_foreign("web", "nginx:1.26.0");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 2)));
    workspace.destroy().success().does_not_say("stays active");
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
    assert_eq!(place.status(&arn("web", 2)), "INACTIVE");
}

/// Every revision that the resource made goes, the oldest first, so that none older ever becomes the newest.
#[test]
fn a_destroy_deregisters_every_own_revision_oldest_first() {
    let place = Backend::local();
    let workspace = Workspace::new("all-own");
    for image in ["nginx:1.27.0", "nginx:1.27.1", "nginx:1.27.2"] {
        workspace.main(&place, &web("web", image, "")).apply().success();
    }
    // It breaks off once, and goes on where it was.
    place.server().fail("DeregisterTaskDefinition", Fault::AccessDenied, 1);
    workspace.destroy().failure();
    place.server().forget_requests();
    workspace.destroy().success();
    let gone: Vec<_> = place
        .server()
        .requests_of("DeregisterTaskDefinition")
        .iter()
        .map(|request| request["taskDefinition"].clone())
        .collect();
    assert_eq!(gone, [1, 2, 3].map(|number| json!(arn("web", number))));
}

/// What `import` brings is the resource's own from then on.
#[test]
fn an_imported_revision_goes_with_its_resource_and_those_before_it_stay() {
    let place = Backend::local();
    place.register_foreign("web", "nginx:1.26.0");
    let maker = Workspace::new("imported-maker");
    maker.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    let workspace = Workspace::new("imported");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).import(WEB, "web").success();
    workspace.destroy().success().does_not_say("stays active");
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
    assert_eq!(place.status(&arn("web", 2)), "INACTIVE");
}

/// Two states of one family: destroying one leaves the other's revision.
#[test]
fn two_states_of_one_family_do_not_destroy_each_other() {
    let place = Backend::local();
    let (one, other) = (Workspace::new("one-state"), Workspace::new("other-state"));
    one.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    other.main(&place, &web("web", "nginx:1.27.1", "")).apply().success();
    one.destroy().success();
    assert_eq!(place.status(&arn("web", 1)), "INACTIVE");
    assert_eq!(place.status(&arn("web", 2)), "ACTIVE");
    other.plan().no_changes();
}

/// Reads lag behind: what ECS does not show yet is looked for again, and a look that is denied says nothing of whether it is
/// there.
#[test]
fn a_revision_that_reads_do_not_show_yet_is_not_gone() {
    let place = Backend::local();
    let workspace = Workspace::new("second-look");
    place.server().set_lag(Lag { reads: 2, seconds: 0.0 });
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    let denied = Disturbance::new("DescribeTaskDefinition", Fault::AccessDenied, When::Times(1));
    place.server().disturb(denied.after(1));
    workspace.plan().failure().says("ecs:DescribeTaskDefinition").does_not_say("will be created");
    assert_eq!(place.server().faults_waiting(), 0);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
}

/// Credentials of another account see nothing of this one, and nothing is gone for that.
#[test]
fn credentials_of_another_account_are_an_error_and_change_nothing() {
    let place = Backend::local();
    let workspace = Workspace::new("other-account");
    let text = web("web", "nginx:1.27.0", "");
    workspace.main(&place, &text).apply().success();
    let role = "assume_role {\n    role_arn = \"arn:aws:iam::210987654321:role/other\"\n  }\n  region =";
    let provider = place.provider().replace("region =", role);
    workspace.write("main.tf", &format!("{provider}\n{text}"));
    let told = "belongs to account 123456789012, and the credentials belong to account 210987654321";
    workspace.plan().failure().says("Credentials of another account").says(told);
    workspace.run(&["destroy", "-auto-approve", "-refresh=false"]).failure().says(told);
    assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)));
    assert_eq!(place.status(&arn("web", 1)), "ACTIVE");
    workspace.main(&place, &text).plan().no_changes();
}

#[test]
fn adopting_that_is_not_known_yet_or_wrong() {
    let place = Backend::local();
    let (one, other) = (Workspace::new("adopt-one"), Workspace::new("adopt-other"));
    one.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    other
        .main(&place, &web("web", "nginx:1.27.0", "adopt = \"perhaps\""))
        .plan()
        .failure()
        .says("a bool is required");
    let known_later = |value: bool| {
        format!("resource \"terraform_data\" \"later\" {{\n  input = {value}\n}}\n")
            + &web("web", "nginx:1.27.0", "adopt = terraform_data.later.output")
    };
    other.main(&place, &known_later(false)).apply().success();
    assert_eq!(place.registrations(), 2);
    let third = Workspace::new("adopt-third");
    third.main(&place, &known_later(true)).apply().success();
    assert_eq!(place.registrations(), 2);
    assert_eq!(third.attributes(WEB).unwrap()["arn"], json!(arn("web", 2)));
}

/// What an update wants may be there already: another state registered it, before the plan or after it.
#[test]
fn what_another_state_registered_is_adopted_by_an_update_too() {
    let lifecycle = "lifecycle {\n    ignore_changes = [tags]\n  }";
    for (name, further, adopts) in [
        ("adopt-update", String::new(), true),
        ("adopt-ignored", lifecycle.to_owned(), true),
        ("adopt-not", format!("adopt = false\n  {lifecycle}"), false),
        ("adopt-tracked", format!("track_latest = true\n  {lifecycle}"), true),
        ("adopt-tracked-not", "adopt = false\n  track_latest = true".to_owned(), false),
    ] {
        let place = Backend::local();
        let (workspace, other) = (Workspace::new(name), Workspace::new(&format!("{name}-other")));
        workspace.main(&place, &web("web", "nginx:1.27.0", &further)).apply().success();
        workspace.main(&place, &web("web", "nginx:1.27.1", &further)).planned();
        other.main(&place, &web("web", "nginx:1.27.1", "")).apply().success();
        workspace.run(&["apply", "-input=false", "saved.plan"]).success();
        let newest = if adopts { 2 } else { 3 };
        assert_eq!(place.registrations(), newest, "{name}");
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", newest as u32)), "{name}");
        workspace.plan().no_changes();
        // Only what is its own goes with it.
        workspace.destroy().success();
        assert_eq!(place.status(&arn("web", 2)), "ACTIVE", "{name}");
        assert_eq!(place.status(&arn("web", 1)), "INACTIVE", "{name}");
    }
}

/// What is no word of ECS about this revision is an error, and nothing is gone, taken over or registered for it.
#[test]
fn an_answer_about_another_revision_or_with_an_unknown_status_is_an_error_and_changes_nothing() {
    let place = Backend::local();
    let workspace = Workspace::new("about-another");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();
    let elsewhere = [Other::Account, Other::Region, Other::Family, Other::Revision].map(Fault::OtherArn);
    for fault in elsewhere.into_iter().chain([Fault::UnknownStatus]) {
        // The second look, at the revision by its own name, is answered the same.
        place.server().fail("DescribeTaskDefinition", fault, 2);
        let told = if fault == Fault::UnknownStatus { "ARCHIVED" } else { "web" };
        let refreshed = workspace.run(&["apply", "-refresh-only", "-auto-approve"]).failure();
        refreshed.says(told).does_not_say("will be created").does_not_say("was deregistered");
        place.server().clear_faults();
        assert_eq!(workspace.attributes(WEB).unwrap()["arn"], json!(arn("web", 1)), "{fault:?}");
    }
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
}
