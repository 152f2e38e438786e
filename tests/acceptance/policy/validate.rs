//! `terraform validate` and the validate walk of a plan: no provider is configured there, and yet its policy counts.

use super::{orders, provider, waiver, web};
use crate::harness::{REQUIRED_PROVIDER, Workspace};

/// What ECS itself rejects: nothing else of a resource is told here.
const CONTAINER: &str = "readonlyRootFilesystem = true, versionConsistency = \"maybe\"";
const REJECTED: &str = "Rule wrong-enum-value";

/// A configuration of a resource and a data source that both have the error, below this provider.
fn both(provider: &str) -> String {
    format!("{provider}{}{}", web(CONTAINER, ""), orders(CONTAINER, ""))
}

#[test]
fn validate_tells_errors_under_the_policy_that_is_written_in_the_provider() {
    let workspace = Workspace::new("validate-policy");
    let validate = |provider: &str| {
        workspace.write("main.tf", &both(provider));
        workspace.validate()
    };
    // Terraform has an absent or an empty block not judged at all.
    for without_policy in [REQUIRED_PROVIDER.to_owned(), provider(""), provider("enforce = []")] {
        let outcome = validate(&without_policy).failure().says(REJECTED);
        assert_eq!(outcome.output.matches("Error: ").count(), 2, "one of each\n{outcome}");
    }
    for passes in [
        "severity = { wrong-enum-value = \"off\" }",
        "severity = { wrong-enum-value = \"warning\" }",
        &waiver("wrong-enum-value", "9999-12-31"),
    ] {
        validate(&provider(passes)).success().does_not_say("Warning");
    }
    validate(&provider(&waiver("wrong-enum-value", "2001-01-31"))).failure().says("ended on 2001-01-31");
}

#[test]
fn validate_leaves_to_the_plan_what_a_variable_decides() {
    let mut workspace = Workspace::new("validate-variables");
    workspace.set("AWS_REGION", crate::harness::REGION);
    let variables = r#"
variable "level" { default = "error" }
variable "expires" { default = "2001-01-31" }
variable "waivers" { default = ["wrong-enum-value"] }
variable "enforced" { default = ["ECS.5"] }
"#;
    let waiver = waiver("wrong-enum-value", "9999-12-31").replace("\"9999-12-31\"", "var.expires");
    let dynamic = r#"dynamic "waiver" {
      for_each = var.waivers
      content {
        rule    = waiver.value
        reason  = "The vendor's image needs it"
        owner   = "checkout"
        expires = "2001-01-31"
      }
    }"#;
    for policy in ["severity = { wrong-enum-value = var.level }", waiver.as_str(), dynamic] {
        workspace.write("main.tf", &both(&format!("{variables}{}", provider(policy))));
        workspace.validate().success();
        workspace.plan().failure().says(REJECTED);
    }
    // What a variable cannot change is told at once.
    for policy in [
        "severity = { floating-image-tag = var.level }",
        "enforce = var.enforced",
        &waiver.replace("wrong-enum-value", "wrong-type"),
    ] {
        workspace.write("main.tf", &both(&format!("{variables}{}", provider(policy))));
        workspace.validate().failure().says(REJECTED);
    }
}

#[test]
fn a_policy_of_ones_own_is_validated_with_what_is_known_of_it() {
    let workspace = Workspace::new("validate-own");
    let validate = |policy: &str| {
        let variable = "variable \"level\" {}\n";
        workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}{variable}{}", web(CONTAINER, policy)));
        workspace.validate()
    };
    validate("severity = { wrong-enum-value = \"off\" }").success();
    validate("severity = { wrong-enum-value = var.level }").success();
    validate("severity = { floating-image-tag = var.level }").failure().says(REJECTED);
}
