//! A policy of which a part is known only at apply: no plan is stopped for what may be right, and nothing gets through.

use serde_json::json;

use super::{UNKNOWN_KEY, WEB, findings, orders, provider_at, web};
use crate::harness::{Backend, Workspace};

const CONTAINER: &str = "readonlyRootFilesystem = true, healthChecks = \"x\"";
const NOT_KNOWN_YET: &str = "a part of the policy is not known yet";

/// `terraform_data.late.output` is this value, and unknown until it is created.
fn late(value: &str) -> String {
    format!("resource \"terraform_data\" \"late\" {{\n  input = {value}\n}}\n")
}

#[test]
fn a_severity_known_at_apply_decides_before_anything_is_registered() {
    let own = "severity = { unknown-key = terraform_data.late.output }";
    for (name, in_provider, in_resource) in [("late-severity-own", "", own), ("late-severity-fleet", own, "")]
    {
        let place = Backend::local();
        let workspace = Workspace::new(name);
        let write = |value: &str| {
            let provider = provider_at(&place, in_provider);
            workspace.write("main.tf", &format!("{provider}{}{}", late(value), web(CONTAINER, in_resource)));
        };
        write("\"error\"");
        workspace.plan().changes().says(UNKNOWN_KEY).says(NOT_KNOWN_YET);
        workspace.apply().failure().says(UNKNOWN_KEY).does_not_say("inconsistent");
        assert_eq!(place.registrations(), 0);

        write("\"warning\"");
        assert_eq!(workspace.planned()[WEB]["after_unknown"]["findings"], json!(true));
        workspace.run(&["apply", "-input=false", "saved.plan"]).success();
        assert_eq!(findings(&workspace, WEB, "unknown-key")[0]["severity"], "warning");
        assert_eq!(place.registrations(), 1);
        workspace.plan().no_changes();
    }
}

/// What the unknown part cannot touch is told at plan.
#[test]
fn an_unknown_part_of_a_policy_does_not_hide_what_it_cannot_change() {
    let place = Backend::local();
    let workspace = Workspace::new("late-but-certain");
    let policy = "severity = { floating-image-tag = terraform_data.late.output }\n    enforce = [terraform_data.late.output]";
    workspace.main(&place, &format!("{}{}", late("\"off\""), web(CONTAINER, policy)));
    workspace.plan().failure().says("Error: ECS does not know this key").says(UNKNOWN_KEY);
}

/// Without another policy of its own the resource keeps the findings it has, whatever the provider's makes of them now.
#[test]
fn a_policy_that_turns_out_to_be_the_one_that_was_there_changes_nothing() {
    let place = Backend::local();
    let workspace = Workspace::new("late-but-equal");
    let write = |of_fleet: &str, word: &str| {
        let provider = provider_at(&place, &format!("severity = {{ unknown-key = \"{of_fleet}\" }}"));
        let own = format!("severity = {{ floating-image-tag = {word} }}");
        workspace
            .write("main.tf", &format!("{provider}{}{}", late("\"error\""), web(CONTAINER, &own)))
            .apply()
            .success();
    };
    write("warning", "\"error\"");
    workspace.run(&["state", "rm", "terraform_data.late"]).success();
    write("off", "terraform_data.late.output");
    workspace.plan().no_changes();
    assert_eq!(place.registrations(), 1);
    assert_eq!(findings(&workspace, WEB, "unknown-key")[0]["severity"], "warning");
}

/// Terraform reads a data source whose own configuration is known, whatever the provider's block still lacks.
#[test]
fn a_data_source_that_a_policy_known_at_apply_decides_about_says_so() {
    let place = Backend::local();
    let workspace = Workspace::new("late-policy-data-source");
    let severity = "severity = { unknown-key = terraform_data.late.output }";
    let write = |in_provider: &str, container: &str, own: &str| {
        let provider = provider_at(&place, in_provider);
        workspace.write("main.tf", &format!("{provider}{}{}", late("\"off\""), orders(container, own)));
        workspace.plan()
    };
    write(severity, CONTAINER, "")
        .failure()
        .says("Provider's policy is not known yet")
        .says("findings of unknown-key");
    write(severity, "readonlyRootFilesystem = true", "").changes();
    write(severity, CONTAINER, "severity = { unknown-key = \"warning\" }").changes().says(UNKNOWN_KEY);
    write("", CONTAINER, severity).changes().says("will be read during apply");
}
