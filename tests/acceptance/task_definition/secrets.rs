//! Sensitive values stay out of plans, errors and logs. (The harness searches every log, output and state for the
//! credentials and the API key as well; here they are put where they could come out.)

use super::web;
use crate::harness::{API_KEY, Backend, CONFIGURATION_VALUE, Workspace};

/// Terraform shows what the configuration says, so only the sensitive variable keeps it out of the plan; what the
/// provider says about it must keep it out by itself.
#[test]
fn an_api_key_in_plain_text_is_pointed_out_without_being_shown() {
    let place = Backend::local();
    let workspace = Workspace::new("plain-api-key");
    let variable = format!("variable \"key\" {{\n  sensitive = true\n  default   = \"{API_KEY}\"\n}}\n");
    let text = web("web", "nginx:1.27.0", "").replace(
        "[{ name = \"GREETING\"",
        "[{ name = \"DD_API_KEY\", value = var.key }, { name = \"GREETING\"",
    );
    workspace.main(&place, &format!("{variable}{text}"));
    workspace.plan().changes().says("DD_API_KEY").says("api-key-in-plaintext");
    workspace.validate().success();
}

#[test]
fn a_sensitive_value_is_not_shown_in_plan_or_error() {
    let place = Backend::local();
    let workspace = Workspace::new("sensitive-value");
    let variable = format!(
        "variable \"greeting\" {{\n  sensitive = true\n  default   = \"{CONFIGURATION_VALUE}\"\n}}\n"
    );
    let text = web("web", "nginx:1.27.0", "").replace(&format!("\"{CONFIGURATION_VALUE}\""), "var.greeting");
    workspace.main(&place, &format!("{variable}{text}"));
    workspace.plan().changes().does_not_say(CONFIGURATION_VALUE);
    workspace.apply().success().does_not_say(CONFIGURATION_VALUE);
    workspace.plan().no_changes();
    // Another image, because a finding stops what is to be registered and nothing else.
    let broken = text
        .replace("essential              = true", "essentials = true")
        .replace("nginx:1.27.0", "nginx:1.27.1");
    workspace.main(&place, &format!("{variable}{broken}"));
    workspace.plan().failure().says("essentials").does_not_say(CONFIGURATION_VALUE);
}
