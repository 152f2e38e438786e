//! The provider's policy and the one of a resource or data source together.

use super::{UNKNOWN_KEY, WRITABLE, orders, provider_at, waiver, web};
use crate::harness::{Backend, Workspace};

#[test]
fn an_enforced_control_stops_the_plan_of_a_resource_and_of_a_data_source() {
    let place = Backend::local();
    let workspace = Workspace::new("enforced");
    let enforce = "enforce = [\"ECS.5\"]";
    workspace.main(&place, &web("essential = true", "")).plan().changes().says(WRITABLE);
    workspace
        .main(&place, &web("essential = true", enforce))
        .plan()
        .failure()
        .says("the policy enforces ECS.5");
    workspace.main(&place, &orders("essential = true", "")).plan().no_changes().says(WRITABLE);
    workspace
        .main(&place, &orders("essential = true", enforce))
        .plan()
        .failure()
        .says("the policy enforces ECS.5");
    let both = format!("{}{}", web("essential = true", ""), orders("essential = true", ""));
    workspace.write("main.tf", &format!("{}{both}", provider_at(&place, enforce)));
    // The plan of the resource comes after the validate walk, in which the data source tells of its own.
    workspace.plan().failure().says("with data.ddrofs_agent_sidecar.orders");
    workspace.write("main.tf", &format!("{}{}", provider_at(&place, enforce), web("essential = true", "")));
    workspace.plan().failure().says("with ddrofs_ecs_task_definition.web");
    assert_eq!(place.registrations(), 0);
}

#[test]
fn what_the_provider_enforces_no_severity_lowers_but_a_waiver_lets_it_pass() {
    let place = Backend::local();
    let workspace = Workspace::new("floor");
    let provider = provider_at(&place, "enforce = [\"ECS.5\"]");
    let with = |policy: &str| {
        workspace.write("main.tf", &format!("{provider}{}", web("essential = true", policy)));
        workspace.plan()
    };
    with("severity = { root-filesystem-writable = \"off\" }").failure().says("the policy enforces ECS.5");
    with(&waiver("root-filesystem-writable", "9999-12-31")).changes().says("Waived: ");
}

#[test]
fn of_a_rules_severity_the_narrower_one_counts() {
    let place = Backend::local();
    let workspace = Workspace::new("severities");
    let container = "readonlyRootFilesystem = true, healthChecks = \"x\"";
    let provider =
        provider_at(&place, "severity = { unknown-key = \"off\", root-filesystem-writable = \"error\" }");
    let with = |text: String| {
        workspace.write("main.tf", &format!("{provider}{text}"));
        workspace.plan()
    };
    with(web(container, "")).changes().does_not_say(UNKNOWN_KEY);
    with(web(container, "severity = { unknown-key = \"error\" }")).failure().says(UNKNOWN_KEY);
    with(orders(container, "severity = { unknown-key = \"warning\" }")).no_changes().says(UNKNOWN_KEY);
    with(web("essential = true", "")).failure().says("because the policy makes this rule one");
}

#[test]
fn waivers_and_allowed_keys_of_both_layers_hold() {
    let place = Backend::local();
    let workspace = Workspace::new("united");
    let provider = provider_at(
        &place,
        &format!("allow_keys = [\"oneKey\"]\n    {}", waiver("root-filesystem-writable", "9999-12-31")),
    );
    let own = "allow_keys = [\"otherKey\"]\n    enforce = [\"ECS.5\"]";
    workspace.write("main.tf", &format!("{provider}{}", web("oneKey = 1, otherKey = 2", own)));
    workspace
        .plan()
        .changes()
        .does_not_say(UNKNOWN_KEY)
        .says("Waived: A container has a writable root filesystem");
}

#[test]
fn mistakes_in_a_policy_are_told_all_at_once() {
    let place = Backend::local();
    let workspace = Workspace::new("policy-mistakes");
    let policy = r#"
    enforce    = ["ECS.5", "ECS.99"]
    severity   = { unknown-keys = "off", floating-image-tag = "fatal" }
    allow_keys = ["containerDefinitions[0].healthChecks"]
    waiver {
      rule    = "root-filesytem-writable"
      reason  = " "
      owner   = "checkout"
      expires = "31.12.2027"
    }"#;
    let told = [
        "There are rules for ECS.",
        "Did you mean \"unknown-key\"?",
        "The severity of floating-image-tag is \"fatal\"",
        "\"containerDefinitions[0].healthChecks\" is not a key",
        "Did you mean \"root-filesystem-writable\"?",
        "Here the reason is missing",
        "\"31.12.2027\" is not a date",
    ];
    let in_resource = format!("{}{}", place.provider(), web("readonlyRootFilesystem = true", policy));
    let in_data_source = format!("{}{}", place.provider(), orders("readonlyRootFilesystem = true", policy));
    let in_provider = format!("{}{}", provider_at(&place, policy), web("readonlyRootFilesystem = true", ""));
    for text in [in_resource, in_data_source, in_provider] {
        workspace.write("main.tf", &text);
        let outcome = told.iter().fold(workspace.validate().failure(), |outcome, text| outcome.says(text));
        assert!(outcome.output.contains("expires = \"31.12.2027\""), "the line is shown\n{outcome}");
        workspace.plan().failure();
    }
    let incomplete = web("readonlyRootFilesystem = true", "waiver {\n      rule = \"unknown-key\"\n    }");
    workspace.main(&place, &incomplete);
    workspace
        .validate()
        .failure()
        .says("\"reason\" is required")
        .says("\"owner\" is required")
        .says("\"expires\" is required");
}
