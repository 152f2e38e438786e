//! Waivers and allowed keys: what they let pass, how it shows, and when it ends.

use serde_json::{Value, json};

use super::{UNKNOWN_KEY, WEB, WRITABLE, findings, orders, provider, waiver, web};
use crate::harness::{Backend, Workspace};

const ORDERS: &str = "data.ddrofs_agent_sidecar.orders";

#[test]
fn a_waiver_lets_an_error_pass_before_its_date_and_stops_the_next_registration_after_it() {
    let place = Backend::local();
    let workspace = Workspace::new("waiver-of-resource");
    let text = |waiver: &str| web("readonlyRootFilesystem = true, healthChecks = \"x\"", waiver);
    workspace.main(&place, &text("")).plan().failure().says(UNKNOWN_KEY);

    workspace.main(&place, &text(&waiver("unknown-key", "9999-12-31")));
    let planned = workspace.planned();
    let planned =
        planned[WEB]["after"]["findings"].as_array().expect("known at plan: an error tells of the end");
    let severity = |finding: &Value| (finding["rule"] == "unknown-key").then(|| finding["severity"].clone());
    assert_eq!(planned.iter().find_map(severity), Some(json!("waived")));
    workspace
        .apply()
        .success()
        .says("Waived: ECS does not know this key")
        .says("Waived by checkout until 9999-12-31");
    let found = findings(&workspace, WEB, "unknown-key");
    assert_eq!(found[0]["severity"], "waived");
    assert_eq!(found[0]["container"], "app");
    workspace.plan().no_changes().says("Waived: ");

    workspace.main(&place, &text(&waiver("unknown-key", "2001-01-31")));
    let ended = "The waiver of checkout ended on 2001-01-31.";
    let next = "This stops the next registration.";
    workspace.plan().changes().says(ended).says(next).does_not_say("Waived: ");
    workspace.apply().success();
    assert_eq!(findings(&workspace, WEB, "unknown-key")[0]["severity"], "error");
    let other = text(&waiver("unknown-key", "2001-01-31")).replace("nginx:1.27.0", "nginx:1.28.0");
    workspace.main(&place, &other).plan().failure().says(ended);
    workspace.apply().failure();
    assert_eq!(place.registrations(), 1);
}

#[test]
fn a_waiver_of_a_data_source_ends_as_well_and_changes_no_verdict() {
    let workspace = Workspace::new("waiver-of-data-source");
    let text =
        |waiver: &str| format!("{}{}", provider("enforce = [\"ECS.5\"]"), orders("essential = true", waiver));
    workspace.write("main.tf", &text("")).plan().failure().says(WRITABLE).says("the policy enforces ECS.5");
    workspace.write("main.tf", &text(&waiver("root-filesystem-writable", "9999-12-31")));
    workspace.apply().success().says("Waived: A container has a writable root filesystem");
    assert_eq!(findings(&workspace, ORDERS, "root-filesystem-writable")[0]["severity"], "waived");
    let verdicts = &workspace.attributes(ORDERS).expect("it was read")["verdicts"];
    assert_eq!(verdicts["ECS.5"], "FAILED");
    workspace.write("main.tf", &text(&waiver("root-filesystem-writable", "2001-01-31")));
    workspace.plan().failure().says(WRITABLE).says("ended on 2001-01-31");
}

/// A warning that is waived today will be one again one day, and no error says when: what the plan promised would no
/// longer be so for an apply on the next day. So the plan leaves it open.
#[test]
fn a_waived_warning_is_told_and_its_finding_is_known_after_apply() {
    let place = Backend::local();
    let workspace = Workspace::new("waived-warning");
    workspace.main(&place, &web("essential = true", &waiver("root-filesystem-writable", "9999-12-31")));
    let planned = workspace.planned();
    assert_eq!(planned[WEB]["after_unknown"]["findings"], json!(true));
    workspace.run(&["apply", "-input=false", "saved.plan"]).success();
    assert_eq!(findings(&workspace, WEB, "root-filesystem-writable")[0]["severity"], "waived");
    workspace.plan().no_changes();
}

#[test]
fn another_policy_updates_the_findings_and_registers_nothing() {
    let place = Backend::local();
    let workspace = Workspace::new("policy-alone");
    let text = |policy: &str| web("essential = true", policy);
    workspace.main(&place, &text("")).apply().success();
    assert_eq!(findings(&workspace, WEB, "root-filesystem-writable")[0]["severity"], "warning");
    workspace.main(&place, &text(&waiver("root-filesystem-writable", "9999-12-31")));
    workspace.apply().success().says("1 changed");
    assert_eq!(findings(&workspace, WEB, "root-filesystem-writable")[0]["severity"], "waived");
    workspace.plan().no_changes();
    workspace.main(&place, &text("severity = { root-filesystem-writable = \"off\" }")).apply().success();
    assert_eq!(findings(&workspace, WEB, "root-filesystem-writable"), Vec::<Value>::new());
    let attributes = workspace.attributes(WEB).expect("it is in the state");
    assert_eq!((&attributes["verdicts"]["ECS.5"], &attributes["revision"]), (&json!("FAILED"), &json!(1)));
    workspace.main(&place, &text("")).apply().success();
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
}

#[test]
fn a_waiver_for_nothing_is_told_where_it_was_written_for_one_task() {
    let place = Backend::local();
    let workspace = Workspace::new("waiver-for-nothing");
    let text = |container: &str| web(container, &waiver("unknown-key", "9999-12-31"));
    let sound = "readonlyRootFilesystem = true";
    workspace
        .main(&place, &text(sound))
        .plan()
        .changes()
        .says("Waiver for nothing")
        .says("unknown-key finds nothing");
    let of_fleet = super::provider_at(&place, &waiver("unknown-key", "9999-12-31"));
    workspace.write("main.tf", &format!("{of_fleet}{}", web(sound, "")));
    workspace.plan().changes().does_not_say("Waiver for nothing");
}

#[test]
fn an_allowed_key_goes_to_ecs_untouched() {
    let place = Backend::local();
    let workspace = Workspace::new("allowed-key");
    let container =
        "readonlyRootFilesystem = true, healthChecks = { of = [1, { kind = true }], empty = \"\" }";
    workspace.main(&place, &web(container, "")).plan().failure().says(UNKNOWN_KEY);
    workspace.main(&place, &web(container, "allow_keys = [\"volumes.healthChecks\"]")).plan().failure();
    workspace.main(&place, &web(container, "allow_keys = [\"containerDefinitions.healthChecks\"]"));
    workspace.apply().success().does_not_say(UNKNOWN_KEY);
    let sent = &place.server().requests_of("RegisterTaskDefinition")[0];
    assert_eq!(
        sent["containerDefinitions"][0]["healthChecks"],
        json!({ "of": [1, { "kind": true }], "empty": "" })
    );
    workspace.plan().no_changes();

    let changed = container.replace("kind = true", "kind = false");
    workspace.main(&place, &web(&changed, "allow_keys = [\"healthChecks\"]")).apply().success();
    assert_eq!(place.registrations(), 2, "what the key holds is content as any other");
}
