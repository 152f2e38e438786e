//! From the first apply to the last destroy, at both places and with every core.

use serde_json::json;

use super::{WEB, arn, web};
use crate::harness::{Backend, CONFIGURATION_VALUE, Installation, Tool, Workspace};

/// Create, nothing to do, a new revision in place, nothing to do, replacement by a new family, destroy.
fn life(workspace: &Workspace, place: &Backend, family: &str) {
    let renamed = format!("{family}-renamed");

    workspace
        .main(place, &web(family, "nginx:1.27.0", ""))
        .apply()
        .success()
        .says("1 added, 0 changed, 0 destroyed");
    let state = workspace.attributes(WEB).expect("the resource is in the state");
    assert_eq!(state["arn"], json!(arn(family, 1)));
    assert_eq!(state["revision"], json!(1));
    assert_eq!(state["id"], json!(family));
    let (registered, _) = place.definition(family).expect("it was registered");
    let names: Vec<_> = registered.container_definitions().iter().filter_map(|one| one.name()).collect();
    assert_eq!(names, ["datadog-init", "datadog-agent", "app"]);
    for container in registered.container_definitions() {
        assert_eq!(container.readonly_root_filesystem(), Some(true), "{:?}", container.name());
    }
    let greeting = registered.container_definitions()[2]
        .environment()
        .iter()
        .find(|variable| variable.name() == Some("GREETING"))
        .and_then(|variable| variable.value());
    assert_eq!(greeting, Some(CONFIGURATION_VALUE));
    workspace.plan().no_changes();

    workspace.main(place, &web(family, "nginx:1.27.1", ""));
    workspace.apply().success().says("updated in-place").says("0 added, 1 changed, 0 destroyed");
    let state = workspace.attributes(WEB).expect("the resource is in the state");
    assert_eq!(state["arn"], json!(arn(family, 2)));
    assert_eq!(place.status(&arn(family, 1)), "ACTIVE", "the old revision is kept for a rollback");
    workspace.plan().no_changes();

    workspace.main(place, &web(&renamed, "nginx:1.27.1", ""));
    workspace.apply().success().says("forces replacement").says("1 added, 0 changed, 1 destroyed");
    assert_eq!(place.status(&arn(&renamed, 1)), "ACTIVE");
    assert_eq!(place.status(&arn(family, 2)), "INACTIVE");

    workspace.destroy().success().says("1 destroyed");
    assert_eq!(place.status(&arn(&renamed, 1)), "INACTIVE");
    assert!(workspace.provider_logged(), "a trace log without a line of the provider proves nothing");
}

#[test]
fn a_life_at_the_local_endpoint() {
    for tool in Tool::all() {
        let place = Backend::local();
        life(&Workspace::with("life-local", tool, Installation::Override), &place, "life");
    }
}

#[test]
fn a_life_at_moto() {
    for tool in Tool::all() {
        let family = format!("life-{}", tool.name);
        life(&Workspace::with("life-moto", tool, Installation::Override), &Backend::moto(), &family);
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_at_plan_and_nothing_is_registered() {
    let place = Backend::local();
    let workspace = Workspace::new("refused-at-plan");
    let text = web("refused", "nginx:1.27.0", "").replace(r#""1024""#, r#""65536""#);
    workspace.main(&place, &text).plan().failure().says("65536");
    let Backend::Local(server) = &place else { unreachable!("it was just made local") };
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn the_arn_is_planned_unknown_exactly_when_the_content_changes() {
    let place = Backend::local();
    let workspace = Workspace::new("arn-unknown");
    workspace.main(&place, &web("web", "nginx:1.27.0", "")).apply().success();

    workspace.main(&place, &web("web", "nginx:1.27.1", ""));
    let change = workspace.planned().remove(WEB).expect("a change is planned");
    assert_eq!(change["actions"], json!(["update"]));
    assert_eq!(change["after_unknown"]["arn"], json!(true));
    assert_eq!(change["after_unknown"]["revision"], json!(true));

    workspace.main(&place, &web("web", "nginx:1.27.0", "tags = { team = \"web\" }"));
    let change = workspace.planned().remove(WEB).expect("a change is planned");
    assert_eq!(change["actions"], json!(["update"]));
    assert_eq!(change["after"]["arn"], json!(arn("web", 1)));
    assert_eq!(change["after"]["revision"], json!(1));
}

#[test]
fn skip_destroy_leaves_the_revision_active() {
    let place = Backend::local();
    let workspace = Workspace::new("skip-destroy");
    workspace.main(&place, &web("kept", "nginx:1.27.0", "skip_destroy = true")).apply().success();
    workspace.destroy().success();
    assert_eq!(place.status(&arn("kept", 1)), "ACTIVE");
}

/// An override skips `init`; this is the way a user's machine takes.
#[test]
fn a_real_init_installs_from_a_mirror_and_the_locked_provider_plans() {
    for tool in Tool::all() {
        let place = Backend::local();
        let workspace = Workspace::with("mirror", tool, Installation::Mirror);
        workspace.main(&place, &web("mirrored", "nginx:1.27.0", ""));
        workspace.run(&["init", "-input=false"]).success().says("ddrofs/ddrofs");
        let lock = std::fs::read_to_string(workspace.folder().join(".terraform.lock.hcl")).unwrap();
        assert!(lock.contains(r#"version = "0.1.0""#), "{lock}");
        workspace.plan().changes().says("1 to add");
    }
}

#[test]
fn contradicting_settings_for_destruction_are_refused() {
    let place = Backend::local();
    let workspace = Workspace::new("contradicting-destruction");
    let both = |deregister: bool| {
        web("kept", "nginx:1.27.0", &format!("skip_destroy = true\n  deregister_on_destroy = {deregister}"))
    };
    workspace.main(&place, &both(true)).plan().failure().says("Contradicting settings for destruction");
    workspace.main(&place, &both(false)).plan().changes();
}
