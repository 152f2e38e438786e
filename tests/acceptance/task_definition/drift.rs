//! What a plan that only refreshes says where nothing has changed, as the page of the resource has it.

use serde_json::Value;

use super::web;
use crate::harness::{Backend, Tool, Workspace};

/// Whether this core takes a value that was read from a state for another one than the same that was read from a provider.
fn compares_how_values_were_read(workspace: &Workspace) -> bool {
    let told = workspace.run(&["version", "-json"]).success();
    let told: Value = serde_json::from_str(&told.stdout).expect("a version is JSON");
    let version = told["terraform_version"].as_str().expect("there is one");
    let mut numbers = version.split(['.', '-']).map(|number| number.parse::<u32>().unwrap_or_default());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    !Tool::terraform().is_opentofu() && (major, minor) < (1, 15)
}

#[test]
fn a_plan_that_only_refreshes_finds_nothing_and_says_so_by_its_status_since_terraform_1_15() {
    let refresh = ["plan", "-input=false", "-refresh-only", "-detailed-exitcode"];
    let text = web("drift", "example.com/orders:1.4.2", "");
    let hcl = text.replace("jsonencode([{", "[{").replace("}])", "}]");
    assert_ne!(text, hcl);
    for (name, configuration) in [("text", text), ("hcl", hcl)] {
        let place = Backend::local();
        let workspace = Workspace::new(&format!("drift-{name}"));
        workspace.main(&place, &configuration).apply().success();
        workspace.plan().no_changes();
        let refreshed = workspace.run(&refresh).says("No changes.");
        match compares_how_values_were_read(&workspace) {
            true => refreshed.changes(),
            false => refreshed.no_changes(),
        };
    }
}
