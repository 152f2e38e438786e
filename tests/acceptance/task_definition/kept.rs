//! What a state keeps of what was registered, and what a plan can still tell.

use super::{WEB, web};
use crate::harness::{Backend, Workspace};

/// The service with an Agent that takes its image from the provider's block.
fn of_the_fleet(place: &Backend, workspace: &Workspace, tag: &str) {
    let agent =
        format!("  agent {{\n    image = \"public.ecr.aws/datadog/agent:{tag}\"\n  }}\n  endpoints {{");
    let text = format!("{}{}", place.provider(), web("kept", "nginx:1.27.0", ""));
    workspace.write("main.tf", &text.replacen("  endpoints {", &agent, 1));
}

/// What a plan with these options says that changes.
fn planned_summary(workspace: &Workspace, options: &[&str]) -> String {
    let arguments = [&["plan", "-input=false", "-out=summary.plan"], options].concat();
    workspace.run(&arguments).success();
    let shown = workspace.run(&["show", "-json", "summary.plan"]).success();
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).expect("it is JSON");
    let changes = shown["resource_changes"].as_array().expect("a list");
    let after =
        &changes.iter().find(|change| change["address"] == WEB).expect("it changes")["change"]["after"];
    after["change_summary"].as_str().unwrap_or("(known after apply)").to_owned()
}

#[test]
fn the_state_repeats_nothing_and_a_plan_still_says_what_changes() {
    let (place, workspace) = (Backend::local(), Workspace::new("kept"));
    of_the_fleet(&place, &workspace, "7.81.0");
    workspace.apply().success();
    assert!(workspace.attributes(WEB).unwrap()["json"].is_null());
    workspace.plan().no_changes();

    // The arguments are what they were: only the refresh or ECS can tell what the Agent was.
    of_the_fleet(&place, &workspace, "7.81.1");
    let bump =
        "datadog-agent: image public.ecr.aws/datadog/agent:7.81.0 → public.ecr.aws/datadog/agent:7.81.1";
    for options in [&[][..], &["-refresh=false"]] {
        let summary = planned_summary(&workspace, options);
        assert!(summary.contains(bump), "{options:?}: {summary}");
    }
    workspace.apply().success();
    assert!(workspace.attributes(WEB).unwrap()["change_summary"].as_str().unwrap().contains(bump));

    // Nobody answers, and the arguments alone tell it, unless the provider's block is another one.
    workspace.main(&place, &web("kept", "nginx:1.27.1", ""));
    of_nobody(&place, &workspace);
    let summary = planned_summary(&workspace, &["-refresh=false"]);
    assert_eq!(summary, "app: image nginx:1.27.0 → nginx:1.27.1");
    of_the_fleet(&place, &workspace, "7.80.0");
    of_nobody(&place, &workspace);
    let summary = planned_summary(&workspace, &["-refresh=false"]);
    assert_eq!(summary, "(known after apply)");
}

/// The same configuration with an endpoint where nobody listens.
fn of_nobody(place: &Backend, workspace: &Workspace) {
    let text = std::fs::read_to_string(workspace.folder().join("main.tf")).expect("it was written");
    workspace.write("main.tf", &text.replace(&place.url(), "http://127.0.0.1:9"));
}

#[test]
fn the_document_is_kept_where_that_is_asked_for() {
    let (place, workspace) = (Backend::local(), Workspace::new("kept-json"));
    workspace.main(&place, &web("kept-json", "nginx:1.27.0", "")).apply().success();
    let kept = web("kept-json", "nginx:1.27.0", "keep_json = true");
    workspace.main(&place, &kept).apply().success().says("0 added, 1 changed");
    let state = workspace.attributes(WEB).unwrap();
    assert_eq!(state["revision"], 1, "nothing was registered");
    assert!(state["json"].as_str().unwrap().contains(r#""image":"nginx:1.27.0""#));
    workspace.plan().no_changes();
    workspace.main(&place, &kept.replace("1.27.0", "1.27.1")).apply().success();
    let state = workspace.attributes(WEB).unwrap();
    assert!(state["json"].as_str().unwrap().contains(r#""image":"nginx:1.27.1""#));
    assert!(
        state["change_summary"].as_str().unwrap().contains("image nginx:1.27.0 → nginx:1.27.1"),
        "{state}"
    );
    workspace.main(&place, &web("kept-json", "nginx:1.27.1", "")).apply().success();
    let state = workspace.attributes(WEB).unwrap();
    assert!(state["json"].is_null() && state["revision"] == 2, "{state}");
    workspace.plan().no_changes();
}
